use super::objects::object;
use crate::compare::same_members;
use podwhy_core::api::RuntimeClass;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::validation::{FieldError, runtime_class};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let class = RuntimeClass::read(&object(&input["runtime_class"]));
    json!({"errors": shape(&runtime_class::errors(&class, &Cluster::of(release)))})
}

/// The errors as the suites show them.
pub fn shape(errors: &[FieldError]) -> Vec<Value> {
    let error = |error: &FieldError| {
        let mut value = json!({"field": error.field, "type": error.kind.words(), "detail": error.detail});
        if let Some(message) = error.message() {
            value["message"] = json!(message);
        }
        value
    };
    errors.iter().map(error).collect()
}

/// The errors in any order; whole texts only where both sides have all of them.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let (Some(expect), Some(actual)) = (expect["errors"].as_array(), actual["errors"].as_array()) else { return false };
    let messages = |errors: &[Value]| -> Vec<Value> {
        let mut messages: Vec<_> = errors.iter().filter_map(|error| error["message"].as_str()).collect();
        messages.sort_unstable();
        messages.into_iter().map(Value::from).collect()
    };
    let (wanted, given) = (messages(expect), messages(actual));
    same_members(expect, actual, &["message"]) && wanted.iter().all(|message| given.contains(message))
}
