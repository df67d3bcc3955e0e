use super::objects::decoded;
use super::runtimeclass_validation::shape;
use podwhy_core::api::pods_of;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::validation::pod;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let view = pods_of(&decoded(&input["pod"], release)).remove(0);
    json!({"errors": shape(&pod::errors(&view, &Cluster::of(release)))})
}
