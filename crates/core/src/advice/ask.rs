//! What the rules of advice look at: what was given, and what the earlier stages said about it.

use super::{Edit, Texts};
use crate::api::node::Node;
use crate::api::{ConfigMap, Container, Pod, RuntimeClass, Secret, Service, ServiceAccount};
use crate::credentials::docker_config::DockerConfig;
use crate::credentials::keyring::{Key, Lookup};
use crate::credentials::secrets::PullSecret;
use crate::image::{PullPolicy, Reference};
use crate::release::Cluster;
use crate::runtime::files::NodeRuntime;
use crate::scenario::Scenario;
use crate::trace::Written;
use podwhy_source::{Diagnostic, Span};

/// Everything that advice is given about.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// What the first answers found.
    pub known: &'a [Diagnostic],
    /// The texts, for changes in them.
    pub texts: Texts<'a>,
    /// The manifests' pods.
    pub pods: Vec<AskedPod<'a>>,
    /// The Secrets that were given.
    pub secrets: &'a [Secret],
    /// The ServiceAccounts that were given.
    pub accounts: &'a [ServiceAccount],
    /// The ConfigMaps that were given.
    pub config_maps: Vec<ConfigMap>,
    /// The Services that were given.
    pub services: Vec<Service>,
    /// The RuntimeClasses that were given.
    pub classes: Vec<RuntimeClass>,
    /// The nodes that were given.
    pub nodes: Vec<Node>,
    /// The credentials of the node's file, read or not by the kubelet.
    pub node_config: Option<&'a DockerConfig>,
    /// The scenario, if one is given.
    pub scenario: Option<&'a Scenario>,
    /// The nodes' container runtimes whose configuration was given.
    pub runtimes: &'a [NodeRuntime],
}

/// One pod.
#[derive(Debug)]
pub struct AskedPod<'a> {
    /// As written.
    pub pod: &'a Pod,
    /// The images of its containers and volumes.
    pub images: Vec<AskedImage<'a>>,
    /// What became of its pull secrets.
    pub pull_secrets: &'a [PullSecret],
    /// The keys of all its pull secrets and of the node's file.
    pub keys: &'a [Key],
}

/// One image of a pod; an image that is not written is left out.
#[derive(Debug)]
pub struct AskedImage<'a> {
    /// The container; `None` for the image of a volume.
    pub container: Option<&'a Container>,
    /// The path of the field that holds the image.
    pub path: String,
    /// As written.
    pub written: &'a Written<String>,
    /// What the name means; `None` if it is no valid one.
    pub reference: Option<&'a Reference>,
    /// The pull policy that the stored pod has.
    pub policy: &'a PullPolicy,
    /// The credentials for it, where they are looked up.
    pub lookup: Option<&'a Lookup>,
}

impl<'a> Ask<'a> {
    /// Every container with its pod.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&'a Pod, &'a Container)> {
        self.pods.iter().map(|asked| asked.pod).flat_map(|pod| pod.containers.iter().map(move |one| (pod, one)))
    }

    /// Every image.
    pub(super) fn images(&self) -> impl Iterator<Item = &AskedImage<'a>> {
        self.pods.iter().flat_map(|pod| &pod.images)
    }

    /// The change that gives a container this pull policy.
    pub(super) fn set_policy(&self, container: &Container, policy: &PullPolicy) -> Option<Edit> {
        match &container.image_pull_policy {
            Some(written) => self.texts.replace(written, policy.name()),
            None => self.texts.insert(container.span, "image", "imagePullPolicy", &format!("\"{policy}\"")),
        }
    }

    /// The ServiceAccount of this name, if it is given.
    pub(super) fn account(&self, name: &str, namespace: &str) -> Option<&'a ServiceAccount> {
        let same = |one: &&ServiceAccount| one.metadata.name() == name && one.metadata.namespace() == namespace;
        self.accounts.iter().rev().find(same)
    }

    /// The ServiceAccount that a pod runs as, if it is given.
    pub(super) fn account_of(&self, pod: &Pod) -> Option<&'a ServiceAccount> {
        self.account(pod.service_account().map_or("default", |name| &name.value), &pod.namespace)
    }

    /// Whether something in the Secret's own namespace names it as a pull secret.
    pub(super) fn is_named(&self, secret: &Secret) -> bool {
        let by_pod = self
            .pods
            .iter()
            .map(|asked| asked.pod)
            .any(|pod| pod.namespace == secret.namespace && pod.secrets().any(|one| one.value == secret.name));
        let by_account = self.accounts.iter().any(|account| {
            account.metadata.namespace() == secret.namespace
                && account.image_pull_secrets.iter().chain(&account.secrets).any(|one| one.value == secret.name)
        });
        by_pod || by_account
    }

    /// The name of an object as it is written, for a change of it.
    pub(super) fn name_of(&self, object: Span) -> Option<Written<String>> {
        let name = self.texts.node(object)?.get_path(&["metadata", "name"])?;
        Some(Written { value: name.as_text()?.to_owned(), span: name.span })
    }
}
