//! Text to a tree in which every value knows its place, and back.
//!
//! This crate knows YAML, JSON and byte positions. It deliberately knows no Kubernetes word: what a field
//! means is decided in `podwhy-core`.

pub mod diagnostic;
pub mod json;
pub mod node;
pub mod span;

pub use diagnostic::{Diagnostic, Severity};
pub use node::{Entry, Map, Node, Number, Value};
pub use span::{InputId, LineColumn, LineIndex, Span};
