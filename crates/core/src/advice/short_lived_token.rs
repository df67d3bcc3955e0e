//! Credentials that are tokens for a few hours.

use super::{AdviceRule, Ask, Finding, keys};
use crate::rule::doc;
use crate::rule::pages::CREDENTIAL_PROVIDERS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "short-lived-token",
    title: "The credentials are a token that ends within hours.",
    why: "What is pulled today fails tomorrow on a node that does not have the image yet. Use a credential provider plug-in on the nodes, or something that renews the Secret.",
    severity: Severity::Warning,
    doc: doc(CREDENTIAL_PROVIDERS, ""),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{and, config, container, manifests};
        use crate::session::InputKind;
        let registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        let session = |user: &str| {
            let pod = container(&format!("image: {registry}/app:1"));
            and(manifests(pod), InputKind::NodeConfig, &config(&[registry]).replace("robot", user))
        };
        super::example::Example::new(session("AWS"), session("robot"))
    },
};

/// User names that cloud registries give to tokens, and how long these live.
const TOKENS: &[(&str, &str)] = &[
    ("AWS", "12 hours"),
    ("oauth2accesstoken", "an hour"),
    ("_dcgcloud_token", "an hour"),
    ("00000000-0000-0000-0000-000000000000", "3 hours"),
];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask) {
        let user = &asked.key.credential.username;
        let Some((_, life)) = TOKENS.iter().find(|(name, _)| name == user) else { continue };
        let message = format!("The user `{user}` of `{}` has a token, which lives {life}.", asked.key.written);
        found.push(Finding::new(asked.key.span, message));
    }
}
