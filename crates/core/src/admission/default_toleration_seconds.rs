//! The plug-in DefaultTolerationSeconds: for how long a pod stays on a node in trouble. Upstream:
//! plugin/pkg/admission/defaulttolerationseconds/admission.go Admit.

use crate::api::Pod;
use crate::api::scheduling::Toleration;
use crate::defaulting::Addition;
use crate::defaulting::edit::{child, int, push, text};
use crate::rule::admission::TOLERATION_SECONDS;
use crate::trace::Written;
use podwhy_source::{Entry, Map, Node, Span, Value};

/// The taints of nodes in trouble.
const TAINTS: &[&str] = &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/// `--default-not-ready-toleration-seconds` and its sibling, when nobody sets them.
const SECONDS: i64 = 300;

/// The taints for which the pod has no toleration.
fn taints(pod: &Pod) -> impl Iterator<Item = &'static &'static str> {
    let tolerated = |taint: &str| {
        pod.placement.tolerations.iter().any(|toleration| {
            let (key, effect) = (toleration.key(), toleration.effect());
            matches!(effect, "" | "NoExecute") && ["", taint].contains(&key)
        })
    };
    TAINTS.iter().filter(move |taint| !tolerated(taint))
}

/// The tolerations that the pod lacks, as the plug-in adds them.
#[must_use]
pub fn lacking(pod: &Pod) -> Vec<Toleration> {
    let span = Span { end: pod.span.start, ..pod.span };
    let written = |value: &str| Some(Written { value: value.to_owned(), span });
    let toleration = |taint: &&str| Toleration {
        span,
        key: written(taint),
        operator: written("Exists"),
        value: None,
        effect: written("NoExecute"),
        seconds: Some(Written { value: SECONDS, span }),
    };
    taints(pod).map(toleration).collect()
}

/// Adds the tolerations that the pod lacks.
pub fn fill(node: &mut Node, pod: &Pod) -> Vec<Addition> {
    let mut additions = Vec::new();
    let Some(spec) = child(node, "spec") else { return additions };
    let span = spec.span;
    for taint in taints(pod) {
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
