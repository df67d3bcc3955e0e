use super::credential_lookup::pull_secrets;
use crate::compare::agree_without;
use podwhy_core::credentials::docker_config::{Credential, Format, parse as parse_config};
use podwhy_core::credentials::keyring::Keyrings;
use podwhy_core::image::reference::{Grammar, parse};
use podwhy_core::pulls::attempts::{Attempt, pull};
use podwhy_core::pulls::manager::{WaitingReason, invalid_image_message};
use podwhy_core::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::Place;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let image = input["image"].as_str().unwrap_or_default();
    let reference = match parse(image, Grammar::of(release)) {
        Ok(reference) => reference,
        Err(error) => {
            return json!({
                "attempts": [], "ok": false, "error": error.error(), "error_kind": "invalid_image",
                "result": WaitingReason::InvalidImageName.to_string(), "message": invalid_image_message(&error),
            });
        }
    };
    let node_text = input["node_config"].as_str();
    let node =
        node_text.and_then(|text| parse_config(text, Format::DockerConfigJson, Place::Within(InputId(1), 0)).ok());
    let lookup = Keyrings::new(&pull_secrets(&input["secrets"]), node.as_ref()).lookup(&reference.name());
    let pulled = pull(&lookup, |credential| answer(&input["registry"], credential));
    let mut shown = json!({
        "attempts": pulled.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "ok": pulled.result.is_ok(),
        "result": "",
        "message": "",
    });
    match pulled.result {
        Ok(()) => shown["image_ref"] = json!(format!("id-of-{}", reference.pulled_as())),
        Err(error) => {
            let (reason, message) = error.waiting(image, release);
            shown["result"] = json!(reason.to_string());
            shown["message"] = json!(message);
            shown["error"] = json!(error.text);
            shown["error_kind"] = json!(if lookup.blocked.is_some() { "malformed_secret" } else { "pull" });
        }
    }
    shown
}

/// Go's own texts about a malformed secret are not compared.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let malformed = expect["error_kind"] == "malformed_secret";
    agree_without(expect, actual, if malformed { &["error", "message"] } else { &[] })
}

fn answer(registry: &Value, credential: Option<&Credential>) -> Result<(), String> {
    let answer = match credential {
        Some(credential) => &registry["by_username"][&credential.username],
        None => &registry["anonymous"],
    };
    match answer.as_str() {
        Some("ok") => Ok(()),
        other => Err(other.unwrap_or("the case gives no answer for this user").to_owned()),
    }
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "username": attempt.credential.as_ref().map(|credential| &credential.username),
        "result": attempt.result.as_ref().err().map_or("ok", String::as_str),
    })
}
