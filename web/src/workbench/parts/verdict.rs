//! The sentence that opens a view.

use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::prelude::*;
use podwhy_core::report::{Tone, Verdict};

/// The sign for how things stand.
pub fn sign(tone: Tone) -> Sign {
    match tone {
        Tone::Fine => Sign::Yes,
        Tone::Look => Sign::Warning,
        Tone::Fails => Sign::Error,
    }
}

/// The sentence with its mark.
pub fn verdict_line(verdict: &Verdict) -> Html {
    html! {
        <header class="verdict-line">
            { mark(sign(verdict.tone)) }
            <h2>{ words(&verdict.text) }</h2>
        </header>
    }
}
