//! What is worth knowing besides: where documentation and code disagree, and remarks about keys.

use crate::parts::disclosure::Disclosure;
use crate::parts::doc_note::DocNote;
use crate::parts::line_button::LineButton;
use crate::parts::mark::{Mark, Sign};
use crate::parts::step_list::words;
use podwhy_core::credentials::advice::Advice;
use podwhy_core::credentials::key::Key;
use podwhy_core::report::{PodReport, Report};
use podwhy_core::rule;
use std::rc::Rc;
use yew::prelude::*;

/// How many remarks are drawn.
const SHOWN: usize = 100;

#[derive(PartialEq, Properties)]
pub struct NotesProps {
    pub pod: Rc<PodReport>,
    pub report: Rc<Report>,
}

#[component]
pub fn Notes(props: &NotesProps) -> Html {
    let notes = doc_notes(&props.pod, &props.report);
    let remarks = props.pod.keys.iter().flat_map(|key| key.advice.iter().map(move |advice| (key, advice)));
    let count = remarks.clone().count();
    let title = |words: &'static str, count: usize| {
        html! { <span>{ words }{ " " }<span class="faint">{ count }</span></span> }
    };
    html! {
        <section class="cred-notes" aria-label="Notes">
            if count > 0 {
                <Disclosure summary={title("Remarks about the keys", count)}>
                    <ul class="cred-remarks">
                        { for remarks.take(SHOWN).enumerate().map(|(index, (key, advice))| remark(index, key, advice)) }
                    </ul>
                </Disclosure>
            }
            if !notes.is_empty() {
                <Disclosure summary={title("Where documentation and code disagree", notes.len())}>
                    { for notes.iter().map(|note| html! { <DocNote key={note.id} note={*note} /> }) }
                </Disclosure>
            }
        </section>
    }
}

fn remark(index: usize, key: &Key, advice: &Advice) -> Html {
    html! {
        <li key={index}>
            <Mark sign={if advice.never_matches { Sign::Warning } else { Sign::Info }} />
            <p><code>{ &key.written }</code>{ ": " }{ words(&advice.step.finding) }{ " " }<LineButton span={key.span} /></p>
        </li>
    }
}

/// Every disagreement that bears on the pod, once.
fn doc_notes(pod: &PodReport, report: &Report) -> Vec<&'static rule::DocNote> {
    let of_lookups = pod.containers.iter().filter_map(|container| container.lookup.as_ref());
    let mut notes: Vec<&'static rule::DocNote> = of_lookups.flat_map(|lookup| lookup.notes.iter().copied()).collect();
    notes.extend(pod.pull_secrets.iter().filter_map(|secret| secret.note()));
    notes.extend(report.node_file.notes.iter().copied());
    let mut seen = std::collections::BTreeSet::new();
    notes.retain(|note| seen.insert(note.id));
    notes
}
