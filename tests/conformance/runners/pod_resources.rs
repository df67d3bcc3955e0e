use super::objects::object;
use podwhy_core::api::pods_of;
use podwhy_core::api::resources::Resources;
use podwhy_core::defaulting::pod_resources::{PodResources, Sum};
use podwhy_core::defaulting::resources::{Reading, limits};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let overhead = Resources { limits: pod.placement.overhead.clone(), ..Resources::default() };
    let overhead = limits(&overhead, Reading::Written);
    let resources = PodResources::of(&pod, &overhead, &Cluster::of(release), Reading::Written);
    let totals = |sums: &[Sum]| -> Map<String, Value> {
        sums.iter().map(|sum| (sum.resource.clone(), json!(sum.total.to_string()))).collect()
    };
    json!({"requests": totals(&resources.requests), "limits": totals(&resources.limits)})
}
