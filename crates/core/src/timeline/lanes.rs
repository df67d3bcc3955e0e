//! Segments, times that can be changed, and moments of the picture.

use super::cast::{ActedHook, Actor, Cast};
use super::start::{Attempt, Begun};
use super::stop::{Alone, Finished, band};
use super::{Knob, KnobKind, Lane, LaneKind, Moment, MomentKind, Segment, What};
use crate::lifecycle::Millis;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::termination::{PreStop, Stopped};

/// Collects segments and leaves out those that take no time.
#[derive(Default)]
struct Segments(Vec<Segment>);

impl Segments {
    fn add(&mut self, what: What, start: Millis, end: Millis) {
        if start < end {
            self.0.push(Segment { what, start, end });
        }
    }
}

pub(super) fn lanes(cast: &Cast<'_>, begun: &Begun, finished: &Finished, end: Millis) -> Vec<Lane> {
    let mut lanes = vec![sandbox(cast, finished, end)];
    for (volume, (began, ended)) in cast.volumes.iter().zip(&begun.volumes) {
        let mut segments = Segments::default();
        segments.add(What::Waiting, 0, *began);
        segments.add(What::Pulling, *began, *ended);
        segments.add(What::Up, *ended, gone(finished).unwrap_or(end));
        lanes.push(before(LaneKind::ImageVolume, volume.name.clone(), segments));
    }
    lanes.extend(cast.actors.iter().enumerate().map(|(at, actor)| lane(begun, finished, (at, actor), end)));
    lanes
}

/// When the pod's containers are gone for good.
fn gone(finished: &Finished) -> Option<Millis> {
    finished.reason.filter(|reason| reason.ends_pod()).map(|_| finished.ended)
}

fn sandbox(cast: &Cast<'_>, finished: &Finished, end: Millis) -> Lane {
    let mut segments = Segments::default();
    segments.add(What::Creating, 0, cast.sandbox);
    segments.add(What::Up, cast.sandbox, gone(finished).unwrap_or(end));
    before(LaneKind::Sandbox, "sandbox".to_owned(), segments)
}

fn before(kind: LaneKind, name: String, segments: Segments) -> Lane {
    Lane { name, kind, span: None, segments: segments.0, grace: None, signal: String::new(), knobs: Vec::new() }
}

/// What belongs to one container of the second half.
fn alone(finished: &Finished, at: usize) -> Option<&Alone> {
    finished.alone.as_ref().filter(|alone| alone.index == at)
}

