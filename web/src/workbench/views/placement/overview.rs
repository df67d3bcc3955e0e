//! Every pod in one table: its class, what the class merges into it, and the nodes that remain.

use crate::parts::disclosure::opened;
use crate::parts::mark::mark;
use crate::prelude::*;
use crate::workbench::parts::verdict::sign;
use podwhy_core::evaluate::whole::placement::{Placements, PodSummary};
use podwhy_core::report::Tone;
use std::rc::Rc;

/// How many names of nodes stand in a cell; of more, their number.
const NAMES: usize = 3;

#[derive(Properties)]
pub struct OverviewProps {
    pub all: Rc<Placements>,
    /// The chosen pod.
    pub pod: usize,
    pub onpod: Callback<usize>,
}

impl PartialEq for OverviewProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.all, &other.all) && self.pod == other.pod
    }
}

#[component]
pub fn Overview(props: &OverviewProps) -> Html {
    let pods = &props.all.pods;
    let fails = pods.iter().filter(|pod| pod.verdict.tone == Tone::Fails).count();
    let only = use_state_eq(|| false);
    let onchange = {
        let only = only.clone();
        Callback::from(move |_| only.set(!*only))
    };
    let shown = pods.iter().enumerate().filter(|(_, pod)| !*only || pod.verdict.tone == Tone::Fails);
    let rows = shown.map(|(index, pod)| row(index, pod, index == props.pod, &props.onpod));
    let summary = html! {
        <span>
            { format!("All {} pods", pods.len()) }
            <span class="faint">{ if fails == 0 { ": each finds a node".to_owned() } else { format!(": {fails} find no place") } }</span>
        </span>
    };
    let body = html! {
        <>
            if fails > 0 {
                <label class="switch"><input type="checkbox" checked={*only} {onchange} /><span>{ "Only pods that find no place" }</span></label>
            }
            <div class="table-scroll place-all-scroll" tabindex="0" role="region" aria-label="All pods and their nodes">
                <table class="place-table place-all">
                    <thead><tr>
                        <th scope="col">{ "Pod" }</th><th scope="col">{ "RuntimeClass" }</th>
                        <th scope="col">{ "Merged into it" }</th><th scope="col">{ "Nodes that remain" }</th>
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </>
    };
    html! {
        <section aria-label="All pods">{ opened("place-overview", summary, body) }</section>
    }
}

fn row(index: usize, pod: &PodSummary, chosen: bool, onpod: &Callback<usize>) -> Html {
    let onclick = onpod.reform(move |_| index);
    html! {
        <tr key={index} class={classes!(chosen.then_some("chosen"))}>
            <th scope="row"><div class="place-row-head">
                { mark(sign(pod.verdict.tone)) }
                <button type="button" class="place-pod" aria-pressed={chosen.to_string()} title={pod.verdict.text.replace('`', "")} {onclick}>
                    { pod.title.strip_prefix("Pod ").unwrap_or(&pod.title).replace('`', "") }
                </button>
            </div></th>
            <td>{ pod.class.as_deref().map_or(html! { <span class="faint">{ "none" }</span> }, |class| html! { <code>{ class }</code> }) }</td>
            <td>
                if pod.merged.is_empty() {
                    <span class="faint">{ "nothing" }</span>
                } else {
                    <ul class="place-merged">{ for pod.merged.iter().map(|part| html! { <li>{ part }</li> }) }</ul>
                }
            </td>
            <td>{ remaining(pod) }</td>
        </tr>
    }
}

fn remaining(pod: &PodSummary) -> Html {
    let count = html! { <span class="faint">{ format!("{} of {}", pod.remaining.len(), pod.nodes) }</span> };
    match pod.remaining.as_slice() {
        [] => html! { <>{ count }</> },
        names => {
            let more = names.len().saturating_sub(NAMES);
            html! {
                <span title={names.join(", ")}>
                    { count }
                    { for names.iter().take(NAMES).map(|name| html! { <>{ " " }<code>{ name }</code></> }) }
                    if more > 0 {
                        <span class="faint">{ format!(" and {more} more") }</span>
                    }
                </span>
            }
        }
    }
}
