//! The answer about a pod's place in words: one sentence, what to do, what is reported.

use super::Placement;
use super::advice::{self, Advice};
use super::asked::Asked;
use crate::admission::Operation;
use crate::api::{Pod, Role};
use crate::evaluate::whole::problems::refused_words;
use crate::events::EventType;
use crate::quote::quote;
use crate::report::{Tone, Verdict};
use crate::rule::scheduling::BOUND_BY_NAME;
use crate::runtime::handlers::Choice;
use crate::scheduling::filter::{Candidate, NodeFit, Plugin};
use crate::trace::{Mark, Step};
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;

/// Something that a component reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `type`.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// `reason`: one word.
    pub reason: String,
    /// The component.
    pub from: &'static str,
    /// The object that it is about.
    pub object: String,
    /// `message`: the sentence.
    pub message: String,
}

/// What becomes of a pod that names its node itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// The node.
    pub node: String,
    /// Where the pod names it.
    pub at: Span,
    /// `status.reason` with which the kubelet refuses it; `None` if it takes it, or the node is not given.
    pub reason: Option<String>,
    /// Why.
    pub steps: Vec<Step>,
}

/// The place of a verdict that is yet to come.
pub(super) fn nothing() -> Verdict {
    Verdict { tone: Tone::Fine, text: String::new() }
}

impl Placement {
    /// Finds the words for what was found.
    pub(super) fn conclude(&mut self, asked: &Asked, title: &str, candidate: Option<&Candidate>) {
        let object = title.to_owned();
        if let Some(refusal) = self.refused.clone() {
            self.refuse(asked, &refusal, object);
            return;
        }
        let Some(candidate) = candidate else { return };
        if let Some(node) = asked.pod.placement.node_name.as_ref().filter(|name| !name.value.is_empty()) {
            let found = self.fit.iter().flat_map(|fit| &fit.nodes).find(|fit| fit.name == node.value);
            let bound = bound(found, &node.value, node.span);
            self.bind(asked, &bound);
            self.bound = Some(bound);
            return;
        }
        let Some(fit) = self.fit.clone() else { return };
        let fits: Vec<&str> = fit.nodes.iter().filter(|node| node.fits).map(|node| node.name.as_str()).collect();
        if let Some(message) = &fit.message {
            if asked.ground.given_nodes().is_empty() {
                let lacks = advice::lacking(&fit);
                let text = format!(
                    "Whether a node takes the pod depends on the cluster's nodes, and none is given; those that are assumed do not: {lacks}"
                );
                self.verdict = Verdict { tone: Tone::Look, text };
                self.advice.push(Advice::new("Paste the nodes: what `kubectl get nodes -o yaml` prints.", None));
                return;
            }
            "Pending".clone_into(&mut self.status);
            let text = format!("No node takes the pod, so it stays Pending: {message}");
            self.verdict = Verdict { tone: Tone::Fails, text };
            self.advice = advice::nearest(asked, candidate, &fit);
            self.events.push(Report {
                kind: EventType::Warning,
                reason: "FailedScheduling".to_owned(),
                from: "default-scheduler",
                object,
                message: fit.event().unwrap_or_default(),
            });
            return;
        }
        self.run(asked, &fits, fit.nodes.len(), object);
    }

    /// The API server refuses the pod for something that has no bearing on its place: what was found holds once that is
    /// mended.
    pub(super) fn is_refused(&mut self, pod: &Pod, refused: &Diagnostic) {
        if self.refused.is_some() {
            return;
        }
        let path = if refused.path.is_empty() { String::new() } else { format!("{}: ", refused.path) };
        let text = format!("{}: {path}{}", refused_words(pod, refused), refused.message);
        let found = std::mem::replace(&mut self.verdict, Verdict { tone: Tone::Fails, text });
        self.as_if = Some(format!("Once that is mended: {}", found.text));
        self.status.clear();
        self.events.clear();
        self.advice.clear();
    }

