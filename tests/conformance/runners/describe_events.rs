use super::objects::node;
use podwhy_core::kubectl::describe_events::{DescribedEvent, describe_events};
use podwhy_core::release::Release;
use podwhy_core::time::Timestamp;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let events: Vec<DescribedEvent> =
        input["events"].as_array().into_iter().flatten().map(|event| DescribedEvent::read(&node(event))).collect();
    let now = input["now"].as_str().and_then(Timestamp::parse).expect("now is a time");
    json!({ "text": describe_events(&events, now, release) })
}
