//! One problem: what is wrong, where, and what to do.

use super::line_button::line_button;
use super::mark::{Sign, mark};
use super::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_source::Diagnostic;

/// The content of a list item of class `problem`, with what else is said about it at the end.
pub fn problem(places: &Places, found: &Diagnostic, more: Html) -> Html {
    html! {
        <>
            { mark(Sign::from(found.severity)) }
            <div>
                <p class="finding">
                    { words(&found.message) }
                    if let Some(span) = found.span {
                        { " " }{ line_button(places, span) }
                    }
                </p>
                if !found.help.is_empty() {
                    <p class="help">{ words(&found.help) }</p>
                }
                { more }
            </div>
        </>
    }
}

/// Where in the object it is, for who knows the object better than its text.
pub fn path(found: &Diagnostic) -> Html {
    html! {
        if !found.path.is_empty() {
            <p class="faint"><code>{ &found.path }</code></p>
        }
    }
}
