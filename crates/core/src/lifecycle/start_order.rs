//! What one sync of the kubelet starts and kills: `computePodActions` of kuberuntime_manager.go.

use super::grace::KillReason;
use crate::api::lifecycle::{ContainerLifecycle, RestartRule};
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::lifecycle as rules;
use crate::trace::{Decision, Mark, Step};
use serde::Serialize;

mod init;

/// `restartPolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs)]
pub enum RestartPolicy {
    #[default]
    Always,
    OnFailure,
    Never,
}

impl RestartPolicy {
    /// The policy of this name; anything else acts as Always.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text {
            "OnFailure" => Self::OnFailure,
            "Never" => Self::Never,
            _ => Self::Always,
        }
    }

    /// Whether a container that exited with this code is started again.
    #[must_use]
    pub fn restarts(self, exit_code: i64) -> bool {
        match self {
            Self::Always => true,
            Self::OnFailure => exit_code != 0,
            Self::Never => false,
        }
    }
}

/// What the runtime says about a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was made and never started.
    Created,
    /// It runs.
    Running,
    /// It ended.
    Exited,
    /// The runtime does not know.
    Unknown,
}

/// The last result of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs)]
pub enum ProbeResult {
    Success,
    Failure,
}

/// The newest instance of a container that the runtime knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its state.
    pub state: State,
    /// The exit code, 0 while there is none.
    pub exit_code: i64,
    /// The runtime's reason for the end, such as `OOMKilled`.
    pub reason: String,
    /// Whether it was made from another definition than the pod has now.
    pub definition_changed: bool,
    /// The liveness probe's last result.
    pub liveness: Option<ProbeResult>,
    /// The startup probe's last result.
    pub startup: Option<ProbeResult>,
}

/// A container of the spec.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is an init container with `restartPolicy: Always`.
    pub sidecar: bool,
    /// Whether it has a startup probe.
    pub startup_probe: bool,
    /// Whether it has a liveness probe.
    pub liveness_probe: bool,
    /// Its own `restartPolicy`.
    pub restart_policy: Option<RestartPolicy>,
    /// Its `restartPolicyRules`.
    pub restart_rules: &'a [RestartRule],
    /// What the runtime knows of it; `None` if nothing.
    pub status: Option<Status>,
}

impl<'a> Member<'a> {
    /// The container as it is written in `initContainers` (`init`) or `containers`, with what the runtime knows of it.
    #[must_use]
    pub fn new(name: &'a str, lifecycle: &'a ContainerLifecycle, init: bool, status: Option<Status>) -> Self {
        let policy = lifecycle.restart_policy.as_ref().map(|policy| policy.value.as_str());
        Self {
            name,
            sidecar: init && policy == Some("Always"),
            startup_probe: lifecycle.startup_probe.is_some(),
            liveness_probe: lifecycle.liveness_probe.is_some(),
            restart_policy: policy.map(RestartPolicy::read),
            restart_rules: &lifecycle.restart_rules,
            status,
        }
    }

    /// The policy for a container that has not exited: its own where the release knows it, else the pod's.
    #[must_use]
    pub fn policy(&self, of_pod: RestartPolicy, cluster: &Cluster) -> RestartPolicy {
        self.restart_policy.filter(|_| cluster.has(Feature::ContainerRestartRules)).unwrap_or(of_pod)
    }

    /// Whether it is started again after it ended with this code.
    #[must_use]
    pub fn restarts_after(&self, exit_code: i64, of_pod: RestartPolicy, cluster: &Cluster) -> bool {
        self.restart_rule(exit_code, cluster) || self.policy(of_pod, cluster).restarts(exit_code)
    }

    /// `findMatchingContainerRestartRule` of pkg/api/v1/pod/util.go: whether one of its rules restarts it.
    fn restart_rule(&self, exit_code: i64, cluster: &Cluster) -> bool {
        let applies = |rule: &&RestartRule| match rule.operator.as_str() {
            "In" => rule.values.contains(&exit_code),
            "NotIn" => !rule.values.contains(&exit_code),
            _ => false,
        };
        self.restart_policy.is_some()
            && cluster.has(Feature::ContainerRestartRules)
            && self.restart_rules.iter().find(applies).is_some_and(|rule| rule.action == "Restart")
    }
}

