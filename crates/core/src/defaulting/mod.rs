//! What the API server fills in before admission.

mod amounts;
mod container;
pub(crate) mod edit;
pub mod pod;
mod pod_level;
pub mod pod_resources;
pub mod resources;
pub(crate) mod volume;

pub use edit::Addition;
pub use pod::{StoredPod, default_pod, grace_seconds};

#[cfg(test)]
mod tests;
