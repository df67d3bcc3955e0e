//! How one container is stopped: the preStop hook, TERM and KILL.

use super::grace::{GracePeriod, Graces, KillReason, MINIMUM_GRACE_SECONDS, grace_period};
use super::handler::HookFailure;
use super::{Event, EventType, Millis, SECOND, millis, words};
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;

/// A hook as it goes in the simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// How long it runs when nobody gives it up.
    pub takes: Millis,
    /// Why it fails at its end, if it does.
    pub failure: Option<HookFailure>,
}

/// What became of a preStop hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PreStop {
    /// There is none.
    Absent,
    /// It was not run, because there was no grace for it.
    NotRun,
    /// It ran to its end.
    Ended {
        /// When it began.
        started: Millis,
        /// When it ended.
        ended: Millis,
    },
    /// The kubelet went on without it.
    Abandoned {
        /// When it began.
        started: Millis,
        /// When the kubelet gave it up.
        given_up: Millis,
    },
}

/// A container's process, as far as it matters when it is stopped.
#[derive(Clone, Copy, Debug)]
pub struct Process<'a> {
    /// The container's name.
    pub name: &'a str,
    /// Its preStop hook.
    pub pre_stop: Option<&'a Hook>,
    /// How long the process needs after TERM.
    pub stop_takes: Millis,
    /// The signal that asks it to end.
    pub signal: &'a str,
}

/// What is stopped, why and when.
#[derive(Clone, Debug)]
pub struct Killing<'a> {
    /// What is stopped.
    pub process: Process<'a>,
    /// The graces that may count.
    pub graces: Graces,
    /// Why it is stopped.
    pub reason: KillReason,
    /// The message of the event Killing; see [`KillReason::message`].
    pub message: String,
    /// When the kubelet begins.
    pub at: Millis,
}

/// How a container was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// When the kubelet began.
    pub started: Millis,
    /// The grace that counted.
    pub grace: GracePeriod,
    /// The hook.
    pub pre_stop: PreStop,
    /// Until when a sidecar waited for others; `None` if it did not wait.
    pub waited_until: Option<Millis>,
    /// When the runtime was asked to stop the container.
    pub stop_called: Millis,
    /// When the process got its signal; `None` if it was killed without one.
    pub term_sent: Option<Millis>,
    /// The seconds that the runtime was told to wait before KILL.
    pub timeout: i64,
    /// Whether it was killed.
    pub killed: bool,
    /// When the process was gone.
    pub ended: Millis,
    /// The events, in order.
    pub events: Vec<Event>,
}

impl Stopped {
    /// Ends this stop early, before the process was killed: because it ended by itself, or the kubelet restarted.
    pub(crate) fn cut_at(&mut self, at: Millis) {
        self.killed = false;
        self.ended = self.ended.min(at);
        self.stop_called = self.stop_called.min(at);
        self.term_sent = self.term_sent.filter(|sent| *sent <= at);
        self.waited_until = self.waited_until.map(|until| until.min(at));
        self.pre_stop = match self.pre_stop {
            PreStop::Ended { started, ended } if ended > at => PreStop::Abandoned { started, given_up: at },
            PreStop::Abandoned { started, given_up } => PreStop::Abandoned { started, given_up: given_up.min(at) },
            other => other,
        };
        self.events.retain(|event| event.at <= at);
    }
}

/// The signal that asks a process to end: `lifecycle.stopSignal` where the release knows it, else the image's, which is
/// TERM unless its STOPSIGNAL says otherwise.
#[must_use]
pub fn stop_signal<'a>(written: Option<&'a str>, cluster: &Cluster) -> &'a str {
    written.filter(|_| cluster.has(Feature::ContainerStopSignals)).unwrap_or("SIGTERM")
}

/// Stops one container: `killContainer` of kuberuntime_container.go.
#[must_use]
pub fn kill(killing: &Killing<'_>, cluster: &Cluster) -> Decision<Stopped> {
    kill_in_turn(killing, None, cluster)
}

/// As [`kill`], for a container that waits until others have ended (at `others_ended`), or its grace is used up.
pub(super) fn kill_in_turn(
    killing: &Killing<'_>,
    others_ended: Option<Millis>,
    cluster: &Cluster,
) -> Decision<Stopped> {
    let Decision { outcome: grace, mut trace } = grace_period(killing.reason, &killing.graces, cluster);
    let mut now = killing.at;
    let mut left = grace.seconds;

    let pre_stop = run_pre_stop(killing, left, &mut trace);
    if let PreStop::Ended { ended: end, .. } | PreStop::Abandoned { given_up: end, .. } = pre_stop {
        left = left.saturating_sub(whole_seconds(end.saturating_sub(now)));
        now = end;
    }
    let mut waited_until = None;
    if let Some(others_ended) = others_ended.filter(|_| left > 0) {
        let limit = now.saturating_add(millis(left));
        let turn = others_ended.clamp(now, limit);
        let waited = turn.saturating_sub(now);
        let finding = if others_ended > limit {
            format!(
                "`{}` waits for the others until its own grace is used up, {} later.",
                killing.process.name,
                words(waited)
            )
        } else {
            format!("`{}` waits {} until the containers before it have ended.", killing.process.name, words(waited))
        };
        trace.push(Step::new(&rules::SIDECARS_STOP_LAST, Mark::Note, finding));
        left = left.saturating_sub(whole_seconds(waited));
        waited_until = Some(turn);
        now = turn;
    }
    if left < MINIMUM_GRACE_SECONDS {
        let finding = format!("{} s are left; the process gets {MINIMUM_GRACE_SECONDS} s all the same.", left.max(0));
        trace.push(Step::new(&rules::MINIMUM_GRACE, Mark::Note, finding));
        left = MINIMUM_GRACE_SECONDS;
    }
    let timeout = grace.replaced_by.unwrap_or(left);

    let term_sent = Some(now).filter(|_| timeout > 0);
    let limit = if timeout > 0 { millis(timeout) } else { 0 };
    let killed = term_sent.is_none() || killing.process.stop_takes > limit;
    let ended = now.saturating_add(killing.process.stop_takes.min(limit));
    trace.push(stop_step(killing, timeout, killed, ended));

    let mut events =
        vec![Event::new(killing.at, EventType::Normal, "Killing", killing.message.as_str(), killing.process.name)];
    events.extend(failed_pre_stop(killing, pre_stop, ended, cluster));
    let outcome = Stopped {
        started: killing.at,
        grace,
        pre_stop,
        waited_until,
        stop_called: now,
        term_sent,
        timeout,
        killed,
        ended,
        events,
    };
    Decision { outcome, trace }
}

