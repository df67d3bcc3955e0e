//! What is taken for granted about a pod's place, and what is not asked about it.

use super::asked::Asked;
use crate::api::{RuntimeClass, list};
use crate::scenario::Assumption;
use podwhy_source::Node;

impl Asked<'_> {
    /// What nobody said about the pod's place.
    pub(super) fn assumptions(&self, class: Option<&RuntimeClass>) -> Vec<Assumption> {
        let mut assumptions = self.ground.assumptions.clone();
        if let Some(class) = class
            && self.ground.runtimes.is_empty()
        {
            let text = format!(
                "No runtime's configuration was given, so the nodes' runtime is taken to have the handler `{}`.",
                class.handler()
            );
            assumptions.push(Assumption::new("runtime", text));
        }
        if class.is_some_and(|class| class.api_version.ends_with("/v1alpha1")) {
            let text = "The API server is taken to serve node.k8s.io/v1alpha1, which must be switched on.";
            assumptions.push(Assumption::new("runtimeClass", text));
        }
        if self.pod.owner.as_ref().is_some_and(|owner| owner.kind == "DaemonSet") {
            let text = "A DaemonSet makes one pod for each node that fits; its controller adds tolerations for cordoned nodes and for nodes under pressure, which are not in this answer.";
            assumptions.push(Assumption::new("pods", text));
        } else if self.pod.owner.is_some() {
            let text = "One pod is looked at: room that further replicas take is not counted.";
            assumptions.push(Assumption::new("pods", text));
        }
        assumptions
    }
}

/// What else of the pod decides about its place and is not asked here: further filters of the scheduler, another
/// scheduler, gates. `pod` is the object that holds its `spec`.
pub(super) fn not_asked(pod: &Node) -> Vec<Assumption> {
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let mut assumptions = Vec::new();
    let claim = |volume: &Node| volume.get("persistentVolumeClaim").is_some() || volume.get("ephemeral").is_some();
    let filters = [
        ("InterPodAffinity", spec.get_path(&["affinity", "podAffinity"]).is_some()),
        ("InterPodAffinity", spec.get_path(&["affinity", "podAntiAffinity"]).is_some()),
        ("PodTopologySpread", list(spec, "topologySpreadConstraints").next().is_some()),
        ("VolumeBinding", list(spec, "volumes").any(claim)),
        ("DynamicResources", list(spec, "resourceClaims").next().is_some()),
    ];
    let mut names: Vec<&str> = filters.iter().filter(|(_, asked)| *asked).map(|(name, _)| *name).collect();
    names.dedup();
    if !names.is_empty() {
        let text = format!(
            "The scheduler also asks {} about this pod; what they say is not in this answer, so fewer nodes may remain.",
            names.join(" and ")
        );
        assumptions.push(Assumption::new("scheduler", text));
    }
    let scheduler = spec.get("schedulerName").and_then(Node::as_text).unwrap_or_default();
    if !matches!(scheduler, "" | "default-scheduler") {
        let text = format!("The scheduler `{scheduler}` is taken to decide as the default scheduler does.");
        assumptions.push(Assumption::new("scheduler", text));
    }
    if list(spec, "schedulingGates").next().is_some() {
        let text = "The pod has scheduling gates: until they are taken away no node is looked for, and its STATUS is SchedulingGated.";
        assumptions.push(Assumption::new("scheduler", text));
    }
    assumptions
}
