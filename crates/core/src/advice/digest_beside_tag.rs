//! A digest behind a tag: the tag only looks as if it mattered.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "digest-beside-tag",
    title: "An image with a digest has a tag too.",
    why: "The digest alone decides what is pulled; the tag is not looked at, and who changes only the tag changes nothing. Keep one of them.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "image-names"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let digest = "sha256:bc02c6b5e5d2c5a5c3c4ea7a0d7b3d4ac35ef8d0a2a0b4a4e0fbe9f0ab9aab11";
        let image = |tag: &str| format!("image: reg.example.com/app{tag}@{digest}");
        super::example::Example::containers(&image(":stable"), &image(""))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for image in ask.images() {
        let Some(reference) = image.reference else { continue };
        let (Some(tag), Some(_)) = (&reference.tag, &reference.digest) else { continue };
        let Some(range) = &tag.written else { continue };
        let text = &image.written.value;
        let colon = range.start.saturating_sub(1);
        let without = [text.get(..colon), text.get(range.end..)].into_iter().flatten().collect::<String>();
        let message = format!("The digest decides; the tag `{}` is not looked at.", tag.value);
        let fix = ask.texts.replace(image.written, &without);
        found.push(Finding::new(image.written.span, message).path(&image.path).fix("Leave the tag out", fix));
    }
}
