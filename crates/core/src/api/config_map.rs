//! ConfigMaps as written.

use super::{Metadata, Object};
use crate::trace::Written;
use podwhy_source::{Entry, Node, Span};

/// A ConfigMap, as far as variables can come from it: `binaryData` cannot be a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigMap {
    /// Its metadata.
    pub metadata: Metadata,
    /// Where it stands.
    pub span: Span,
    /// `data` in written order: key with its place, value with its place. Of equal keys the last counts.
    pub data: Vec<(Written<String>, Written<String>)>,
}

impl ConfigMap {
    /// The object as a ConfigMap, if it is one.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        (object.api_version == "v1" && object.kind == "ConfigMap").then(|| Self::read(object))
    }

    /// Reads the fields.
    #[must_use]
    pub fn read(object: &Object) -> Self {
        let entries = object.node.get("data").and_then(Node::as_map).map(|map| map.entries.as_slice());
        let read = |entry: &Entry| {
            let value = if entry.value.is_null() { "" } else { entry.value.as_text()? };
            let key = Written { value: entry.key.clone(), span: entry.key_span };
            Some((key, Written { value: value.to_owned(), span: entry.value.span }))
        };
        Self {
            metadata: object.metadata.clone(),
            span: object.span(),
            data: entries.unwrap_or_default().iter().filter_map(read).collect(),
        }
    }

    /// The value under `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Written<String>> {
        self.data.iter().rev().find(|(written, _)| written.value == key).map(|(_, value)| value)
    }
}
