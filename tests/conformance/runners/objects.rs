//! The objects inside a case's input, as the rules read them.

use podwhy_core::admission::{Operation, Request};
use podwhy_core::api::Object;
use podwhy_core::release::Release;
use podwhy_core::schema::decode;
use podwhy_source::json::{Place, parse};
use podwhy_source::{Format, InputId, Node};
use serde_json::Value;

/// The value as a tree; its places are those in the value's compact text.
pub fn node(value: &Value) -> Node {
    parse(&value.to_string(), Place::Within(InputId(0), 0)).expect("serde_json writes JSON")
}

/// The object.
pub fn object(value: &Value) -> Object {
    Object::read(node(value))
}

/// The object as the API server of the release understands it, without fields that it does not know; as it stands if
/// it cannot be decoded.
pub fn decoded(value: &Value, release: Release) -> Object {
    let tree = node(value);
    decode(&tree, Format::Json, release).objects.into_iter().next().unwrap_or_else(|| Object::read(tree))
}

/// The objects of a list; none where there is no list.
pub fn objects(value: &Value) -> Vec<Object> {
    value.as_array().into_iter().flatten().map(object).collect()
}

/// The request that a case of an admission plug-in describes.
pub fn request(input: &Value) -> Request<'_> {
    let operation = match input["operation"].as_str() {
        None | Some("CREATE") => Operation::Create,
        Some("UPDATE") => Operation::Update,
        Some(_) => Operation::Other,
    };
    Request { operation, subresource: input["subresource"].as_str().unwrap_or_default(), stored: None }
}
