//! What `kubectl get pods` shows at every moment: the pod's status as the kubelet reports it, through kubectl's printer.

use super::cast::{Actor, Cast};
use super::start::{Begun, Exit, NOTICED_AFTER};
use super::stop::Finished;
use super::{PodState, Shown, to_duration};
use crate::api::pod_status::{Condition, ContainerState, ContainerStatus, PodStatus, Terminated};
use crate::kubectl::describe_events::START;
use crate::kubectl::status_column::PrintedPod;
use crate::lifecycle::Millis;
use crate::lifecycle::grace::KillReason;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::start_order::RestartPolicy;
use crate::rule::lifecycle as rules;
use crate::simulation::world::CONFIG_ERROR;

/// The columns from moment to moment. They are looked at wherever something may change, and only changes stay.
pub(super) fn states(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<PodState> {
    let view = View::new(cast, begun, finished);
    let mut times: Vec<Millis> = vec![0];
    times.extend(finished.at.into_iter().chain(finished.stops_at).chain(finished.at.map(|_| finished.ended)));
    times.extend(view.unconfigured.iter().flatten());
    times.extend(view.syncs.iter().flat_map(|(from, until)| [*from, *until]));
    for run in view.runs.iter().flatten() {
        times.push(run.start);
        times.extend(run.ready);
        // The back-off is noticed by the next sync.
        times.extend(run.ended.into_iter().flat_map(|(ended, _)| [ended, ended.saturating_add(NOTICED_AFTER)]));
    }
    times.sort_unstable();
    times.dedup();
    let mut states: Vec<PodState> = Vec::new();
    for at in times {
        let shown = view.shown(at);
        if states.last().is_none_or(|last| last.shown != shown) {
            states.push(PodState { at, shown });
        }
    }
    states
}

/// One run of a container's process.
struct Run {
    start: Millis,
    ready: Option<Millis>,
    ended: Option<(Millis, Exit)>,
    /// The waiting reason that its start left behind.
    error: Option<String>,
}

/// How far the kubelet sees: what it reports was gathered then.
#[derive(Clone, Copy)]
struct Sight {
    at: Millis,
    /// A sync begins then: what it starts is not seen yet.
    before_sync: bool,
}

struct View<'a> {
    cast: &'a Cast<'a>,
    finished: &'a Finished,
    /// For each actor its runs, in order.
    runs: Vec<Vec<Run>>,
    syncs: Vec<(Millis, Millis)>,
    /// For each actor since when its configuration cannot be made.
    unconfigured: Vec<Option<Millis>>,
}

impl<'a> View<'a> {
    fn new(cast: &'a Cast<'a>, begun: &Begun, finished: &'a Finished) -> Self {
        let mut runs: Vec<Vec<Run>> = Vec::new();
        for (index, attempts) in begun.runs.iter().enumerate() {
            let run = attempts.iter().map(|attempt| Run {
                start: attempt.at,
                ready: attempt.ready,
                ended: attempt.ended,
                error: attempt.started.error.clone(),
            });
            let mut run: Vec<Run> = run.collect();
            let alone = finished.alone.as_ref().filter(|alone| alone.index == index);
            let stopped = finished.stops.get(index).and_then(|stops| stops.last());
            let actor = cast.actors.get(index);
            let stopped = stopped.zip(actor).map(|(stop, actor)| (stop.ended, Exit::of(stop, actor)));
            if let Some(last) = run.last_mut().filter(|last| last.ended.is_none()) {
                last.ended = alone.map(|alone| alone.ended).or(stopped);
            }
            run.extend(alone.and_then(|alone| alone.again.as_ref()).map(|again| Run {
                start: again.at,
                ready: again.ready,
                ended:
                    again.started.stopped.as_ref().zip(actor).map(|(stop, actor)| (stop.ended, Exit::of(stop, actor))),
                error: again.started.error.clone(),
            }));
            runs.push(run);
        }
        let mut syncs = begun.syncs.clone();
        if let Some(at) = finished.stops_at {
            let again = finished.alone.as_ref().and_then(|alone| alone.again.as_ref());
            let alone = finished.alone.as_ref().map(|alone| alone.ended.0);
            let until = again.map(|again| again.started.returned).or(alone).unwrap_or(finished.ended);
            syncs.push((at, until));
        }
        let unconfigured = begun.unconfigured.iter().map(|found| found.map(|(_, at)| at)).collect();
        Self { cast, finished, runs, syncs, unconfigured }
    }

