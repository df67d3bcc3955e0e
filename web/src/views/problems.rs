//! What is wrong with the texts, each with its place and what to do.

use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
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
                { for problems.iter().take(AT_FIRST).enumerate().map(|(index, problem)| one_problem(&places, index, problem)) }
            </ul>
            if rest > 0 {
                <p class="faint">{ "And " }{ rest }{ " more." }</p>
            }
        </>
    }
}

fn one_problem(places: &Places, index: usize, problem: &Diagnostic) -> Html {
    html! {
        <li class="problem" key={index}>
            { mark(Sign::from(problem.severity)) }
            <div>
                <p class="finding">
                    { words(&problem.message) }
                    if let Some(span) = problem.span {
                        { " " }{ line_button(places, span) }
                    }
                </p>
                if !problem.help.is_empty() {
                    <p class="help">{ words(&problem.help) }</p>
                }
                if !problem.path.is_empty() {
                    <p class="faint"><code>{ &problem.path }</code></p>
                }
            </div>
        </li>
    }
}
