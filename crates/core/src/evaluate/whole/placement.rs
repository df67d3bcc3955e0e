//! From `runtimeClassName` to the node that runs the pod: admission by RuntimeClass, what it merges into the pod, the
//! nodes that remain, and whether their runtime has the handler.

pub(in crate::evaluate) mod admitted;
mod advice;
mod classes;
pub(in crate::evaluate) mod ground;
#[cfg(test)]
mod tests;
mod verdict;

use super::Whole;
use super::effective::Effective;
use crate::admission::runtime_class::{Admitted, Pass, SelectorEntry, admit, selectors};
use crate::admission::tolerations::{self, Entry as TolerationEntry};
use crate::admission::{Operation, Request};
use crate::api::{Pod, RuntimeClass};
use crate::defaulting::default_pod;
use crate::defaulting::pod_resources::PodResources;
use crate::defaulting::resources::Amounts;
use crate::evaluate::given::Given;
use crate::release::Cluster;
use crate::report::{PodReport, Verdict};
use crate::rule::DocNote;
use crate::rule::admission::{CLASS_MISSING_IS_REFUSED, SAME_OVERHEAD_IS_FINE};
use crate::rule::runtime::UNKNOWN_HANDLER_IS_PENDING;
use crate::runtime::files::NodeRuntime;
use crate::runtime::handlers::Choice;
use crate::scenario::Assumption;
use crate::scheduling::filter::{Candidate, Fit, filter, snapshot};
use crate::trace::{Decision, Field, Step, Written};
use crate::validation;
pub use advice::Advice;
pub use classes::{ClassNode, ClassReport, ClassState, HandlerAnswer, Snippet};
use ground::{Ground, real, without_assumed};
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;
pub use verdict::{Bound, Report as EventReport};

/// One pod's way to its node.
#[derive(Clone, Debug, Serialize)]
pub struct Placement {
    /// The answer in one sentence.
    pub verdict: Verdict,
    /// What to do about it, the nearest first.
    pub advice: Vec<Advice>,
    /// The class that the pod names.
    pub class: Option<PodClass>,
    /// What the plug-in RuntimeClass looked at and did.
    pub admission: Vec<Step>,
    /// Why the API server refuses the pod.
    pub refused: Option<Refusal>,
    /// What is taken for granted although it does not hold, so that the rest can be answered.
    pub as_if: Option<String>,
    /// The two node selectors, key by key.
    pub selector: Vec<SelectorEntry>,
    /// The tolerations of the pod and then of the class, with what becomes of each.
    pub tolerations: Vec<TolerationEntry>,
    /// Why tolerations stay or go.
    pub toleration_steps: Vec<Step>,
    /// The overhead as the pod and the class have it, and what the pod gets.
    pub overhead: Vec<OverheadEntry>,
    /// What the pod asks for and may use at most, sum by sum.
    pub resources: PodResources,
    /// What the scheduler says to each node; `None` for a pod that is never created.
    pub fit: Option<Fit>,
    /// For a pod that names its node itself, what becomes of it there.
    pub bound: Option<Bound>,
    /// What the nodes' runtimes say to the pod's handler.
    pub handlers: Vec<HandlerAnswer>,
    /// What gives a runtime the handler, where none is known to have it.
    pub snippets: Vec<Snippet>,
    /// What is reported about it.
    pub events: Vec<EventReport>,
    /// What `kubectl get pods` prints as STATUS at first; empty where there is no pod.
    pub status: String,
    /// What nobody said.
    pub assumptions: Vec<Assumption>,
    /// Where the documentation says otherwise.
    pub notes: Vec<&'static DocNote>,
}

/// The class that a pod names.
#[derive(Clone, Debug, Serialize)]
pub struct PodClass {
    /// Its name, and where the pod names it.
    pub name: Written<String>,
    /// Its position in [`Placements::classes`]; `None` if it was not given.
    pub class: Option<usize>,
    /// Its handler, if it was given.
    pub handler: Option<String>,
}

