//! One line for each pod above the lines of its containers: what becomes of it, each a link to the view that says why.

use crate::parts::mark::mark;
use crate::parts::step_list::words;
use crate::prelude::*;
use crate::shared::Shared;
use crate::state::View;
use crate::workbench::bench::Bench;
use crate::workbench::parts::verdict::sign;
use podwhy_core::evaluate::{Part, Whole};

/// So many pods get their line: more fit on no screen, and each costs a part of every answer.
const SHOWN_PODS: usize = 20;

#[derive(PartialEq, Properties)]
pub struct OutlooksProps {
    pub whole: Shared<Whole>,
    /// Chooses a pod of the report by its position.
    pub onpod: Callback<usize>,
}

#[component]
pub fn Outlooks(props: &OutlooksProps) -> Html {
    let bench = use_context::<Bench>().expect("the workbench gives one to everything below it");
    let lines = use_memo(props.whole.clone(), |whole| {
        let pods = whole.report.pods.iter().enumerate().take(SHOWN_PODS);
        pods.filter_map(|(position, pod)| Some((position, pod.name.clone(), whole.outlook(position)?)))
            .collect::<Vec<_>>()
    });
    let line = |(position, name, outlook): &(usize, String, podwhy_core::evaluate::Outlook)| {
        let (bench, onpod, position, view) = (bench.clone(), props.onpod.clone(), *position, view_of(outlook.part));
        let onclick = Callback::from(move |_| {
            onpod.emit(position);
            bench.open(view);
        });
        html! {
            <li key={position}>
                <button type="button" class="verdict" {onclick}>
                    { mark(sign(outlook.verdict.tone)) }
                    <span class="verdict-subject">{ name }</span>
                    <span class="verdict-sentence">{ words(&outlook.verdict.text) }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="verdicts" aria-label="What becomes of each pod">{ for lines.iter().map(line) }</ul> }
}

/// The view that shows a part of a pod's life.
fn view_of(part: Part) -> View {
    match part {
        Part::Placement => View::Placement,
        Part::Pulls => View::Pulls,
        Part::Environment => View::Environment,
        Part::Lifecycle => View::Lifecycle,
    }
}
