//! How many seconds a container gets when it is stopped, and whose wish counts.

use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;

/// A container always gets so many seconds between TERM and KILL: minimumGracePeriodInSeconds.
pub const MINIMUM_GRACE_SECONDS: i64 = 2;

/// Why a container is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KillReason {
    /// The pod is deleted.
    Deletion,
    /// The kubelet evicts the pod.
    Eviction,
    /// The container's liveness probe failed.
    LivenessProbe,
    /// The container's startup probe failed.
    StartupProbe,
    /// The container's definition changed.
    DefinitionChanged,
    /// The container's postStart hook failed.
    FailedPostStartHook,
    /// The pod has nothing left to run, so its sidecars are stopped.
    NothingLeft,
}

impl KillReason {
    /// The message of the event Killing. `subject` is `Container x`, or `Init container x` for a sidecar; `restarts`
    /// tells whether the kubelet means to start it again, which it says of ordinary containers only.
    #[must_use]
    pub fn message(self, subject: &str, name: &str, restarts: bool) -> String {
        let what = match self {
            Self::Deletion | Self::Eviction | Self::NothingLeft => return format!("Stopping container {name}"),
            Self::FailedPostStartHook => return "FailedPostStartHook".to_owned(),
            Self::LivenessProbe => "failed liveness probe",
            Self::StartupProbe => "failed startup probe",
            Self::DefinitionChanged => "definition changed",
        };
        let tail = if restarts { ", will be restarted" } else { "" };
        format!("{subject} {name} {what}{tail}")
    }

    /// Whether the whole pod ends, so that the pod worker decides on the grace.
    #[must_use]
    pub fn ends_pod(self) -> bool {
        matches!(self, Self::Deletion | Self::Eviction)
    }
}

/// Every number of seconds that may decide how long a container gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Graces {
    /// The pod's `terminationGracePeriodSeconds`.
    pub pod: Option<i64>,
    /// The deletion's: `metadata.deletionGracePeriodSeconds`, set by `kubectl delete --grace-period`.
    pub deletion: Option<i64>,
    /// That of the probe that failed.
    pub probe: Option<i64>,
    /// What the kubelet itself asks for, in an eviction.
    pub grace_override: Option<i64>,
}

/// The grace that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GracePeriod {
    /// The seconds that the hook may use; what it leaves is for the process.
    pub seconds: i64,
    /// What replaces the rest once the hook has ended, in releases that look at the override only then.
    pub replaced_by: Option<i64>,
    /// Whether this is the doubled grace of v1.22 to v1.27, whose patch releases were not all checked.
    pub unverified: bool,
}

/// The grace that counts: `setTerminationGracePeriod` of kuberuntime_container.go, and for a whole pod
/// `calculateEffectiveGracePeriod` of pod_workers.go.
#[must_use]
pub fn grace_period(reason: KillReason, graces: &Graces, cluster: &Cluster) -> Decision<GracePeriod> {
    let (seconds, step) = own_grace(reason, graces, cluster);
    let mut trace = vec![step];
    let by_worker = rules::POD_WORKER_GRACE.holds_in(cluster.release);
    let replacement = match (reason.ends_pod(), by_worker) {
        (false, _) => None,
        (true, true) => Some(effective_grace(graces, cluster)),
        (true, false) => graces.grace_override,
    };
    let Some(replacement) = replacement else {
        return Decision { outcome: GracePeriod { seconds, replaced_by: None, unverified: false }, trace };
    };
    if rules::OVERRIDE_BEFORE_HOOK.holds_in(cluster.release) {
        let finding = format!("For the whole pod {replacement} s count, and the hook uses them up too.");
        trace.push(Step::new(&rules::OVERRIDE_BEFORE_HOOK, Mark::Yes, finding));
        let outcome = GracePeriod { seconds: replacement, replaced_by: None, unverified: false };
        return Decision { outcome, trace };
    }
    let finding = if by_worker {
        format!(
            "The hook may use {seconds} s, and then the process gets {replacement} s anew: up to twice the grace (not verified for every patch release)."
        )
    } else {
        format!("The hook may use {seconds} s; then {replacement} s replace whatever is left.")
    };
    trace.push(Step::new(&rules::OVERRIDE_AFTER_HOOK, Mark::Note, finding));
    Decision { outcome: GracePeriod { seconds, replaced_by: Some(replacement), unverified: by_worker }, trace }
}

