//! The plug-in ServiceAccount: which account a pod runs as, and which pull secrets it brings. The
//! token that it also mounts is in [`token`]. Upstream: plugin/pkg/admission/serviceaccount/admission.go.

mod mountable;
pub mod token;

use super::{Operation, Refusal, Request};
use crate::api::{Object, Pod, ServiceAccount};
use crate::quote::quote;
use crate::release::{AdmissionPlugin, Cluster};
use crate::rule::admission as rules;
use crate::trace::{Change, Decision, Field, Mark, Origin, Step, Written};
use podwhy_source::{Node, Span};
use serde::Serialize;

/// The account of pods that name none.
pub const DEFAULT_ACCOUNT: &str = "default";
const MIRROR_ANNOTATION: &str = "kubernetes.io/config.mirror";

/// What is known of the cluster's service accounts.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Sorted by name and namespace; of equal ones the last counts.
    accounts: Vec<&'a ServiceAccount>,
    /// The Secrets among which an account's token may be; `None` if there may be accounts and Secrets besides.
    all_secrets: Option<&'a [Object]>,
}

impl<'a> Known<'a> {
    /// The accounts that were given, in any namespaces; of several with one name the last counts, as applying them one
    /// after another leaves it. The cluster may hold others: an account that is not given is taken to exist, with no
    /// pull secrets and no limits, and every account to have its token.
    #[must_use]
    pub fn some(accounts: &'a [ServiceAccount]) -> Self {
        let mut accounts: Vec<&ServiceAccount> = accounts.iter().collect();
        accounts.sort_by(|one, other| key(one).cmp(&key(other)));
        Self { accounts, all_secrets: None }
    }

    /// All accounts and all Secrets of the cluster: what is not here does not exist.
    #[must_use]
    pub fn all(accounts: &'a [ServiceAccount], secrets: &'a [Object]) -> Self {
        Self { all_secrets: Some(secrets), ..Self::some(accounts) }
    }

    /// The account of this name, if it was given.
    #[must_use]
    pub fn account(&self, name: &str, namespace: &str) -> Option<&'a ServiceAccount> {
        let behind = self.accounts.partition_point(|account| key(account) <= (name, namespace));
        let account = self.accounts.get(behind.checked_sub(1)?)?;
        Some(*account).filter(|account| key(account) == (name, namespace))
    }

    /// An account of this name, in whatever namespace.
    fn elsewhere(&self, name: &str) -> Option<&'a ServiceAccount> {
        let first = self.accounts.partition_point(|account| account.metadata.name() < name);
        self.accounts.get(first).copied().filter(|account| account.metadata.name() == name)
    }
}

fn key(account: &ServiceAccount) -> (&str, &str) {
    (account.metadata.name(), account.metadata.namespace())
}

/// A pod that the plug-in lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Admitted {
    /// The account that the pod runs as; `""` where the plug-in sets none.
    pub account: String,
    /// Where the account stands; `None` if it was not given.
    pub account_span: Option<Span>,
    /// The pull secrets that the kubelet will see, in order: written in the pod, or merged from the account. Names may
    /// be empty or stand twice.
    pub pull_secrets: Vec<Field<String>>,
}

/// What becomes of the pod: the changing pass and the checking pass in one.
#[must_use]
pub fn admit(pod: &Pod, known: &Known, request: &Request, cluster: &Cluster) -> Decision<Result<Admitted, Refusal>> {
    let written = pod.service_account().map_or(String::new(), |name| name.value.clone());
    let as_written = || Admitted { account: written.clone(), account_span: None, pull_secrets: own_secrets(pod) };
    let let_through = |step: Step| Decision { outcome: Ok(as_written()), trace: vec![step.at(pod.span)] };
    if !cluster.admits_with(AdmissionPlugin::ServiceAccount) {
        let finding =
            "The admission plug-in ServiceAccount is off: the pod gets no account and no pull secrets from one.";
        return let_through(Step::new(&rules::ACCOUNT_PLUGIN, Mark::No, finding));
    }
    if request.operation != Operation::Create || !request.subresource.is_empty() {
        let finding = format!(
            "The plug-in ServiceAccount passes over {}: account and pull secrets were settled when the pod was created.",
            request.words()
        );
        return let_through(Step::new(&rules::ACCOUNT_PLUGIN, Mark::No, finding));
    }
    if let Some(annotation) = pod.metadata.annotation(MIRROR_ANNOTATION) {
        return match mirror_pod(pod, cluster) {
            Some(refusal) => refused(Vec::new(), refusal),
            None => {
                let finding = "This is a mirror pod of a static pod: it gets no account and no pull secrets from one.";
                let_through(Step::new(&rules::MIRROR_POD, Mark::Note, finding).at(annotation.span))
            }
        };
    }

    let (name, step) = account_name(pod);
    let mut trace = vec![step];
    let account = match find(pod, &name, known) {
        Ok((account, step)) => {
            trace.push(step);
            account
        }
        Err(refusal) => return refused(trace, refusal),
    };
    if let Some(refusal) = account.and_then(|account| missing_token(pod, account, known, cluster)) {
        return refused(trace, refusal);
    }
    let (pull_secrets, step) = pull_secrets(pod, &name, account);
    trace.push(step);
    if let Some(account) = account.filter(|account| mountable::is_enforced(account)) {
        match mountable::check(pod, account, cluster) {
            Ok(step) => trace.push(step),
            Err(refusal) => return refused(trace, refusal),
        }
    }
    let account_span = account.map(name_span);
    Decision { outcome: Ok(Admitted { account: name, account_span, pull_secrets }), trace }
}