/// Seconds that are counted as used: fractions are not.
fn whole_seconds(length: Millis) -> i64 {
    i64::try_from(length / SECOND).unwrap_or(i64::MAX)
}

/// `executePreStopHook`: waits for the hook, at most for the grace.
fn run_pre_stop(killing: &Killing<'_>, grace: i64, trace: &mut Vec<Step>) -> PreStop {
    let Some(hook) = killing.process.pre_stop else { return PreStop::Absent };
    if grace <= 0 {
        let finding = "There is no grace at all, so the preStop hook is not run.";
        trace.push(Step::new(&rules::PRE_STOP_NEEDS_GRACE, Mark::No, finding));
        return PreStop::NotRun;
    }
    let started = killing.at;
    if hook.takes <= millis(grace) {
        let finding = format!("The preStop hook takes {} of the {grace} s.", words(hook.takes));
        trace.push(Step::new(&rules::PRE_STOP_USES_GRACE, Mark::Note, finding));
        return PreStop::Ended { started, ended: started.saturating_add(hook.takes) };
    }
    let finding = format!(
        "The preStop hook needs {}, but after {grace} s the kubelet goes on without it; no event says so.",
        words(hook.takes)
    );
    trace.push(Step::new(&rules::PRE_STOP_GIVEN_UP, Mark::No, finding));
    PreStop::Abandoned { started, given_up: started.saturating_add(millis(grace)) }
}

fn stop_step(killing: &Killing<'_>, timeout: i64, killed: bool, ended: Millis) -> Step {
    let signal = killing.process.signal;
    let needs = words(killing.process.stop_takes);
    if timeout <= 0 {
        let finding = "The runtime is given 0 s: the process is killed at once, without a signal to end.";
        return Step::new(&rules::STOP_TIMEOUT_ZERO, Mark::No, finding);
    }
    if killed {
        let finding = format!(
            "The process gets {signal} and {timeout} s, but needs {needs}: it is killed {} after the beginning.",
            words(ended.saturating_sub(killing.at))
        );
        return Step::new(&rules::TERM_THEN_KILL, Mark::No, finding);
    }
    let finding = format!("The process gets {signal} and {timeout} s, and needs {needs}: it ends by itself.");
    Step::new(&rules::TERM_THEN_KILL, Mark::Yes, finding)
}

/// The event of a hook that failed while the container was still being stopped. A hook that was given up goes on in the
/// background and may fail later.
fn failed_pre_stop(killing: &Killing<'_>, pre_stop: PreStop, ended: Millis, cluster: &Cluster) -> Option<Event> {
    let (PreStop::Ended { started, .. } | PreStop::Abandoned { started, .. }) = pre_stop else { return None };
    let hook = killing.process.pre_stop?;
    let failure = hook.failure.as_ref()?;
    let at = started.saturating_add(hook.takes);
    let message = hook_event(failure, "PreStopHook failed", cluster);
    let event = Event::new(at, EventType::Warning, "FailedPreStopHook", message, killing.process.name);
    Some(event).filter(|_| at <= ended)
}

/// The text of the event about a failed hook: newer releases keep the hook's output to themselves.
pub(super) fn hook_event(failure: &HookFailure, short: &str, cluster: &Cluster) -> String {
    if rules::HOOK_EVENT_WITHOUT_OUTPUT.holds_in(cluster.release) { short.to_owned() } else { failure.message.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;

    fn cluster(minor: u8) -> Cluster {
        Cluster::of(Release::from_minor(minor).unwrap())
    }

    #[test]
    fn a_hook_that_was_given_up_may_still_fail_while_the_process_ends() {
        let failure = Some(HookFailure { error: "e".to_owned(), message: "m".to_owned() });
        let hook = Hook { takes: 1_500, failure };
        let killing = Killing {
            process: Process { name: "a", pre_stop: Some(&hook), stop_takes: 1_000, signal: "SIGTERM" },
            graces: Graces { pod: Some(1), ..Graces::default() },
            reason: KillReason::Deletion,
            message: String::new(),
            at: 0,
        };
        let stopped = kill(&killing, &cluster(32)).outcome;
        assert_eq!(stopped.pre_stop, PreStop::Abandoned { started: 0, given_up: 1_000 });
        assert_eq!(
            stopped.events.last().map(|event| (event.at, event.message.as_str())),
            Some((1_500, "PreStopHook failed"))
        );
        let old = kill(&killing, &cluster(20)).outcome;
        assert_eq!(old.events.last().map(|event| event.message.as_str()), Some("m"));
    }
}
