//! A preStop hook that needs all of the grace, or more.

use super::{AdviceRule, Ask, Finding};
use crate::api::{Container, Pod};
use crate::defaulting::grace_seconds;
use crate::feature::Feature;
use crate::lifecycle::commands;
use crate::rule::pages::HOOKS;
use crate::rule::{doc, validation::HOOK_SLEEP};
use podwhy_source::{Severity, Span};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "hook-outlives-grace",
    title: "A preStop hook takes as long as the pod's grace, or longer.",
    why: "The hook's time is taken from the grace: when it is used up, the container gets its signal and, in most releases, only 2 s more. Make terminationGracePeriodSeconds longer than hook and shutdown together.",
    severity: Severity::Warning,
    doc: doc(HOOKS, "hook-handler-execution"),
    mends: &[HOOK_SLEEP.id],
    check,
    #[cfg(test)]
    example: || {
        let hook =
            |seconds| format!("lifecycle:\n  preStop:\n    exec:\n      command: [sh, -c, 'sync; sleep {seconds}']");
        super::example::Example::containers(&hook(60), &hook(5))
    },
};

/// What is left for the process itself.
const SHUTDOWN: i64 = 10;

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (pod, container) in ask.containers() {
        let Some((at, seconds)) = wait(ask, container) else { continue };
        let grace = grace_seconds(pod);
        if seconds < grace || grace < 1 {
            continue;
        }
        let message = format!("The hook waits {seconds} s, and the whole grace is {grace} s.");
        let wanted = seconds.saturating_add(SHUTDOWN);
        let path = format!("{}.lifecycle.preStop", container.path);
        let title = format!("Write terminationGracePeriodSeconds: {wanted}");
        found.push(Finding::new(at, message).path(path).fix(title, longer(ask, pod, container, wanted)));
    }
}

/// How long the hook waits, and where it says so.
fn wait(ask: &Ask, container: &Container) -> Option<(Span, i64)> {
    let hook = container.lifecycle.pre_stop.as_ref()?;
    match (&hook.sleep, &hook.exec) {
        (Some(sleep), None) if ask.cluster.has(Feature::PodLifecycleSleepAction) => Some((sleep.span, sleep.value)),
        (_, Some(exec)) => Some((exec.span, commands::sleeps(&exec.value)?)),
        _ => None,
    }
}

fn longer(ask: &Ask, pod: &Pod, container: &Container, wanted: i64) -> Option<super::Edit> {
    if let Some(written) = &pod.lifecycle.grace_seconds {
        return ask.texts.replace_number(written, wanted);
    }
    let spec = ask.texts.above(container.span, 2)?;
    ask.texts.insert(spec, "restartPolicy", "terminationGracePeriodSeconds", &wanted.to_string())
}
