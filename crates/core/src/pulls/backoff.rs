//! Waiting after failures: image pulls and container restarts.

use crate::feature::Feature;
use crate::release::{Cluster, Release};
use crate::rule::lifecycle::BACK_OFF_EVENT_NAMES;
use crate::time::Duration;
use serde::Serialize;
use std::collections::BTreeMap;

/// The wait after the first failed pull. Source: pkg/kubelet/kubelet.go imageBackOffPeriod.
pub const IMAGE_BASE: Duration = Duration::from_secs(10);
/// The longest wait after a failed pull. Source: pkg/kubelet/kubelet.go MaxImageBackOff.
pub const IMAGE_MAX: Duration = Duration::from_secs(300);
/// After so long without a failure an entry of the default curves counts as new.
const EXPIRY: Duration = Duration::from_secs(600);

/// Waits that double with each failure, one row of waits for each key.
///
/// Source: k8s.io/client-go/util/flowcontrol/backoff.go Backoff, without jitter.
#[derive(Clone, Debug)]
pub struct BackOff {
    base: Duration,
    max: Duration,
    expiry: Duration,
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    wait: Duration,
    updated: Duration,
}

impl BackOff {
    /// Waits from `base` to `max`; an entry untouched for more than twice `max` counts as new.
    #[must_use]
    pub fn new(base: Duration, max: Duration) -> Self {
        Self { base, max, expiry: max.times(2), entries: BTreeMap::new() }
    }

    /// The kubelet's waits between pulls of an image.
    #[must_use]
    pub fn for_images() -> Self {
        Self::new(IMAGE_BASE, IMAGE_MAX)
    }

    /// The kubelet's waits between restarts of a container. `max_restart_period` is
    /// `crashLoopBackOff.maxContainerRestartPeriod` of its configuration, which counts behind a feature gate.
    ///
    /// Source: pkg/kubelet/kubelet.go newCrashLoopBackOff.
    #[must_use]
    pub fn for_restarts(cluster: &Cluster, max_restart_period: Option<Duration>) -> Self {
        let (base, max) = if cluster.has(Feature::ReduceDefaultCrashLoopBackOffDecay) {
            (Duration::from_secs(1), Duration::from_secs(60))
        } else {
            (Duration::from_secs(10), Duration::from_secs(300))
        };
        let max = max_restart_period.filter(|_| cluster.has(Feature::KubeletCrashLoopBackOffMax)).unwrap_or(max);
        Self { base: base.min(max), max, expiry: EXPIRY, entries: BTreeMap::new() }
    }

    /// The current wait of a key; `None` if it never failed.
    #[must_use]
    pub fn wait(&self, key: &str) -> Option<Duration> {
        self.entries.get(key).map(|entry| entry.wait)
    }

    /// Whether `now` still lies in the wait that began with the last failure; gives the end of the wait.
    ///
    /// Source: Backoff.IsInBackOffSinceUpdate.
    #[must_use]
    pub fn waits_since_update(&self, key: &str, now: Duration) -> Option<Duration> {
        let entry = self.entries.get(key)?;
        let end = entry.updated + entry.wait;
        (!self.expired(*entry, now) && now < end).then_some(end)
    }

    /// The end of the wait that begins at `event`, unless the entry has expired by then.
    ///
    /// Source: Backoff.IsInBackOffSince.
    #[must_use]
    pub fn wait_after(&self, key: &str, event: Duration) -> Option<Duration> {
        let entry = self.entries.get(key)?;
        (!self.expired(*entry, event)).then(|| event + entry.wait)
    }

    /// Counts one more failure that happened at `event`, and begins its wait at `now`. Gives the new wait.
    ///
    /// Source: Backoff.Next.
    pub fn fail(&mut self, key: &str, event: Duration, now: Duration) -> Duration {
        let known = self.entries.get(key).copied().filter(|entry| !self.expired(*entry, event));
        let wait = known.map_or(self.base, |entry| entry.wait.times(2).min(self.max));
        self.entries.insert(key.to_owned(), Entry { wait, updated: now });
        wait
    }

    /// Forgets what has expired: the only thing that a successful pull does. Source: Backoff.GC.
    pub fn forget_expired(&mut self, now: Duration) {
        let expiry = self.expiry;
        self.entries.retain(|_, entry| now - entry.updated <= expiry);
    }

