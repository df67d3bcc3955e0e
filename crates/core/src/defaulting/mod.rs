//! What the API server fills in before admission.

pub mod resources;
