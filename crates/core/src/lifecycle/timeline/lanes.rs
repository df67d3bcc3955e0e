//! Segments and moments of the picture.

use super::cast::Cast;
use super::start::{Attempt, Begun};
use super::stop::{Finished, band};
use super::{Lane, Moment, MomentKind, Segment, What};
use crate::lifecycle::Millis;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::termination::{PreStop, Stopped};

/// Collects segments and leaves out those that take no time.
struct Segments(Vec<Segment>);

impl Segments {
    fn add(&mut self, what: What, start: Millis, end: Millis) {
        if start < end {
            self.0.push(Segment { what, start, end });
        }
    }
}

pub(super) fn lanes(cast: &Cast<'_>, begun: &Begun, finished: &Finished, end: Millis) -> Vec<Lane> {
    let lane = |(at, actor): (usize, &super::cast::Actor<'_>)| {
        let run = begun.runs.get(at).map(Vec::as_slice).unwrap_or_default();
        let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
        let alive_until = stops.first().map_or(end, |stop| stop.started);
        let mut segments = Segments(Vec::new());
        segments.add(What::Waiting, 0, run.first().map_or(end, |attempt| attempt.at));
        for (number, attempt) in run.iter().enumerate() {
            let next = run.get(number + 1).map(|next| next.at);
            attempt_segments(&mut segments, attempt, actor.kind, alive_until);
            if let (Some(ended), Some(next)) = (attempt.ended, next) {
                segments.add(What::BackOff, ended, next);
            }
        }
        for stop in stops {
            stop_segments(&mut segments, stop);
        }
        if let Some((_, started, ready)) = finished.again.as_ref().filter(|(index, ..)| *index == at) {
            let from = stops.last().map_or(0, |stop| stop.ended);
            if let Some((began, ended)) = started.post_start {
                segments.add(What::PostStart, began, ended);
            }
            match &started.stopped {
                Some(stop) => {
                    segments.add(What::Starting, from, stop.started);
                    stop_segments(&mut segments, stop);
                }
                None => segments.add(What::Starting, from, *ready),
            }
        }
        segments.0.sort_by_key(|segment| (segment.start, segment.what));
        let grace = stops.last().map(band);
        Lane { container: actor.name.to_owned(), kind: actor.kind, segments: segments.0, grace }
    };
    cast.actors.iter().enumerate().map(lane).collect()
}

fn attempt_segments(segments: &mut Segments, attempt: &Attempt, kind: Kind, alive_until: Millis) {
    if let (Kind::Init, Some(ended)) = (kind, attempt.ended) {
        segments.add(What::Initializing, attempt.at, ended);
        return;
    }
    if let Some((began, ended)) = attempt.started.post_start {
        segments.add(What::PostStart, began, ended);
    }
    if let Some(stop) = &attempt.started.stopped {
        segments.add(What::Starting, attempt.at, stop.started);
        stop_segments(segments, stop);
        return;
    }
    let ready = attempt.ready.unwrap_or(alive_until).min(alive_until);
    segments.add(What::Starting, attempt.at, ready);
    segments.add(What::Ready, ready, alive_until);
}

fn stop_segments(segments: &mut Segments, stop: &Stopped) {
    let hook_ended = match stop.pre_stop {
        PreStop::Absent | PreStop::NotRun => stop.started,
        PreStop::Ended { started, ended: end } | PreStop::Abandoned { started, given_up: end } => {
            segments.add(What::PreStop, started, end);
            end
        }
    };
    if let Some(until) = stop.waited_until {
        segments.add(What::AwaitingTurn, hook_ended, until);
    }
    segments.add(What::Stopping, stop.stop_called, stop.ended);
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
        let again = finished.again.as_ref().filter(|(index, ..)| *index == at);
        if let Some((_, _, ready)) = again.filter(|(_, started, _)| started.stopped.is_none()) {
            add(*ready, MomentKind::Ready, name);
        }
        let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
        let hooks = attempts.iter().map(|attempt| &attempt.started).chain(again.map(|(_, started, _)| started));
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
    if finished.reason.is_some_and(crate::lifecycle::grace::KillReason::ends_pod) {
        add(finished.ended, MomentKind::Gone, None);
    }
    moments.sort_by_key(|moment| (moment.at, moment.kind));
    moments
}