    fn refuse(&mut self, asked: &Asked, refusal: &super::Refusal, object: String) {
        self.verdict = match asked.class_doubt() {
            Some(doubt) => {
                let text = format!("{doubt} Without it the answer is: {}", refusal.message);
                Verdict { tone: Tone::Look, text }
            }
            None => {
                let text = format!("The API server refuses the pod, so it never exists: {}", refusal.message);
                Verdict { tone: Tone::Fails, text }
            }
        };
        if let Some(problem) = asked.class_problem() {
            let found = asked.class();
            self.advice.push(Advice::new(
                format!("{} {}", problem.message, problem.help),
                found.map(|(_, class)| class.span).or(problem.span),
            ));
        } else if self.selector.iter().any(super::SelectorEntry::is_conflict) {
            let text = "Take the key out of the pod's nodeSelector, or give it the class's value: a class's selector cannot be overridden by its pods.";
            self.advice.push(Advice::new(text, refusal.at));
        } else if self.overhead.iter().any(|entry| entry.conflict) {
            let text = "Leave `overhead` out of the pod: admission fills in what the class defines.";
            self.advice.push(Advice::new(text, refusal.at));
        }
        if let Some(owner) = asked
            .pod
            .owner
            .as_ref()
            .filter(|_| asked.request.operation == Operation::Create && refusal.stage != "validation")
        {
            let _ = object;
            self.events.push(Report {
                kind: EventType::Warning,
                reason: "FailedCreate".to_owned(),
                from: controller(owner.kind),
                object: made_by(owner.kind, &owner.name),
                message: format!("Error creating: {}", refusal.message),
            });
        }
    }

    /// The kubelet's own check of a pod that the scheduler has not placed.
    fn bind(&mut self, asked: &Asked, bound: &Bound) {
        let node = &bound.node;
        let is_given = asked.ground.nodes.iter().any(|other| other.name() == node);
        match &bound.reason {
            _ if asked.runs_already() => {
                let phase = asked.pod.phase.as_ref().map_or("", |phase| &phase.value);
                self.status = phase.to_owned();
                self.verdict = Verdict {
                    tone: Tone::Fine,
                    text: format!("The pod is on node `{node}` already; its phase is {phase}."),
                };
            }
            Some(reason) => {
                self.status.clone_from(reason);
                let text = format!(
                    "The pod names node `{node}`, so the scheduler is not asked; the kubelet there refuses it: phase Failed, reason {reason}."
                );
                self.verdict = Verdict { tone: Tone::Fails, text };
                self.advice.push(Advice::new("Leave `nodeName` out and let the scheduler choose.", Some(bound.at)));
            }
            None if is_given => {
                let text =
                    format!("The pod names node `{node}`, so the scheduler is not asked; the kubelet there takes it.");
                self.verdict = Verdict { tone: Tone::Fine, text };
                let node = node.clone();
                self.run(asked, &[node.as_str()], 1, String::new());
            }
            None => {
                "Pending".clone_into(&mut self.status);
                let text = format!(
                    "The pod names node `{node}`, which is not given; without a kubelet of that name it stays Pending."
                );
                self.verdict = Verdict { tone: Tone::Look, text };
            }
        }
    }

    /// What the runtimes of the nodes that remain do with the pod.
    fn run(&mut self, asked: &Asked, fits: &[&str], nodes: usize, object: String) {
        let unknown = |index: &usize| {
            self.handlers.get(*index).is_some_and(|answer| matches!(answer.decision.outcome, Choice::Unknown { .. }))
        };
        // Without a configuration nothing is known, except of dockershim, which may run anywhere.
        let known = !asked.ground.runtimes.is_empty();
        let cannot: Vec<&str> = fits
            .iter()
            .copied()
            .filter(|node| {
                let runtimes = asked.ground.runtimes_of(node);
                !runtimes.is_empty() && runtimes.iter().all(unknown)
            })
            .collect();
        self.lacking = cannot.iter().map(|name| (*name).to_owned()).collect();
        self.status = waiting(asked.pod);
        let class = self.class.as_ref();
        let handler = class.and_then(|class| class.handler.clone()).unwrap_or_default();
        let on = match (fits, nodes) {
            ([one], 1) => format!("Node `{one}` takes the pod"),
            ([one], nodes) => format!("1 of {nodes} nodes takes the pod: `{one}`"),
            (fits, nodes) if fits.len() == nodes => format!("All {nodes} nodes take the pod"),
            (fits, nodes) if fits.len() <= 3 => {
                format!("{} of {nodes} nodes take the pod: `{}`", fits.len(), fits.join("`, `"))
            }
            (fits, nodes) => format!("{} of {nodes} nodes take the pod", fits.len()),
        };
        let with = match (class, known) {
            (None, _) => match self.handlers.first().map(|answer| &answer.decision.outcome) {
                Some(Choice::Runs(default)) if known => {
                    format!(" with its runtime's default handler `{}`", default.name.value)
                }
                _ => " with its runtime's default handler".to_owned(),
            },
            (Some(class), _) => format!(" with the handler `{handler}` of RuntimeClass `{}`", class.name.value),
        };
        if cannot.is_empty() {
            let shim = !known && class.is_some() && unknown(&0);
            let look = if shim { "; a node that still runs dockershim knows only the handler `docker`" } else { "" };
            let tone = if shim { Tone::Look } else { Tone::Fine };
            self.verdict = Verdict { tone, text: format!("{on}, which then runs{with}{look}.") };
            return;
        }
        let all = cannot.len() == fits.len();
        let tone = if all { Tone::Fails } else { Tone::Look };
        let whose =
            if all { "their runtime has".to_owned() } else { format!("the runtime of `{}` has", cannot.join("`, `")) };
        let text = format!(
            "{on}, but {whose} no handler `{handler}`: there the pod stays Pending ({}) with FailedCreatePodSandBox events.",
            self.status
        );
        self.verdict = Verdict { tone, text };
        let runtimes = cannot.first().map(|node| asked.ground.runtimes_of(node)).unwrap_or_default();
        let mut answers = runtimes.iter().filter_map(|index| self.handlers.get(*index));
        let failing = answers.find_map(|answer| match &answer.decision.outcome {
            Choice::Unknown { reason, message } => Some((*reason, message.clone())),
            Choice::Runs(_) => None,
        });
        if let Some((reason, message)) = failing {
            self.events.push(Report {
                kind: EventType::Warning,
                reason: reason.to_owned(),
                from: "kubelet",
                object,
                message,
            });
        }
        let text = format!("Give the runtime the handler `{handler}` and restart it; the pod then starts by itself.");
        self.advice.push(Advice::new(text, None));
    }
}

