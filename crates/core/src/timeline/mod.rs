//! A pod's life as data for a picture: what each container does when, from the sandbox to the last process.
//!
//! A simulation in whole milliseconds over the rules of the start, the hooks and the end. Whatever only a cluster knows
//! (how long a process or a hook takes, whether a hook fails, what ends the pod) is a [`PodLife`] of the scenario; the
//! time that the kubelet itself needs between two steps is taken as none.

mod cast;
mod hooks;
mod lanes;
mod notes;
mod sentences;
mod start;
mod status;
mod stop;

pub use hooks::{HookKind, HookReport};

use crate::api::Pod;
use crate::events::{Event, EventRecorder, Recorded};
use crate::kubectl::describe_events::{bound, describe_simulated};
use crate::kubectl::get_pods::{PodRow, get_pods};
use crate::lifecycle::Millis;
use crate::lifecycle::pod_termination::Kind;
use crate::release::{Cluster, Release};
use crate::report::Verdict;
use crate::rule::DocNote;
use crate::scenario::Assumption;
use crate::scenario::life::PodLife;
use crate::simulation::arrival::Held;
use crate::simulation::points_at::Edit;
use crate::simulation::world::Unconfigured;
use crate::time::Duration;
use crate::trace::Step;
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;

/// The address that the pod is taken to have.
pub const POD_IP: &str = "10.0.0.1";
/// The UID that the pod is taken to have.
pub const POD_UID: &str = "6f3b1a2c-0d4e-4f5a-8b6c-7d8e9f0a1b2c";

/// What is to be simulated.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The pod as written.
    pub pod: &'a Pod,
    /// Its name, or its owner's, as events name it.
    pub name: &'a str,
    /// How it lives.
    pub life: &'a PodLife,
    /// What its images bring, in the order in which they are needed.
    pub images: &'a [Image],
    /// The cluster, with the gates of its kubelet.
    pub cluster: &'a Cluster,
    /// The kubelet's `crashLoopBackOff.maxContainerRestartPeriod`.
    pub max_restart_period: Option<Duration>,
}

/// What the image of a container or of a volume brings into its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The path of the container or volume, such as `spec.containers[0]`.
    pub path: String,
    /// The container's or volume's name.
    pub name: String,
    /// Whether it is a volume's.
    pub of_volume: bool,
    /// How long the first start waits for it.
    pub takes: Duration,
    /// The events of the first start about it, their times counted from when it is needed.
    pub events: Vec<Event>,
    /// The message of the event Pulled at every later start.
    pub present: String,
    /// Why the container cannot be configured once its image is there.
    pub unconfigured: Option<Unconfigured>,
}

/// What a container does during a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It waits for its turn to start.
    Waiting,
    /// Its image is pulled.
    Pulling,
    /// The sandbox is made.
    Creating,
    /// The sandbox, or the image of a volume, is there.
    Up,
    /// Its process runs and is not ready yet.
    Starting,
    /// An init container does its work.
    Initializing,
    /// Its process could work, but the sync that starts the others is not over, so nobody knows.
    Unreported,
    /// Its process runs and is ready.
    Ready,
    /// Its postStart hook runs, beside the process.
    PostStart,
    /// Its preStop hook runs, beside the process.
    PreStop,
    /// Its preStop hook would still run, but nobody waits for it any more.
    PreStopBeyond,
    /// A sidecar waits until it may stop.
    AwaitingTurn,
    /// Its process has its signal and ends.
    Stopping,
    /// Its process would still need so long, but it is killed.
    StoppingBeyond,
    /// It waits to be started again.
    BackOff,
    /// Its process has ended and is not started again.
    Ended,
}

/// A stretch of time; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// What the container does.
    pub what: What,
    /// From when.
    pub start: Millis,
    /// Until when.
    pub end: Millis,
}

/// The grace period on the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    /// Where it begins.
    pub start: Millis,
    /// Where it is used up.
    pub end: Millis,
}

/// What a lane is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// The pod's sandbox.
    Sandbox,
    /// A volume whose files come from an image.
    ImageVolume,
    /// A container.
    Container(Kind),
}

