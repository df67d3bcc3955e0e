//! A pull secret that is listed twice.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;
use std::collections::BTreeSet;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "pull-secret-twice",
    title: "A pull secret is listed twice.",
    why: "Each entry is tried for itself: credentials that the registry refuses are sent twice. Perhaps another name was meant.",
    severity: Severity::Info,
    doc: doc(IMAGES, "specifying-imagepullsecrets-on-a-pod"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let spec = |second| {
            let spec = format!(
                "imagePullSecrets:\n- name: reg\n- name: {second}\ncontainers:\n- name: main\n  image: reg.io/app:1"
            );
            let other = pull_secret("other", "default", &["reg.io/app"]);
            format!("{}{}{other}", pod(&spec), pull_secret("reg", "default", &["reg.io"]))
        };
        super::example::Example::manifests(spec("reg"), spec("other"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        let list = &asked.pod.image_pull_secrets;
        let mut seen = BTreeSet::new();
        for (index, secret) in list.iter().enumerate().filter(|(_, secret)| !secret.value.is_empty()) {
            if seen.insert(&secret.value) {
                continue;
            }
            let fix = ask.texts.above(secret.span, 1).and_then(|element| ask.texts.remove(element));
            let message = format!("`{}` is listed already.", secret.value);
            let path = format!("{}.imagePullSecrets[{index}]", asked.pod.spec_path);
            found.push(Finding::new(secret.span, message).path(path).fix("Leave this entry out", fix));
        }
    }
}
