//! The node's puller: who pulls and who waits, attempt after attempt.

use super::super::explain;
use super::super::pod::field_path;
use super::{Happening, NodeRun};
use crate::image::reference;
use crate::image::reference::Grammar;
use crate::pulls::attempts;
use crate::pulls::manager::{OVER_LIMIT, Presence, PulledImage, Sync};
use crate::simulation::outcome::TimedAttempt;
use crate::time::Duration;

impl NodeRun<'_> {
    /// Asks for a pull: it begins at once if a slot is free.
    pub(super) fn ask(&mut self, ask: usize, now: Duration) {
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
            let (mut assumptions, mut unsure) = (Vec::new(), false);
            let (manager, registry, architecture) = (&mut self.manager, &self.registry, self.architecture);
            let tried = attempts::pull(lookup, |credential| {
                let began = ends;
                if !manager.may_ask(began) {
                    timed.push((began, began));
                    return Err(OVER_LIMIT.to_owned());
                }
                let answered = registry.answer(image, lookup, credential, began, architecture);
                assumptions.extend(answered.assumptions);
                unsure |= answered.unsure;
                ends = began + answered.takes;
                timed.push((began, ends));
                answered.result
            });
            for assumption in assumptions {
                pod.assume(assumption);
            }
            if let Some(unit) = pod.units.get_mut(*unit) {
                unit.unsure |= unsure;
            }
            let known: Vec<_> = lookup.attempts().collect();
            for (number, (attempt, (started_at, ended_at))) in tried.attempts.iter().zip(timed).enumerate() {
                round.attempts.push(TimedAttempt {
                    started_at,
                    ended_at,
                    user: attempt.credential.as_ref().map(|credential| credential.username.clone()),
                    source: known.get(number).map(|attempt| attempt.source.clone()),
                    key: known.get(number).map(|attempt| attempt.written.clone()),
                    span: known.get(number).map(|attempt| attempt.span),
                    result: attempt.result.clone(),
                });
            }
            round.trace.extend(explain::waited(asked_at, now, self.slots));
            let refused = tried.attempts.iter().any(|attempt| attempt.result == Err(OVER_LIMIT.to_owned()));
            round.trace.extend(refused.then(|| explain::over_limit(&self.world.config)));
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

    pub(super) fn pull_ends(&mut self, at: usize, now: Duration) {
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
}
