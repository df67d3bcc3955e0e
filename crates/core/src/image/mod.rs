//! Image names and pull policies.

pub mod doc_notes;
mod grammar;
mod invalid;
pub mod pull_policy;
pub mod reference;

pub use pull_policy::PullPolicy;
pub use reference::{Grammar, InvalidReference, Reference};
