//! The first half of the picture: everything starts, one after another.

use super::cast::{Actor, Cast};
use crate::feature::Feature;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::post_start::{Started, Starting, start as start_container};
use crate::lifecycle::start_order::RestartPolicy;
use crate::lifecycle::{Event, EventType, Millis, SECOND, holds, words};
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Mark, Step};

/// So many starts of a container whose hook always fails are shown.
const SHOWN_STARTS: usize = 4;

/// One start of a container.
pub(super) struct Attempt {
    pub at: Millis,
    pub started: Started,
    /// When it is ready; `None` if its hook failed.
    pub ready: Option<Millis>,
    /// When its process ended: an init container's work, or the kill after a failed hook.
    pub ended: Option<Millis>,
}

/// How the pod started.
pub(super) struct Begun {
    /// For each actor its starts; none if its turn never came.
    pub runs: Vec<Vec<Attempt>>,
    /// When initialization was over; `None` if it never was.
    pub initialized: Option<Millis>,
    /// When the sync that starts the application's containers was over, so that their state is reported.
    pub reported: Option<Millis>,
    /// When nothing changes any more.
    pub settled: Millis,
    pub events: Vec<Event>,
    pub trace: Vec<Step>,
}

/// Starts sandbox, init containers and containers: SyncPod of kuberuntime_manager.go.
pub(super) fn start(cast: &Cast<'_>, cluster: &Cluster) -> Begun {
    let mut begun = Begun {
        runs: cast.actors.iter().map(|_| Vec::new()).collect(),
        initialized: None,
        reported: None,
        settled: cast.sandbox,
        events: Vec::new(),
        trace: vec![Step::new(
            &rules::SANDBOX_FIRST,
            Mark::Note,
            format!("The sandbox takes {}.", words(cast.sandbox)),
        )],
    };
    let mut now = cast.sandbox;
    for (at, actor) in cast.actors.iter().enumerate().filter(|(_, actor)| actor.kind != Kind::Main) {
        match init_container(&mut begun, cast, at, actor, now, cluster) {
            Some(next) => now = next,
            None => return begun,
        }
    }
    begun.initialized = Some(now);
    let mains = || cast.actors.iter().enumerate().filter(|(_, actor)| actor.kind == Kind::Main);
    for (at, actor) in mains() {
        let attempt = attempt(&mut begun, cast, actor, now, cluster);
        now = attempt.started.returned;
        push(&mut begun, at, attempt);
    }
    begun.reported = Some(now);
    for (at, actor) in mains() {
        if let Some(attempt) = begun.runs.get_mut(at).and_then(|run| run.last_mut()) {
            // Nothing is reported, and so nothing gets traffic, before the sync is over.
            attempt.ready = attempt.ready.map(|ready| ready.max(now));
        }
        restarts(&mut begun, cast, at, actor, now, cluster);
    }
    let settled = |attempt: &Attempt| attempt.ready.or(attempt.ended).unwrap_or(attempt.at);
    let last = begun.runs.iter().flatten().map(settled).max().unwrap_or(now);
    begun.settled = last.max(now);
    begun
}

/// Starts one init container. When the next one may start; `None` if never.
fn init_container(
    begun: &mut Begun,
    cast: &Cast<'_>,
    at: usize,
    actor: &Actor<'_>,
    now: Millis,
    cluster: &Cluster,
) -> Option<Millis> {
    let mut first = attempt(begun, cast, actor, now, cluster);
    if actor.kind == Kind::Init {
        let ended = now.saturating_add(actor.start);
        let finding =
            format!("Init container `{}` runs for {}; the next one waits for its end.", actor.name, words(actor.start));
        begun.trace.push(Step::new(&rules::INIT_ONE_BY_ONE, Mark::Note, finding));
        first.ended = Some(ended);
        first.ready = None;
        push(begun, at, first);
        begun.settled = ended;
        return Some(ended);
    }
    push(begun, at, first);
    restarts(begun, cast, at, actor, now, cluster);
    let last = begun.runs.get(at).and_then(|run| run.last())?;
    begun.settled = last.ready.or(last.ended).unwrap_or(last.at);
    let ready = last.ready?;
    let next = if actor.startup_probe { ready } else { last.started.returned };
    let finding = if actor.startup_probe {
        format!("The next one starts when the startup probe of the sidecar `{}` has succeeded.", actor.name)
    } else {
        format!(
            "The next one starts as soon as the sidecar `{}` has started; nobody asks whether it is ready.",
            actor.name
        )
    };
    begun.trace.push(Step::new(&rules::INIT_ONE_BY_ONE, Mark::Note, finding));
    Some(next)
}

