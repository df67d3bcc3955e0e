//! "The documentation says, the code does": shown only where it bears on what was pasted.

use super::links::{documentation_link, upstream_link};
use super::step_list::words;
use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::rule::DocNote;

/// Claim and truth, with where each can be read.
pub fn doc_note(note: &'static DocNote, release: Release) -> Html {
    html! {
        <div class="doc-note" role="note" aria-label="Where documentation and code disagree">
            <dl>
                <dt>{ "The documentation says" }</dt>
                <dd>{ words(note.claim) }<span class="faint">{ " (" }{ note.editions }{ ")" }</span></dd>
                <dt>{ "Kubernetes does" }</dt>
                <dd>{ words(note.truth) }</dd>
            </dl>
            <p class="sources">{ documentation_link(note.doc) }{ upstream_link(note.evidence, release) }</p>
        </div>
    }
}
