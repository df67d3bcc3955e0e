//! A tcpSocket hook, which validation admits and no kubelet runs.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "tcp-hook",
    title: "A hook is a tcpSocket, which the kubelet cannot run.",
    why: "The API server takes it, and it fails whenever it is run: after a failed postStart the container is killed, after a failed preStop the stop goes on without it. Use exec, httpGet or sleep.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-implementations"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers(
            "lifecycle:\n  postStart:\n    tcpSocket: {port: 8080}\n  preStop:\n    exec: {command: [drain]}",
            "lifecycle:\n  preStop:\n    exec: {command: [drain]}",
        )
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        for (name, hook) in container.lifecycle.hooks() {
            let alone = hook.exec.is_none() && hook.http_get.is_none() && hook.sleep.is_none();
            let Some(socket) = hook.tcp_socket.as_ref().filter(|_| alone) else { continue };
            let message = match name {
                "postStart" => "This hook always fails, and the container is killed each time it starts.",
                _ => "This hook always fails, so nothing happens before the container's signal.",
            };
            let path = format!("{}.lifecycle.{name}.tcpSocket", container.path);
            let fix = ask.texts.remove_all(hook.span);
            found.push(Finding::new(socket.span, message).path(path).fix("Leave the hook out", fix));
        }
    }
}
