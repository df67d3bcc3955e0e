//! The events of a node in order of time: syncs of pods, and pulls that begin and end.

use super::explain;
use super::pod::{PodRun, UnitState, field_path};
use super::store::Store;
use super::{INIT_RUNS, LONGEST_SYNC_WAIT, NOTICED_AFTER, SANDBOX_TAKES, SYNC_AFTER_ERROR};
use crate::credentials::docker_config::DockerConfig;
use crate::credentials::keyring::{Keyrings, Lookup};
use crate::credentials::secrets::SecretState;
use crate::events::EventType;
use crate::feature::Feature;
use crate::image::reference::{self, Grammar};
use crate::pulls::attempts::{self, missing_secrets_message};
use crate::pulls::backoff::BackOff;
use crate::pulls::built_in;
use crate::pulls::credential_plugin::Plugins;
use crate::pulls::manager::{
    Access, Begun, Ensured, ImageManager, OVER_LIMIT, Presence, PullError, PulledImage, Pulling, Sync, WaitingReason,
};
use crate::pulls::outcome::{ContainerTimeline, PullReport, PullSummary, QueueInterval, Round, TimedAttempt};
use crate::pulls::queue::Puller;
use crate::pulls::record::PulledWith;
use crate::pulls::verification::{Check, Remembered, VerificationPolicy, check};
use crate::pulls::world::{PodFacts, World};
use crate::release::Cluster;
use crate::report::PodReport;
use crate::rule::pulls as rules;
use crate::scenario::{Assumption, Registry};
use crate::time::Duration;
use crate::trace::Step;
use std::collections::{BTreeMap, VecDeque};

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
struct Ask {
    /// The pod's position among the node's, the unit's in the pod, and what was begun; `None` for another pod.
    of: Option<(usize, usize, Pulling, Round, Box<Lookup>)>,
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
    asks: Vec<Ask>,
    waiting: VecDeque<usize>,
    pulling: usize,
    slots: Option<usize>,
    agenda: BTreeMap<(Duration, Happening), ()>,
}

