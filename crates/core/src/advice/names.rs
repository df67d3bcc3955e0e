//! Names of variables that a container gets.

use super::Ask;
use crate::api::env::EnvFrom;
use crate::api::{ConfigMap, Container, Pod, Secret};
use crate::environment::services::service_variables;
use std::collections::BTreeSet;

/// The names that envFrom brings; `None` if one of its objects is not given, so that nobody knows.
pub(super) fn from_sources(ask: &Ask, pod: &Pod, container: &Container) -> Option<BTreeSet<String>> {
    let lists = container.environment.env_from.iter().map(|from| of_source(ask, pod, from));
    Some(lists.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The names that one source of envFrom brings; `None` if it is not given.
pub(super) fn of_source(ask: &Ask, pod: &Pod, from: &EnvFrom) -> Option<Vec<String>> {
    let keys: Vec<&str> = if let Some(reference) = &from.config_map {
        let same =
            |one: &&ConfigMap| one.metadata.name() == reference.name() && one.metadata.namespace() == pod.namespace;
        let map = ask.config_maps.iter().rev().find(same)?;
        map.data.iter().map(|(key, _)| key.value.as_str()).collect()
    } else if let Some(reference) = &from.secret {
        let same = |one: &&Secret| one.name == reference.name() && one.namespace == pod.namespace;
        let secret = ask.secrets.iter().rev().find(same)?;
        secret.data.iter().map(|value| value.key.as_str()).collect()
    } else {
        Vec::new()
    };
    Some(keys.iter().map(|key| format!("{}{key}", from.prefix())).collect())
}

/// The names of the variables that describe the services that a pod sees.
pub(super) fn of_services(ask: &Ask, namespace: &str, links: bool) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = service_variables(&ask.services, namespace, links).into_keys().collect();
    // The API server's own service is there whether or not it is given.
    names.extend(["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"].map(str::to_owned));
    names
}
