//! A postStart hook that waits for a container which is started only when the hook has ended.

use super::{AdviceRule, Ask, Finding};
use crate::api::lifecycle::IntOrString;
use crate::api::{Container, Role};
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use podwhy_source::{Severity, Span};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "post-start-waits",
    title: "A postStart hook waits for a container that comes later.",
    why: "The kubelet starts containers in their order and waits for each postStart hook: a later container is not started before this hook has ended. Put the other one first, or wait in the container itself.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-execution"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let app = "- name: app\n  image: app:1\n  lifecycle:\n    postStart:\n      exec:\n        command: [sh, -c, 'until nc -z localhost 5432; do sleep 1; done']\n";
        let db = "- name: db\n  image: db:1\n  ports:\n  - containerPort: 5432\n";
        let pod = |first: &str, second: &str| format!("containers:\n{first}{second}");
        super::example::Example::specs(&pod(app, db), &pod(db, app))
    },
};

/// Words of commands that wait for something else.
const WAITING: &[&str] = &["until", "while", "wait", "nc", "curl", "wget", "pg_isready", "mysqladmin", "redis-cli"];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        let regular = || asked.pod.containers.iter().filter(|container| container.role == Role::Container);
        for (index, container) in regular().enumerate() {
            let Some((at, ports)) = asked_for(container) else { continue };
            let own = |port: &i64| container.ports.iter().any(|declared| declared.is_numbered(*port));
            let serves = |later: &&Container| {
                let declared = &later.ports;
                ports.iter().any(|port| !own(port) && declared.iter().any(|declared| declared.is_numbered(*port)))
            };
            let Some(later) = regular().skip(index + 1).find(serves) else { continue };
            let message = format!(
                "The hook of `{}` waits for `{}`, which is started only after this hook has ended.",
                container.name(),
                later.name()
            );
            found.push(Finding::new(at, message).path(format!("{}.lifecycle.postStart", container.path)));
        }
    }
}

/// The ports that the hook asks for in the pod itself.
fn asked_for(container: &Container) -> Option<(Span, Vec<i64>)> {
    let hook = container.lifecycle.post_start.as_ref()?;
    if let Some(get) = &hook.http_get {
        let IntOrString::Int(port) = get.port else { return None };
        return matches!(get.host.as_str(), "" | "localhost" | "127.0.0.1").then(|| (get.span, vec![port]));
    }
    let exec = hook.exec.as_ref()?;
    let words: Vec<&str> =
        exec.value.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c))).collect();
    let waits = words.iter().any(|word| WAITING.iter().any(|waiting| word.starts_with(waiting)));
    waits.then(|| (exec.span, words.iter().filter_map(|word| word.parse().ok()).collect()))
}
