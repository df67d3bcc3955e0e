//! A preStop hook in a pod that ends by itself.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "pre-stop-at-end",
    title: "A preStop hook stands in a pod that ends by itself.",
    why: "The hook runs only when something stops the container: not when it is done, crashes or runs out of memory. Do at the command's end what must be done each time.",
    severity: Severity::Info,
    doc: doc(HOOKS, "container-hooks"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let spec = |policy| {
            format!(
                "restartPolicy: {policy}\ncontainers:\n- name: main\n  image: app:1\n  lifecycle:\n    preStop:\n      exec: {{command: [upload]}}"
            )
        };
        super::example::Example::specs(&spec("Never"), &spec("Always"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        let policy = pod.lifecycle.restart_policy.as_ref().map_or("Always", |policy| policy.value.as_str());
        let Some(hook) = container.lifecycle.pre_stop.as_ref().filter(|_| matches!(policy, "Never" | "OnFailure"))
        else {
            continue;
        };
        let message = format!("With restartPolicy `{policy}` the hook is not run when `{}` is done.", container.name());
        found.push(Finding::new(hook.span, message).path(format!("{}.lifecycle.preStop", container.path)));
    }
}
