//! The comparison rules that all suites share.

use serde_json::{Map, Value};

/// Whether `actual` agrees with `expect`: objects without regard to key order, numbers as numbers, lists in order
/// except inside `{"unordered": [...]}`.
pub fn agree(expect: &Value, actual: &Value) -> bool {
    agree_without(expect, actual, &[])
}

/// As [`agree`], passing over the object keys in `ignored` on both sides.
pub fn agree_without(expect: &Value, actual: &Value, ignored: &[&str]) -> bool {
    match (expect, actual) {
        (Value::Object(left), Value::Object(right)) => {
            if let Some(group) = unordered(left) {
                return unordered(right).is_some_and(|other| same_members(group, other, ignored));
            }
            let counted = |map: &Map<String, Value>| map.keys().filter(|key| !ignored.contains(&key.as_str())).count();
            counted(left) == counted(right)
                && left
                    .iter()
                    .filter(|(key, _)| !ignored.contains(&key.as_str()))
                    .all(|(key, value)| right.get(key).is_some_and(|other| agree_without(value, other, ignored)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| agree_without(a, b, ignored))
        }
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        _ => expect == actual,
    }
}

/// Whether two lists hold the same members in any order.
pub fn same_members(left: &[Value], right: &[Value], ignored: &[&str]) -> bool {
    let mut rest: Vec<&Value> = right.iter().collect();
    left.len() == right.len()
        && left.iter().all(|value| {
            let found = rest.iter().position(|other| agree_without(value, other, ignored));
            found.map(|at| rest.swap_remove(at)).is_some()
        })
}

fn unordered(map: &Map<String, Value>) -> Option<&[Value]> {
    match map.get("unordered") {
        Some(Value::Array(group)) if map.len() == 1 => Some(group),
        _ => None,
    }
}
