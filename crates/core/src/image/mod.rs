//! Image names and pull policies.
