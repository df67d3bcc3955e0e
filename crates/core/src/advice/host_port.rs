//! A port of the node for pods of which there are several.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::GOOD_PRACTICES;
use podwhy_source::{Node, Severity};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "host-port",
    title: "Several replicas want the same port of their node.",
    why: "Only one pod of a node can have it: with more replicas than nodes the rest stay Pending, and an update waits for a free node. A Service reaches pods without it.",
    severity: Severity::Warning,
    doc: doc(GOOD_PRACTICES, "services"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let spec = "containers:\n- name: main\n  image: app:1\n  ports:\n  - containerPort: 80\n    hostPort: 80";
        super::example::Example::manifests(super::example::deployment(3, spec), super::example::deployment(1, spec))
    },
};

/// Kinds that make several pods of a template, wherever they fit.
const REPLICATED: &[&str] = &["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        let Some(owner) = pod.owner.as_ref().filter(|owner| REPLICATED.contains(&owner.kind)) else { continue };
        for port in container.ports.iter().filter(|port| port.host_port > 0) {
            let Some(span) = port.host_port_span else { continue };
            let replicas = ask.texts.node(owner.span).and_then(|node| node.get_path(&["spec", "replicas"]));
            let Some(replicas) = replicas.and_then(Node::as_int).filter(|replicas| *replicas > 1) else { continue };
            let message = format!("{replicas} replicas want port {} of their node.", port.host_port);
            let path = format!("{}.ports[{}].hostPort", container.path, port.index);
            let fix = ask.texts.remove(span);
            found.push(Finding::new(span, message).path(path).fix("Leave hostPort out", fix));
        }
    }
}
