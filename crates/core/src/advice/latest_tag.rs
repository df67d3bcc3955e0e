//! `latest`, written or not.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "latest-tag",
    title: "An image without a tag, or with the tag `latest`, is another image tomorrow.",
    why: "What runs changes with the registry, node by node and restart by restart, and a roll-back brings nothing back. Name a version, or a digest.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "image-names"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || super::example::Example::containers("image: nginx", "image: nginx:1.27.3"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for image in ask.images() {
        let Some(reference) = image.reference.filter(|reference| reference.digest.is_none()) else { continue };
        let Some(tag) = reference.tag.as_ref().filter(|tag| tag.value == "latest") else { continue };
        let message = if tag.is_implied() {
            format!("`{}` names no tag, which means `latest`.", image.written.value)
        } else {
            format!("`{}` is whatever the registry calls `latest` at the time of the pull.", image.written.value)
        };
        found.push(Finding::new(image.written.span, message).path(&image.path));
    }
}
