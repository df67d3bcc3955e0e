//! A Secret as written.

use crate::api::Object;
use crate::trace::Written;
use podwhy_source::base64::{self, Padding};
use podwhy_source::{Entry, Names, Node, Span};
use std::fmt;

/// A Secret, as the API server stores it: `stringData` is already merged into `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// `metadata.name`, or `""`.
    pub name: String,
    /// `metadata.namespace`, or `default`.
    pub namespace: String,
    /// `type`; without one the API server writes `Opaque`.
    pub kind: Option<Written<String>>,
    /// The data, in written order, keys unique.
    pub data: Vec<SecretValue>,
    /// Where the Secret stands.
    pub span: Span,
}

/// One value of a Secret. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The decoded value; `None` if it is no base64 or no text, which the API server refuses.
    pub bytes: Option<Vec<u8>>,
    /// Where the value stands.
    pub span: Span,
    /// Whether it stands under `stringData`, in plain text.
    pub plain: bool,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ••••", self.key)
    }
}

/// The type of a Secret that names none: pkg/apis/core/v1/defaults.go `SetDefaults_Secret`.
pub const DEFAULT_TYPE: &str = "Opaque";

impl Secret {
    /// Reads a Secret; what is missing or of another type reads as empty.
    #[must_use]
    pub fn read(object: &Object) -> Self {
        // pkg/registry/core/secret strategy, pkg/apis/core/v1/conversion.go: stringData overwrites data.
        let written = [("data", false), ("stringData", true)].into_iter().flat_map(|(field, plain)| {
            let entries = object.node.get(field).and_then(Node::as_map).map(|map| map.entries.as_slice());
            entries.unwrap_or_default().iter().map(move |entry| (entry, plain))
        });
        let mut data: Vec<SecretValue> = Vec::new();
        let mut keys = Names::default();
        for (entry, plain) in written {
            let value = SecretValue::read(entry, plain);
            match data.get_mut(keys.add(&entry.key).0) {
                Some(known) => *known = value,
                None => data.push(value),
            }
        }
        Self {
            name: object.metadata.name().to_owned(),
            namespace: object.metadata.namespace().to_owned(),
            kind: crate::api::text(&object.node, "type").filter(|kind| !kind.value.is_empty()),
            data,
            span: object.span(),
        }
    }

    /// The type that counts.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.kind.as_ref().map_or(DEFAULT_TYPE, |kind| &kind.value)
    }

    /// The value under `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretValue> {
        self.data.iter().find(|value| value.key == key)
    }
}

impl SecretValue {
    fn read(entry: &Entry, plain: bool) -> Self {
        let bytes = match entry.value.as_text() {
            Some(text) if plain => Some(text.as_bytes().to_vec()),
            Some(text) => base64::decode(text, Padding::Required),
            None => entry.value.is_null().then(Vec::new),
        };
        Self { key: entry.key.clone(), key_span: entry.key_span, bytes, span: entry.value.span, plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn secret(text: &str) -> Secret {
        Secret::read(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap()))
    }

    #[test]
    fn string_data_overwrites_data() {
        let secret = secret(r#"{"metadata":{"name":"s"},"data":{"a":"eA==","b":"eQ=="},"stringData":{"a":"z"}}"#);
        assert_eq!(secret.value("a").unwrap().bytes.as_deref(), Some(b"z".as_slice()));
        assert_eq!(secret.value("b").unwrap().bytes.as_deref(), Some(b"y".as_slice()));
        assert_eq!(secret.data.len(), 2);
        assert_eq!((secret.namespace.as_str(), secret.type_name()), ("default", "Opaque"));
    }

    #[test]
    fn data_is_padded_base64_with_line_ends() {
        let secret = secret(r#"{"data":{"a":"eH\nk=\n","b":"eHk","c":1,"d":null}}"#);
        let bytes = |key: &str| secret.value(key).unwrap().bytes.clone();
        assert_eq!(bytes("a"), Some(b"xy".to_vec()));
        assert_eq!(bytes("b"), None);
        assert_eq!(bytes("c"), None);
        assert_eq!(bytes("d"), Some(Vec::new()));
    }

    #[test]
    fn values_are_never_printed() {
        let printed = format!("{:?}", secret(r#"{"stringData":{"a":"hidden"}}"#));
        assert!(!printed.contains("hidden") && !printed.contains("104"), "{printed}");
    }
}