/// Why there is no such pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Kubernetes' own text. With several conflicts chance decides which of [`Refusal::others`] is told instead.
    pub message: String,
    /// Other texts that the API server may give.
    pub others: Vec<String>,
    /// Which pass refuses: admission's first, validation, admission's second.
    pub stage: &'static str,
    /// What it is about.
    pub at: Option<Span>,
}

/// One resource of the overhead.
#[derive(Clone, Debug, Serialize)]
pub struct OverheadEntry {
    /// The resource.
    pub resource: String,
    /// As the pod has it.
    pub pod: Option<Field<crate::quantity::Quantity>>,
    /// As the class has it.
    pub class: Option<Field<crate::quantity::Quantity>>,
    /// Whether the two are not the same amount, for which the pod is refused.
    pub conflict: bool,
}

/// Every pod's way in short, and what all of them share.
#[derive(Clone, Debug, Serialize)]
pub struct Placements {
    /// The RuntimeClasses, in the order in which they are applied.
    pub classes: Vec<ClassReport>,
    /// The nodes.
    pub nodes: Vec<NodeSummary>,
    /// The nodes' runtimes.
    pub runtimes: Vec<NodeRuntime>,
    /// Each pod, in the order of [`crate::report::Report::pods`].
    pub pods: Vec<PodSummary>,
    /// What nobody said about nodes.
    pub assumptions: Vec<Assumption>,
}

/// A node in short.
#[derive(Clone, Debug, Serialize)]
pub struct NodeSummary {
    /// Its name.
    pub name: String,
    /// Where it stands; `None` for an assumed one.
    pub span: Option<Span>,
    /// The pods that are bound to it.
    pub bound: usize,
}

/// A pod in short.
#[derive(Clone, Debug, Serialize)]
pub struct PodSummary {
    /// What to call it.
    pub title: String,
    /// Where it stands.
    pub span: Span,
    /// The class that it names.
    pub class: Option<String>,
    /// What the class brings, part by part: "label runtime=gvisor", "toleration runtime:NoSchedule", "overhead 250m cpu".
    pub merged: Vec<String>,
    /// The nodes that remain.
    pub remaining: Vec<String>,
    /// How many nodes there are.
    pub nodes: usize,
    /// The answer in one sentence.
    pub verdict: Verdict,
}

/// A pod and what it meets.
struct Asked<'a> {
    ground: &'a Ground,
    cluster: &'a Cluster,
    /// The pod as it is placed: as it is applied, or, once it is in the cluster, as it is stored.
    pod: &'a Pod,
    request: Request<'a>,
}

impl Whole {
    /// The way of the pod at this position of [`crate::report::Report::pods`].
    #[must_use]
    pub fn placement(&self, position: usize) -> Option<Placement> {
        let asked = self.asked(position)?;
        Some(asked.placement(&self.report.pods.get(position)?.title))
    }

    /// Every pod's way in short.
    #[must_use]
    pub fn placements(&self) -> Placements {
        let (ground, cluster) = (&*self.ground, &self.session.cluster);
        let bound = |name: &str| {
            let there = |pod: &&Pod| pod.placement.node_name.as_ref().is_some_and(|node| node.value == name);
            ground.bound.iter().filter(there).count()
        };
        let nodes = ground.nodes.iter().map(|node| NodeSummary {
            name: node.name().to_owned(),
            span: real(node.span),
            bound: bound(node.name()),
        });
        let pods_of = |class: &RuntimeClass| {
            let names = |(_, pod): &(usize, &Pod)| {
                pod.placement.runtime_class_name.as_ref().is_some_and(|name| name.value == class.metadata.name())
            };
            let pods = self.given.pods.iter().map(|(_, pod)| pod).enumerate();
            pods.filter(names).map(|(position, _)| position).collect()
        };
        let classes = ground.classes.iter().map(|given| ClassReport::of(given, ground, cluster, pods_of(&given.class)));
        Placements {
            classes: classes.collect(),
            nodes: nodes.collect(),
            runtimes: ground.runtimes.clone(),
            pods: (0..self.given.pods.len()).filter_map(|position| self.placement_summary(position)).collect(),
            assumptions: ground.assumptions.clone(),
        }
    }