fn own_grace(reason: KillReason, graces: &Graces, cluster: &Cluster) -> (i64, Step) {
    let probe_failed = matches!(reason, KillReason::LivenessProbe | KillReason::StartupProbe);
    let probe = graces.probe.filter(|_| probe_failed && cluster.has(Feature::ProbeTerminationGracePeriod));
    match (graces.deletion, graces.pod, probe) {
        (Some(seconds), _, _) => {
            let finding = format!("The pod is being deleted with a grace of {seconds} s.");
            (seconds, Step::new(&rules::DELETION_GRACE, Mark::Yes, finding))
        }
        (None, Some(_), Some(seconds)) => {
            let finding = format!("The probe that failed has a grace of its own: {seconds} s.");
            (seconds, Step::new(&rules::PROBE_GRACE, Mark::Yes, finding))
        }
        (None, Some(seconds), None) => {
            let finding = format!("The pod's grace is {seconds} s.");
            (seconds, Step::new(&rules::POD_GRACE, Mark::Yes, finding))
        }
        (None, None, _) => {
            let finding = format!("No grace is given anywhere, so {MINIMUM_GRACE_SECONDS} s count.");
            (MINIMUM_GRACE_SECONDS, Step::new(&rules::MINIMUM_GRACE, Mark::Note, finding))
        }
    }
}

/// The smaller of the deletion's and the kubelet's own wish, else the pod's, and at least one second. A zero counts as
/// "nothing said yet" in between, as in the original.
fn effective_grace(graces: &Graces, cluster: &Cluster) -> i64 {
    let mut grace = 0;
    let mut given = false;
    for wish in [graces.deletion, graces.grace_override].into_iter().flatten() {
        if grace == 0 || wish < grace {
            grace = wish;
            given = true;
        }
    }
    if grace == 0 && !(given && rules::OVERRIDE_OF_ZERO_COUNTS.holds_in(cluster.release)) {
        grace = graces.pod.unwrap_or_default();
    }
    grace.max(1)
}

/// The override with which the kubelet evicts a pod at a hard threshold.
#[must_use]
pub fn hard_eviction_seconds(cluster: &Cluster) -> i64 {
    i64::from(rules::HARD_EVICTION_ONE_SECOND.holds_in(cluster.release))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;

    fn cluster(minor: u8) -> Cluster {
        Cluster::of(Release::from_minor(minor).unwrap())
    }

    fn grace(reason: KillReason, graces: Graces, minor: u8) -> (i64, Option<i64>) {
        let grace = grace_period(reason, &graces, &cluster(minor)).outcome;
        (grace.seconds, grace.replaced_by)
    }

    #[test]
    fn a_deletion_goes_before_the_pod_and_the_probe() {
        let graces = Graces { pod: Some(8), deletion: Some(4), probe: Some(2), grace_override: None };
        for reason in [KillReason::LivenessProbe, KillReason::StartupProbe, KillReason::DefinitionChanged] {
            assert_eq!(grace(reason, graces, 34), (4, None));
        }
        assert_eq!(grace(KillReason::Deletion, graces, 20), (4, None));
    }

    #[test]
    fn a_probe_has_a_grace_of_its_own_where_the_gate_is_on() {
        let graces = Graces { pod: Some(8), probe: Some(2), ..Graces::default() };
        for (minor, seconds) in [(20, 8), (22, 8), (24, 8), (25, 2), (34, 2)] {
            assert_eq!(grace(KillReason::LivenessProbe, graces, minor).0, seconds, "v1.{minor}");
        }
        assert_eq!(grace(KillReason::DefinitionChanged, graces, 34).0, 8, "no probe failed");
        let without_pod = Graces { pod: None, ..graces };
        assert_eq!(grace(KillReason::LivenessProbe, without_pod, 34).0, MINIMUM_GRACE_SECONDS);
    }

    #[test]
    fn the_kubelets_own_wish_counts_before_or_after_the_hook() {
        let graces = Graces { pod: Some(30), grace_override: Some(5), ..Graces::default() };
        assert_eq!(grace(KillReason::Eviction, graces, 20), (30, Some(5)));
        assert_eq!(grace(KillReason::Eviction, graces, 27), (30, Some(5)));
        assert_eq!(grace(KillReason::Eviction, graces, 28), (5, None));
        assert_eq!(grace(KillReason::Deletion, Graces { grace_override: None, ..graces }, 23), (30, Some(30)));
        let both = Graces { deletion: Some(9), ..graces };
        assert_eq!(grace(KillReason::Eviction, both, 32), (5, None));
        let zero = Graces { grace_override: Some(0), ..graces };
        assert_eq!(grace(KillReason::Eviction, zero, 23), (30, Some(30)), "a zero was taken for no wish");
        assert_eq!(grace(KillReason::Eviction, zero, 32), (1, None));
    }
}