impl LaneKind {
    /// In words: "init container", "sidecar".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::ImageVolume => "image volume",
            Self::Container(Kind::Init) => "init container",
            Self::Container(Kind::Sidecar) => "sidecar",
            Self::Container(Kind::Main) => "container",
        }
    }
}

/// One container, or what stands before all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: LaneKind,
    /// Where it stands; `None` for the sandbox.
    pub span: Option<Span>,
    /// What it does, by start; hooks overlap the process.
    pub segments: Vec<Segment>,
    /// Its grace, once it is stopped.
    pub grace: Option<Band>,
    /// The signal that asks its process to end, such as `SIGTERM`; empty where there is no process.
    pub signal: String,
    /// The times that can be changed.
    pub knobs: Vec<Knob>,
}

/// Which of a container's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KnobKind {
    /// From the start of the process until it can do its work.
    Start,
    /// How long postStart takes.
    PostStart,
    /// How long preStop takes.
    PreStop,
    /// How long the process needs after its stop signal.
    Stop,
}

/// A time that can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Knob {
    /// Which.
    pub kind: KnobKind,
    /// Where it begins on the axis, the last time that it counted; `None` where it never did.
    pub from: Option<Millis>,
    /// How long it is.
    pub takes: Millis,
    /// Where the manifest says it (a sleep hook): it is changed there.
    pub written: Option<Span>,
}

/// What happens in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// The sandbox is there.
    Sandbox,
    /// The container is ready for traffic.
    Ready,
    /// The end begins.
    End,
    /// The kubelet restarts.
    KubeletRestart,
    /// The process gets its signal.
    Term,
    /// The process is killed.
    Kill,
    /// The process has ended by itself.
    Exit,
    /// Nothing of the pod runs any more.
    Gone,
}

/// A moment on the time axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// When.
    pub at: Millis,
    /// What happens.
    pub kind: MomentKind,
    /// The container that it is about; `None` for the whole pod.
    pub container: Option<String>,
}

/// What `kubectl get pods` shows from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodState {
    /// From when.
    pub at: Millis,
    /// The columns; `None` once the pod's object is gone.
    pub shown: Option<Shown>,
}

/// The columns of a pod that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// READY.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// RESTARTS, without when the last one was.
    pub restarts: String,
    /// `status.phase`.
    pub phase: &'static str,
}

/// What happens to a container and why, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// The container; `None` for the whole pod.
    pub container: Option<String>,
    /// What happens, in one or two sentences.
    pub text: String,
    /// What would fix it; empty if nothing needs fixing.
    pub fix: String,
    /// The same in the manifest, where the number that it is about is written.
    pub edit: Option<Edit>,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// The release that it is simulated for.
    pub release: Release,
    /// The sandbox, image volumes, and the containers in the order of the spec: init containers, then the others.
    pub lanes: Vec<Lane>,
    /// When the end begins; `None` if nothing ends.
    pub ends_at: Option<Millis>,
    /// The grace of the whole pod, or of the one container that ends.
    pub grace: Option<Band>,
    /// The moments, in order.
    pub moments: Vec<Moment>,
    /// The kubelet's events as it sends them, in order.
    pub events: Vec<Event>,
    /// When the scheduler bound the pod, and its event's message; `None` for a pod that names its node.
    pub scheduled: Option<(Duration, String)>,
    /// What kubectl shows, in order.
    pub states: Vec<PodState>,
    /// What the kubelet does for each hook.
    pub hooks: Vec<HookReport>,
    /// Why nothing of this ever happens: then the picture shows what would happen otherwise.
    pub held: Option<Held>,
    /// The answer in one sentence; of a held pod why it is held.
    pub verdict: Verdict,
    /// What the picture comes to in one sentence.
    pub simulated: Verdict,
    /// What would fix what the picture shows; empty if nothing needs fixing.
    pub fix: String,
    /// The same in the manifest, where the number that it is about is written.
    pub edit: Option<Edit>,
    /// What happens to each container and why.
    pub sentences: Vec<Sentence>,
    /// What makes no sense in the life, and what the release does not know.
    pub diagnostics: Vec<Diagnostic>,
    /// What nobody said and was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// The rules at work; those of each hook stand with it.
    pub trace: Vec<Step>,
    /// Where the documentation says otherwise.
    pub notes: Vec<&'static DocNote>,
    /// Where the picture ends.
    pub end: Millis,
    /// Whether the release's behaviour is not verified (the doubled grace of v1.22 to v1.27).
    pub unverified: bool,
}

