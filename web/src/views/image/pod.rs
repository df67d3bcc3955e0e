//! One pod: what it is, whether the API server takes it, and its containers.

use super::card::ContainerCard;
use crate::evaluation::{ShownPod, container_anchor};
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_source::{Diagnostic, Span};

#[derive(PartialEq, Properties)]
pub struct PodSectionProps {
    /// The pod's place among those that are shown.
    pub index: usize,
    pub shown: ShownPod,
    /// How many of its cards stand open at first.
    pub open: usize,
}

/// A pod with its cards. The last good answer of a broken document is dimmed and cannot be worked with: its places
/// are places of the text before.
#[component]
pub fn PodSection(props: &PodSectionProps) -> Html {
    let ShownPod { pod, stale, .. } = &props.shown;
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let places = match stale {
        Some(texts) => places.with_texts(texts.clone()),
        None => places,
    };
    let id = format!("image-pod-{}", props.index);
    let start = Span { end: pod.span.start, ..pod.span };
    let heading = html! {
        <header class="pod-heading">
            <h2 {id}>{ words(&pod.title) }</h2>
            <span class="faint">{ "namespace " }<code>{ &pod.namespace }</code></span>
            { line_button(&places, start) }
        </header>
    };
    let cards = (0..pod.containers.len()).map(|at| {
        let id = container_anchor(props.index, at);
        html! { <ContainerCard key={at} {id} pod={pod.clone()} {at} open={at < props.open} /> }
    });
    let content = html! {
        <>
            { heading }
            { for pod.refused.iter().map(|problem| refusal(&places, problem)) }
            if pod.containers.is_empty() {
                <p class="faint">{ "It has no containers." }</p>
            }
            { for cards }
        </>
    };
    let label = format!("image-pod-{}", props.index);
    if stale.is_none() {
        return html! { <section class="pod" aria-labelledby={label}>{ content }</section> };
    }
    html! {
        <section class="pod stale" aria-labelledby={label}>
            <p class="stale-note">
                { mark(Sign::Warning) }
                <span>{ "This document cannot be read at the moment. Below is the answer to the last text that could be." }</span>
            </p>
            <div inert=true>
                <ContextProvider<Places> context={places}>{ content }</ContextProvider<Places>>
            </div>
        </section>
    }
}

/// The API server's refusal, in its own words.
fn refusal(places: &Places, problem: &Diagnostic) -> Html {
    let path = (!problem.path.is_empty()).then(|| format!("{}: ", problem.path));
    html! {
        <div class="refusal">
            { mark(Sign::Error) }
            <div>
                <p>
                    <strong>{ "The API server refuses it." }</strong>
                    if let Some(span) = problem.span {
                        { " " }{ line_button(places, span) }
                    }
                </p>
                <p><code class="quoted">{ path }{ &problem.message }</code></p>
                if !problem.help.is_empty() {
                    <p>{ words(&problem.help) }</p>
                }
            </div>
        </div>
    }
}
