//! A key that is meant for Docker Hub and does not stand for it.

use super::{AdviceRule, Ask, Finding, keys};
use crate::credentials::advice::AdviceKind;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "hub-key",
    title: "A key is meant for Docker Hub and does not stand for it.",
    why: "Docker Hub is `docker.io`, `index.docker.io` or `https://index.docker.io/v1/`, with the slash at its end; names of its servers match no image.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || super::example::Example::keys("team/app:1", "registry-1.docker.io", "https://index.docker.io/v1/"),
};

/// What kubectl writes when nothing else is said.
const HUB: &str = "https://index.docker.io/v1/";

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask) {
        let key = asked.key;
        let hub = |kind| matches!(kind, AdviceKind::HubPath | AdviceKind::HubAlias);
        let Some(advice) = key.advice.iter().find(|advice| hub(advice.kind)) else { continue };
        let path = key.normalised.as_deref().and_then(|key| key.strip_prefix("index.docker.io/"));
        let new = match path {
            Some(path) if !matches!(path, "v1" | "v2") => format!("docker.io/{path}"),
            _ => HUB.to_owned(),
        };
        let fix = if asked.serves() { None } else { asked.rewritten(ask, &new) };
        found.push(Finding::new(key.span, &advice.step.finding).fix(format!("Write `{new}`"), fix));
    }
}
