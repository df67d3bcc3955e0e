//! Text to a tree in which every value knows its place, and back.
//!
//! This crate knows YAML, JSON, TOML and byte positions. It deliberately knows no Kubernetes word: what a field
//! means is decided in `podwhy-core`.

pub mod base64;
pub mod budget;
pub mod diagnostic;
pub mod document;
pub mod error;
pub mod float;
pub mod json;
pub mod names;
pub mod node;
pub mod scalar;
pub mod shell;
pub mod span;
pub mod toml;
pub mod yaml;

#[cfg(test)]
mod reading_tests;

pub use budget::Budget;
pub use diagnostic::{Diagnostic, Severity};
pub use document::{Document, Documents, Format};
pub use error::{ReadError, ReadErrorKind};
pub use names::Names;
pub use node::{Entry, Map, Node, Number, Value};
pub use span::{InputId, LineIndex, Span};
