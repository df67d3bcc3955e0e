//! Typed views of API objects as written: they read fields and their places and decide nothing.

pub mod config_map;
pub mod container;
pub mod env;
pub mod identity;
pub mod lifecycle;
pub mod metadata;
pub mod node;
pub mod placement;
pub mod pod;
pub mod pod_status;
pub mod priority_class;
pub mod resources;
pub mod runtime_class;
pub mod scheduling;
pub mod secret;
pub mod service;
pub mod service_account;
pub mod workload;

use crate::trace::Written;
use podwhy_source::{Node, Span};

pub use config_map::ConfigMap;
pub use container::{Container, Role};
pub use metadata::Metadata;
pub use placement::Placement;
pub use pod::Pod;
pub use priority_class::PriorityClass;
pub use runtime_class::RuntimeClass;
pub use secret::Secret;
pub use service::Service;
pub use service_account::ServiceAccount;
pub use workload::pods_of;

/// One API object as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// The object's metadata.
    pub metadata: Metadata,
    /// The whole object.
    pub node: Node,
}

impl Object {
    /// Reads kind, version and metadata; what is missing or of another type reads as empty.
    #[must_use]
    pub fn read(node: Node) -> Self {
        let text = |key| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        Self {
            api_version: text("apiVersion"),
            kind: text("kind"),
            metadata: Metadata::read(node.get("metadata")),
            node,
        }
    }

    /// Where the object stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The API group, `""` for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

/// The text under `key` with its place; a value of another type counts as absent (decoding has reported it).
#[must_use]
pub fn text(node: &Node, key: &str) -> Option<Written<String>> {
    let value = node.get(key)?;
    Some(Written { value: value.as_text()?.to_owned(), span: value.span })
}

/// The text of a field, or `""`.
#[must_use]
pub fn or_empty(field: Option<&Written<String>>) -> &str {
    field.map_or("", |field| &field.value)
}

/// The text under `key`, or `""`.
#[must_use]
pub fn plain(node: &Node, key: &str) -> String {
    node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned()
}

/// The elements of the list under `key`; none if it is absent or no list.
pub fn list<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = &'a Node> {
    node.get(key).and_then(Node::as_list).unwrap_or_default().iter()
}

/// The objects in the list under `key` with their places in it. A null element is an object without fields, as Go's
/// decoder takes it; elements of other types are passed over (decoding has reported them).
pub fn objects<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = (usize, &'a Node)> {
    list(node, key).enumerate().filter(|(_, element)| element.as_map().is_some() || element.is_null())
}
