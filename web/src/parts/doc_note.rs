//! "The documentation says, the code does": shown only where it bears on what was pasted.

use super::links::{DocumentationLink, Upstream};
use super::step_list::words;
use podwhy_core::rule;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct DocNoteProps {
    pub note: &'static rule::DocNote,
}

#[component]
pub fn DocNote(props: &DocNoteProps) -> Html {
    let note = props.note;
    html! {
        <div class="doc-note" role="note" aria-label="Where documentation and code disagree">
            <dl>
                <dt>{ "The documentation says" }</dt>
                <dd>{ words(note.claim) }<span class="faint">{ " (" }{ note.editions }{ ")" }</span></dd>
                <dt>{ "Kubernetes does" }</dt>
                <dd>{ words(note.truth) }</dd>
            </dl>
            <p class="sources"><DocumentationLink doc={note.doc} /><Upstream upstream={note.evidence} /></p>
        </div>
    }
}
