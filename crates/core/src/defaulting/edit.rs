//! Changes to a tree, with the record of each.

use crate::release::Cluster;
use crate::rule::Rule;
use podwhy_source::{Entry, Map, Node, Number, Span, Value};
use serde::Serialize;

/// Something that the API server filled in or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addition {
    /// The field's path: `spec.containers[0].imagePullPolicy`.
    pub path: String,
    /// The value as a text: `Always`, `30`, `{}`.
    pub value: String,
    /// The rule that gave the value.
    pub rule: &'static Rule,
    /// What in the text made it choose this value; without it the object that lacked the field.
    pub because: Option<Span>,
}

/// When a field counts as not written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unset {
    /// Only if it is absent or null: Go holds a pointer.
    Absent,
    /// Also if it is the type's zero value: an empty text, 0.
    Zero,
}

/// Who fills in, and what was filled in so far.
pub(crate) struct Defaults<'a> {
    pub cluster: &'a Cluster,
    pub additions: Vec<Addition>,
}

impl Defaults<'_> {
    /// Fills in one field of the object `node` at `path` if it is unset.
    pub fn fill(&mut self, node: &mut Node, path: &str, key: &str, unset: Unset, value: Value, rule: &'static Rule) {
        self.fill_because(node, path, key, unset, value, rule, None);
    }

    /// [`Defaults::fill`] with the place that made the rule choose this value.
    #[expect(clippy::too_many_arguments)]
    pub fn fill_because(
        &mut self,
        node: &mut Node,
        path: &str,
        key: &str,
        unset: Unset,
        value: Value,
        rule: &'static Rule,
        because: Option<Span>,
    ) {
        let is_set = node.get(key).is_some_and(|written| unset == Unset::Absent || !is_zero(&written.value));
        if !is_set {
            let because = because.or(Some(node.span));
            self.additions.push(Addition { path: format!("{path}.{key}"), value: words(&value), rule, because });
            put(node, key, value);
        }
    }
}

/// A text value.
pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// An integer value.
pub(crate) fn int(value: i64) -> Value {
    Value::Number(Number::Int(value))
}

/// Sets a field of an object; the value takes the object's place unless the key is written.
pub(crate) fn put(node: &mut Node, key: &str, value: Value) {
    if let Some(written) = entry(node, key) {
        written.value = value;
        return;
    }
    let span = node.span;
    if let Value::Map(map) = &mut node.value {
        map.entries.push(Entry { key: key.to_owned(), key_span: span, value: Node::new(span, value) });
    }
}

/// The object under `key`; nothing for null and other types.
pub(crate) fn child<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    entry(node, key).filter(|child| child.as_map().is_some())
}

/// The object under `key`, made if there is none.
pub(crate) fn child_or_new<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    if node.get(key).is_none() {
        put(node, key, Value::Map(Map::default()));
    }
    child(node, key)
}

/// The objects of the list under `key` with their places in it. A null element is an object without fields.
pub(crate) fn children<'n>(node: &'n mut Node, key: &str) -> impl Iterator<Item = (usize, &'n mut Node)> {
    let items = match entry(node, key) {
        Some(Node { value: Value::List(items), .. }) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut().enumerate().filter_map(|(index, item)| {
        if item.is_null() {
            item.value = Value::Map(Map::default());
        }
        item.as_map().is_some().then_some((index, item))
    })
}

/// Puts an element at the end of the list under `key`, whose path is `path`, and makes the list if there is none. Gives
/// the paths of what was added: the element's, and before it the list's if it was made.
pub(crate) fn push(node: &mut Node, path: &str, key: &str, element: Node) -> Vec<String> {
    let mut paths = Vec::new();
    if node.get(key).is_none() {
        put(node, key, Value::List(Vec::new()));
        paths.push(path.to_owned());
    }
    if let Some(Node { value: Value::List(items), .. }) = entry(node, key) {
        paths.push(format!("{path}[{}]", items.len()));
        items.push(element);
    }
    paths
}

/// The value under `key`, null or not.
pub(crate) fn entry<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Value::Map(map) = &mut node.value else { return None };
    map.entries.iter_mut().rev().find(|entry| entry.key == key).map(|entry| &mut entry.value)
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Number(number) => matches!(number, Number::Int(0) | Number::UInt(0)) || *number == Number::Float(0.0),
        Value::Bool(_) | Value::List(_) | Value::Map(_) => false,
    }
}

/// The values that are filled in are single ones, or empty objects.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(Number::Int(value)) => value.to_string(),
        Value::Number(Number::UInt(value)) => value.to_string(),
        Value::Number(Number::Float(value)) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(_) => "[]".to_owned(),
        Value::Map(_) => "{}".to_owned(),
    }
}
