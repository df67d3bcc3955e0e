use podwhy_core::pulls::queue::{Puller, Request};
use podwhy_core::release::Release;
use podwhy_core::time::Duration;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let puller = Puller {
        serialize: input["serialize_image_pulls"].as_bool().unwrap_or(true),
        max_parallel: input["max_parallel_image_pulls"].as_i64(),
    };
    let seconds = |value: &Value| Duration::from_secs_f64(value.as_f64().unwrap_or_default());
    let requests = input["requests"].as_array().cloned().unwrap_or_default();
    let times: Vec<Request> = requests
        .iter()
        .map(|request| Request { at: seconds(&request["at_seconds"]), takes: seconds(&request["takes_seconds"]) })
        .collect();
    let pulls = requests.iter().zip(puller.schedule(release, &times)).map(|(request, pull)| {
        json!({
            "name": request["name"],
            "started_at": pull.started_at.as_secs_f64(),
            "ended_at": pull.ended_at.as_secs_f64(),
        })
    });
    json!({ "pulls": pulls.collect::<Vec<_>>() })
}
