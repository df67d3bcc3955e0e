//! Manifests through splitter, YAML or JSON reader and strict decoder.

use crate::compare::agree_without;
use podwhy_core::release::Release;
use podwhy_core::schema::{Class, DecodeError, Decoded, Status, decode_document};
use podwhy_source::{Budget, InputId, Node, Number, document};
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let text = input["yaml"].as_str().unwrap_or_default();
    let read = document::read(InputId(0), text, &Budget::default());
    let documents: Vec<Value> = read.documents.iter().map(|one| answer(&decode_document(one, release))).collect();
    json!({"ok": documents.iter().all(|document| document["ok"] == json!(true)), "documents": documents})
}

/// The suite asks a client's decoder, which knows no custom kinds and still knows kinds that are served no more.
fn answer(decoded: &Decoded) -> Value {
    if decoded.status == Status::Foreign {
        return json!({"ok": false, "errors": [{"class": "unknown_kind"}]});
    }
    let mut errors: Vec<Value> = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    for error in decoded.errors.iter().filter(|error| error.class != Class::NotServed) {
        if error.class == Class::DuplicateKey && error.path.is_empty() {
            keys.push(&error.key);
        } else {
            errors.push(shape(error));
        }
    }
    if !keys.is_empty() {
        errors.insert(0, json!({"class": "duplicate_key", "keys": keys}));
    }
    match &decoded.node {
        Some(node) if errors.is_empty() => json!({"ok": true, "object": to_json(node)}),
        _ => json!({"ok": false, "errors": errors}),
    }
}

fn shape(error: &DecodeError) -> Value {
    let mut out = json!({"class": error.class, "path": error.path});
    if let Some(item) = error.item {
        out["item"] = json!(item);
    }
    out
}

/// Errors agree by class, and by path, keys and item where the expectation has them; everything else is pruned first.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let list = |value: &Value| value["documents"].as_array().cloned().unwrap_or_default();
    let (wanted, found) = (list(expect), list(actual));
    expect["ok"] == actual["ok"]
        && wanted.len() == found.len()
        && wanted.iter().zip(&found).all(|(wanted, found)| match wanted["errors"].as_array() {
            None => agree_without(&pruned(&wanted["object"]), &pruned(&found["object"]), &[]),
            Some(errors) => {
                let others = found["errors"].as_array().cloned().unwrap_or_default();
                errors.len() == others.len() && errors.iter().zip(&others).all(|(a, b)| same_error(a, b))
            }
        })
}

fn same_error(expect: &Value, actual: &Value) -> bool {
    ["class", "path", "keys", "item"].iter().all(|key| expect.get(key).is_none_or(|value| *value == actual[*key]))
}

/// Without null, "", 0, false, {}, [] and a `divisor` of "0", again and again until nothing changes.
pub fn pruned(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().map(|(key, value)| (key.clone(), pruned(value)));
            Value::Object(
                kept.filter(|(key, value)| !(is_empty(value) || (key == "divisor" && value == "0"))).collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(pruned).collect()),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// The tree as JSON.
pub fn to_json(node: &Node) -> Value {
    match &node.value {
        podwhy_source::Value::Null => Value::Null,
        podwhy_source::Value::Bool(value) => json!(value),
        podwhy_source::Value::Number(Number::Int(value)) => json!(value),
        podwhy_source::Value::Number(Number::UInt(value)) => json!(value),
        podwhy_source::Value::Number(Number::Float(value)) => json!(value),
        podwhy_source::Value::Text(text) => json!(text),
        podwhy_source::Value::List(items) => Value::Array(items.iter().map(to_json).collect()),
        podwhy_source::Value::Map(map) => {
            let entry = |entry: &podwhy_source::Entry| (entry.key.clone(), to_json(&entry.value));
            Value::Object(map.entries.iter().map(entry).collect::<Map<_, _>>())
        }
    }
}
