//! On which nodes a pod may run: what it asks for, and the scheduler's filters.

pub mod filter;
pub mod resources;