fn lane(begun: &Begun, finished: &Finished, (at, actor): (usize, &Actor<'_>), end: Millis) -> Lane {
    let run = begun.runs.get(at).map(Vec::as_slice).unwrap_or_default();
    let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
    let alone = alone(finished, at);
    let alive_until = stops.first().map(|stop| stop.started).or(alone.map(|alone| alone.ended.0)).unwrap_or(end);
    let mut segments = Segments::default();
    let gone_at = gone(finished).unwrap_or(end);
    match begun.unconfigured.get(at).copied().flatten() {
        Some((asked, found)) => {
            segments.add(What::Waiting, 0, asked);
            segments.add(What::Pulling, asked, found);
            segments.add(What::Waiting, found, gone_at);
        }
        None => segments.add(What::Waiting, 0, run.first().map_or(gone_at, |attempt| attempt.asked)),
    }
    for (number, attempt) in run.iter().enumerate() {
        segments.add(What::Pulling, attempt.asked, attempt.at);
        attempt_segments(&mut segments, actor, attempt, alive_until);
        let Some((ended, _)) = attempt.ended else { continue };
        match run.get(number + 1) {
            Some(next) => segments.add(What::BackOff, ended, next.asked),
            None => segments.add(What::Ended, ended, gone(finished).unwrap_or(end)),
        }
    }
    for (number, stop) in stops.iter().enumerate() {
        let last = number + 1 == stops.len() && alone.is_none_or(|alone| alone.again.is_none());
        stop_segments(&mut segments, actor, stop, last);
    }
    match alone.map(|alone| (alone.ended.0, alone.again.as_ref())) {
        Some((ended, Some(again))) => {
            segments.add(What::Pulling, ended, again.at);
            if let Some((began, hook_ended)) = again.started.post_start {
                segments.add(What::PostStart, began, hook_ended);
            }
            match &again.started.stopped {
                Some(stop) => {
                    segments.add(What::Starting, again.at, stop.started);
                    stop_segments(&mut segments, actor, stop, true);
                }
                None => {
                    segments.add(What::Starting, again.at, again.ready.unwrap_or(end));
                    segments.add(What::Ready, again.ready.unwrap_or(end), end);
                }
            }
        }
        Some((ended, None)) => segments.add(What::Ended, ended, end),
        None => {}
    }
    segments.0.sort_by_key(|segment| (segment.start, segment.what));
    Lane {
        name: actor.name.to_owned(),
        kind: LaneKind::Container(actor.kind),
        span: Some(actor.container.span),
        segments: segments.0,
        grace: stops.last().map(band),
        signal: actor.signal.to_owned(),
        knobs: knobs(actor, run, stops),
    }
}

fn attempt_segments(segments: &mut Segments, actor: &Actor<'_>, attempt: &Attempt, alive_until: Millis) {
    if actor.kind == Kind::Init {
        segments.add(What::Initializing, attempt.at, attempt.ended.map_or(alive_until, |(ended, _)| ended));
        return;
    }
    if let Some((began, ended)) = attempt.started.post_start {
        segments.add(What::PostStart, began, ended);
    }
    if let Some(stop) = &attempt.started.stopped {
        segments.add(What::Starting, attempt.at, stop.started);
        // What was left undone would lie on the next start.
        stop_segments(segments, actor, stop, false);
        return;
    }
    let ready = attempt.ready.unwrap_or(alive_until).min(alive_until);
    let able = attempt.ready.map_or(ready, |_| attempt.at.saturating_add(actor.start)).min(ready);
    segments.add(What::Starting, attempt.at, able);
    segments.add(What::Unreported, able, ready);
    segments.add(What::Ready, ready, alive_until);
}

/// `whole` says that nothing cut this stop off, so that what it left undone can be drawn.
fn stop_segments(segments: &mut Segments, actor: &Actor<'_>, stop: &Stopped, whole: bool) {
    let hook_ended = match stop.pre_stop {
        PreStop::Absent | PreStop::NotRun => stop.started,
        PreStop::Ended { started, ended: end } | PreStop::Abandoned { started, given_up: end } => {
            segments.add(What::PreStop, started, end);
            end
        }
    };
    if let (PreStop::Abandoned { started, given_up }, Some(acted), true) = (stop.pre_stop, &actor.pre_stop, whole) {
        segments.add(What::PreStopBeyond, given_up, started.saturating_add(acted.hook.takes));
    }
    if let Some(until) = stop.waited_until {
        segments.add(What::AwaitingTurn, hook_ended, until);
    }
    segments.add(What::Stopping, stop.stop_called, stop.ended);
    if stop.killed && whole {
        segments.add(What::StoppingBeyond, stop.ended, stop.stop_called.saturating_add(actor.stop));
    }
}

fn knobs(actor: &Actor<'_>, run: &[Attempt], stops: &[Stopped]) -> Vec<Knob> {
    let knob = |kind, from, takes, written| Knob { kind, from, takes, written };
    let hook = |kind, acted: &Option<ActedHook>, from| {
        let acted = acted.as_ref()?;
        Some(knob(kind, from, acted.hook.takes, acted.written))
    };
    let began = |stop: &Stopped| match stop.pre_stop {
        PreStop::Ended { started, .. } | PreStop::Abandoned { started, .. } => Some(started),
        PreStop::Absent | PreStop::NotRun => None,
    };
    let last_stop = stops.last().or(run.last().and_then(|attempt| attempt.started.stopped.as_ref()));
    let first = run.first();
    let mut knobs = vec![knob(KnobKind::Start, first.map(|attempt| attempt.at), actor.start, None)];
    let post_start = first.and_then(|attempt| Some(attempt.started.post_start?.0));
    knobs.extend(hook(KnobKind::PostStart, &actor.post_start, post_start));
    knobs.extend(hook(KnobKind::PreStop, &actor.pre_stop, last_stop.and_then(began)));
    if actor.kind != Kind::Init {
        knobs.push(knob(KnobKind::Stop, last_stop.and_then(|stop| stop.term_sent), actor.stop, None));
    }
    knobs
}

pub(super) fn moments(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<Moment> {
    let mut moments = vec![Moment { at: cast.sandbox, kind: MomentKind::Sandbox, container: None }];
    let mut add = |at, kind, container: Option<&str>| {
        moments.push(Moment { at, kind, container: container.map(str::to_owned) });
    };
    for (at, actor) in cast.actors.iter().enumerate() {
        let name = Some(actor.name);
        let attempts = begun.runs.get(at).map(Vec::as_slice).unwrap_or_default();
        for ready in attempts.iter().filter_map(|attempt| attempt.ready) {
            add(ready, MomentKind::Ready, name);
        }
        if let (Kind::Init, Some((ended, _))) = (actor.kind, attempts.last().and_then(|attempt| attempt.ended)) {
            add(ended, MomentKind::Exit, name);
        }
        let alone = alone(finished, at);
        let again = alone.and_then(|alone| alone.again.as_ref());
        if let Some(ready) = again.and_then(|again| again.ready) {
            add(ready, MomentKind::Ready, name);
        }
        let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
        if let Some(alone) = alone.filter(|_| stops.is_empty()) {
            add(alone.ended.0, MomentKind::Exit, name);
        }
        let hooks = attempts.iter().map(|attempt| &attempt.started).chain(again.map(|again| &again.started));
        for stop in hooks.filter_map(|started| started.stopped.as_ref()).chain(stops) {
            if let Some(term) = stop.term_sent {
                add(term, MomentKind::Term, name);
            }
            if stop.killed {
                add(stop.ended, MomentKind::Kill, name);
            } else if finished.kubelet_restart.is_none_or(|restart| stop.ended != restart) {
                add(stop.ended, MomentKind::Exit, name);
            }
        }
    }
    if let Some(at) = finished.at {
        add(at, MomentKind::End, None);
    }
    if let Some(at) = finished.kubelet_restart {
        add(at, MomentKind::KubeletRestart, None);
    }
    if let Some(at) = gone(finished) {
        add(at, MomentKind::Gone, None);
    }
    moments.sort_by_key(|moment| (moment.at, moment.kind));
    moments
}
