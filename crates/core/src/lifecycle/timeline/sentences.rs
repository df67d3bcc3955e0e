//! The picture in words: what happens to each container, why, and what would change it.

use super::cast::{Actor, Cast};
use super::start::Begun;
use super::stop::Finished;
use super::{End, Sentence};
use crate::lifecycle::grace::MINIMUM_GRACE_SECONDS;
use crate::lifecycle::termination::{PreStop, Stopped};
use crate::lifecycle::{Millis, SECOND, millis, words};

pub(super) fn sentences(cast: &Cast<'_>, begun: &Begun, finished: &Finished, end: &End) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for (at, actor) in cast.actors.iter().enumerate() {
        sentences.extend(begun.runs.get(at).and_then(|run| start_sentence(actor, run.first()?)));
        let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
        if let Some(stop) = stops.last() {
            sentences.push(stop_sentence(actor, stop, finished, end));
        }
    }
    if begun.initialized.is_none() {
        sentences.push(Sentence {
            container: None,
            text: "A sidecar never starts, so the containers behind it wait for ever.".to_owned(),
            fix: "Make the sidecar's postStart hook succeed, or leave the hook out.".to_owned(),
        });
    }
    if finished.kubelet_restart.is_some() {
        sentences.push(Sentence {
            container: None,
            text: "The kubelet restarts while the pod ends and begins the end anew: preStop hooks are delivered a second time, and the grace begins again.".to_owned(),
            fix: "A hook must bear being run twice.".to_owned(),
        });
    }
    sentences
}

fn start_sentence(actor: &Actor<'_>, first: &super::start::Attempt) -> Option<Sentence> {
    let (began, ended) = first.started.post_start?;
    let takes = words(ended.saturating_sub(began));
    let container = Some(actor.name.to_owned());
    if first.started.error.is_some() {
        return Some(Sentence {
            container,
            text: format!(
                "postStart fails after {takes}, so the container is killed and started again, later and later."
            ),
            fix: "Make the hook succeed: what it fails with stands in the container's waiting message.".to_owned(),
        });
    }
    Some(Sentence {
        container,
        text: format!("postStart takes {takes}; until then no later container starts and the pod shows no change."),
        fix: String::new(),
    })
}

fn stop_sentence(actor: &Actor<'_>, stop: &Stopped, finished: &Finished, end: &End) -> Sentence {
    let moment = |at: Millis| words(at.saturating_sub(stop.started));
    let (grace, signal) = (stop.grace.seconds, actor.signal);
    let hook = match stop.pre_stop {
        PreStop::Absent => String::new(),
        PreStop::NotRun => "There is no grace, so preStop is not run. ".to_owned(),
        PreStop::Ended { started, ended } => {
            format!("preStop takes {} of the {grace} s grace. ", words(ended.saturating_sub(started)))
        }
        PreStop::Abandoned { .. } => format!("preStop uses up the whole grace of {grace} s and is given up. "),
    };
    let wait = stop.waited_until.filter(|_| stop.waited_until != Some(stop.started));
    let wait =
        wait.map_or_else(String::new, |until| format!("It waits until {} for the others to end. ", moment(until)));
    let process = match (stop.term_sent, stop.killed) {
        (None, true) => "The process is killed at once, without a signal before.".to_owned(),
        (_, true) => format!(
            "The process has {} s between {signal} and KILL but needs {}: it is killed at {}.",
            stop.timeout,
            words(actor.stop),
            moment(stop.ended)
        ),
        (Some(term), false) => format!(
            "The process gets {signal} at {} with {} s to end, needs {}, and ends by itself at {}.",
            moment(term),
            stop.timeout,
            words(actor.stop),
            moment(stop.ended)
        ),
        (None, false) => format!("The process ends by itself at {}.", moment(stop.ended)),
    };
    let twice =
        if finished.unverified { " In this release the grace begins anew after the hook (not verified)." } else { "" };
    let text = format!("{hook}{wait}{process}{twice}");
    Sentence { container: Some(actor.name.to_owned()), text, fix: fix(actor, stop, end) }
}

/// A grace with which hook, waiting and process would all come to their end, and where to ask for it.
fn fix(actor: &Actor<'_>, stop: &Stopped, end: &End) -> String {
    let cut = matches!(stop.pre_stop, PreStop::Abandoned { .. });
    if !stop.killed && !cut {
        return String::new();
    }
    let hook = actor.pre_stop.as_ref().map_or(0, |acted| acted.hook.takes);
    let waited = stop.waited_until.map_or(0, |until| until.saturating_sub(stop.started));
    // Whole seconds are counted; what a container gets in any case need not be asked for.
    let needed = hook.max(waited).div_ceil(SECOND) + actor.stop.max(millis(MINIMUM_GRACE_SECONDS)).div_ceil(SECOND);
    let faster =
        if hook > 0 { "a shorter preStop hook or a process that ends faster" } else { "a process that ends faster" };
    let knob = match end {
        End::Eviction(_) => return format!("In an eviction the kubelet decides on the grace: only {faster} helps."),
        End::DeletionWithin(_) => format!("--grace-period={needed}"),
        End::LivenessProbe(_) if actor.liveness_grace.is_some() => {
            format!("livenessProbe.terminationGracePeriodSeconds: {needed}")
        }
        End::StartupProbe(_) if actor.startup_grace.is_some() => {
            format!("startupProbe.terminationGracePeriodSeconds: {needed}")
        }
        _ => format!("terminationGracePeriodSeconds: {needed}"),
    };
    format!("A grace of {needed} s ({knob}) would let everything end by itself, and so may {faster}.")
}
