//! Why one document of a text cannot be read.

use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// What kind of problem keeps a document from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// The text is not YAML.
    Syntax,
    /// The text begins as JSON does and is neither JSON nor YAML.
    Json,
    /// A line begins with `---` and goes on with something other than a comment.
    Separator,
    /// The YAML is fine but holds something that JSON cannot say: a null key, a number that is not finite.
    Value,
    /// The text is larger or more deeply nested than is read here.
    Budget,
}

impl ReadErrorKind {
    /// The stable name that diagnostics carry.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "yaml-syntax",
            Self::Json => "json-syntax",
            Self::Separator => "bad-separator",
            Self::Value => "no-json-value",
            Self::Budget => "too-large",
        }
    }
}

/// Why a document cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The kind of problem.
    pub kind: ReadErrorKind,
    /// What is wrong, as a plain sentence without the place.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// The place at which reading stopped.
    pub span: Span,
}

impl ReadError {
    /// A problem without help.
    #[must_use]
    pub fn new(kind: ReadErrorKind, message: impl Into<String>, span: Span) -> Self {
        Self { kind, message: message.into(), help: String::new(), span }
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The problem as it is shown to people.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.kind.code(), self.message.clone(), self.span).with_help(self.help.clone())
    }
}
