//! The scheduler's filters: which nodes a pod fits, and why it does not fit the others. Upstream:
//! pkg/scheduler/schedule_one.go findNodesThatFitPod and pkg/scheduler/framework/types.go FitError.

mod node_affinity;
mod node_name;
mod node_ports;
mod node_resources_fit;
mod node_unschedulable;
mod taint_toleration;
#[cfg(test)]
mod tests;

use crate::admission::runtime_class::Admitted;
use crate::api::node::Node;
use crate::api::scheduling::{Label, Toleration};
use crate::api::{Metadata, Pod};
use crate::defaulting::pod_resources::PodResources;
use crate::defaulting::resources::{Reading, amounts};
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::scheduling::{
    NODE_NAMES_CONFLICT, NODE_NARROWED, PREEMPTION_TOLD, PREEMPTION_TWO_STOPS, TOO_SMALL_IS_FINAL,
};
use crate::trace::{Mark, Origin, Step};
use node_affinity::Narrowing;
use node_resources_fit::Demand;
use podwhy_source::Span;
use serde::Serialize;
use std::collections::BTreeMap;
pub use taint_toleration::tolerating;

/// A filter of the scheduler, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs)]
pub enum Plugin {
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
}

impl Plugin {
    /// Every filter, in order.
    pub const ALL: &[Self] = &[
        Self::NodeUnschedulable,
        Self::NodeName,
        Self::TaintToleration,
        Self::NodeAffinity,
        Self::NodePorts,
        Self::NodeResourcesFit,
    ];

    /// The plug-in's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NodeUnschedulable => "NodeUnschedulable",
            Self::NodeName => "NodeName",
            Self::TaintToleration => "TaintToleration",
            Self::NodeAffinity => "NodeAffinity",
            Self::NodePorts => "NodePorts",
            Self::NodeResourcesFit => "NodeResourcesFit",
        }
    }

    fn filter(self, candidate: &Candidate, info: &NodeInfo, cluster: &Cluster) -> Verdict {
        let (reasons, steps) = match self {
            Self::NodeUnschedulable => node_unschedulable::filter(candidate, info),
            Self::NodeName => node_name::filter(candidate, info),
            Self::TaintToleration => taint_toleration::filter(candidate, info, cluster),
            Self::NodeAffinity => node_affinity::filter(candidate, info, cluster),
            Self::NodePorts => node_ports::filter(candidate, info, cluster),
            Self::NodeResourcesFit => node_resources_fit::filter(candidate, info, cluster),
        };
        Verdict { plugin: self, reasons, steps }
    }
}

/// What a filter answers: the scheduler's reasons, none if the node passes, and the steps to them.
type Answer = (Vec<String>, Vec<Step>);

/// The pod as the scheduler sees it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The pod as written.
    pub pod: &'a Pod,
    /// Its node selector after admission.
    pub node_selector: Vec<Label>,
    /// Its tolerations after admission.
    pub tolerations: Vec<Toleration>,
    /// What it asks for.
    pub resources: PodResources,
}

impl<'a> Candidate<'a> {
    /// A pod as it stands in the text, without admission and defaulting.
    #[must_use]
    pub fn as_written(pod: &'a Pod, cluster: &Cluster) -> Self {
        let overhead = amounts(pod.placement.overhead.as_ref(), Origin::Written);
        Self {
            pod,
            node_selector: pod.placement.node_selector.clone().unwrap_or_default(),
            tolerations: pod.placement.tolerations.clone(),
            resources: PodResources::of(pod, &overhead, cluster, Reading::Written),
        }
    }

    /// The pod as the API server has stored it.
    #[must_use]
    pub fn admitted(pod: &'a Pod, admitted: &Admitted, cluster: &Cluster) -> Self {
        Self {
            pod,
            node_selector: admitted.node_selector.iter().map(|field| field.value.clone()).collect(),
            tolerations: admitted.tolerations.iter().map(|field| field.value.clone()).collect(),
            resources: PodResources::of(pod, &admitted.overhead, cluster, Reading::Stored),
        }
    }
}

/// A node with the pods that are bound to it.
#[derive(Clone, Debug)]
pub struct NodeInfo<'a> {
    node: &'a Node,
    pods: Vec<&'a Pod>,
    requested: Demand,
}