/// STATUS before anything of the pod runs. Upstream: pkg/printers/internalversion/printers.go printPod.
fn waiting(pod: &Pod) -> String {
    let init = pod.containers.iter().filter(|container| matches!(container.role, Role::Init | Role::Sidecar)).count();
    if init == 0 { "ContainerCreating".to_owned() } else { format!("Init:0/{init}") }
}

/// Upstream: pkg/kubelet/lifecycle/predicate.go Admit, rejectPodAdmissionBasedOnOSSelector and generalFilter: resources
/// first, then labels, then ports; a pod must also tolerate the node's NoExecute taints.
fn bound(found: Option<&NodeFit>, node: &str, at: Span) -> Bound {
    let order = [Plugin::NodeResourcesFit, Plugin::NodeAffinity, Plugin::NodePorts];
    let failures = order.iter().filter_map(|plugin| {
        found?.failures().find(|verdict| verdict.plugin == *plugin).map(|verdict| (plugin, verdict))
    });
    let first = failures.into_iter().next();
    let reason = first.map(|(plugin, verdict)| match plugin {
        Plugin::NodeResourcesFit => {
            let resource = verdict.reasons.first().map_or("", String::as_str);
            let resource = resource.strip_prefix("Insufficient ").unwrap_or("pods");
            format!("OutOf{resource}")
        }
        plugin => plugin.name().to_owned(),
    });
    let finding =
        format!("The pod names node `{node}`: the scheduler passes over it, and the kubelet of `{node}` checks it.");
    let mut steps = vec![Step::new(&BOUND_BY_NAME, Mark::Note, finding).at(at)];
    steps.extend(
        first.into_iter().flat_map(|(_, verdict)| verdict.steps.iter().filter(|step| step.mark == Mark::No).cloned()),
    );
    Bound { node: node.to_owned(), at, reason, steps }
}

/// The controller that makes the pods of a workload.
fn controller(kind: &str) -> &'static str {
    match kind {
        "Job" | "CronJob" => "job-controller",
        "StatefulSet" => "statefulset-controller",
        "DaemonSet" => "daemonset-controller",
        "ReplicationController" => "replication-controller",
        _ => "replicaset-controller",
    }
}

/// The object that the controller reports about.
fn made_by(kind: &str, name: &str) -> String {
    match kind {
        "Deployment" => format!("ReplicaSet of Deployment `{name}`"),
        "CronJob" => format!("Job of CronJob `{name}`"),
        kind => format!("{kind} `{name}`"),
    }
}

/// Upstream: staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go NewInvalid.
pub(super) fn invalid_message(pod: &Pod, errors: &[Diagnostic]) -> String {
    let (kind, name) = match &pod.owner {
        None => ("Pod".to_owned(), pod.request_name()),
        Some(owner) => {
            let group = match owner.kind {
                "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => ".apps",
                "Job" | "CronJob" => ".batch",
                _ => "",
            };
            (format!("{}{group}", owner.kind), owner.name.clone())
        }
    };
    let texts: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect();
    let all = match texts.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    format!("{kind} {} is invalid: {all}", quote(&name))
}
