//! One image for one container: what is there, who may use it, and what the kubelet does about it.

use super::super::SANDBOX_TAKES;
use super::super::explain;
use super::super::pod::field_path;
use super::{Ask, NodeRun};
use crate::credentials::keyring::{Keyrings, Lookup};
use crate::events::EventType;
use crate::feature::Feature;
use crate::image::reference;
use crate::pulls::built_in;
use crate::pulls::credential_plugin::Asker;
use crate::pulls::manager::{Access, Begun, Ensured, Presence, Sync, WaitingReason};
use crate::pulls::record::PulledWith;
use crate::pulls::verification::{Check, Remembered, check};
use crate::report::{ImageUser, PodReport};
use crate::rule::pulls as rules;
use crate::scenario::Assumption;
use crate::simulation::outcome::Round;
use crate::simulation::world::CONFIG_ERROR;
use crate::time::Duration;
use crate::trace::{Mark, Step};
use std::borrow::Cow;

impl<'a> NodeRun<'a> {
    /// Decides about one image; says whether a pull has to be waited for.
    pub(super) fn needs_image(&mut self, at: usize, position: usize, now: Duration) -> bool {
        let Some((pod, unit)) = self.pods.get(at).and_then(|pod| Some((pod, pod.units.get(position)?))) else {
            return false;
        };
        let (report, uid, field) = (pod.report, pod.uid(), field_path(unit.report));
        let (container, image, reference) = (unit.report, unit.image, unit.reference);
        let index = pod.position;
        let first = unit.rounds.is_empty();
        let mut round = explain::round(now);
        let repository = reference.map(reference::Reference::name);
        let asks = reference.is_some_and(|image| self.asks_plugins(image, container.policy.outcome.name(), &mut round));
        let asker = self.world.pods.get(index).filter(|_| asks).map(|facts| facts.asker(&uid, self.cluster));
        let lookup = self.lookup((report, asker), container.lookup.as_ref(), repository, now, &mut round);
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
                    of: Some((at, position, pulling, round, lookup)),
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

    /// Whether the plug-ins are asked before the image: where a pull follows, and for a while always.
    fn asks_plugins(&self, image: &reference::Reference, policy: &str, round: &mut Round) -> bool {
        let present = self.store.find(image).is_some();
        if policy == "Always" || policy != "Never" && !present {
            return true;
        }
        let rule = &rules::PLUGINS_ASKED_THOUGH_PRESENT;
        let eager = rule.holds_in(self.cluster.release);
        if eager
            && present
            && self.world.providers.providers.iter().any(|provider| provider.fits(&image.name()).is_some())
        {
            let finding = format!(
                "`{}` is on `{}`, and a kubelet of {} looks up credentials all the same: the container starts only when the plug-ins have answered.",
                image.image, self.node, self.cluster.release
            );
            round.trace.push(Step::new(rule, Mark::Note, finding));
        }
        eager || self.verification_asks(image, policy)
    }

    /// Whether verifying that the pod may use the image needs its credentials, or leads to a pull.
    fn verification_asks(&self, image: &reference::Reference, policy: &str) -> bool {
        if !self.cluster.has(Feature::KubeletEnsureSecretPulledImages) {
            return false;
        }
        let Some(stored) = self.store.find(image).filter(|stored| stored.inspect_error.is_none()) else { return false };
        let remembered = self.store.remembered(&stored.identity);
        let tried = check(&self.policy, &image.image, &remembered, Err(""), self.cluster.release);
        tried.looked_up || tried.must_pull() && policy != "Never"
    }

    /// The credentials for the image: those of the report, and what the plug-ins answer now, if the pod asks them.
    fn lookup(
        &mut self,
        (pod, asker): (&PodReport, Option<Asker>),
        known: Option<&'a Lookup>,
        repository: Option<String>,
        now: Duration,
        round: &mut Round,
    ) -> Cow<'a, Lookup> {
        let (world, cluster) = (self.world, self.cluster);
        let Some(repository) = repository else {
            return Cow::Owned(Keyrings::new(&[], None).lookup(""));
        };
        let uses_plugins = !world.providers.providers.is_empty() && cluster.has(Feature::KubeletCredentialProviders);
        let keyrings = Keyrings::new(&pod.pull_secrets, self.node_config);
        let Some(asker) = asker.filter(|_| uses_plugins) else {
            return known.map_or_else(|| Cow::Owned(keyrings.lookup(&repository)), Cow::Borrowed);
        };
        let pulled = self.plugins.pull(&repository, now, Some(&asker), |name| world.executes(name));
        round.trace.extend(pulled.trace);
        let together = !rules::PROVIDERS_AFTER_NODE_FILE.holds_in(cluster.release);
        let answers = pulled.answers.iter().map(|(name, config)| (name.as_str(), config));
        Cow::Owned(keyrings.and_providers(answers, together).lookup(&repository))
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

    /// The image is there, or the container waits.
    pub(super) fn decided(&mut self, at: usize, position: usize, now: Duration, ensured: Ensured, mut round: Round) {
        let Some(pod) = self.pods.get_mut(at) else { return };
        let Some(container) = pod.units.get(position).map(|unit| unit.report) else { return };
        let (field, image) = (field_path(container), pod.units.get(position).map_or("", |unit| unit.image).to_owned());
        let is_volume = container.user == ImageUser::ImageVolume;
        round.ended_at = now;
        round.ok = ensured.ok;
        round.reason = ensured.reason;
        round.message.clone_from(&ensured.message);
        round.trace.push(explain::ended(&round, &container.name));
        if !ensured.ok && pod.units.get(position).is_some_and(|unit| unit.rounds.is_empty()) {
            round.trace.extend(explain::looked_at_again(self.cluster.release));
            round.trace.extend(round.back_off_until.map(|_| explain::back_off_of(&image)));
        }
        pod.events.extend(ensured.events.iter().cloned());
        let backs_off = round.back_off_until.filter(|_| ensured.reason == Some(WaitingReason::ImagePullBackOff));
        let mut failure = ensured.error().map(|error| (error, ensured.message));
        if failure.is_none() && !is_volume {
            failure = pod.failed_volume(position);
        }
        let unconfigured = self.world.pods.get(pod.position).and_then(|facts| facts.unconfigured.get(&container.path));
        match (&failure, unconfigured) {
            (None, Some(unconfigured)) if !is_volume => {
                pod.event(now, EventType::Warning, "Failed", format!("Error: {}", unconfigured.message), field);
                failure = Some((CONFIG_ERROR.to_owned(), unconfigured.message.clone()));
                if pod.units.get(position).is_some_and(|unit| unit.rounds.is_empty()) {
                    round.trace.push(unconfigured.step.clone());
                }
                if let Some(assumption) = unconfigured.assumption() {
                    pod.assume(assumption);
                }
            }
            (Some((reason, _)), _) if !is_volume => {
                pod.event(now, EventType::Warning, "Failed", format!("Error: {reason}"), field);
            }
            _ => {}
        }
        if failure.is_some() {
            pod.errors.push(backs_off);
            if container.user != ImageUser::ImageVolume && pod.units.get(position).is_some_and(|unit| pod.ends(unit)) {
                pod.todo.clear();
            }
        } else {
            pod.started(position, now);
        }
        if let Some(unit) = pod.units.get_mut(position) {
            unit.failure = failure;
            unit.rounds.push(round);
        }
    }
}
