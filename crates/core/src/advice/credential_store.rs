//! Credentials that lie in a store of the machine where somebody logged in.

use super::{AdviceRule, Ask, Finding};
use crate::credentials::docker_config::DockerConfig;
use crate::rule::doc;
use crate::rule::pages::PRIVATE_REGISTRY;
use podwhy_source::{Severity, Span};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "credential-store",
    title: "The credentials lie in a credential store that the kubelet does not ask.",
    why: "With credsStore or credHelpers the file names registries and holds no passwords. Log in without a store, or write the entry with `kubectl create secret docker-registry`.",
    severity: Severity::Warning,
    doc: doc(PRIVATE_REGISTRY, "log-in-to-docker-hub"),
    mends: &["node-file"],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{and, config, container, manifests};
        use crate::session::InputKind;
        let pod = || manifests(container("image: reg.io/app:1"));
        let stored = r#"{"auths": {"reg.io": {}}, "credsStore": "desktop"}"#;
        super::example::Example::new(
            and(pod(), InputKind::NodeConfig, stored),
            and(pod(), InputKind::NodeConfig, &config(&["reg.io"])),
        )
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if let Some((name, span)) = ask.node_config.and_then(store) {
        found.push(Finding::new(span, format!("The kubelet does not read {name} and asks no credential helper.")));
    }
    for asked in &ask.pods {
        for listed in asked.pull_secrets {
            let Some((name, _)) = listed.config().and_then(store) else { continue };
            let Some(at) = listed.reason.at else { continue };
            let finding =
                Finding::new(at, format!("The kubelet does not read {name} in the Secret `{}`.", listed.name));
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
    }
}

/// The store that is named, if there is an entry without credentials or none at all.
fn store(config: &DockerConfig) -> Option<(&str, Span)> {
    let empty = config.entries.iter().all(|entry| entry.credential.is_empty());
    let field = config.ignored.iter().find(|field| matches!(field.name.as_str(), "credsStore" | "credHelpers"))?;
    (empty || field.name == "credHelpers").then_some((field.name.as_str(), field.span))
}
