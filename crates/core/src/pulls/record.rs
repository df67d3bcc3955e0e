//! What the kubelet remembers of an image that it pulled: with whose credentials it may be used.

use crate::image::reference::{self, Grammar};
use crate::release::Release;
use std::collections::BTreeMap;

/// A Secret whose credentials pulled an image. No part of it is secret: the content stands as a hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullSecretIdentity {
    /// The Secret's UID.
    pub uid: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// A hash of the credential; empty where it could not be computed.
    pub credential_hash: String,
}

impl PullSecretIdentity {
    /// What says that it is the same object, whatever its content; also the order of records.
    fn coordinates(&self) -> (&str, &str, &str) {
        (&self.namespace, &self.name, &self.uid)
    }

    /// Whether both are the same object.
    #[must_use]
    pub fn is_same_object(&self, other: &Self) -> bool {
        self.coordinates() == other.coordinates()
    }

    /// Whether both hold the same credential, as far as that is known.
    #[must_use]
    pub fn has_same_credential(&self, other: &Self) -> bool {
        !self.credential_hash.is_empty() && self.credential_hash == other.credential_hash
    }
}

/// A ServiceAccount whose token fetched the credentials that pulled an image. Ordered as records are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullServiceAccount {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID.
    pub uid: String,
}

/// Who may use an image under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedCredentials {
    /// Every pod of the node: it was pulled without credentials or with the node's own.
    pub node_pods_accessible: bool,
    /// Pods with one of these Secrets.
    pub secrets: Vec<PullSecretIdentity>,
    /// Pods with one of these ServiceAccounts.
    pub service_accounts: Vec<PullServiceAccount>,
}

/// The credentials that a pull succeeded with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PulledWith {
    /// None, or the node's.
    Node,
    /// A pull secret of the pod.
    Secret(PullSecretIdentity),
    /// A token of the pod's ServiceAccount.
    ServiceAccount(PullServiceAccount),
}

/// The record of one image: credentials by the name, without tag and digest, under which it was pulled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PulledRecord {
    /// `credentialMapping`.
    pub credentials: BTreeMap<String, RecordedCredentials>,
}

/// The name under which credentials are recorded: normalised, without tag and digest.
///
/// Source: pkg/kubelet/images/pullmanager/image_pull_manager.go trimImageTagDigest.
#[must_use]
pub fn recorded_name(image: &str, release: Release) -> Option<String> {
    reference::parse(image, Grammar::of(release)).ok().map(|reference| reference.name())
}

impl PulledRecord {
    /// Adds what a pull of `name` succeeded with; says whether that changed anything.
    ///
    /// Access of the whole node replaces everything else and is never narrowed.
    /// Source: image_pull_manager.go pulledRecordMergeNewCreds.
    pub fn merge(&mut self, name: &str, with: &PulledWith) -> bool {
        let entry = self.credentials.entry(name.to_owned()).or_default();
        if entry.node_pods_accessible {
            return false;
        }
        match with {
            PulledWith::Node => {
                *entry = RecordedCredentials { node_pods_accessible: true, ..RecordedCredentials::default() };
                true
            }
            PulledWith::Secret(secret) => {
                let same = |recorded: &PullSecretIdentity| recorded.is_same_object(secret);
                // Of two entries about one object the later counts.
                let recorded = entry.secrets.iter().rfind(|recorded| same(recorded));
                if recorded.is_some_and(|recorded| recorded.credential_hash == secret.credential_hash) {
                    return false;
                }
                entry.secrets.retain(|recorded| !same(recorded));
                entry.secrets.push(secret.clone());
                // Stable, so turning the list over keeps the later of equal ones.
                entry.secrets.reverse();
                entry.secrets.sort_by(|a, b| a.coordinates().cmp(&b.coordinates()));
                entry.secrets.dedup_by(|a, b| a.is_same_object(b));
                true
            }
            PulledWith::ServiceAccount(account) => {
                if entry.service_accounts.contains(account) {
                    return false;
                }
                entry.service_accounts.push(account.clone());
                entry.service_accounts.sort();
                entry.service_accounts.dedup();
                true
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn secret(name: &str, hash: &str) -> PullSecretIdentity {
        PullSecretIdentity {
            uid: format!("uid-{name}"),
            namespace: "default".to_owned(),
            name: name.to_owned(),
            credential_hash: hash.to_owned(),
        }
    }

    #[test]
    fn secrets_are_sorted_and_renewed() {
        let mut record = PulledRecord::default();
        for (name, hash, changed) in [("b", "1", true), ("a", "2", true), ("b", "1", false), ("b", "3", true)] {
            assert_eq!(record.merge("r.io/x", &PulledWith::Secret(secret(name, hash))), changed);
        }
        assert_eq!(record.credentials["r.io/x"].secrets, [secret("a", "2"), secret("b", "3")]);
    }

    #[test]
    fn of_two_entries_about_one_object_the_later_stays() {
        // mergePullSecrets puts the recorded ones into a map first.
        let mut record = PulledRecord::default();
        record.merge("r.io/x", &PulledWith::Secret(secret("a", "1")));
        let entry = record.credentials.get_mut("r.io/x").unwrap();
        entry.secrets = vec![secret("a", "1"), secret("a", "2")];
        assert!(!record.merge("r.io/x", &PulledWith::Secret(secret("a", "2"))));
        assert!(record.merge("r.io/x", &PulledWith::Secret(secret("b", "3"))));
        assert_eq!(record.credentials["r.io/x"].secrets, [secret("a", "2"), secret("b", "3")]);
    }

    #[test]
    fn access_of_the_node_replaces_and_stays() {
        let mut record = PulledRecord::default();
        record.merge("r.io/x", &PulledWith::Secret(secret("a", "1")));
        assert!(record.merge("r.io/x", &PulledWith::Node));
        assert!(!record.merge("r.io/x", &PulledWith::Secret(secret("a", "1"))));
        assert!(record.credentials["r.io/x"].secrets.is_empty());
    }
}
