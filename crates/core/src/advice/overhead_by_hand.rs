//! An overhead that somebody wrote into the pod.

use super::{AdviceRule, Ask, Finding};
use crate::feature::Feature;
use crate::rule::doc;
use crate::rule::pages::OVERHEAD;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "overhead-by-hand",
    title: "The pod's overhead is written by hand.",
    why: "The API server copies it from the RuntimeClass and refuses any other: what is written is needless at best. Leave it out.",
    severity: Severity::Warning,
    doc: doc(OVERHEAD, ""),
    mends: &["runtime-class-refuses"],
    check,
    #[cfg(test)]
    example: || {
        let rest = "runtimeClassName: kata\ncontainers:\n- name: main\n  image: app:1";
        super::example::Example::specs(&format!("overhead:\n  cpu: 250m\n  memory: 120Mi\n{rest}"), rest)
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if !ask.cluster.has(Feature::PodOverhead) {
        return;
    }
    for pod in ask.pods.iter().map(|asked| asked.pod) {
        let Some(overhead) = &pod.placement.overhead else { continue };
        let message = "The RuntimeClass defines the overhead; the pod should not.";
        let path = format!("{}.overhead", pod.spec_path);
        let fix = ask.texts.remove(overhead.span);
        found.push(Finding::new(overhead.span, message).path(path).fix("Leave the overhead out", fix));
    }
}
