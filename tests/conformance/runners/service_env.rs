use super::objects::objects;
use podwhy_core::api::Service;
use podwhy_core::environment::services::service_variables;
use podwhy_core::release::Release;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, _release: Release) -> Value {
    let services: Vec<Service> = objects(&input["services"]).iter().map(Service::read).collect();
    let namespace = input["pod_namespace"].as_str().unwrap_or_default();
    let links = input["enable_service_links"].as_bool().unwrap_or(true);
    let (mut env, mut unstable) = (Map::new(), Map::new());
    for (name, variable) in service_variables(&services, namespace, links) {
        if variable.others.is_empty() {
            env.insert(name, json!(variable.value));
        } else {
            let mut values: Vec<String> = variable.others.into_iter().chain([variable.value]).collect();
            values.sort_unstable();
            unstable.insert(name, json!(values));
        }
    }
    if unstable.is_empty() { json!({"env": env}) } else { json!({"env": env, "unstable": unstable}) }
}
