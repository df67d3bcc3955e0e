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
    verdict_header(sign(verdict.tone), &verdict.text, Html::default())
}

/// A sentence with its mark, and what belongs to it in smaller letters.
pub fn verdict_header(sign: Sign, sentence: &str, more: Html) -> Html {
    html! {
        <header class="view-verdict">
            { mark(sign) }
            <div>
                <h2>{ words(sentence) }</h2>
                { more }
            </div>
        </header>
    }
}
