use super::objects::objects;
use crate::compare::agree_without;
use podwhy_core::api::Secret;
use podwhy_core::credentials::docker_config::{Format, UNREADABLE, parse as parse_config};
use podwhy_core::credentials::keyring::{Attempt, AttemptGroup, Keyrings};
use podwhy_core::credentials::secrets::{PullSecret, SecretState, read};
use podwhy_core::image::reference::{Grammar, parse};
use podwhy_core::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::Place;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let reference = match parse(input["image"].as_str().unwrap_or_default(), Grammar::of(release)) {
        Ok(reference) => reference,
        Err(error) => {
            return json!({"found": false, "credentials": [], "error": error.error(), "error_kind": "invalid_image"});
        }
    };
    let secrets = pull_secrets(&input["secrets"]);
    if let Some(secret) = secrets.iter().find(|secret| secret.is_malformed()) {
        assert!(Keyrings::new(&secrets, None).lookup(&reference.name()).attempts.is_empty());
        return json!({
            "found": false, "credentials": [], "repo": reference.name(),
            "error": secret.reason.finding, "error_kind": "malformed_secret",
        });
    }
    let node_text = input["node_config"].as_str();
    let node = node_text.map(|text| parse_config(text, Format::DockerConfigJson, Place::Within(InputId(1), 0)));
    let lookup = Keyrings::new(&secrets, node.as_ref().and_then(|node| node.as_ref().ok())).lookup(&reference.name());
    let mut answer = json!({
        "found": !lookup.attempts.is_empty(),
        "repo": reference.name(),
        "credentials": lookup.attempts.iter().map(group).collect::<Vec<_>>(),
        "secrets_used": secrets.iter().map(|secret| secret.config().is_some()).collect::<Vec<_>>(),
    });
    if let Some(Err(_)) = node {
        answer["node_config_error"] = json!(UNREADABLE);
    }
    answer
}

/// The Secrets of a case as the pull secrets of a pod, in their order.
pub fn pull_secrets(secrets: &Value) -> Vec<PullSecret> {
    objects(&as_stored(secrets)).iter().map(|object| found(&Secret::read(object))).collect()
}

/// Where a credential comes from is not compared; of a malformed secret only that there is an error.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let ignored: &[&str] = if expect["error_kind"] == "malformed_secret" { &["from", "error"] } else { &["from"] };
    agree_without(expect, actual, ignored)
}

/// These Secrets are what the kubelet is handed, and it knows no stringData: the API server merged it before.
fn as_stored(secrets: &Value) -> Value {
    let mut secrets = secrets.clone();
    for secret in secrets.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        secret.remove("stringData");
    }
    secrets
}

/// The list holds what the pod's names led to, so each Secret is read as found.
fn found(secret: &Secret) -> PullSecret {
    let (state, reason): (SecretState, _) = read(secret);
    PullSecret {
        name: secret.name.clone(),
        namespace: secret.namespace.clone(),
        secret: Some(secret.span),
        state,
        reason,
    }
}

fn group(group: &AttemptGroup) -> Value {
    let members: Vec<Value> = group.attempts.iter().map(credential).collect();
    if group.unordered { json!({"unordered": members}) } else { members.into_iter().next().unwrap_or_default() }
}

fn credential(attempt: &Attempt) -> Value {
    json!({
        "username": attempt.credential.username,
        "password": attempt.credential.password,
        "from": attempt.written,
    })
}
