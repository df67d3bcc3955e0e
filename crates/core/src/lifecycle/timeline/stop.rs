//! The second half of the picture: the pod, or one container, is stopped.

use super::cast::{Actor, Cast, Clamp, grace_end};
use super::start::Begun;
use super::{Band, End, Scenario};
use crate::lifecycle::grace::{Graces, KillReason};
use crate::lifecycle::pod_termination::{Ending, Kind, Member, kill_pod};
use crate::lifecycle::post_start::{Started, Starting, start as start_container};
use crate::lifecycle::start_order::RestartPolicy;
use crate::lifecycle::termination::{Killing, Stopped, kill};
use crate::lifecycle::{Event, Millis, words};
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Mark, Step};
use podwhy_source::Diagnostic;

/// How the end went.
#[derive(Default)]
pub(super) struct Finished {
    /// When it began; `None` if nothing ends.
    pub at: Option<Millis>,
    /// Why.
    pub reason: Option<KillReason>,
    /// For each actor every time that it was stopped: twice after a restart of the kubelet.
    pub stops: Vec<Vec<Stopped>>,
    /// The start of a container that was stopped alone, with the moment that it is ready.
    pub again: Option<(usize, Started, Millis)>,
    /// When the kubelet restarted.
    pub kubelet_restart: Option<Millis>,
    pub grace: Option<Band>,
    pub ended: Millis,
    pub unverified: bool,
    pub events: Vec<Event>,
    pub trace: Vec<Step>,
}

/// Whether the actor's process runs when the end begins.
fn runs(begun: &Begun, at: usize) -> bool {
    begun.runs.get(at).and_then(|run| run.last()).is_some_and(|attempt| attempt.ended.is_none())
}

/// Ends the pod or the container as the scenario says, after it has lived for a while.
pub(super) fn stop(
    cast: &Cast<'_>,
    begun: &Begun,
    scenario: &Scenario,
    cluster: &Cluster,
    clamp: &mut Clamp,
) -> Finished {
    let mut finished = Finished {
        stops: cast.actors.iter().map(|_| Vec::new()).collect(),
        ended: begun.settled,
        ..Finished::default()
    };
    let at = begun.settled.saturating_add(cast.live);
    let pod_grace = cast.graces.pod;
    match &scenario.end {
        End::Never => {}
        End::Deletion => {
            let graces = Graces { deletion: pod_grace, ..cast.graces };
            stop_pod(&mut finished, cast, begun, (KillReason::Deletion, graces, at), scenario, cluster, clamp);
        }
        End::DeletionWithin(seconds) => {
            let graces = Graces { deletion: Some(*seconds), ..cast.graces };
            stop_pod(&mut finished, cast, begun, (KillReason::Deletion, graces, at), scenario, cluster, clamp);
        }
        End::Eviction(seconds) => {
            let graces = Graces { grace_override: Some(*seconds), ..cast.graces };
            stop_pod(&mut finished, cast, begun, (KillReason::Eviction, graces, at), scenario, cluster, clamp);
        }
        End::LivenessProbe(name) => {
            stop_one(&mut finished, cast, begun, (KillReason::LivenessProbe, name, at), cluster)
        }
        End::StartupProbe(name) => stop_one(&mut finished, cast, begun, (KillReason::StartupProbe, name, at), cluster),
        End::DefinitionChanged(name) => {
            stop_one(&mut finished, cast, begun, (KillReason::DefinitionChanged, name, at), cluster);
        }
    }
    if finished.at.is_none() && scenario.end != End::Never {
        let message = "No container of this name runs, so nothing is stopped.";
        clamp.diagnostics.push(Diagnostic::error("no-such-container", message, None).at_path("end"));
    }
    let used = finished.stops.iter().enumerate().filter(|(_, stops)| !stops.is_empty());
    let hooks = used.filter_map(|(at, _)| cast.actors.get(at)).flat_map(|actor| &actor.pre_stop);
    let mut trace: Vec<Step> = hooks.flat_map(|acted| acted.trace.iter().cloned()).collect();
    trace.append(&mut finished.trace);
    finished.trace = trace;
    finished
}