/// The nodes with their pods. Pods that have ended take no room; pods bound to no node that is given are passed over.
#[must_use]
pub fn snapshot<'a>(nodes: &'a [Node], pods: &'a [Pod], cluster: &Cluster) -> Vec<NodeInfo<'a>> {
    let ended =
        |pod: &Pod| pod.phase.as_ref().is_some_and(|phase| matches!(phase.value.as_str(), "Succeeded" | "Failed"));
    let mut bound: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| !ended(pod)) {
        if let Some(name) = &pod.placement.node_name {
            bound.entry(&name.value).or_default().push(pod);
        }
    }
    let info = |node: &'a Node| {
        let pods = bound.get(node.name()).cloned().unwrap_or_default();
        let mut requested = Demand::default();
        pods.iter().for_each(|pod| requested.add(&asked(pod, cluster)));
        NodeInfo { node, pods, requested }
    };
    nodes.iter().map(info).collect()
}

impl<'a> NodeInfo<'a> {
    /// The node's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.node.name()
    }

    /// The same node without the pod that stands here, if that is one of its pods.
    #[must_use]
    pub fn without(&self, pod: &Pod, cluster: &Cluster) -> Self {
        let mut info = self.clone();
        let before = info.pods.len();
        info.pods.retain(|other| other.span != pod.span);
        if info.pods.len() < before {
            info.requested.take(&asked(pod, cluster));
        }
        info
    }
}

/// What a pod that is in the cluster takes.
fn asked(pod: &Pod, cluster: &Cluster) -> PodResources {
    let overhead = amounts(pod.placement.overhead.as_ref(), Origin::Written);
    PodResources::of(pod, &overhead, cluster, Reading::Written)
}

/// One filter's answer about one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The filter.
    pub plugin: Plugin,
    /// The scheduler's own words; none if the node passes.
    pub reasons: Vec<String>,
    /// What was found, with the places in the pod, the class and the node.
    pub steps: Vec<Step>,
}

impl Verdict {
    /// What fails, in a word or two, for a table's cell; empty if the node passes.
    #[must_use]
    pub fn word(&self) -> String {
        let word = match self.plugin {
            _ if self.reasons.is_empty() => "",
            Plugin::NodeUnschedulable => "cordoned",
            Plugin::NodeName => "other node",
            Plugin::TaintToleration => "taint",
            Plugin::NodeAffinity => "labels",
            Plugin::NodePorts => "port taken",
            Plugin::NodeResourcesFit => {
                let resources = self.reasons.iter().map(|reason| reason.trim_start_matches("Insufficient "));
                return resources.collect::<Vec<_>>().join(", ");
            }
        };
        word.to_owned()
    }
}

/// What becomes of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeFit {
    /// The node's name.
    pub name: String,
    /// Where the node stands.
    pub span: Span,
    /// Whether the pod fits.
    pub fits: bool,
    /// The filter that the scheduler names: the first that fails. `None` if the node fits or was never looked at.
    pub plugin: Option<Plugin>,
    /// The scheduler's own words why the node is out.
    pub reasons: Vec<String>,
    /// What was decided before any filter was asked.
    pub before: Vec<Step>,
    /// Every filter's answer, also behind the first that fails.
    pub verdicts: Vec<Verdict>,
}

impl NodeFit {
    /// The filters that fail, in order.
    pub fn failures(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| !verdict.reasons.is_empty())
    }
}

/// What the scheduler finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fit {
    /// Each node, in the given order.
    pub nodes: Vec<NodeFit>,
    /// The message of the FailedScheduling event if no node fits, without what it says about preemption.
    pub message: Option<String>,
    /// What the event says about preemption behind that.
    #[serde(skip)]
    pub preemption: Option<String>,
}

impl Fit {
    /// The message of the FailedScheduling event if no node fits.
    #[must_use]
    pub fn event(&self) -> Option<String> {
        let message = self.message.as_ref()?;
        let preemption = self.preemption.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
        Some(format!("{message}{preemption}"))
    }
}

/// Asks every filter about every node.
#[must_use]
pub fn filter(candidate: &Candidate, nodes: &[NodeInfo], cluster: &Cluster) -> Fit {
    if nodes.is_empty() {
        return Fit {
            nodes: Vec::new(),
            message: Some("no nodes available to schedule pods".to_owned()),
            preemption: None,
        };
    }
    let narrowing = node_affinity::narrow(candidate, cluster);
    let infos = nodes;
    let nodes: Vec<NodeFit> = infos.iter().map(|info| judge(candidate, info, &narrowing, cluster)).collect();
    let message = (!nodes.iter().any(|node| node.fits)).then(|| match &narrowing {
        Narrowing::Conflict(_) => {
            format!("0/{} nodes are available: {}.", nodes.len(), node_affinity::CONFLICT)
        }
        _ => fit_error(&nodes),
    });
    let preemption = message.as_ref().and_then(|_| preemption(candidate, infos, &nodes, cluster));
    Fit { nodes, message, preemption }
}