impl Timeline {
    /// What `kubectl get pods` shows at `at`.
    #[must_use]
    pub fn state_at(&self, at: Millis) -> Option<&Shown> {
        self.states.iter().rev().find(|state| state.at <= at)?.shown.as_ref()
    }

    /// The table that `kubectl get pods` prints at `at`; `None` once the pod's object is gone.
    #[must_use]
    pub fn get_pods_at(&self, name: &str, at: Millis) -> Option<String> {
        let shown = self.state_at(at)?;
        Some(get_pods(&[PodRow {
            name: name.to_owned(),
            ready: shown.ready.clone(),
            status: shown.status.clone(),
            restarts: shown.restarts.clone(),
            age: to_duration(at),
        }]))
    }

    /// The table of events that `kubectl describe pod` prints at `at`, or would print if the pod were still there.
    #[must_use]
    pub fn describe_events_at(&self, at: Millis) -> String {
        let bound = self.scheduled.as_ref().map(|(at, message)| bound(*at, message));
        describe_simulated(&self.events, bound.as_ref(), to_duration(at), self.release)
    }

    /// The events up to `at` that nobody can read, because the kubelet sends only so many about one pod.
    #[must_use]
    pub fn held_back_at(&self, at: Millis) -> Vec<&Event> {
        let mut recorder = EventRecorder::new(self.release);
        let sent = self.events.iter().take_while(|event| event.at <= to_duration(at));
        sent.filter(|event| recorder.record(event) == Recorded::Dropped).collect()
    }
}

/// A moment of the picture as a length of time.
#[must_use]
pub fn to_duration(at: Millis) -> Duration {
    Duration::from_millis(i64::try_from(at).unwrap_or(i64::MAX))
}

/// A length of time in whole milliseconds; none for a negative one.
#[must_use]
pub const fn to_millis(length: Duration) -> Millis {
    let millis = length.nanos() / 1_000_000;
    if millis < 0 { 0 } else { millis.unsigned_abs() }
}

/// Simulates the pod's life.
#[must_use]
pub fn timeline(setting: &Setting<'_>) -> Timeline {
    let mut diagnostics = Vec::new();
    let cast = cast::Cast::read(setting, &mut diagnostics);
    let mut begun = start::start(&cast);
    begun.end(&cast);
    let finished = stop::stop(&cast, &begun, setting.life, &mut diagnostics);

    let mut events: Vec<Event> = begun.events.iter().chain(&finished.events).cloned().collect();
    events.sort_by_key(|event| event.at);
    let last_event = events.last().map_or(0, |event| to_millis(event.at));
    let end = finished.ended.max(begun.settled).max(last_event);
    let sentences = sentences::sentences(&cast, &begun, &finished);
    let (verdict, fix, edit) = sentences::verdict(&cast, &begun, &finished, &sentences);
    let mut trace = begun.trace.clone();
    trace.extend(finished.trace.iter().cloned());
    Timeline {
        release: setting.cluster.release,
        lanes: lanes::lanes(&cast, &begun, &finished, end),
        ends_at: finished.at,
        grace: finished.grace,
        moments: lanes::moments(&cast, &begun, &finished),
        scheduled: None,
        states: status::states(&cast, &begun, &finished),
        hooks: hooks::reports(&cast, &begun, &finished),
        held: None,
        simulated: verdict.clone(),
        verdict,
        fix,
        edit,
        sentences,
        diagnostics,
        assumptions: cast.assumptions(&begun, &finished),
        trace,
        notes: notes::notes(&cast, &begun, &finished),
        end,
        unverified: finished.unverified,
        events,
    }
}

#[cfg(test)]
mod tests;