    fn sight(&self, at: Millis) -> Sight {
        let sync = self.syncs.iter().find(|(from, until)| *from <= at && at < *until);
        sync.map_or(Sight { at, before_sync: false }, |(from, _)| Sight { at: *from, before_sync: true })
    }

    fn shown(&self, at: Millis) -> Option<Shown> {
        let begun = self.finished.at.is_some_and(|begin| begin <= at);
        let deleted = begun && self.finished.reason == Some(KillReason::Deletion);
        if deleted && (self.finished.forced || at >= self.finished.ended) {
            return None;
        }
        let evicted = begun && self.finished.reason == Some(KillReason::Eviction);
        let kept = rules::EVICTED_WHEN_ENDED.holds_in(self.cast.cluster.release);
        let evicted = evicted && (!kept || at >= self.finished.ended);
        let mut status = self.status(self.sight(at));
        let mut phase = self.phase(&status);
        if evicted {
            phase = "Failed";
            "Evicted".clone_into(&mut status.reason);
            if !kept {
                status.init_container_statuses.clear();
                status.container_statuses.clear();
            }
        }
        phase.clone_into(&mut status.phase);
        let printed = PrintedPod {
            containers: self.cast.actors.len().saturating_sub(self.cast.inits()),
            init_containers: self
                .of_kind(|kind| kind != Kind::Main)
                .map(|(_, actor)| (actor.name.to_owned(), actor.kind == Kind::Sidecar))
                .collect(),
            being_deleted: deleted,
            status,
            ..PrintedPod::default()
        };
        let columns = printed.columns(START.after(to_duration(at)), self.cast.cluster.release);
        // Since when the last restart was changes every second, so the picture leaves it out.
        let restarts = columns.restarts.split(' ').next().unwrap_or_default().to_owned();
        Some(Shown { ready: columns.ready, status: columns.status, restarts, phase })
    }

    fn of_kind(&self, is: impl Fn(Kind) -> bool) -> impl Iterator<Item = (usize, &Actor<'a>)> {
        self.cast.actors.iter().enumerate().filter(move |(_, actor)| is(actor.kind))
    }

    fn status(&self, sight: Sight) -> PodStatus {
        let statuses = |is: fn(Kind) -> bool| -> Vec<ContainerStatus> {
            self.of_kind(is).map(|(index, actor)| self.container(index, actor, sight)).collect()
        };
        let inits = statuses(|kind| kind != Kind::Main);
        let containers = statuses(|kind| kind == Kind::Main);
        let sidecars = self.of_kind(|kind| kind != Kind::Main).map(|(_, actor)| actor.kind == Kind::Sidecar);
        let initialized = inits.iter().zip(sidecars).all(|(status, sidecar)| passed(status, sidecar));
        let ready = initialized && containers.iter().all(|status| status.ready);
        let condition = |kind: &str, holds: bool| Condition {
            kind: kind.to_owned(),
            status: if holds { "True" } else { "False" }.to_owned(),
            reason: String::new(),
        };
        PodStatus {
            conditions: vec![condition("Initialized", initialized), condition("Ready", ready)],
            init_container_statuses: inits,
            container_statuses: containers,
            ..PodStatus::default()
        }
    }

