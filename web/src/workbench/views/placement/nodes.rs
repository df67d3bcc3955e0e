//! The scheduler's filters: nodes down, filters across, and under each node why it is out.

use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::evaluate::whole::placement::Placements;
use podwhy_core::scheduling::filter::{Fit, NodeFit, Plugin, Verdict};
use podwhy_core::trace::{Mark, Step};
use std::rc::Rc;

#[derive(Properties)]
pub struct NodesProps {
    pub fit: Rc<Fit>,
    pub nodes: Rc<Placements>,
}

impl PartialEq for NodesProps {
    fn eq(&self, other: &Self) -> bool {
        self.fit == other.fit && Rc::ptr_eq(&self.nodes, &other.nodes)
    }
}

#[component]
pub fn Nodes(props: &NodesProps) -> Html {
    let only = use_state_eq(|| false);
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let fit = &props.fit;
    let onchange = {
        let only = only.clone();
        Callback::from(move |_| only.set(!*only))
    };
    let remain = fit.nodes.iter().filter(|node| node.fits).count();
    let some = remain > 0 && remain < fit.nodes.len();
    let shown = fit.nodes.iter().enumerate().filter(|(_, node)| !(some && *only) || node.fits);
    html! {
        <section class="place-section" aria-label="Nodes and filters">
            <h3>{ "What the scheduler says to each node" }</h3>
            if let Some(message) = &fit.message {
                <p class="scheduler-message">{ mark(Sign::No) }<code>{ message }</code></p>
            }
            if some {
                <label class="switch"><input type="checkbox" checked={*only} {onchange} /><span>{ format!("Only the {remain} that remain") }</span></label>
            }
            <div class="table-scroll place-nodes-scroll" tabindex="0" role="region" aria-label="Nodes against filters">
                <table class="place-table place-nodes">
                    <caption class="unseen">{ "Each filter's answer for each node, in the scheduler's order. The first that fails is the one that the scheduler names." }</caption>
                    <thead><tr>
                        <th scope="col">{ "Node" }</th>
                        { for Plugin::ALL.iter().map(|plugin| html! { <th scope="col">{ broken(plugin.name()) }</th> }) }
                    </tr></thead>
                    { for shown.map(|(index, node)| html! {
                        <tbody key={node.name.clone()}>{ rows(&places, node, props.nodes.nodes.get(index).map_or(0, |node| node.bound)) }</tbody>
                    }) }
                </table>
            </div>
        </section>
    }
}

/// A plug-in's name that may break between its words.
fn broken(name: &'static str) -> Html {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, letter) in name.char_indices().skip(1) {
        if letter.is_ascii_uppercase() {
            parts.push(name.get(start..at).unwrap_or_default());
            start = at;
        }
    }
    parts.push(name.get(start..).unwrap_or_default());
    parts.into_iter().map(|part| html! { <>{ part }<wbr /></> }).collect()
}

fn rows(places: &Places, node: &NodeFit, bound: usize) -> Html {
    let steps: Rc<[Step]> =
        node.before.iter().chain(node.verdicts.iter().flat_map(|verdict| &verdict.steps)).cloned().collect();
    html! {
        <>
            <tr class={if node.fits { "fits" } else { "out" }}>
                <th scope="row"><div class="place-row-head">
                    { mark(if node.fits { Sign::Yes } else { Sign::No }) }
                    <code>{ &node.name }</code>
                    { line_button(places, node.span) }
                    if bound > 0 {
                        <span class="faint">{ format!("{bound} pod{} there", if bound == 1 { "" } else { "s" }) }</span>
                    }
                </div></th>
                { for node.verdicts.iter().map(|verdict| cell(node, verdict)) }
            </tr>
            <tr class="place-why">
                <td colspan="7">
                    { for against(node).map(|step| html! {
                        <p>{ words(&step.finding) }{ for step.at.iter().chain(&step.because).map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }</p>
                    }) }
                    <Reasons title="Every check" {steps} />
                </td>
            </tr>
        </>
    }
}

/// What speaks against the node.
fn against(node: &NodeFit) -> impl Iterator<Item = &Step> {
    let of_filters = node.failures().flat_map(|verdict| &verdict.steps);
    node.before.iter().chain(of_filters).filter(|step| step.mark == Mark::No)
}

fn cell(node: &NodeFit, verdict: &Verdict) -> Html {
    let fails = !verdict.reasons.is_empty();
    let named = node.plugin == Some(verdict.plugin);
    html! {
        <td class={classes!(fails.then_some("fails"), named.then_some("named"))} title={verdict.reasons.join(", ")}>
            { mark(if fails { Sign::No } else { Sign::Yes }) }
            if fails {
                <span>{ verdict.word() }</span>
            }
        </td>
    }
}
