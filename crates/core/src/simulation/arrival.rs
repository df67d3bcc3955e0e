//! How a pod comes to a node, or what keeps every kubelet from starting it: found out where the pod is placed, and the
//! one answer that pulls, start and end go by.

use super::outcome::Moment;
use super::pod::PodRun;
use super::world::Place;
use super::{SYNC_AFTER_ERROR, UNTIL};
use crate::events::{Event, EventType};
use crate::kubectl::describe_events::describe_simulated;
use crate::kubectl::get_pods::get_pods;
use crate::release::{Cluster, Release};
use crate::report::{PodReport, Tone, Verdict};
use crate::time::Duration;
use serde::Serialize;

/// What becomes of a pod before any kubelet starts something of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The given nodes that take the pod and can run it, in their order; none if no Node was given.
    pub takers: Vec<String>,
    /// What keeps the pod from being started.
    pub held: Option<Held>,
    /// What may keep the pod from existing, as far as nothing that is given says otherwise: a sentence.
    pub doubt: Option<String>,
}

impl Arrival {
    /// The verdict with what it depends on.
    #[must_use]
    pub fn doubted(&self, verdict: Verdict) -> Verdict {
        match &self.doubt {
            Some(doubt) => Verdict { tone: verdict.tone.max(Tone::Look), text: format!("{doubt} {}", verdict.text) },
            None => verdict,
        }
    }
}

/// Why nothing of a pod is ever started, and what is seen of it. What is simulated all the same follows only if
/// [`Held::otherwise`] holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Why, in one sentence.
    pub verdict: Verdict,
    /// What the rest needs, as the beginning of a sentence: "If a node took the pod".
    pub otherwise: &'static str,
    /// What `kubectl get pods` shows; `None` if there is no pod.
    pub shown: Option<Moment>,
    /// The scheduler's event.
    pub scheduler: Option<Event>,
    /// What the kubelet of the pod's node reports, in order.
    pub events: Vec<Event>,
}

/// How far a pod that is held has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It is refused: there is no such pod.
    Nothing,
    /// No node takes it: the scheduler's message.
    NoNode(String),
    /// The kubelet of its node refuses it with this reason.
    Refused(String),
    /// The kubelet of its node cannot make its sandbox.
    NoSandbox {
        /// The event's reason.
        reason: String,
        /// The event's message.
        message: String,
    },
}

impl Held {
    /// What is seen of a pod that comes no further than to its place. `again` says when a kubelet tries once more.
    #[must_use]
    pub fn new(
        verdict: Verdict,
        reached: Reached,
        pod: &PodReport,
        (place, again): (&Place, Option<Duration>),
        cluster: &Cluster,
    ) -> Self {
        let shown = |known_to_node| {
            let mut run = PodRun::new(0, pod, place.clone(), cluster, None);
            run.show(Duration::ZERO, known_to_node);
            run.moments.pop()
        };
        let at = place.at;
        let event = |at, kind, reason: &str, message: String| {
            let (reason, object) = (reason.to_owned(), pod.name.clone());
            Event { at, kind, reason, message, object, field_path: String::new() }
        };
        let held = |otherwise, shown| Self { verdict, otherwise, shown, scheduler: None, events: Vec::new() };
        match reached {
            Reached::Nothing => held("If the API server took the pod", None),
            Reached::NoNode(message) => Self {
                scheduler: Some(event(at, EventType::Warning, "FailedScheduling", message)),
                ..held("If a node took the pod", shown(false))
            },
            Reached::Refused(reason) => {
                let failed = |moment| Moment { status: reason, phase: "Failed".to_owned(), ..moment };
                held("If the kubelet took the pod", shown(false).map(failed))
            }
            Reached::NoSandbox { reason, message } => {
                let bound = assigned(pod, &place.node);
                let again = again.unwrap_or(SYNC_AFTER_ERROR).max(Duration::from_secs(1));
                let times = std::iter::successors(Some(at), |at| Some(*at + again)).take_while(|at| *at <= UNTIL);
                Self {
                    scheduler: place.scheduled.then(|| event(at, EventType::Normal, "Scheduled", bound)),
                    events: times.map(|at| event(at, EventType::Warning, &reason, message.clone())).collect(),
                    ..held("If the pod's sandbox could be made", shown(true))
                }
            }
        }
    }

    /// What `kubectl get pods` prints at `at`: a table, or that there is no such pod.
    #[must_use]
    pub fn get_pods_at(&self, name: &str, at: Duration) -> String {
        match &self.shown {
            Some(moment) => get_pods(&[moment.row(name, at)]),
            None => format!("Error from server (NotFound): pods \"{name}\" not found\n"),
        }
    }

    /// The table of events that `kubectl describe pod` prints at `at`; `None` if there is no pod to be described.
    #[must_use]
    pub fn describe_events_at(&self, at: Duration, release: Release) -> Option<String> {
        self.shown.as_ref()?;
        Some(describe_simulated(&self.events, self.scheduler.as_ref(), at, release))
    }
}

/// The scheduler's message about a pod that it bound.
pub(super) fn assigned(pod: &PodReport, node: &str) -> String {
    format!("Successfully assigned {}/{} to {node}", pod.namespace, pod.name)
}
