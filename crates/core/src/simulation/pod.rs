//! One pod of a node: what of it is started already, and what it shows.

use crate::api::Role;
use crate::api::pod_status::{ContainerState, ContainerStatus, Terminated};
use crate::events::{Event, EventType};
use crate::feature::Feature;
use crate::image::Reference;
use crate::kubectl::describe_events::START;
use crate::kubectl::status_column::PrintedPod;
use crate::lifecycle::post_start::start_messages;
use crate::release::Cluster;
use crate::report::{ContainerReport, ImageUser, PodReport};
use crate::scenario::Assumption;
use crate::simulation::outcome::{Moment, Round, Waiting, pod_status};
use crate::simulation::world::Place;
use crate::time::Duration;
use std::collections::VecDeque;

/// A container or image volume.
pub(super) struct Unit<'a> {
    pub report: &'a ContainerReport,
    pub image: &'a str,
    pub reference: Option<&'a Reference>,
    pub mounts: &'a [String],
    pub state: UnitState,
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
    /// The errors of this sync: the end of the back-off for those that are nothing else.
    pub errors: Vec<Option<Duration>>,
    pub events: Vec<Event>,
    pub moments: Vec<Moment>,
    pub assumptions: Vec<Assumption>,
    /// Whether init containers with restart policy Always are sidecars in this cluster.
    sidecars: bool,
    cluster: &'a Cluster,
}

impl<'a> PodRun<'a> {
    pub fn new(
        position: usize,
        report: &'a PodReport,
        place: Place,
        cluster: &'a Cluster,
        mounts: impl Fn(&str) -> &'a [String],
    ) -> Self {
        let unit = |container: &'a ContainerReport| Unit {
            report: container,
            image: container.image.as_ref().map_or("", |image| &image.value),
            reference: container.reference.as_ref().and_then(|reference| reference.outcome.as_ref().ok()),
            mounts: mounts(&container.path),
            state: UnitState::Waits,
            failure: None,
            rounds: Vec::new(),
            unsure: false,
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
            errors: Vec::new(),
            events: Vec::new(),
            moments: Vec::new(),
            assumptions: place.assumption.clone().into_iter().collect(),
            sidecars: cluster.has(Feature::SidecarContainers),
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
            UnitState::Waits => false,
            UnitState::Runs(_) => true,
            UnitState::EndsAt(end) => end <= now,
        })
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
                UnitState::Waits => true,
                UnitState::Runs(_) => false,
                UnitState::EndsAt(end) => end > now,
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
    pub fn started(&mut self, at: usize, now: Duration, init_runs: Duration) {
        let Some(unit) = self.units.get(at) else { return };
        let ends = self.ends(unit);
        let is_volume = unit.report.user == ImageUser::ImageVolume;
        let (name, field_path) = (unit.report.name.clone(), field_path(unit.report));
        if let Some(unit) = self.units.get_mut(at) {
            unit.failure = None;
            unit.state = if ends { UnitState::EndsAt(now + init_runs) } else { UnitState::Runs(now) };
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
                UnitState::EndsAt(end) if end <= now => {
                    ContainerState::Terminated(Terminated { reason: "Completed".to_owned(), ..Terminated::default() })
                }
                UnitState::Runs(_) | UnitState::EndsAt(_) => ContainerState::Running,
            };
            let runs = state == ContainerState::Running;
            let ready = runs || matches!(state, ContainerState::Terminated(_));
            ContainerStatus {
                name: unit.report.name.clone(),
                ready,
                started: runs,
                state,
                ..ContainerStatus::default()
            }
        };
        let statuses = |units: &[&Unit]| if known_to_node { units.iter().map(status).collect() } else { Vec::new() };
        let status = pod_status(statuses(&inits), statuses(&containers), known_to_node && self.initialized(now));
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
            (unit.state == UnitState::Waits && unit.report.user != ImageUser::ImageVolume).then(|| Waiting {
                container: unit.report.name.clone(),
                reason,
                message,
            })
        };
        let waiting = self.units.iter().filter_map(|unit| waits(&unit)).collect();
        Moment::of(now, &phase, columns, if known_to_node { waiting } else { Vec::new() })
    }

    /// Whether everything runs.
    pub fn is_done(&self, now: Duration) -> bool {
        self.initialized(now) && self.units.iter().all(|unit| unit.state != UnitState::Waits || self.drops(unit))
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
