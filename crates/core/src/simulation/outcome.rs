//! What a simulation of pulls gives: plain data for a view.

use crate::api::pod_status::{Condition, ContainerState, ContainerStatus, PodStatus};
use crate::credentials::keyring::Source;
use crate::events::Event;
use crate::kubectl::describe_events::{bound, describe_simulated};
use crate::kubectl::get_pods::{PodRow, get_pods};
use crate::kubectl::status_column::PodColumns;
use crate::pulls::manager::WaitingReason;
use crate::release::Release;
use crate::report::{ImageUser, Verdict};
use crate::scenario::Assumption;
use crate::simulation::arrival::Held;
use crate::simulation::world::Place;
use crate::time::Duration;
use crate::trace::{Change, Step};
use podwhy_source::Span;
use serde::Serialize;

/// What happens to a pod at first: the part that is worked out on every keystroke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullSummary {
    /// The node that it runs on, or that it names although nothing starts it there.
    pub node: String,
    /// The first round of each container and image volume, in the order of the report's containers; `None` for those
    /// that the pod does not come to, and empty for a pod that nothing starts.
    pub first: Vec<Option<Round>>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// The answer in one sentence.
    pub verdict: Verdict,
}

impl PullSummary {
    /// Of a pod that no kubelet starts.
    pub(super) fn held(held: &Held, place: Place) -> Self {
        let assumptions = place.assumption.into_iter().collect();
        Self { node: place.node, first: Vec::new(), assumptions, verdict: held.verdict.clone() }
    }
}

/// A pod's pulls over time. All times count from the beginning of the simulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullReport {
    /// The pod's name, or its owner's.
    pub name: String,
    /// The release that it is simulated for.
    pub release: Release,
    /// The node that the pod runs on.
    pub node: String,
    /// When the simulation ends.
    pub until: Duration,
    /// Each container and image volume, in the order of the report's containers.
    pub containers: Vec<ContainerTimeline>,
    /// Every pull of the node, also for other pods: who pulls and who waits, in the order of asking.
    pub queue: Vec<QueueInterval>,
    /// What `kubectl get pods` shows, from moment to moment; only changes.
    pub moments: Vec<Moment>,
    /// The events as they are sent, in order of time.
    pub events: Vec<Event>,
    /// When the scheduler bound the pod, and its event's message; `None` for a pod that names its node.
    pub scheduled: Option<(Duration, String)>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// Why no kubelet ever pulls for the pod: then everything else is what would happen otherwise.
    pub held: Option<Held>,
    /// The answer in one sentence; of a held pod why it is held.
    pub verdict: Verdict,
    /// What the pulls come to in one sentence.
    pub simulated: Verdict,
}

/// One container or image volume over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContainerTimeline {
    /// Its name, or `""`.
    pub name: String,
    /// What it is.
    pub user: ImageUser,
    /// The image as written.
    pub image: String,
    /// Each time that the kubelet looked for its image.
    pub rounds: Vec<Round>,
}

/// One time that the kubelet needs an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Round {
    /// When it needs it.
    pub at: Duration,
    /// When it is decided.
    pub ended_at: Duration,
    /// Since when the runtime pulls, if it does: until then the pull waited for others.
    pub pulling_since: Option<Duration>,
    /// The attempts, in order.
    pub attempts: Vec<TimedAttempt>,
    /// Whether the image is there and may be used.
    pub ok: bool,
    /// Why the container waits.
    pub reason: Option<WaitingReason>,
    /// The message beside the reason.
    pub message: String,
    /// The end of the back-off that began with this round's failure, or that still runs.
    pub back_off_until: Option<Duration>,
    /// Why, in order.
    pub trace: Vec<Step>,
    /// Where another release answers otherwise.
    pub changes: Vec<Change>,
}