impl<'a> NodeRun<'a> {
    pub fn new(
        world: &'a World,
        reports: &'a [PodReport],
        node_config: Option<&'a DockerConfig>,
        node: String,
        until: Duration,
        retries: bool,
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
            registry: Registry::new(&world.scenario, release),
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
            agenda: BTreeMap::new(),
            node,
        };
        run.take_pods(reports);
        run.take_other_pulls();
        run
    }

    fn take_pods(&mut self, reports: &'a [PodReport]) {
        let world = self.world;
        for (position, report) in reports.iter().enumerate().filter(|(_, report)| report.refused.is_none()) {
            let place = world.place(position, &report.namespace, &report.name);
            if place.node != self.node {
                continue;
            }
            let facts = world.pods.get(position);
            let mounts =
                move |path: &str| facts.and_then(|facts| facts.mounts.get(path)).map(Vec::as_slice).unwrap_or_default();
            let mut pod = PodRun::new(position, report, place, self.cluster, mounts);
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
            let usual = usual.and_then(|image| self.registry.facts(&image)?.takes);
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
            self.agenda.insert((at, happening), ());
        }
    }

    /// Lets everything happen.
    pub fn run(&mut self) {
        while let Some(((now, happening), ())) = self.agenda.pop_first() {
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
        pod.errors.clear();
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

    /// Decides about one image; says whether a pull has to be waited for.
    fn needs_image(&mut self, at: usize, position: usize, now: Duration) -> bool {
        let Some((pod, unit)) = self.pods.get(at).and_then(|pod| Some((pod, pod.units.get(position)?))) else {
            return false;
        };
        let (report, uid, field) = (pod.report, pod.uid(), field_path(unit.report));
        let (container, image, reference) = (unit.report, unit.image, unit.reference);
        let index = pod.position;
        let first = unit.rounds.is_empty();
        let mut round = explain::round(now);
        let lookup = self.lookup(
            report,
            self.world.pods.get(index),
            container.lookup.as_ref(),
            reference.map(reference::Reference::name),
            now,
            &mut round,
        );
        let presence = match reference {
            Some(reference) => self.presence(at, position, reference, &lookup, &mut round),
            None => Presence::Absent,
        };
        if first {
            round.trace.extend(reference.and_then(|reference| built_in::step(&reference.registry.value, self.cluster)));
        }
        let blocked = lookup.blocked.as_ref().map(|step| step.finding.clone());
        let sync = Sync {
            at: now,
            pod_name: &report.name,
            pod_uid: &uid,
            field_path: &field,
            image,
            policy: container.policy.outcome.name(),
            presence: &presence,
            look_up_error: blocked.as_deref(),
        };
        match self.manager.begin(&sync) {
            Begun::Done(ensured) => {
                round.back_off_until = self.manager.backs_off_until(&uid, image, now);
                self.decided(at, position, now, ensured, round);
                false
            }
            Begun::Pulls(pulling) => {
                let title = format!("{}/{}", report.name, container.name);
                let pod = self.pods.get(at).map(|pod| pod.position);
                let interval = self.interval(pod, Some(position), title, image, now);
                self.asks.push(Ask {
                    of: Some((at, position, pulling, round, Box::new(lookup))),
                    interval,
                    takes: Duration::ZERO,
                    result: None,
                    with: PulledWith::Node,
                });
                self.ask(self.asks.len() - 1, now);
                true
            }
        }
    }

    /// The credentials for the image: those of the report, and what the plug-ins answer now.
    fn lookup(
        &mut self,
        pod: &PodReport,
        facts: Option<&PodFacts>,
        known: Option<&Lookup>,
        repository: Option<String>,
        now: Duration,
        round: &mut Round,
    ) -> Lookup {
        let (world, cluster) = (self.world, self.cluster);
        let Some(repository) = repository else {
            return Keyrings::new(&[], None).lookup("");
        };
        let uses_plugins = !world.providers.providers.is_empty() && cluster.has(Feature::KubeletCredentialProviders);
        if let Some(known) = known.filter(|_| !uses_plugins) {
            return known.clone();
        }
        let refused: Vec<(&str, Step)> = world
            .providers
            .providers
            .iter()
            .filter_map(|provider| Some((provider.name.as_str(), explain::no_token(provider, facts?, cluster)?)))
            .collect();
        let execute = |name: &str| {
            let fails = world.scenario.failing_plugins.iter().any(|failing| failing == name)
                || refused.iter().any(|(refused, _)| *refused == name);
            world.responses.get(name).filter(|_| !fails)
        };
        let pulled = self.plugins.pull(&repository, now, execute);
        round.trace.extend(refused.iter().map(|(_, step)| step.clone()));
        round.trace.extend(pulled.trace);
        let together = !rules::PROVIDERS_AFTER_NODE_FILE.holds_in(cluster.release);
        let answers = pulled.answers.iter().map(|(name, config)| (name.as_str(), config));
        Keyrings::new(&pod.pull_secrets, self.node_config).and_providers(answers, together).lookup(&repository)
    }

    /// Whether the image is there and may be used; says so in the round.
    fn presence(
        &mut self,
        at: usize,
        position: usize,
        image: &reference::Reference,
        lookup: &Lookup,
        round: &mut Round,
    ) -> Presence {
        let Some(pod) = self.pods.get_mut(at) else { return Presence::Absent };
        let Some(container) = pod.units.get(position).map(|unit| unit.report) else { return Presence::Absent };
        let policy = container.policy.outcome.name();
        let Some(stored) = self.store.find(image).cloned() else {
            round.trace.push(explain::absent(&image.image, policy, &self.node));
            let key = format!("nodes[{}].images", self.node);
            if round.at == pod.place.at + SANDBOX_TAKES {
                let text = format!("`{}` is not on the node `{}`.", image.image, self.node);
                pod.assume(Assumption::new(key, text));
            }
            return Presence::Absent;
        };
        if let Some(error) = stored.inspect_error {
            return Presence::InspectFails(error);
        }
        round.trace.push(explain::present(&image.image, policy, &self.node, stored.came_by));
        if policy == "Always" {
            return Presence::Present(Access::Granted);
        }
        let credentials = self.store.credentials_of(&pod.report.namespace, lookup, self.world, pod.position);
        let blocked = lookup.blocked.as_ref().map(|step| step.finding.as_str());
        let known = blocked.map_or(Ok(&credentials), Err);
        let remembered = self.store.remembered(&stored.identity);
        let checked = check(&self.policy, &image.image, &remembered, known, self.cluster.release);
        let verifies = self.cluster.has(Feature::KubeletEnsureSecretPulledImages);
        round.changes.extend(explain::verification_change(&image.image, policy, &checked));
        if !verifies {
            round.trace.push(explain::not_verified(self.cluster.release));
            return Presence::Present(Access::Granted);
        }
        round.trace.extend(checked.trace.iter().cloned());
        if let Some(record) = &checked.record_after {
            self.store.set_record(&stored.identity, Remembered::Record(record.clone()));
        }
        Presence::Present(match checked {
            Check { error: Some(error), .. } => Access::LookupFails(error),
            checked if checked.must_pull() => Access::MustPull,
            _ => Access::Granted,
        })
    }

    /// Asks for a pull: it begins at once if a slot is free.
    fn ask(&mut self, ask: usize, now: Duration) {
        if self.slots.is_none_or(|slots| self.pulling < slots) {
            self.pull_begins(ask, now);
        } else {
            self.waiting.push_back(ask);
        }
    }

    fn pull_begins(&mut self, at: usize, now: Duration) {
        self.pulling += 1;
        let Some(ask) = self.asks.get_mut(at) else { return };
        let mut ends = now + ask.takes;
        if let Some((pod, unit, _, round, lookup)) = &mut ask.of
            && let Some(pod) = self.pods.get_mut(*pod)
            && let Some(image) = pod.units.get(*unit).and_then(|unit| unit.reference)
        {
            let asked_at = round.at;
            round.pulling_since = Some(now);
            ends = now;
            let mut timed: Vec<(Duration, Duration)> = Vec::new();
            let mut assumptions = Vec::new();
            let (manager, registry, architecture) = (&mut self.manager, self.registry, self.architecture);
            let tried = attempts::pull(lookup, |credential| {
                let began = ends;
                if !manager.may_ask(began) {
                    timed.push((began, began));
                    return Err(OVER_LIMIT.to_owned());
                }
                let answered = registry.answer(image, credential, began, architecture);
                assumptions.extend(answered.assumption);
                ends = began + answered.takes;
                timed.push((began, ends));
                answered.result
            });
            for assumption in assumptions {
                pod.assume(assumption);
            }
            let sources: Vec<_> = lookup.attempts().map(|attempt| attempt.source.clone()).collect();
            for (number, (attempt, (started_at, ended_at))) in tried.attempts.iter().zip(timed).enumerate() {
                round.attempts.push(TimedAttempt {
                    started_at,
                    ended_at,
                    user: attempt.credential.as_ref().map(|credential| credential.username.clone()),
                    source: sources.get(number).cloned(),
                    result: attempt.result.clone(),
                });
            }
            round.trace.extend(explain::waited(asked_at, now, self.slots));
            round.trace.extend(tried.trace);
            let last = tried.attempts.last();
            let source = round.attempts.last().and_then(|attempt| attempt.source.as_ref());
            let credential = last.and_then(|attempt| attempt.credential.as_ref());
            ask.with = self.store.with(&pod.report.namespace, source, credential, self.world, pod.position);
            let size = registry.size(image);
            ask.result = Some(tried.result.map(|()| PulledImage { size, took: ends - now, waited: now - asked_at }));
        }
        let failed = matches!(ask.result, Some(Err(_)));
        if let Some(interval) = self.queue.get_mut(ask.interval) {
            interval.started_at = Some(now);
            interval.ended_at = Some(ends);
            interval.ok = !failed;
        }
        self.plan(ends, Happening::PullEnds(at));
    }

    fn pull_ends(&mut self, at: usize, now: Duration) {
        self.pulling = self.pulling.saturating_sub(1);
        if let Some(next) = self.waiting.pop_front() {
            self.pull_begins(next, now);
        }
        let Some(ask) = self.asks.get_mut(at) else { return };
        let with = ask.with.clone();
        let image = self.queue.get(ask.interval).map(|interval| interval.image.clone()).unwrap_or_default();
        let parsed = reference::parse(&image, Grammar::of(self.cluster.release));
        let ok = !matches!(ask.result, Some(Err(_)));
        let pulled = (ask.result.take(), ask.of.take());
        if let (true, Ok(image)) = (ok, &parsed) {
            self.store.pulled(image, self.registry.digest_at(image, now), &with);
        }
        let (Some(result), Some((pod, unit, pulling, mut round, _))) = pulled else { return };
        let Some((report, uid, field)) =
            self.pods.get(pod).and_then(|pod| Some((pod.report, pod.uid(), field_path(pod.units.get(unit)?.report))))
        else {
            return;
        };
        let presence = Presence::Absent;
        let sync = Sync {
            at: round.at,
            pod_name: &report.name,
            pod_uid: &uid,
            field_path: &field,
            image: &image,
            policy: "",
            presence: &presence,
            look_up_error: None,
        };
        let ensured = self.manager.finish(&sync, pulling, now, &result);
        round.back_off_until = self.manager.backs_off_until(&uid, &image, now).filter(|_| !ensured.ok);
        self.decided(pod, unit, now, ensured, round);
        self.go_on(pod, now);
    }

    /// The image is there, or the container waits.
    fn decided(&mut self, at: usize, position: usize, now: Duration, ensured: Ensured, mut round: Round) {
        let Some(pod) = self.pods.get_mut(at) else { return };
        let Some(container) = pod.units.get(position).map(|unit| unit.report) else { return };
        let field = field_path(container);
        let is_volume = container.user == crate::report::ImageUser::ImageVolume;
        round.ended_at = now;
        round.ok = ensured.ok;
        round.reason = ensured.reason;
        round.message.clone_from(&ensured.message);
        round.trace.push(explain::ended(&round, &container.name));
        pod.events.extend(ensured.events.iter().cloned());
        let backs_off = round.back_off_until.filter(|_| ensured.reason == Some(WaitingReason::ImagePullBackOff));
        let mut failure = (!ensured.ok).then(|| {
            let reason = ensured.reason.map_or_else(|| ensured.message.clone(), |reason| reason.to_string());
            (reason, ensured.message)
        });
        if failure.is_none() && !is_volume {
            failure = pod.failed_volume(position);
        }
        if let Some((reason, _)) = failure.as_ref().filter(|_| !is_volume) {
            pod.event(now, EventType::Warning, "Failed", format!("Error: {reason}"), field);
        }
        if failure.is_some() {
            pod.errors.push(backs_off);
            if container.user != crate::report::ImageUser::ImageVolume
                && pod.units.get(position).is_some_and(|unit| pod.ends(unit))
            {
                pod.todo.clear();
            }
        } else {
            pod.started(position, now, INIT_RUNS);
        }
        if let Some(unit) = pod.units.get_mut(position) {
            unit.failure = failure;
            unit.rounds.push(round);
        }
    }

    /// The sync ends: says when the pod is looked at again.
    fn sync_ends(&mut self, at: usize, now: Duration) {
        let release = self.cluster.release;
        let Some(pod) = self.pods.get_mut(at) else { return };
        pod.busy = false;
        let noticed =
            if pod.syncs == 1 || pod.started_some { Some(now.max(pod.sync_began + NOTICED_AFTER)) } else { None };
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
                _ => {
                    let text =
                        format!("The kubelet looks at a failed pod again after {SYNC_AFTER_ERROR} (10 to 15 s).");
                    pod.assume(Assumption::new("syncAfterError", text));
                    now + SYNC_AFTER_ERROR
                }
            }
        };
        self.plan(next, Happening::Sync(at));
    }

    fn pod(&self, position: usize) -> Option<&PodRun<'a>> {
        self.pods.iter().find(|pod| pod.position == position)
    }

    /// What became of a pod.
    pub fn report(&self, position: usize) -> Option<PullReport> {
        let pod = self.pod(position)?;
        let mut events = pod.events.clone();
        events.sort_by_key(|event| event.at);
        let name = format!("{}/{}", pod.report.namespace, pod.report.name);
        let message = format!("Successfully assigned {name} to {}", self.node);
        Some(PullReport {
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
            queue: self.queue.clone(),
            moments: pod.moments.clone(),
            events,
            scheduled: pod.place.scheduled.then_some((pod.place.at, message)),
            assumptions: pod.assumptions.clone(),
            verdict: explain::verdict(pod, self.until),
        })
    }

    /// What comes first of a pod.
    pub fn summary(&self, position: usize) -> Option<PullSummary> {
        let pod = self.pod(position)?;
        Some(PullSummary {
            node: self.node.clone(),
            first: pod.units.iter().map(|unit| unit.rounds.first().cloned()).collect(),
            assumptions: pod.assumptions.clone(),
            verdict: explain::verdict(pod, self.until),
        })
    }
}