    /// convertToAPIContainerStatuses of kubelet_pods.go: the last start's error shows only while a restart is due.
    fn container(&self, index: usize, actor: &Actor<'_>, sight: Sight) -> ContainerStatus {
        let all = self.runs.get(index).map(Vec::as_slice).unwrap_or_default();
        let seen = |run: &&Run| if sight.before_sync { run.start < sight.at } else { run.start <= sight.at };
        let count = all.iter().take_while(seen).count();
        let last = count.checked_sub(1).and_then(|last| all.get(last));
        let before = count.checked_sub(2).and_then(|last| all.get(last)).and_then(|run| run.ended);
        let waiting = |reason: &str| ContainerState::Waiting { reason: reason.to_owned() };
        let mut status = ContainerStatus {
            name: actor.name.to_owned(),
            restart_count: i64::try_from(count.saturating_sub(1)).unwrap_or(i64::MAX),
            ..ContainerStatus::default()
        };
        let mut finished_at = before;
        status.state = match last.map(|run| (run, run.ended.filter(|(ended, _)| *ended <= sight.at))) {
            None if self.unconfigured.get(index).copied().flatten().is_some_and(|at| at <= sight.at) => {
                waiting(CONFIG_ERROR)
            }
            None if self.cast.inits() > 0 => waiting("PodInitializing"),
            None => waiting("ContainerCreating"),
            Some((run, None)) => {
                let ready = run.ready.is_some_and(|ready| ready <= sight.at);
                status.ready = ready && actor.kind != Kind::Init;
                status.started = if actor.startup_probe || actor.startup_fails { ready } else { true };
                ContainerState::Running
            }
            Some((run, Some((ended, exit)))) => {
                let next = all.get(count);
                let due = self.cast.restarts(actor, exit.code) && !self.stops_for_good(index);
                let noticed = sight.at >= ended.saturating_add(NOTICED_AFTER);
                let waits = next.is_none_or(|next| next.start > ended) && (next.is_some() || self.keeps_failing(index));
                match &run.error {
                    _ if due && waits && noticed => {
                        finished_at = run.ended;
                        waiting("CrashLoopBackOff")
                    }
                    Some(error) if due => {
                        finished_at = run.ended;
                        waiting(error)
                    }
                    _ => {
                        status.ready = actor.kind == Kind::Init && exit.code == 0;
                        let reason = exit.reason().to_owned();
                        ContainerState::Terminated(Terminated { exit_code: exit.code, signal: 0, reason })
                    }
                }
            }
        };
        status.last_finished_at = finished_at.map(|(ended, _)| START.after(to_duration(ended)));
        status
    }

    /// Whether the container's last end belongs to the pod's end.
    fn stops_for_good(&self, index: usize) -> bool {
        let stopped = self.finished.stops.get(index).is_some_and(|stops| !stops.is_empty());
        let alone = self.finished.alone.as_ref().filter(|alone| alone.index == index);
        alone.map_or(stopped, |alone| alone.again.is_none())
    }

    /// Whether the last run that is drawn is one of many that end alike.
    fn keeps_failing(&self, index: usize) -> bool {
        self.runs.get(index).is_some_and(|runs| runs.len() > 1)
    }

    /// getPhase of kubelet_pods.go.
    fn phase(&self, status: &PodStatus) -> &'static str {
        let policy = self.cast.restart_policy;
        let kinds = self.of_kind(|kind| kind != Kind::Main).map(|(_, actor)| actor.kind == Kind::Sidecar);
        let inits: Vec<(&ContainerStatus, bool)> = status.init_container_statuses.iter().zip(kinds).collect();
        let failed =
            |status: &ContainerStatus| matches!(&status.state, ContainerState::Terminated(end) if end.exit_code != 0);
        if policy == RestartPolicy::Never && inits.iter().any(|(status, sidecar)| !sidecar && failed(status)) {
            return "Failed";
        }
        let (mut waiting, mut running, mut stopped, mut succeeded) = (0_usize, 0_usize, 0_usize, 0_usize);
        for container in &status.container_statuses {
            match &container.state {
                ContainerState::Running => running += 1,
                ContainerState::Terminated(end) => {
                    stopped += 1;
                    succeeded += usize::from(end.exit_code == 0);
                }
                // It waits after it ran: that counts as stopped.
                ContainerState::Waiting { .. } if container.last_finished_at.is_some() => stopped += 1,
                ContainerState::Waiting { .. } | ContainerState::None => waiting += 1,
            }
        }
        let holds = |status: &ContainerStatus, sidecar| {
            let gone = matches!(status.state, ContainerState::Terminated(_));
            !(passed(status, sidecar) || sidecar && gone)
        };
        let pending = inits.iter().any(|(status, sidecar)| holds(status, *sidecar));
        match () {
            () if pending || waiting > 0 || running + stopped == 0 => "Pending",
            () if running > 0 || policy == RestartPolicy::Always => "Running",
            () if stopped == succeeded => "Succeeded",
            () if policy == RestartPolicy::Never => "Failed",
            () => "Running",
        }
    }
}

/// Whether an init container lets the next one start.
fn passed(status: &ContainerStatus, sidecar: bool) -> bool {
    match &status.state {
        ContainerState::Terminated(end) => !sidecar && end.exit_code == 0,
        _ => sidecar && status.started,
    }
}
