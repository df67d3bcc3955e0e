//! A pull secret that serves no image of the pods that name it.

use super::{AdviceRule, Ask, AskedPod, Finding};
use crate::credentials::keyring::{Source, Verdict};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::{Severity, Span};
use std::collections::BTreeMap;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "idle-pull-secret",
    title: "A pull secret can match no image of the pod.",
    why: "The pull goes on without it, and a private image fails. Compare host, port and path of its keys with the image's name, part by part, in the view of the credentials.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let text = |key| format!("{}{}", pod(spec), pull_secret("reg", "default", &[key]));
        super::example::Example::manifests(text("registry.example.com"), text("reg.io"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    // An account's entry stands in one place and is used by many pods: one that it serves is enough.
    let mut idle: BTreeMap<Span, Option<Finding>> = BTreeMap::new();
    for asked in &ask.pods {
        for (position, listed) in asked.pull_secrets.iter().enumerate() {
            let has_keys = listed.config().is_some_and(|config| !config.entries.is_empty());
            let Some(at) = listed.reason.at.filter(|_| has_keys) else { continue };
            let Some(serves) = serves(asked, position) else { continue };
            let keys: Vec<String> = asked
                .keys
                .iter()
                .filter(|key| is_of(&key.source, position))
                .take(3)
                .map(|key| format!("`{}`", key.normalised.as_deref().unwrap_or(&key.written)))
                .collect();
            let message = format!(
                "`{}` serves no image of {}: its keys are {}.",
                listed.name,
                asked.pod.words(),
                keys.join(", ")
            );
            let entry = idle.entry(at).or_insert_with(|| Some(Finding::new(at, message)));
            if serves {
                *entry = None;
            }
        }
    }
    found.extend(idle.into_values().flatten());
}

/// Whether one of the secret's keys serves an image; `None` if no image is looked up.
fn serves(asked: &AskedPod, position: usize) -> Option<bool> {
    let lookups: Vec<_> = asked.images.iter().filter_map(|image| image.lookup).collect();
    if lookups.is_empty() {
        return None;
    }
    let matches = |verdict: &Verdict| !matches!(verdict, Verdict::NoMatch | Verdict::Dropped);
    let of_secret = |key: usize| asked.keys.get(key).is_some_and(|key| is_of(&key.source, position));
    Some(lookups.iter().any(|lookup| lookup.cells.iter().any(|cell| of_secret(cell.key) && matches(&cell.verdict))))
}

fn is_of(source: &Source, wanted: usize) -> bool {
    matches!(source, Source::Secret { position, .. } if *position == wanted)
}
