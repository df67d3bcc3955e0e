//! How all containers of a pod are stopped: everyone at once, sidecars last and in reverse.

use super::Millis;
use super::grace::{Graces, KillReason};
use super::termination::{Killing, Process, Stopped, kill_in_turn};
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;

/// Where a container belongs when its pod ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An init container that ends before the next one starts.
    Init,
    /// An init container that keeps running (`restartPolicy: Always`).
    Sidecar,
    /// A container of the application.
    Main,
}

/// One container of the pod, and how it behaves.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its process.
    pub process: Process<'a>,
    /// Where it belongs.
    pub kind: Kind,
    /// Whether it runs.
    pub running: bool,
    /// When the process ends by itself, if it got its signal before already.
    pub ends_at: Option<Millis>,
}

/// The pod that ends.
#[derive(Clone, Debug)]
pub struct Ending<'a> {
    /// Deletion or eviction.
    pub reason: KillReason,
    /// The graces that may count.
    pub graces: Graces,
    /// Its containers in the order of the spec: init containers, then the others.
    pub members: &'a [Member<'a>],
    /// When the kubelet begins.
    pub at: Millis,
}

/// How the pod ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// For each container in the order of [`Ending::members`]: how it was stopped, `None` if it did not run.
    pub containers: Vec<Option<Stopped>>,
    /// When the last process was gone; the beginning if none ran.
    pub ended: Millis,
}

/// Stops every container: `killContainersWithSyncResult` with `terminationOrdering`. All kills begin at once, so each is
/// computed by itself; a sidecar's turn comes from those that it waits for, which all stand behind it in the spec.
#[must_use]
pub fn kill_pod(ending: &Ending<'_>, cluster: &Cluster) -> Decision<Ended> {
    let sidecars = cluster.has(Feature::SidecarContainers);
    let is_sidecar = |member: &Member<'_>| member.kind == Kind::Sidecar && sidecars;
    let ordered = rules::SIDECARS_STOP_LAST.holds_in(cluster.release) && ending.members.iter().any(is_sidecar);

    let mut containers = Vec::with_capacity(ending.members.len());
    let mut traces = Vec::with_capacity(ending.members.len());
    let mut mains_ended = ending.at;
    // When the sidecar behind this one in the spec ended; one that does not run counts as ended.
    let mut next_sidecar_ended = ending.at;
    for member in ending.members.iter().rev() {
        let waits = ordered && is_sidecar(member);
        let others_ended = Some(mains_ended.max(next_sidecar_ended)).filter(|_| waits);
        let stopped = member.running.then(|| {
            let killing = Killing {
                process: member.process,
                graces: ending.graces,
                reason: ending.reason,
                message: ending.reason.message("Container", member.process.name, false),
                at: ending.at,
            };
            let killed = kill_in_turn(&killing, others_ended, cluster);
            traces.push(killed.trace);
            ended_by_itself(killed.outcome, member.ends_at)
        });
        let ended = stopped.as_ref().map_or(ending.at, |stopped| stopped.ended);
        match member.kind {
            Kind::Main => mains_ended = mains_ended.max(ended),
            Kind::Sidecar => next_sidecar_ended = ended,
            Kind::Init => {}
        }
        containers.push(stopped);
    }
    containers.reverse();
    let ended = containers.iter().flatten().map(|stopped| stopped.ended).max().unwrap_or(ending.at);
    let running = containers.iter().flatten().count();
    let finding = format!("All {running} running containers are stopped at the same time, each with the full grace.");
    let mut trace = vec![Step::new(&rules::ALL_CONTAINERS_AT_ONCE, Mark::Note, finding)];
    trace.extend(traces.into_iter().rev().flatten());
    Decision { outcome: Ended { containers, ended }, trace }
}

/// A process that got its signal before, and ends by itself before the kubelet is done with it.
fn ended_by_itself(mut stopped: Stopped, ends_at: Option<Millis>) -> Stopped {
    if let Some(ends_at) = ends_at.filter(|ends_at| *ends_at < stopped.ended) {
        stopped.cut_at(ends_at);
    }
    stopped
}
