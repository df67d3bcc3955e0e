//! What was found in the texts, document by document: so that nobody wonders what an answer takes into account.

use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_core::report::{DocumentReport, DocumentState, Report};
use podwhy_source::{Diagnostic, Span};

/// How many documents are drawn; a text may have a hundred thousand.
const AT_MOST: usize = 200;

#[derive(PartialEq, Properties)]
pub struct DocumentsProps {
    pub report: Shared<Report>,
}

/// The folded list; nothing where a single document says it all.
#[component]
pub fn Documents(props: &DocumentsProps) -> Html {
    let places = use_context::<Places>();
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |now| open.set(now))
    };
    let documents = &props.report.documents;
    let notes: Vec<&Diagnostic> =
        props.report.problems.iter().filter(|problem| problem.code == "shell-lines").collect();
    if documents.len() < 2 && notes.is_empty() {
        return Html::default();
    }
    let Some(places) = places else { return Html::default() };
    let summary = html! { <span>{ counted(documents) }</span> };
    let body = html! {
        <>
            if *open {
                { for notes.iter().map(|note| html! {
                    <p class="documents-note">{ mark(Sign::Info) }<span>{ words(&note.message) }</span></p>
                }) }
                <ul class="documents-list">
                    { for documents.iter().take(AT_MOST).enumerate().map(|(index, document)| row(&places, index, document)) }
                </ul>
                if documents.len() > AT_MOST {
                    <p class="faint">{ "And " }{ documents.len() - AT_MOST }{ " more." }</p>
                }
            }
        </>
    };
    disclosure("documents", ontoggle, summary, body)
}

fn row(places: &Places, index: usize, document: &DocumentReport) -> Html {
    // The whole document would be more than anybody wants selected.
    let start = Span { end: document.span.start, ..document.span };
    let (sign, state) = match document.state {
        DocumentState::Evaluated => (Sign::Yes, "evaluated"),
        DocumentState::NotEvaluated => (Sign::Note, "not evaluated: no answer depends on it"),
        DocumentState::Broken => (Sign::No, "cannot be read: see the problems"),
    };
    html! {
        <li key={index}>
            { mark(sign) }
            <span class="documents-title">{ words(&document.title) }</span>
            <span class="faint">{ state }</span>
            { line_button(places, start) }
        </li>
    }
}

/// "5 documents: 3 evaluated, 1 not evaluated, 1 cannot be read".
fn counted(documents: &[DocumentReport]) -> String {
    let count = |state| documents.iter().filter(|document| document.state == state).count();
    let states = [
        (count(DocumentState::Evaluated), "evaluated"),
        (count(DocumentState::NotEvaluated), "not evaluated"),
        (count(DocumentState::Broken), "cannot be read"),
    ];
    let states: Vec<String> =
        states.iter().filter(|(count, _)| *count > 0).map(|(count, state)| format!("{count} {state}")).collect();
    let plural = if documents.len() == 1 { "document" } else { "documents" };
    format!("{} {plural}: {}", documents.len(), states.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;

    #[test]
    fn states_that_no_document_has_are_left_out() {
        let document = |state| DocumentReport {
            input: InputId(0),
            number: 1,
            span: Span::new(InputId(0), 0, 0),
            title: "Pod".to_owned(),
            state,
        };
        let documents = [document(DocumentState::Evaluated), document(DocumentState::Broken)];
        assert_eq!(counted(&documents), "2 documents: 1 evaluated, 1 cannot be read");
        assert_eq!(counted(&documents[..1]), "1 document: 1 evaluated");
    }
}