/// Where another release decides otherwise about the same pod and accounts.
#[must_use]
pub fn changes(pod: &Pod, known: &Known, request: &Request, cluster: &Cluster) -> Vec<Change> {
    let account = acts(pod, request, cluster).then(|| known.account(&account_name(pod).0, &pod.namespace)).flatten();
    account.and_then(|account| mountable::change(pod, account)).into_iter().collect()
}

/// Whether the plug-in changes the pod.
#[must_use]
pub fn acts(pod: &Pod, request: &Request, cluster: &Cluster) -> bool {
    cluster.admits_with(AdmissionPlugin::ServiceAccount)
        && request.operation == Operation::Create
        && request.subresource.is_empty()
        && pod.metadata.annotation(MIRROR_ANNOTATION).is_none()
}

fn refused(mut trace: Vec<Step>, refusal: Refusal) -> Decision<Result<Admitted, Refusal>> {
    trace.push(Step::new(refusal.rule, Mark::No, format!("The pod is refused: {}", refusal.message)).at(refusal.at));
    Decision { outcome: Err(refusal), trace }
}

fn own_secrets(pod: &Pod) -> Vec<Field<String>> {
    let field = |name: &Written<String>| Field { value: name.value.clone(), origin: Origin::Written(name.span) };
    pod.image_pull_secrets.iter().map(field).collect()
}

/// What a mirror pod may not name. The account is looked at first.
fn mirror_pod(pod: &Pod, cluster: &Cluster) -> Option<Refusal> {
    let refuse = |why: &str, at: Span| Some(Refusal::forbidden(&rules::MIRROR_POD, pod, why, at));
    if let Some(name) = pod.service_account() {
        return refuse("a mirror pod may not reference service accounts", name.span);
    }
    let skips_empty = rules::EMPTY_SECRET_NAMES.since.is_some_and(|since| since.holds_in(cluster.release));
    if let Some(name) = pod.secrets().find(|name| !(skips_empty && name.value.is_empty())) {
        return refuse("a mirror pod may not reference secrets", name.span);
    }
    let token = pod.volumes.iter().find_map(|volume| volume.projected_token)?;
    refuse("a mirror pod may not use ServiceAccountToken volume projections", token)
}

fn account_name(pod: &Pod) -> (String, Step) {
    let step = |finding: String| Step::new(&rules::ACCOUNT_NAME, Mark::Note, finding);
    let Some(name) = pod.service_account() else {
        let finding = format!("The pod names no service account, so it runs as `{DEFAULT_ACCOUNT}`.");
        return (DEFAULT_ACCOUNT.to_owned(), step(finding).at(pod.span));
    };
    let current = pod.service_account_name.as_ref() == Some(name);
    let other = pod.deprecated_service_account.as_ref().filter(|old| current && old.value != name.value);
    let finding = match other {
        Some(old) => format!(
            "The pod runs as `{}`: `serviceAccountName` counts, and the old field `serviceAccount` (`{}`) does not.",
            name.value, old.value
        ),
        None if current => format!("The pod runs as the service account `{}`.", name.value),
        None => format!("The pod runs as `{}`, which stands in the old field `serviceAccount`.", name.value),
    };
    (name.value.clone(), step(finding).at(name.span).because(other.map(|old| old.span)))
}

