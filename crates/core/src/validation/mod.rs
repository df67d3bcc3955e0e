//! What the API server refuses: objects whose fields do not keep the rules of their kind.

pub mod containers;
pub mod env;
pub mod field_path;
pub mod hooks;
mod metadata;
pub mod names;
pub mod owner;
pub mod pod;
pub mod ports;
pub mod resources;
pub mod runtime_class;
pub mod tolerations;

use crate::quote::quote;
use crate::rule::Rule;
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;

/// The kind of an error, as the API server words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs)]
pub enum ErrorType {
    Invalid,
    Required,
    Duplicate,
    NotSupported,
    Forbidden,
    NotFound,
}

impl ErrorType {
    /// The words in front of the value. Upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go
    /// ErrorType.String.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Invalid => "Invalid value",
            Self::Required => "Required value",
            Self::Duplicate => "Duplicate value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "Not found",
        }
    }
}

/// The value that an error names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadValue {
    /// None is printed.
    None,
    /// A text, printed in quotes.
    Text(String),
    /// A number.
    Number(i64),
    /// A map or a list, as the release prints it.
    Printed(String),
    /// A whole Go structure, printed in a form that nobody should rely on.
    Dump,
}

/// One error of the API server about one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's path, as the API server prints it.
    pub field: String,
    /// The kind of error.
    pub kind: ErrorType,
    /// The value that is refused.
    pub value: BadValue,
    /// What is wrong with it; may be empty.
    pub detail: String,
    /// The rule that refuses it.
    pub rule: &'static Rule,
    /// Where the value stands, or the nearest thing that is written.
    pub span: Span,
}

impl FieldError {
    /// The whole text, unless it would hold a Go structure. Upstream:
    /// staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go Error.Error.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        (self.value != BadValue::Dump).then(|| format!("{}: {}", self.field, self.body()))
    }

    /// The text without the field, and without a Go structure.
    fn body(&self) -> String {
        let value = match &self.value {
            BadValue::None | BadValue::Dump => String::new(),
            BadValue::Text(text) => format!(": {}", quote(text)),
            BadValue::Number(number) => format!(": {number}"),
            BadValue::Printed(text) => format!(": {text}"),
        };
        let detail = if self.detail.is_empty() { String::new() } else { format!(": {}", self.detail) };
        format!("{}{value}{detail}", self.kind.words())
    }

    /// The error as it is shown to people, with its rule.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.rule.id, self.body(), self.span).at_path(&self.field).with_help(self.rule.title)
    }
}

/// A rule at work on one field: makes its errors.
#[derive(Clone, Debug)]
pub(crate) struct At {
    rule: &'static Rule,
    field: String,
    span: Span,
}

impl At {
    /// The field of this path, which stands here.
    pub(crate) fn new(rule: &'static Rule, field: impl Into<String>, span: Span) -> Self {
        Self { rule, field: field.into(), span }
    }

    /// An error of any kind.
    pub(crate) fn error(&self, kind: ErrorType, value: BadValue, detail: impl Into<String>) -> FieldError {
        FieldError { field: self.field.clone(), kind, value, detail: detail.into(), rule: self.rule, span: self.span }
    }

    /// "Invalid value", with the value in quotes.
    pub(crate) fn invalid(&self, value: &str, detail: impl Into<String>) -> FieldError {
        self.error(ErrorType::Invalid, BadValue::Text(value.to_owned()), detail)
    }

    /// "Required value", without a word more.
    pub(crate) fn required(&self) -> FieldError {
        self.error(ErrorType::Required, BadValue::None, "")
    }

    /// "Duplicate value".
    pub(crate) fn duplicate(&self, value: &str) -> FieldError {
        self.error(ErrorType::Duplicate, BadValue::Text(value.to_owned()), "")
    }

    /// "Invalid value" with a number.
    pub(crate) fn invalid_number(&self, value: i64, detail: impl Into<String>) -> FieldError {
        self.error(ErrorType::Invalid, BadValue::Number(value), detail)
    }

    /// "Invalid value" once for each detail.
    pub(crate) fn invalid_each(&self, value: &str, details: Vec<String>) -> impl Iterator<Item = FieldError> {
        details.into_iter().map(|detail| self.invalid(value, detail))
    }

    /// "Unsupported value" with the values that there are.
    pub(crate) fn not_supported(&self, value: &str, supported: &[&str]) -> FieldError {
        let quoted: Vec<String> = supported.iter().map(|value| quote(value)).collect();
        let detail = format!("supported values: {}", quoted.join(", "));
        self.error(ErrorType::NotSupported, BadValue::Text(value.to_owned()), detail)
    }
}

#[cfg(test)]
mod tests;
