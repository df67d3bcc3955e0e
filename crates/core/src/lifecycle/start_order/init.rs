//! Which init containers a sync starts, with and without sidecars.

use super::{Member, Plan, ProbeResult, RestartPolicy, State, Status};
use crate::lifecycle::grace::KillReason;
use crate::rule::lifecycle as rules;
use crate::trace::Mark;

const UNKNOWN: &str = "Init container is in \"unknown\" state, try killing it before restart";

/// What `findNextInitContainerToRun` answers. Numbers count init containers from 0.
pub(super) enum Next {
    /// Initialization is over.
    Done,
    /// An init container runs; there is nothing to do but wait.
    Wait,
    /// This one failed.
    Failed(usize),
    /// This one is next.
    Start(usize),
}

impl Plan<'_> {
    /// `isInitContainerFailed` of helpers.go.
    fn failed(&self, status: &Status) -> bool {
        let out_of_memory = status.reason == "OOMKilled" && rules::INIT_OOM_FAILS.holds_in(self.cluster.release);
        out_of_memory || status.state == State::Unknown || (status.state == State::Exited && status.exit_code != 0)
    }

    /// `findNextInitContainerToRun`, which knows no sidecars.
    pub(super) fn next_init_container(&self) -> Next {
        let members = &self.pod.init_containers;
        let runs = |member: &Member<'_>| member.status.as_ref().is_some_and(|status| status.state == State::Running);
        let main_runs =
            rules::INIT_NOT_RUN_AGAIN.holds_in(self.cluster.release) && self.pod.containers.iter().any(runs);
        if members.is_empty() || main_runs {
            return Next::Done;
        }
        let known = || members.iter().enumerate().rev().filter_map(|(at, m)| Some((at, m.status.as_ref()?)));
        if let Some((at, _)) = known().find(|(_, status)| self.failed(status)) {
            return Next::Failed(at);
        }
        match known().find(|(_, status)| matches!(status.state, State::Running | State::Exited)) {
            None => Next::Start(0),
            Some((_, status)) if status.state == State::Running => Next::Wait,
            Some((at, _)) if at + 1 == members.len() => Next::Done,
            Some((at, _)) => Next::Start(at + 1),
        }
    }

    /// Init containers in releases without sidecars. Whether initialization is over.
    pub(super) fn init_containers_one_by_one(&mut self) -> bool {
        let (at, failed) = match self.next_init_container() {
            Next::Done => return true,
            Next::Wait => {
                self.note(&rules::INIT_ONE_BY_ONE, Mark::Note, "An init container runs; everything else waits for it.");
                return false;
            }
            Next::Failed(at) => (at, true),
            Next::Start(at) => (at, false),
        };
        let Some(member) = self.pod.init_containers.get(at) else { return false };
        if failed && self.pod.restart_policy == RestartPolicy::Never {
            self.init_failed_for_good(member);
            return false;
        }
        if failed && member.status.as_ref().is_some_and(|status| status.state == State::Unknown) {
            self.kill(member.name, UNKNOWN.to_owned());
        }
        self.note(&rules::INIT_ONE_BY_ONE, Mark::Note, format!("Init container `{}` is next.", member.name));
        self.actions.init_to_start.push(member.name.to_owned());
        false
    }

    fn init_failed_for_good(&mut self, member: &Member<'_>) {
        let finding = format!("Init container `{}` failed and may not restart: the pod is killed.", member.name);
        self.note(&rules::INIT_FAILURE_NEVER, Mark::No, finding);
        self.actions.kill_pod = true;
        self.actions.init_to_start.clear();
    }

    /// `computeInitContainerActions`: walks the init containers backwards until it finds the one that is next, and on
    /// through the sidecars before it. Whether initialization is over.
    pub(super) fn init_containers(&mut self) -> bool {
        let pod = self.pod;
        if pod.init_containers.is_empty() {
            return true;
        }
        let lives = |status: &Status| matches!(status.state, State::Created | State::Running);
        let mut initialized = pod.containers.iter().any(|member| member.status.as_ref().is_some_and(lives));
        // The one behind this one has been reached once already.
        let mut reached = initialized;
        let last = pod.init_containers.len().saturating_sub(1);
        let mut starts: Vec<usize> = Vec::new();
        for (at, member) in pod.init_containers.iter().enumerate().rev() {
            let Some(status) = &member.status else {
                if reached && member.sidecar {
                    starts.push(at);
                }
                continue;
            };
            if reached && !member.sidecar {
                continue;
            }
            let outcome = match status.state {
                State::Created => Outcome::Start,
                State::Running if member.sidecar => self.running_sidecar(member, status),
                State::Running => Outcome::Wait,
                State::Exited if member.sidecar => Outcome::Start,
                State::Exited if !self.failed(status) => Outcome::Passed { restart: false },
                State::Exited if self.may_restart(member, status) => Outcome::Start,
                State::Unknown
                    if member.sidecar
                        || member.policy(self.pod.restart_policy, self.cluster) != RestartPolicy::Never =>
                {
                    self.kill(member.name, UNKNOWN.to_owned());
                    Outcome::Start
                }
                State::Exited | State::Unknown => {
                    self.init_failed_for_good(member);
                    return false;
                }
            };
            match outcome {
                Outcome::Wait => {}
                Outcome::Start => starts.push(at),
                Outcome::Passed { restart } => {
                    if at == last {
                        initialized = true;
                    } else if !reached {
                        starts.push(at + 1);
                    }
                    if restart {
                        starts.push(at);
                    }
                }
            }
            reached = true;
        }
        if !reached {
            starts.push(0);
        }
        for at in starts.into_iter().rev() {
            let Some(member) = pod.init_containers.get(at) else { continue };
            let what = if member.sidecar { "Sidecar" } else { "Init container" };
            self.note(&rules::INIT_ONE_BY_ONE, Mark::Note, format!("{what} `{}` is started.", member.name));
            self.actions.init_to_start.push(member.name.to_owned());
        }
        initialized
    }

    /// A failed init container may restart by the pod's policy; its own policy and rules go first where they are known.
    fn may_restart(&self, member: &Member<'_>, status: &Status) -> bool {
        member.restart_rule(status.exit_code, self.cluster)
            || member.policy(self.pod.restart_policy, self.cluster) != RestartPolicy::Never
    }

    /// A sidecar that runs: it lets the next container start once it has started, and is restarted when it is ill.
    fn running_sidecar(&mut self, member: &Member<'_>, status: &Status) -> Outcome {
        let name = member.name;
        if member.startup_probe {
            match status.startup {
                None => return Outcome::Wait,
                Some(ProbeResult::Failure) => {
                    self.kill(name, KillReason::StartupProbe.message("Init container", name, false));
                    return Outcome::Start;
                }
                Some(ProbeResult::Success) => {}
            }
        }
        let reason = if status.definition_changed && rules::SIDECAR_DEFINITION_CHANGED.holds_in(self.cluster.release) {
            Some(KillReason::DefinitionChanged)
        } else if member.liveness_probe && status.liveness == Some(ProbeResult::Failure) {
            Some(KillReason::LivenessProbe)
        } else {
            None
        };
        if let Some(reason) = reason {
            self.kill(name, reason.message("Init container", name, false));
        }
        Outcome::Passed { restart: reason.is_some() }
    }
}

/// What an init container means for the ones behind it.
enum Outcome {
    /// It has to run, or to start, before anything else.
    Wait,
    /// It is started, perhaps again.
    Start,
    /// The next one may start; the container itself may have to start again too.
    Passed { restart: bool },
}
