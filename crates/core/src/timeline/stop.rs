//! The second half of the picture: the pod, or one container, is stopped.

use super::Band;
use super::cast::{Actor, Cast, grace_end};
use super::start::{Begun, Exit, fallback_event, image, starting};
use crate::events::{Event, EventType};
use crate::lifecycle::grace::{Graces, KillReason, hard_eviction_seconds};
use crate::lifecycle::pod_termination::{Ending, Kind, Member, kill_pod};
use crate::lifecycle::post_start::{Started, start as start_container};
use crate::lifecycle::start_order::RestartPolicy;
use crate::lifecycle::termination::{Killing, PreStop, Stopped, kill};
use crate::lifecycle::{Millis, words};
use crate::rule::lifecycle as rules;
use crate::scenario::life::{Cause, PodLife};
use crate::trace::{Mark, Step};
use podwhy_source::Diagnostic;

/// How the end went.
#[derive(Default)]
pub(super) struct Finished {
    /// When it began; `None` if nothing ends.
    pub at: Option<Millis>,
    /// When the kubelet begins to stop what runs: later than `at` where it was busy with the pod's start.
    pub stops_at: Option<Millis>,
    /// Why the kubelet stops something.
    pub reason: Option<KillReason>,
    /// The object went away at once, before any container was stopped.
    pub forced: bool,
    /// For each actor every time that it was stopped: twice after a restart of the kubelet.
    pub stops: Vec<Vec<Stopped>>,
    /// The one container that ended, and how.
    pub alone: Option<Alone>,
    /// When the kubelet restarted.
    pub kubelet_restart: Option<Millis>,
    pub grace: Option<Band>,
    pub ended: Millis,
    pub unverified: bool,
    pub events: Vec<Event>,
    pub trace: Vec<Step>,
}

/// One container that ended while the pod went on.
pub(super) struct Alone {
    /// Which actor.
    pub index: usize,
    /// When its process was gone, and how.
    pub ended: (Millis, Exit),
    /// Its next start.
    pub again: Option<Again>,
}

/// The start of a container that was stopped alone, or ended by itself.
pub(super) struct Again {
    /// When its process started.
    pub at: Millis,
    pub started: Started,
    /// When it is ready; `None` if it never is.
    pub ready: Option<Millis>,
}

/// Whether the actor's process runs when the end begins.
fn runs(begun: &Begun, at: usize) -> bool {
    begun.runs.get(at).and_then(|run| run.last()).is_some_and(|attempt| attempt.ended.is_none())
}

/// Ends the pod or the container as the life says, after it has lived for a while.
pub(super) fn stop(cast: &Cast<'_>, begun: &Begun, life: &PodLife, diagnostics: &mut Vec<Diagnostic>) -> Finished {
    let mut finished = Finished {
        stops: cast.actors.iter().map(|_| Vec::new()).collect(),
        ended: begun.settled,
        ..Finished::default()
    };
    let at = match (begun.interrupted, cast.ends_at) {
        (Some(_), _) => begun.settled,
        (None, Some(asked)) => asked,
        (None, None) => begun.settled.saturating_add(cast.lives_for),
    };
    let end = life.end.unwrap_or_default();
    match end {
        Cause::Never => {}
        Cause::Deletion => delete(&mut finished, cast, begun, at),
        Cause::Eviction => evict(&mut finished, cast, begun, at),
        Cause::Exit => exit(&mut finished, cast, begun, at),
        Cause::LivenessProbe => stop_one(&mut finished, cast, begun, (KillReason::LivenessProbe, at)),
        Cause::StartupProbe => stop_one(&mut finished, cast, begun, (KillReason::StartupProbe, at)),
        Cause::DefinitionChanged => stop_one(&mut finished, cast, begun, (KillReason::DefinitionChanged, at)),
    }
    if finished.at.is_none() && end.of_one_container() && cast.target.is_some() {
        let message = "The container does not run, so nothing is stopped.";
        diagnostics.push(Diagnostic::error("no-such-container", message, None).at_path("end"));
    }
    finished
}

