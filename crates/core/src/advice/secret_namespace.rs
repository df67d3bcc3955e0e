//! A pull secret that lies in another namespace than the pod.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::Secret;
use crate::credentials::secrets::{self, SecretState};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use crate::trace::Written;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "pull-secret-namespace",
    title: "A pull secret lies in another namespace than the pod that names it.",
    why: "The kubelet looks only in the pod's namespace. It reports FailedToRetrieveImagePullSecret and pulls without the Secret. Each namespace needs its own copy.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "referring-to-an-imagepullsecrets-on-a-pod"),
    mends: &["pull-secret-missing"],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let text = |namespace| format!("{}{}", pod(spec), pull_secret("reg", namespace, &["reg.io"]));
        super::example::Example::manifests(text("team"), text("default"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        for listed in asked.pull_secrets.iter().filter(|listed| listed.state == SecretState::Missing) {
            let Some(at) = listed.reason.at else { continue };
            let elsewhere = ask.secrets.iter().rev().find(|secret| secret.name == listed.name);
            let Some(secret) = elsewhere.filter(|secret| secret.namespace != listed.namespace) else { continue };
            let counts = matches!(secrets::read(secret).0, SecretState::Used(_));
            let fix = (counts && !ask.is_named(secret)).then(|| moved(ask, secret, &listed.namespace)).flatten();
            let title = format!("Put the Secret into the namespace {}", listed.namespace);
            found.push(Finding::new(at, &listed.reason.finding).fix(title, fix));
        }
    }
}

fn moved(ask: &Ask, secret: &Secret, namespace: &str) -> Option<Edit> {
    let metadata = ask.texts.node(secret.span)?.get("metadata")?;
    match metadata.get("namespace") {
        Some(node) => {
            let written = Written { value: node.as_text()?.to_owned(), span: node.span };
            ask.texts.replace(&written, namespace)
        }
        None => ask.texts.insert(metadata.span, "name", "namespace", &format!("\"{namespace}\"")),
    }
}
