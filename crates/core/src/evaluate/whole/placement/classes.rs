//! The RuntimeClasses: whether the API server takes them, which nodes have their runtime, what it takes to give it to them.

use super::ground::{Ground, real};
use crate::api::RuntimeClass;
use crate::api::node::Node;
use crate::api::scheduling::{Label, Taint, Toleration, label};
use crate::defaulting::resources::{Amounts, amounts};
use crate::feature::Feature;
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::admission::CLASS_OVERHEAD;
use crate::rule::scheduling::{CLASS_NODE_LABELS, CLASS_NODE_TAINTS, TAINT_TOLERATION};
use crate::rule::validation::{ALPHA_CLASS_SERVED, CLASS_HANDLER_STAYS};
use crate::runtime::handlers::{Choice, Runtime, dockershim, snippet};
use crate::trace::{Decision, Mark, Origin, Step};
use crate::validation::FieldError;
use crate::validation::runtime_class::{errors, served};
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;

/// Whether a class is in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassState {
    /// It is.
    Exists,
    /// The API server refuses it: see its problems.
    Refused,
    /// A later one of the same name is applied over it.
    Replaced,
}

/// A class as given.
#[derive(Clone, Debug)]
pub(crate) struct GivenClass {
    pub class: RuntimeClass,
    pub state: ClassState,
    pub served: Step,
    pub errors: Vec<Diagnostic>,
}

impl GivenClass {
    pub fn exists(&self) -> bool {
        self.state == ClassState::Exists
    }

    pub fn is_refused(&self) -> bool {
        self.state == ClassState::Refused
    }
}

/// The classes in the order in which they are applied, each with whether it comes from the cluster itself.
pub(super) fn given_classes(
    classes: Vec<(RuntimeClass, bool)>,
    cluster: &Cluster,
) -> (Vec<GivenClass>, Vec<Diagnostic>) {
    let mut given: Vec<GivenClass> = Vec::new();
    let mut problems = Vec::new();
    for (class, stored) in classes {
        let served = served(&class, cluster);
        let mut found: Vec<Diagnostic> = Vec::new();
        if !stored {
            found.extend(errors(&class, cluster).iter().map(|error| {
                let mut problem = field_error(error);
                if error.span == class.span {
                    // What is missing stands nowhere; the object's first line is the nearest place.
                    problem.span = Some(Span { end: class.span.start, ..class.span });
                }
                problem.with_help(format!("The API server refuses the RuntimeClass `{}`.", class.metadata.name()))
            }));
        }
        // v1alpha1 can be switched on as long as there is one; of versions that are gone, decoding tells.
        let optional = class.api_version.ends_with("/v1alpha1") && ALPHA_CLASS_SERVED.holds_in(cluster.release);
        let unserved = served.mark == Mark::No && !optional;
        let name = class.metadata.name();
        let earlier = given.iter_mut().rev().find(|other| other.exists() && other.class.metadata.name() == name);
        if let Some(earlier) = earlier.filter(|_| !name.is_empty()) {
            found.extend(twice(&earlier.class, &class));
            if !found.iter().any(|problem| problem.severity == podwhy_source::Severity::Error) && !unserved {
                earlier.state = ClassState::Replaced;
            }
        }
        let refused = unserved || found.iter().any(|problem| problem.severity == podwhy_source::Severity::Error);
        let state = if refused && !stored { ClassState::Refused } else { ClassState::Exists };
        problems.extend(found.iter().cloned());
        if served.mark == Mark::No && optional && !stored {
            problems.push(Diagnostic::warning(
                served.rule.id,
                served.finding.clone(),
                Span { end: class.span.start, ..class.span },
            ));
        }
        given.push(GivenClass { class, state, served, errors: found });
    }
    (given, problems)
}

/// A class that is applied over one of the same name.
fn twice(earlier: &RuntimeClass, class: &RuntimeClass) -> Option<Diagnostic> {
    let name = class.metadata.name();
    let at = class.metadata.name.as_ref().map_or(class.span, |name| name.span);
    if earlier.handler() != class.handler() {
        let at = class.handler.as_ref().map_or(at, |handler| handler.span);
        let message = format!("Invalid value: {}: field is immutable", quote(class.handler()));
        let help = format!(
            "There are two RuntimeClasses `{name}`. The first has the handler `{}`, and a stored class keeps its handler: the API server refuses this one, and the first counts.",
            earlier.handler()
        );
        let error = Diagnostic::error(CLASS_HANDLER_STAYS.id, message, at).at_path("handler").with_help(help);
        return Some(error);
    }
    if earlier.span.input != class.span.input {
        return None;
    }
    let message =
        format!("There are two RuntimeClasses `{name}`; the last counts, as applying one after the other leaves it.");
    Some(Diagnostic::warning("class-twice", message, at).at_path("metadata.name"))
}