    fn expired(&self, entry: Entry, event: Duration) -> bool {
        event - entry.updated > self.expiry
    }
}

/// One end of a container and its next start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restart {
    /// When the container ended.
    pub exit_at: Duration,
    /// When it is started again.
    pub restart_at: Duration,
    /// How long the kubelet makes it wait from its end; zero if not at all.
    pub waited: Duration,
    /// What the next end will have to wait.
    pub next_wait: Duration,
}

/// The starts of a container whose runs last as given, the first beginning at zero; the kubelet looks all the time.
///
/// The wait counts from the end of the run, and grows when the container is started, not when it ends.
/// Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff.
#[must_use]
pub fn restarts(mut back_off: BackOff, runs: &[Duration]) -> Vec<Restart> {
    // The real key is made of pod, container and the hash of its definition: one here.
    const KEY: &str = "container";
    let mut started = Duration::ZERO;
    let restart = |run: &Duration| {
        let exit_at = started + *run;
        let restart_at = back_off.wait_after(KEY, exit_at).unwrap_or(exit_at);
        let next_wait = back_off.fail(KEY, exit_at, restart_at);
        started = restart_at;
        Restart { exit_at, restart_at, waited: restart_at - exit_at, next_wait }
    };
    runs.iter().map(restart).collect()
}

/// The message of the waiting reason CrashLoopBackOff. `pod` is `name_namespace(uid)`.
///
/// Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff.
#[must_use]
pub fn crash_loop_message(wait: Duration, container: &str, pod: &str) -> String {
    format!("back-off {wait} restarting failed container={container} pod={pod}")
}

/// The message of the event BackOff about a container that waits to be started again. `pod` as above.
///
/// Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff.
#[must_use]
pub fn crash_loop_event(container: &str, pod: &str, release: Release) -> String {
    let named = BACK_OFF_EVENT_NAMES.holds_in(release);
    let tail = if named { format!(" {container} in pod {pod}") } else { String::new() };
    format!("Back-off restarting failed container{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(cluster: &Cluster, max: Option<Duration>, runs: &[i64]) -> Vec<i64> {
        let runs: Vec<Duration> = runs.iter().map(|run| Duration::from_secs(*run)).collect();
        let back_off = BackOff::for_restarts(cluster, max);
        restarts(back_off, &runs).iter().map(|restart| restart.waited.whole_secs()).collect()
    }

    #[test]
    fn restarts_wait_longer_and_longer() {
        let cluster = Cluster::of(Release::DEFAULT);
        assert_eq!(waits(&cluster, None, &[0; 8]), [0, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn a_run_of_more_than_ten_minutes_starts_anew() {
        let cluster = Cluster::of(Release::DEFAULT);
        assert_eq!(waits(&cluster, None, &[0, 0, 600, 601, 0]), [0, 10, 20, 0, 10]);
    }

    #[test]
    fn gates_give_other_curves() {
        let mut cluster = Cluster::of(Release::minor_unchecked(33));
        cluster.gates.insert(Feature::ReduceDefaultCrashLoopBackOffDecay, true);
        assert_eq!(waits(&cluster, None, &[0; 9]), [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        let cluster = Cluster::of(Release::minor_unchecked(35));
        let configured = Some(Duration::from_secs(5));
        assert_eq!(waits(&cluster, configured, &[0; 3]), [0, 5, 5]);
        assert_eq!(waits(&Cluster::of(Release::minor_unchecked(31)), configured, &[0; 3]), [0, 10, 20]);
    }

    #[test]
    fn a_pull_is_allowed_exactly_at_the_end_of_its_wait() {
        let mut back_off = BackOff::for_images();
        back_off.fail("k", Duration::ZERO, Duration::ZERO);
        let second = Duration::from_secs;
        assert_eq!(back_off.waits_since_update("k", Duration::from_millis(9_999)), Some(second(10)));
        assert_eq!(back_off.waits_since_update("k", second(10)), None);
        assert_eq!(back_off.fail("k", second(600), second(600)), second(20));
        assert_eq!(back_off.fail("k", second(1_201), second(1_201)), second(10));
    }
}