    fn placement_summary(&self, position: usize) -> Option<PodSummary> {
        let report = self.report.pods.get(position)?;
        let placement = self.placement(position)?;
        let fit = placement.fit.as_ref();
        let fits = fit.into_iter().flat_map(|fit| fit.nodes.iter().filter(|node| node.fits));
        Some(PodSummary {
            title: report.title.clone(),
            span: report.span,
            class: placement.class.as_ref().map(|class| class.name.value.clone()),
            merged: placement.merged(),
            remaining: fits.map(|node| node.name.clone()).collect(),
            nodes: self.ground.nodes.len(),
            verdict: placement.verdict,
        })
    }

    /// The pod at this position as it is stored: with what the API server fills in and RuntimeClass brings. `None` if
    /// there is no such pod.
    #[must_use]
    pub fn admitted_pod(&self, position: usize) -> Option<Effective> {
        let asked = self.asked(position)?;
        let source = self.source(position)?;
        let mut stored = default_pod(&source, asked.pod, asked.cluster);
        if let Ok(admitted) = asked.admit(true).outcome {
            let changes = admitted::apply(&mut stored.node, asked.pod, &admitted);
            stored.additions.extend(changes.additions);
            let root = asked.pod.spec_path.strip_suffix("spec").unwrap_or_default().trim_end_matches('.');
            return Some(Effective::of(&source, &stored.node, &stored.additions, &changes.removals, root));
        }
        None
    }

    fn asked(&self, position: usize) -> Option<Asked<'_>> {
        let (_, pod) = self.given.pods.get(position)?;
        Some(Asked::new(pod, &self.given, &self.ground, &self.session.cluster))
    }
}

/// Tells of what is wrong with classes, nodes and runtimes, and of each pod that RuntimeClass refuses. A pod whose class
/// is only not given is not told of as refused: the cluster may have it.
pub(in crate::evaluate) fn refuse(
    ground: &Ground,
    given: &Given,
    cluster: &Cluster,
    pods: &mut [PodReport],
) -> Vec<Diagnostic> {
    let mut problems = ground.problems.clone();
    for ((_, pod), report) in given.pods.iter().zip(pods) {
        let asked = Asked::new(pod, given, ground, cluster);
        let invalid = asked.invalid();
        problems.extend(invalid.iter().cloned());
        let refused = asked.refusal(&asked.admit(false)).map(|refusal| {
            Diagnostic::error("runtime-class-refuses", refusal.message, refusal.at.unwrap_or(pod.span))
                .with_help("The API server answers this and does not create the pod.")
        });
        match asked.class_problem() {
            Some(missing) => problems.push(missing),
            None => {
                if invalid.is_empty() {
                    problems.extend(refused.clone());
                }
                report.refused = report.refused.take().or_else(|| invalid.into_iter().next()).or(refused);
            }
        }
    }
    problems
}

impl<'a> Asked<'a> {
    fn new(pod: &'a Pod, given: &'a Given, ground: &'a Ground, cluster: &'a Cluster) -> Self {
        let stored = given.stored_for(pod);
        let request = Request::applying(pod, stored);
        let pod = match stored {
            Some(stored) if request.operation == Operation::Update => stored,
            _ => pod,
        };
        Self { ground, cluster, pod, request }
    }

    /// What admission decides; `mended` takes a class that the API server refuses as if it did not.
    fn admit(&self, mended: bool) -> Decision<Result<Admitted, crate::admission::runtime_class::Refused>> {
        admit(self.pod, &self.ground.classes(mended), &self.request, self.cluster)
    }

