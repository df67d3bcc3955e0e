//! The events of a node in order of time: syncs of pods, and pulls that begin and end.

mod images;
mod pulling;

use super::arrival::assigned;
use super::explain;
use super::pod::{PodRun, UnitState};
use super::store::Store;
use super::{LONGEST_SYNC_WAIT, NOTICED_AFTER, SANDBOX_TAKES, SYNC_AFTER_ERROR};
use crate::credentials::docker_config::DockerConfig;
use crate::credentials::keyring::Lookup;
use crate::credentials::secrets::SecretState;
use crate::events::EventType;
use crate::image::reference::{self, Grammar};
use crate::pulls::attempts::missing_secrets_message;
use crate::pulls::backoff::BackOff;
use crate::pulls::credential_plugin::Plugins;
use crate::pulls::manager::{ImageManager, PullError, PulledImage, Pulling};
use crate::pulls::queue::Puller;
use crate::pulls::record::PulledWith;
use crate::pulls::verification::VerificationPolicy;
use crate::release::Cluster;
use crate::report::{PodReport, Verdict};
use crate::rule::pulls as rules;
use crate::scenario::{Assumption, Registry};
use crate::simulation::outcome::{ContainerTimeline, PullReport, PullSummary, QueueInterval, Round};
use crate::simulation::world::World;
use crate::time::Duration;
use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};

/// Something that happens on the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// A pull ends. It goes before what else happens at that moment: who waits has been waiting.
    PullEnds(usize),
    /// A pod's worker begins a sync.
    Sync(usize),
    /// A pod's worker goes on.
    GoOn(usize),
    /// Another pod, which is not given, asks for an image.
    OtherAsks(usize),
}

/// A pull that was asked for.
struct Ask<'a> {
    /// The pod's position among the node's, the unit's in the pod, and what was begun; `None` for another pod.
    of: Option<(usize, usize, Pulling, Round, Cow<'a, Lookup>)>,
    /// How the queue's interval is called, and where it stands.
    interval: usize,
    /// What another pod's pull takes.
    takes: Duration,
    /// What came of it.
    result: Option<Result<PulledImage, PullError>>,
    with: PulledWith,
}

/// A node in the course of the simulation.
pub(super) struct NodeRun<'a> {
    world: &'a World,
    cluster: &'a Cluster,
    node: String,
    until: Duration,
    /// Whether failed pods are looked at again.
    retries: bool,
    architecture: &'a str,
    node_config: Option<&'a DockerConfig>,
    registry: Registry<'a>,
    manager: ImageManager,
    plugins: Plugins<'a>,
    policy: VerificationPolicy,
    store: Store,
    pods: Vec<PodRun<'a>>,
    queue: Vec<QueueInterval>,
    asks: Vec<Ask<'a>>,
    waiting: VecDeque<usize>,
    pulling: usize,
    slots: Option<usize>,
    agenda: BTreeSet<(Duration, Happening)>,
}

impl<'a> NodeRun<'a> {
    pub fn new(
        world: &'a World,
        reports: &'a [PodReport],
        node_config: Option<&'a DockerConfig>,
        node: String,
        positions: &[usize],
        (until, retries): (Duration, bool),
    ) -> Self {
        let (cluster, config) = (&world.cluster, &world.config);
        let release = cluster.release;
        let policy = config.credentials_verification_policy.as_deref().unwrap_or(VerificationPolicy::NAMES[1]);
        let puller = Puller { serialize: config.serialize_image_pulls, max_parallel: config.max_parallel_image_pulls };
        let mut run = Self {
            world,
            cluster,
            architecture: world.architecture(&node).0,
            until,
            retries,
            node_config,
            registry: Registry::new(&world.scenario, release).with_seen(&world.seen),
            manager: ImageManager::new(
                cluster.clone(),
                BackOff::for_images(),
                config.registry_pull_qps.max(0) as f64,
                config.registry_burst,
            ),
            plugins: Plugins::new(&world.providers),
            policy: VerificationPolicy::new(policy, &config.verification_allowlist, release)
                .unwrap_or(VerificationPolicy::NeverVerifyPreloadedImages),
            store: Store::new(world, &node),
            pods: Vec::new(),
            queue: Vec::new(),
            asks: Vec::new(),
            waiting: VecDeque::new(),
            pulling: 0,
            slots: puller.slots(release),
            agenda: BTreeSet::new(),
            node,
        };
        run.take_pods(reports, positions);
        run.take_other_pulls();
        run
    }

