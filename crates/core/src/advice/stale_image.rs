//! `IfNotPresent` with a tag that moves.

use super::{AdviceRule, Ask, Finding};
use crate::image::PullPolicy;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use crate::scenario::full_name;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "stale-image",
    title: "With `IfNotPresent`, a tag that moves is a different image on each node.",
    why: "A node that has the tag never asks again, so each node keeps what the tag meant when it pulled first. Name a version that stays, or write `Always`.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "updating-images"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers("image: app:nightly", "image: app:nightly\nimagePullPolicy: Always")
    },
};

/// Tags that are made to be moved.
const MOVING: &[&str] = &[
    "latest",
    "main",
    "master",
    "dev",
    "develop",
    "development",
    "edge",
    "nightly",
    "canary",
    "snapshot",
    "head",
    "staging",
    "testing",
    "unstable",
    "rolling",
];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let release = ask.cluster.release;
    let images = ask.scenario.map(|scenario| scenario.images.as_slice()).unwrap_or_default();
    let moved: Vec<String> = images
        .iter()
        .filter(|image| !image.moves.is_empty())
        .filter_map(|image| full_name(&image.image, release))
        .collect();
    for image in ask.images().filter(|image| *image.policy == PullPolicy::IfNotPresent) {
        let Some(reference) = image.reference.filter(|reference| reference.digest.is_none()) else { continue };
        let Some(tag) = &reference.tag else { continue };
        let by_scenario = full_name(&image.written.value, release).is_some_and(|name| moved.contains(&name));
        if !by_scenario && !MOVING.contains(&tag.value.as_str()) {
            continue;
        }
        let message = if by_scenario {
            format!("The scenario moves `{}`, and nodes that have it do not notice.", image.written.value)
        } else {
            format!("The tag `{}` moves, and nodes that have the image do not notice.", tag.value)
        };
        let fix = image.container.and_then(|container| ask.set_policy(container, &PullPolicy::Always));
        found.push(Finding::new(image.written.span, message).path(&image.path).fix("Write `Always`", fix));
    }
}