/// One attempt to pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimedAttempt {
    /// When it begins.
    pub started_at: Duration,
    /// When the registry has answered.
    pub ended_at: Duration,
    /// The user; `None` for an anonymous pull.
    pub user: Option<String>,
    /// Where the credential comes from.
    pub source: Option<Source>,
    /// The key that it stands under, as written.
    pub key: Option<String>,
    /// Where that key stands.
    pub span: Option<Span>,
    /// The image, or the runtime's error text.
    pub result: Result<(), String>,
}

/// One pull of the node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueInterval {
    /// The pod's position in the report; `None` for a pod that is not given.
    pub pod: Option<usize>,
    /// The container's or image volume's position in the pod's report.
    pub container: Option<usize>,
    /// What to call it: `web/app`, or `another pod`.
    pub title: String,
    /// The image as written.
    pub image: String,
    /// When it is asked for.
    pub asked_at: Duration,
    /// When the runtime begins; `None` if not before the end of the simulation.
    pub started_at: Option<Duration>,
    /// When it ends, likewise.
    pub ended_at: Option<Duration>,
    /// Whether it succeeded.
    pub ok: bool,
}

/// What is shown from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Since when.
    pub at: Duration,
    /// READY.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// RESTARTS, without when the last one was.
    pub restarts: String,
    /// `status.phase`.
    pub phase: String,
    /// The containers that wait: name, reason and message.
    pub waiting: Vec<Waiting>,
}

/// A container that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The container's name.
    pub container: String,
    /// `state.waiting.reason`.
    pub reason: String,
    /// `state.waiting.message`.
    pub message: String,
}

impl Moment {
    pub(super) fn of(at: Duration, phase: &str, columns: PodColumns, waiting: Vec<Waiting>) -> Self {
        let PodColumns { ready, status, restarts, .. } = columns;
        // Since when the last restart was changes every second, so it is left out.
        let restarts = restarts.split(' ').next().unwrap_or_default().to_owned();
        Self { at, ready, status, restarts, phase: phase.to_owned(), waiting }
    }

    /// The pod's line in the table that `kubectl get pods` prints at `at`.
    pub(super) fn row(&self, name: &str, at: Duration) -> PodRow {
        PodRow {
            name: name.to_owned(),
            ready: self.ready.clone(),
            status: self.status.clone(),
            restarts: self.restarts.clone(),
            age: at,
        }
    }

    pub(super) fn shows_the_same_as(&self, other: &Self) -> bool {
        Self { at: other.at, ..self.clone() } == *other
    }
}

impl PullReport {
    /// What `kubectl get pods` shows at `at`.
    #[must_use]
    pub fn moment_at(&self, at: Duration) -> Option<&Moment> {
        self.moments.iter().rev().find(|moment| moment.at <= at)
    }

    /// The table that `kubectl get pods` prints at `at`.
    #[must_use]
    pub fn get_pods_at(&self, at: Duration) -> String {
        get_pods(&self.moment_at(at).map(|moment| moment.row(&self.name, at)).into_iter().collect::<Vec<_>>())
    }

    /// The table of events that `kubectl describe pod` prints at `at`.
    #[must_use]
    pub fn describe_events_at(&self, at: Duration) -> String {
        let bound = self.scheduled.as_ref().map(|(at, message)| bound(*at, message));
        describe_simulated(&self.events, bound.as_ref(), at, self.release)
    }
}

/// The status of a pod whose containers are in these states.
pub(super) fn pod_status(
    inits: Vec<ContainerStatus>,
    containers: Vec<ContainerStatus>,
    initialized: bool,
) -> PodStatus {
    let running = |status: &ContainerStatus| status.state == ContainerState::Running;
    let all_run = !containers.is_empty() && containers.iter().all(running);
    let condition = |kind: &str, holds: bool| Condition {
        kind: kind.to_owned(),
        status: if holds { "True" } else { "False" }.to_owned(),
        reason: String::new(),
    };
    PodStatus {
        phase: if initialized && all_run { "Running" } else { "Pending" }.to_owned(),
        conditions: vec![condition("Initialized", initialized), condition("Ready", initialized && all_run)],
        init_container_statuses: inits,
        container_statuses: containers,
        ..PodStatus::default()
    }
}
