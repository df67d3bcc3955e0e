//! The limit of an account's pods to the Secrets that the account lists.

use super::name_span;
use crate::admission::Refusal;
use crate::api::{Container, Pod, Role, ServiceAccount};
use crate::go_bool::read_bool;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::admission as rules;
use crate::trace::{Change, Mark, Step, Written};
use podwhy_source::{Names, Span};

const ANNOTATION: &str = "kubernetes.io/enforce-mountable-secrets";

/// Whether the account sets the limit: its annotation holds what Go reads as true.
pub(super) fn is_enforced(account: &ServiceAccount) -> bool {
    account.metadata.annotation(ANNOTATION).is_some_and(|annotation| read_bool(&annotation.value) == Some(true))
}

/// The first Secret of the pod that the account does not list. Pull secrets copied from the account always pass, so
/// only the pod's own are looked at.
pub(super) fn check(pod: &Pod, account: &ServiceAccount, cluster: &Cluster) -> Result<Step, Refusal> {
    let looks_at_env_from = rules::MOUNTABLE_ENV_FROM.since.is_some_and(|since| since.holds_in(cluster.release));
    if let Some((rule, why, at)) = first_unlisted(pod, account, looks_at_env_from) {
        return Err(Refusal::forbidden(rule, pod, &why, at));
    }
    let finding = format!(
        "ServiceAccount `{}` allows only the Secrets that it lists, and the pod names no other.",
        account.metadata.name()
    );
    let at = account.metadata.annotation(ANNOTATION).map_or_else(|| name_span(account), |annotation| annotation.span);
    Ok(Step::new(&rules::MOUNTABLE_SECRETS, Mark::Yes, finding).at(at))
}

/// Where only the later look at `envFrom` refuses the pod.
pub(super) fn change(pod: &Pod, account: &ServiceAccount) -> Option<Change> {
    let since = rules::MOUNTABLE_ENV_FROM.since?;
    if !is_enforced(account) || first_unlisted(pod, account, false).is_some() {
        return None;
    }
    let (_, why, _) = first_unlisted(pod, account, true)?;
    Some(Change {
        since,
        before: "the pod is accepted: `envFrom` is not held against the Secrets that the account lists".to_owned(),
        after: format!("the pod is refused: {why}"),
    })
}

fn listed(names: &[Written<String>]) -> Names<'_> {
    names.iter().map(|name| name.value.as_str()).collect()
}

fn first_unlisted(pod: &Pod, account: &ServiceAccount, env_from: bool) -> Option<(&'static Rule, String, Span)> {
    let name = account.metadata.name();
    let mountable = listed(&account.secrets);
    let outside = |secret: &&Written<String>| mountable.number(&secret.value).is_none();
    let ending = format!("is not allowed because service account {name} does not reference that secret");

    if let Some(secret) = pod.volumes.iter().filter_map(|volume| volume.secret.as_ref()).find(outside) {
        let why = format!("volume with secret.secretName=\"{}\" {ending}", secret.value);
        return Some((&rules::MOUNTABLE_SECRETS, why, secret.span));
    }
    let in_container = |container: &Container| {
        let what = match container.role {
            Role::Init | Role::Sidecar => "init container",
            Role::Container => "container",
            Role::Ephemeral => return None,
        };
        let what = format!("{what} {}", container.name());
        if let Some(variable) = container.env_secrets.iter().find(|variable| outside(&&variable.secret)) {
            let secret = &variable.secret;
            let why = format!(
                "{what} with envVar {} referencing secret.secretName=\"{}\" {ending}",
                variable.variable, secret.value
            );
            return Some((&rules::MOUNTABLE_SECRETS, why, secret.span));
        }
        let secret = container.env_from_secrets.iter().filter(|_| env_from).find(outside)?;
        let why = format!("{what} with envFrom referencing secret.secretName=\"{}\" {ending}", secret.value);
        Some((&rules::MOUNTABLE_ENV_FROM, why, secret.span))
    };
    if let Some(found) = pod.containers.iter().find_map(in_container) {
        return Some(found);
    }
    let pull_secrets = listed(&account.image_pull_secrets);
    let own = pod.image_pull_secrets.iter().enumerate();
    let (index, secret) = own.into_iter().find(|(_, secret)| pull_secrets.number(&secret.value).is_none())?;
    let why = format!(
        "imagePullSecrets[{index}].name=\"{}\" is not allowed because service account {name} does not reference that \
         imagePullSecret",
        secret.value
    );
    Some((&rules::MOUNTABLE_SECRETS, why, secret.span))
}
