//! The images of a node, and what its kubelet remembers of them.

use crate::credentials::docker_config::Credential;
use crate::credentials::keyring::{Keyrings, Lookup, Source};
use crate::credentials::secrets::{PullSecret, read};
use crate::feature::Feature;
use crate::image::Reference;
use crate::image::reference::{self, Grammar};
use crate::pulls::record::{PullSecretIdentity, PullServiceAccount, PulledWith};
use crate::pulls::verification::{PodCredentials, Remembered, record_pull};
use crate::release::Release;
use crate::scenario::answers::full;
use crate::scenario::split_name;
use crate::scenario::{CameBy, ImageOnNode, Registry};
use crate::simulation::world::World;
use crate::time::Duration;
use std::collections::BTreeMap;

/// The images of one node.
pub(super) struct Store {
    release: Release,
    /// By full name.
    images: BTreeMap<String, Stored>,
    /// What the kubelet remembers, by the image's identity.
    records: BTreeMap<String, Remembered>,
    /// Every credential that was met, so that equal ones have equal names; none of it is ever printed.
    credentials: Vec<(String, String)>,
}

/// An image on the node.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// The digest, or where it is not known a name of its own.
    pub identity: String,
    pub inspect_error: Option<String>,
    pub came_by: Option<CameBy>,
}

impl Store {
    /// The images that the scenario puts on a node.
    pub fn new(world: &World, node: &str) -> Self {
        let release = world.cluster.release;
        let mut store = Self { release, images: BTreeMap::new(), records: BTreeMap::new(), credentials: Vec::new() };
        let given = world.scenario.nodes.iter().filter(|given| given.name == node);
        let registry = Registry::new(&world.scenario, release);
        for given in given.flat_map(|given| &given.images) {
            let Ok(image) = reference::parse(&given.image, Grammar::of(release)) else { continue };
            store.add(given, &image, &registry, world);
        }
        store
    }

    fn add(&mut self, given: &ImageOnNode, image: &Reference, registry: &Registry, world: &World) {
        let digest = given.digest.clone().or_else(|| registry.digest_at(image, Duration::ZERO));
        let identity = digest.unwrap_or_else(|| full(image));
        let stored = Stored {
            identity: identity.clone(),
            inspect_error: given.inspect_error.clone(),
            came_by: Some(given.came_by),
        };
        if self.images.contains_key(&full(image)) {
            return;
        }
        self.images.insert(full(image), stored);
        let with = match given.came_by {
            CameBy::Preloaded => return,
            CameBy::Anonymous | CameBy::Node => PulledWith::Node,
            CameBy::Secret => {
                let (namespace, name) = split_name(given.secret.as_deref().unwrap_or_default());
                PulledWith::Secret(self.given_secret(namespace, name, image, world))
            }
            CameBy::ServiceAccount => {
                let (namespace, name) = split_name(given.service_account.as_deref().unwrap_or_default());
                PulledWith::ServiceAccount(PullServiceAccount {
                    namespace: namespace.to_owned(),
                    name: name.to_owned(),
                    uid: String::new(),
                })
            }
        };
        self.remember(&identity, &given.image, &with);
    }

    /// A Secret by its name; with what it holds for the image, if it was given.
    fn given_secret(&mut self, namespace: &str, name: &str, image: &Reference, world: &World) -> PullSecretIdentity {
        let secret = world.secrets.iter().rev().find(|secret| secret.namespace == namespace && secret.name == name);
        let credential = secret.and_then(|secret| {
            let (state, reason) = read(secret);
            let (name, namespace) = (name.to_owned(), namespace.to_owned());
            let secret = PullSecret { name, namespace, secret: Some(secret.span), state, reason };
            let lookup = Keyrings::new(&[secret], None).lookup(&image.name());
            lookup.attempts().next().map(|attempt| attempt.credential.clone())
        });
        self.secret(namespace, name, credential.as_ref())
    }

