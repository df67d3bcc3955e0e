//! A pull secret of another type than pull secrets have.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::Secret;
use crate::credentials::docker_config::Format;
use crate::credentials::secrets::{self, SecretState};
use crate::rule::doc;
use crate::rule::pages::PRIVATE_REGISTRY;
use crate::trace::Written;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "pull-secret-type",
    title: "A pull secret is of a type that the kubelet passes over.",
    why: "Only Secrets of type kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg count, each with its own key; others are passed over without an event. The type of a stored Secret cannot be changed: delete it and create it anew.",
    severity: Severity::Warning,
    doc: doc(PRIVATE_REGISTRY, "create-a-secret-based-on-existing-credentials"),
    mends: &["pull-secret-unused"],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{config, pod, secret};
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let text = |kind| {
            format!("{}{}", pod(spec), secret("reg", "default", kind, ".dockerconfigjson", &config(&["reg.io"])))
        };
        super::example::Example::manifests(text("Opaque"), text("kubernetes.io/dockerconfigjson"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        for listed in asked.pull_secrets {
            let passed_over = matches!(listed.state, SecretState::WrongType | SecretState::NoData);
            let Some(at) = listed.reason.at.filter(|_| passed_over) else { continue };
            let given = ask.secrets.iter().rev();
            let secret = given.clone().find(|one| one.name == listed.name && one.namespace == listed.namespace);
            let meant = secret.and_then(|secret| Some((secret, meant(secret)?)));
            let fix = meant.and_then(|(secret, format)| retyped(ask, secret, format));
            let title = meant.map_or("", |(_, format)| format.secret_type());
            let finding = Finding::new(at, &listed.reason.finding);
            found.push(finding.fix(format!("Make it a Secret of type {title}"), fix));
        }
    }
}

/// The format whose key the Secret has.
fn meant(secret: &Secret) -> Option<Format> {
    [Format::DockerConfigJson, Format::DockerCfg].into_iter().find(|format| secret.value(format.data_key()).is_some())
}

/// The change of the type, if the Secret then counts.
fn retyped(ask: &Ask, secret: &Secret, format: Format) -> Option<Edit> {
    let kind = format.secret_type();
    let span = secret.kind.as_ref().map_or(secret.span, |kind| kind.span);
    let after = Secret { kind: Some(Written { value: kind.to_owned(), span }), ..secret.clone() };
    if !matches!(secrets::read(&after).0, SecretState::Used(_)) {
        return None;
    }
    match &secret.kind {
        Some(written) => ask.texts.replace(written, kind),
        None => ask.texts.insert(secret.span, "kind", "type", &format!("\"{kind}\"")),
    }
}
