//! The API's field table, and strict decoding against it.
//!
//! What the API server's strict decoder says about a document: unknown and duplicate fields, wrong types, unknown
//! kinds. Defaults and validation come later.

mod decode;
mod error;
mod json_text;
pub(crate) mod kinds;
pub(crate) mod nearest;
mod scalar;
pub(crate) mod table;
mod walk;

#[cfg(test)]
mod tests;

pub use decode::{Decoded, Status, decode, decode_document};
pub use error::{Class, DecodeError};
pub use table::{Definition, Field, Leaf, Life, Shape, definition};
