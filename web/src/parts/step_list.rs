//! The steps of a decision: what was tested, how it went, which line made it so, and says who.

use super::disclosure::Disclosure;
use super::line_button::LineButton;
use super::links::{DocumentationLink, Upstream};
use super::mark::{Mark, Sign};
use crate::places::Places;
use podwhy_core::rule::Rule;
use podwhy_core::trace::Step;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct StepsProps {
    pub steps: Rc<[Step]>,
}

/// Every step with its number; the same numbers stand beside the lines while a [`Reasons`] is open.
#[component]
pub fn StepList(props: &StepsProps) -> Html {
    html! {
        <ol class="steps">
            { for props.steps.iter().enumerate().map(|(index, step)| one_step(index, step)) }
        </ol>
    }
}

fn one_step(index: usize, step: &Step) -> Html {
    html! {
        <li class="step" key={index}>
            <Mark sign={Sign::from(step.mark)} />
            <div class="step-body">
                <p class="finding">
                    { words(&step.finding) }
                    { for step.at.iter().chain(&step.because).map(|span| html! { <>{ " " }<LineButton span={*span} /></> }) }
                </p>
                <SaysWho rule={ByRule(step.rule)} />
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

/// A rule, equal to itself alone: rules are rows of one table.
#[derive(Clone, Copy)]
struct ByRule(&'static Rule);

impl PartialEq for ByRule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

#[derive(PartialEq, Properties)]
struct SaysWhoProps {
    rule: ByRule,
}

/// The rule behind a step, folded: its sentence, since when, the documentation and the code.
#[component]
fn SaysWho(props: &SaysWhoProps) -> Html {
    let rule = props.rule.0;
    let when = |label: &str, since: Option<podwhy_core::release::Since>| {
        since.map(|since| html! { <span>{ label }{ " " }{ since.to_string() }</span> })
    };
    html! {
        <Disclosure class="says-who" summary={html! { <span>{ "Rule" }</span> }}>
            <p>{ words(rule.title) }</p>
            <p class="sources">
                if let Some(doc) = rule.doc {
                    <DocumentationLink {doc} />
                }
                <Upstream upstream={rule.upstream} />
                { when("since: changed", rule.since) }
                { when("until: changed", rule.until) }
            </p>
        </Disclosure>
    }
}

#[derive(PartialEq, Properties)]
pub struct ReasonsProps {
    /// The words on the fold; "Why?" if there are none.
    #[prop_or(AttrValue::Static("Why?"))]
    pub title: AttrValue,
    pub steps: Rc<[Step]>,
}

/// The steps under "Why?". Opening it marks their lines beside the text.
#[component]
pub fn Reasons(props: &ReasonsProps) -> Html {
    let places = use_context::<Places>();
    let ontoggle = {
        let steps = props.steps.clone();
        Callback::from(move |open: bool| {
            if let Some(places) = &places {
                places.mark(if open { &steps } else { &[] });
            }
        })
    };
    let count = props.steps.len();
    let summary = html! {
        <span>{ &props.title }{ " " }<span class="faint">{ count }{ if count == 1 { " step" } else { " steps" } }</span></span>
    };
    html! { <Disclosure class="reasons" {summary} {ontoggle}><StepList steps={&props.steps} /></Disclosure> }
}
