//! What a strict decoder finds wrong with a document.

use podwhy_source::{Diagnostic, ReadErrorKind, Span};
use serde::Serialize;

/// The kind of a decoding error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The object has no such field. The object is usable all the same.
    UnknownField,
    /// A key stands twice in an object. The last one counts, and the object is usable.
    DuplicateKey,
    /// A value is of another JSON type than the field.
    WrongType,
    /// A text is no quantity.
    BadQuantity,
    /// A text is no base64.
    BadBase64,
    /// A text is no RFC 3339 time.
    BadTime,
    /// `apiVersion` and `kind` cannot be read.
    BadTypeMeta,
    /// `kind` is missing or empty.
    MissingKind,
    /// `apiVersion` is missing or empty.
    MissingApiVersion,
    /// Kubernetes has no such kind.
    UnknownKind,
    /// The kind exists and the chosen release does not serve it any more. The object is usable.
    NotServed,
    /// The text is no YAML.
    YamlSyntax,
    /// A separator line goes on after its dashes.
    BadSeparator,
    /// The document is larger than is read here.
    TooLarge,
    /// Anything else that makes Kubernetes refuse the document.
    Other,
}

impl Class {
    /// The stable name that diagnostics carry.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown-field",
            Self::DuplicateKey => "duplicate-key",
            Self::WrongType => "wrong-type",
            Self::BadQuantity => "bad-quantity",
            Self::BadBase64 => "bad-base64",
            Self::BadTime => "bad-time",
            Self::BadTypeMeta => "bad-type-meta",
            Self::MissingKind => "missing-kind",
            Self::MissingApiVersion => "missing-api-version",
            Self::UnknownKind => "unknown-kind",
            Self::NotServed => "not-served",
            Self::YamlSyntax => "yaml-syntax",
            Self::BadSeparator => "bad-separator",
            Self::TooLarge => "too-large",
            Self::Other => "not-decodable",
        }
    }
}

impl From<ReadErrorKind> for Class {
    fn from(kind: ReadErrorKind) -> Self {
        match kind {
            ReadErrorKind::Syntax => Self::YamlSyntax,
            // Kubernetes reads broken JSON as an object without type.
            ReadErrorKind::Json => Self::BadTypeMeta,
            ReadErrorKind::Separator => Self::BadSeparator,
            ReadErrorKind::Value => Self::Other,
            ReadErrorKind::Budget => Self::TooLarge,
        }
    }
}

/// One decoding error with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecodeError {
    /// What kind of error.
    pub class: Class,
    /// The field's path as Kubernetes prints it, within the item if there is one: with indices for unknown and
    /// duplicate fields (`spec.containers[0].img`), without them otherwise (`spec.containers.image`). Empty for a
    /// duplicate key in YAML, of which only the key is printed, and where no field is at fault.
    pub path: String,
    /// The key that stands twice; empty for other errors.
    pub key: String,
    /// The path with all indices, for people; within the item.
    pub place: String,
    /// The item of a `List`, counted from 0.
    pub item: Option<usize>,
    /// What is wrong, as a plain sentence.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// Where it stands.
    pub span: Span,
}

impl DecodeError {
    /// An error that belongs to no field.
    #[must_use]
    pub fn new(class: Class, message: impl Into<String>, span: Span) -> Self {
        Self {
            class,
            path: String::new(),
            key: String::new(),
            place: String::new(),
            item: None,
            message: message.into(),
            help: String::new(),
            span,
        }
    }

    /// The same error with what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The error as it is shown to people.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let path = match self.item {
            Some(item) if self.place.is_empty() => format!("items[{item}]"),
            Some(item) => format!("items[{item}].{}", self.place),
            None => self.place.clone(),
        };
        Diagnostic::error(self.class.code(), self.message.clone(), self.span).with_help(self.help.clone()).at_path(path)
    }
}
