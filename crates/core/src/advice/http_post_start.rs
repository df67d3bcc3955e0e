//! An httpGet postStart hook asks a server that has only just been started.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "http-post-start",
    title: "A postStart hook sends a request to a server that has only just been started.",
    why: "The hook is sent once, right after the container's start, and not again: if the server does not listen yet, the container is killed. Answers with an error status count as success. A startup probe does not delay it: wait in an exec hook that tries again for a limited time, or do the work at the server's own start.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-execution"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let ports = "ports:\n- containerPort: 8080\n";
        let hook = |name| format!("{ports}lifecycle:\n  {name}:\n    httpGet: {{path: /warm, port: 8080}}");
        super::example::Example::containers(&hook("postStart"), &hook("preStop"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let hook = container.lifecycle.post_start.as_ref();
        let Some(get) = hook.and_then(|hook| hook.http_get.as_ref()) else { continue };
        if !matches!(get.host.as_str(), "" | "localhost" | "127.0.0.1") {
            continue;
        }
        let message = format!("`{}` is asked once, perhaps before it listens.", container.name());
        let path = format!("{}.lifecycle.postStart.httpGet", container.path);
        found.push(Finding::new(get.span, message).path(path));
    }
}
