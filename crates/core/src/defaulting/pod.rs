//! A pod as the API server stores it. Upstream: pkg/apis/core/v1/zz_generated.defaults.go SetObjectDefaults_Pod and
//! pkg/apis/core/v1/defaults.go SetDefaults_Pod, SetDefaults_PodSpec.

use super::amounts;
use super::container::Surroundings;
use super::edit::{Addition, Defaults, Unset, child_or_new, children, int, text};
use super::pod_level;
use crate::api::Pod;
use crate::api::container::Role;
use crate::feature::Feature;
use crate::image::PullPolicy;
use crate::image::pull_policy::{decide_pod, decide_volume};
use crate::release::Cluster;
use crate::rule::defaulting as rules;
use crate::trace::Decision;
use podwhy_source::{Map, Node, Value};
use std::collections::BTreeMap;

/// The `terminationGracePeriodSeconds` of a pod that says none.
const GRACE_SECONDS: i64 = 30;

/// The `terminationGracePeriodSeconds` that a pod is stored with.
#[must_use]
pub fn grace_seconds(pod: &Pod) -> i64 {
    pod.lifecycle.grace_seconds.as_ref().map_or(GRACE_SECONDS, |grace| grace.value)
}

/// A pod with everything that the API server filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPod {
    /// The tree. What was filled in has the place of the object that it was filled into.
    pub node: Node,
    /// What was filled in or changed, part by part of the pod.
    pub additions: Vec<Addition>,
}

/// The pod as it is stored when it is created, before admission. `node` is the object that holds `metadata` and `spec`
/// of `pod`: a Pod, or a workload's template, whose pods get the same.
#[must_use]
pub fn default_pod(node: &Node, pod: &Pod, cluster: &Cluster) -> StoredPod {
    let mut defaults = Defaults { cluster, additions: Vec::new() };
    let mut node = node.clone();
    let policies: BTreeMap<&str, Decision<PullPolicy>> =
        pod.containers.iter().map(|container| container.path.as_str()).zip(decide_pod(pod, None, cluster)).collect();
    let path = pod.spec_path.as_str();
    if let Some(spec) = child_or_new(&mut node, "spec") {
        let host_ports = spec.get("hostNetwork").and_then(Node::as_bool) == Some(true);
        for role in [Role::Init, Role::Container, Role::Ephemeral] {
            let usual = role != Role::Ephemeral;
            let surroundings = Surroundings { host_ports: usual && host_ports, requests: usual };
            for (index, container) in children(spec, role.field()) {
                let path = format!("{path}.{}[{index}]", role.field());
                defaults.container(container, &path, policies.get(path.as_str()), surroundings);
            }
        }
        for (index, volume) in children(spec, "volumes") {
            let path = format!("{path}.volumes[{index}]");
            let view = pod.volumes.iter().find(|view| view.path == path);
            let policy = view
                .and_then(|view| decide_volume(view, None, cluster))
                .and_then(|decision| Some(Decision { outcome: decision.outcome?, trace: decision.trace }));
            defaults.volume(volume, &path, policy.as_ref());
        }
        defaults.spec(spec, path);
        if cluster.has(Feature::PodLevelResources) {
            pod_level::fill(&mut defaults, spec, pod);
        }
        amounts::round(&mut defaults, spec, path, "overhead");
    }
    StoredPod { node, additions: defaults.additions }
}

impl Defaults<'_> {
    fn spec(&mut self, spec: &mut Node, path: &str) {
        self.fill(spec, path, "restartPolicy", Unset::Zero, text("Always"), &rules::RESTART_POLICY);
        let grace = &rules::GRACE_PERIOD;
        self.fill(spec, path, "terminationGracePeriodSeconds", Unset::Absent, int(GRACE_SECONDS), grace);
        self.fill(spec, path, "dnsPolicy", Unset::Zero, text("ClusterFirst"), &rules::DNS_POLICY);
        self.fill(spec, path, "enableServiceLinks", Unset::Absent, Value::Bool(true), &rules::SERVICE_LINKS);
        let empty = Value::Map(Map::default());
        self.fill(spec, path, "securityContext", Unset::Absent, empty, &rules::SECURITY_CONTEXT);
        self.fill(spec, path, "schedulerName", Unset::Zero, text("default-scheduler"), &rules::SCHEDULER_NAME);
    }
}
