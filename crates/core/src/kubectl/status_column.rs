//! The columns of `kubectl get pods -o wide`, as the API server's table generator fills them.

use crate::api::pod_status::{ContainerState, ContainerStatus, PodStatus};
use crate::api::{list, text};
use crate::kubectl::human_duration::age;
use crate::release::Release;
use crate::rule::events as rules;
use crate::time::Timestamp;
use podwhy_source::Node;

/// What the columns are made of: a pod's status, and the few things of its spec and metadata that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintedPod {
    /// How many `spec.containers` there are.
    pub containers: usize,
    /// `spec.initContainers`: each name, and whether it is a sidecar (restart policy Always).
    pub init_containers: Vec<(String, bool)>,
    /// `spec.nodeName`.
    pub node_name: String,
    /// The condition types in `spec.readinessGates`.
    pub readiness_gates: Vec<String>,
    /// Whether `metadata.deletionTimestamp` is set.
    pub being_deleted: bool,
    /// `status`.
    pub status: PodStatus,
}

/// The columns; AGE and NAME are not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodColumns {
    /// READY, such as `1/2`.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// RESTARTS, such as `3` or `3 (5m ago)`.
    pub restarts: String,
    /// IP.
    pub ip: String,
    /// NODE.
    pub node: String,
    /// NOMINATED NODE.
    pub nominated_node: String,
    /// READINESS GATES.
    pub readiness_gates: String,
}

/// The pod's reason while its node does not answer.
const NODE_LOST: &str = "NodeLost";

impl PrintedPod {
    /// Reads a pod object; what is missing or of another type reads as empty.
    #[must_use]
    pub fn read(pod: &Node) -> Self {
        let spec = pod.get("spec");
        let words = |node: &Node, key| text(node, key).map(|text| text.value).unwrap_or_default();
        let init_container = |node: &Node| (words(node, "name"), words(node, "restartPolicy") == "Always");
        Self {
            containers: spec.map_or(0, |spec| list(spec, "containers").count()),
            init_containers: spec
                .into_iter()
                .flat_map(|spec| list(spec, "initContainers"))
                .map(init_container)
                .collect(),
            node_name: spec.map(|spec| words(spec, "nodeName")).unwrap_or_default(),
            readiness_gates: spec
                .into_iter()
                .flat_map(|spec| list(spec, "readinessGates"))
                .map(|gate| words(gate, "conditionType"))
                .collect(),
            being_deleted: pod.get_path(&["metadata", "deletionTimestamp"]).is_some(),
            status: PodStatus::read(pod.get("status")),
        }
    }

    /// The columns at `now`, as the API server of `release` fills them.
    ///
    /// Source: pkg/printers/internalversion/printers.go printPod.
    #[must_use]
    pub fn columns(&self, now: Timestamp, release: Release) -> PodColumns {
        let or_none = |text: &str| if text.is_empty() { "<none>".to_owned() } else { text.to_owned() };
        let counts_sidecars = rules::STATUS_COUNTS_SIDECARS.holds_in(release);
        let mut count = Count { reason: self.own_reason(release), ..Count::default() };
        let initializing = self.scan_init_containers(counts_sidecars, &mut count);
        let initialized =
            rules::STATUS_AFTER_INITIALIZED.holds_in(release) && self.status.condition_is_true("Initialized");
        if !initializing || initialized {
            self.scan_containers(&mut count);
        }
        if self.being_deleted {
            let done = matches!(self.status.phase.as_str(), "Failed" | "Succeeded");
            if self.status.reason == NODE_LOST {
                count.reason = "Unknown".to_owned();
            } else if !(done && rules::STATUS_TERMINATING_UNLESS_DONE.holds_in(release)) {
                count.reason = "Terminating".to_owned();
            }
        }
        let sidecars = self.init_containers.iter().filter(|(_, sidecar)| *sidecar && counts_sidecars).count();
        let restarts = match count.restarts.last {
            last @ Some(_) if count.restarts.number != 0 && rules::RESTARTS_WITH_AGE.holds_in(release) => {
                format!("{} ({} ago)", count.restarts.number, age(now, last))
            }
            _ => count.restarts.number.to_string(),
        };
        PodColumns {
            ready: format!("{}/{}", count.ready, self.containers + sidecars),
            status: count.reason,
            restarts,
            ip: or_none(self.status.first_ip()),
            node: or_none(&self.node_name),
            nominated_node: or_none(&self.status.nominated_node_name),
            readiness_gates: self.readiness_gate_column(),
        }
    }

    /// The reason that holds if no container has one.
    fn own_reason(&self, release: Release) -> String {
        let gated = |condition: &crate::api::pod_status::Condition| {
            condition.kind == "PodScheduled" && condition.reason == "SchedulingGated"
        };
        if rules::STATUS_SCHEDULING_GATED.holds_in(release) && self.status.conditions.iter().any(gated) {
            return "SchedulingGated".to_owned();
        }
        let status = &self.status;
        if status.reason.is_empty() { status.phase.clone() } else { status.reason.clone() }
    }

