//! A pull policy in other letters than the API server knows.

use super::{AdviceRule, Ask, Finding};
use crate::image::PullPolicy;
use crate::rule::pages::IMAGES;
use crate::rule::{doc, image::POLICY_UNSUPPORTED};
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "misspelt-policy",
    title: "The pull policy is right but for its letters.",
    why: "Letter case and white space count.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "image-pull-policy"),
    mends: &[POLICY_UNSUPPORTED.id],
    check,
    #[cfg(test)]
    example: || super::example::Example::containers("imagePullPolicy: always", "imagePullPolicy: Always"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let Some(written) = &container.image_pull_policy else { continue };
        let PullPolicy::Other(name) = PullPolicy::from_name(&written.value) else { continue };
        let plain = name.trim().replace(['-', '_', ' '], "");
        let Some(meant) = PullPolicy::ALL.into_iter().find(|policy| policy.name().eq_ignore_ascii_case(&plain)) else {
            continue;
        };
        let message = format!("`{name}` is meant to be `{meant}`.");
        let fix = ask.set_policy(container, &meant);
        let path = format!("{}.imagePullPolicy", container.path);
        found.push(Finding::new(written.span, message).path(path).fix(format!("Write `{meant}`"), fix));
    }
}
