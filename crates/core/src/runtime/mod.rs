//! The container runtime of a node.

pub mod handlers;
