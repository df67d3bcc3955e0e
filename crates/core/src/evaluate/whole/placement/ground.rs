//! What pods are placed on and with: nodes, classes, bound pods and the nodes' runtimes, as given or assumed.

use super::classes::{GivenClass, given_classes};
use crate::api::node::Node;
use crate::api::resources::ResourceList;
use crate::api::{Object, Pod, PriorityClass, RuntimeClass};
use crate::evaluate::given::Given;
use crate::report::{DocumentReport, DocumentState};
use crate::rule::runtime::HANDLERS_REPORTED;
use crate::runtime::files::{self, NodeRuntime};
use crate::runtime::handlers::reported;
use crate::scenario::Assumption;
use crate::session::{InputKind, Session};
use crate::trace::Step;
use podwhy_source::json::{Place, parse};
use podwhy_source::{Budget, Diagnostic, InputId, Span, document};

/// The text that assumed nodes stand in: none that was given.
const ASSUMED: InputId = InputId(u16::MAX);

/// What a node can give of which nobody says it.
const ASSUMED_ALLOCATABLE: &str =
    r#"{"allocatable":{"cpu":"4","memory":"16Gi","ephemeral-storage":"100Gi","pods":"110"}}"#;

/// How many nodes there are if none is given.
const ASSUMED_NODES: usize = 3;

/// Everything around the pods.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ground {
    pub classes: Vec<GivenClass>,
    pub nodes: Vec<Node>,
    /// Pods that are bound to a node already.
    pub bound: Vec<Pod>,
    pub runtimes: Vec<NodeRuntime>,
    /// The PriorityClasses, in their order.
    pub priorities: Vec<PriorityClass>,
    pub assumptions: Vec<Assumption>,
    /// What is wrong with all this, and once pods were looked at, with them.
    pub problems: Vec<Diagnostic>,
    /// Classes that the API server refuses, as many as `refused`, then those that are there.
    met: Vec<RuntimeClass>,
    refused: usize,
    /// RuntimeClasses that were given and cannot be decoded: names, and where they stand.
    broken: Vec<(String, Span)>,
}

impl Ground {
    pub fn read(session: &Session, given: &Given, documents: &[DocumentReport]) -> Self {
        let mut ground = Self::default();
        let stored = |span: Span| session.input(span.input).is_some_and(|input| input.kind == InputKind::Stored);
        let classes = given.objects.iter().filter_map(RuntimeClass::of).map(|class| {
            let stored = stored(class.span);
            (class, stored)
        });
        (ground.classes, ground.problems) = given_classes(classes.collect(), &session.cluster);
        let refused = ground.classes.iter().filter(|given| given.is_refused());
        ground.met = refused.map(|given| given.class.clone()).collect();
        ground.refused = ground.met.len();
        let existing = ground.classes.iter().filter(|given| given.exists());
        ground.met.extend(existing.map(|given| given.class.clone()));
        ground.priorities = given.objects.iter().filter_map(PriorityClass::of).collect();
        ground.nodes(&given.nodes);
        ground.bound = bound(given);
        let texts = session.inputs_of(InputKind::RuntimeConfig);
        let texts: Vec<files::Given> =
            texts.map(|(input, given)| files::Given { input, name: &given.name, text: &given.text }).collect();
        let (runtimes, problems) = files::runtimes(&texts, &session.cluster);
        ground.runtimes = runtimes;
        ground.problems.extend(problems);
        ground.unknown_nodes();
        if HANDLERS_REPORTED.holds_in(session.cluster.release) {
            ground.reported();
        }
        let broken = documents.iter().filter(|document| document.title.starts_with("RuntimeClass"));
        let broken = broken.filter(|document| document.state == DocumentState::Broken);
        ground.broken = broken.filter_map(|document| Some((name_in(session, document)?, document.span))).collect();
        ground
    }

    /// The classes that pods meet. `mended` takes those as well that the API server refuses, before the others: of one
    /// name the last counts.
    pub fn classes(&self, mended: bool) -> &[RuntimeClass] {
        self.met.get(if mended { 0 } else { self.refused }..).unwrap_or_default()
    }

    /// Where the class of this name stands, if it is given and cannot be decoded.
    pub fn broken_class(&self, name: &str) -> Option<Span> {
        self.broken.iter().find(|(other, _)| other == name).map(|(_, span)| *span)
    }

    /// The runtimes of a node: its own, else those that are given for every node.
    pub fn runtimes_of(&self, node: &str) -> Vec<usize> {
        let of = |wanted: Option<&str>| -> Vec<usize> {
            let all = self.runtimes.iter().enumerate();
            all.filter(|(_, runtime)| runtime.node.as_deref() == wanted).map(|(index, _)| index).collect()
        };
        let own = of(Some(node));
        if own.is_empty() { of(None) } else { own }
    }

    /// The nodes, unless they are only assumed.
    pub fn given_nodes(&self) -> &[Node] {
        let assumed = self.nodes.first().is_some_and(|node| real(node.span).is_none());
        if assumed { &[] } else { &self.nodes }
    }

