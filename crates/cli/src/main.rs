//! The command `podwhy`.
fn main() {}
