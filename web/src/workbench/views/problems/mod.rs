//! Everything that is wrong or worth knowing, with filters, keys and one-click fixes.

mod keys;
mod list;

pub use keys::use_problem_keys;

use crate::parts::mark::{Sign, mark};
use crate::prelude::*;
use crate::workbench::Answered;
use list::List;
use podwhy_core::evaluate::Problem;
use podwhy_source::Severity;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlSelectElement;

/// What of the list is looked at. It outlives the view, which goes when another one is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Looked {
    /// Which severities are hidden, in the order of [`SEVERITIES`].
    hidden: [bool; 3],
    /// Whether the list follows the texts instead of the severities.
    by_place: bool,
}

thread_local!(static LOOKED: Cell<Looked> = const { Cell::new(Looked { hidden: [false; 3], by_place: false }) });

const SEVERITIES: [(Severity, &str, &str); 3] = [
    (Severity::Error, "error", "errors"),
    (Severity::Warning, "warning", "warnings"),
    (Severity::Info, "note", "notes"),
];

#[derive(PartialEq, Properties)]
pub struct ProblemsProps {
    pub answered: Answered,
    /// Whether the answer is about the texts as they are now: only then a fix knows what it changes.
    pub fresh: bool,
}

#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let looked = use_state_eq(|| LOOKED.get());
    let problems = &props.answered.problems;
    if problems.is_empty() {
        return html! { <p class="empty">{ mark(Sign::Yes) }{ "No problems found in the texts." }</p> };
    }
    let look = {
        let looked = looked.setter();
        Callback::from(move |now| {
            LOOKED.set(now);
            looked.set(now);
        })
    };
    let counts =
        SEVERITIES.map(|(severity, ..)| problems.iter().filter(|one| one.diagnostic.severity == severity).count());
    html! {
        <div class="checked">
            <p class="checked-verdict">{ verdict(counts) }</p>
            <div class="checked-tools" role="group" aria-label="Shown problems">
                { for (0..SEVERITIES.len()).map(|index| toggle(index, counts[index], *looked, &look)) }
                { order(*looked, &look) }
            </div>
            <List problems={shown(problems, *looked)} told={props.answered.told.clone()} fresh={props.fresh} />
        </div>
    }
}

/// What the list comes to.
fn verdict([errors, warnings, notes]: [usize; 3]) -> String {
    let counted = |count: usize, index: usize| {
        let (_, one, many) = SEVERITIES[index];
        format!("{count} {}", if count == 1 { one } else { many })
    };
    match (errors, warnings) {
        (0, 0) => format!("No error was found; {}.", counted(notes, 2)),
        (0, _) => format!("No error was found; {} to look at.", counted(warnings, 1)),
        _ => format!("{} to mend first.", counted(errors, 0)),
    }
}

fn toggle(index: usize, count: usize, looked: Looked, look: &Callback<Looked>) -> Html {
    let (severity, one, many) = SEVERITIES[index];
    let mut after = looked;
    after.hidden[index] = !looked.hidden[index];
    let onclick = look.reform(move |_| after);
    html! {
        <button type="button" class="small" aria-pressed={(!looked.hidden[index]).to_string()} disabled={count == 0} {onclick}>
            { mark(Sign::from(severity)) }<span>{ count }{ " " }{ if count == 1 { one } else { many } }</span>
        </button>
    }
}

fn order(looked: Looked, look: &Callback<Looked>) -> Html {
    let onchange = look.reform(move |event: Event| Looked {
        by_place: event.target_unchecked_into::<HtmlSelectElement>().value() == "place",
        ..looked
    });
    html! {
        <label class="order">{ "Order" }
            <select {onchange}>
                <option value="severity" selected={!looked.by_place}>{ "worst first" }</option>
                <option value="place" selected={looked.by_place}>{ "as in the text" }</option>
            </select>
        </label>
    }
}

/// The problems that are not hidden, in the order that was chosen.
fn shown(problems: &[Problem], looked: Looked) -> Rc<[Problem]> {
    let hidden = |problem: &&Problem| {
        SEVERITIES
            .iter()
            .zip(looked.hidden)
            .any(|((severity, ..), hidden)| hidden && problem.diagnostic.severity == *severity)
    };
    let mut list: Vec<Problem> = problems.iter().filter(|problem| !hidden(problem)).cloned().collect();
    if looked.by_place {
        list.sort_by_key(|problem| problem.diagnostic.span.map(|span| (span.input, span.start)));
    }
    list.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_says_what_comes_first() {
        assert_eq!(verdict([1, 3, 0]), "1 error to mend first.");
        assert_eq!(verdict([0, 2, 9]), "No error was found; 2 warnings to look at.");
        assert_eq!(verdict([0, 0, 1]), "No error was found; 1 note.");
    }
}
