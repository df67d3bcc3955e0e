//! An HTTPS hook under a release that sends it as plain HTTP.

use super::{AdviceRule, Ask, Finding};
use crate::rule::pages::HOOKS;
use crate::rule::{doc, lifecycle::HTTP_HOOK_REQUEST};
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "https-hook",
    title: "An HTTPS hook is sent as plain HTTP by this release.",
    why: "Before v1.25 the kubelet sends every httpGet hook as plain HTTP, without its headers. Serve the hook's path without TLS, or use exec.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-implementations"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let hook = |scheme| {
            format!(
                "ports:\n- containerPort: 8443\nlifecycle:\n  preStop:\n    httpGet: {{path: /, port: 8443, scheme: {scheme}}}"
            )
        };
        super::example::Example::containers(&hook("HTTPS"), &hook("HTTP")).release(22)
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if HTTP_HOOK_REQUEST.holds_in(ask.cluster.release) {
        return;
    }
    for (_, container) in ask.containers() {
        for (name, hook) in container.lifecycle.hooks() {
            let Some(get) = &hook.http_get else { continue };
            if get.scheme != "HTTPS" && get.headers.is_empty() {
                continue;
            }
            let what = if get.scheme == "HTTPS" { "`scheme: HTTPS` is" } else { "The headers are" };
            let message = format!("{what} not looked at by the kubelets of {}.", ask.cluster.release);
            let path = format!("{}.lifecycle.{name}.httpGet", container.path);
            found.push(Finding::new(get.span, message).path(path));
        }
    }
}
