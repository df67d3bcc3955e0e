//! What the suites termination and pod-termination share: hooks, times, and a stopped container as they write it.

use podwhy_core::lifecycle::Millis;
use podwhy_core::lifecycle::handler::HookFailure;
use podwhy_core::lifecycle::termination::{Hook, PreStop, Stopped};
use serde_json::{Map, Value, json};

/// Seconds of a case as milliseconds.
pub fn millis(seconds: &Value) -> Millis {
    (seconds.as_f64().unwrap_or_default() * 1000.0).round() as Millis
}

/// Milliseconds as a case's seconds, rounded to tenths.
pub fn seconds(millis: Millis) -> Value {
    json!(((millis + 50) / 100) as f64 / 10.0)
}

/// The hook of a case, `null` for none.
pub fn hook(value: &Value, failure: Option<HookFailure>) -> Option<Hook> {
    value.is_object().then(|| Hook { takes: millis(&value["takes_seconds"]), failure })
}

/// A stopped container in the suites' words. A sleep hook cannot be seen from outside, so nothing is said of it.
pub fn stopped(stopped: &Stopped, hook: &Value) -> Map<String, Value> {
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
    let (started, ended) = match stopped.pre_stop {
        PreStop::Absent | PreStop::NotRun => (Value::Null, Value::Null),
        PreStop::Ended { started, ended } => (seconds(started), seconds(ended)),
        PreStop::Abandoned { started, .. } => (seconds(started), json!("abandoned")),
    };
    if hook.is_object() && hook["kind"] != json!("sleep") {
        put("pre_stop_started_at", started);
        put("pre_stop_ended_at", ended);
    }
    put("stop_called_at", seconds(stopped.stop_called));
    put("term_sent_at", stopped.term_sent.map_or(Value::Null, seconds));
    put("stop_timeout_passed_to_runtime", json!(stopped.timeout));
    put("killed", json!(stopped.killed));
    put("ended_at", seconds(stopped.ended));
    result
}
