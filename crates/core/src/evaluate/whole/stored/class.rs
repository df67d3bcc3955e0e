//! What a RuntimeClass brings into the pod's tree.

use super::super::effective::Removal;
use super::Changes;
use crate::admission::runtime_class::Admitted;
use crate::api::scheduling::Toleration;
use crate::defaulting::edit::{child, child_or_new, entry, int, put, text};
use crate::rule::admission::{CLASS_SELECTOR, COVERED_TOLERATION, MERGED_TOLERATIONS, OVERHEAD_GATE};
use crate::trace::Origin;
use podwhy_source::{Entry, Map, Node, Span, Value};

/// Sets nodeSelector, tolerations and overhead as the plug-in leaves them.
pub(super) fn apply(changes: &mut Changes, admitted: &Admitted) {
    let path = changes.pod.spec_path.clone();
    let Some(spec) = child(&mut changes.node, "spec") else { return };
    let mut added = Vec::new();
    for label in &admitted.node_selector {
        let Origin::Merged { rule, from } = label.origin else { continue };
        if spec.get("nodeSelector").is_none() {
            added.push((format!("{path}.nodeSelector"), String::new(), &CLASS_SELECTOR, from));
        }
        let (key, value) = (&label.value.key.value, &label.value.value);
        if let Some(selector) = child_or_new(spec, "nodeSelector") {
            put(selector, key, text(&value.value));
            added.push((format!("{path}.nodeSelector.{key}"), value.value.clone(), rule, from));
        }
    }
    if let Some(merge) = &admitted.merge {
        let written = match entry(spec, "tolerations").map(|list| &mut list.value) {
            Some(Value::List(items)) => std::mem::take(items),
            _ => Vec::new(),
        };
        let mut left = written;
        let mut list = Vec::new();
        for (index, toleration) in admitted.tolerations.iter().enumerate() {
            let own = left.iter().position(|item| !is_merged(&toleration.origin) && same(item, &toleration.value));
            match own {
                Some(at) => list.push(left.remove(at)),
                None => {
                    let from = Some(toleration.value.span);
                    added.push((
                        format!("{path}.tolerations[{index}]"),
                        toleration.value.words(),
                        &MERGED_TOLERATIONS,
                        from,
                    ));
                    list.push(node_of(&toleration.value));
                }
            }
        }
        let because = |gone: Span| merge.dropped().find(|(entry, _, _)| entry.toleration.span == gone);
        let dropped = left.iter().map(|gone| Removal {
            span: gone.span,
            rule: &COVERED_TOLERATION,
            because: because(gone.span).map(|(_, by, _)| by.toleration.span),
        });
        changes.removals.extend(dropped);
        if spec.get("tolerations").is_some() || !list.is_empty() {
            put(spec, "tolerations", Value::List(list));
        }
    }
    let merged: Vec<_> = admitted.overhead.iter().filter(|(_, amount)| is_merged(&amount.origin)).collect();
    if let Some((_, first)) = merged.first()
        && spec.get("overhead").is_none()
    {
        let from = first.origin.span();
        let rule = match first.origin {
            Origin::Merged { rule, .. } => rule,
            _ => &OVERHEAD_GATE,
        };
        added.push((format!("{path}.overhead"), String::new(), rule, from));
        let entry = |(name, amount): &&(String, crate::trace::Field<crate::quantity::Quantity>)| {
            let span = amount.origin.span().unwrap_or(spec.span);
            Entry { key: name.clone(), key_span: span, value: Node::new(span, text(&amount.value.to_string())) }
        };
        let map = Map { entries: merged.iter().map(entry).collect() };
        put(spec, "overhead", Value::Map(map));
    }
    for (path, value, rule, because) in added {
        changes.add(path, &value, rule, because);
    }
}

fn is_merged(origin: &Origin) -> bool {
    matches!(origin, Origin::Merged { .. })
}

/// Tolerations that were added before the class's have the place of the object that they were added to, several of them
/// the same one: then the fields tell which is which.
fn same(node: &Node, toleration: &Toleration) -> bool {
    node.span == toleration.span && Toleration::read(node) == *toleration
}

fn node_of(toleration: &Toleration) -> Node {
    let texts = [
        ("effect", &toleration.effect),
        ("key", &toleration.key),
        ("operator", &toleration.operator),
        ("value", &toleration.value),
    ];
    let field = |key: &str, span: Span, value: Value| Entry {
        key: key.to_owned(),
        key_span: span,
        value: Node::new(span, value),
    };
    let mut entries: Vec<Entry> = texts
        .into_iter()
        .filter_map(|(key, written)| written.as_ref().map(|written| field(key, written.span, text(&written.value))))
        .collect();
    entries.extend(
        toleration.seconds.as_ref().map(|seconds| field("tolerationSeconds", seconds.span, int(seconds.value))),
    );
    Node::new(toleration.span, Value::Map(Map { entries }))
}
