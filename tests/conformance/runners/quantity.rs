//! Quantities: reading, canonical form, rounding, comparing and adding.

use podwhy_core::quantity::Quantity;
use podwhy_core::release::Release;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, _: Release) -> Value {
    let quantity = match Quantity::parse(input["quantity"].as_str().unwrap_or_default()) {
        Ok(quantity) => quantity,
        Err(error) => return json!({"ok": false, "error": error.to_string()}),
    };
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| drop(out.insert(key.to_owned(), value));
    set("ok", json!(true));
    set("canonical", json!(quantity.to_string()));
    set("format", json!(quantity.format().name()));
    set("sign", json!(quantity.sign()));
    if let Some(value) = quantity.value() {
        set("value", json!(value.to_string()));
    }
    if let Some(value) = quantity.milli_value() {
        set("milli_value", json!(value.to_string()));
    }
    if let Some(Ok(other)) = input["plus"].as_str().map(Quantity::parse) {
        set("cmp", json!(quantity.compare(&other) as i8));
        set("sum", json!(quantity.plus(&other).to_string()));
        set("difference", json!(quantity.minus(&other).to_string()));
    }
    Value::Object(out)
}
