//! What a form for a pull secret can be filled with beforehand: what a report says of its pods.

use super::{DEFAULT_SERVER, DockerRegistrySecret};
use crate::credentials::secrets::{PullSecret, SecretState};
use crate::report::PodReport;

/// The name for a pull secret that nothing names yet.
const NAME: &str = "regcred";

impl DockerRegistrySecret {
    /// The form for the first pod that lacks credentials, or for the first one of all: the registry of its first image
    /// without a matching key, the pull secret that it names and that was not given, its namespace.
    #[must_use]
    pub fn known(pods: &[PodReport]) -> Self {
        let Some(pod) = pods.iter().find(|pod| lacks(pod)).or(pods.first()) else { return Self::default() };
        let unserved = unserved(pod).next().or_else(|| repositories(pod).next());
        let registry = unserved.and_then(|repository| repository.split('/').next()).unwrap_or_default();
        let is_hub = matches!(registry, "" | "docker.io" | "index.docker.io");
        let is_taken = |name: &str| pod.pull_secrets.iter().any(|secret| secret.name == name);
        let plain = [NAME, "regcred-2", "regcred-3"].into_iter().find(|name| !is_taken(name)).unwrap_or(NAME);
        Self {
            name: missing(pod).map_or(plain, |secret| &secret.name).to_owned(),
            namespace: pod.namespace.clone(),
            server: if is_hub { DEFAULT_SERVER } else { registry }.to_owned(),
            ..Self::default()
        }
    }

    /// Whether a pod means to have credentials, and some image of it has none that match.
    #[must_use]
    pub fn is_wanted(pods: &[PodReport]) -> bool {
        pods.iter().any(lacks)
    }
}

fn lacks(pod: &PodReport) -> bool {
    let means_to = !pod.pull_secrets.is_empty() || !pod.keys.is_empty();
    means_to && unserved(pod).next().is_some()
}

/// The first pull secret that the pod names and nobody gave.
fn missing(pod: &PodReport) -> Option<&PullSecret> {
    pod.pull_secrets.iter().find(|secret| secret.state == SecretState::Missing && !secret.name.is_empty())
}

fn repositories(pod: &PodReport) -> impl Iterator<Item = &str> {
    pod.containers.iter().filter_map(|container| Some(container.lookup.as_ref()?.repository.as_str()))
}

fn unserved(pod: &PodReport) -> impl Iterator<Item = &str> {
    let lookups = pod.containers.iter().filter_map(|container| container.lookup.as_ref());
    lookups.filter(|lookup| lookup.anonymous).map(|lookup| lookup.repository.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::evaluate;
    use crate::session::{Input, InputKind, Session};

    fn form(pod: &str, config: &str) -> (DockerRegistrySecret, bool) {
        let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
        let inputs = vec![input(InputKind::Manifests, pod), input(InputKind::NodeConfig, config)];
        let pods = evaluate(&Session { inputs, ..Session::default() }).pods;
        (DockerRegistrySecret::known(&pods), DockerRegistrySecret::is_wanted(&pods))
    }

    #[test]
    fn the_form_is_filled_with_what_is_missing() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  imagePullSecrets: [{name: ours}]\n  containers:\n  - {name: a, image: 'reg.io/a:1'}\n  - {name: b, image: 'other.io:5000/b:1'}\n";
        let config = r#"{"auths":{"reg.io":{"username":"u","password":"p"}}}"#;
        let (known, wanted) = form(pod, config);
        assert_eq!(
            (known.name.as_str(), known.namespace.as_str(), known.server.as_str()),
            ("ours", "shop", "other.io:5000")
        );
        assert!(wanted && known.username.is_empty() && known.password.is_empty());
        let (known, wanted) = form(&pod.replace("imagePullSecrets: [{name: ours}]", "restartPolicy: Always"), "");
        assert_eq!((known.name.as_str(), known.server.as_str()), ("regcred", "reg.io"));
        assert!(!wanted, "nobody meant to give credentials");
    }

    #[test]
    fn docker_hub_has_its_own_server_and_no_pod_gives_an_empty_form() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  imagePullSecrets: [{name: hub}]\n  containers: [{name: a, image: team/app}]\n";
        assert_eq!(form(pod, "").0.server, DEFAULT_SERVER);
        assert_eq!(form("", "").0, DockerRegistrySecret::default());
    }
}
