//! One pod of a node: what of it is started already, and what it shows.

use crate::api::Role;
use crate::api::pod_status::{ContainerState, ContainerStatus, Terminated};
use crate::events::{Event, EventType};
use crate::feature::Feature;
use crate::image::Reference;
use crate::kubectl::describe_events::START;
use crate::kubectl::status_column::PrintedPod;
use crate::lifecycle::post_start::start_messages;
use crate::pulls::backoff::{BackOff, crash_loop_event, crash_loop_message};
use crate::release::Cluster;
use crate::report::{ContainerReport, ImageUser, PodReport};
use crate::scenario::Assumption;
use crate::simulation::INIT_RUNS;
use crate::simulation::outcome::{Moment, Round, Waiting, pod_status};
use crate::simulation::world::{Place, World};
use crate::time::Duration;
use std::collections::VecDeque;

/// A container or image volume.
pub(super) struct Unit<'a> {
    pub report: &'a ContainerReport,
    pub image: &'a str,
    pub reference: Option<&'a Reference>,
    pub mounts: &'a [String],
    pub state: UnitState,
    /// How long an init container runs, and the code that it ends with.
    run: (Duration, i64),
    /// How often it was started.
    pub starts: i64,
    /// When it ended the last time.
    ended: Option<Duration>,
    /// What the last start came to: reason and message.
    pub failure: Option<(String, String)>,
    pub rounds: Vec<Round>,
    /// Whether its image was given without credentials on nobody's word; see [`crate::scenario::Answered::unsure`].
    pub unsure: bool,
}

/// How far a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitState {
    /// Not there yet.
    Waits,
    /// The volume's image is there, or the container runs since then.
    Runs(Duration),
    /// The init container ends then.
    EndsAt(Duration),
    /// The init container has failed and waits for its next start.
    BacksOff(Duration),
    /// The init container has failed for good.
    Failed,
}

/// A pod in the course of the simulation.
pub(super) struct PodRun<'a> {
    pub position: usize,
    pub report: &'a PodReport,
    pub place: Place,
    pub units: Vec<Unit<'a>>,
    /// What is left to do in this sync.
    pub todo: VecDeque<usize>,
    /// Whether the pod's worker is in a sync.
    pub busy: bool,
    /// How many syncs there were.
    pub syncs: usize,
    /// When this sync began.
    pub sync_began: Duration,
    /// Whether this sync started a container.
    pub started_some: bool,
    /// Whether this sync found that a container has failed.
    pub noticed_some: bool,
    /// The errors of this sync: the end of the back-off for those that are nothing else.
    pub errors: Vec<Option<Duration>>,
    pub events: Vec<Event>,
    pub moments: Vec<Moment>,
    pub assumptions: Vec<Assumption>,
    /// Whether init containers with restart policy Always are sidecars in this cluster.
    sidecars: bool,
    /// Whether init containers that fail are never started again.
    never_again: bool,
    back_off: BackOff,
    cluster: &'a Cluster,
}

