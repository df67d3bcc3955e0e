//! Labels and names that the pod wants of its node. Upstream:
//! pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go and
//! staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go.

use super::{Answer, Candidate, NodeInfo, named};
use crate::api::node::Node;
use crate::api::scheduling::{NodeSelectorRequirement, NodeSelectorTerm, label};
use crate::release::Cluster;
use crate::rule::scheduling::{NODE_AFFINITY, NODE_AFFINITY_WORDS, NODE_NARROWED, NODE_SELECTOR};
use crate::trace::{Mark, Step};
use crate::validation::names;
use podwhy_source::Span;
use std::collections::BTreeSet;

/// The reason if no node can be left.
pub(super) const CONFLICT: &str = "pod affinity terms conflict";

/// The only field of a node that can be asked for.
const NAME_FIELD: &str = "metadata.name";

/// Which nodes are looked at.
#[derive(Clone, Debug)]
pub(super) enum Narrowing {
    /// All of them.
    All,
    /// Those of these names; the affinity stands there.
    Nodes(BTreeSet<String>, Span),
    /// None: the terms leave no name.
    Conflict(Span),
}

/// Upstream: PreFilter. Only if every term asks for names are the nodes narrowed.
pub(super) fn narrow(candidate: &Candidate, cluster: &Cluster) -> Narrowing {
    let Some(affinity) = &candidate.pod.placement.node_affinity else { return Narrowing::All };
    if affinity.terms.is_empty() || NODE_NARROWED.since.is_some_and(|since| !since.holds_in(cluster.release)) {
        return Narrowing::All;
    }
    let mut all = BTreeSet::new();
    for term in &affinity.terms {
        let by_name = term.match_fields.iter().filter(|field| field.key == NAME_FIELD && field.operator == "In");
        let names = by_name.map(|field| field.values.iter().cloned().collect::<BTreeSet<String>>());
        let Some(names) = names.reduce(|left, right| &left & &right) else { return Narrowing::All };
        all.extend(names);
    }
    if all.is_empty() { Narrowing::Conflict(affinity.span) } else { Narrowing::Nodes(all, affinity.span) }
}

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo, cluster: &Cluster) -> Answer {
    let node = named(&info.node.metadata);
    let mut steps = Vec::new();
    let mut matches = true;
    for wanted in &candidate.node_selector {
        let (key, value) = (&wanted.key.value, &wanted.value.value);
        let has = label(&info.node.labels, key);
        let fits = has.is_some_and(|has| has.value.value == *value);
        let finding = match has {
            Some(_) if fits => format!("{node} has {key}={value}."),
            Some(has) => format!("The pod wants {key}={value}, but {node} has {key}={}.", has.value.value),
            None => format!("The pod wants {key}={value}, but {node} has no label `{key}`."),
        };
        let step = Step::new(&NODE_SELECTOR, mark(fits), finding).at(wanted.span());
        steps.push(step.because(has.map(|has| has.span())));
        matches &= fits;
    }
    if let Some(affinity) = &candidate.pod.placement.node_affinity {
        let checked: Vec<(bool, Step)> = affinity.terms.iter().map(|term| check(term, info.node, &node)).collect();
        let fits = checked.iter().any(|(fits, _)| *fits);
        if checked.is_empty() {
            let finding = "The required node affinity has no term, so no node matches.";
            steps.push(Step::new(&NODE_AFFINITY, Mark::No, finding).at(affinity.span));
        }
        // Where a term fits, the others decide nothing.
        steps.extend(checked.into_iter().filter(|(term_fits, _)| *term_fits || !fits).map(|(_, step)| step));
        matches &= fits;
    }
    if steps.is_empty() {
        steps.push(Step::new(&NODE_SELECTOR, Mark::Yes, "The pod asks for no labels of its node."));
    }
    let words = if NODE_AFFINITY_WORDS.holds_in(cluster.release) {
        "node(s) didn't match Pod's node affinity/selector"
    } else {
        "node(s) didn't match Pod's node affinity"
    };
    (if matches { Vec::new() } else { vec![words.to_owned()] }, steps)
}

fn mark(fits: bool) -> Mark {
    if fits { Mark::Yes } else { Mark::No }
}

/// One term: all its requirements must hold, and one that cannot be read spoils it.
fn check(term: &NodeSelectorTerm, node: &Node, words: &str) -> (bool, Step) {
    let step =
        |fits: bool, finding: String, span: Span| (fits, Step::new(&NODE_AFFINITY, mark(fits), finding).at(span));
    if term.match_expressions.is_empty() && term.match_fields.is_empty() {
        return step(false, "An empty term matches no node.".to_owned(), term.span);
    }
    let expressions = term.match_expressions.iter().map(|one| (one, expression(one, node)));
    let fields = term.match_fields.iter().map(|one| (one, field(one, node)));
    let checked: Vec<_> = expressions.chain(fields).collect();
    let has = |key: &str| label(&node.labels, key).map(|label| label.span());
    if let Some((one, _)) = checked.iter().find(|(_, answer)| answer.is_none()) {
        let finding = format!("`{}` cannot be understood, so its whole term matches no node.", one.words());
        return step(false, finding, one.span);
    }
    if let Some((one, _)) = checked.iter().find(|(_, answer)| *answer == Some(false)) {
        let (fits, step) = step(false, format!("{words} does not satisfy `{}`.", one.words()), one.span);
        return (fits, step.because(has(&one.key)));
    }
    let list: Vec<String> = checked.iter().map(|(one, _)| one.words()).collect();
    step(true, format!("{words} satisfies `{}`.", list.join("` and `")), term.span)
}

/// Whether the node's labels satisfy it; `None` if it makes no sense. Upstream:
/// staging/src/k8s.io/apimachinery/pkg/labels/selector.go NewRequirement and Requirement.Matches.
fn expression(wanted: &NodeSelectorRequirement, node: &Node) -> Option<bool> {
    let values = wanted.values.as_slice();
    let sound =
        names::qualified_name(&wanted.key).is_empty() && values.iter().all(|v| names::label_value(v).is_empty());
    if !sound {
        return None;
    }
    let has = label(&node.labels, &wanted.key).map(|label| label.value.value.as_str());
    match (wanted.operator.as_str(), values) {
        ("In", [_, ..]) => Some(has.is_some_and(|has| values.iter().any(|value| value == has))),
        ("NotIn", [_, ..]) => Some(!has.is_some_and(|has| values.iter().any(|value| value == has))),
        ("Exists", []) => Some(has.is_some()),
        ("DoesNotExist", []) => Some(has.is_none()),
        ("Gt" | "Lt", [limit]) => {
            let limit = integer(limit)?;
            let greater = wanted.operator == "Gt";
            Some(has.and_then(integer).is_some_and(|has| if greater { has > limit } else { has < limit }))
        }
        _ => None,
    }
}

/// As Go's `strconv.ParseInt` reads it.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Whether the node's name satisfies it; `None` if it makes no sense. Upstream: nodeSelectorRequirementsAsFieldSelector.
fn field(wanted: &NodeSelectorRequirement, node: &Node) -> Option<bool> {
    let [value] = wanted.values.as_slice() else { return None };
    // A node without a name is not asked.
    let has = if wanted.key == NAME_FIELD { node.name() } else { "" };
    match wanted.operator.as_str() {
        "In" => Some(node.name().is_empty() || has == value),
        "NotIn" => Some(node.name().is_empty() || has != value),
        _ => None,
    }
}
