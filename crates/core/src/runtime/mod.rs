//! The container runtime of a node.

pub mod files;
pub mod handlers;
pub mod layout;
