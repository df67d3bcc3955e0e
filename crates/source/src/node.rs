//! The tree that YAML and JSON are read into.

use crate::float;
use crate::span::Span;
use std::fmt;

/// A value with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the value stands. Values that an alias or a merge key brought here keep the place where they are written.
    pub span: Span,
    /// The value itself.
    pub value: Value,
}

/// What a value is, after the scalar rules of its language have been applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object.
    Map(Map),
}

/// A number as Go's readers hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Fits a signed 64-bit integer.
    Int(i64),
    /// A positive integer that only fits an unsigned one.
    UInt(u64),
    /// Everything else, and integers too large for either.
    Float(f64),
}

impl fmt::Display for Number {
    /// The digits, without an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::UInt(value) => value.fmt(f),
            Self::Float(value) => f.write_str(&float::text(*value)),
        }
    }
}

/// An object's entries in the order in which they are written. Duplicate keys stay: whether they are an
/// error is for the reader to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The entries as written.
    pub entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as a text (YAML keys that are numbers or booleans are turned into one, as Kubernetes does).
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Map {
    /// The value under `key`; of equal keys the last one, as Go's JSON reader takes it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry under `key`; of equal keys the last one.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }
}

impl Node {
    /// A value at a place.
    #[must_use]
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value }
    }

    /// The value under `key` if this is an object that has it and it is not null.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key).filter(|node| !node.is_null())
    }

    /// The value at the end of a path of keys, with the rules of [`Node::get`].
    #[must_use]
    pub fn get_path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The integer, if it is a number without a fraction that fits (`30.0` counts, as in Kubernetes' decoder).
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self.value {
            Value::Number(Number::Int(value)) => Some(value),
            // 2^63 itself is out of range; every float strictly inside converts without loss.
            Value::Number(Number::Float(value)) if value.fract() == 0.0 && value.abs() < 9.2e18 => Some(value as i64),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is an object.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// What kind of value it is, in JSON's words, for messages.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }
}
