//! What is wrong with the texts, each with its place and what to do.

use crate::parts::mark::{Sign, mark};
use crate::parts::problem::{path, problem};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_source::Diagnostic;

/// How many problems are drawn at first; a text that is no manifest at all may have one per line.
const AT_FIRST: usize = 200;

#[derive(PartialEq, Properties)]
pub struct ProblemsProps {
    pub problems: Shared<[Diagnostic]>,
}

#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let problems = &props.problems;
    if problems.is_empty() {
        return html! { <p class="empty">{ mark(Sign::Yes) }{ "No problems found in the texts." }</p> };
    }
    let rest = problems.len().saturating_sub(AT_FIRST);
    html! {
        <>
            <ul class="problems">
                { for problems.iter().take(AT_FIRST).enumerate().map(|(index, found)| html! { <li class="problem" key={index}>{ problem(&places, found, path(found)) }</li> }) }
            </ul>
            if rest > 0 {
                <p class="faint">{ "And " }{ rest }{ " more." }</p>
            }
        </>
    }
}
