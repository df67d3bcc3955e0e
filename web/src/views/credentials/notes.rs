//! What is worth knowing besides: where documentation and code disagree, and remarks about keys.

use crate::parts::disclosure::disclosure;
use crate::parts::doc_note::doc_note;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::credentials::advice::Advice;
use podwhy_core::credentials::key::Key;
use podwhy_core::report::{PodReport, Report};
use podwhy_core::rule::DocNote;

/// How many remarks are drawn.
const SHOWN: usize = 100;

pub fn notes(places: &Places, pod: &PodReport, report: &Report) -> Html {
    let notes = doc_notes(pod, report);
    let remarks = pod.keys.iter().flat_map(|key| key.advice.iter().map(move |advice| (key, advice)));
    let count = remarks.clone().count();
    let fold = |words: &'static str, count: usize, body: Html| {
        let title = html! { <span>{ words }{ " " }<span class="faint">{ count }</span></span> };
        disclosure("", Callback::noop(), title, body)
    };
    html! {
        <section class="cred-notes" aria-label="Notes">
            if count > 0 {
                { fold("Remarks about the keys", count, html! {
                    <ul class="cred-remarks">
                        { for remarks.take(SHOWN).enumerate().map(|(index, (key, advice))| remark(places, index, key, advice)) }
                    </ul>
                }) }
            }
            if !notes.is_empty() {
                { fold("Where documentation and code disagree", notes.len(), html! {
                    <>{ for notes.iter().map(|note| doc_note(note, places.release())) }</>
                }) }
            }
        </section>
    }
}

fn remark(places: &Places, index: usize, key: &Key, advice: &Advice) -> Html {
    html! {
        <li key={index}>
            { mark(if advice.never_matches { Sign::Warning } else { Sign::Info }) }
            <p><code>{ &key.written }</code>{ ": " }{ words(&advice.step.finding) }{ " " }{ line_button(places, key.span) }</p>
        </li>
    }
}

/// Every disagreement that bears on the pod, once.
fn doc_notes(pod: &PodReport, report: &Report) -> Vec<&'static DocNote> {
    let of_lookups = pod.containers.iter().filter_map(|container| container.lookup.as_ref());
    let mut notes: Vec<&'static DocNote> = of_lookups.flat_map(|lookup| lookup.notes.iter().copied()).collect();
    notes.extend(pod.pull_secrets.iter().filter_map(|secret| secret.note()));
    notes.extend(report.node_file.notes.iter().copied());
    let mut seen = Vec::new();
    notes.retain(|note| {
        let new = !seen.contains(&note.id);
        seen.push(note.id);
        new
    });
    notes
}