    fn take_pods(&mut self, reports: &'a [PodReport], positions: &[usize]) {
        let world = self.world;
        for position in positions.iter().copied() {
            let Some(report) = reports.get(position) else { continue };
            let place = world.place(position, &report.namespace, &report.name);
            let mut pod = PodRun::new(position, report, place, self.cluster, Some(world));
            pod.show(Duration::ZERO, false);
            let at = self.pods.len();
            self.plan(pod.place.at, Happening::Sync(at));
            self.pods.push(pod);
        }
    }

    fn take_other_pulls(&mut self) {
        let given = self.world.scenario.nodes.iter().filter(|given| given.name == self.node);
        let pulls: Vec<_> = given.flat_map(|given| &given.pulls).collect();
        for pull in pulls {
            let usual = reference::parse(&pull.image, Grammar::of(self.cluster.release)).ok();
            let usual = usual.map(|image| self.registry.usual_takes(&image).0);
            let interval = self.interval(None, None, "another pod".to_owned(), &pull.image, pull.at);
            self.asks.push(Ask {
                of: None,
                interval,
                takes: pull.takes.or(usual).unwrap_or(crate::scenario::DEFAULT_TAKES),
                result: None,
                with: PulledWith::Node,
            });
            self.plan(pull.at, Happening::OtherAsks(self.asks.len() - 1));
        }
    }

    fn interval(
        &mut self,
        pod: Option<usize>,
        container: Option<usize>,
        title: String,
        image: &str,
        asked_at: Duration,
    ) -> usize {
        let image = image.to_owned();
        self.queue.push(QueueInterval {
            pod,
            container,
            title,
            image,
            asked_at,
            started_at: None,
            ended_at: None,
            ok: false,
        });
        self.queue.len() - 1
    }

    fn plan(&mut self, at: Duration, happening: Happening) {
        if at <= self.until {
            self.agenda.insert((at, happening));
        }
    }

    /// Lets everything happen.
    pub fn run(&mut self) {
        while let Some((now, happening)) = self.agenda.pop_first() {
            match happening {
                Happening::PullEnds(ask) => self.pull_ends(ask, now),
                Happening::Sync(pod) => self.sync(pod, now),
                Happening::GoOn(pod) => self.go_on(pod, now),
                Happening::OtherAsks(ask) => self.ask(ask, now),
            }
        }
    }

    fn sync(&mut self, at: usize, now: Duration) {
        let release = self.cluster.release;
        let Some(pod) = self.pods.get_mut(at) else { return };
        pod.show(now, true);
        if pod.is_done(now) {
            return;
        }
        let missing: Vec<&str> = pod
            .report
            .pull_secrets
            .iter()
            .filter(|secret| secret.state == SecretState::Missing)
            .map(|secret| secret.name.as_str())
            .collect();
        if let Some(message) = missing_secrets_message(&missing, release) {
            pod.event(now, EventType::Warning, "FailedToRetrieveImagePullSecret", message, String::new());
        }
        pod.busy = true;
        pod.started_some = false;
        pod.noticed_some = false;
        pod.errors.clear();
        pod.notice_failures(now);
        pod.sync_began = now;
        pod.syncs += 1;
        let begins = if pod.syncs == 1 { now + SANDBOX_TAKES } else { now };
        pod.todo = pod.work(begins);
        self.plan(begins, Happening::GoOn(at));
    }

