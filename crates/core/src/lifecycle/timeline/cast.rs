//! The containers of the picture with everything that decides about them, durations made sound.

use super::{ContainerDurations, LONGEST, Scenario};
use crate::api::lifecycle::{Handler, Probe};
use crate::api::{Container, Pod, Role};
use crate::feature::Feature;
use crate::lifecycle::grace::Graces;
use crate::lifecycle::handler::{self, Answer, Run, Target};
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::start_order::RestartPolicy;
use crate::lifecycle::termination::{Hook, stop_signal};
use crate::lifecycle::{Millis, SECOND, millis};
use crate::release::Cluster;
use crate::trace::Step;
use podwhy_source::Diagnostic;

/// The API server's default for `terminationGracePeriodSeconds`.
const DEFAULT_GRACE_SECONDS: i64 = 30;

/// So many containers are drawn: more fit on no screen, and each moment of the picture looks at all of them.
pub(super) const SHOWN_CONTAINERS: usize = 200;

/// Makes durations sound and remembers what was wrong with them.
#[derive(Default)]
pub(super) struct Clamp {
    pub diagnostics: Vec<Diagnostic>,
}

impl Clamp {
    /// The duration, between 0 and [`LONGEST`]; `path` says which one it is.
    pub fn duration(&mut self, value: i64, path: &str) -> Millis {
        let report = |code, message: &str| Diagnostic::error(code, message, None).at_path(path);
        match u64::try_from(value) {
            Err(_) => {
                let message = "A duration cannot be negative; 0 s is used.";
                self.diagnostics.push(report("negative-duration", message).with_help("Enter 0 or more."));
                0
            }
            Ok(value) if value > LONGEST => {
                let message = "The duration is longer than a week; a week is used.";
                self.diagnostics.push(report("long-duration", message).with_help("Enter at most 604800 s."));
                LONGEST
            }
            Ok(value) => value,
        }
    }
}

/// The whole cast.
pub(super) struct Cast<'a> {
    pub actors: Vec<Actor<'a>>,
    pub sandbox: Millis,
    pub live: Millis,
    /// What counts without a deletion or an eviction.
    pub graces: Graces,
    pub restart_policy: RestartPolicy,
    /// The pod as events name it.
    pub pod_words: String,
}

/// One container.
pub(super) struct Actor<'a> {
    pub name: &'a str,
    pub kind: Kind,
    pub start: Millis,
    pub stop: Millis,
    /// Whether the ones behind it wait until its startup probe has succeeded.
    pub startup_probe: bool,
    pub post_start: Option<ActedHook>,
    pub pre_stop: Option<ActedHook>,
    pub signal: &'a str,
    pub startup_grace: Option<i64>,
    pub liveness_grace: Option<i64>,
}

/// A hook and what the kubelet does for it.
pub(super) struct ActedHook {
    pub hook: Hook,
    pub trace: Vec<Step>,
}

impl Cast<'_> {
    pub fn inits(&self) -> usize {
        self.actors.iter().filter(|actor| actor.kind != Kind::Main).count()
    }
}

/// Reads the pod's containers, ephemeral ones left out.
pub(super) fn read<'a>(pod: &'a Pod, scenario: &'a Scenario, cluster: &Cluster, clamp: &mut Clamp) -> Cast<'a> {
    let name = pod.request_name();
    let durations = &scenario.durations;
    let lasting = || pod.containers.iter().filter(|container| container.role != Role::Ephemeral);
    if lasting().nth(SHOWN_CONTAINERS).is_some() {
        let message = format!("Only the first {SHOWN_CONTAINERS} containers of the pod are simulated.");
        clamp.diagnostics.push(Diagnostic::warning("many-containers", message, pod.span));
    }
    let actors = lasting()
        .take(SHOWN_CONTAINERS)
        .map(|container| actor(container, &name, pod, scenario, cluster, clamp))
        .collect();
    let grace = pod.lifecycle.grace_seconds.as_ref().map_or(DEFAULT_GRACE_SECONDS, |grace| grace.value);
    let policy = pod.lifecycle.restart_policy.as_ref().map_or("", |policy| &policy.value);
    Cast {
        actors,
        sandbox: clamp.duration(durations.sandbox, "sandbox"),
        live: clamp.duration(durations.live, "live"),
        graces: Graces { pod: Some(grace), ..Graces::default() },
        restart_policy: RestartPolicy::read(policy),
        pod_words: format!("{name}_{}({})", pod.namespace, scenario.pod_uid),
    }
}

