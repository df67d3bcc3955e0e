//! One pod and what it meets, on the way to its [`Placement`].

use super::classes::{self, GivenClass, HandlerAnswer};
use super::ground::{Ground, without_assumed};
use super::{OverheadEntry, Placement, PodClass, Refusal, verdict};
use crate::admission::runtime_class::{Admitted, Pass, Refused, admit, selectors};
use crate::admission::tolerations::{self, Entry as TolerationEntry};
use crate::admission::{Operation, Request, default_toleration_seconds};
use crate::api::{Pod, RuntimeClass};
use crate::defaulting::resources::{Amounts, amounts};
use crate::evaluate::given::Given;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::report::PodReport;
use crate::rule::DocNote;
use crate::rule::admission::{CLASS_EXISTS, CLASS_MISSING_IS_REFUSED, CLASS_OVERHEAD, SAME_OVERHEAD_IS_FINE};
use crate::rule::runtime::UNKNOWN_HANDLER_IS_PENDING;
use crate::rule::validation::CLASS_FIELDS;
use crate::runtime::handlers::Choice;
use crate::scheduling::filter::{Candidate, Fit, NodeInfo, filter};
use crate::trace::{Decision, Origin, Written};
use crate::validation;
use podwhy_source::Diagnostic;

/// What admission decides about a pod.
type Admission = Decision<Result<Admitted, Refused>>;
/// A pod and what it meets.
pub(super) struct Asked<'a> {
    pub ground: &'a Ground,
    pub cluster: &'a Cluster,
    /// The pod as it is placed: as it is applied, or, once it is in the cluster, as it is stored.
    pub pod: &'a Pod,
    pub request: Request<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(pod: &'a Pod, given: &'a Given, ground: &'a Ground, cluster: &'a Cluster) -> Self {
        let stored = given.stored_for(pod);
        let request = Request::applying(pod, stored);
        let pod = match stored {
            Some(stored) if request.operation == Operation::Update => stored,
            _ => pod,
        };
        Self { ground, cluster, pod, request }
    }

    /// What admission decides; `mended` takes a class that the API server refuses as if it did not.
    pub(super) fn admit(&self, mended: bool) -> Admission {
        admit(self.pod, self.ground.classes(mended), &self.request, self.cluster)
    }

    pub(super) fn name(&self) -> Option<&'a Written<String>> {
        self.pod.placement.runtime_class_name.as_ref()
    }

    /// Whether the cluster has the pod and its kubelet took it.
    pub(super) fn runs_already(&self) -> bool {
        self.pod.phase.as_ref().is_some_and(|phase| phase.value != "Pending")
    }

    /// The class that the pod names, as far as it is given.
    pub(super) fn class(&self) -> Option<(usize, &'a RuntimeClass)> {
        let name = self.name()?;
        let all = || self.ground.classes.iter().enumerate().rev();
        let named = |given: &GivenClass| given.class.metadata.name() == name.value;
        let found = all()
            .find(|(_, given)| given.exists() && named(given))
            .or_else(|| all().find(|(_, given)| named(given)))?;
        Some((found.0, &found.1.class))
    }

    /// What the API server refuses in the fields that decide about the place.
    pub(super) fn invalid(&self) -> Vec<Diagnostic> {
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
    pub(super) fn refusal(&self, decision: &Admission, invalid: &[Diagnostic]) -> Option<Refusal> {
        let refused = decision.outcome.as_ref().err();
        let of = |refused: &Refused, stage| {
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
        if let Some(first) = invalid.first() {
            return Some(Refusal {
                message: verdict::invalid_message(self.pod, invalid),
                others: Vec::new(),
                stage: "validation",
                at: first.span,
            });
        }
        refused.and_then(|refused| of(refused, "admission, after validation"))
    }

    /// A class that is missing, as a problem of the pod: `None` if it is there or the pod names none.
    pub(super) fn class_problem(&self) -> Option<Diagnostic> {
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

    /// What hangs on a class that is named and not given.
    pub(super) fn class_doubt(&self) -> Option<String> {
        let name =
            self.name().filter(|name| self.class().is_none() && self.ground.broken_class(&name.value).is_none())?;
        self.class_problem()?;
        let text = format!(
            "The API server refuses the pod unless the cluster has a RuntimeClass `{}`, which is not given.",
            name.value
        );
        Some(text)
    }

    /// The way of the pod with this report.
    pub(super) fn placement(&self, report: &PodReport, infos: &[NodeInfo]) -> Placement {
        let mut decision = self.admit(false);
        let refused = self.refusal(&decision, &self.invalid());
        let class = self.class();
        let mut as_if = None;
        if decision.outcome.is_err()
            && let Some((index, class)) = class
            && self.ground.classes.get(index).is_some_and(GivenClass::is_refused)
        {
            let mended = self.admit(true);
            decision.outcome = mended.outcome;
            // That the class is there would contradict what was just told.
            decision.trace.extend(mended.trace.into_iter().filter(|step| step.rule != &CLASS_EXISTS));
            as_if = Some(format!("What follows holds once RuntimeClass `{}` is mended.", class.metadata.name()));
        }
        let admitted = decision.outcome.as_ref().ok().filter(|_| refused.is_none() || as_if.is_some());
        let candidate = admitted.map(|admitted| match self.request.operation {
            Operation::Create => {
                let mut candidate = Candidate::admitted(self.pod, admitted, self.cluster);
                candidate.tolerations.extend(default_toleration_seconds::lacking(self.pod));
                candidate
            }
            _ => Candidate::as_written(self.pod, self.cluster),
        });
        let resources = candidate.as_ref().map_or_else(
            || Candidate::as_written(self.pod, self.cluster).resources,
            |candidate| candidate.resources.clone(),
        );
        let mut fit = candidate.as_ref().and_then(|candidate| self.fit(candidate, infos));
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
            lacking: Vec::new(),
            assumptions: self.assumptions(class.map(|(_, class)| class)),
            notes: self.notes(class.map(|(_, class)| class), &handlers),
        };
        placement.handlers = handlers;
        placement.conclude(self, &report.title, candidate.as_ref());
        if let Some(refused) = &report.refused {
            placement.is_refused(self.pod, refused);
        }
        placement
    }

    /// What the filters say to each node; of a pod that names its node, to that one alone, without the pod itself.
    pub(super) fn fit(&self, candidate: &Candidate, infos: &[NodeInfo]) -> Option<Fit> {
        let Some(name) = self.pod.placement.node_name.as_ref().filter(|name| !name.value.is_empty()) else {
            return Some(filter(candidate, infos, self.cluster));
        };
        let info = infos.iter().find(|info| info.name() == name.value)?.without(self.pod, self.cluster);
        Some(filter(candidate, &[info], self.cluster))
    }

    /// What the runtimes say; to a pod without a class, which handler is their default.
    pub(super) fn handlers(&self, class: Option<(usize, &RuntimeClass)>) -> Vec<HandlerAnswer> {
        let handler = class.and_then(|(_, class)| class.handler.as_ref());
        if self.name().is_some() && class.is_none() {
            return Vec::new();
        }
        classes::answers(handler.map(|handler| (handler.value.as_str(), handler.span)), self.ground, self.cluster)
    }

    pub(super) fn overhead(&self, class: Option<&RuntimeClass>) -> Vec<OverheadEntry> {
        if !self.cluster.has(Feature::PodOverhead) {
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

    /// What bears on this pod.
    pub(super) fn notes(&self, class: Option<&RuntimeClass>, handlers: &[HandlerAnswer]) -> Vec<&'static DocNote> {
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
        if class.is_some_and(|class| class.overhead.is_some() || class.scheduling.is_some()) {
            notes.push(&CLASS_FIELDS);
        }
        notes
    }
}
