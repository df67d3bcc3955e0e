//! A container's variables, command and arguments as written.

use super::pod::boolean;
use super::{list, objects, or_empty, text};
use crate::trace::Written;
use podwhy_source::{Node, Span, Value};

/// What a container says about its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerEnv {
    /// `env`.
    pub env: Vec<EnvVar>,
    /// `envFrom`.
    pub env_from: Vec<EnvFrom>,
    /// `command`.
    pub command: Vec<Written<String>>,
    /// `args`.
    pub args: Vec<Written<String>>,
}

/// One of `env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVar {
    /// Where the entry stands.
    pub span: Span,
    /// Its place in the list.
    pub index: usize,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `value`.
    pub value: Option<Written<String>>,
    /// `valueFrom`.
    pub value_from: Option<ValueFrom>,
}

/// `valueFrom`: one of the sources should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFrom {
    /// Where it stands.
    pub span: Span,
    /// `fieldRef`.
    pub field: Option<FieldRef>,
    /// `resourceFieldRef`.
    pub resource: Option<ResourceRef>,
    /// `configMapKeyRef`.
    pub config_map: Option<KeyRef>,
    /// `secretKeyRef`.
    pub secret: Option<KeyRef>,
    /// `fileKeyRef`.
    pub file: Option<FileRef>,
}

/// A field of the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRef {
    /// Where it stands.
    pub span: Span,
    /// `apiVersion`; without one the API server writes `v1`.
    pub api_version: Option<Written<String>>,
    /// `fieldPath`.
    pub field_path: Option<Written<String>>,
}

/// An amount of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRef {
    /// Where it stands.
    pub span: Span,
    /// `containerName`; without one the container itself.
    pub container_name: Option<Written<String>>,
    /// `resource`, such as `limits.cpu`.
    pub resource: Option<Written<String>>,
    /// `divisor`, a quantity as written.
    pub divisor: Option<Written<String>>,
}

/// A key of a ConfigMap or a Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRef {
    /// Where it stands.
    pub span: Span,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `key`.
    pub key: Option<Written<String>>,
    /// `optional`; false if it is not written.
    pub optional: bool,
}

/// A key in a file of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// Where it stands.
    pub span: Span,
    /// `volumeName`.
    pub volume_name: Option<Written<String>>,
    /// `path`.
    pub path: Option<Written<String>>,
    /// `key`.
    pub key: Option<Written<String>>,
    /// `optional`; false if it is not written.
    pub optional: bool,
}

/// One of `envFrom`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFrom {
    /// Where the entry stands.
    pub span: Span,
    /// Its place in the list.
    pub index: usize,
    /// `prefix`.
    pub prefix: Option<Written<String>>,
    /// `configMapRef`.
    pub config_map: Option<ObjectRef>,
    /// `secretRef`.
    pub secret: Option<ObjectRef>,
}

/// A whole ConfigMap or Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRef {
    /// Where it stands.
    pub span: Span,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `optional`; false if it is not written.
    pub optional: bool,
}

impl ContainerEnv {
    /// Reads a container's object; what is missing or of another type reads as absent.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let texts = |key| {
            let read = |node: &Node| Some(Written { value: node.as_text()?.to_owned(), span: node.span });
            list(node, key).filter_map(read).collect()
        };
        Self {
            env: objects(node, "env").map(|(index, node)| EnvVar::read(node, index)).collect(),
            env_from: objects(node, "envFrom").map(|(index, node)| EnvFrom::read(node, index)).collect(),
            command: texts("command"),
            args: texts("args"),
        }
    }
}

impl EnvVar {
    fn read(node: &Node, index: usize) -> Self {
        Self {
            span: node.span,
            index,
            name: text(node, "name"),
            value: text(node, "value"),
            value_from: object(node, "valueFrom").map(ValueFrom::read),
        }
    }

    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }

    /// The value, or `""`.
    #[must_use]
    pub fn value(&self) -> &str {
        or_empty(self.value.as_ref())
    }
}

impl ValueFrom {
    fn read(node: &Node) -> Self {
        Self {
            span: node.span,
            field: object(node, "fieldRef").map(|node| FieldRef {
                span: node.span,
                api_version: text(node, "apiVersion"),
                field_path: text(node, "fieldPath"),
            }),
            resource: object(node, "resourceFieldRef").map(|node| ResourceRef {
                span: node.span,
                container_name: text(node, "containerName"),
                resource: text(node, "resource"),
                divisor: quantity(node, "divisor"),
            }),
            config_map: object(node, "configMapKeyRef").map(KeyRef::read),
            secret: object(node, "secretKeyRef").map(KeyRef::read),
            file: object(node, "fileKeyRef").map(|node| FileRef {
                span: node.span,
                volume_name: text(node, "volumeName"),
                path: text(node, "path"),
                key: text(node, "key"),
                optional: optional(node),
            }),
        }
    }
}

impl KeyRef {
    fn read(node: &Node) -> Self {
        Self { span: node.span, name: text(node, "name"), key: text(node, "key"), optional: optional(node) }
    }

    /// The object's name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }

    /// The key, or `""`.
    #[must_use]
    pub fn key(&self) -> &str {
        or_empty(self.key.as_ref())
    }
}

impl EnvFrom {
    fn read(node: &Node, index: usize) -> Self {
        let reference = |key| {
            object(node, key).map(|node| ObjectRef {
                span: node.span,
                name: text(node, "name"),
                optional: optional(node),
            })
        };
        Self {
            span: node.span,
            index,
            prefix: text(node, "prefix"),
            config_map: reference("configMapRef"),
            secret: reference("secretRef"),
        }
    }

    /// The prefix, or `""`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        or_empty(self.prefix.as_ref())
    }
}

impl ObjectRef {
    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }
}

/// The object under `key`; a value of another type counts as absent.
fn object<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|node| node.as_map().is_some())
}

fn optional(node: &Node) -> bool {
    boolean(node, "optional").is_some_and(|optional| optional.value)
}

/// A quantity as written: a text, or a whole number.
fn quantity(node: &Node, key: &str) -> Option<Written<String>> {
    let value = node.get(key)?;
    let text = match &value.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(Written { value: text, span: value.span })
}
