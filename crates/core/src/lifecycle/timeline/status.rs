//! What `kubectl get pods` shows at every moment.

use super::PodState;
use super::cast::Cast;
use super::start::{Attempt, Begun};
use super::stop::Finished;
use crate::lifecycle::grace::KillReason;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::start_order::RestartPolicy;
use crate::lifecycle::{Millis, SECOND};

/// The STATUS column from moment to moment. A state is looked at wherever something may change, and only changes stay.
pub(super) fn states(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<PodState> {
    let mut times: Vec<Millis> = vec![0, cast.sandbox];
    times.extend(begun.initialized.into_iter().chain(begun.reported).chain(finished.at));
    for attempt in begun.runs.iter().flatten() {
        times.extend([attempt.at, attempt.started.returned]);
        times.extend(attempt.ready);
        // The back-off is noticed by the next sync, a second later.
        times.extend(attempt.ended.into_iter().flat_map(|ended| [ended, ended.saturating_add(SECOND)]));
    }
    times.extend(finished.at.map(|_| finished.ended));
    times.extend(finished.stops.iter().flatten().map(|stop| stop.ended));
    times.sort_unstable();
    times.dedup();
    let view = View { cast, begun, finished };
    let mut states: Vec<PodState> = Vec::new();
    for at in times {
        let (status, phase) = view.at(at);
        let known = states.last().is_some_and(|last| last.status == status && last.phase == phase);
        if !known {
            states.push(PodState { at, status, phase });
        }
    }
    states
}

struct View<'a> {
    cast: &'a Cast<'a>,
    begun: &'a Begun,
    finished: &'a Finished,
}

impl View<'_> {
    fn at(&self, at: Millis) -> (Option<String>, Option<&'static str>) {
        let (status, phase) = self.before_the_end(at);
        let Some(begin) = self.finished.at.filter(|begin| *begin <= at) else { return (Some(status), Some(phase)) };
        match self.finished.reason {
            Some(KillReason::Deletion) if at >= self.finished.ended && begin < self.finished.ended => (None, None),
            Some(KillReason::Deletion) => (Some("Terminating".to_owned()), Some(phase)),
            Some(KillReason::Eviction) => (Some("Evicted".to_owned()), Some("Failed")),
            _ => self.after_one_ended(at, status, phase),
        }
    }

    fn before_the_end(&self, at: Millis) -> (String, &'static str) {
        let inits = self.cast.inits();
        if self.begun.initialized.is_none_or(|initialized| at < initialized) {
            return (self.initializing(at), "Pending");
        }
        if self.begun.reported.is_none_or(|reported| at < reported) {
            let waiting = if inits > 0 { "PodInitializing" } else { "ContainerCreating" };
            return (waiting.to_owned(), "Pending");
        }
        let mains = self.cast.actors.iter().zip(&self.begun.runs).filter(|(actor, _)| actor.kind == Kind::Main);
        let runs: Vec<&Vec<Attempt>> = mains.map(|(_, run)| run).collect();
        // The first container with a reason wins.
        let reason = runs.iter().find_map(|run| self.waiting_reason(run, at));
        let running = runs.iter().any(|run| run.last().is_some_and(|attempt| attempt.ended.is_none()));
        let may_restart = self.cast.restart_policy != RestartPolicy::Never;
        let phase = if running || may_restart { "Running" } else { "Failed" };
        (reason.unwrap_or_else(|| "Running".to_owned()), phase)
    }

    /// `Init:` with how many init containers are done, or why one of them waits.
    fn initializing(&self, at: Millis) -> String {
        let inits = self.cast.inits();
        if inits == 0 {
            return "ContainerCreating".to_owned();
        }
        let runs = self.cast.actors.iter().zip(&self.begun.runs).filter(|(actor, _)| actor.kind != Kind::Main);
        let mut done = 0;
        for (actor, run) in runs {
            let passed = match actor.kind {
                Kind::Init => run.last().and_then(|attempt| attempt.ended).is_some_and(|ended| ended <= at),
                _ => run.last().filter(|attempt| attempt.ended.is_none()).is_some_and(|attempt| {
                    at >= if actor.startup_probe {
                        attempt.ready.unwrap_or(Millis::MAX)
                    } else {
                        attempt.started.returned
                    }
                }),
            };
            if !passed {
                let reason = self.waiting_reason(run, at).filter(|_| actor.kind == Kind::Sidecar);
                return reason.map_or_else(|| format!("Init:{done}/{inits}"), |reason| format!("Init:{reason}"));
            }
            done += 1;
        }
        format!("Init:{done}/{inits}")
    }

    /// Why a container that is not running waits, or how it ended; `None` while it runs.
    fn waiting_reason(&self, run: &[Attempt], at: Millis) -> Option<String> {
        let (number, attempt) =
            run.iter().enumerate().rfind(|(_, attempt)| attempt.ended.is_some_and(|end| end <= at))?;
        let ended = attempt.ended?;
        let error = attempt.started.error.clone()?;
        if self.cast.restart_policy == RestartPolicy::Never {
            return Some("Error".to_owned());
        }
        let next = run.get(number + 1);
        // While a hook runs the kubelet reports nothing new.
        if next.is_some_and(|next| next.ended.is_none() && at >= next.started.returned) {
            return None;
        }
        let waits = next.is_none_or(|next| next.at > ended);
        let noticed = at >= ended.saturating_add(SECOND);
        Some(if waits && noticed { "CrashLoopBackOff".to_owned() } else { error })
    }

    /// After one container was stopped alone: it runs again, or its end shows.
    fn after_one_ended(
        &self,
        at: Millis,
        status: String,
        phase: &'static str,
    ) -> (Option<String>, Option<&'static str>) {
        let stop = self.finished.stops.iter().flatten().next().filter(|stop| stop.ended <= at);
        let Some(stop) = stop else { return (Some(status), Some(phase)) };
        if let Some((_, started, _)) = &self.finished.again {
            let failed = started.error.clone().filter(|_| at >= started.returned);
            return (Some(failed.unwrap_or(status)), Some(phase));
        }
        let others = self.cast.actors.iter().zip(&self.begun.runs).filter(|(actor, _)| actor.kind == Kind::Main);
        let running = others.filter(|(_, run)| run.last().is_some_and(|attempt| attempt.ended.is_none())).count();
        let reason = if stop.killed { "Error" } else { "Completed" };
        let ended = if stop.killed { "Failed" } else { "Succeeded" };
        (Some(reason.to_owned()), Some(if running > 1 { phase } else { ended }))
    }
}
