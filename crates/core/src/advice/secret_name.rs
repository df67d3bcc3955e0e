//! A pull secret that is not given, while one that nobody names is.

use super::{AdviceRule, Ask, Finding};
use crate::api::Secret;
use crate::credentials::secrets::{self, PullSecret, SecretState};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use crate::schema::nearest::nearest;
use crate::trace::Written;
use podwhy_source::{Severity, Span};
use std::collections::BTreeMap;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "pull-secret-name",
    title: "A pod names a pull secret that is not given, and a pull secret of another name is given that nothing names.",
    why: "The kubelet looks for exactly this name. It reports FailedToRetrieveImagePullSecret and pulls without the Secret. Write the same name in both places.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "referring-to-an-imagepullsecrets-on-a-pod"),
    mends: &["pull-secret-missing"],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let spec = "imagePullSecrets:\n- name: regcred\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let text = |name| format!("{}{}", pod(spec), pull_secret(name, "default", &["reg.io"]));
        super::example::Example::manifests(text("regcred2"), text("regcred"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let counts = |secret: &&Secret| matches!(secrets::read(secret).0, SecretState::Used(_)) && !ask.is_named(secret);
    let unnamed: Vec<&Secret> = ask.secrets.iter().filter(counts).collect();
    if unnamed.is_empty() {
        return;
    }
    // An account's entry stands in one place and is used by many pods.
    let mut missing: BTreeMap<Span, &PullSecret> = BTreeMap::new();
    for listed in ask.pods.iter().flat_map(|asked| asked.pull_secrets) {
        let elsewhere = ask.secrets.iter().any(|secret| secret.name == listed.name);
        if let (SecretState::Missing, Some(at), false) = (&listed.state, listed.reason.at, elsewhere) {
            missing.insert(at, listed);
        }
    }
    let mut meant: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
    for (at, listed) in missing {
        let (asked, namespace) = (&listed.name, &listed.namespace);
        let Some(secret) = candidate(&unnamed, listed) else { continue };
        let message = format!("The pod asks for `{asked}`; the pull secret that is given is called `{}`.", secret.name);
        let entry = Written { value: asked.clone(), span: at };
        let title = format!("Ask for {}", secret.name);
        found.push(Finding::new(at, message).fix(title, ask.texts.replace(&entry, &secret.name)));
        let Some(name) = ask.name_of(secret.span) else { continue };
        let asked_for = meant.entry(name.span).or_default();
        if asked_for.contains(&asked.as_str()) {
            continue;
        }
        asked_for.push(asked);
        let message = format!(
            "Nothing in the namespace `{namespace}` names `{}`; a pod there asks for `{asked}`, which is not given.",
            name.value
        );
        found.push(Finding::new(name.span, message).fix(format!("Call it {asked}"), ask.texts.replace(&name, asked)));
    }
}

/// The Secret that may be meant: the only one, or the one whose name is nearest.
fn candidate<'a>(unnamed: &[&'a Secret], listed: &PullSecret) -> Option<&'a Secret> {
    let here = || unnamed.iter().filter(|secret| secret.namespace == listed.namespace);
    if here().count() == 1 {
        return here().next().copied();
    }
    let near = nearest(&listed.name, here().map(|secret| secret.name.as_str()))?;
    here().find(|secret| secret.name == near).copied()
}

#[cfg(test)]
mod tests {
    use super::super::example::{manifests, pod, pull_secret, secret};
    use crate::evaluate::Whole;

    fn told(secrets: &str) -> Vec<String> {
        let spec = "imagePullSecrets:\n- name: regcred\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let problems = Whole::of(manifests(pod(spec) + secrets)).problems();
        let ours = problems.into_iter().filter(|problem| problem.diagnostic.code == "pull-secret-name");
        ours.map(|problem| problem.fix.map(|fix| fix.title).unwrap_or_default()).collect()
    }

    #[test]
    fn both_lines_are_told_each_with_its_own_fix() {
        assert_eq!(told(&pull_secret("other", "default", &["reg.io"])), ["Ask for other", "Call it regcred"]);
    }

    #[test]
    fn of_several_the_nearest_name_is_meant_and_without_one_none() {
        let keys = ["reg.io"];
        let both = |a, b| pull_secret(a, "default", &keys) + &pull_secret(b, "default", &keys);
        assert_eq!(told(&both("db", "regcreds")), ["Ask for regcreds", "Call it regcred"]);
        assert!(told(&both("db", "other")).is_empty());
    }

    #[test]
    fn a_secret_of_another_type_or_namespace_or_one_that_is_named_is_not_meant() {
        assert!(told(&secret("regcred2", "default", "Opaque", "password", "x")).is_empty());
        assert!(told(&pull_secret("regcred2", "team", &["reg.io"])).is_empty());
        let named =
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nimagePullSecrets: [{name: regcred2}]\n";
        assert!(told(&(pull_secret("regcred2", "default", &["reg.io"]) + named)).is_empty());
    }
}
