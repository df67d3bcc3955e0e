//! Two pull secrets for the same registry.

use super::{AdviceRule, Ask, Finding};
use crate::credentials::keyring::Source;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;
use std::collections::BTreeMap;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "registry-twice",
    title: "Two pull secrets have the same key.",
    why: "The kubelet tries one after the other until one is let in, and errors of both stand in the event. Other tools take the first and never try the second.",
    severity: Severity::Info,
    doc: doc(IMAGES, "use-cases"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let spec = "imagePullSecrets:\n- name: one\n- name: two\ncontainers:\n- name: main\n  image: reg.io/app:1\n- name: side\n  image: other.io/app:1";
        let text = |key| {
            let second = pull_secret("two", "default", &[key]);
            format!("{}{}{second}", pod(spec), pull_secret("one", "default", &["reg.io"]))
        };
        super::example::Example::manifests(text("reg.io"), text("other.io"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        let mut first: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for key in asked.keys {
            let (Source::Secret { position, name }, Some(normalised)) = (&key.source, &key.normalised) else {
                continue;
            };
            let (known, known_name) = *first.entry(normalised).or_insert((*position, name));
            let at = asked.pull_secrets.get(*position).and_then(|listed| listed.reason.at);
            let Some(at) = at.filter(|_| known != *position && known_name != name) else { continue };
            let message = format!("`{name}` and `{known_name}` both have the key `{normalised}`.");
            let finding = Finding::new(at, message);
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
}
