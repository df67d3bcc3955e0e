//! A pod's life as data for a picture: what each container does when, from the sandbox to the last process.
//!
//! A simulation in whole milliseconds over the rules of the other modules. Whatever only a cluster knows (how long a
//! process or a hook takes, whether a hook fails) comes in as [`Durations`]; the time that the kubelet itself needs
//! between two steps is taken as none.

mod cast;
mod lanes;
mod sentences;
mod start;
mod status;
mod stop;

use super::pod_termination::Kind;
use super::{Event, Millis};
use crate::api::Pod;
use crate::release::Cluster;
use crate::trace::Step;
use podwhy_source::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;

/// The longest duration that is drawn: a week.
pub const LONGEST: Millis = 7 * 24 * 3_600 * super::SECOND;

/// How one container behaves, in milliseconds. Anything below 0 or above [`LONGEST`] is reported and clamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerDurations {
    /// From the start of the process until it can do its work; for an init container, how long it runs.
    pub start: i64,
    /// How long the postStart hook takes. A sleep hook takes what is written, a tcpSocket hook no time.
    pub post_start: i64,
    /// How long the preStop hook takes.
    pub pre_stop: i64,
    /// How long the process needs after TERM.
    pub stop: i64,
    /// Whether the postStart hook fails at its end: the command with code 1, the request because nobody listens.
    pub post_start_fails: bool,
    /// Whether the preStop hook fails at its end.
    pub pre_stop_fails: bool,
}

impl Default for ContainerDurations {
    fn default() -> Self {
        Self {
            start: 2_000,
            post_start: 1_000,
            pre_stop: 5_000,
            stop: 1_000,
            post_start_fails: false,
            pre_stop_fails: false,
        }
    }
}

/// How long everything takes, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durations {
    /// How long the sandbox takes to make.
    pub sandbox: i64,
    /// How long the pod lives after it has become ready, before what ends it.
    pub live: i64,
    /// The containers by name; one that is missing behaves as [`ContainerDurations::default`].
    pub containers: BTreeMap<String, ContainerDurations>,
}

impl Default for Durations {
    fn default() -> Self {
        Self { sandbox: 1_000, live: 10_000, containers: BTreeMap::new() }
    }
}

/// What ends the pod, or one of its containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Nothing: only the start is of interest.
    Never,
    /// The pod is deleted.
    #[default]
    Deletion,
    /// The pod is deleted with this `--grace-period`.
    DeletionWithin(i64),
    /// The kubelet evicts the pod and asks for this grace, in seconds.
    Eviction(i64),
    /// The liveness probe of the container of this name fails.
    LivenessProbe(String),
    /// The startup probe of the container of this name fails.
    StartupProbe(String),
    /// The definition of the container of this name changes.
    DefinitionChanged(String),
}

/// What is to be simulated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// How long everything takes.
    pub durations: Durations,
    /// What ends it.
    pub end: End,
    /// The kubelet restarts so many milliseconds after the end has begun: hooks are delivered again.
    pub kubelet_restart: Option<i64>,
    /// The pod's address.
    pub pod_ip: String,
    /// The pod's UID, as it stands in messages.
    pub pod_uid: String,
}

/// What a container does during a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It waits for its turn to start.
    Waiting,
    /// Its process runs and is not ready yet.
    Starting,
    /// An init container does its work.
    Initializing,
    /// Its process runs and is ready.
    Ready,
    /// Its postStart hook runs, beside the process.
    PostStart,
    /// Its preStop hook runs, beside the process.
    PreStop,
    /// A sidecar waits until it may stop.
    AwaitingTurn,
    /// Its process has its signal and ends.
    Stopping,
    /// It waits to be started again.
    BackOff,
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

/// One container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lane {
    /// Its name.
    pub container: String,
    /// Where it belongs.
    pub kind: Kind,
    /// What it does, by start; hooks overlap the process.
    pub segments: Vec<Segment>,
    /// Its grace, once it is stopped.
    pub grace: Option<Band>,
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
    /// The STATUS column; `None` once the pod's object is gone.
    pub status: Option<String>,
    /// The phase.
    pub phase: Option<&'static str>,
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
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// The containers in the order of the spec: init containers, then the others.
    pub lanes: Vec<Lane>,
    /// The grace of the whole pod, or of the one container that ends.
    pub grace: Option<Band>,
    /// The moments, in order.
    pub moments: Vec<Moment>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// What kubectl shows, in order.
    pub states: Vec<PodState>,
    /// What happens and why.
    pub sentences: Vec<Sentence>,
    /// Durations that make no sense, and what the release does not know.
    pub diagnostics: Vec<Diagnostic>,
    /// The rules at work.
    pub trace: Vec<Step>,
    /// Where the picture ends.
    pub end: Millis,
    /// Whether the release's behaviour is not verified (the doubled grace of v1.22 to v1.27).
    pub unverified: bool,
}

/// Simulates the pod's life.
#[must_use]
pub fn timeline(pod: &Pod, scenario: &Scenario, cluster: &Cluster) -> Timeline {
    let mut clamp = cast::Clamp::default();
    let cast = cast::read(pod, scenario, cluster, &mut clamp);
    let begun = start::start(&cast, cluster);
    let stopped = stop::stop(&cast, &begun, scenario, cluster, &mut clamp);

    let mut events = begun.events.clone();
    events.extend(stopped.events.iter().cloned());
    events.sort_by_key(|event| event.at);
    let end = stopped.ended.max(begun.settled).max(events.last().map_or(0, |event| event.at));
    let mut trace = begun.trace.clone();
    trace.extend(stopped.trace.iter().cloned());
    Timeline {
        lanes: lanes::lanes(&cast, &begun, &stopped, end),
        grace: stopped.grace,
        moments: lanes::moments(&cast, &begun, &stopped),
        states: status::states(&cast, &begun, &stopped),
        sentences: sentences::sentences(&cast, &begun, &stopped, &scenario.end),
        diagnostics: clamp.diagnostics,
        trace,
        end,
        unverified: stopped.unverified,
        events,
    }
}

#[cfg(test)]
mod tests;