/// What the event says about preemption. No other pod is taken to have a lower priority: then nothing can be preempted.
fn preemption(candidate: &Candidate, infos: &[NodeInfo], nodes: &[NodeFit], cluster: &Cluster) -> Option<String> {
    // Of nodes that were not looked at it speaks otherwise.
    if !PREEMPTION_TOLD.holds_in(cluster.release) || nodes.iter().any(|node| !node.before.is_empty()) {
        return None;
    }
    let (mut hopeless, mut without_victims) = (0_usize, 0_usize);
    for (node, info) in nodes.iter().zip(infos) {
        let may_help = match node.plugin {
            Some(Plugin::NodePorts) => true,
            Some(Plugin::NodeResourcesFit) => {
                let empty = NodeInfo { node: info.node, pods: Vec::new(), requested: Demand::default() };
                let lacks = Plugin::NodeResourcesFit.filter(candidate, &empty, cluster).reasons;
                let too_small = lacks.iter().any(|reason| reason.starts_with("Insufficient "));
                !(too_small && TOO_SMALL_IS_FINAL.holds_in(cluster.release))
            }
            _ => false,
        };
        *(if may_help { &mut without_victims } else { &mut hopeless }) += 1;
    }
    let reasons = [
        (without_victims, "No preemption victims found for incoming pod"),
        (hopeless, "Preemption is not helpful for scheduling"),
    ];
    let mut parts: Vec<String> =
        reasons.iter().filter(|(count, _)| *count > 0).map(|(count, reason)| format!("{count} {reason}")).collect();
    parts.sort();
    let stop = if PREEMPTION_TWO_STOPS.holds_in(cluster.release) { ".." } else { "." };
    Some(format!("preemption: 0/{} nodes are available: {}{stop}", nodes.len(), parts.join(", ")))
}

fn judge(candidate: &Candidate, info: &NodeInfo, narrowing: &Narrowing, cluster: &Cluster) -> NodeFit {
    let ask = |plugin: &Plugin| plugin.filter(candidate, info, cluster);
    let verdicts: Vec<Verdict> = Plugin::ALL.iter().map(ask).collect();
    let name = info.node.name();
    let before = |rule: &'static Rule, finding: String, span: Span| {
        vec![Step::new(rule, Mark::No, finding).at(span).because(info.node.span)]
    };
    let first = verdicts.iter().find(|verdict| !verdict.reasons.is_empty());
    let (plugin, reasons, before) = match narrowing {
        Narrowing::Conflict(span) => {
            let finding = "No term of the node affinity leaves a node: the names in metadata.name exclude each other.";
            let before = before(&NODE_NAMES_CONFLICT, finding.to_owned(), *span);
            (Some(Plugin::NodeAffinity), vec![node_affinity::CONFLICT.to_owned()], before)
        }
        Narrowing::Nodes(names, span) if !names.contains(name) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let finding =
                format!("The node affinity names only `{}`, so `{name}` is not looked at.", names.join("`, `"));
            let reason = format!("node(s) didn't satisfy plugin(s) [{}]", Plugin::NodeAffinity.name());
            (None, vec![reason], before(&NODE_NARROWED, finding, *span))
        }
        _ => (
            first.map(|verdict| verdict.plugin),
            first.map(|verdict| verdict.reasons.clone()).unwrap_or_default(),
            Vec::new(),
        ),
    };
    NodeFit { name: name.to_owned(), span: info.node.span, fits: reasons.is_empty(), plugin, reasons, before, verdicts }
}

/// How often each reason was given, sorted as texts.
fn fit_error(nodes: &[NodeFit]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in nodes.iter().flat_map(|node| &node.reasons) {
        *counts.entry(reason).or_default() += 1;
    }
    let mut parts: Vec<String> = counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    parts.sort();
    format!("0/{} nodes are available: {}.", nodes.len(), parts.join(", "))
}

/// "Node `a`", for sentences.
fn named(metadata: &Metadata) -> String {
    format!("Node `{}`", metadata.name())
}