    fn nodes(&mut self, objects: &[Object]) {
        for object in objects {
            let mut node = Node::read(object);
            if let Some(earlier) = self.nodes.iter().position(|other| other.name() == node.name()) {
                let earlier = self.nodes.remove(earlier);
                if earlier.span.input == node.span.input {
                    let message = format!("Node `{}` stands twice; the last counts.", node.name());
                    let at = node.metadata.name.as_ref().map_or(node.span, |name| name.span);
                    self.problems.push(Diagnostic::warning("node-twice", message, at));
                }
            }
            if node.allocatable.is_none() {
                // Upstream: pkg/apis/core/v1/defaults.go SetDefaults_NodeStatus.
                let capacity = object.node.get("status").and_then(|status| ResourceList::read(status, "capacity"));
                node.allocatable = capacity.or_else(|| {
                    let text = format!(
                        "Node `{}` does not say what it can give (`status.allocatable`); assumed are 4 CPUs, 16Gi of memory and room for 110 pods.",
                        node.name()
                    );
                    self.assumptions.push(Assumption::new(format!("nodes[{}].allocatable", node.name()), text));
                    assumed_allocatable()
                });
            }
            self.nodes.push(node);
        }
        if self.nodes.is_empty() {
            self.nodes = (1..=ASSUMED_NODES).filter_map(assumed_node).collect();
            let text = "No Node was given. Assumed are three alike, `node-1` to `node-3`: linux/amd64, no taints and no labels of yours, each with 4 CPUs, 16Gi of memory and room for 110 pods.";
            self.assumptions.push(Assumption::new("nodes", text));
        }
    }

    /// Takes what a Node's status says of its runtime where no file of that node was given: a file may say what will be.
    fn reported(&mut self) {
        for node in &self.nodes {
            let own = |runtime: &NodeRuntime| runtime.node.as_deref() == Some(node.name());
            let Some(told) = node.runtime_handlers.as_ref().filter(|_| !self.runtimes.iter().any(own)) else {
                continue;
            };
            self.runtimes.push(NodeRuntime {
                node: Some(node.name().to_owned()),
                files: vec![("status.runtimeHandlers".to_owned(), told.span)],
                handlers: reported(told),
            });
        }
    }

    /// Tells of a configuration for a node that is not there.
    fn unknown_nodes(&mut self) {
        let is_there = |name: &str| self.nodes.iter().any(|node| node.name() == name);
        let lost = self.runtimes.iter().filter_map(|runtime| Some((runtime.node.as_deref()?, runtime.files.first()?)));
        let lost: Vec<Diagnostic> = lost
            .filter(|(name, _)| !is_there(name))
            .map(|(name, (_, span))| {
                let message = format!("There is no Node `{name}`, so its runtime's configuration is not used.");
                Diagnostic::warning("runtime-config-unknown-node", message, Span { end: span.start, ..*span })
            })
            .collect();
        self.problems.extend(lost);
    }
}

/// The name in a document that cannot be decoded.
fn name_in(session: &Session, broken: &DocumentReport) -> Option<String> {
    let text = &session.input(broken.input)?.text;
    let read = document::read(broken.input, text, &Budget::default());
    let node = read.documents.get(broken.number.checked_sub(1)?)?.content.as_ref().ok()?;
    node.get_path(&["metadata", "name"])?.as_text().map(str::to_owned)
}

/// Bound pods as the cluster holds them; a manifest's pod counts if it names its node itself.
fn bound(given: &Given) -> Vec<Pod> {
    let identity = |pod: &Pod| (pod.namespace.clone(), pod.metadata.name().to_owned());
    let is_bound =
        |pod: &&Pod| pod.owner.is_none() && pod.placement.node_name.as_ref().is_some_and(|name| !name.value.is_empty());
    let mut bound: Vec<Pod> = Vec::new();
    for pod in given.stored.iter().chain(given.pods.iter().map(|(_, pod)| pod)).filter(is_bound) {
        bound.retain(|other| identity(other) != identity(pod) || pod.metadata.name().is_empty());
        bound.push(pod.clone());
    }
    bound
}

fn assumed(text: &str) -> Option<podwhy_source::Node> {
    parse(text, Place::Within(ASSUMED, 0)).ok()
}

fn assumed_allocatable() -> Option<ResourceList> {
    ResourceList::read(&assumed(ASSUMED_ALLOCATABLE)?, "allocatable")
}

fn assumed_node(number: usize) -> Option<Node> {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Node","metadata":{{"name":"node-{number}","labels":{{"kubernetes.io/hostname":"node-{number}","kubernetes.io/os":"linux","kubernetes.io/arch":"amd64"}}}},"status":{ASSUMED_ALLOCATABLE}}}"#
    );
    Node::of(&Object::read(assumed(&text)?))
}

/// The place, unless it lies in no text.
pub(super) fn real(span: Span) -> Option<Span> {
    Some(span).filter(|span| span.input != ASSUMED)
}

/// The same step without places in assumed objects.
pub(super) fn without_assumed(step: &mut Step) {
    step.at = step.at.and_then(real);
    step.because.retain(|span| real(*span).is_some());
}