    fn secret(&mut self, namespace: &str, name: &str, credential: Option<&Credential>) -> PullSecretIdentity {
        let credential_hash = credential.map(|credential| self.credential_name(credential)).unwrap_or_default();
        PullSecretIdentity {
            uid: String::new(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            credential_hash,
        }
    }

    /// A name for a credential; equal credentials have equal names. Stands where the kubelet has a hash.
    fn credential_name(&mut self, credential: &Credential) -> String {
        let pair = (credential.username.clone(), credential.password.clone());
        let at = self.credentials.iter().position(|known| *known == pair).unwrap_or_else(|| {
            self.credentials.push(pair);
            self.credentials.len() - 1
        });
        format!("credential-{at}")
    }

    /// The image of this name, if it is there. One that is named by its digest is there under any tag of its repository.
    pub fn find(&self, image: &Reference) -> Option<&Stored> {
        self.images.get(&full(image)).or_else(|| {
            let digest = &image.digest.as_ref()?.value;
            let of_repository = format!("{}:", image.name());
            self.images
                .iter()
                .find(|(name, stored)| name.starts_with(&of_repository) && stored.identity == *digest)
                .map(|(_, stored)| stored)
        })
    }

    /// What the kubelet remembers of an image that is there.
    pub fn remembered(&self, identity: &str) -> Remembered {
        self.records.get(identity).cloned().unwrap_or(Remembered::Nothing)
    }

    /// Keeps what a check changed in a record.
    pub fn set_record(&mut self, identity: &str, remembered: Remembered) {
        self.records.insert(identity.to_owned(), remembered);
    }

    fn remember(&mut self, identity: &str, image: &str, with: &PulledWith) {
        let before = self.remembered(identity);
        if let Some(record) = record_pull(&before, image, with, self.release) {
            self.set_record(identity, Remembered::Record(record));
        }
    }

    /// An image was pulled.
    pub fn pulled(&mut self, image: &Reference, digest: Option<String>, with: &PulledWith) {
        let identity = digest.unwrap_or_else(|| full(image));
        self.remember(&identity, &image.image, with);
        let stored = Stored { identity, inspect_error: None, came_by: None };
        self.images.insert(full(image), stored);
    }

    /// The credentials of a pod that match an image.
    pub fn credentials_of(&mut self, namespace: &str, lookup: &Lookup, world: &World, pod: usize) -> PodCredentials {
        let attempts = lookup.attempts().filter_map(|attempt| match &attempt.source {
            Source::Secret { name, .. } => Some((name.as_str(), &attempt.credential)),
            _ => None,
        });
        let secrets = attempts.map(|(name, credential)| self.secret(namespace, name, Some(credential))).collect();
        let by_token = lookup.attempts().any(|attempt| works_with_tokens(&attempt.source, world));
        let service_account = world.pods.get(pod).filter(|_| by_token).map(|facts| facts.service_account.clone());
        PodCredentials { secrets, service_account }
    }

    /// What a pull succeeded with, as it is recorded.
    pub fn with(
        &mut self,
        namespace: &str,
        source: Option<&Source>,
        credential: Option<&Credential>,
        world: &World,
        pod: usize,
    ) -> PulledWith {
        match (source, world.pods.get(pod)) {
            (Some(Source::Secret { name, .. }), _) => PulledWith::Secret(self.secret(namespace, name, credential)),
            (Some(source), Some(facts)) if works_with_tokens(source, world) => {
                PulledWith::ServiceAccount(facts.service_account.clone())
            }
            _ => PulledWith::Node,
        }
    }
}

/// Whether a credential comes from a plug-in that is given a token of the pod's ServiceAccount.
fn works_with_tokens(source: &Source, world: &World) -> bool {
    let Source::Provider { name, .. } = source else { return false };
    world.cluster.has(Feature::KubeletServiceAccountTokenForCredentialProviders)
        && world.providers.providers.iter().any(|provider| provider.name == *name && provider.token.is_some())
}
