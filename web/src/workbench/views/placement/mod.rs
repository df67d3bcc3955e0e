//! RuntimeClass and nodes: one picture from the pod as written to the nodes that remain, and under it the evidence.

mod classes;
mod handlers;
mod manifest;
mod merge;
mod nodes;
mod overview;
mod path;
mod sums;

use crate::parts::copy_button::{CopyButton, ready};
use crate::parts::doc_note::doc_note;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::parts::problems::problems;
use crate::workbench::parts::verdict::{sign, verdict_header};
use crate::workbench::views::stored::use_made;
use manifest::Manifest;
use nodes::Nodes;
use overview::Overview;
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::placement as answer;
use podwhy_core::trace::Step;
use std::rc::Rc;

#[derive(PartialEq, Properties)]
pub struct PlacementProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report.
    pub pod: usize,
    /// Another pod was chosen.
    pub onpod: Callback<usize>,
}

#[component]
pub fn Placement(props: &PlacementProps) -> Html {
    let all = use_memo(props.whole.clone(), |whole| whole.placements());
    let one = use_memo((props.whole.clone(), props.pod), |(whole, pod)| whole.placement(*pod));
    let (stored, secrets) = use_made(&props.whole, props.pod);
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let Some(placement) = (*one).as_ref() else {
        return html! { <p class="empty">{ "There is nothing to place yet." }</p> };
    };
    let title = props.whole.report.pods.get(props.pod).map(|pod| pod.title.clone()).unwrap_or_default();
    html! {
        <div class="place">
            if all.pods.len() > 1 {
                <Overview all={all.clone()} pod={props.pod} onpod={&props.onpod} />
            }
            { problems(&places, &all.problems.iter().collect::<Vec<_>>(), "in what bears on nodes") }
            { verdict(&places, placement, &title) }
            { path::picture(&places, placement, all.nodes.len()) }
            { merge::section(&places, placement) }
            { sums::section(&places, placement) }
            if let Some(fit) = &placement.fit {
                <Nodes fit={Rc::new(fit.clone())} nodes={all.clone()} />
            }
            { handlers::section(&places, placement, &all.runtimes) }
            { events(placement) }
            if let Some(made) = stored.filter(|_| placement.refused.is_none()) {
                <Manifest {made}>{ secrets }</Manifest>
            }
            { classes::section(&places, &all) }
            { notes(&places, placement) }
        </div>
    }
}

fn verdict(places: &Places, placement: &answer::Placement, title: &str) -> Html {
    let answer = html! {
        <>
            <p class="place-sentence">{ words(&placement.verdict.text) }</p>
            if !placement.status.is_empty() {
                <p class="faint">{ "STATUS at first: " }<code>{ &placement.status }</code></p>
            }
            if let Some(as_if) = &placement.as_if {
                <p>{ words(as_if) }</p>
            }
            if !placement.advice.is_empty() {
                <ul class="place-advice" aria-label="What to do">
                    { for placement.advice.iter().map(|advice| html! {
                        <li>
                            <p>{ words(&advice.text) }{ for advice.at.map(|at| html! { <>{ " " }{ line_button(places, at) }</> }) }</p>
                            if !advice.change.is_empty() {
                                <div class="place-command"><pre>{ &advice.change }</pre><CopyButton what="the change" text={ready(&advice.change)} /></div>
                            }
                            if !advice.caution.is_empty() {
                                <p class="faint">{ advice.caution }</p>
                            }
                            { for advice.commands.iter().map(|command| command_line(command)) }
                        </li>
                    }) }
                </ul>
            }
            if !placement.admission.is_empty() {
                <Reasons title="What admission did" steps={Rc::<[Step]>::from(placement.admission.as_slice())} />
            }
        </>
    };
    html! { <section aria-label="Verdict">{ verdict_header(sign(placement.verdict.tone), title, answer) }</section> }
}

/// A command to be run elsewhere.
fn command_line(command: &str) -> Html {
    html! {
        <p class="place-command"><code>{ command }</code><CopyButton what="the command" text={ready(command)} /></p>
    }
}

fn events(placement: &answer::Placement) -> Html {
    if placement.events.is_empty() {
        return Html::default();
    }
    html! {
        <section class="place-section" aria-label="Events">
            <h3>{ "Events" }</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label="What is reported">
                <table class="place-table place-events">
                    <thead><tr>
                        <th scope="col">{ "Type" }</th><th scope="col">{ "Reason" }</th><th scope="col">{ "From" }</th>
                        <th scope="col">{ "Object" }</th><th scope="col">{ "Message" }</th>
                    </tr></thead>
                    <tbody>
                        { for placement.events.iter().map(|event| html! {
                            <tr>
                                <td>{ event.kind.to_string() }</td>
                                <td>{ &event.reason }</td>
                                <td>{ event.from }</td>
                                <td>{ words(&event.object) }</td>
                                <td class="place-message"><code>{ &event.message }</code></td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn notes(places: &Places, placement: &answer::Placement) -> Html {
    html! {
        <section class="place-section" aria-label="Sources">
            if !placement.assumptions.is_empty() {
                <h3>{ "Taken for granted" }</h3>
                <ul class="place-assumptions">
                    { for placement.assumptions.iter().map(|assumption| html! {
                        <li>{ mark(Sign::Note) }<span>{ words(&assumption.text) }</span></li>
                    }) }
                </ul>
            }
            { for placement.notes.iter().map(|note| doc_note(note, places.release())) }
        </section>
    }
}
