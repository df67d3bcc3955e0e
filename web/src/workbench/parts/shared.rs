//! Shared data as a property of a component.

pub use crate::shared::Shared;