fn delete(finished: &mut Finished, cast: &Cast<'_>, begun: &Begun, at: Millis) {
    let asked = cast.life.grace_period;
    // What kubectl refuses, it does not send: then --force is left aside.
    let force = cast.life.force && asked.is_none_or(|seconds| seconds == 0);
    let seconds = match (asked, force) {
        (_, true) => Some(0),
        (Some(0), false) => Some(1),
        (asked, false) => asked,
    };
    if force || asked == Some(0) {
        let finding = if force {
            "The object is removed at once; the node stops the containers after that."
        } else {
            "kubectl asks for 1 s: without --force it does not send 0."
        };
        finished.trace.push(Step::new(&rules::KUBECTL_FORCE, Mark::Note, finding));
    }
    finished.forced = force;
    let graces = Graces { deletion: seconds.or(cast.graces.pod), ..cast.graces };
    stop_pod(finished, cast, begun, (KillReason::Deletion, graces, at));
}

fn evict(finished: &mut Finished, cast: &Cast<'_>, begun: &Begun, at: Millis) {
    let seconds = cast.life.grace_period.unwrap_or_else(|| hard_eviction_seconds(cast.cluster));
    if cast.life.grace_period.is_none() {
        let finding = format!("The node is beyond a hard threshold: the kubelet asks for {seconds} s.");
        finished.trace.push(Step::new(&rules::HARD_EVICTION_ONE_SECOND, Mark::Note, finding));
    }
    let kept = rules::EVICTED_WHEN_ENDED.holds_in(cast.cluster.release);
    let finding = match kept {
        true => "The pod keeps its phase until its containers have ended; then it is Failed, with reason Evicted.",
        false => "The pod is Failed, with reason Evicted, before its containers have ended.",
    };
    finished.trace.push(Step::new(&rules::EVICTED_WHEN_ENDED, Mark::Note, finding));
    // Which resource and how much of it is something that only the node knows.
    let message = "The node was low on resource: memory. ".to_owned();
    finished.events.push(cast.event(begun.interrupted.unwrap_or(at), EventType::Warning, "Evicted", message, None));
    let graces = Graces { grace_override: Some(seconds), ..cast.graces };
    stop_pod(finished, cast, begun, (KillReason::Eviction, graces, at));
}

