//! A preStop hook that runs `sleep` in the container, where the kubelet could wait itself.

use super::{AdviceRule, Ask, Finding};
use crate::feature::Feature;
use crate::lifecycle::commands;
use crate::rule::doc;
use crate::rule::pages::HOOKS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "shell-sleep",
    title: "A preStop hook runs `sleep` in the container.",
    why: "An image without a shell or without `sleep` fails the hook, and the stop goes on at once. The sleep handler waits in the kubelet and needs nothing of the image.",
    severity: Severity::Info,
    doc: doc(HOOKS, "hook-handler-implementations"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers(
            "lifecycle:\n  preStop:\n    exec:\n      command: [sleep, '5']",
            "lifecycle:\n  preStop:\n    sleep: {seconds: 5}",
        )
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if !ask.cluster.has(Feature::PodLifecycleSleepAction) {
        return;
    }
    for (pod, container) in ask.containers() {
        let Some(hook) = &container.lifecycle.pre_stop else { continue };
        let Some(exec) = &hook.exec else { continue };
        let Some(seconds) = commands::only_sleeps(&exec.value) else { continue };
        let grace = pod.lifecycle.grace_seconds.as_ref().map_or(30, |grace| grace.value);
        let message = format!("`{}` needs a `sleep` command for this hook.", container.name());
        let path = format!("{}.lifecycle.preStop.exec", container.path);
        // A sleep beyond the grace would be refused.
        let fits = (1..=grace).contains(&seconds) && hook.sleep.is_none();
        let json = format!("{{\"seconds\": {seconds}}}");
        let fix = fits.then(|| ask.texts.replace_entry(exec.span, "sleep", &json)).flatten();
        found.push(Finding::new(exec.span, message).path(path).fix("Use the sleep handler", fix));
    }
}