fn actor<'a>(
    container: &'a Container,
    pod_name: &str,
    pod: &Pod,
    scenario: &Scenario,
    cluster: &Cluster,
    clamp: &mut Clamp,
) -> Actor<'a> {
    let name = container.name();
    let given = scenario.durations.containers.get(name).copied().unwrap_or_default();
    let mut duration = |value: i64, what: &str| clamp.duration(value, &format!("{name}.{what}"));
    let ContainerDurations { start, post_start, pre_stop, stop, .. } = given;
    let (start, stop) = (duration(start, "start"), duration(stop, "stop"));
    let (post_start, pre_stop) = (duration(post_start, "post_start"), duration(pre_stop, "pre_stop"));
    let lifecycle = &container.lifecycle;
    let target = Target {
        pod: pod_name,
        namespace: &pod.namespace,
        uid: &scenario.pod_uid,
        container: name,
        ports: &lifecycle.ports,
        pod_ip: Some(&scenario.pod_ip),
    };
    let act = |handler: Option<&Handler>, takes, fails| {
        handler.map(|handler| acted_hook(handler, takes, fails, &target, cluster))
    };
    let kind = match container.role {
        Role::Init => Kind::Init,
        Role::Sidecar if cluster.has(Feature::SidecarContainers) => Kind::Sidecar,
        Role::Sidecar => {
            let message = format!(
                "In {} the API server drops restartPolicy from init containers: `{name}` is an ordinary one, and the pod waits for its end.",
                cluster.release
            );
            let span = lifecycle.restart_policy.as_ref().map(|policy| policy.span);
            clamp.diagnostics.push(Diagnostic::warning("no-sidecars", message, span).at_path(container.path.as_str()));
            Kind::Init
        }
        Role::Container | Role::Ephemeral => Kind::Main,
    };
    let grace = |probe: &Option<Probe>| probe.as_ref().and_then(|probe| probe.grace_seconds.as_ref()).map(|g| g.value);
    Actor {
        name,
        kind,
        start,
        stop,
        startup_probe: lifecycle.startup_probe.is_some(),
        // The API server refuses hooks of ordinary init containers.
        post_start: act(lifecycle.post_start.as_ref(), post_start, given.post_start_fails)
            .filter(|_| kind != Kind::Init),
        pre_stop: act(lifecycle.pre_stop.as_ref(), pre_stop, given.pre_stop_fails).filter(|_| kind != Kind::Init),
        signal: stop_signal(lifecycle.stop_signal.as_ref().map(|signal| signal.value.as_str()), cluster),
        startup_grace: grace(&lifecycle.startup_probe),
        liveness_grace: grace(&lifecycle.liveness_probe),
    }
}

/// Runs the hook once, and gives it the time that it takes: a sleep what is written, what is never run none.
fn acted_hook(handler: &Handler, takes: Millis, fails: bool, target: &Target<'_>, cluster: &Cluster) -> ActedHook {
    let answer = match (fails, handler.exec.is_some()) {
        (false, _) => Answer::Success,
        (true, true) => Answer::Exit { output: String::new(), code: 1 },
        (true, false) => Answer::Failure("connect: connection refused".to_owned()),
    };
    let ran = handler::run(handler, target, &answer, cluster);
    let takes = match ran.outcome.run {
        Run::Sleep { seconds } => millis(seconds).min(LONGEST),
        Run::None => 0,
        Run::Exec { .. } | Run::HttpGet { .. } => takes,
    };
    ActedHook { hook: Hook { takes, failure: ran.outcome.failure }, trace: ran.trace }
}

/// The end of a grace that begins at `start`, for the picture.
pub(super) fn grace_end(start: Millis, seconds: i64) -> Millis {
    start.saturating_add(millis(seconds).min(LONGEST + SECOND))
}