/// A field's error as it is shown to people.
pub(super) fn field_error(error: &FieldError) -> Diagnostic {
    error.diagnostic()
}

/// A RuntimeClass with everything that follows from it.
#[derive(Clone, Debug, Serialize)]
pub struct ClassReport {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it is in the cluster.
    pub state: ClassState,
    /// Whether the release serves the version in which it is written.
    pub served: Step,
    /// What is wrong with it.
    pub errors: Vec<Diagnostic>,
    /// Its handler, or `""`.
    pub handler: String,
    /// Where the handler stands.
    pub handler_span: Option<Span>,
    /// The labels that its nodes have.
    pub node_selector: Vec<Label>,
    /// The tolerations that its pods get.
    pub tolerations: Vec<Toleration>,
    /// What its pods cost beside their containers.
    pub overhead: Amounts,
    /// Which nodes have it.
    pub nodes: Vec<ClassNode>,
    /// What each runtime says to its handler.
    pub handlers: Vec<HandlerAnswer>,
    /// What gives a runtime its handler.
    pub snippets: Vec<Snippet>,
    /// The pods that name it, as positions in [`crate::report::Report::pods`].
    pub pods: Vec<usize>,
}

/// A node as a class sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ClassNode {
    /// Its name.
    pub name: String,
    /// Where it stands, if it was given.
    pub span: Option<Span>,
    /// Whether it has every label that the class asks for.
    pub chosen: bool,
    /// What it should carry and does not, and what keeps the class's pods out.
    pub steps: Vec<Step>,
    /// What would mend it.
    pub commands: Vec<String>,
}

/// What a runtime says to a handler.
#[derive(Clone, Debug, Serialize)]
pub struct HandlerAnswer {
    /// The runtime.
    pub runtime: Runtime,
    /// The node that has it; `None` for every node without a configuration of its own.
    pub node: Option<String>,
    /// The files that say so; none for a runtime that is assumed.
    pub files: Vec<String>,
    /// Whether it has the handler.
    pub decision: Decision<Choice>,
}

/// The lines that give a runtime a handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The runtime in words.
    pub runtime: String,
    /// The file that they belong into.
    pub file: String,
    /// The lines.
    pub text: String,
}

impl ClassReport {
    pub(super) fn of(given: &GivenClass, ground: &Ground, cluster: &Cluster, pods: Vec<usize>) -> Self {
        let class = &given.class;
        let with_overhead = class.overhead.as_ref().filter(|_| cluster.has(Feature::PodOverhead));
        let from_class = |span| Origin::Merged { rule: &CLASS_OVERHEAD, from: Some(span) };
        let handler = class.handler.as_ref().map(|handler| (handler.value.as_str(), handler.span));
        let handlers = answers(handler, ground, cluster);
        let lacking = |answer: &HandlerAnswer| matches!(answer.decision.outcome, Choice::Unknown { .. });
        let snippets =
            if handlers.is_empty() || handlers.iter().any(lacking) { snippets(class.handler()) } else { Vec::new() };
        Self {
            name: class.metadata.name().to_owned(),
            span: class.span,
            state: given.state,
            served: given.served.clone(),
            errors: given.errors.clone(),
            handler: class.handler().to_owned(),
            handler_span: class.handler.as_ref().map(|handler| handler.span),
            node_selector: class.node_selector().to_vec(),
            tolerations: class.tolerations().to_vec(),
            overhead: amounts(with_overhead.and_then(|overhead| overhead.pod_fixed.as_ref()), from_class),
            nodes: ground.nodes.iter().map(|node| class_node(class, node)).collect(),
            handlers,
            snippets,
            pods,
        }
    }
}

/// What every given runtime says to the handler; the kubelet's own, where nothing is given and the release has it.
pub(super) fn answers(handler: Option<(&str, Span)>, ground: &Ground, cluster: &Cluster) -> Vec<HandlerAnswer> {
    let answer = |runtime: &crate::runtime::files::NodeRuntime| HandlerAnswer {
        runtime: runtime.handlers.runtime,
        node: runtime.node.clone(),
        files: runtime.files.iter().map(|(name, _)| name.clone()).collect(),
        decision: runtime.handlers.choose(handler),
    };
    if !ground.runtimes.is_empty() {
        return ground.runtimes.iter().map(answer).collect();
    }
    let built_in = |handlers: crate::runtime::handlers::Handlers| HandlerAnswer {
        runtime: handlers.runtime,
        node: None,
        files: Vec::new(),
        decision: handlers.choose(handler),
    };
    dockershim(cluster).map(built_in).into_iter().collect()
}

