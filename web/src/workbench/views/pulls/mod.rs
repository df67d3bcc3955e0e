//! What happens on the node: pulls over time, and everything that is assumed about them.

mod container;
mod kubelet;
mod names;
mod over_time;
mod queue;
mod restarts;
pub mod scenario;
mod sources;
mod table;

use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use crate::workbench::parts::chart::short;
use crate::workbench::parts::held::{otherwise, seen};
use crate::workbench::parts::problems::{in_texts, problems};
use crate::workbench::parts::verdict::{sign, verdict_header};
use podwhy_core::evaluate::Whole;
use podwhy_core::session::InputKind;
use podwhy_core::simulation::outcome::PullReport;
use podwhy_core::time::Duration;
use scenario::Look;
use std::rc::Rc;

/// The texts about the node that this view reads.
const NODE_TEXTS: [InputKind; 3] = [InputKind::Scenario, InputKind::KubeletConfig, InputKind::CredentialProviders];

#[derive(PartialEq, Properties)]
pub struct PullsProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report.
    pub pod: usize,
}

/// The whole view.
#[component]
pub fn Pulls(props: &PullsProps) -> Html {
    let at = use_state_eq(|| None::<Duration>);
    let range = use_state_eq(|| None::<Duration>);
    let pulls = use_memo((props.whole.clone(), props.pod), |(whole, pod)| whole.pulls(*pod).map(Rc::new));
    let (places, bench) = (use_context::<Places>(), use_context::<Bench>());
    let (Some(places), Some(bench), Some(pod)) = (places, bench, props.whole.report.pods.get(props.pod)) else {
        return Html::default();
    };
    let Some(report) = pulls.as_ref() else { return Html::default() };
    let look = Look { whole: &props.whole.0, position: props.pod, pod, pulls: report, places: &places, bench: &bench };
    let now = at.unwrap_or_else(|| telling(report));
    let onpick = {
        let at = at.setter();
        Callback::from(move |moment| at.set(Some(moment)))
    };
    let shown = (*range).unwrap_or_else(|| over_time::range(report));
    let onrange = {
        let range = range.setter();
        Callback::from(move |shown| range.set(Some(shown)))
    };
    let wrong = in_texts(&props.whole.report.problems, &props.whole.session, &NODE_TEXTS);
    let containers = report.containers.iter().enumerate();
    let rest = html! {
        <>
            <over_time::OverTime pulls={Shared(Rc::clone(report))} {now} range={shown} onpick={&onpick} {onrange} />
            <section class="pv-section" aria-labelledby="pv-containers">
                <h3 id="pv-containers">{ "Each image, in the order in which the kubelet needs them" }</h3>
                { for containers.map(|(index, timeline)| container::card(&look, index, timeline, now)) }
                { scenario::taken_for_granted(&look) }
            </section>
            { queue::section(&look, shown, now, &onpick) }
            { names::section(&look) }
            { sources::section(&look) }
            { kubelet::section(&look) }
            <restarts::Restarts whole={props.whole.clone()} />
        </>
    };
    html! {
        <div class="pulls-view">
            { verdict(&look) }
            if let Some(held) = &report.held {
                { seen(held, &pod.name, report.until, report.release) }
            }
            { problems(&places, &wrong, "in what is said about the node") }
            { otherwise(report.held.as_ref(), &report.simulated, rest) }
        </div>
    }
}

/// The moment that tells most: the first at which a container is seen to wait for its image, else the last change.
fn telling(pulls: &PullReport) -> Duration {
    let failing = pulls.moments.iter().find(|moment| !moment.waiting.is_empty());
    failing.or(pulls.moments.last()).map(|moment| moment.at).unwrap_or_default()
}

fn verdict(look: &Look) -> Html {
    let verdict = &look.pulls.verdict;
    let refusals = look.whole.report.node.as_ref().map(|node| node.kubelet.refuses.as_slice()).unwrap_or_default();
    let about = html! {
        <p class="faint">
            { words(&look.pod.title) }
            if look.pulls.held.is_none() {
                { ", with the kubelet of " }{ look.pulls.release.to_string() }{ " on " }<code>{ &look.pulls.node }</code>
            }
            { format!(". Simulated for {}.", short(look.pulls.until)) }
        </p>
    };
    html! {
        <>
            { verdict_header(sign(verdict.tone), &verdict.text, about) }
            if !refusals.is_empty() {
                <div class="pv-refusal">
                    { mark(Sign::Error) }
                    <div>
                        <p><strong>{ "With this configuration the kubelet does not start." }</strong>{ " What follows is simulated as if it did." }</p>
                        { for refusals.iter().map(|refusal| html! {
                            <p><code class="quoted">{ &refusal.message }</code>{ for refusal.span.map(|span| line_button(look.places, span)) }</p>
                        }) }
                    </div>
                </div>
            }
        </>
    }
}
