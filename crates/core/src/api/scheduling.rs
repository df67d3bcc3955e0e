//! The parts of pods, nodes and classes that decide about nodes: selectors, tolerations, taints, node affinity.

use super::{list, objects, or_empty, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};
use serde::Serialize;

/// One entry of a map from text to text, such as a node selector or labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The key and where it stands.
    pub key: Written<String>,
    /// The value and where it stands; null reads as the empty text, as in Kubernetes.
    pub value: Written<String>,
}

impl Label {
    /// Key and value together.
    #[must_use]
    pub fn span(&self) -> Span {
        self.key.span.to(self.value.span)
    }
}

/// Reads a map from text to text in written order; of equal keys the last counts. `None` if it is not there.
#[must_use]
pub fn labels(node: &Node, key: &str) -> Option<Vec<Label>> {
    let map = node.get(key)?;
    map.as_map().map(|_| entries(map))
}

/// The entries of a map from text to text; none of what is no map.
#[must_use]
pub fn entries(map: &Node) -> Vec<Label> {
    let Some(map) = map.as_map() else { return Vec::new() };
    let read = |entry: &podwhy_source::Entry| {
        let value = if entry.value.is_null() { "" } else { entry.value.as_text()? };
        Some(Label {
            key: Written { value: entry.key.clone(), span: entry.key_span },
            value: Written { value: value.to_owned(), span: entry.value.span },
        })
    };
    let mut labels: Vec<Label> = Vec::new();
    for label in map.entries.iter().filter_map(read) {
        labels.retain(|other| other.key.value != label.key.value);
        labels.push(label);
    }
    labels
}

/// The entry of this key.
#[must_use]
pub fn label<'a>(labels: &'a [Label], key: &str) -> Option<&'a Label> {
    labels.iter().find(|label| label.key.value == key)
}

/// A toleration as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Toleration {
    /// Where the whole entry stands.
    pub span: Span,
    /// `key`.
    pub key: Option<Written<String>>,
    /// `operator`.
    pub operator: Option<Written<String>>,
    /// `value`.
    pub value: Option<Written<String>>,
    /// `effect`.
    pub effect: Option<Written<String>>,
    /// `tolerationSeconds`.
    pub seconds: Option<Written<i64>>,
}

impl Toleration {
    /// Reads one entry; fields of another type read as absent.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let seconds = node.get("tolerationSeconds");
        Self {
            span: node.span,
            key: text(node, "key"),
            operator: text(node, "operator"),
            value: text(node, "value"),
            effect: text(node, "effect"),
            seconds: seconds.and_then(|node| Some(Written { value: node.as_int()?, span: node.span })),
        }
    }

    /// The entries of the list `tolerations` of an object.
    #[must_use]
    pub fn read_all(node: &Node) -> Vec<Self> {
        objects(node, "tolerations").map(|(_, node)| Self::read(node)).collect()
    }

    /// The key; empty stands for every key if the operator is `Exists`.
    #[must_use]
    pub fn key(&self) -> &str {
        or_empty(self.key.as_ref())
    }

    /// The operator; empty where none is written.
    #[must_use]
    pub fn operator(&self) -> &str {
        or_empty(self.operator.as_ref())
    }

    /// The value, or `""`.
    #[must_use]
    pub fn value(&self) -> &str {
        or_empty(self.value.as_ref())
    }

    /// The effect; empty stands for every effect.
    #[must_use]
    pub fn effect(&self) -> &str {
        or_empty(self.effect.as_ref())
    }

    /// `tolerationSeconds`.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.seconds.as_ref().map(|seconds| seconds.value)
    }

    /// Whether both say the same, wherever they stand.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        let fields = |t: &Self| {
            let [key, operator, value, effect] = [t.key(), t.operator(), t.value(), t.effect()].map(str::to_owned);
            (key, operator, value, effect, t.seconds())
        };
        fields(self) == fields(other)
    }

    /// The toleration in one line: `gpu=a100:NoSchedule`, `gpu:NoExecute for 300s`, `every taint`. An entry without
    /// operator reads like one with `Equal`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = match (self.key(), self.operator()) {
            ("", "Exists") => "every taint".to_owned(),
            (key, "Exists") => key.to_owned(),
            (key, _) => format!("{key}={}", self.value()),
        };
        if !self.effect().is_empty() {
            words.push(':');
            words.push_str(self.effect());
        }
        if let Some(seconds) = self.seconds() {
            words.push_str(&format!(" for {seconds}s"));
        }
        words
    }
}

/// A node's taint as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taint {
    /// Where the whole entry stands.
    pub span: Span,
    /// `key`, or `""`.
    pub key: String,
    /// `value`, or `""`.
    pub value: String,
    /// `effect`, or `""`.
    pub effect: String,
}

impl Taint {
    /// Reads one entry of a node's `spec.taints`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let field = |key| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        Self { span: node.span, key: field("key"), value: field("value"), effect: field("effect") }
    }

    /// The taint as `kubectl taint` writes it: `key=value:effect`.
    #[must_use]
    pub fn words(&self) -> String {
        let value = if self.value.is_empty() { String::new() } else { format!("={}", self.value) };
        format!("{}{value}:{}", self.key, self.effect)
    }
}

/// `requiredDuringSchedulingIgnoredDuringExecution` of a pod's node affinity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeSelector {
    /// Where it stands.
    pub span: Span,
    /// `nodeSelectorTerms`: one of them must match.
    pub terms: Vec<NodeSelectorTerm>,
}

/// One way to satisfy a [`NodeSelector`]: all its requirements must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeSelectorTerm {
    /// Where it stands.
    pub span: Span,
    /// `matchExpressions`, about labels.
    pub match_expressions: Vec<NodeSelectorRequirement>,
    /// `matchFields`, about the node's fields; `metadata.name` is the only one.
    pub match_fields: Vec<NodeSelectorRequirement>,
}

/// One requirement of a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeSelectorRequirement {
    /// Where it stands.
    pub span: Span,
    /// `key`, or `""`.
    pub key: String,
    /// `operator`, or `""`.
    pub operator: String,
    /// `values`.
    pub values: Vec<String>,
}

impl NodeSelector {
    /// Reads a pod spec's required node affinity.
    #[must_use]
    pub fn read(spec: &Node) -> Option<Self> {
        let required =
            spec.get_path(&["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"])?;
        let requirements =
            |term: &Node, key| objects(term, key).map(|(_, node)| NodeSelectorRequirement::read(node)).collect();
        let terms = objects(required, "nodeSelectorTerms").map(|(_, term)| NodeSelectorTerm {
            span: term.span,
            match_expressions: requirements(term, "matchExpressions"),
            match_fields: requirements(term, "matchFields"),
        });
        Some(Self { span: required.span, terms: terms.collect() })
    }
}

impl NodeSelectorRequirement {
    fn read(node: &Node) -> Self {
        let field = |key| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        let values = list(node, "values").filter_map(Node::as_text).map(str::to_owned);
        Self { span: node.span, key: field("key"), operator: field("operator"), values: values.collect() }
    }

    /// The requirement in one line: `disk In [ssd, nvme]`.
    #[must_use]
    pub fn words(&self) -> String {
        match self.values.as_slice() {
            [] => format!("{} {}", self.key, self.operator),
            values => format!("{} {} [{}]", self.key, self.operator, values.join(", ")),
        }
    }
}
