//! A grace of 0 or 1 s.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::POD_LIFECYCLE;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "no-grace",
    title: "The pod's grace is 0 or 1 s.",
    why: "Without a grace no preStop hook is run, connections are cut and files stay half written; the process still gets at most 2 s. Leave the field out for 30 s.",
    severity: Severity::Warning,
    doc: doc(POD_LIFECYCLE, "pod-termination"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let spec = |grace| format!("terminationGracePeriodSeconds: {grace}\ncontainers:\n- name: main\n  image: app:1");
        super::example::Example::specs(&spec(0), &spec(20))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        let pod = asked.pod;
        let Some(grace) = pod.lifecycle.grace_seconds.as_ref().filter(|grace| matches!(grace.value, 0 | 1)) else {
            continue;
        };
        let hook = pod.containers.iter().any(|container| container.lifecycle.pre_stop.is_some());
        let message = match (grace.value, hook) {
            (0, true) => "With a grace of 0 s the preStop hook is not run.".to_owned(),
            (seconds, _) => format!("With a grace of {seconds} s nothing can end in order."),
        };
        let path = format!("{}.terminationGracePeriodSeconds", pod.spec_path);
        let fix = ask.texts.remove(grace.span);
        found.push(Finding::new(grace.span, message).path(path).fix("Leave the field out", fix));
    }
}
