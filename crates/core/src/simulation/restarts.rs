//! How long a container that ends again and again waits for its next start.

use crate::feature::Feature;
use crate::pulls::backoff::{BackOff, Restart, restarts};
use crate::release::Cluster;
use crate::rule::{Rule, pulls as rules};
use crate::simulation::world::World;
use crate::time::Duration;
use crate::trace::{Mark, Step};
use serde::Serialize;

/// The waits of one setting of the kubelet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestartCurve {
    /// What the setting is called.
    pub name: &'static str,
    /// Whether it is the one of this cluster.
    pub in_use: bool,
    /// Why, or what would make it so.
    pub step: Step,
    /// Each end of the container and its next start.
    pub restarts: Vec<Restart>,
}

/// So many starts are shown.
const STARTS: usize = 10;

/// The waits under each setting that kubelets have, for a container whose runs all last as long as `run`: the one in use
/// is marked.
#[must_use]
pub fn restart_curves(world: &World, run: Duration) -> Vec<RestartCurve> {
    let configured = world.config.max_container_restart_period;
    let reduced = world.cluster.has(Feature::ReduceDefaultCrashLoopBackOffDecay);
    let limited = world.cluster.has(Feature::KubeletCrashLoopBackOffMax).then_some(configured).flatten();
    let with = |reduced: bool, limited: bool| {
        let mut cluster = Cluster::of(world.cluster.release);
        cluster.gates.insert(Feature::ReduceDefaultCrashLoopBackOffDecay, reduced);
        cluster.gates.insert(Feature::KubeletCrashLoopBackOffMax, limited);
        cluster
    };
    let curve = |name, cluster: &Cluster, in_use: bool, rule: &'static Rule, finding: String| RestartCurve {
        name,
        in_use,
        step: Step::new(rule, if in_use { Mark::Yes } else { Mark::Note }, finding),
        restarts: restarts(BackOff::for_restarts(cluster, configured), &[run; STARTS]),
    };
    let release = world.cluster.release;
    let standard = match (reduced, limited) {
        (false, None) => format!("This kubelet ({release}) doubles the wait from 10 s to 300 s."),
        _ => "Without feature gates the wait doubles from 10 s to 300 s.".to_owned(),
    };
    let mut curves = vec![curve(
        "10 s to 300 s",
        &with(false, false),
        !reduced && limited.is_none(),
        &rules::CRASH_LOOP_BACK_OFF,
        standard,
    )];
    if Feature::ReduceDefaultCrashLoopBackOffDecay.spec(release).is_some() {
        let gate = "ReduceDefaultCrashLoopBackOffDecay";
        let finding = if reduced {
            format!("The feature gate {gate} is on: the wait doubles from 1 s to 60 s.")
        } else {
            format!("With the feature gate {gate}, which is off, the wait would double from 1 s to 60 s.")
        };
        let in_use = reduced && limited.is_none();
        curves.push(curve("1 s to 60 s", &with(true, false), in_use, &rules::CRASH_LOOP_REDUCED, finding));
    }
    if let Some(longest) = limited {
        let finding = format!("The kubelet's configuration limits the wait to {longest} (maxContainerRestartPeriod).");
        curves.push(curve("as configured", &with(reduced, true), true, &rules::CRASH_LOOP_MAX, finding));
    }
    curves
}

#[cfg(test)]
mod tests {
    use crate::evaluate::Whole;
    use crate::feature::Feature;
    use crate::release::{Cluster, Release};
    use crate::session::{Input, InputKind, Session};
    use crate::time::Duration;

    /// Each curve's name, whether it is in use, and its first and last wait in seconds.
    fn curves(minor: u8, gates: &[Feature], config: &str) -> Vec<(&'static str, bool, i64, i64)> {
        let mut cluster = Cluster::of(Release::minor_unchecked(minor));
        gates.iter().for_each(|gate| cluster.gates.insert(*gate, true));
        let text = format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{config}\n");
        let inputs = vec![Input { kind: InputKind::KubeletConfig, name: String::new(), text }];
        let whole = Whole::of(Session { cluster, inputs, ..Session::default() });
        let shown = whole.restart_curves(Duration::ZERO);
        let waits = |curve: &super::RestartCurve, at: usize| curve.restarts[at].waited.whole_secs();
        shown.iter().map(|curve| (curve.name, curve.in_use, waits(curve, 1), waits(curve, 9))).collect()
    }

    #[test]
    fn the_gates_come_with_their_releases() {
        let standard = ("10 s to 300 s", true, 10, 300);
        assert_eq!(curves(31, &[], ""), [standard]);
        assert_eq!(curves(34, &[], ""), [standard, ("1 s to 60 s", false, 1, 60)]);
        let reduced = curves(34, &[Feature::ReduceDefaultCrashLoopBackOffDecay], "");
        assert_eq!(reduced.iter().map(|curve| curve.1).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn the_configured_limit_counts_behind_its_gate() {
        let limit = "crashLoopBackOff: {maxContainerRestartPeriod: 25s}";
        assert_eq!(curves(35, &[], limit).last(), Some(&("as configured", true, 10, 25)));
        assert!(curves(34, &[], limit).iter().all(|curve| curve.0 != "as configured"));
    }
}