fn push(begun: &mut Begun, at: usize, attempt: Attempt) {
    if let Some(run) = begun.runs.get_mut(at) {
        run.push(attempt);
    }
}

/// One start, with its events and steps.
fn attempt(begun: &mut Begun, cast: &Cast<'_>, actor: &Actor<'_>, at: Millis, cluster: &Cluster) -> Attempt {
    let starting = Starting {
        name: actor.name,
        post_start: actor.post_start.as_ref().map(|acted| &acted.hook),
        graces: cast.graces,
        pre_stop: actor.pre_stop.as_ref().map(|acted| &acted.hook),
        stop_takes: actor.stop,
        signal: actor.signal,
        at,
    };
    let decision = start_container(&starting, cluster);
    begun.trace.extend(actor.post_start.iter().flat_map(|acted| acted.trace.iter().cloned()));
    begun.trace.extend(decision.trace);
    let started = decision.outcome;
    begun.events.extend(started.events.iter().cloned());
    let ended = started.stopped.as_ref().map(|stopped| stopped.ended);
    let ready = Some(at.saturating_add(actor.start).max(started.returned)).filter(|_| ended.is_none());
    Attempt { at, started, ready, ended }
}

/// Starts a container again and again whose hook failed; `not_before` is when the sync that found it was over.
fn restarts(begun: &mut Begun, cast: &Cast<'_>, at: usize, actor: &Actor<'_>, not_before: Millis, cluster: &Cluster) {
    let policy = if actor.kind == Kind::Sidecar { RestartPolicy::Always } else { cast.restart_policy };
    if policy == RestartPolicy::Never {
        return;
    }
    for number in 1..SHOWN_STARTS {
        let Some(ended) = begun.runs.get(at).and_then(|run| run.last()).and_then(|attempt| attempt.ended) else {
            return;
        };
        let wait = back_off(number, cluster);
        if wait > 0 {
            let tail = if holds(&rules::BACK_OFF_EVENT_NAMES, cluster) {
                format!(" {} in pod {}", actor.name, cast.pod_words)
            } else {
                String::new()
            };
            let message = format!("Back-off restarting failed container{tail}");
            begun.events.push(Event::new(ended, EventType::Warning, "BackOff", message, actor.name));
        }
        let finding = format!("`{}` is started again {} after its end.", actor.name, words(wait));
        begun.trace.push(Step::new(&rules::RESTART_BACK_OFF, Mark::Note, finding));
        let again = attempt(begun, cast, actor, ended.saturating_add(wait).max(not_before), cluster);
        push(begun, at, again);
    }
}

/// How long the restart of this number waits, counted from 1.
fn back_off(number: usize, cluster: &Cluster) -> Millis {
    let fast = cluster.has(Feature::ReduceDefaultCrashLoopBackOffDecay);
    let (first, most) = if fast { (SECOND, 60 * SECOND) } else { (10 * SECOND, 300 * SECOND) };
    match number.checked_sub(2).and_then(|doublings| u32::try_from(doublings).ok()) {
        None => 0,
        Some(doublings) => 2_u64.checked_pow(doublings).map_or(most, |factor| first.saturating_mul(factor).min(most)),
    }
}