/// The newest sandbox of the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sandbox {
    /// Whether it is ready.
    pub ready: bool,
    /// Its number, counted from 0.
    pub attempt: u32,
    /// Whether it has an address.
    pub has_ip: bool,
    /// Whether it shares the node's network.
    pub host_network: bool,
}

/// The pod as the sync finds it.
#[derive(Clone, Debug)]
pub struct Pod<'a> {
    /// The pod's name, namespace and UID do not matter here; this is its `restartPolicy`.
    pub restart_policy: RestartPolicy,
    /// Whether it is being deleted.
    pub deleted: bool,
    /// `hostNetwork`.
    pub host_network: bool,
    /// The newest sandbox.
    pub sandbox: Option<Sandbox>,
    /// `initContainers`.
    pub init_containers: Vec<Member<'a>>,
    /// `containers`.
    pub containers: Vec<Member<'a>>,
}

/// A container that is killed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kill {
    /// Its name.
    pub name: String,
    /// The message of the event Killing.
    pub message: String,
}

/// What a sync does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// Init containers that are started, in order, before the others.
    pub init_to_start: Vec<String>,
    /// Containers that are started, in order. Back-off may still hold them.
    pub start: Vec<String>,
    /// Containers that are killed, sorted by name (the kubelet has no order for them).
    pub kill: Vec<Kill>,
    /// Whether everything that runs is killed.
    pub kill_pod: bool,
    /// Whether a new sandbox is made.
    pub create_sandbox: bool,
    /// The sandbox's number.
    pub attempt: u32,
}

/// What the sync of a pod does.
#[must_use]
pub fn compute_pod_actions(pod: &Pod<'_>, cluster: &Cluster) -> Decision<Actions> {
    let mut plan = Plan { pod, cluster, actions: Actions::default(), trace: Vec::new() };
    let (changed, attempt) = plan.sandbox_changed();
    plan.actions.attempt = attempt;
    if changed {
        plan.new_sandbox();
    } else {
        let initialized = if cluster.has(Feature::SidecarContainers) {
            plan.init_containers()
        } else {
            plan.init_containers_one_by_one()
        };
        if initialized && !plan.actions.kill_pod {
            plan.containers();
        }
    }
    plan.actions.kill.sort_by(|a, b| a.name.cmp(&b.name));
    Decision { outcome: plan.actions, trace: plan.trace }
}

struct Plan<'a> {
    pod: &'a Pod<'a>,
    cluster: &'a Cluster,
    actions: Actions,
    trace: Vec<Step>,
}

