//! What the plug-in RuntimeClass changes in the pod's manifest.

use crate::admission::runtime_class::Admitted;
use crate::admission::tolerations::{Entry as MergeEntry, Fate, Side};
use crate::api::Pod;
use crate::api::scheduling::Toleration;
use crate::defaulting::Addition;
use crate::evaluate::whole::effective::Removal;
use crate::rule::Rule;
use crate::rule::admission::{CLASS_OVERHEAD, CLASS_SELECTOR, COVERED_TOLERATION, MERGED_TOLERATIONS, OVERHEAD_GATE};
use crate::trace::{Origin, Written};
use podwhy_source::{Entry, Map, Node, Number, Span, Value};

/// What was changed.
#[derive(Debug, Default)]
pub(in crate::evaluate) struct Changes {
    pub additions: Vec<Addition>,
    pub removals: Vec<Removal>,
}

impl Changes {
    fn add(&mut self, path: String, rule: &'static Rule, because: Option<Span>) {
        self.additions.push(Addition { path, value: String::new(), rule, because });
    }
}

/// Writes what admission decided into `node`, the object that holds `metadata` and `spec` of `pod`.
pub(in crate::evaluate) fn apply(node: &mut Node, pod: &Pod, admitted: &Admitted) -> Changes {
    let mut changes = Changes::default();
    let Some(spec) = field_mut(node, "spec") else { return changes };
    let path = &pod.spec_path;
    if let Some(own) = pod.placement.overhead.as_ref().filter(|own| !own.entries.is_empty()) {
        if admitted.overhead.is_empty() {
            changes.removals.push(Removal { span: own.span, rule: &OVERHEAD_GATE, because: None });
            remove(spec, "overhead");
        }
    } else if !admitted.overhead.is_empty() {
        let from = admitted.overhead.first().and_then(|(_, amount)| amount.origin.span());
        let entry = |(name, amount): &(String, crate::trace::Field<crate::quantity::Quantity>)| {
            let span = amount.origin.span().unwrap_or(pod.span);
            entry(name, span, Value::Text(amount.value.to_string()))
        };
        let list = Map { entries: admitted.overhead.iter().map(entry).collect() };
        let span = from.unwrap_or(pod.span);
        set(spec, "overhead", Node::new(span, Value::Map(list)));
        changes.add(format!("{path}.overhead"), &CLASS_OVERHEAD, from);
    }
    selector(spec, path, admitted, &mut changes);
    tolerations(spec, path, admitted, &mut changes);
    changes
}

fn selector(spec: &mut Node, path: &str, admitted: &Admitted, changes: &mut Changes) {
    for field in &admitted.node_selector {
        let Origin::Merged { rule, from } = &field.origin else { continue };
        if spec.get("nodeSelector").is_none() {
            let span = spec.span;
            set(spec, "nodeSelector", Node::new(span, Value::Map(Map::default())));
            changes.add(format!("{path}.nodeSelector"), &CLASS_SELECTOR, *from);
        }
        let Some(selector) = field_mut(spec, "nodeSelector") else { return };
        let (key, value) = (&field.value.key.value, &field.value.value);
        set(selector, key, Node::new(value.span, Value::Text(value.value.clone())));
        changes.add(format!("{path}.nodeSelector.{key}"), rule, *from);
    }
}

fn tolerations(spec: &mut Node, path: &str, admitted: &Admitted, changes: &mut Changes) {
    let Some(merge) = &admitted.merge else { return };
    let kept: Vec<&MergeEntry> = merge.entries.iter().filter(|entry| entry.fate == Fate::Kept).collect();
    let written = spec.get("tolerations").cloned();
    if written.is_none() && kept.is_empty() {
        return;
    }
    let items = written.as_ref().and_then(Node::as_list).unwrap_or_default();
    // Tolerations that another plug-in has added share one place.
    let same = |item: &Node, own: &Toleration| item.span == own.span && Toleration::read(item) == *own;
    let own = |entry: &MergeEntry| items.iter().find(|item| same(item, &entry.toleration)).cloned();
    let list = kept.iter().map(|entry| own(entry).unwrap_or_else(|| as_node(&entry.toleration))).collect();
    let span = written.as_ref().map_or(spec.span, |written| written.span);
    set(spec, "tolerations", Node::new(span, Value::List(list)));
    if written.is_none() {
        let first = kept.first().map(|entry| entry.toleration.span);
        changes.add(format!("{path}.tolerations"), &MERGED_TOLERATIONS, first);
    }
    for (index, entry) in kept.iter().enumerate().filter(|(_, entry)| entry.side == Side::RuntimeClass) {
        changes.add(format!("{path}.tolerations[{index}]"), &MERGED_TOLERATIONS, Some(entry.toleration.span));
    }
    let dropped = merge.dropped().filter(|(entry, _, _)| entry.side == Side::Pod);
    changes.removals.extend(dropped.map(|(entry, by, _)| Removal {
        span: entry.toleration.span,
        rule: &COVERED_TOLERATION,
        because: Some(by.toleration.span),
    }));
}

/// The toleration as an element of a manifest's list.
fn as_node(toleration: &Toleration) -> Node {
    let text = |key: &str, field: &Option<Written<String>>| {
        field.as_ref().map(|field| entry(key, field.span, Value::Text(field.value.clone())))
    };
    let seconds = toleration.seconds.as_ref();
    let entries = [
        text("key", &toleration.key),
        text("operator", &toleration.operator),
        text("value", &toleration.value),
        text("effect", &toleration.effect),
        seconds.map(|seconds| entry("tolerationSeconds", seconds.span, Value::Number(Number::Int(seconds.value)))),
    ];
    Node::new(toleration.span, Value::Map(Map { entries: entries.into_iter().flatten().collect() }))
}

fn entry(key: &str, span: Span, value: Value) -> Entry {
    Entry { key: key.to_owned(), key_span: span, value: Node::new(span, value) }
}

fn field_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Value::Map(map) = &mut node.value else { return None };
    map.entries.iter_mut().rev().find(|entry| entry.key == key).map(|entry| &mut entry.value)
}

fn set(node: &mut Node, key: &str, value: Node) {
    if let Some(field) = field_mut(node, key) {
        *field = value;
    } else if let Value::Map(map) = &mut node.value {
        map.entries.push(Entry { key: key.to_owned(), key_span: value.span, value });
    }
}

fn remove(node: &mut Node, key: &str) {
    if let Value::Map(map) = &mut node.value {
        map.entries.retain(|entry| entry.key != key);
    }
}
