//! A node's pulls over time: every pod on it, image after image, with queue, attempts, failures and back-off.
//!
//! The simulation asks no clock and has no randomness. Where the kubelet adds some (10 to 15 s until it looks at a
//! failed pod again) a value in between is taken, and told as an assumption.

pub mod arrival;
pub mod edit;
mod explain;
mod node;
pub mod outcome;
mod pod;
pub mod points_at;
pub mod restarts;
pub mod sources;
mod store;
pub mod world;

pub(crate) use pod::field_path;

use crate::report::{PodReport, Report};
use crate::simulation::outcome::{PullReport, PullSummary, QueueInterval};
use crate::simulation::world::World;
use crate::time::Duration;
use node::NodeRun;
use std::collections::BTreeMap;

/// How much time is simulated.
pub const UNTIL: Duration = Duration::from_secs(1_200);
/// How long the sandbox of a pod takes.
pub const SANDBOX_TAKES: Duration = Duration::from_secs(1);
/// How long an init container runs.
pub const INIT_RUNS: Duration = Duration::from_secs(1);
/// When the kubelet looks at a failed pod again: between 10 and 15 s.
pub const SYNC_AFTER_ERROR: Duration = Duration::from_secs(12);
/// How soon the kubelet notices that a container or sandbox has started.
pub const NOTICED_AFTER: Duration = Duration::from_secs(1);
/// The longest time until a pod in back-off is looked at again.
pub const LONGEST_SYNC_WAIT: Duration = Duration::from_secs(60);

/// What happens to the images of the pod at this position in the report, up to [`UNTIL`], together with all pods of
/// its node. `None` where there is no such pod. What keeps the pod from being started at all stands in
/// [`PullReport::held`]; the rest is then what would happen otherwise.
///
/// This is too much work for every keystroke; [`PodReport::pull`] has what comes first.
#[must_use]
pub fn simulate(report: &Report, pod: usize) -> Option<PullReport> {
    simulate_node(report, pod)?.report(pod)
}

/// What happens to the images of a node's pods.
#[derive(Clone, Debug)]
pub(crate) struct Simulated {
    /// The node's pulls, which are every pod's.
    queue: Vec<QueueInterval>,
    /// The pods by their positions, without the queue.
    pods: Vec<(usize, PullReport)>,
}

impl Simulated {
    /// What happens to the images of the pod at this position.
    pub fn report(&self, pod: usize) -> Option<PullReport> {
        let (_, report) = self.pods.iter().find(|(position, _)| *position == pod)?;
        Some(PullReport { queue: self.queue.clone(), ..report.clone() })
    }
}

/// [`simulate`] for all pods that share a node with this one; of a held pod, for it alone: the others never meet it.
pub(crate) fn simulate_node(report: &Report, pod: usize) -> Option<Simulated> {
    let world = report.world.as_deref()?;
    let node = place_name(world, pod, report.pods.get(pod)?);
    let run_there = |(at, other): (usize, &PodReport)| {
        ((at == pod || world.held(at).is_none()) && place_name(world, at, other) == node).then_some(at)
    };
    let mut positions: Vec<usize> = report.pods.iter().enumerate().filter_map(run_there).collect();
    let mut run = NodeRun::new(world, &report.pods, report.node_file_config(), node, &positions, (UNTIL, true));
    run.run();
    if world.held(pod).is_some() {
        positions = vec![pod];
    }
    let pods = positions.into_iter().filter_map(|position| Some((position, run.report(position)?)));
    Some(Simulated { pods: pods.collect(), queue: run.queue() })
}

/// What comes first, for every pod that there is; in the order of the pods.
pub(crate) fn summaries(report: &Report, world: &World) -> Vec<Option<PullSummary>> {
    let mut nodes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut summaries: Vec<Option<PullSummary>> = vec![None; report.pods.len()];
    for ((position, pod), summary) in report.pods.iter().enumerate().zip(&mut summaries) {
        let place = || world.place(position, &pod.namespace, &pod.name);
        match world.held(position) {
            None => nodes.entry(place().node).or_default().push(position),
            Some(held) if pod.refused.is_none() => *summary = Some(PullSummary::held(held, place())),
            Some(_) => {}
        }
    }
    for (node, positions) in nodes {
        let mut run =
            NodeRun::new(world, &report.pods, report.node_file_config(), node, &positions, (FIRST_UNTIL, false));
        run.run();
        for position in positions {
            if let Some(place) = summaries.get_mut(position) {
                *place = run.summary(position);
            }
        }
    }
    summaries
}

/// First pulls are followed for a day: a node with many big images is slow, and nobody pulls twice.
const FIRST_UNTIL: Duration = Duration::from_secs(86_400);

fn place_name(world: &World, position: usize, pod: &PodReport) -> String {
    world.place(position, &pod.namespace, &pod.name).node
}
