//! What is wrong with the texts that only the whole answer reads: the page's own list of problems does not have it.

use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::evaluate::Whole;
use podwhy_core::session::InputKind;
use podwhy_source::{Diagnostic, Severity};

/// The problems in texts of these kinds, each with its place.
pub fn problems(whole: &Whole, places: &Places, kinds: &[InputKind]) -> Html {
    let is_of = |problem: &&Diagnostic| {
        let input = problem.span.and_then(|span| whole.session.input(span.input));
        input.is_some_and(|input| kinds.contains(&input.kind))
    };
    let found: Vec<&Diagnostic> = whole.report.problems.iter().filter(is_of).collect();
    let Some(worst) = found.iter().map(|problem| problem.severity).min() else { return Html::default() };
    let what = match (worst, found.len()) {
        (Severity::Info, 1) => "There is a remark".to_owned(),
        (Severity::Info, count) => format!("There are {count} remarks"),
        (_, 1) => "Something does not count as it is written".to_owned(),
        (_, count) => format!("{count} things do not count as they are written"),
    };
    let summary = html! { <span class="pv-name">{ mark(Sign::from(worst)) }<span>{ what }<span class="faint">{ " in what is said about the node" }</span></span></span> };
    let one = |problem: &&Diagnostic| {
        html! {
            <li class="problem">
                { mark(Sign::from(problem.severity)) }
                <div>
                    <p class="finding">
                        { words(&problem.message) }
                        { for problem.span.map(|span| html! { <>{ " " }{ line_button(places, span) }</> }) }
                    </p>
                    if !problem.help.is_empty() {
                        <p class="help">{ words(&problem.help) }</p>
                    }
                </div>
            </li>
        }
    };
    let list = html! { <ul class="problems">{ for found.iter().map(one) }</ul> };
    html! { <div class="pv-problems">{ disclosure("pv-problems-fold", Callback::noop(), summary, list) }</div> }
}
