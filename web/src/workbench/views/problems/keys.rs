//! F8 and Shift+F8 in a text: the next problem, the one before. The code editor has these keys itself.

use crate::bridge::workbench::show;
use crate::editor::utf16;
use crate::places::Shown;
use crate::prelude::*;
use crate::workbench::Answered;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use podwhy_core::evaluate::Problem;
use podwhy_core::session::InputKind;
use podwhy_source::{InputId, Span};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

/// Listens for the keys while there is an answer.
#[hook]
pub fn use_problem_keys(answered: Option<&Answered>) {
    use_effect_with(answered.cloned(), |answered| {
        let listener = answered.clone().map(|answered| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document(), "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| event.key() == "F8") else { return };
                if !event.default_prevented() && go(&answered, event) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

fn go(answered: &Answered, event: &KeyboardEvent) -> bool {
    let area = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(area) = area else { return false };
    let kind = area.id().strip_prefix("text-").and_then(InputKind::of_word);
    let Some((kind, input)) = kind.and_then(|kind| Some((kind, answered.told.texts.id_of(kind)?))) else {
        return false;
    };
    let text = area.value();
    let byte = |unit: Option<u32>| utf16::to_byte(&text, unit.unwrap_or_default());
    let caret = (byte(area.selection_start().ok().flatten()), byte(area.selection_end().ok().flatten()));
    let Some(span) = next(&answered.problems, input, caret, event.shift_key()) else { return false };
    show(&Shown::Place(kind, span));
    true
}

/// The problem behind the selection, or with `back` the one before it, round and round.
fn next(problems: &[Problem], input: InputId, caret: (u32, u32), back: bool) -> Option<Span> {
    let mut places: Vec<(u32, u32)> = problems
        .iter()
        .filter_map(|problem| problem.diagnostic.span)
        .filter(|span| span.input == input)
        .map(|span| (span.start, span.end))
        .collect();
    places.sort_unstable();
    let found = if back {
        places.iter().rev().find(|place| **place < caret).or(places.last())
    } else {
        places.iter().find(|place| **place > caret).or(places.first())
    };
    found.map(|(start, end)| Span { input, start: *start, end: *end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::evaluate::Source;
    use podwhy_source::Diagnostic;

    #[test]
    fn the_problems_are_gone_through_in_the_order_of_the_text() {
        let problem = |input, start, end| Problem {
            diagnostic: Diagnostic::warning("x", "x", Span::new(InputId(input), start, end)),
            source: Source::Advice,
            fix: None,
        };
        let list = [problem(0, 20, 25), problem(0, 5, 9), problem(1, 7, 8)];
        let from = |caret, back| next(&list, InputId(0), caret, back).map(|span| span.start);
        assert_eq!(from((0, 0), false), Some(5));
        assert_eq!(from((5, 9), false), Some(20));
        assert_eq!(from((20, 25), false), Some(5), "round");
        assert_eq!(from((20, 25), true), Some(5));
        assert_eq!(from((0, 0), true), Some(20));
        assert_eq!(next(&list, InputId(2), (0, 0), false), None);
    }
}