impl<'a> PodRun<'a> {
    pub fn new(
        position: usize,
        report: &'a PodReport,
        place: Place,
        cluster: &'a Cluster,
        world: Option<&'a World>,
    ) -> Self {
        let facts = world.and_then(|world| world.pods.get(position));
        let life = world.and_then(|world| world.place_of(&report.namespace, &report.name)?.life.as_ref());
        let unit = |container: &'a ContainerReport| {
            let said = life.and_then(|life| life.of(&container.name));
            Unit {
                report: container,
                image: container.image.as_ref().map_or("", |image| &image.value),
                reference: container.reference.as_ref().and_then(|reference| reference.outcome.as_ref().ok()),
                mounts: facts
                    .and_then(|facts| facts.mounts.get(&container.path))
                    .map(Vec::as_slice)
                    .unwrap_or_default(),
                state: UnitState::Waits,
                run: (
                    said.and_then(|said| said.start).unwrap_or(INIT_RUNS),
                    said.and_then(|said| said.exit_code).unwrap_or_default(),
                ),
                starts: 0,
                ended: None,
                failure: None,
                rounds: Vec::new(),
                unsure: false,
            }
        };
        Self {
            position,
            report,
            units: report.containers.iter().map(unit).collect(),
            todo: VecDeque::new(),
            busy: false,
            syncs: 0,
            sync_began: place.at,
            started_some: false,
            noticed_some: false,
            errors: Vec::new(),
            events: Vec::new(),
            moments: Vec::new(),
            assumptions: place.assumption.clone().into_iter().collect(),
            sidecars: cluster.has(Feature::SidecarContainers),
            never_again: facts.is_some_and(|facts| facts.restart_policy == "Never"),
            back_off: BackOff::for_restarts(cluster, world.and_then(|world| world.config.max_container_restart_period)),
            cluster,
            place,
        }
    }

    /// What the kubelet keeps its back-off for.
    pub fn uid(&self) -> String {
        format!("pod-{}", self.position)
    }

    fn is_init(&self, unit: &Unit) -> bool {
        matches!(unit.report.user, ImageUser::Container(Role::Init | Role::Sidecar))
    }

    fn is_sidecar(&self, unit: &Unit) -> bool {
        unit.report.user == ImageUser::Container(Role::Sidecar) && self.sidecars
    }

    /// Whether the container ends by itself before the next one starts.
    pub fn ends(&self, unit: &Unit) -> bool {
        self.is_init(unit) && !self.is_sidecar(unit)
    }

    fn initialized(&self, now: Duration) -> bool {
        self.units.iter().filter(|unit| self.is_init(unit)).all(|unit| match unit.state {
            UnitState::Waits | UnitState::BacksOff(_) | UnitState::Failed => false,
            UnitState::Runs(_) => true,
            UnitState::EndsAt(end) => end <= now && unit.run.1 == 0,
        })
    }

    /// Notices init containers that have failed: each waits for its next start, or starts anew in this sync. The first
    /// failure waits for nothing.
    ///
    /// Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff.
    pub fn notice_failures(&mut self, now: Duration) {
        let words = format!("{}_{}({})", self.report.name, self.report.namespace, self.uid());
        let (release, never) = (self.cluster.release, self.never_again);
        let mut told = Vec::new();
        for unit in &mut self.units {
            if let UnitState::EndsAt(end) = unit.state
                && end <= now
                && unit.run.1 != 0
            {
                unit.ended = Some(end);
                let until = self.back_off.wait_after(&unit.report.path, end).unwrap_or(end);
                self.noticed_some = true;
                unit.state = if never { UnitState::Failed } else { UnitState::BacksOff(until) };
            }
            let UnitState::BacksOff(until) = unit.state else { continue };
            let ended = unit.ended.unwrap_or(now);
            if until <= now {
                self.back_off.fail(&unit.report.path, ended, now);
                unit.state = UnitState::Waits;
                continue;
            }
            let message = crash_loop_message(until - ended, &unit.report.name, &words);
            unit.failure = Some(("CrashLoopBackOff".to_owned(), message));
            self.errors.push(Some(until));
            told.push((crash_loop_event(&unit.report.name, &words, release), field_path(unit.report)));
        }
        for (message, field_path) in told {
            self.event(now, EventType::Warning, "BackOff", message, field_path);
        }
    }

    /// What a sync that begins at `now` has to do: image volumes, ephemeral containers, then the first init container
    /// that is not done, or all containers.
    pub fn work(&self, now: Duration) -> VecDeque<usize> {
        let waiting = |user: fn(ImageUser) -> bool| {
            let of_kind = move |(at, unit): (usize, &Unit)| {
                (user(unit.report.user) && unit.state == UnitState::Waits).then_some(at)
            };
            self.units.iter().enumerate().filter_map(of_kind)
        };
        let volumes = waiting(|user| user == ImageUser::ImageVolume).filter(|_| self.mounts_images());
        let mut todo: VecDeque<usize> = volumes.collect();
        todo.extend(waiting(|user| user == ImageUser::Container(Role::Ephemeral)));
        let next_init =
            self.units.iter().enumerate().filter(|(_, unit)| self.is_init(unit)).find(|(_, unit)| match unit.state {
                UnitState::Waits | UnitState::BacksOff(_) | UnitState::Failed => true,
                UnitState::Runs(_) => false,
                UnitState::EndsAt(end) => end > now || unit.run.1 != 0,
            });
        match next_init {
            Some((at, unit)) if unit.state == UnitState::Waits => todo.push_back(at),
            Some(_) => {}
            None => todo.extend(waiting(|user| user == ImageUser::Container(Role::Container))),
        }
        todo
    }

    /// The reason of a failed image volume that the container mounts.
    pub fn failed_volume(&self, at: usize) -> Option<(String, String)> {
        let unit = self.units.get(at)?;
        self.units
            .iter()
            .filter(|volume| volume.report.user == ImageUser::ImageVolume && unit.mounts.contains(&volume.report.name))
            .find_map(|volume| volume.failure.clone())
    }

    /// The container was made and started.
    pub fn started(&mut self, at: usize, now: Duration) {
        let Some(unit) = self.units.get(at) else { return };
        let ends = self.ends(unit);
        let is_volume = unit.report.user == ImageUser::ImageVolume;
        let (name, field_path) = (unit.report.name.clone(), field_path(unit.report));
        if let Some(unit) = self.units.get_mut(at) {
            unit.failure = None;
            unit.starts += 1;
            unit.state = if ends { UnitState::EndsAt(now + unit.run.0) } else { UnitState::Runs(now) };
        }
        if is_volume {
            return;
        }
        self.started_some = true;
        let (created, started) = start_messages(&name, self.cluster.release);
        for (reason, message) in [("Created", created), ("Started", started)] {
            self.event(now, EventType::Normal, reason, message, field_path.clone());
        }
    }

    pub fn event(&mut self, at: Duration, kind: EventType, reason: &str, message: String, field_path: String) {
        let object = self.report.name.clone();
        self.events.push(Event { at, kind, reason: reason.to_owned(), message, object, field_path });
    }

    /// Adds what `kubectl get pods` shows from `now` on, if it differs.
    pub fn show(&mut self, now: Duration, known_to_node: bool) {
        let moment = self.moment(now, known_to_node);
        if !self.moments.last().is_some_and(|last| last.shows_the_same_as(&moment)) {
            self.moments.push(moment);
        }
    }

    fn moment(&self, now: Duration, known_to_node: bool) -> Moment {
        let inits: Vec<&Unit> = self.units.iter().filter(|unit| self.is_init(unit)).collect();
        let containers: Vec<&Unit> =
            self.units.iter().filter(|unit| unit.report.user == ImageUser::Container(Role::Container)).collect();
        let default_reason = if inits.is_empty() { "ContainerCreating" } else { "PodInitializing" };
        let status = |unit: &&Unit| {
            let state = match unit.state {
                UnitState::Waits => ContainerState::Waiting { reason: reason_of(unit, default_reason) },
                UnitState::BacksOff(_) if unit.failure.is_some() => {
                    ContainerState::Waiting { reason: reason_of(unit, default_reason) }
                }
                UnitState::EndsAt(end) if end > now => ContainerState::Running,
                UnitState::EndsAt(_) | UnitState::BacksOff(_) | UnitState::Failed => {
                    let exit_code = unit.run.1;
                    let reason = if exit_code == 0 { "Completed" } else { "Error" };
                    ContainerState::Terminated(Terminated { exit_code, reason: reason.to_owned(), signal: 0 })
                }
                UnitState::Runs(_) => ContainerState::Running,
            };
            let runs = state == ContainerState::Running;
            let ready = runs || matches!(&state, ContainerState::Terminated(end) if end.exit_code == 0);
            ContainerStatus {
                name: unit.report.name.clone(),
                ready,
                started: runs,
                state,
                restart_count: (unit.starts - 1).max(0),
                last_finished_at: unit.ended.map(|ended| START.after(ended)),
            }
        };
        let statuses = |units: &[&Unit]| if known_to_node { units.iter().map(status).collect() } else { Vec::new() };
        let mut status = pod_status(statuses(&inits), statuses(&containers), known_to_node && self.initialized(now));
        if self.has_failed() {
            "Failed".clone_into(&mut status.phase);
        }
        let phase = status.phase.clone();
        let printed = PrintedPod {
            containers: containers.len(),
            init_containers: inits.iter().map(|unit| (unit.report.name.clone(), self.is_sidecar(unit))).collect(),
            node_name: self.place.node.clone(),
            status,
            ..PrintedPod::default()
        };
        let columns = printed.columns(START.after(now), self.cluster.release);
        let waits = |unit: &&Unit| {
            let (reason, message) = unit.failure.clone()?;
            (matches!(unit.state, UnitState::Waits | UnitState::BacksOff(_))
                && unit.report.user != ImageUser::ImageVolume)
                .then(|| Waiting { container: unit.report.name.clone(), reason, message })
        };
        let waiting = self.units.iter().filter_map(|unit| waits(&unit)).collect();
        Moment::of(now, &phase, columns, if known_to_node { waiting } else { Vec::new() })
    }

    /// Whether an init container has failed for good, and the pod with it.
    pub fn has_failed(&self) -> bool {
        self.units.iter().any(|unit| unit.state == UnitState::Failed)
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self, now: Duration) -> bool {
        self.has_failed()
            || self.initialized(now) && self.units.iter().all(|unit| unit.state != UnitState::Waits || self.drops(unit))
    }

    /// Whether volumes can have images; older releases drop the field.
    fn mounts_images(&self) -> bool {
        self.cluster.has(Feature::ImageVolume)
    }

    fn drops(&self, unit: &Unit) -> bool {
        unit.report.user == ImageUser::ImageVolume && !self.mounts_images()
    }

    /// Adds an assumption once.
    pub fn assume(&mut self, assumption: Assumption) {
        if !self.assumptions.contains(&assumption) {
            self.assumptions.push(assumption);
        }
    }
}

fn reason_of(unit: &Unit, default: &str) -> String {
    unit.failure.as_ref().map_or_else(|| default.to_owned(), |(reason, _)| reason.clone())
}

/// The part of a pod that a container's events point at; those of image volumes point at the pod.
/// Source: pkg/kubelet/container/ref.go fieldPath.
pub(crate) fn field_path(container: &ContainerReport) -> String {
    match container.user {
        ImageUser::ImageVolume => String::new(),
        ImageUser::Container(role) => format!("spec.{}{{{}}}", role.field(), container.name),
    }
}
