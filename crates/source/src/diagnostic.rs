//! What is wrong with a text, where, and what to do about it.

use crate::span::Span;
use serde::Serialize;

/// How much a problem matters, most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Kubernetes refuses this, or the text cannot be read.
    Error,
    /// Allowed, and still likely not what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One problem with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name of the kind of problem, such as `unknown-field`.
    pub code: &'static str,
    /// What is wrong, as a plain sentence.
    pub message: String,
    /// What to do about it; empty when the message says it all.
    pub help: String,
    /// The field's path, such as `spec.containers[0].image`; empty when it belongs to no field.
    pub path: String,
    /// Where it stands; `None` only for problems that no text caused.
    pub span: Option<Span>,
}

impl Diagnostic {
    /// An error at a place. Add path and help with [`Diagnostic::at_path`] and [`Diagnostic::with_help`].
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>, span: impl Into<Option<Span>>) -> Self {
        Self::new(Severity::Error, code, message.into(), span.into())
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>, span: impl Into<Option<Span>>) -> Self {
        Self::new(Severity::Warning, code, message.into(), span.into())
    }

    /// A note at a place.
    #[must_use]
    pub fn info(code: &'static str, message: impl Into<String>, span: impl Into<Option<Span>>) -> Self {
        Self::new(Severity::Info, code, message.into(), span.into())
    }

    // Called from everywhere; a copy in each place would be downloaded.
    #[inline(never)]
    fn new(severity: Severity, code: &'static str, message: String, span: Option<Span>) -> Self {
        Self { severity, code, message, help: String::new(), path: String::new(), span }
    }

    /// The same problem with the path of the field that has it.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}
