//! `Never` with an image that no node is known to have.

use super::{AdviceRule, Ask, Finding};
use crate::image::PullPolicy;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use crate::scenario::full_name;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "never-absent",
    title: "The pull policy is `Never`, and no node is known to have the image.",
    why: "With `Never` the kubelet asks no registry: on a node without the image the container waits with ErrImageNeverPull. Say in the scenario which nodes have it, or let it be pulled.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "image-pull-policy"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use crate::session::InputKind;
        let pod = super::example::container("image: app:1\nimagePullPolicy: Never");
        let scenario = "version: 1\nnodes:\n- name: node-1\n  images: [{image: 'docker.io/library/app:1'}]\n";
        let bad = super::example::manifests(&pod);
        let good = super::example::and(super::example::manifests(&pod), InputKind::Scenario, scenario);
        super::example::Example::new(bad, good)
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let release = ask.cluster.release;
    let nodes = ask.scenario.map(|scenario| scenario.nodes.as_slice()).unwrap_or_default();
    let known: Vec<String> =
        nodes.iter().flat_map(|node| &node.images).filter_map(|on| full_name(&on.image, release)).collect();
    for image in ask.images().filter(|image| *image.policy == PullPolicy::Never && image.reference.is_some()) {
        if full_name(&image.written.value, release).is_some_and(|name| known.contains(&name)) {
            continue;
        }
        let message = if known.is_empty() {
            format!("`{}` is never pulled, and nothing says that a node has it.", image.written.value)
        } else {
            format!("`{}` is never pulled, and no node of the scenario has it.", image.written.value)
        };
        let fix = image.container.and_then(|container| ask.set_policy(container, &PullPolicy::IfNotPresent));
        let at = image.container.and_then(|container| container.image_pull_policy.as_ref());
        let at = at.map_or(image.written.span, |policy| policy.span);
        found.push(Finding::new(at, message).path(&image.path).fix("Write `IfNotPresent`", fix));
    }
}
