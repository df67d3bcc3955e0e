use super::objects::node;
use crate::compare::agree;
use podwhy_core::image::reference::{Grammar, parse};
use podwhy_core::pulls::credential_plugin::{Output, PluginResponse, PluginUse, Plugins};
use podwhy_core::pulls::credential_provider::read;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::time::Duration;
use podwhy_source::InputId;
use podwhy_source::json::{self, Place};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub fn run(input: &Value, release: Release) -> Value {
    let (config, problems) = match read(&node(&input["config"]), &Cluster::of(release)) {
        Ok(read) => read,
        Err(problem) => return json!({"valid": false, "stage": "decode", "errors": [problem.message]}),
    };
    if !problems.is_empty() {
        let errors: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        return json!({"valid": false, "stage": "validate", "errors": errors});
    }
    let mut answer = json!({"valid": true, "errors": []});
    if config.duplicate().is_some() {
        // The kubelet ends when it starts the plug-ins, so nothing is pulled.
        answer["duplicate_provider_name"] = json!(true);
        return answer;
    }
    let image = input["image"].as_str().unwrap_or_default();
    if image.is_empty() {
        return answer;
    }
    let names = config.providers.iter().map(|provider| provider.name.as_str());
    let responses: BTreeMap<&str, PluginResponse> =
        names.filter_map(|name| Some((name, response(input, name)?))).collect();
    let mut plugins = Plugins::new(&config);
    let mut pull = |image: &str| shown_pull(&mut plugins, image, &responses, release);
    let first = pull(image);
    answer.as_object_mut().expect("an object").extend(first);
    if let Some(images) = input["next_images"].as_array() {
        let next = images.iter().map(|image| {
            let mut shown = pull(image.as_str().unwrap_or_default());
            shown.insert("image".to_owned(), image.clone());
            Value::Object(shown)
        });
        answer["next"] = next.collect();
    }
    answer
}

/// The texts of Go's URL parser, and of its decoder, are not compared.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    if expect["stage"] == "decode" {
        return actual["stage"] == "decode";
    }
    let without_url_error = |value: &Value| {
        let mut value = value.clone();
        for error in value["errors"].as_array_mut().into_iter().flatten() {
            let text = error.as_str().unwrap_or_default();
            if let Some((before, _)) = text.split_once("match image is invalid: ") {
                *error = json!(before);
            }
        }
        value
    };
    agree(&without_url_error(expect), &without_url_error(actual))
}

/// What the provider's plug-in prints, if it prints something that can be read.
fn response(input: &Value, provider: &str) -> Option<PluginResponse> {
    if input["plugin_exits_nonzero"] == true {
        return None;
    }
    match input["responses"].get(provider).unwrap_or(&input["response"]) {
        Value::String(output) => {
            json::parse(output, Place::Within(InputId(0), 0)).ok().map(|node| PluginResponse::read(&node))
        }
        response => Some(PluginResponse::read(&node(response))),
    }
}

fn shown_pull(
    plugins: &mut Plugins,
    image: &str,
    responses: &BTreeMap<&str, PluginResponse>,
    release: Release,
) -> Map<String, Value> {
    let repository = parse(image, Grammar::of(release)).expect("the cases pull valid images").name();
    let pulled = plugins
        .pull(&repository, Duration::ZERO, None, |name| responses.get(name).map_or(Output::Fails, Output::Prints));
    let credentials: Vec<Value> = pulled
        .lookup
        .attempts
        .iter()
        .map(|group| {
            let mut members = group.attempts.iter().map(
                |attempt| json!({"username": attempt.credential.username, "password": attempt.credential.password}),
            );
            if group.unordered {
                json!({"unordered": members.collect::<Vec<_>>()})
            } else {
                members.next().unwrap_or_default()
            }
        })
        .collect();
    let called = pulled.uses.iter().find(|used| used.called);
    let key = called.map(|used| used.stored.as_slice()).unwrap_or_default();
    let shown = json!({
        "repo": repository,
        "called": called.is_some(),
        "cache_key": match key { [(key, _)] => json!(key), _ => Value::Null },
        "found": !credentials.is_empty(),
        "credentials": credentials,
        "providers": pulled.uses.iter().map(shown_use).collect::<Vec<_>>(),
    });
    shown.as_object().expect("an object").clone()
}

fn shown_use(used: &PluginUse) -> Value {
    let mut shown = json!({"name": used.name, "allowed": used.allowed, "called": used.called});
    match used.stored.as_slice() {
        [] => shown["cache_key"] = Value::Null,
        [(key, left)] => {
            shown["cache_key"] = json!(key);
            // The real clock runs on a little, so half a second is already less.
            let rounded = (*left + Duration::from_nanos(499_999_999)).whole_secs();
            shown["cache_ttl_seconds"] = json!(rounded.max(0));
        }
        several => shown["cache_entries"] = json!(several.len()),
    }
    shown
}
