//! The image's name drawn by its parts. Each part is a button that tells the rule behind it.

use super::anatomy::{Presence, Segment, of_invalid, of_valid};
use crate::parts::line_button::line_button;
use crate::parts::links::{documentation_link, upstream_link};
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::image::{InvalidReference, Reference};
use podwhy_core::report::ContainerReport;
use podwhy_core::rule::image as rules;
use podwhy_core::trace::Step;
use podwhy_source::Span;

/// The image of a container; `id` is the beginning of the ids of the elements in here.
pub fn image_name(places: &Places, container: &ContainerReport, id: &str) -> Html {
    // A field that the API server drops is not used at all.
    let pulled = container.lookup.is_some();
    let content = match (&container.image, &container.reference) {
        (Some(image), Some(reference)) => match &reference.outcome {
            Ok(name) => html! {
                <>
                    <Anatomy id={id.to_owned()} segments={of_valid(name, image)} steps={reference.trace.clone()} />
                    if pulled {
                        { meaning(name) }
                    }
                    { for reference.trace.iter().filter(is_unverified).map(unverified) }
                </>
            },
            Err(name) => html! {
                <>
                    <Anatomy id={id.to_owned()} segments={of_invalid(name, image)} steps={reference.trace.clone()} />
                    { refused(places, name, &reference.trace) }
                </>
            },
        },
        _ => html! { <p>{ "No image is written." }</p> },
    };
    let start = Span { end: container.span.start, ..container.span };
    let span = container.image.as_ref().map_or(start, |image| image.span);
    html! {
        <div class="row">
            <h4>{ "Image" }{ line_button(places, span) }</h4>
            <div class="image-name">{ content }</div>
        </div>
    }
}

/// What the name is used for once it is complete.
fn meaning(name: &Reference) -> Html {
    html! {
        <dl class="meaning">
            <div><dt>{ "The runtime is asked for" }</dt><dd><code>{ name.pulled_as() }</code></dd></div>
            <div><dt>{ "Credentials are looked up for" }</dt><dd><code>{ name.name() }</code></dd></div>
        </dl>
    }
}

fn refused(places: &Places, name: &InvalidReference, steps: &[Step]) -> Html {
    let step = steps.iter().find(|step| std::ptr::eq(step.rule, &raw const rules::INVALID_NAME));
    html! {
        <>
            { for step.iter().map(|step| told(places, step)) }
            { for steps.iter().filter(is_unverified).map(unverified) }
            <dl class="meaning">
                <div><dt>{ "The kubelet says" }</dt><dd><code class="quoted">{ name.kubelet_error() }</code></dd></div>
            </dl>
        </>
    }
}

fn is_unverified(step: &&Step) -> bool {
    std::ptr::eq(step.rule, &raw const rules::NEWER_GRAMMAR)
}

fn unverified(step: &Step) -> Html {
    html! { <p class="unverified">{ mark(Sign::Info) }<span>{ words(&step.finding) }</span></p> }
}

#[derive(PartialEq, Properties)]
struct AnatomyProps {
    id: AttrValue,
    segments: Vec<Segment>,
    steps: Vec<Step>,
}

/// The row of parts, and below it the rule of the one that was chosen.
#[component]
fn Anatomy(props: &AnatomyProps) -> Html {
    let chosen = use_state_eq(|| None::<usize>);
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let choose = {
        let (chosen, steps, segments) = (chosen.clone(), props.steps.clone(), props.segments.clone());
        let places = places.clone();
        Callback::from(move |index: usize| {
            let now = (*chosen != Some(index)).then_some(index);
            chosen.set(now);
            let step = now.and_then(|index| segments.get(index)?.step(&steps));
            places.mark(step.map_or(&[], std::slice::from_ref));
        })
    };
    let explained = chosen.and_then(|index| Some((index, props.segments.get(index)?)));
    let step = explained.and_then(|(_, segment)| segment.step(&props.steps));
    let panel = format!("{}-rule", props.id);
    let parts = props.segments.iter().enumerate().map(|(index, segment)| {
        if segment.presence == Presence::Written || segment.presence == Presence::Implied {
            let onclick = choose.reform(move |_| index);
            part(index, segment, &panel, step.is_some() && *chosen == Some(index), onclick)
        } else {
            bare(index, segment)
        }
    });
    html! {
        <>
            <ul class="anatomy" aria-label="The image's name by its parts">{ for parts }</ul>
            <div id={panel.clone()} class="part-rule" hidden={step.is_none()}>
                { for step.iter().map(|step| told(&places, step)) }
            </div>
        </>
    }
}

fn part(index: usize, segment: &Segment, panel: &str, open: bool, onclick: Callback<MouseEvent>) -> Html {
    let implied = segment.presence == Presence::Implied;
    html! {
        <li key={index}>
            <span class="joint" aria-hidden="true">{ segment.joint }</span>
            <button type="button" class={classes!("part", segment.label, implied.then_some("implied"))}
                aria-expanded={open.to_string()} aria-controls={panel.to_owned()} {onclick}>
                <code>{ &segment.text }</code>
                <span class="part-label">{ segment.label }{ if implied { ", implied" } else { "" } }</span>
            </button>
        </li>
    }
}

/// Text of a name that cannot be read: nothing to explain but the mark on what is wrong.
fn bare(index: usize, segment: &Segment) -> Html {
    let wrong = segment.presence == Presence::Wrong;
    html! {
        <li key={index}>
            <span class={classes!("part", "bare", wrong.then_some("wrong"))}>
                if segment.text.is_empty() {
                    <span class="nothing">{ "empty" }</span>
                } else {
                    <code>{ &segment.text }</code>
                }
                if wrong {
                    <span class="part-label">{ mark(Sign::No) }{ segment.label }</span>
                }
            </span>
        </li>
    }
}

/// A step with the rule behind it and who says so.
fn told(places: &Places, step: &Step) -> Html {
    html! {
        <>
            <p class="finding">
                { words(&step.finding) }
                { for step.at.iter().chain(&step.because).map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
            </p>
            <p class="rule">{ words(step.rule.title) }</p>
            <p class="sources">
                if let Some(doc) = step.rule.doc {
                    { documentation_link(doc) }
                }
                { upstream_link(step.rule.upstream, places.release()) }
            </p>
        </>
    }
}
