//! An object's metadata as written.

use crate::api::{or_empty, text};
use crate::trace::Written;
use podwhy_source::{Entry, Node};

/// The parts of `metadata` that decide something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// `name`.
    pub name: Option<Written<String>>,
    /// `generateName`.
    pub generate_name: Option<Written<String>>,
    /// `namespace`.
    pub namespace: Option<Written<String>>,
    /// `annotations`, in written order.
    pub annotations: Vec<(String, Written<String>)>,
    /// `labels`, in written order.
    pub labels: Vec<(String, Written<String>)>,
}

/// The namespace of an object that names none: what kubectl uses when nothing else is configured.
pub const DEFAULT_NAMESPACE: &str = "default";

impl Metadata {
    /// Reads the object under `metadata`, absent or not.
    #[must_use]
    pub fn read(node: Option<&Node>) -> Self {
        let Some(node) = node else { return Self::default() };
        Self {
            name: text(node, "name"),
            generate_name: text(node, "generateName"),
            namespace: text(node, "namespace"),
            annotations: texts(node.get("annotations")),
            labels: texts(node.get("labels")),
        }
    }

    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }

    /// The namespace; [`DEFAULT_NAMESPACE`] if none or an empty one is written.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.namespace
            .as_ref()
            .map(|name| name.value.as_str())
            .filter(|name| !name.is_empty())
            .unwrap_or(DEFAULT_NAMESPACE)
    }

    /// The annotation's value, if it is there.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&Written<String>> {
        self.annotations.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

fn texts(node: Option<&Node>) -> Vec<(String, Written<String>)> {
    let entries = node.and_then(Node::as_map).map(|map| map.entries.as_slice()).unwrap_or_default();
    let read = |entry: &Entry| {
        let value = entry.value.as_text()?.to_owned();
        Some((entry.key.clone(), Written { value, span: entry.value.span }))
    };
    entries.iter().filter_map(read).collect()
}
