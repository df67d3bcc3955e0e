//! The plug-in DefaultTolerationSeconds: for how long a pod stays on a node in trouble. Upstream:
//! plugin/pkg/admission/defaulttolerationseconds/admission.go Admit.

use crate::api::Pod;
use crate::api::env::or_empty;
use crate::defaulting::Addition;
use crate::defaulting::edit::{child, int, push, text};
use crate::rule::admission::TOLERATION_SECONDS;
use podwhy_source::{Entry, Map, Node, Value};

/// The taints of nodes in trouble.
const TAINTS: &[&str] = &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/// `--default-not-ready-toleration-seconds` and its sibling, when nobody sets them.
const SECONDS: i64 = 300;

/// Adds the tolerations that the pod lacks.
pub fn fill(node: &mut Node, pod: &Pod) -> Vec<Addition> {
    let mut additions = Vec::new();
    let Some(spec) = child(node, "spec") else { return additions };
    let span = spec.span;
    for taint in TAINTS {
        let tolerated = pod.placement.tolerations.iter().any(|toleration| {
            let (key, effect) = (or_empty(toleration.key.as_ref()), or_empty(toleration.effect.as_ref()));
            matches!(effect, "" | "NoExecute") && ["", *taint].contains(&key)
        });
        if tolerated {
            continue;
        }
        let fields = [
            ("effect", text("NoExecute")),
            ("key", text(taint)),
            ("operator", text("Exists")),
            ("tolerationSeconds", int(SECONDS)),
        ];
        let entry =
            |(key, value): (&str, Value)| Entry { key: key.to_owned(), key_span: span, value: Node::new(span, value) };
        let toleration = Node::new(span, Value::Map(Map { entries: fields.into_iter().map(entry).collect() }));
        let path = format!("{}.tolerations", pod.spec_path);
        additions.extend(push(spec, &path, "tolerations", toleration).into_iter().map(|path| Addition {
            path,
            value: (*taint).to_owned(),
            rule: &TOLERATION_SECONDS,
            because: Some(span),
        }));
    }
    additions
}
