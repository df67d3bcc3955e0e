//! The objects inside a case's input, as the rules read them.

use podwhy_source::json::{Place, parse};
use podwhy_source::{InputId, Node};
use serde_json::Value;

/// The value as a tree; its places are those in the value's compact text.
pub fn node(value: &Value) -> Node {
    parse(&value.to_string(), Place::Within(InputId(0), 0)).expect("serde_json writes JSON")
}