    /// Goes on with what the sync has to do, up to the next pull.
    fn go_on(&mut self, at: usize, now: Duration) {
        loop {
            let Some(unit) = self.pods.get_mut(at).and_then(|pod| pod.todo.pop_front()) else {
                return self.sync_ends(at, now);
            };
            if self.needs_image(at, unit, now) {
                return;
            }
        }
    }

    /// The sync ends: says when the pod is looked at again.
    fn sync_ends(&mut self, at: usize, now: Duration) {
        let release = self.cluster.release;
        let Some(pod) = self.pods.get_mut(at) else { return };
        pod.busy = false;
        let noticed = if pod.syncs == 1 || pod.started_some || pod.noticed_some {
            Some(now.max(pod.sync_began + NOTICED_AFTER))
        } else {
            None
        };
        let init_ends = pod.units.iter().filter_map(|unit| match unit.state {
            UnitState::EndsAt(end) if end > now => Some(end),
            _ => None,
        });
        let init_ends = init_ends.min();
        if !self.retries && !pod.errors.is_empty() && !pod.started_some {
            return;
        }
        let next = if let Some(end) = init_ends {
            end
        } else if let Some(noticed) = noticed {
            if pod.started_some { noticed.max(now + NOTICED_AFTER) } else { noticed }
        } else if pod.errors.is_empty() {
            return;
        } else {
            let first_end = pod.errors.iter().flatten().min();
            match first_end {
                Some(end) if rules::SYNCED_AT_BACK_OFF_END.holds_in(release) => (*end).min(now + LONGEST_SYNC_WAIT),
                _ => match self.world.scenario.sync_after_error {
                    Some(after) => now + after,
                    None => {
                        let text =
                            format!("The kubelet looks at a failed pod again after {SYNC_AFTER_ERROR} (10 to 15 s).");
                        pod.assume(Assumption::new("syncAfterError", text));
                        now + SYNC_AFTER_ERROR
                    }
                },
            }
        };
        self.plan(next, Happening::Sync(at));
    }

    fn pod(&self, position: usize) -> Option<&PodRun<'a>> {
        self.pods.get(self.pods.binary_search_by_key(&position, |pod| pod.position).ok()?)
    }

    /// What the pulls come to, and what that depends on.
    fn verdict(&self, pod: &PodRun) -> Verdict {
        let facts = self.world.pods.get(pod.position);
        let verdict = explain::verdict(pod, self.until, facts);
        facts.map_or_else(|| verdict.clone(), |facts| facts.arrival.doubted(verdict.clone()))
    }

    /// Every pull of the node, in the order of asking.
    pub fn queue(self) -> Vec<QueueInterval> {
        self.queue
    }

    /// What became of a pod.
    pub fn report(&self, position: usize) -> Option<PullReport> {
        let pod = self.pod(position)?;
        let mut events = pod.events.clone();
        events.sort_by_key(|event| event.at);
        let simulated = self.verdict(pod);
        let held = self.world.held(position).cloned();
        Some(PullReport {
            name: pod.report.name.clone(),
            release: self.cluster.release,
            node: self.node.clone(),
            until: self.until,
            containers: pod
                .units
                .iter()
                .map(|unit| ContainerTimeline {
                    name: unit.report.name.clone(),
                    user: unit.report.user,
                    image: unit.image.to_owned(),
                    rounds: unit.rounds.clone(),
                })
                .collect(),
            queue: Vec::new(),
            moments: pod.moments.clone(),
            events,
            scheduled: pod.place.scheduled.then(|| (pod.place.at, assigned(pod.report, &self.node))),
            assumptions: pod.assumptions.clone(),
            verdict: held.as_ref().map_or(&simulated, |held| &held.verdict).clone(),
            held,
            simulated,
        })
    }

    /// What comes first of a pod.
    pub fn summary(&self, position: usize) -> Option<PullSummary> {
        let pod = self.pod(position)?;
        Some(PullSummary {
            node: self.node.clone(),
            first: pod.units.iter().map(|unit| unit.rounds.first().cloned()).collect(),
            assumptions: pod.assumptions.clone(),
            verdict: self.verdict(pod),
        })
    }
}
