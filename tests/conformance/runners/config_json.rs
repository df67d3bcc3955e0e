use crate::compare::agree_without;
use podwhy_core::credentials::docker_config::{DockerConfig, Format, UNREADABLE, parse};
use podwhy_core::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::Place;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, _release: Release) -> Value {
    let format = match input["format"].as_str() {
        Some("dockercfg") => Format::DockerCfg,
        _ => Format::DockerConfigJson,
    };
    match parse(input["text"].as_str().unwrap_or_default(), format, Place::Within(InputId(0), 0)) {
        Ok(config) => json!({"ok": true, "entries": entries(&config)}),
        Err(_) => json!({"ok": false, "error": UNREADABLE}),
    }
}

/// `detail` is Go's own text.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    agree_without(expect, actual, &["detail"])
}

/// The entries by key, with their passwords.
pub fn entries(config: &DockerConfig) -> Value {
    let entry = |credential: &podwhy_core::credentials::docker_config::Credential| json!({"username": credential.username, "password": credential.password, "email": credential.email});
    let entries: Map<_, _> = config.entries.iter().map(|found| (found.key.clone(), entry(&found.credential))).collect();
    Value::Object(entries)
}
