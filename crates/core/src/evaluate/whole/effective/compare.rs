//! The difference of two trees: the pod as written, and the pod as it is stored.

use super::{Content, Fate, Part, Removal, Scalar};
use crate::defaulting::Addition;
use crate::rule::Stage;
use crate::trace::Origin;
use podwhy_source::{Map, Node, Number, Value};

/// What was written against what is stored, with the records of who did what.
pub(super) struct Comparison<'a> {
    pub additions: &'a [Addition],
    pub removals: &'a [Removal],
}

impl Comparison<'_> {
    /// The value at `path`; `around` is who added what it stands in.
    pub fn part(&self, written: Option<&Node>, stored: &Node, path: &str, around: Option<&Origin>) -> Part {
        let told = self.told(path);
        let (fate, origin) = match written {
            Some(written) if is_scalar(stored) && written.value != stored.value => {
                let origin = told.unwrap_or(Origin::Written(written.span));
                (Fate::Changed { was: words(written) }, origin)
            }
            Some(written) => (Fate::Kept, Origin::Written(written.span)),
            None => (Fate::Added, told.or_else(|| around.cloned()).unwrap_or(Origin::Assumed)),
        };
        let within = (fate == Fate::Added).then_some(&origin);
        let content = match &stored.value {
            Value::List(items) => {
                let before = written.and_then(Node::as_list).unwrap_or_default();
                Content::List(self.list(before, items, path, within))
            }
            Value::Map(map) => Content::Map(self.map(written.and_then(Node::as_map), map, path, within)),
            _ => Content::Scalar(scalar(stored)),
        };
        Part { content, origin, fate, span: stored.span }
    }

    fn map(&self, written: Option<&Map>, stored: &Map, path: &str, around: Option<&Origin>) -> Vec<(String, Part)> {
        let field = |entry: &podwhy_source::Entry| {
            let before = written.and_then(|map| map.get(&entry.key));
            let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
            (entry.key.clone(), self.part(before, &entry.value, &path, around))
        };
        let mut fields: Vec<(String, Part)> = stored.entries.iter().map(field).collect();
        for entry in written.map(|map| map.entries.as_slice()).unwrap_or_default() {
            if stored.get(&entry.key).is_none() && !fields.iter().any(|(key, _)| *key == entry.key) {
                fields.push((entry.key.clone(), self.removed(&entry.value)));
            }
        }
        // As `kubectl get -o yaml` prints them.
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        fields
    }

    /// Elements keep the place where they stand, so that is what tells which is which.
    fn list(&self, written: &[Node], stored: &[Node], path: &str, around: Option<&Origin>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut left = written;
        for (index, item) in stored.iter().enumerate() {
            let before = left.iter().position(|other| other.span == item.span);
            if let Some(found) = before {
                let (gone, rest) = left.split_at(found);
                parts.extend(gone.iter().map(|gone| self.removed(gone)));
                left = rest;
            }
            let own = before.and_then(|_| left.split_first());
            parts.push(self.part(own.map(|(own, _)| own), item, &format!("{path}[{index}]"), around));
            left = own.map_or(left, |(_, rest)| rest);
        }
        let end = parts.iter().rposition(|part| part.fate == Fate::Kept).map_or(0, |last| last + 1);
        parts.splice(end..end, left.iter().map(|gone| self.removed(gone)));
        parts
    }

    fn removed(&self, node: &Node) -> Part {
        let told = self.removals.iter().find(|removal| removal.span == node.span);
        let origin = told.map_or(Origin::Assumed, |told| Origin::Merged { rule: told.rule, from: told.because });
        gone(node, &origin)
    }

    fn told(&self, path: &str) -> Option<Origin> {
        // What was done last counts.
        let told = self.additions.iter().rev().find(|addition| addition.path == path)?;
        Some(match told.rule.stage {
            Stage::Admission => Origin::Merged { rule: told.rule, from: told.because },
            _ => Origin::Defaulted { rule: told.rule, because: told.because },
        })
    }
}

fn gone(node: &Node, origin: &Origin) -> Part {
    let content = match &node.value {
        Value::List(items) => Content::List(items.iter().map(|item| gone(item, origin)).collect()),
        Value::Map(map) => {
            Content::Map(map.entries.iter().map(|entry| (entry.key.clone(), gone(&entry.value, origin))).collect())
        }
        _ => Content::Scalar(scalar(node)),
    };
    Part { content, origin: origin.clone(), fate: Fate::Removed, span: node.span }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::List(_) | Value::Map(_))
}

fn scalar(node: &Node) -> Scalar {
    match &node.value {
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(Number::Int(value)) => Scalar::Int(*value),
        Value::Number(Number::UInt(value)) => Scalar::UInt(*value),
        Value::Number(Number::Float(value)) => Scalar::Float(*value),
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Null | Value::List(_) | Value::Map(_) => Scalar::Null,
    }
}

fn words(node: &Node) -> String {
    match &node.value {
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "an object".to_owned(),
        _ => scalar(node).words(),
    }
}
