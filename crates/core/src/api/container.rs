//! Containers of a pod as written.

use super::env::ContainerEnv;
use super::lifecycle::ContainerLifecycle;
use super::resources::{ContainerPort, Resources};
use super::{list, or_empty, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};
use serde::Serialize;

/// Which of a pod's lists a container stands in, and what that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An init container that must end before the next one starts.
    Init,
    /// An init container with `restartPolicy: Always`, which keeps running beside the others.
    Sidecar,
    /// A container of the application.
    Container,
    /// An ephemeral container, added to a running pod.
    Ephemeral,
}

impl Role {
    /// The field of the pod's spec that lists such containers.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Init | Self::Sidecar => "initContainers",
            Self::Container => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }

    /// The role in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Init => "init container",
            Self::Sidecar => "sidecar",
            Self::Container => "container",
            Self::Ephemeral => "ephemeral container",
        }
    }
}

/// One container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Where it belongs.
    pub role: Role,
    /// The path of its fields, such as `spec.template.spec.containers[0]`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `image`.
    pub image: Option<Written<String>>,
    /// The names of the volumes in `volumeMounts`.
    pub volume_mounts: Vec<String>,
    /// `imagePullPolicy`.
    pub image_pull_policy: Option<Written<String>>,
    /// The Secrets behind `env[].valueFrom.secretKeyRef`.
    pub env_secrets: Vec<EnvSecret>,
    /// The Secrets behind `envFrom[].secretRef`.
    pub env_from_secrets: Vec<Written<String>>,
    /// Hooks, probes, ports and what else decides about its start and end.
    pub lifecycle: ContainerLifecycle,
    /// Variables, command and arguments.
    pub environment: ContainerEnv,
    /// `resources`.
    pub resources: Resources,
    /// `ports`.
    pub ports: Vec<ContainerPort>,
}

/// An environment variable whose value is a Secret's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvSecret {
    /// The variable's name.
    pub variable: String,
    /// The Secret's name.
    pub secret: Written<String>,
}

impl Container {
    /// Reads one container; `prefix` is the path of the pod's spec, `index` its place in the list of `field`.
    #[must_use]
    pub(super) fn read(node: &Node, role: Role, prefix: &str, index: usize) -> Self {
        let restarts = node.get("restartPolicy").and_then(Node::as_text) == Some("Always");
        let role = if role == Role::Init && restarts { Role::Sidecar } else { role };
        let env = list(node, "env").filter_map(|variable| {
            let secret = variable.get_path(&["valueFrom", "secretKeyRef"])?;
            let name = text(variable, "name").map(|name| name.value).unwrap_or_default();
            Some(EnvSecret { variable: name, secret: reference(secret) })
        });
        Self {
            role,
            path: format!("{prefix}.{}[{index}]", role.field()),
            span: node.span,
            name: text(node, "name"),
            image: text(node, "image"),
            volume_mounts: list(node, "volumeMounts")
                .filter_map(|mount| text(mount, "name"))
                .map(|name| name.value)
                .collect(),
            image_pull_policy: text(node, "imagePullPolicy"),
            env_secrets: env.collect(),
            env_from_secrets: list(node, "envFrom").filter_map(|from| from.get("secretRef")).map(reference).collect(),
            lifecycle: ContainerLifecycle::read(node),
            environment: ContainerEnv::read(node),
            resources: Resources::read(node),
            ports: ContainerPort::read_all(node),
        }
    }

    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }

    /// The image, or `""`.
    #[must_use]
    pub fn image(&self) -> &str {
        or_empty(self.image.as_ref())
    }

    /// Every Secret that the environment names.
    pub fn secrets(&self) -> impl Iterator<Item = &Written<String>> {
        self.env_secrets.iter().map(|variable| &variable.secret).chain(&self.env_from_secrets)
    }
}

/// The name in a reference to another object; a reference without a name has the empty one and its own place.
#[must_use]
pub fn reference(node: &Node) -> Written<String> {
    text(node, "name").unwrap_or_else(|| Written { value: String::new(), span: node.span })
}
