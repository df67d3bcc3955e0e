use super::objects::node;
use podwhy_core::kubectl::status_column::PrintedPod;
use podwhy_core::release::Release;
use podwhy_core::time::Timestamp;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let now = input["now"].as_str().and_then(Timestamp::parse).expect("now is a time");
    let columns = PrintedPod::read(&node(&input["pod"])).columns(now, release);
    json!({
        "ready": columns.ready,
        "status": columns.status,
        "restarts": columns.restarts,
        "ip": columns.ip,
        "node": columns.node,
        "nominated_node": columns.nominated_node,
        "readiness_gates": columns.readiness_gates,
    })
}
