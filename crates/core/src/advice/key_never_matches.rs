//! A key that no image can have.

use super::{AdviceRule, Ask, Finding, keys};
use crate::credentials::advice::AdviceKind;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "key-never-matches",
    title: "A key of credentials can match no image at all.",
    why: "It is a host, perhaps with a port, and perhaps with the beginning of a path: stars work only inside one label of the host, and tags have no place in it.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || super::example::Example::keys("reg.io/team/app:1", "reg.io/*", "reg.io"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask) {
        let key = asked.key;
        // Docker Hub's names have a rule of their own.
        let never = |kind: AdviceKind| !matches!(kind, AdviceKind::HubPath | AdviceKind::HubAlias);
        let Some(advice) = key.advice.iter().find(|advice| advice.never_matches && never(advice.kind)) else {
            continue;
        };
        let shorter = key.written.trim_end_matches(['*', '/']);
        let starred = advice.kind == AdviceKind::PathLetter && key.written.ends_with("/*") && !shorter.contains('*');
        let fix = if starred { asked.rewritten(ask, shorter) } else { None };
        let message = format!("`{}`: {}", key.written, advice.step.finding);
        found.push(Finding::new(key.span, message).fix(format!("Write `{shorter}`"), fix));
    }
}
