use super::objects::object;
use podwhy_core::api::pods_of;
use podwhy_core::image::pull_policy::{api_errors, decide};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let container = json!({"name": "c", "image": input["image"], "imagePullPolicy": input["imagePullPolicy"]});
    let pod = object(&json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}));
    let pod = pods_of(&pod).remove(0);
    let cluster = Cluster::of(release);
    let policy = decide(&pod.containers[0], None, &cluster).outcome;
    let errors = api_errors(&pod, std::slice::from_ref(&policy), &cluster);
    let mut errors: Vec<_> = errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect();
    errors.sort();
    json!({"imagePullPolicy": policy.name(), "api_errors": errors})
}
