//! The steps of a decision: what was tested, how it went, which line made it so, and says who.

use super::disclosure::disclosure;
use super::line_button::line_button;
use super::links::{documentation_link, upstream_link};
use super::mark::{Sign, mark};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::release::{Release, Since};
use podwhy_core::rule::Rule;
use podwhy_core::trace::Step;
use std::rc::Rc;

/// Every step with its number; the same numbers stand beside the lines while a [`Reasons`] is open.
pub fn step_list(places: &Places, steps: &[Step]) -> Html {
    html! {
        <ol class="steps">
            { for steps.iter().enumerate().map(|(index, step)| one_step(places, index, step)) }
        </ol>
    }
}

fn one_step(places: &Places, index: usize, step: &Step) -> Html {
    let spans = step.at.iter().chain(&step.because);
    html! {
        <li class="step" key={index}>
            { mark(Sign::from(step.mark)) }
            <div class="step-body">
                <p class="finding">
                    { words(&step.finding) }
                    { for spans.map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
                </p>
                { says_who(step.rule, places.release()) }
            </div>
            <span class="badge" aria-hidden="true">{ index + 1 }</span>
        </li>
    }
}

/// A sentence with its `…` quotes set as code.
pub fn words(sentence: &str) -> Html {
    let parts = sentence.split('`').enumerate();
    parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                html! { part }
            }
        })
        .collect()
}

/// The rule behind a step, folded: its sentence, since when, the documentation and the code.
pub fn says_who(rule: &'static Rule, release: Release) -> Html {
    let when = |label: &str, since: Option<Since>| {
        since.map(|since| html! { <span>{ label }{ " " }{ since.to_string() }</span> })
    };
    let body = html! {
        <>
            <p>{ words(rule.title) }</p>
            <p class="sources">
                { rule.doc.map(documentation_link) }
                { upstream_link(rule.upstream, release) }
                { when("new", rule.since) }
                { when("ended", rule.until) }
            </p>
        </>
    };
    disclosure("says-who", Callback::noop(), html! { <span>{ "Rule" }</span> }, body)
}

#[derive(Properties)]
pub struct ReasonsProps {
    /// The words on the fold; "Why?" if there are none.
    #[prop_or(AttrValue::Static("Why?"))]
    pub title: AttrValue,
    pub steps: Rc<[Step]>,
}

/// Steps that were worked out again are other ones: see [`crate::shared::Shared`].
impl PartialEq for ReasonsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.steps, &other.steps) && self.title == other.title
    }
}

/// The steps under "Why?". Opening it marks their lines beside the text.
#[component]
pub fn Reasons(props: &ReasonsProps) -> Html {
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let list = step_list(&places, &props.steps);
    let ontoggle = {
        let steps = props.steps.clone();
        Callback::from(move |open: bool| places.mark(if open { &steps } else { &[] }))
    };
    let count = props.steps.len();
    let summary = html! {
        <span>{ &props.title }{ " " }<span class="faint">{ count }{ if count == 1 { " step" } else { " steps" } }</span></span>
    };
    disclosure("reasons", ontoggle, summary, list)
}
