use super::objects::node;
use crate::compare::agree;
use podwhy_core::pulls::kubelet_config::read;
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let (config, problems) = match read(&node(&input["config"]), &Cluster::of(release)) {
        Ok(read) => read,
        Err(problem) => return json!({"valid": false, "stage": "decode", "errors": [problem.message]}),
    };
    let mut defaulted = json!({
        "serializeImagePulls": config.serialize_image_pulls,
        "registryPullQPS": config.registry_pull_qps,
        "registryBurst": config.registry_burst,
        "imageMinimumGCAge": config.image_minimum_gc_age.to_string(),
        "imageGCHighThresholdPercent": config.image_gc_high_threshold_percent,
        "imageGCLowThresholdPercent": config.image_gc_low_threshold_percent,
        "nodeStatusMaxImages": config.node_status_max_images,
    });
    // What a release does not know is not in its answer either.
    if let Some(age) = config.image_maximum_gc_age {
        defaulted["imageMaximumGCAge"] = json!(age.to_string());
        defaulted["maxParallelImagePulls"] = json!(config.max_parallel_image_pulls);
    }
    let errors: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    json!({"valid": errors.is_empty(), "errors": errors, "defaulted": defaulted})
}

/// Of a configuration that cannot be decoded only that it fails is compared.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    if expect["stage"] == "decode" { actual["stage"] == "decode" } else { agree(expect, actual) }
}
