use super::objects::node;
use podwhy_core::admission::tolerations::merge;
use podwhy_core::api::scheduling::Toleration;
use podwhy_core::release::Release;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, _: Release) -> Value {
    let read = |key: &str| Toleration::read_all(&node(&json!({"tolerations": input[key]})));
    let merge = merge(&read("pod"), &read("runtime_class"));
    json!({"tolerations": merge.tolerations().map(toleration).collect::<Vec<_>>()})
}

/// The toleration with its empty fields left out.
pub fn toleration(toleration: &Toleration) -> Value {
    let texts = [
        ("key", toleration.key()),
        ("operator", toleration.operator()),
        ("value", toleration.value()),
        ("effect", toleration.effect()),
    ];
    let mut fields: Map<String, Value> = texts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (key.to_owned(), json!(text)))
        .collect();
    fields.extend(toleration.seconds().map(|seconds| ("tolerationSeconds".to_owned(), json!(seconds))));
    Value::Object(fields)
}
