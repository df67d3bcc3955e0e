//! What is wrong with the texts as far as a view reads them, folded away.

use crate::parts::disclosure::disclosure;
use crate::parts::mark::{Sign, mark};
use crate::parts::problem::{path, problem};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::session::{InputKind, Session};
use podwhy_source::{Diagnostic, Severity};

/// The problems of a list that stand in texts of these kinds.
pub fn in_texts<'p>(problems: &'p [Diagnostic], session: &Session, kinds: &[InputKind]) -> Vec<&'p Diagnostic> {
    let input = |found: &Diagnostic| found.span.and_then(|span| session.input(span.input));
    problems.iter().filter(|found| input(found).is_some_and(|input| kinds.contains(&input.kind))).collect()
}

/// The problems, each at its line; `place` ends the sentence that counts them: "in …".
pub fn problems(places: &Places, found: &[&Diagnostic], place: &'static str) -> Html {
    let Some(worst) = found.iter().map(|found| found.severity).min() else { return Html::default() };
    let what = match (worst, found.len()) {
        (Severity::Info, 1) => "There is a remark".to_owned(),
        (Severity::Info, count) => format!("There are {count} remarks"),
        (_, 1) => "Something does not count as it is written".to_owned(),
        (_, count) => format!("{count} things do not count as they are written"),
    };
    let summary = html! {
        <span class="view-problems-title">
            { mark(Sign::from(worst)) }<span>{ what }<span class="faint">{ " " }{ place }</span></span>
        </span>
    };
    let list = html! {
        <ul class="problems">
            { for found.iter().map(|found| html! { <li class="problem">{ problem(places, found, path(found)) }</li> }) }
        </ul>
    };
    html! { <div class="view-problems">{ disclosure("", Callback::noop(), summary, list) }</div> }
}
