//! A pull policy that the plug-in AlwaysPullImages overwrites.

use super::{AdviceRule, Ask, Finding};
use crate::image::PullPolicy;
use crate::release::AdmissionPlugin;
use crate::rule::doc;
use crate::rule::pages::ADMISSION_PLUGINS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "policy-overwritten",
    title: "The admission plug-in AlwaysPullImages overwrites the pull policy that is written.",
    why: "The stored pod has `Always`, whatever the manifest says: a restart needs the registry, and tools that compare see a difference. Write what the cluster makes of it.",
    severity: Severity::Info,
    doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers("imagePullPolicy: IfNotPresent", "imagePullPolicy: Always")
            .plugin(AdmissionPlugin::AlwaysPullImages)
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if !ask.cluster.admits_with(AdmissionPlugin::AlwaysPullImages) {
        return;
    }
    for image in ask.images().filter(|image| *image.policy == PullPolicy::Always) {
        let Some(container) = image.container else { continue };
        let Some(written) = container.image_pull_policy.as_ref() else { continue };
        if written.value != "IfNotPresent" && written.value != "Never" {
            continue;
        }
        let message = format!("`{}` becomes `Always`: AlwaysPullImages is on.", written.value);
        let fix = ask.set_policy(container, &PullPolicy::Always);
        let path = format!("{}.imagePullPolicy", container.path);
        found.push(Finding::new(written.span, message).path(path).fix("Write `Always`", fix));
    }
}
