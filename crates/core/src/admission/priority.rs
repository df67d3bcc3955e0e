//! The plug-in Priority: a pod's priority as a number, from its class or from the cluster's default.
//!
//! Upstream: plugin/pkg/admission/priority/admission.go admitPod, getDefaultPriorityClass.

use crate::admission::Refusal;
use crate::api::{Pod, PriorityClass};
use crate::rule::Rule;
use crate::rule::admission::{
    NO_PRIORITY_CLASS, PRIORITY, PRIORITY_CLASS_DEFAULT, PRIORITY_CLASS_FOUND, PRIORITY_COMPUTED, PRIORITY_SYSTEM_CLASS,
};
use crate::trace::{Decision, Mark, Step};
use podwhy_source::Span;

/// The classes that every cluster has. Upstream: pkg/apis/scheduling/helpers.go SystemPriorityClasses.
const SYSTEM_CLASSES: &[(&str, i64)] =
    &[("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// What a class says if it says nothing of preemption. Upstream: pkg/apis/scheduling/v1/defaults.go.
const PREEMPTS: &str = "PreemptLowerPriority";

/// What the plug-in gives a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The class; empty where there is none.
    pub class: String,
    /// `priority`.
    pub value: i64,
    /// `preemptionPolicy`.
    pub preemption_policy: String,
    /// The rule that gave them.
    pub rule: &'static Rule,
    /// What said so: the value in the class, or the place that names it.
    pub from: Option<Span>,
}

/// Why the plug-in gives a pod nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// The API server refuses the pod.
    Refused(Refusal),
    /// The class is not given. The cluster may have it; if it has not, it refuses the pod with this text.
    UnknownClass(Refusal),
}

/// The priority of a pod that is created. `classes` are those that were given; of one name the last counts.
#[must_use]
pub fn admit(pod: &Pod, classes: &[PriorityClass]) -> Decision<Result<Resolved, Unresolved>> {
    let named = pod.placement.priority_class.as_ref().filter(|name| !name.value.is_empty());
    let found = match named {
        None => default_class(pod, classes),
        Some(name) => {
            let given = classes.iter().rev().find(|class| class.metadata.name() == name.value);
            let system = SYSTEM_CLASSES.iter().find(|(known, _)| *known == name.value);
            match (given, system) {
                (_, Some((class, value))) => {
                    let finding = format!("`{class}` is a class that every cluster has: priority {value}.");
                    let step = Step::new(&PRIORITY_SYSTEM_CLASS, Mark::Yes, finding).at(name.span);
                    let (class, preemption_policy) = ((*class).to_owned(), PREEMPTS.to_owned());
                    let rule = &PRIORITY_SYSTEM_CLASS;
                    (Resolved { class, value: *value, preemption_policy, rule, from: Some(name.span) }, step)
                }
                (Some(class), None) => {
                    let finding = format!("The PriorityClass `{}` gives priority {}.", name.value, class.value.value);
                    let step = Step::new(&PRIORITY_CLASS_FOUND, Mark::Yes, finding);
                    (of_class(class, &PRIORITY_CLASS_FOUND), step.at(name.span).because(class.value.span))
                }
                (None, None) => return unknown(pod, &name.value, name.span),
            }
        }
    };
    let (resolved, step) = found;
    let trace = vec![step];
    if let Some(refusal) = contradicted(pod, &resolved) {
        let told =
            Step::new(&PRIORITY_COMPUTED, Mark::No, format!("The API server refuses the pod: {}", refusal.message));
        let trace = trace.into_iter().chain([told.at(refusal.at)]).collect();
        return Decision { outcome: Err(Unresolved::Refused(refusal)), trace };
    }
    Decision { outcome: Ok(resolved), trace }
}

fn of_class(class: &PriorityClass, rule: &'static Rule) -> Resolved {
    Resolved {
        class: class.metadata.name().to_owned(),
        value: class.value.value,
        preemption_policy: class.preemption_policy.as_ref().map_or(PREEMPTS, |policy| &policy.value).to_owned(),
        rule,
        from: Some(class.value.span),
    }
}

/// The default of the cluster: of several the one with the lowest value.
fn default_class(pod: &Pod, classes: &[PriorityClass]) -> (Resolved, Step) {
    let replaced = |at: usize, class: &PriorityClass| {
        classes.iter().skip(at + 1).any(|later| later.metadata.name() == class.metadata.name())
    };
    let standing = classes.iter().enumerate().filter(|(at, class)| !replaced(*at, class)).map(|(_, class)| class);
    let defaults = standing.filter_map(|class| Some((class, class.global_default?)));
    match defaults.min_by_key(|(class, _)| class.value.value) {
        Some((class, span)) => {
            let name = class.metadata.name();
            let finding = format!(
                "The pod names no PriorityClass, and `{name}` is the cluster's default: priority {}.",
                class.value.value
            );
            let step = Step::new(&PRIORITY_CLASS_DEFAULT, Mark::Yes, finding).at(span).because(class.value.span);
            (of_class(class, &PRIORITY_CLASS_DEFAULT), step)
        }
        None => {
            let finding = "The pod names no PriorityClass, and no default class is given: priority 0. If the cluster has a default class, that one counts.";
            let (class, preemption_policy) = (String::new(), PREEMPTS.to_owned());
            let resolved = Resolved { class, value: 0, preemption_policy, rule: &PRIORITY, from: None };
            (resolved, Step::new(&PRIORITY, Mark::Note, finding).at(pod.span))
        }
    }
}

fn unknown(pod: &Pod, name: &str, at: Span) -> Decision<Result<Resolved, Unresolved>> {
    let why = format!("no PriorityClass with name {name} was found");
    let refusal = Refusal::forbidden(&NO_PRIORITY_CLASS, pod, &why, at);
    let finding = format!(
        "The PriorityClass `{name}` is not given: the cluster is taken to have it, and what it gives is not here. If it has not, the API server refuses the pod: {}",
        refusal.message
    );
    let trace = vec![Step::new(&NO_PRIORITY_CLASS, Mark::Note, finding).at(at)];
    Decision { outcome: Err(Unresolved::UnknownClass(refusal)), trace }
}

/// What the pod says itself must be what the class gives.
fn contradicted(pod: &Pod, resolved: &Resolved) -> Option<Refusal> {
    let (value, policy) = (resolved.value, &resolved.preemption_policy);
    if let Some(own) = pod.placement.priority.as_ref().filter(|own| own.value != value) {
        let why = format!(
            "the integer value of priority ({}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name",
            own.value
        );
        return Some(Refusal::forbidden(&PRIORITY_COMPUTED, pod, &why, own.span));
    }
    let own = pod.placement.preemption_policy.as_ref().filter(|own| own.value != *policy)?;
    let why = format!(
        "the string value of PreemptionPolicy ({}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name",
        own.value
    );
    Some(Refusal::forbidden(&PRIORITY_COMPUTED, pod, &why, own.span))
}
