//! Pods as written, and the pods in workloads' templates.

use super::container::{Container, Role, reference};
use super::identity::Identity;
use super::lifecycle::PodLifecycle;
use super::{Metadata, Placement, list, objects, or_empty, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};
use serde::Serialize;

/// The object whose template makes a pod.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Owner {
    /// Its kind.
    pub kind: &'static str,
    /// Its name, or `""`.
    pub name: String,
    /// Where the whole object stands.
    pub span: Span,
    /// `spec.selector`, as it stands.
    #[serde(skip)]
    pub selector: Option<Node>,
}

/// A pod, or the pod that a template describes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pod {
    /// The object that makes the pod; `None` for a Pod itself.
    pub owner: Option<Owner>,
    /// The pod's metadata; for a template, the template's.
    pub metadata: Metadata,
    /// The namespace that the pod runs in: the Pod's or its owner's.
    pub namespace: String,
    /// Where the Pod or the template stands.
    pub span: Span,
    /// The path of the pod's spec in its object: `spec`, `spec.template.spec`, ...
    pub spec_path: String,
    /// All containers in the order init (with sidecars), application, ephemeral.
    pub containers: Vec<Container>,
    /// `imagePullSecrets`, with entries that have no name.
    pub image_pull_secrets: Vec<Written<String>>,
    /// `serviceAccountName`.
    pub service_account_name: Option<Written<String>>,
    /// `serviceAccount`, the old name of the same field.
    pub deprecated_service_account: Option<Written<String>>,
    /// `automountServiceAccountToken`.
    pub automount_service_account_token: Option<Written<bool>>,
    /// `volumes`.
    pub volumes: Vec<Volume>,
    /// Restart policy and grace.
    pub lifecycle: PodLifecycle,
    /// The names under which the pod knows itself.
    pub identity: Identity,
    /// What decides where it runs.
    pub placement: Placement,
    /// `status.phase`, for a pod that is in the cluster already.
    pub phase: Option<Written<String>>,
}

/// A volume, as far as it brings an image or names Secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The path of its fields, such as `spec.volumes[0]`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `image`: the volume's files come from an image.
    pub image: Option<ImageVolume>,
    /// The name under `secret.secretName`, if it is a volume of a Secret.
    pub secret: Option<Written<String>>,
    /// The Secrets that volumes of other kinds name.
    pub other_secrets: Vec<Written<String>>,
    /// A projected service account token among its sources.
    pub projected_token: Option<Span>,
}

/// An image that is mounted as a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageVolume {
    /// `reference`: the image.
    pub reference: Option<Written<String>>,
    /// `pullPolicy`.
    pub pull_policy: Option<Written<String>>,
}

/// Volumes of these kinds name a Secret in an object under the second key.
const SECRET_REFERENCES: &[(&str, &str)] = &[
    ("cephfs", "secretRef"),
    ("cinder", "secretRef"),
    ("flexVolume", "secretRef"),
    ("rbd", "secretRef"),
    ("scaleIO", "secretRef"),
    ("iscsi", "secretRef"),
    ("storageos", "secretRef"),
    ("csi", "nodePublishSecretRef"),
];

impl Pod {
    /// Reads the object that holds `metadata` and `spec`; what is missing or of another type reads as absent.
    #[must_use]
    pub(super) fn read(node: &Node, owner: Option<Owner>, spec_path: &str, namespace: &str) -> Self {
        let spec = node.get("spec");
        let containers = |role: Role| elements(spec, role.field(), move |n, i| Container::read(n, role, spec_path, i));
        Self {
            owner,
            metadata: Metadata::read(node.get("metadata")),
            namespace: namespace.to_owned(),
            span: node.span,
            spec_path: spec_path.to_owned(),
            containers: [Role::Init, Role::Container, Role::Ephemeral].into_iter().flat_map(containers).collect(),
            image_pull_secrets: elements(spec, "imagePullSecrets", |node, _| reference(node)),
            service_account_name: spec.and_then(|spec| text(spec, "serviceAccountName")),
            deprecated_service_account: spec.and_then(|spec| text(spec, "serviceAccount")),
            automount_service_account_token: spec.and_then(|spec| boolean(spec, "automountServiceAccountToken")),
            volumes: elements(spec, "volumes", |node, index| Volume::read(node, spec_path, index)),
            lifecycle: PodLifecycle::read(spec),
            identity: Identity::read(node),
            placement: Placement::read(spec),
            phase: node.get("status").and_then(|status| text(status, "phase")),
        }
    }