fn stop_pod(
    finished: &mut Finished,
    cast: &Cast<'_>,
    begun: &Begun,
    (reason, graces, at): (KillReason, Graces, Millis),
) {
    let member = |(index, actor): (usize, &Actor<'_>)| member(cast, index, actor.kind, runs(begun, index));
    let members: Vec<Member<'_>> = cast.actors.iter().enumerate().filter_map(member).collect();
    let killed = kill_pod(&Ending { reason, graces, members: &members, at }, cast.cluster);
    finished.at = Some(begun.interrupted.unwrap_or(at));
    finished.stops_at = Some(at);
    finished.reason = Some(reason);
    if let Some(asked) = begun.interrupted.filter(|asked| *asked < at) {
        let finding = format!(
            "The kubelet is busy with the pod's start for {} more, and stops nothing before that.",
            words(at - asked)
        );
        finished.trace.push(Step::new(&rules::END_WAITS_FOR_START, Mark::No, finding));
    }
    finished.trace.extend(killed.trace);
    finished.ended = killed.outcome.ended;
    let mut stops = killed.outcome.containers;
    let restart = cast.life.kubelet_restart.map(super::to_millis).map(|offset| at.saturating_add(offset));
    if let Some(restart) = restart.filter(|restart| *restart < finished.ended) {
        let finding = "The restarted kubelet stops everything that still runs once more, from the beginning.";
        finished.trace.push(Step::new(&rules::HOOK_AT_LEAST_ONCE, Mark::Note, finding));
        let again = stop_again(&members, &mut stops, (reason, graces, restart), cast);
        finished.trace.extend(again.1);
        finished.kubelet_restart = Some(restart);
        finished.ended = stops.iter().chain(&again.0).flatten().map(|stopped| stopped.ended).max().unwrap_or(at);
        collect(finished, cast, stops);
        collect(finished, cast, again.0);
    } else {
        collect(finished, cast, stops);
    }
    let first = finished.stops.iter().flatten().next();
    finished.unverified = first.is_some_and(|stopped| stopped.grace.unverified);
    finished.grace = finished.stops.iter().flatten().map(band).max_by_key(|band| band.end);
}

fn member<'a>(cast: &'a Cast<'_>, at: usize, kind: Kind, running: bool) -> Option<Member<'a>> {
    let actor = cast.actors.get(at)?;
    Some(Member { process: actor.process(), kind, running, ends_at: None })
}

/// After its restart the kubelet stops whatever still runs from the beginning. What it did before is cut off there; a
/// process that has its signal already goes on to its end.
fn stop_again(
    members: &[Member<'_>],
    stops: &mut [Option<Stopped>],
    (reason, graces, restart): (KillReason, Graces, Millis),
    cast: &Cast<'_>,
) -> (Vec<Option<Stopped>>, Vec<Step>) {
    let mut left = members.to_vec();
    for (member, stop) in left.iter_mut().zip(stops.iter_mut()) {
        member.running = stop.as_ref().is_some_and(|stop| stop.ended > restart);
        let Some(stop) = stop.as_mut().filter(|stop| stop.ended > restart) else { continue };
        let term = stop.term_sent.filter(|term| *term <= restart);
        member.ends_at = term.map(|term| term.saturating_add(member.process.stop_takes));
        stop.cut_at(restart);
    }
    let killed = kill_pod(&Ending { reason, graces, members: &left, at: restart }, cast.cluster);
    (killed.outcome.containers, killed.trace)
}

fn collect(finished: &mut Finished, cast: &Cast<'_>, stops: Vec<Option<Stopped>>) {
    for ((list, stop), actor) in finished.stops.iter_mut().zip(stops).zip(&cast.actors) {
        finished.events.extend(stop.iter().flat_map(|stop| cast.events(&stop.events, actor)));
        finished.events.extend(stop.as_ref().and_then(|stop| fallback(cast, actor, stop)));
        list.extend(stop);
    }
}

/// The event about a preStop request that was sent again without TLS.
fn fallback(cast: &Cast<'_>, actor: &Actor<'_>, stop: &Stopped) -> Option<Event> {
    let PreStop::Ended { ended, .. } = stop.pre_stop else { return None };
    Some(fallback_event(cast, ended, actor.pre_stop.as_ref()?.fell_back()?))
}

/// The grace on the time axis: what the hook may use, and where the release adds it, what comes after the hook.
pub(super) fn band(stopped: &Stopped) -> Band {
    let end = match stopped.grace.replaced_by {
        Some(seconds) => grace_end(stopped.stop_called, seconds),
        None => grace_end(stopped.started, stopped.grace.seconds),
    };
    Band { start: stopped.started, end }
}

/// The container that the end is about, if its process runs then.
fn target<'c>(cast: &'c Cast<'_>, begun: &Begun) -> Option<(usize, &'c Actor<'c>)> {
    let index = cast.target.filter(|index| runs(begun, *index))?;
    Some((index, cast.actors.get(index)?))
}

fn stop_one(finished: &mut Finished, cast: &Cast<'_>, begun: &Begun, (reason, at): (KillReason, Millis)) {
    let Some((index, actor)) = target(cast, begun) else { return };
    let at = probe_failures(finished, cast, begun, (index, actor, at));
    let probe = match reason {
        KillReason::LivenessProbe => actor.liveness_grace,
        KillReason::StartupProbe => actor.startup_grace,
        _ => None,
    };
    let sidecar = actor.kind == Kind::Sidecar;
    let restarts = sidecar || reason == KillReason::DefinitionChanged || cast.policy(actor) != RestartPolicy::Never;
    let killing = Killing {
        process: actor.process(),
        graces: Graces { probe, ..cast.graces },
        reason,
        message: match sidecar {
            true => reason.message("Init container", actor.name, false),
            false => reason.message("Container", actor.name, restarts),
        },
        at,
    };
    let killed = kill(&killing, cast.cluster);
    finished.at = Some(at);
    finished.stops_at = Some(at);
    finished.reason = Some(reason);
    finished.trace.extend(killed.trace);
    finished.events.extend(cast.events(&killed.outcome.events, actor));
    finished.events.extend(fallback(cast, actor, &killed.outcome));
    finished.grace = Some(band(&killed.outcome));
    finished.ended = killed.outcome.ended;
    let ended = (killed.outcome.ended, Exit::of(&killed.outcome, actor));
    if let Some(stops) = finished.stops.get_mut(index) {
        stops.push(killed.outcome);
    }
    alone(finished, cast, begun, (index, ended, restarts));
}

/// The container's process ends by itself: nothing is asked of it, so there is no hook and no signal.
fn exit(finished: &mut Finished, cast: &Cast<'_>, begun: &Begun, at: Millis) {
    let Some((index, actor)) = target(cast, begun) else { return };
    let exit = Exit { code: actor.exit_code };
    let finding = format!("`{}` ends by itself with code {}: the kubelet has nothing to stop.", actor.name, exit.code);
    finished.trace.push(Step::new(&rules::PRE_STOP_NOT_ON_EXIT, Mark::Note, finding));
    finished.at = Some(at);
    finished.ended = at;
    let restarts = cast.restarts(actor, exit.code);
    alone(finished, cast, begun, (index, (at, exit), restarts));
}

/// The events of the probe that fails; gives when it has failed often enough.
fn probe_failures(
    finished: &mut Finished,
    cast: &Cast<'_>,
    begun: &Begun,
    (index, actor, at): (usize, &Actor<'_>, Millis),
) -> Millis {
    let end = cast.life.end.unwrap_or_default();
    if !matches!(end, Cause::LivenessProbe | Cause::StartupProbe) {
        return at;
    }
    let (delay, failures) = actor.probe_failures(end);
    let last = failures.last().copied().unwrap_or_default();
    let first = match end {
        // A startup probe is the first thing that happens to a container.
        Cause::StartupProbe => {
            let began = begun.runs.get(index).and_then(|run| run.last()).map_or(at, |attempt| attempt.at);
            began.saturating_add(delay)
        }
        _ => at.saturating_sub(last),
    };
    for failure in &failures {
        let failed = first.saturating_add(*failure);
        let message = actor.probe_message(end);
        finished.events.push(cast.event(failed, EventType::Warning, "Unhealthy", message, Some(actor)));
    }
    let finding = format!("The probe of `{}` has failed {} times in a row.", actor.name, failures.len());
    finished.trace.push(Step::new(&rules::PROBE_FAILURES, Mark::No, finding));
    first.saturating_add(last)
}

/// One container has ended: it starts anew in the same sync, or the pod goes on without it.
fn alone(
    finished: &mut Finished,
    cast: &Cast<'_>,
    begun: &Begun,
    (index, ended, restarts): (usize, (Millis, Exit), bool),
) {
    finished.alone = Some(Alone { index, ended, again: None });
    let Some(actor) = cast.actors.get(index) else { return };
    let verb = if restarts { "is started again" } else { "is not started again" };
    let finding = format!(
        "`{}` {verb} {} after the end began.",
        actor.name,
        words(ended.0.saturating_sub(finished.at.unwrap_or(ended.0)))
    );
    finished.trace.push(Step::new(&rules::RESTART_DECISION, Mark::Note, finding));
    if restarts {
        start_again(finished, cast, actor, ended.0);
    } else {
        stop_sidecars(finished, cast, begun, (index, ended.0));
    }
}

/// The first restart waits for nothing.
fn start_again(finished: &mut Finished, cast: &Cast<'_>, actor: &Actor<'_>, asked: Millis) {
    let (at, events) = image(cast, actor, asked, false);
    finished.events.extend(events);
    let started = start_container(&starting(cast, actor, at), cast.cluster);
    finished.trace.extend(started.trace);
    finished.events.extend(cast.events(&started.outcome.events, actor));
    let started = started.outcome;
    let ready = at.saturating_add(actor.start).max(started.returned);
    let ready = Some(ready).filter(|_| started.stopped.is_none() && !actor.startup_fails);
    finished.ended = ready.unwrap_or_else(|| started.returned.max(at.saturating_add(actor.start)));
    if let Some(alone) = &mut finished.alone {
        alone.again = Some(Again { at, started, ready });
    }
}

/// A pod with nothing left to run is stopped, and so are its sidecars.
fn stop_sidecars(finished: &mut Finished, cast: &Cast<'_>, begun: &Begun, (index, at): (usize, Millis)) {
    let left = |(other, actor): (usize, &Actor<'_>)| {
        let may_start = begun.runs.get(other).and_then(|run| run.last()).and_then(|attempt| attempt.ended);
        other != index
            && actor.kind == Kind::Main
            && (runs(begun, other) || may_start.is_some_and(|(_, exit)| cast.restarts(actor, exit.code)))
    };
    if cast.actors.iter().enumerate().any(left) {
        return;
    }
    let member = |(other, actor): (usize, &Actor<'_>)| {
        member(cast, other, actor.kind, actor.kind == Kind::Sidecar && runs(begun, other))
    };
    let members: Vec<Member<'_>> = cast.actors.iter().enumerate().filter_map(member).collect();
    if !members.iter().any(|member| member.running) {
        return;
    }
    finished.trace.push(Step::new(&rules::NOTHING_KEPT, Mark::Note, "Only sidecars are left, so they are stopped."));
    let ending = Ending { reason: KillReason::NothingLeft, graces: cast.graces, members: &members, at };
    let killed = kill_pod(&ending, cast.cluster);
    finished.trace.extend(killed.trace);
    finished.ended = killed.outcome.ended;
    collect(finished, cast, killed.outcome.containers);
}
