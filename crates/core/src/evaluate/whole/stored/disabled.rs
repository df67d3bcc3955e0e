//! Fields that the API server knows and does not store, because their feature gate is off.

use super::super::effective::Removal;
use super::Changes;
use crate::defaulting::edit::{child, children, entry};
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::{Rule, api as rules};
use podwhy_source::{Node, Span, Value};

/// Fields of the pod's spec, each with its gate.
static OF_SPEC: [(Feature, &str, &Rule); 4] = [
    (Feature::HostnameOverride, "hostnameOverride", &rules::HOSTNAME_OVERRIDE_DROPPED),
    (Feature::PodLevelResources, "resources", &rules::POD_RESOURCES_DROPPED),
    (Feature::PodOverhead, "overhead", &rules::OVERHEAD_DROPPED),
    (Feature::EphemeralContainers, "ephemeralContainers", &rules::EPHEMERAL_CONTAINERS_DROPPED),
];

/// Where containers stand in the spec.
const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Takes them out of a pod that is created. A gate that the release does not know yet has fields that it does not know
/// either: those are told where the object is decoded.
///
/// Upstream: pkg/api/pod/util.go dropDisabledFields, called after the plug-ins have changed the pod.
pub(super) fn drop(changes: &mut Changes, cluster: &Cluster) {
    let off = |gate: Feature| gate.spec(cluster.release).is_some() && !cluster.has(gate);
    let Some(spec) = child(&mut changes.node, "spec") else { return };
    let mut gone = Gone(&mut changes.removals);
    for (gate, key, rule) in &OF_SPEC {
        if off(*gate) {
            gone.field(spec, key, rule);
        }
    }
    if off(Feature::ImageVolume) {
        gone.image_volumes(spec);
    }
    for list in CONTAINERS {
        for (_, container) in children(spec, list) {
            let is_init = list == "initContainers";
            if is_init && off(Feature::SidecarContainers) {
                gone.field(container, "restartPolicy", &rules::SIDECARS_DROPPED);
            }
            if off(Feature::ContainerRestartRules) {
                let always = container.get("restartPolicy").and_then(Node::as_text) == Some("Always");
                if !(is_init && always) {
                    gone.field(container, "restartPolicy", &rules::RESTART_RULES_DROPPED);
                }
                gone.field(container, "restartPolicyRules", &rules::RESTART_RULES_DROPPED);
            }
            if off(Feature::PodLifecycleSleepAction) {
                gone.sleep_hooks(container);
            }
            if off(Feature::ContainerStopSignals) {
                gone.within(container, "lifecycle", "stopSignal", &rules::STOP_SIGNAL_DROPPED);
            }
            if off(Feature::ProbeTerminationGracePeriod) {
                for probe in ["livenessProbe", "startupProbe"] {
                    if let Some(probe) = child(container, probe) {
                        gone.field(probe, "terminationGracePeriodSeconds", &rules::PROBE_GRACE_DROPPED);
                    }
                }
            }
            if off(Feature::EnvFiles) {
                for (_, variable) in children(container, "env") {
                    if let Some(source) = child(variable, "valueFrom") {
                        gone.field(source, "fileKeyRef", &rules::FILE_KEY_DROPPED);
                    }
                }
            }
        }
    }
}

/// What was taken out.
struct Gone<'r>(&'r mut Vec<Removal>);

impl Gone<'_> {
    fn add(&mut self, span: Span, rule: &'static Rule) {
        self.0.push(Removal { span, rule, because: Some(span) });
    }

    fn field(&mut self, node: &mut Node, key: &str, rule: &'static Rule) {
        let Value::Map(map) = &mut node.value else { return };
        for entry in map.entries.extract_if(.., |entry| entry.key == key) {
            self.add(entry.value.span, rule);
        }
    }

    /// Takes a field out of the object under `key`, and that object too if nothing is left in it.
    fn within(&mut self, node: &mut Node, key: &str, field: &str, rule: &'static Rule) {
        let Some(inner) = child(node, key).filter(|inner| inner.get(field).is_some()) else { return };
        self.field(inner, field, rule);
        if inner.as_map().is_some_and(|map| map.entries.is_empty()) {
            self.field(node, key, rule);
        }
    }

    fn sleep_hooks(&mut self, container: &mut Node) {
        let rule = &rules::SLEEP_DROPPED;
        let Some(lifecycle) = child(container, "lifecycle") else { return };
        let before = self.0.len();
        for hook in ["preStop", "postStart"] {
            self.within(lifecycle, hook, "sleep", rule);
        }
        if self.0.len() > before && lifecycle.as_map().is_some_and(|map| map.entries.is_empty()) {
            self.field(container, "lifecycle", rule);
        }
    }

    /// The volumes go as a whole, and their mounts with them.
    fn image_volumes(&mut self, spec: &mut Node) {
        let mut names = Vec::new();
        let of_image = |volume: &Node| volume.get("image").is_some();
        for volume in self.elements(spec, "volumes", of_image) {
            names.extend(volume.get("name").and_then(Node::as_text).map(str::to_owned));
        }
        let mounts = |mount: &Node| {
            mount.get("name").and_then(Node::as_text).is_some_and(|name| names.iter().any(|known| known == name))
        };
        for list in CONTAINERS {
            for (_, container) in children(spec, list) {
                self.elements(container, "volumeMounts", mounts);
            }
        }
    }

    /// Takes elements out of the list under `key`, and the list if none is left.
    fn elements(&mut self, node: &mut Node, key: &str, out: impl Fn(&Node) -> bool) -> Vec<Node> {
        let rule = &rules::IMAGE_VOLUMES_DROPPED;
        let Some(Node { value: Value::List(items), .. }) = entry(node, key) else { return Vec::new() };
        let taken: Vec<Node> = items.extract_if(.., |item| out(item)).collect();
        let is_empty = items.is_empty();
        taken.iter().for_each(|item| self.add(item.span, rule));
        if is_empty && !taken.is_empty() {
            self.field(node, key, rule);
        }
        taken
    }
}