fn stop_pod(
    finished: &mut Finished,
    cast: &Cast<'_>,
    begun: &Begun,
    (reason, graces, at): (KillReason, Graces, Millis),
    scenario: &Scenario,
    cluster: &Cluster,
    clamp: &mut Clamp,
) {
    let member = |(at, actor): (usize, &Actor<'_>)| member(cast, at, actor.kind, runs(begun, at));
    let members: Vec<Member<'_>> = cast.actors.iter().enumerate().filter_map(member).collect();
    let killed = kill_pod(&Ending { reason, graces, members: &members, at }, cluster);
    finished.at = Some(at);
    finished.reason = Some(reason);
    finished.trace = killed.trace;
    finished.ended = killed.outcome.ended;
    let mut stops = killed.outcome.containers;

    let restart = scenario.kubelet_restart.map(|offset| clamp.duration(offset, "kubelet_restart"));
    let restart = restart.map(|offset| at.saturating_add(offset)).filter(|restart| *restart < finished.ended);
    if let Some(restart) = restart {
        let again = stop_again(&members, &mut stops, (reason, graces, restart), cluster);
        let finding =
            format!("The kubelet restarts {} after the end began and remembers no hook.", words(restart - at));
        finished.trace.push(Step::new(&rules::HOOK_AT_LEAST_ONCE, Mark::Note, finding));
        finished.trace.extend(again.1);
        finished.kubelet_restart = Some(restart);
        finished.ended = stops.iter().chain(&again.0).flatten().map(|stopped| stopped.ended).max().unwrap_or(at);
        collect(finished, stops);
        collect(finished, again.0);
    } else {
        collect(finished, stops);
    }
    let first = finished.stops.iter().flatten().next();
    finished.unverified = first.is_some_and(|stopped| stopped.grace.unverified);
    finished.grace = finished.stops.iter().flatten().map(band).max_by_key(|band| band.end);
}

fn member<'a>(cast: &'a Cast<'_>, at: usize, kind: Kind, running: bool) -> Option<Member<'a>> {
    let actor = cast.actors.get(at)?;
    Some(Member {
        name: actor.name,
        kind,
        running,
        pre_stop: actor.pre_stop.as_ref().map(|acted| &acted.hook),
        stop_takes: actor.stop,
        signal: actor.signal,
        ends_at: None,
    })
}

/// After its restart the kubelet stops whatever still runs from the beginning. What it did before is cut off there; a
/// process that has its signal already goes on to its end.
fn stop_again(
    members: &[Member<'_>],
    stops: &mut [Option<Stopped>],
    (reason, graces, restart): (KillReason, Graces, Millis),
    cluster: &Cluster,
) -> (Vec<Option<Stopped>>, Vec<Step>) {
    let mut left = members.to_vec();
    for (member, stop) in left.iter_mut().zip(stops.iter_mut()) {
        member.running = stop.as_ref().is_some_and(|stop| stop.ended > restart);
        let Some(stop) = stop.as_mut().filter(|stop| stop.ended > restart) else { continue };
        let term = stop.term_sent.filter(|term| *term <= restart);
        member.ends_at = term.map(|term| term.saturating_add(member.stop_takes));
        stop.cut_at(restart);
    }
    let killed = kill_pod(&Ending { reason, graces, members: &left, at: restart }, cluster);
    (killed.outcome.containers, killed.trace)
}

fn collect(finished: &mut Finished, stops: Vec<Option<Stopped>>) {
    for (list, stop) in finished.stops.iter_mut().zip(stops) {
        finished.events.extend(stop.iter().flat_map(|stop| stop.events.iter().cloned()));
        list.extend(stop);
    }
}

/// The grace on the time axis: what the hook may use, and where the release adds it, what comes after the hook.
pub(super) fn band(stopped: &Stopped) -> Band {
    let end = match stopped.grace.replaced_by {
        Some(seconds) => grace_end(stopped.stop_called, seconds),
        None => grace_end(stopped.started, stopped.grace.seconds),
    };
    Band { start: stopped.started, end }
}

fn stop_one(
    finished: &mut Finished,
    cast: &Cast<'_>,
    begun: &Begun,
    (reason, name, at): (KillReason, &str, Millis),
    cluster: &Cluster,
) {
    let found = cast.actors.iter().enumerate().find(|(at, actor)| actor.name == name && runs(begun, *at));
    let Some((index, actor)) = found else { return };
    let probe = match reason {
        KillReason::LivenessProbe => actor.liveness_grace,
        KillReason::StartupProbe => actor.startup_grace,
        _ => None,
    };
    let sidecar = actor.kind == Kind::Sidecar;
    let restarts = sidecar || reason == KillReason::DefinitionChanged || cast.restart_policy != RestartPolicy::Never;
    let killing = Killing {
        name: actor.name,
        reason,
        message: match sidecar {
            true => reason.message("Init container", actor.name, false),
            false => reason.message("Container", actor.name, restarts),
        },
        graces: Graces { probe, ..cast.graces },
        pre_stop: actor.pre_stop.as_ref().map(|acted| &acted.hook),
        stop_takes: actor.stop,
        signal: actor.signal,
        at,
    };
    let killed = kill(&killing, cluster);
    finished.at = Some(at);
    finished.reason = Some(reason);
    finished.trace = killed.trace;
    finished.events.clone_from(&killed.outcome.events);
    finished.grace = Some(band(&killed.outcome));
    finished.ended = killed.outcome.ended;
    if restarts {
        start_again(finished, cast, (index, actor), killed.outcome.ended, cluster);
    }
    if let Some(stops) = finished.stops.get_mut(index) {
        stops.push(killed.outcome);
    }
}

/// The container starts anew in the same sync that stopped it; the first restart waits for nothing.
fn start_again(
    finished: &mut Finished,
    cast: &Cast<'_>,
    (index, actor): (usize, &Actor<'_>),
    at: Millis,
    cluster: &Cluster,
) {
    let starting = Starting {
        name: actor.name,
        post_start: actor.post_start.as_ref().map(|acted| &acted.hook),
        graces: cast.graces,
        pre_stop: actor.pre_stop.as_ref().map(|acted| &acted.hook),
        stop_takes: actor.stop,
        signal: actor.signal,
        at,
    };
    let started = start_container(&starting, cluster);
    finished.trace.extend(started.trace);
    finished.events.extend(started.outcome.events.iter().cloned());
    let ready = at.saturating_add(actor.start).max(started.outcome.returned);
    finished.ended = if started.outcome.stopped.is_some() { started.outcome.returned } else { ready };
    finished.again = Some((index, started.outcome, ready));
}