fn find<'a>(pod: &Pod, name: &str, known: &Known<'a>) -> Result<(Option<&'a ServiceAccount>, Step), Refusal> {
    let at = pod.service_account().map_or(pod.span, |name| name.span);
    if let Some(account) = known.account(name, &pod.namespace) {
        let finding = format!("ServiceAccount `{name}` of namespace `{}` is given.", pod.namespace);
        let step = Step::new(&rules::ACCOUNT_EXISTS, Mark::Yes, finding).at(name_span(account)).because(at);
        return Ok((Some(account), step));
    }
    if known.all_secrets.is_some() {
        let why = format!(
            "error looking up service account {}/{name}: serviceaccount {} not found",
            pod.namespace,
            quote(name)
        );
        return Err(Refusal::forbidden(&rules::ACCOUNT_EXISTS, pod, &why, at));
    }
    let elsewhere = known.elsewhere(name);
    let hint = elsewhere.map_or(String::new(), |account| {
        format!(" The one that is given is in namespace `{}` and does not count.", account.metadata.namespace())
    });
    let finding = format!(
        "ServiceAccount `{name}` of namespace `{}` is not given here: it is taken to exist and to have no pull secrets. If \
         it does not exist, the pod is refused.{hint}",
        pod.namespace
    );
    let step = Step::new(&rules::ACCOUNT_EXISTS, Mark::Note, finding).at(at).because(elsewhere.map(name_span));
    Ok((None, step))
}

fn name_span(account: &ServiceAccount) -> Span {
    account.metadata.name.as_ref().map_or(account.span, |name| name.span)
}

/// The pod's own pull secrets if it lists any entry, even a nameless one; else the account's.
fn pull_secrets(pod: &Pod, name: &str, account: Option<&ServiceAccount>) -> (Vec<Field<String>>, Step) {
    let rule = &rules::ACCOUNT_PULL_SECRETS;
    let theirs = account.map_or(&[][..], |account| &account.image_pull_secrets);
    if let (Some(first), Some(last)) = (pod.image_pull_secrets.first(), pod.image_pull_secrets.last()) {
        let finding = match theirs {
            [] => "The pod lists pull secrets itself, and those count.".to_owned(),
            theirs => format!(
                "The pod lists pull secrets itself, so those of ServiceAccount `{name}` ({}) are not added.",
                names(theirs)
            ),
        };
        let step = Step::new(rule, Mark::No, finding).at(first.span.to(last.span));
        return (own_secrets(pod), step.because(theirs.first().map(|secret| secret.span)));
    }
    let Some((first, last)) = theirs.first().zip(theirs.last()) else {
        let finding = match account {
            Some(_) => format!("Neither the pod nor ServiceAccount `{name}` lists pull secrets."),
            None => format!("The pod lists no pull secrets, and none are known of ServiceAccount `{name}`."),
        };
        return (Vec::new(), Step::new(rule, Mark::Note, finding).at(account.map_or(pod.span, name_span)));
    };
    let copied = theirs
        .iter()
        .map(|secret| Field { value: secret.value.clone(), origin: Origin::Merged { rule, from: Some(secret.span) } });
    let finding = format!(
        "The pod lists no pull secrets, so those of ServiceAccount `{name}` are copied into it: {}. Later changes of the \
         account do not reach the pod.",
        names(theirs)
    );
    (copied.collect(), Step::new(rule, Mark::Yes, finding).at(first.span.to(last.span)).because(pod.span))
}

/// At most a handful of names, for a sentence.
fn names(secrets: &[Written<String>]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<_> = secrets.iter().take(SHOWN).map(|secret| format!("`{}`", secret.value)).collect();
    let more = secrets.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Older releases mount a token Secret and refuse the pod while the account has none.
fn missing_token(pod: &Pod, account: &ServiceAccount, known: &Known, cluster: &Cluster) -> Option<Refusal> {
    let ended = rules::ACCOUNT_TOKEN.until.is_some_and(|until| until.holds_in(cluster.release));
    let wants = pod.automount_service_account_token.as_ref().or(account.automount_service_account_token.as_ref());
    if ended || wants.is_some_and(|wants| !wants.value) {
        return None;
    }
    let is_token = |secret: &&Object| {
        account.secrets.iter().any(|name| name.value == secret.metadata.name()) && is_token_of(secret, account)
    };
    if known.all_secrets?.iter().any(|secret| is_token(&secret)) {
        return None;
    }
    // An error of the API server's own, which is not wrapped into a refusal by admission.
    let message = format!(
        "No API token found for service account {}, retry after the token is automatically created and added to the service \
         account",
        quote(account.metadata.name())
    );
    Some(Refusal { rule: &rules::ACCOUNT_TOKEN, message, code: 500, at: Some(name_span(account)) })
}

/// Upstream: pkg/serviceaccount/util.go IsServiceAccountToken.
fn is_token_of(secret: &Object, account: &ServiceAccount) -> bool {
    let annotation = |key| secret.metadata.annotation(key).map_or("", |value| &value.value);
    let uid = annotation("kubernetes.io/service-account.uid");
    secret.node.get("type").and_then(Node::as_text) == Some("kubernetes.io/service-account-token")
        && secret.metadata.namespace() == account.metadata.namespace()
        && annotation("kubernetes.io/service-account.name") == account.metadata.name()
        && (uid.is_empty() || uid == account.uid)
}

#[cfg(test)]
mod tests;
