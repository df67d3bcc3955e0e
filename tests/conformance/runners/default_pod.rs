use super::manifest_decode::{pruned, to_json};
use super::objects::decoded;
use crate::compare::agree_without;
use podwhy_core::api::pods_of;
use podwhy_core::defaulting::default_pod;
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let object = decoded(&input["pod"], release);
    let pod = pods_of(&object).remove(0);
    json!({"defaulted": to_json(&default_pod(&object.node, &pod, &Cluster::of(release)).node)})
}

/// Go writes some zero values and not others, so they are removed on both sides.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    agree_without(&pruned(expect), &pruned(actual), &[])
}
