//! What a pod needs of its handler beyond the name, held against what the Node's status says that the handler supports.

use super::{HandlerAnswer, Placement};
use crate::api::objects;
use crate::rule::Rule;
use crate::rule::runtime::{RECURSIVE_READ_ONLY_SUPPORTED, USER_NAMESPACES_SUPPORTED};
use crate::runtime::handlers::{Choice, HandlerFeatures};
use crate::trace::{Mark, Step};
use podwhy_source::{Node, Span};

/// Something that only some handlers support.
struct Need {
    what: &'static str,
    rule: &'static Rule,
    at: Span,
    met: fn(HandlerFeatures) -> bool,
}

impl Placement {
    /// Adds to each handler that would run the pod whether it supports what the pod needs. `pod` is the object that holds
    /// its `spec`.
    pub(super) fn weigh_features(&mut self, pod: &Node) {
        let needs = needs(pod);
        for answer in &mut self.handlers {
            let Choice::Runs(handler) = &answer.decision.outcome else { continue };
            let Some(features) = handler.features else { continue };
            let steps: Vec<Step> = needs.iter().map(|need| need.step(answer, features)).collect();
            answer.decision.trace.extend(steps);
        }
    }
}

impl Need {
    fn step(&self, answer: &HandlerAnswer, features: HandlerFeatures) -> Step {
        let node = answer.node.as_deref().unwrap_or_default();
        let met = (self.met)(features);
        let (mark, verb) = if met { (Mark::Yes, "supports") } else { (Mark::No, "does not support") };
        let then = if met { "." } else { ": the kubelet there does not start the pod." };
        let finding = format!("The handler of `{node}` {verb} {}{then}", self.what);
        let told = match &answer.decision.outcome {
            Choice::Runs(handler) => handler.span,
            Choice::Unknown { .. } => None,
        };
        Step::new(self.rule, mark, finding).at(self.at).because(told)
    }
}

fn needs(pod: &Node) -> Vec<Need> {
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let users = spec.get("hostUsers").filter(|users| users.as_bool() == Some(false));
    let users = users.map(|users| Need {
        what: "user namespaces, which `hostUsers: false` needs",
        rule: &USER_NAMESPACES_SUPPORTED,
        at: users.span,
        met: |features| features.user_namespaces,
    });
    let containers =
        ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(|list| objects(spec, list));
    let mounts = containers.flat_map(|(_, container)| objects(container, "volumeMounts"));
    let mut recursive = mounts.filter_map(|(_, mount)| mount.get("recursiveReadOnly"));
    let recursive = recursive.find(|value| value.as_text() == Some("Enabled")).map(|value| Need {
        what: "mounts that are read-only all the way down, which `recursiveReadOnly: Enabled` needs",
        rule: &RECURSIVE_READ_ONLY_SUPPORTED,
        at: value.span,
        met: |features| features.recursive_read_only_mounts,
    });
    users.into_iter().chain(recursive).collect()
}