/// The lines for each runtime, the newest layout first.
pub(super) fn snippets(handler: &str) -> Vec<Snippet> {
    if handler.is_empty() {
        return Vec::new();
    }
    let of = |runtime: Runtime, words: &str, file: &str| Snippet {
        runtime: words.to_owned(),
        file: file.to_owned(),
        text: snippet(runtime, handler),
    };
    vec![
        of(Runtime::Containerd(3), "containerd 2 (version = 3)", "/etc/containerd/config.toml"),
        of(Runtime::Containerd(2), "containerd 1 (version = 2)", "/etc/containerd/config.toml"),
        of(Runtime::CriO, "CRI-O", &format!("/etc/crio/crio.conf.d/20-{handler}.conf")),
    ]
}

fn class_node(class: &RuntimeClass, node: &Node) -> ClassNode {
    let mut seen = ClassNode {
        name: node.name().to_owned(),
        span: real(node.span),
        chosen: true,
        steps: Vec::new(),
        commands: Vec::new(),
    };
    for wanted in class.node_selector() {
        let (key, value) = (&wanted.key.value, &wanted.value.value);
        let has = label(&node.labels, key);
        if has.is_some_and(|has| has.value.value == *value) {
            continue;
        }
        seen.chosen = false;
        let finding = match has {
            Some(has) => {
                format!("Node `{}` has {key}={}; the class wants {key}={value}.", node.name(), has.value.value)
            }
            None => format!("Node `{}` lacks the label {key}={value}.", node.name()),
        };
        let at = has.map_or(node.span, Label::span);
        seen.steps.push(Step::new(&CLASS_NODE_LABELS, Mark::No, finding).at(real(at)).because(wanted.span()));
        let overwrite = if has.is_some() { " --overwrite" } else { "" };
        seen.commands.push(format!("kubectl label node {} {key}={value}{overwrite}", node.name()));
    }
    for taint in node.taints.iter().filter(|taint| keeps_out(taint)) {
        if tolerated(class.tolerations(), taint) {
            continue;
        }
        let finding = format!(
            "Node `{}` has the taint `{}`, which the class does not tolerate: its pods need a toleration of their own.",
            node.name(),
            taint.words()
        );
        seen.steps.push(Step::new(&TAINT_TOLERATION, Mark::No, finding).at(taint.span).because(class.span));
    }
    for toleration in class.tolerations().iter().filter(|toleration| !toleration.key().is_empty()) {
        if node.taints.iter().any(|taint| tolerated(std::slice::from_ref(toleration), taint)) {
            let finding =
                format!("Node `{}` has a taint that the class tolerates with `{}`.", node.name(), toleration.words());
            seen.steps.push(Step::new(&CLASS_NODE_TAINTS, Mark::Yes, finding).at(toleration.span));
        } else if seen.chosen && !class.node_selector().is_empty() {
            let taint = taint_for(toleration);
            let finding = format!(
                "Node `{}` lacks the taint `{taint}`, so pods without this class may run there too.",
                node.name()
            );
            let step = Step::new(&CLASS_NODE_TAINTS, Mark::Note, finding).at(real(node.span));
            seen.steps.push(step.because(toleration.span));
            seen.commands.push(format!("kubectl taint node {} {taint}", node.name()));
        }
    }
    if seen.chosen {
        let finding = match class.node_selector() {
            [] => format!(
                "The class asks for no labels, so its pods may come to `{}`: it must have the handler.",
                node.name()
            ),
            labels => {
                let words: Vec<String> =
                    labels.iter().map(|label| format!("{}={}", label.key.value, label.value.value)).collect();
                format!("Node `{}` has {}.", node.name(), words.join(", "))
            }
        };
        seen.steps.insert(0, Step::new(&CLASS_NODE_LABELS, Mark::Yes, finding).at(real(node.span)));
    }
    seen
}

fn keeps_out(taint: &Taint) -> bool {
    matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")
}

fn tolerated(tolerations: &[Toleration], taint: &Taint) -> bool {
    crate::scheduling::filter::tolerating(tolerations, taint).is_some()
}

/// A taint that the toleration is made for.
fn taint_for(toleration: &Toleration) -> String {
    let effect = if toleration.effect().is_empty() { "NoSchedule" } else { toleration.effect() };
    let value = if toleration.value().is_empty() { String::new() } else { format!("={}", toleration.value()) };
    format!("{}{value}:{effect}", toleration.key())
}