    /// The same pod with its fields from another tree, such as the one that the API server stores.
    #[must_use]
    pub fn reread(&self, node: &Node) -> Self {
        Self::read(node, self.owner.clone(), &self.spec_path, &self.namespace)
    }

    /// The path of the object that holds `metadata` and `spec`; `""` for a Pod itself.
    #[must_use]
    pub fn root_path(&self) -> &str {
        self.spec_path.strip_suffix("spec").unwrap_or_default().trim_end_matches('.')
    }

    /// The service account that the pod asks for: `serviceAccountName`, or if that is empty the old field. Upstream:
    /// pkg/apis/core/v1/conversion.go Convert_v1_PodSpec_To_core_PodSpec.
    #[must_use]
    pub fn service_account(&self) -> Option<&Written<String>> {
        [&self.service_account_name, &self.deprecated_service_account]
            .into_iter()
            .flatten()
            .find(|name| !name.value.is_empty())
    }

    /// What error messages call the pod: its name, or the prefix of a name that is not made yet. Upstream:
    /// staging/src/k8s.io/apiserver/pkg/admission/errors.go extractResourceName.
    #[must_use]
    pub fn request_name(&self) -> String {
        let generate_name = or_empty(self.metadata.generate_name.as_ref());
        match (&self.owner, self.metadata.name(), generate_name) {
            // The owner's controller makes the name: its own, a hyphen and something random.
            (Some(owner), _, _) => format!("{}-", owner.name),
            (None, "", "") => "Unknown".to_owned(),
            (None, "", prefix) => prefix.to_owned(),
            (None, name, _) => name.to_owned(),
        }
    }

    /// Whether the pod's name is written; otherwise it is made when the pod is created.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.owner.is_none() && !self.metadata.name().is_empty()
    }

    /// What to call the pod in a sentence: "Pod `web`", "the pods of Deployment `web`".
    #[must_use]
    pub fn words(&self) -> String {
        match &self.owner {
            Some(owner) => format!("the pods of {} `{}`", owner.kind, owner.name),
            None => format!("Pod `{}`", self.request_name()),
        }
    }

    /// Every Secret that the pod names, with names that are empty. Upstream: pkg/api/pod/util.go VisitPodSecretNames.
    pub fn secrets(&self) -> impl Iterator<Item = &Written<String>> {
        let volumes = self.volumes.iter().flat_map(|volume| volume.secret.iter().chain(&volume.other_secrets));
        self.image_pull_secrets.iter().chain(self.containers.iter().flat_map(Container::secrets)).chain(volumes)
    }
}

impl Volume {
    fn read(node: &Node, prefix: &str, index: usize) -> Self {
        let named = |(source, key): &(&str, &str)| node.get(source)?.get(key).map(reference);
        let azure = node.get("azureFile").and_then(|azure| text(azure, "secretName")).filter(|n| !n.value.is_empty());
        let projected = || node.get("projected").into_iter().flat_map(|projected| list(projected, "sources"));
        let projected_secrets = projected().filter_map(|source| source.get("secret")).map(reference);
        Self {
            path: format!("{prefix}.volumes[{index}]"),
            span: node.span,
            name: text(node, "name"),
            image: node.get("image").map(|image| ImageVolume {
                reference: text(image, "reference"),
                pull_policy: text(image, "pullPolicy"),
            }),
            secret: node.get("secret").map(|secret| {
                text(secret, "secretName").unwrap_or_else(|| Written { value: String::new(), span: secret.span })
            }),
            other_secrets: azure
                .into_iter()
                .chain(SECRET_REFERENCES.iter().filter_map(named))
                .chain(projected_secrets)
                .collect(),
            projected_token: projected().find_map(|source| source.get("serviceAccountToken")).map(|token| token.span),
        }
    }

    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }
}

/// The boolean under `key` with its place; a value of another type counts as absent.
#[must_use]
pub(super) fn boolean(node: &Node, key: &str) -> Option<Written<bool>> {
    let value = node.get(key)?;
    Some(Written { value: value.as_bool()?, span: value.span })
}

/// Reads the objects of a list with their places in it.
fn elements<T>(spec: Option<&Node>, key: &str, read: impl Fn(&Node, usize) -> T) -> Vec<T> {
    spec.into_iter().flat_map(|spec| objects(spec, key)).map(|(index, node)| read(node, index)).collect()
}
