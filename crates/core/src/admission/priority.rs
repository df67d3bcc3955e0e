//! The plug-in Priority: a pod's priority as a number. Upstream: plugin/pkg/admission/priority/admission.go admitPod.

use crate::api::Pod;
use crate::defaulting::Addition;
use crate::defaulting::edit::{Defaults, Unset, child, int, text};
use crate::release::Cluster;
use crate::rule::admission::PRIORITY;
use podwhy_source::Node;

/// The classes that every cluster has. Upstream: pkg/apis/scheduling/helpers.go SystemPriorityClasses.
const SYSTEM_CLASSES: &[(&str, i64)] =
    &[("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// Fills in `priority` and `preemptionPolicy`, where the pod names no class or one that every cluster has. What another
/// class gives stands in the cluster alone. A default class of the cluster is not known here.
pub fn fill(node: &mut Node, pod: &Pod, cluster: &Cluster) -> Vec<Addition> {
    let mut defaults = Defaults { cluster, additions: Vec::new() };
    let Some(spec) = child(node, "spec") else { return Vec::new() };
    let class = spec.get("priorityClassName").and_then(Node::as_text).unwrap_or_default();
    let known = SYSTEM_CLASSES.iter().find(|(name, _)| *name == class).map(|(_, value)| *value);
    let Some(value) = known.or_else(|| class.is_empty().then_some(0)) else { return Vec::new() };
    let path = &pod.spec_path;
    defaults.fill(spec, path, "priority", Unset::Absent, int(value), &PRIORITY);
    defaults.fill(spec, path, "preemptionPolicy", Unset::Absent, text("PreemptLowerPriority"), &PRIORITY);
    defaults.additions
}
