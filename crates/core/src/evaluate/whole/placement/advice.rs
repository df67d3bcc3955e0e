//! What to do when no node takes the pod: what the nearest nodes lack.

use super::asked::Asked;
use crate::api::node::Node;
use crate::api::scheduling::label;
use crate::scheduling::filter::{Candidate, Fit, NodeFit, Plugin, tolerating};
use crate::trace::Mark;
use podwhy_source::Span;
use serde::Serialize;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What and why, as a sentence.
    pub text: String,
    /// Commands that do it, where there are any.
    pub commands: Vec<String>,
    /// What it is about.
    pub at: Option<Span>,
}

impl Advice {
    pub(super) fn new(text: impl Into<String>, at: Option<Span>) -> Self {
        Self { text: text.into(), commands: Vec::new(), at }
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
            Advice {
                text: format!("{nearest} node `{}`. {missing}", node.name),
                commands: given.map_or(Vec::new(), |given| commands(candidate, given, node)),
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

fn commands(candidate: &Candidate, node: &Node, fit: &NodeFit) -> Vec<String> {
    let name = node.name();
    let mut commands = Vec::new();
    for verdict in fit.failures() {
        match verdict.plugin {
            Plugin::NodeUnschedulable => commands.push(format!("kubectl uncordon {name}")),
            Plugin::TaintToleration => {
                let kept_out = node.taints.iter().filter(|taint| {
                    matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")
                        && tolerating(&candidate.tolerations, taint).is_none()
                });
                commands.extend(kept_out.map(|taint| format!("kubectl taint node {name} {}-", taint.words())));
            }
            Plugin::NodeAffinity => {
                for wanted in &candidate.node_selector {
                    let (key, value) = (&wanted.key.value, &wanted.value.value);
                    match label(&node.labels, key) {
                        Some(has) if has.value.value == *value => {}
                        Some(_) => commands.push(format!("kubectl label node {name} {key}={value} --overwrite")),
                        None => commands.push(format!("kubectl label node {name} {key}={value}")),
                    }
                }
            }
            Plugin::NodeName | Plugin::NodePorts | Plugin::NodeResourcesFit => {}
        }
    }
    commands
}
