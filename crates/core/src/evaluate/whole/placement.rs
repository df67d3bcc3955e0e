//! From `runtimeClassName` to the node that runs the pod: admission by RuntimeClass, what it merges into the pod, the
//! nodes that remain, and whether their runtime has the handler.

mod advice;
mod arrival;
mod asked;
mod assumptions;
mod classes;
mod features;
pub(in crate::evaluate) mod ground;
#[cfg(test)]
mod tests;
mod verdict;

use super::Whole;
use crate::admission::priority::{self, Unresolved};
use crate::admission::runtime_class::SelectorEntry;
use crate::admission::tolerations::{self, Entry as TolerationEntry};
use crate::admission::{Operation, Request};
use crate::api::{Pod, RuntimeClass};
use crate::defaulting::pod_resources::PodResources;
use crate::evaluate::given::Given;
use crate::release::Cluster;
use crate::report::{PodReport, Verdict};
use crate::rule::DocNote;
use crate::runtime::files::NodeRuntime;
use crate::scenario::Assumption;
use crate::scheduling::filter::{Fit, NodeInfo, snapshot};
use crate::trace::{Field, Step, Written};
pub use advice::Advice;
pub(in crate::evaluate) use arrival::arrive;
use asked::Asked;
pub use classes::{ClassNode, ClassReport, ClassState, HandlerAnswer, Snippet};
use ground::{Ground, real};
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
    /// The nodes that take the pod and whose runtime lacks its handler.
    #[serde(skip)]
    lacking: Vec<String>,
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
    /// What is wrong with classes, nodes, runtimes and with what pods say about their place; all of it is among
    /// [`crate::report::Report::problems`] too.
    pub problems: Vec<Diagnostic>,
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

impl Whole {
    /// The way of the pod at this position of [`crate::report::Report::pods`].
    #[must_use]
    pub fn placement(&self, position: usize) -> Option<Placement> {
        let asked = self.asked(position)?;
        let infos = snapshot(&self.ground.nodes, &self.ground.bound, &self.session.cluster);
        let mut placement = asked.placement(self.report.pods.get(position)?, &infos);
        if let Some(pod) = self.source(position) {
            placement.assumptions.extend(assumptions::not_asked(&pod));
            placement.weigh_features(&pod);
        }
        Some(placement)
    }

    /// Every pod's way in short.
    #[must_use]
    pub fn placements(&self) -> Placements {
        let (ground, cluster) = (&*self.ground, &self.session.cluster);
        let infos = snapshot(&ground.nodes, &ground.bound, cluster);
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
            pods: (0..self.given.pods.len()).filter_map(|position| self.placement_summary(position, &infos)).collect(),
            assumptions: ground.assumptions.clone(),
            problems: ground.problems.clone(),
        }
    }

    fn placement_summary(&self, position: usize, infos: &[NodeInfo]) -> Option<PodSummary> {
        let report = self.report.pods.get(position)?;
        let placement = self.asked(position)?.placement(report, infos);
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
        // This plug-in comes before RuntimeClass.
        if let Some(refused) = priority_refuses(ground, given, pod) {
            problems.push(refused.clone());
            report.refused.get_or_insert(refused);
        }
        let asked = Asked::new(pod, given, ground, cluster);
        let invalid = asked.invalid();
        problems.extend(invalid.iter().cloned());
        let refused = asked.refusal(&asked.admit(false), &invalid).map(|refusal| {
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

/// Why the plug-in Priority refuses a pod. One whose class is only not given is not refused.
fn priority_refuses(ground: &Ground, given: &Given, pod: &Pod) -> Option<Diagnostic> {
    if Request::applying(pod, given.stored_for(pod)).operation != Operation::Create {
        return None;
    }
    match priority::admit(pod, &ground.priorities).outcome {
        Err(Unresolved::Refused(refusal)) => {
            let problem = Diagnostic::error("priority-refuses", refusal.message, refusal.at.unwrap_or(pod.span));
            Some(problem.with_help("The API server answers this and does not create the pod."))
        }
        Err(Unresolved::UnknownClass(_)) | Ok(_) => None,
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