    fn name(&self) -> Option<&'a Written<String>> {
        self.pod.placement.runtime_class_name.as_ref()
    }

    /// The class that the pod names, as far as it is given.
    fn class(&self) -> Option<(usize, &'a RuntimeClass)> {
        let name = self.name()?;
        let all = || self.ground.classes.iter().enumerate().rev();
        let named = |given: &classes::GivenClass| given.class.metadata.name() == name.value;
        let found = all()
            .find(|(_, given)| given.exists() && named(given))
            .or_else(|| all().find(|(_, given)| named(given)))?;
        Some((found.0, &found.1.class))
    }

    /// What the API server refuses in the fields that decide about the place.
    fn invalid(&self) -> Vec<Diagnostic> {
        if self.request.operation != Operation::Create {
            return Vec::new();
        }
        let spec = &self.pod.spec_path;
        let fields = ["nodeSelector", "tolerations", "runtimeClassName", "overhead"];
        let errors = validation::pod::errors(self.pod, self.cluster);
        let here = |field: &str| {
            field
                .strip_prefix(spec.as_str())
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|rest| fields.iter().any(|field| rest.starts_with(field)) || rest.contains("resources"))
        };
        errors.iter().filter(|error| here(&error.field)).map(classes::field_error).collect()
    }

    /// Why there is no such pod. The first pass of admission comes before validation, the second after it.
    fn refusal(
        &self,
        decision: &Decision<Result<Admitted, crate::admission::runtime_class::Refused>>,
    ) -> Option<Refusal> {
        let refused = decision.outcome.as_ref().err();
        let of = |refused: &crate::admission::runtime_class::Refused, stage| {
            let (first, others) = refused.refusals.split_first()?;
            Some(Refusal {
                message: first.message.clone(),
                others: others.iter().map(|other| other.message.clone()).collect(),
                stage,
                at: first.at,
            })
        };
        if let Some(refused) = refused.filter(|refused| refused.pass == Pass::Mutating) {
            return of(refused, "admission, before validation");
        }
        let invalid = self.invalid();
        if let Some(first) = invalid.first() {
            return Some(Refusal {
                message: verdict::invalid_message(self.pod, &invalid),
                others: Vec::new(),
                stage: "validation",
                at: first.span,
            });
        }
        refused.and_then(|refused| of(refused, "admission, after validation"))
    }

    /// A class that is missing, as a problem of the pod: `None` if it is there or the pod names none.
    fn class_problem(&self) -> Option<Diagnostic> {
        let name = self.name()?;
        if self.request.operation != Operation::Create
            || self.ground.classes(false).iter().any(|class| class.metadata.name() == name.value)
        {
            return None;
        }
        let (message, help) = match self.class() {
            Some(_) => (
                format!(
                    "The RuntimeClass `{}` is given, but the API server refuses it, so the pod is refused too.",
                    name.value
                ),
                "Mend the class: its problems are listed at its own lines.",
            ),
            None if self.ground.broken_class(&name.value).is_some() => (
                format!("The RuntimeClass `{}` is given and cannot be decoded, so the pod is refused.", name.value),
                "Mend the class: its problems are listed at its own lines.",
            ),
            None => (
                format!(
                    "The RuntimeClass `{}` is not given. If the cluster has none of this name, the API server refuses the pod.",
                    name.value
                ),
                "Paste the RuntimeClass too.",
            ),
        };
        Some(Diagnostic::warning("runtime-class-missing", message, name.span).with_help(help))
    }

    fn placement(&self, title: &str) -> Placement {
        let mut decision = self.admit(false);
        let refused = self.refusal(&decision);
        let class = self.class();
        let mut as_if = None;
        if decision.outcome.is_err()
            && let Some((index, class)) = class
            && self.ground.classes.get(index).is_some_and(classes::GivenClass::is_refused)
        {
            let mended = self.admit(true);
            decision.outcome = mended.outcome;
            decision.trace.extend(mended.trace);
            as_if = Some(format!("What follows holds once RuntimeClass `{}` is mended.", class.metadata.name()));
        }
        let admitted = decision.outcome.as_ref().ok().filter(|_| refused.is_none() || as_if.is_some());
        let candidate = admitted.map(|admitted| match self.request.operation {
            Operation::Create => Candidate::admitted(self.pod, admitted, self.cluster),
            _ => Candidate::as_written(self.pod, self.cluster),
        });
        let resources = candidate.as_ref().map_or_else(
            || Candidate::as_written(self.pod, self.cluster).resources,
            |candidate| candidate.resources.clone(),
        );
        let others: Vec<Pod> = self.ground.bound.iter().filter(|other| other.span != self.pod.span).cloned().collect();
        let infos = snapshot(&self.ground.nodes, &others, self.cluster);
        let mut fit = candidate.as_ref().map(|candidate| filter(candidate, &infos, self.cluster));
        for node in fit.iter_mut().flat_map(|fit| &mut fit.nodes) {
            node.before.iter_mut().for_each(without_assumed);
            node.verdicts.iter_mut().flat_map(|verdict| &mut verdict.steps).for_each(without_assumed);
        }
        let merge =
            tolerations::merge(&self.pod.placement.tolerations, class.map_or(&[], |(_, class)| class.tolerations()));
        let merges = class.is_some_and(|(_, class)| class.scheduling.is_some());
        let kept = |mut entry: TolerationEntry| {
            if !merges {
                entry.fate = tolerations::Fate::Kept;
            }
            entry
        };
        let own = self.pod.placement.node_selector.as_deref().unwrap_or_default();
        let handlers = self.handlers(class);
        let lacking = |answer: &HandlerAnswer| matches!(answer.decision.outcome, Choice::Unknown { .. });
        let snippets = match class {
            Some((_, class)) if handlers.is_empty() || handlers.iter().any(lacking) => {
                classes::snippets(class.handler())
            }
            _ => Vec::new(),
        };
        let mut placement = Placement {
            verdict: verdict::nothing(),
            advice: Vec::new(),
            class: self.name().map(|name| PodClass {
                name: name.clone(),
                class: class.map(|(index, _)| index),
                handler: class.map(|(_, class)| class.handler().to_owned()),
            }),
            admission: decision.trace,
            refused,
            as_if,
            selector: selectors(own, class.map_or(&[], |(_, class)| class.node_selector())),
            toleration_steps: if merges { merge.steps() } else { Vec::new() },
            tolerations: merge.entries.into_iter().map(kept).collect(),
            overhead: self.overhead(class.map(|(_, class)| class)),
            resources,
            fit,
            bound: None,
            handlers: Vec::new(),
            snippets,
            events: Vec::new(),
            status: String::new(),
            assumptions: self.assumptions(class.map(|(_, class)| class)),
            notes: self.notes(class.map(|(_, class)| class), &handlers),
        };
        placement.handlers = handlers;
        placement.conclude(self, title, candidate.as_ref());
        placement
    }

    /// What the runtimes say; to a pod without a class, which handler is their default.
    fn handlers(&self, class: Option<(usize, &RuntimeClass)>) -> Vec<HandlerAnswer> {
        let handler = class.and_then(|(_, class)| class.handler.as_ref());
        if self.name().is_some() && class.is_none() {
            return Vec::new();
        }
        classes::answers(handler.map(|handler| (handler.value.as_str(), handler.span)), self.ground, self.cluster)
    }

    fn overhead(&self, class: Option<&RuntimeClass>) -> Vec<OverheadEntry> {
        use crate::defaulting::resources::amounts;
        use crate::rule::admission::CLASS_OVERHEAD;
        use crate::trace::Origin;
        if !self.cluster.has(crate::feature::Feature::PodOverhead) {
            return Vec::new();
        }
        let own: Amounts = amounts(self.pod.placement.overhead.as_ref(), Origin::Written);
        let fixed = class.and_then(|class| class.overhead.as_ref()).and_then(|overhead| overhead.pod_fixed.as_ref());
        let merged = |span| Origin::Merged { rule: &CLASS_OVERHEAD, from: Some(span) };
        let brought: Amounts = amounts(fixed, merged);
        let mut names: Vec<&String> = own.iter().chain(&brought).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let find =
            |list: &Amounts, name: &str| list.iter().find(|(other, _)| other == name).map(|(_, field)| field.clone());
        let entry = |name: &String| {
            let (pod, class) = (find(&own, name), find(&brought, name));
            let conflict = match (&pod, &class) {
                (Some(pod), Some(class)) => pod.value.compare(&class.value).is_ne(),
                (Some(_), None) => true,
                (None, Some(_)) => !own.is_empty(),
                (None, None) => false,
            };
            OverheadEntry { resource: name.clone(), pod, class, conflict }
        };
        names.into_iter().map(entry).collect()
    }

    fn assumptions(&self, class: Option<&RuntimeClass>) -> Vec<Assumption> {
        let mut assumptions = self.ground.assumptions.clone();
        if let Some(class) = class
            && self.ground.runtimes.is_empty()
        {
            let text = format!(
                "No runtime's configuration was given, so the nodes' runtime is taken to have the handler `{}`.",
                class.handler()
            );
            assumptions.push(Assumption::new("runtime", text));
        }
        if class.is_some_and(|class| class.api_version.ends_with("/v1alpha1")) {
            let text = "The API server is taken to serve node.k8s.io/v1alpha1, which must be switched on.";
            assumptions.push(Assumption::new("runtimeClass", text));
        }
        if self.pod.owner.as_ref().is_some_and(|owner| owner.kind == "DaemonSet") {
            let text = "A DaemonSet makes one pod for each node that fits; its controller adds tolerations for cordoned nodes and for nodes under pressure, which are not in this answer.";
            assumptions.push(Assumption::new("pods", text));
        } else if self.pod.owner.is_some() {
            let text = "One pod is looked at: room that further replicas take is not counted.";
            assumptions.push(Assumption::new("pods", text));
        }
        assumptions
    }

    /// What bears on this pod.
    fn notes(&self, class: Option<&RuntimeClass>, handlers: &[HandlerAnswer]) -> Vec<&'static DocNote> {
        let mut notes = Vec::new();
        if self.class_problem().is_some() {
            notes.push(&CLASS_MISSING_IS_REFUSED);
        }
        if handlers.iter().any(|answer| matches!(answer.decision.outcome, Choice::Unknown { .. })) {
            notes.push(&UNKNOWN_HANDLER_IS_PENDING);
        }
        if class.is_some() && self.pod.placement.overhead.is_some() {
            notes.push(&SAME_OVERHEAD_IS_FINE);
        }
        notes
    }
}

