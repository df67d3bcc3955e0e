use super::objects::{object, request};
use podwhy_core::admission::always_pull_images::{admit, validate};
use podwhy_core::api::{Pod, Role, pods_of};
use podwhy_core::feature::Feature;
use podwhy_core::image::PullPolicy;
use podwhy_core::image::pull_policy::decide_pod;
use podwhy_core::release::{AdmissionPlugin, Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let mut cluster = Cluster::of(release);
    cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
    let gates = input["feature_gates"].as_object().into_iter().flatten();
    cluster.gates = gates.filter_map(|(name, on)| Some((Feature::by_name(name)?, on.as_bool()?))).collect();

    let defaulted: Vec<_> = decide_pod(&pod, None, &cluster).into_iter().map(|decision| decision.outcome).collect();
    let request = request(input);
    let admitted: Vec<_> = admit(&pod, defaulted.clone(), &request, &cluster).into_iter().map(|d| d.outcome).collect();
    let errors: Vec<_> = validate(&pod, &defaulted, &request, &cluster).into_iter().map(|e| e.message).collect();
    json!({
        "containers": containers(&pod, &admitted),
        "defaulted": containers(&pod, &defaulted),
        "allowed": errors.is_empty(),
        "errors": errors,
    })
}

fn containers(pod: &Pod, policies: &[PullPolicy]) -> Vec<Value> {
    let kind = |role| match role {
        Role::Init | Role::Sidecar => "init",
        Role::Container => "container",
        Role::Ephemeral => "ephemeral",
    };
    let pairs = pod.containers.iter().zip(policies);
    pairs.map(|(c, policy)| json!({"name": c.name(), "kind": kind(c.role), "imagePullPolicy": policy.name()})).collect()
}