    /// Walks the init containers up to the first that holds the pod back; says whether there is one.
    fn scan_init_containers(&self, counts_sidecars: bool, count: &mut Count) -> bool {
        let mut of_sidecars = Restarts::default();
        for (at, status) in self.status.init_container_statuses.iter().enumerate() {
            // Of equal names the last one in the spec counts: the server puts them into a map.
            let declared = self.init_containers.iter().rev().find(|(name, _)| *name == status.name);
            let sidecar = counts_sidecars && declared.is_some_and(|(_, sidecar)| *sidecar);
            count.restarts.add(status);
            if sidecar {
                of_sidecars.add(status);
            }
            let held_by = match &status.state {
                ContainerState::Terminated(end) if end.exit_code == 0 => continue,
                _ if sidecar && status.started => {
                    count.ready += usize::from(status.ready);
                    continue;
                }
                ContainerState::Terminated(end) => end.word(),
                ContainerState::Waiting { reason } if !reason.is_empty() && reason != "PodInitializing" => {
                    reason.clone()
                }
                _ => format!("{at}/{}", self.init_containers.len()),
            };
            count.reason = format!("Init:{held_by}");
            count.sidecar_restarts = of_sidecars;
            return true;
        }
        count.sidecar_restarts = of_sidecars;
        false
    }

    /// Walks the containers backwards, so that the first one's reason wins.
    fn scan_containers(&self, count: &mut Count) {
        count.restarts = count.sidecar_restarts;
        let mut running = false;
        for status in self.status.container_statuses.iter().rev() {
            count.restarts.add(status);
            match &status.state {
                ContainerState::Waiting { reason } if !reason.is_empty() => count.reason.clone_from(reason),
                ContainerState::Terminated(end) => count.reason = end.word(),
                ContainerState::Running if status.ready => {
                    running = true;
                    count.ready += 1;
                }
                _ => {}
            }
        }
        if count.reason == "Completed" && running {
            let ready = self.status.conditions.iter().any(|condition| condition.kind == "Ready" && condition.is_true());
            count.reason = if ready { "Running" } else { "NotReady" }.to_owned();
        }
    }

    fn readiness_gate_column(&self) -> String {
        if self.readiness_gates.is_empty() {
            return "<none>".to_owned();
        }
        let passed = self.readiness_gates.iter().filter(|gate| self.status.condition_is_true(gate)).count();
        format!("{passed}/{}", self.readiness_gates.len())
    }
}

/// What the walk over the containers gathers.
#[derive(Default)]
struct Count {
    reason: String,
    ready: usize,
    restarts: Restarts,
    sidecar_restarts: Restarts,
}

/// How many restarts, and when the last run before one of them ended.
#[derive(Clone, Copy, Default)]
struct Restarts {
    number: i64,
    last: Option<Timestamp>,
}

impl Restarts {
    fn add(&mut self, status: &ContainerStatus) {
        self.number = self.number.saturating_add(status.restart_count);
        self.last = self.last.max(status.last_finished_at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::pod_status::Terminated;

    fn container(name: &str, state: ContainerState) -> ContainerStatus {
        let ready = state == ContainerState::Running;
        ContainerStatus { name: name.to_owned(), ready, state, ..ContainerStatus::default() }
    }

    fn waiting(reason: &str) -> ContainerState {
        ContainerState::Waiting { reason: reason.to_owned() }
    }

    fn columns(pod: &PrintedPod, release: Release) -> PodColumns {
        pod.columns(Timestamp::from_unix(1_000), release)
    }

    #[test]
    fn the_first_containers_reason_wins() {
        let mut pod = PrintedPod { containers: 2, ..PrintedPod::default() };
        pod.status.container_statuses =
            vec![container("a", waiting("ErrImagePull")), container("b", waiting("ImagePullBackOff"))];
        let columns = columns(&pod, Release::DEFAULT);
        assert_eq!((columns.status.as_str(), columns.ready.as_str()), ("ErrImagePull", "0/2"));
    }

    #[test]
    fn an_init_container_that_waits_gives_the_status() {
        let mut pod = PrintedPod { containers: 1, ..PrintedPod::default() };
        pod.init_containers = vec![("i".to_owned(), false)];
        pod.status.init_container_statuses = vec![container("i", waiting("ImagePullBackOff"))];
        pod.status.container_statuses = vec![container("a", waiting("PodInitializing"))];
        assert_eq!(columns(&pod, Release::OLDEST).status, "Init:ImagePullBackOff");
    }

    #[test]
    fn a_finished_pod_that_is_deleted_is_terminating_in_old_releases_only() {
        let mut pod = PrintedPod { containers: 1, being_deleted: true, ..PrintedPod::default() };
        pod.status.phase = "Succeeded".to_owned();
        let end = Terminated { exit_code: 0, signal: 0, reason: "Completed".to_owned() };
        pod.status.container_statuses = vec![container("a", ContainerState::Terminated(end))];
        assert_eq!(columns(&pod, Release::OLDEST).status, "Terminating");
        assert_eq!(columns(&pod, Release::NEWEST).status, "Completed");
    }

    #[test]
    fn restarts_tell_their_age_in_newer_releases() {
        let mut pod = PrintedPod { containers: 1, ..PrintedPod::default() };
        let mut status = container("a", ContainerState::Running);
        status.restart_count = 3;
        status.last_finished_at = Some(Timestamp::from_unix(700));
        pod.status.container_statuses = vec![status];
        assert_eq!(columns(&pod, Release::OLDEST).restarts, "3");
        assert_eq!(columns(&pod, Release::NEWEST).restarts, "3 (5m ago)");
    }
}