impl Plan<'_> {
    fn note(&mut self, rule: &'static crate::rule::Rule, mark: Mark, finding: impl ToString) {
        self.trace.push(Step::new(rule, mark, finding));
    }

    fn kill(&mut self, name: &str, message: String) {
        self.actions.kill.push(Kill { name: name.to_owned(), message });
    }

    /// `podSandboxChanged`: whether a new sandbox is needed, and its number.
    fn sandbox_changed(&mut self) -> (bool, u32) {
        let Some(sandbox) = self.pod.sandbox else {
            self.note(&rules::SANDBOX_FIRST, Mark::Note, "The pod has no sandbox yet.");
            return (true, 0);
        };
        let problem = match () {
            () if !sandbox.ready => "The sandbox is no longer ready.",
            () if sandbox.host_network != self.pod.host_network => {
                "The sandbox has another network than the pod wants."
            }
            () if !self.pod.host_network && !sandbox.has_ip => "The sandbox has no address.",
            () => return (false, sandbox.attempt),
        };
        self.note(&rules::SANDBOX_CHANGED, Mark::No, problem);
        (true, sandbox.attempt.saturating_add(1))
    }

    /// Everything begins anew, unless there is nothing left to do.
    fn new_sandbox(&mut self) {
        let pod = self.pod;
        self.actions.kill_pod = true;
        let known = pod.init_containers.iter().chain(&pod.containers).any(|member| member.status.is_some());
        if pod.restart_policy == RestartPolicy::Never && self.actions.attempt != 0 && known {
            let finding = "With restartPolicy Never a pod whose sandbox is gone is not begun again: it is killed.";
            self.note(&rules::SANDBOX_NEVER, Mark::No, finding);
            return;
        }
        let done = |member: &&Member<'_>| {
            let own = member.restart_policy.filter(|_| self.cluster.has(Feature::ContainerRestartRules));
            let policy = own.unwrap_or(pod.restart_policy);
            let ended = member.status.as_ref().filter(|status| status.state != State::Running);
            policy == RestartPolicy::OnFailure && ended.is_some_and(|status| status.exit_code == 0)
        };
        let start: Vec<String> = pod.containers.iter().filter(|m| !done(m)).map(|m| m.name.to_owned()).collect();
        if start.is_empty() && self.initialized_before() {
            let finding = "Every container has succeeded, so there is nothing to make a sandbox for.";
            self.note(&rules::SANDBOX_NOTHING_LEFT, Mark::No, finding);
            return;
        }
        self.actions.create_sandbox = true;
        if let Some(first) = pod.init_containers.first() {
            let finding = format!("A new sandbox begins with the first init container, `{}`.", first.name);
            self.note(&rules::SANDBOX_CHANGED, Mark::Note, finding);
            self.actions.init_to_start.push(first.name.to_owned());
        } else {
            self.actions.start = start;
        }
    }

    /// Whether initialization is over although the sandbox is gone.
    fn initialized_before(&self) -> bool {
        let by_container = rules::INITIALIZED_BY_ANY_CONTAINER.holds_in(self.cluster.release);
        if by_container && self.cluster.has(Feature::SidecarContainers) {
            let created = |status: &Status| status.state != State::Unknown;
            self.pod.containers.iter().any(|member| member.status.as_ref().is_some_and(created))
        } else {
            matches!(self.next_init_container(), init::Next::Done)
        }
    }

    /// The containers of the application.
    fn containers(&mut self) {
        let mut kept = 0;
        for member in &self.pod.containers {
            let running = member.status.as_ref().filter(|status| status.state == State::Running);
            match running {
                None => self.container_not_running(member),
                Some(status) => match self.kill_reason(status) {
                    Some(reason) => self.container_killed(member, reason),
                    None => kept += 1,
                },
            }
        }
        if kept == 0 && self.actions.start.is_empty() {
            let finding = "No container is kept and none is to be started, so the pod is killed.";
            self.note(&rules::NOTHING_KEPT, Mark::No, finding);
            self.actions.kill_pod = true;
            self.actions.init_to_start.clear();
        }
    }

    fn container_not_running(&mut self, member: &Member<'_>) {
        if !self.should_be_restarted(member) {
            let finding = format!("`{}` does not run and is not started again.", member.name);
            self.note(&rules::RESTART_DECISION, Mark::No, finding);
            return;
        }
        let finding = format!("`{}` does not run and is started.", member.name);
        self.note(&rules::RESTART_DECISION, Mark::Yes, finding);
        self.actions.start.push(member.name.to_owned());
        if member.status.as_ref().is_some_and(|status| status.state == State::Unknown) {
            self.kill(member.name, "Container is in \"unknown\" state, try killing it before restart".to_owned());
        }
    }

    /// Why a running container is killed; `None` if it is kept.
    fn kill_reason(&self, status: &Status) -> Option<KillReason> {
        if status.definition_changed {
            Some(KillReason::DefinitionChanged)
        } else if status.liveness == Some(ProbeResult::Failure) {
            Some(KillReason::LivenessProbe)
        } else if status.startup == Some(ProbeResult::Failure) {
            Some(KillReason::StartupProbe)
        } else {
            None
        }
    }

    fn container_killed(&mut self, member: &Member<'_>, reason: KillReason) {
        // A changed definition restarts under every policy.
        let restart = reason == KillReason::DefinitionChanged
            || member.policy(self.pod.restart_policy, self.cluster) != RestartPolicy::Never;
        let message = reason.message("Container", member.name, restart);
        self.note(&rules::KILL_AND_RESTART, Mark::No, format!("`{}` is killed: {message}.", member.name));
        if restart {
            self.actions.start.push(member.name.to_owned());
        }
        self.kill(member.name, message);
    }

    /// `ShouldContainerBeRestarted` of pkg/kubelet/container/helpers.go.
    fn should_be_restarted(&self, member: &Member<'_>) -> bool {
        if self.pod.deleted {
            return false;
        }
        let Some(status) = &member.status else { return true };
        match status.state {
            State::Running => false,
            State::Created | State::Unknown => true,
            State::Exited => member.restarts_after(status.exit_code, self.pod.restart_policy, self.cluster),
        }
    }
}

#[cfg(test)]
mod tests;
