use super::objects::{decoded, object, objects};
use podwhy_core::api::node::Node;
use podwhy_core::api::{ConfigMap, Secret, Service, pods_of};
use podwhy_core::environment::{EnvValue, World, container_environment};
use podwhy_core::events::Event;
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&decoded(&input["pod"], release)).remove(0);
    let container = pod.containers.iter().find(|container| Some(container.name()) == input["container"].as_str());
    let config_maps: Vec<ConfigMap> = objects(&input["config_maps"]).iter().map(ConfigMap::read).collect();
    let secrets: Vec<Secret> = objects(&input["secrets"]).iter().map(Secret::read).collect();
    let services: Vec<Service> = objects(&input["services"]).iter().map(Service::read).collect();
    let node = Node::read(&object(&input["node"]));
    let texts =
        |value: &Value| value.as_array().map(|ips| ips.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let single = || input["pod_ip"].as_str().filter(|ip| !ip.is_empty()).map(str::to_owned).into_iter().collect();
    let pod_ips: Vec<String> = texts(&input["pod_ips"]).unwrap_or_else(single);
    let world = World {
        config_maps: &config_maps,
        secrets: &secrets,
        services: &services,
        node: Some(&node),
        pod_ips: &pod_ips,
        complete: true,
        cluster_domain: input["cluster_domain"].as_str().unwrap_or("cluster.local"),
        cluster_dns: &[],
    };
    let found =
        container_environment(&pod, container.expect("the container is in the pod"), &world, &Cluster::of(release));
    if let Some(error) = found.error() {
        return json!({"error": error.message, "stage": error.stage});
    }
    // What a file holds is known only when the container starts.
    let value = |value: &EnvValue| (!value.is_later()).then(|| value.reveal().to_owned());
    let mut env: Vec<_> = found.variables.iter().map(|variable| (&variable.name, value(&variable.value))).collect();
    env.sort_unstable();
    let texts = |values: &[EnvValue]| values.iter().map(|value| value.reveal().to_owned()).collect::<Vec<_>>();
    let event =
        |event: &Event| json!({"type": event.kind.to_string(), "reason": event.reason, "message": event.message});
    let name = found.hostname.expect("there is no error");
    json!({
        "env": env.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
        "command": texts(&found.command),
        "args": texts(&found.args),
        "hostname": name.hostname,
        "domain": name.domain,
        "events": found.events.iter().map(event).collect::<Vec<_>>(),
    })
}
