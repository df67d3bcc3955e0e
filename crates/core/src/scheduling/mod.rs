//! On which nodes a pod may run: the scheduler's filters.

pub mod filter;
