//! A pod's status, as written in an object or as a simulation makes it.

use crate::api::{list, text};
use crate::time::Timestamp;
use podwhy_source::Node;

/// The parts of `status` that are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodStatus {
    /// `phase`.
    pub phase: String,
    /// `reason`.
    pub reason: String,
    /// `conditions`.
    pub conditions: Vec<Condition>,
    /// `podIP`.
    pub pod_ip: String,
    /// The addresses in `podIPs`.
    pub pod_ips: Vec<String>,
    /// `nominatedNodeName`.
    pub nominated_node_name: String,
    /// `initContainerStatuses`.
    pub init_container_statuses: Vec<ContainerStatus>,
    /// `containerStatuses`.
    pub container_statuses: Vec<ContainerStatus>,
}

/// One of a pod's conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// `type`.
    pub kind: String,
    /// `status`: True, False or Unknown.
    pub status: String,
    /// `reason`.
    pub reason: String,
}

/// The status of one container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerStatus {
    /// `name`.
    pub name: String,
    /// `ready`.
    pub ready: bool,
    /// `started`; not set counts as false.
    pub started: bool,
    /// `restartCount`.
    pub restart_count: i64,
    /// `state`.
    pub state: ContainerState,
    /// `lastState.terminated.finishedAt`.
    pub last_finished_at: Option<Timestamp>,
}

/// What a container is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ContainerState {
    /// No state is given.
    #[default]
    None,
    /// It waits, for this reason (which may be empty).
    Waiting {
        /// `reason`.
        reason: String,
    },
    /// It runs.
    Running,
    /// It has ended.
    Terminated(Terminated),
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminated {
    /// `exitCode`.
    pub exit_code: i64,
    /// `signal`; 0 is none.
    pub signal: i64,
    /// `reason`.
    pub reason: String,
}

impl Terminated {
    /// One word for the end: its reason, else its signal, else its exit code.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            end if !end.reason.is_empty() => end.reason.clone(),
            end if end.signal != 0 => format!("Signal:{}", end.signal),
            end => format!("ExitCode:{}", end.exit_code),
        }
    }
}

impl Condition {
    /// Whether its status is exactly True.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }
}

impl PodStatus {
    /// Reads the object under `status`, absent or not.
    #[must_use]
    pub fn read(status: Option<&Node>) -> Self {
        let Some(status) = status else { return Self::default() };
        let condition = |node: &Node| Condition {
            kind: words(node, "type"),
            status: words(node, "status"),
            reason: words(node, "reason"),
        };
        Self {
            phase: words(status, "phase"),
            reason: words(status, "reason"),
            conditions: list(status, "conditions").map(condition).collect(),
            pod_ip: words(status, "podIP"),
            pod_ips: list(status, "podIPs").map(|ip| words(ip, "ip")).collect(),
            nominated_node_name: words(status, "nominatedNodeName"),
            init_container_statuses: list(status, "initContainerStatuses").map(ContainerStatus::read).collect(),
            container_statuses: list(status, "containerStatuses").map(ContainerStatus::read).collect(),
        }
    }

    /// The address that counts: `podIP` where it is set, else the first of `podIPs`, else nothing.
    ///
    /// Source: pkg/apis/core/v1/conversion.go Convert_v1_PodStatus_To_core_PodStatus.
    #[must_use]
    pub fn first_ip(&self) -> &str {
        match self.pod_ips.first() {
            Some(first) if self.pod_ip.is_empty() => first,
            _ => &self.pod_ip,
        }
    }

    /// Whether the first condition of this type is True.
    #[must_use]
    pub fn condition_is_true(&self, kind: &str) -> bool {
        self.conditions.iter().find(|condition| condition.kind == kind).is_some_and(Condition::is_true)
    }
}

impl ContainerStatus {
    fn read(node: &Node) -> Self {
        let flag = |key| node.get(key).and_then(Node::as_bool).unwrap_or_default();
        let finished = node.get_path(&["lastState", "terminated", "finishedAt"]).and_then(Node::as_text);
        Self {
            name: words(node, "name"),
            ready: flag("ready"),
            started: flag("started"),
            restart_count: integer(node, "restartCount"),
            state: node.get("state").map(ContainerState::read).unwrap_or_default(),
            last_finished_at: finished.and_then(Timestamp::parse),
        }
    }
}

impl ContainerState {
    fn read(node: &Node) -> Self {
        // An object with several members is not what Kubernetes writes; the printer asks in this order.
        if let Some(waiting) = node.get("waiting") {
            return Self::Waiting { reason: words(waiting, "reason") };
        }
        if let Some(end) = node.get("terminated") {
            return Self::Terminated(Terminated {
                exit_code: integer(end, "exitCode"),
                signal: integer(end, "signal"),
                reason: words(end, "reason"),
            });
        }
        if node.get("running").is_some() { Self::Running } else { Self::None }
    }
}

fn words(node: &Node, key: &str) -> String {
    text(node, key).map(|text| text.value).unwrap_or_default()
}

fn integer(node: &Node, key: &str) -> i64 {
    node.get(key).and_then(Node::as_int).unwrap_or_default()
}
