//! One key beside one image: label under label, port under port, path under path, and the element that decides.
//!
//! The table has explicit roles because a narrow screen lays it out the other way round, which takes the built-in ones away.

use super::board::{At, Board, mark_and_word, source_words};
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::credentials::keyring::{Cell, Lookup};
use podwhy_core::credentials::url_match::{self, Element, Grid, KeyMatch, Outcome};
use std::rc::Rc;

/// The trace of one cell: what decided, first of all.
pub fn comparison(places: &Places, board: &Board, at: At) -> Html {
    let parts = board.lookup(at.column).zip(board.cell(at)).zip(board.pod.keys.get(at.row));
    let Some(((lookup, cell), key)) = parts else { return Html::default() };
    let (sign, word) = mark_and_word(cell);
    let steps: Rc<[_]> = cell.trace.clone().into();
    html! {
        <section class="cred-comparison" aria-label="The chosen key and image">
            <p class="cred-against">
                <code>{ &key.written }</code>
                <span class="faint">{ " of " }{ words(&source_words(&key.source)) }</span>
                { line_button(places, key.span) }
                <span class="faint">{ " against " }</span><code>{ &lookup.repository }</code>
            </p>
            <p class="cred-because">
                { mark(sign) }<span>{ words(&because(lookup, cell, &word)) }</span>
            </p>
            if let Some((comparison, grid)) = cell.comparison.as_ref().and_then(|found| Some((found, found.grid.as_ref()?))) {
                { elements(comparison, grid) }
            }
            if !key.advice.is_empty() {
                <ul class="cred-advice" aria-label="About this key">
                    { for key.advice.iter().enumerate().map(|(index, advice)| html! {
                        <li key={index}>
                            { mark(if advice.never_matches { Sign::Warning } else { Sign::Info }) }
                            <span>{ words(&advice.step.finding) }</span>
                        </li>
                    }) }
                </ul>
            }
            if !steps.is_empty() {
                <Reasons title="Every step of the comparison" {steps} />
            }
        </section>
    }
}

/// The sentence that decided.
fn because(lookup: &Lookup, cell: &Cell, word: &str) -> String {
    use podwhy_core::credentials::keyring::Verdict;
    let blocked = lookup.blocked.as_ref().filter(|_| cell.verdict == Verdict::Blocked);
    match blocked.or(cell.trace.last()) {
        Some(step) => step.finding.clone(),
        None => format!("This key: {word}."),
    }
}

/// One column of the drawing.
struct Part<'a> {
    name: String,
    kind: &'static str,
    compared: &'a url_match::Comparison,
    failing: bool,
}

fn elements(comparison: &KeyMatch, grid: &Grid) -> Html {
    let failed = comparison.failed_at;
    let labels = grid.labels.iter().enumerate().map(|(index, compared)| Part {
        name: format!("label {}", index + 1),
        kind: "label",
        compared,
        failing: match failed {
            Some(Element::Label(at)) => at == index,
            Some(Element::LabelCount) => compared.outcome == Outcome::NoPartner,
            _ => false,
        },
    });
    let port = Part { name: "port".into(), kind: "port", compared: &grid.port, failing: failed == Some(Element::Port) };
    let path = Part { name: "path".into(), kind: "path", compared: &grid.path, failing: failed == Some(Element::Path) };
    let parts: Vec<Part> = labels.chain([port, path]).collect();
    let class = |part: &Part| classes!(part.kind, part.failing.then_some("failing"));
    let row = |name: &'static str, text: fn(&url_match::Comparison) -> &Option<String>| {
        html! {
            <tr role="row">
                <th scope="row" role="rowheader">{ name }</th>
                { for parts.iter().map(|part| html! { <td role="cell" class={class(part)}>{ element(text(part.compared)) }</td> }) }
            </tr>
        }
    };
    html! {
        <div class="cred-scroll" role="region" aria-label="Key and image, element by element" tabindex="0">
            <table class="cred-elements" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <td role="cell"></td>
                        { for parts.iter().map(|part| html! { <th scope="col" role="columnheader" class={class(part)}>{ &part.name }</th> }) }
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    { row("Key", |compared| &compared.key) }
                    { row("Image", |compared| &compared.image) }
                    <tr role="row">
                        <th scope="row" role="rowheader"><span class="unseen">{ "Result" }</span></th>
                        { for parts.iter().map(|part| html! {
                            <td role="cell" class={class(part)}>{ outcome(part.compared) }</td>
                        }) }
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

fn element(text: &Option<String>) -> Html {
    match text.as_deref() {
        Some("") => html! { <span class="faint">{ "none" }</span> },
        Some(text) => html! { <code>{ text }</code> },
        None => html! { <span class="faint">{ "no label" }</span> },
    }
}

/// The sign of an outcome and its word.
fn outcome(compared: &url_match::Comparison) -> Html {
    let (class, sign, word) = match compared.outcome {
        // What decides stands before it; that this would not keep the key from matching is seen all the same.
        Outcome::NotReached if compared.key == compared.image => ("held", "=", "the same"),
        Outcome::Equal => ("held", "=", "equal"),
        Outcome::Glob => ("held", "*", "fits"),
        Outcome::Prefix => ("held", "…", "prefix"),
        Outcome::Differs => ("failed", "×", "differs"),
        Outcome::BadPattern => ("failed", "×", "no pattern"),
        Outcome::NoPartner => ("failed", "×", "no partner"),
        Outcome::NotReached => ("open", "·", "not compared"),
    };
    html! { <span class={classes!("cred-outcome", class)}><b aria-hidden="true">{ sign }</b>{ word }</span> }
}
