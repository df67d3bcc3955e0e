use super::objects::object;
use podwhy_core::api::pods_of;
use podwhy_core::defaulting::pod_resources::{PodResources, Sum};
use podwhy_core::defaulting::resources::{Reading, amounts};
use podwhy_core::release::{Cluster, Release};
use podwhy_core::trace::Origin;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let overhead = amounts(pod.placement.overhead.as_ref(), Origin::Written);
    let resources = PodResources::of(&pod, &overhead, &Cluster::of(release), Reading::Written);
    let totals = |sums: &[Sum]| -> Map<String, Value> {
        sums.iter().map(|sum| (sum.resource.clone(), json!(sum.total.to_string()))).collect()
    };
    json!({"requests": totals(&resources.requests), "limits": totals(&resources.limits)})
}