impl Placement {
    /// What the class brings into the pod, part by part.
    fn merged(&self) -> Vec<String> {
        let labels = self.selector.iter().filter(|entry| entry.pod.is_none() || entry.is_conflict());
        let labels = labels.filter_map(|entry| Some((entry.class.as_ref()?, entry.is_conflict())));
        let mut merged: Vec<String> = labels
            .map(|(label, conflict)| {
                let word = if conflict { "conflict" } else { "label" };
                format!("{word} {}={}", label.key.value, label.value.value)
            })
            .collect();
        let brought = self.tolerations.iter().filter(|entry| entry.side == tolerations::Side::RuntimeClass);
        merged.extend(brought.map(|entry| match entry.fate {
            tolerations::Fate::Kept => format!("toleration {}", entry.toleration.words()),
            tolerations::Fate::Covered { .. } => format!("toleration {} (covered)", entry.toleration.words()),
        }));
        let overhead = self.overhead.iter().filter_map(|entry| Some((entry, entry.class.as_ref()?)));
        let amounts: Vec<String> =
            overhead.map(|(entry, amount)| format!("{} {}", amount.value, entry.resource)).collect();
        if !amounts.is_empty() {
            merged.push(format!("overhead {}", amounts.join(", ")));
        }
        merged
    }
}
