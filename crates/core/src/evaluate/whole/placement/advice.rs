//! What to do when no node takes the pod: what the nearest nodes lack.

use super::asked::Asked;
use crate::api::node::Node;
use crate::api::scheduling::{Taint, label};
use crate::quote::quote;
use crate::scheduling::filter::{Candidate, Fit, NodeFit, Plugin, tolerating};
use crate::trace::Mark;
use podwhy_source::Span;
use serde::Serialize;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What and why, as a sentence.
    pub text: String,
    /// The change in the pod's spec, as YAML; empty where there is none.
    pub change: String,
    /// What to know before the commands are run; empty where there are none.
    pub caution: &'static str,
    /// Commands that change the node instead.
    pub commands: Vec<String>,
    /// What it is about.
    pub at: Option<Span>,
}

impl Advice {
    pub(super) fn new(text: impl Into<String>, at: Option<Span>) -> Self {
        Self { text: text.into(), change: String::new(), caution: "", commands: Vec::new(), at }
    }
}

/// How many of the nearest nodes are spoken of.
const NEAREST: usize = 2;

/// What keeps the nearest nodes from taking the pod.
pub(super) fn nearest(asked: &Asked, candidate: &Candidate, fit: &Fit) -> Vec<Advice> {
    let mut nodes: Vec<&NodeFit> = fit.nodes.iter().filter(|node| !node.fits).collect();
    nodes.sort_by_key(|node| obstacles(node).len());
    let least = nodes.first().map_or(0, |node| obstacles(node).len());
    let nearest = nodes.into_iter().filter(|node| obstacles(node).len() == least).take(NEAREST);
    nearest
        .enumerate()
        .map(|(index, node)| {
            let nearest = if index == 0 { "Nearest is" } else { "As near is" };
            let missing = obstacles(node).join(" ");
            let given = asked.ground.nodes.iter().find(|other| other.name() == node.name);
            let (change, commands) = given.map_or_else(Default::default, |given| changes(candidate, given, node));
            let place = match asked.class().filter(|(_, class)| class.scheduling.is_some()) {
                Some((_, class)) => {
                    format!(
                        "Change the pod, or for all of its pods `scheduling` of the RuntimeClass `{}`.",
                        class.metadata.name()
                    )
                }
                None => "Change the pod.".to_owned(),
            };
            let then = if change.is_empty() { String::new() } else { format!(" {place}") };
            Advice {
                text: format!("{nearest} node `{}`. {missing}{then}", node.name),
                change,
                caution: if commands.is_empty() { "" } else { CAUTION },
                commands,
                at: super::real(node.span),
            }
        })
        .collect()
}

/// What was found against the node, sentence by sentence.
fn obstacles(node: &NodeFit) -> Vec<&str> {
    let of_filters = node.failures().flat_map(|verdict| &verdict.steps);
    node.before
        .iter()
        .chain(of_filters)
        .filter(|step| step.mark == Mark::No)
        .map(|step| step.finding.as_str())
        .collect()
}

/// What the assumed nodes, which are all alike, lack.
pub(super) fn lacking(fit: &Fit) -> String {
    let first = fit.nodes.first().map(obstacles).unwrap_or_default();
    first.join(" ")
}

/// What a change of a node means for others.
const CAUTION: &str =
    "Or change the node. That holds for every pod: others may come there too, or be kept away from where they ran.";

/// The change in the pod with which the node would take it, as YAML, and commands that change the node instead.
fn changes(candidate: &Candidate, node: &Node, fit: &NodeFit) -> (String, Vec<String>) {
    let name = node.name();
    let (mut tolerations, mut selector, mut commands) = (String::new(), String::new(), Vec::new());
    for verdict in fit.failures() {
        match verdict.plugin {
            Plugin::NodeUnschedulable => commands.push(format!("kubectl uncordon {name}")),
            Plugin::TaintToleration => {
                let kept_out = node.taints.iter().filter(|taint| {
                    matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")
                        && tolerating(&candidate.tolerations, taint).is_none()
                });
                for taint in kept_out {
                    tolerations += &toleration(taint);
                    commands.push(format!("kubectl taint node {name} {}-", taint.words()));
                }
            }
            Plugin::NodeAffinity => {
                for wanted in &candidate.node_selector {
                    let (key, value) = (&wanted.key.value, &wanted.value.value);
                    match label(&node.labels, key) {
                        Some(has) if has.value.value == *value => {}
                        Some(has) => {
                            selector += &format!("  {key}: {}\n", quote(&has.value.value));
                            commands.push(format!("kubectl label node {name} {key}={value} --overwrite"));
                        }
                        None => {
                            selector += &format!("  # without {key}\n");
                            commands.push(format!("kubectl label node {name} {key}={value}"));
                        }
                    }
                }
            }
            Plugin::NodeName | Plugin::NodePorts | Plugin::NodeResourcesFit => {}
        }
    }
    let mut change = String::new();
    if !selector.is_empty() {
        change += &format!("nodeSelector:\n{selector}");
    }
    if !tolerations.is_empty() {
        change += &format!("tolerations:\n{tolerations}");
    }
    (change, commands)
}

/// The toleration with which a pod bears the taint.
fn toleration(taint: &Taint) -> String {
    let value = match taint.value.as_str() {
        "" => "  operator: Exists\n".to_owned(),
        value => format!("  operator: Equal\n  value: {}\n", quote(value)),
    };
    format!("- key: {}\n{value}  effect: {}\n", taint.key, taint.effect)
}
