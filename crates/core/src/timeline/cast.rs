//! The containers of the picture with everything that decides about them.

use super::{Image, POD_IP, POD_UID, Setting, to_millis};
use crate::api::lifecycle::Handler;
use crate::api::{Container, Pod, Role};
use crate::defaulting::grace_seconds;
use crate::events::{Event, EventType};
use crate::feature::Feature;
use crate::lifecycle::commands;
use crate::lifecycle::grace::Graces;
use crate::lifecycle::handler::{self, Answer, Run, Target};
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::start_order::{self, RestartPolicy};
use crate::lifecycle::termination::{Hook, Process, stop_signal};
use crate::lifecycle::{Event as ContainerEvent, Millis, SECOND};
use crate::pulls::backoff::BackOff;
use crate::release::Cluster;
use crate::rule::pulls as rules;
use crate::scenario::Assumption;
use crate::scenario::life::{
    self, Cause, DEFAULT_LIVES_FOR, DEFAULT_POST_START, DEFAULT_PRE_STOP, DEFAULT_SANDBOX, DEFAULT_START, DEFAULT_STOP,
    HookLife, LONGEST, PodLife,
};
use crate::time::Duration;
use crate::trace::Step;
use podwhy_source::{Diagnostic, Span};

use super::start::Begun;
use super::stop::Finished;

/// So many containers are drawn: more fit on no screen, and each moment of the picture looks at all of them.
const SHOWN_CONTAINERS: usize = 200;

/// The whole cast.
pub(super) struct Cast<'a> {
    pub cluster: &'a Cluster,
    pub life: &'a PodLife,
    pub name: &'a str,
    pub namespace: &'a str,
    pub volumes: Vec<&'a Image>,
    pub actors: Vec<Actor<'a>>,
    pub sandbox: Millis,
    pub lives_for: Millis,
    /// When a deletion or an eviction comes, ready or not.
    pub ends_at: Option<Millis>,
    /// What counts without a deletion or an eviction.
    pub graces: Graces,
    /// Where the pod's grace is written.
    pub grace_span: Option<Span>,
    pub restart_policy: RestartPolicy,
    pub back_off: BackOff,
    /// The one container that the end is about.
    pub target: Option<usize>,
}

/// One container.
pub(super) struct Actor<'a> {
    pub container: &'a Container,
    pub name: &'a str,
    pub kind: Kind,
    pub field_path: String,
    pub image: Option<&'a Image>,
    pub start: Millis,
    pub stop: Millis,
    pub exit_code: i64,
    /// Whether the ones behind it wait until its startup probe has succeeded.
    pub startup_probe: bool,
    /// Its startup probe fails, so it is never ready.
    pub startup_fails: bool,
    pub post_start: Option<ActedHook>,
    pub pre_stop: Option<ActedHook>,
    pub signal: &'a str,
    pub startup_grace: Option<i64>,
    pub liveness_grace: Option<i64>,
    member: start_order::Member<'a>,
}

/// A hook and what the kubelet does for it.
pub(super) struct ActedHook {
    pub span: Span,
    pub hook: Hook,
    pub run: Run,
    /// Where a sleep hook says how long it takes.
    pub written: Option<Span>,
    /// Whether the time that it takes is that of the `sleep` in its command.
    pub sleeps: bool,
    pub trace: Vec<Step>,
}

impl<'a> Cast<'a> {
    /// Reads the pod's containers, ephemeral ones left out.
    pub fn read(setting: &Setting<'a>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let Setting { pod, name, life, images, cluster, max_restart_period } = *setting;
        let lasting = || pod.containers.iter().filter(|container| container.role != Role::Ephemeral);
        if lasting().nth(SHOWN_CONTAINERS).is_some() {
            let message = format!("Only the first {SHOWN_CONTAINERS} containers of the pod are simulated.");
            diagnostics.push(Diagnostic::warning("many-containers", message, pod.span));
        }
        let mut actors: Vec<Actor<'a>> =
            lasting().take(SHOWN_CONTAINERS).map(|container| Actor::read(container, setting, diagnostics)).collect();
        for unknown in life.containers.iter().filter(|said| !lasting().any(|known| known.name() == said.container)) {
            let message = format!("The scenario speaks of `{}`, and the pod has no such container.", unknown.container);
            diagnostics.push(Diagnostic::warning("no-such-container", message, None).at_path("containers"));
        }
        let target = target(&actors, life, diagnostics);
        if let Some(actor) = target.and_then(|at| actors.get_mut(at)) {
            actor.startup_fails = life.end == Some(Cause::StartupProbe);
        }
        let grace = grace_seconds(pod);
        let policy = pod.lifecycle.restart_policy.as_ref().map_or("", |policy| &policy.value);
        let volumes = cluster.has(Feature::ImageVolume);
        Self {
            cluster,
            life,
            name,
            namespace: &pod.namespace,
            volumes: images.iter().filter(|image| image.of_volume && volumes).take(SHOWN_CONTAINERS).collect(),
            actors,
            sandbox: length(life.sandbox, DEFAULT_SANDBOX),
            lives_for: length(life.lives_for, DEFAULT_LIVES_FOR),
            ends_at: life
                .ends_at
                .filter(|_| life.end.unwrap_or_default().ends_pod())
                .map(|at| length(Some(at), Duration::ZERO)),
            graces: Graces { pod: Some(grace), ..Graces::default() },
            grace_span: pod.lifecycle.grace_seconds.as_ref().map(|grace| grace.span),
            restart_policy: RestartPolicy::read(policy),
            back_off: BackOff::for_restarts(cluster, max_restart_period),
            target,
        }
    }

    /// Whether the pod is to end at this moment already, so that no sync starts anything any more.
    pub fn is_ending(&self, now: Millis) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    pub fn inits(&self) -> usize {
        self.actors.iter().filter(|actor| actor.kind != Kind::Main).count()
    }

    /// The pod as messages name it.
    pub fn pod_words(&self) -> String {
        format!("{}_{}({POD_UID})", self.name, self.namespace)
    }

    /// An event about one of the containers, or about the pod.
    pub fn event(
        &self,
        at: Millis,
        kind: EventType,
        reason: &str,
        message: String,
        actor: Option<&Actor<'_>>,
    ) -> Event {
        Event {
            at: super::to_duration(at),
            kind,
            reason: reason.to_owned(),
            message,
            object: self.name.to_owned(),
            field_path: actor.map(|actor| actor.field_path.clone()).unwrap_or_default(),
        }
    }

    /// Events of a container's start or stop as the API server gets them.
    pub fn events<'e>(
        &'e self,
        events: &'e [ContainerEvent],
        actor: &'e Actor<'_>,
    ) -> impl Iterator<Item = Event> + use<'e> {
        events.iter().map(|event| self.event(event.at, event.kind, event.reason, event.message.clone(), Some(actor)))
    }

    /// Whether a container that ended with this code is started again.
    pub fn restarts(&self, actor: &Actor<'_>, exit_code: i64) -> bool {
        match actor.kind {
            Kind::Sidecar => true,
            Kind::Init => exit_code != 0 && self.policy(actor) != RestartPolicy::Never,
            Kind::Main => actor.member.restarts_after(exit_code, self.restart_policy, self.cluster),
        }
    }

    /// The policy for a container that the kubelet stops.
    pub fn policy(&self, actor: &Actor<'_>) -> RestartPolicy {
        actor.member.policy(self.restart_policy, self.cluster)
    }

    /// What nobody said: times and answers that have their defaults.
    pub fn assumptions(&self, begun: &Begun, finished: &Finished) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        let mut assume = |key: String, text: String| assumptions.push(Assumption::new(key, text));
        let of_pod = |field: &str| format!("pods[{}/{}].life.{field}", self.namespace, self.name);
        if self.life.end.is_none() {
            assume(
                of_pod("end"),
                "The pod is deleted with `kubectl delete`, without a grace period of its own.".to_owned(),
            );
        }
        if self.life.end == Some(Cause::Eviction) {
            let text = "The node runs out of memory. How much of it is left, and which container uses most, only the node knows: the message leaves it out.";
            assume(of_pod("end"), text.to_owned());
        }
        if begun.runs.iter().any(|run| run.len() > 1) {
            let text = if rules::SYNCED_AT_BACK_OFF_END.holds_in(self.cluster.release) {
                "A container in back-off is started when its wait ends; by chance the kubelet may take up to half as long again."
            } else {
                "A container in back-off is started when its wait ends; the kubelet looks at the pod every 10 to 15 s only, so it may be up to 15 s later than drawn."
            };
            assume("syncAfterError".to_owned(), text.to_owned());
        }
        let counts = self.ends_at.is_none() && self.life.lives_for.is_none();
        if counts && self.life.end != Some(Cause::Never) && finished.at.is_some() {
            assume(of_pod("livesFor"), format!("That happens {DEFAULT_LIVES_FOR} after everything is ready."));
        }
        let names = |unsaid: &dyn Fn(&Actor<'_>) -> bool| {
            let names: Vec<String> =
                self.actors.iter().filter(|actor| unsaid(actor)).map(|actor| format!("`{}`", actor.name)).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let said = |actor: &Actor<'_>| self.life.of(actor.name).cloned().unwrap_or_default();
        if let Some(names) = names(&|actor| said(actor).start.is_none()) {
            assume(of_pod("containers.start"), format!("{DEFAULT_START} until it can do its work: {names}."));
        }
        if let Some(names) = names(&|actor| actor.kind != Kind::Init && said(actor).stop.is_none()) {
            assume(of_pod("containers.stop"), format!("{DEFAULT_STOP} from the stop signal to its end: {names}."));
        }
        let timed = |hook: &Option<ActedHook>| {
            hook.as_ref()
                .is_some_and(|acted| matches!(acted.run, Run::Exec { .. } | Run::HttpGet { .. }) && !acted.sleeps)
        };
        let sleeps = |hook: &Option<ActedHook>| hook.as_ref().is_some_and(|acted| acted.sleeps);
        if let Some(names) = names(&|actor| {
            timed(&actor.post_start) && said(actor).post_start.takes.is_none() && !said(actor).post_start.down
        }) {
            assume(of_pod("containers.postStart"), format!("postStart takes {DEFAULT_POST_START}: {names}."));
        }
        if let Some(names) =
            names(&|actor| timed(&actor.pre_stop) && said(actor).pre_stop.takes.is_none() && !said(actor).pre_stop.down)
        {
            assume(of_pod("containers.preStop"), format!("preStop takes {DEFAULT_PRE_STOP}: {names}."));
        }
        if let Some(names) = names(&|actor| sleeps(&actor.post_start)) {
            assume(
                of_pod("containers.postStart"),
                format!("postStart takes as long as the `sleep` in its command: {names}."),
            );
        }
        if let Some(names) = names(&|actor| sleeps(&actor.pre_stop)) {
            assume(
                of_pod("containers.preStop"),
                format!("preStop takes as long as the `sleep` in its command: {names}."),
            );
        }
        assumptions
    }
}

/// A length of time of the life, whatever somebody put there.
fn length(given: Option<Duration>, default: Duration) -> Millis {
    to_millis(given.unwrap_or(default).clamp(Duration::ZERO, LONGEST))
}

/// The container that the end is about: the one that is named, else the first that has the probe, else the first.
fn target(actors: &[Actor<'_>], life: &PodLife, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let end = life.end.unwrap_or_default();
    if !end.of_one_container() {
        return None;
    }
    let may = |actor: &Actor<'_>| actor.kind != Kind::Init;
    let has_probe = |actor: &Actor<'_>| match end {
        Cause::LivenessProbe => actor.container.lifecycle.liveness_probe.is_some(),
        Cause::StartupProbe => actor.container.lifecycle.startup_probe.is_some(),
        _ => true,
    };
    let main = |actor: &Actor<'_>| actor.kind == Kind::Main;
    let first = |fits: &dyn Fn(&Actor<'_>) -> bool| actors.iter().position(|actor| may(actor) && fits(actor));
    let found = match &life.container {
        Some(name) => first(&|actor| actor.name == name),
        None => first(&|actor| main(actor) && has_probe(actor)).or_else(|| first(&has_probe)).or_else(|| first(&main)),
    };
    let mut tell = |code, message: String| diagnostics.push(Diagnostic::error(code, message, None).at_path("end"));
    match (found.and_then(|at| actors.get(at)), &life.container) {
        (None, Some(name)) => {
            tell("no-such-container", format!("No container `{name}` keeps running in this pod, so nothing ends."));
        }
        (Some(actor), _) if !has_probe(actor) => {
            let probe = if end == Cause::LivenessProbe { "livenessProbe" } else { "startupProbe" };
            tell("no-such-probe", format!("`{}` has no {probe}; this is what would happen with one.", actor.name));
        }
        _ => {}
    }
    found
}

impl<'a> Actor<'a> {
    fn read(container: &'a Container, setting: &Setting<'a>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let Setting { pod, life, images, cluster, .. } = *setting;
        let name = container.name();
        let unsaid = life::ContainerLife::default();
        let said = life.of(name).unwrap_or(&unsaid);
        let lifecycle = &container.lifecycle;
        let kind = match container.role {
            Role::Init => Kind::Init,
            Role::Sidecar if cluster.has(Feature::SidecarContainers) => Kind::Sidecar,
            Role::Sidecar => {
                let message = format!(
                    "In {} the API server drops restartPolicy from init containers: `{name}` is an ordinary one, and the pod waits for its end.",
                    cluster.release
                );
                let span = lifecycle.restart_policy.as_ref().map(|policy| policy.span);
                diagnostics.push(Diagnostic::warning("no-sidecars", message, span).at_path(container.path.as_str()));
                Kind::Init
            }
            Role::Container | Role::Ephemeral => Kind::Main,
        };
        let act = |handler: &Option<Handler>, said: &HookLife, default| {
            // The API server refuses hooks of ordinary init containers.
            let handler = handler.as_ref().filter(|_| kind != Kind::Init)?;
            Some(ActedHook::run(handler, said, default, &target_of(pod, setting.name, container), cluster))
        };
        let grace = |probe: &Option<crate::api::lifecycle::Probe>| Some(probe.as_ref()?.grace_seconds.as_ref()?.value);
        Self {
            container,
            name,
            kind,
            field_path: format!("spec.{}{{{name}}}", container.role.field()),
            image: images.iter().find(|image| image.path == container.path),
            start: length(said.start, DEFAULT_START),
            stop: length(said.stop, DEFAULT_STOP),
            exit_code: said.exit_code.unwrap_or_default(),
            startup_probe: lifecycle.startup_probe.is_some(),
            startup_fails: false,
            post_start: act(&lifecycle.post_start, &said.post_start, DEFAULT_POST_START),
            pre_stop: act(&lifecycle.pre_stop, &said.pre_stop, DEFAULT_PRE_STOP),
            signal: stop_signal(lifecycle.stop_signal.as_ref().map(|signal| signal.value.as_str()), cluster),
            startup_grace: grace(&lifecycle.startup_probe),
            liveness_grace: grace(&lifecycle.liveness_probe),
            member: start_order::Member::new(name, lifecycle, container.role != Role::Container, None),
        }
    }

    /// When a probe of this container that always fails has failed often enough, counted from its first look, and how
    /// often that is; the API server's defaults where nothing is written.
    pub fn probe_failures(&self, end: Cause) -> (Millis, Vec<Millis>) {
        let lifecycle = &self.container.lifecycle;
        let probe = if end == Cause::StartupProbe { &lifecycle.startup_probe } else { &lifecycle.liveness_probe };
        let number = |read: fn(&crate::api::lifecycle::Probe) -> Option<i64>, default: i64| {
            probe.as_ref().and_then(read).filter(|number| *number > 0).unwrap_or(default)
        };
        let second = |seconds: i64| to_millis(Duration::from_secs(seconds).clamp(Duration::ZERO, LONGEST));
        let period = second(number(|probe| probe.period_seconds, 10));
        let delay = second(number(|probe| probe.initial_delay_seconds, 0));
        // More events than this are counted together anyway.
        let threshold = u64::try_from(number(|probe| probe.failure_threshold, 3)).unwrap_or(3).clamp(1, 100);
        let at = (0..threshold).map(|number| number.saturating_mul(period).min(to_millis(LONGEST))).collect();
        (delay, at)
    }

    /// What the kubelet says about a probe that fails: of a command the output, of a request its status.
    pub fn probe_message(&self, end: Cause) -> String {
        let lifecycle = &self.container.lifecycle;
        let (word, probe) = match end {
            Cause::StartupProbe => ("Startup", &lifecycle.startup_probe),
            _ => ("Liveness", &lifecycle.liveness_probe),
        };
        let by_request = probe.as_ref().is_some_and(|probe| probe.handler.http_get.is_some());
        let result = if by_request { "HTTP probe failed with statuscode: 503" } else { "" };
        format!("{word} probe failed: {result}")
    }

    /// Its process, for the rules of stopping.
    pub fn process(&self) -> Process<'_> {
        let pre_stop = self.pre_stop.as_ref().map(|acted| &acted.hook);
        Process { name: self.name, pre_stop, stop_takes: self.stop, signal: self.signal }
    }
}

fn target_of<'t>(pod: &'t Pod, name: &'t str, container: &'t Container) -> Target<'t> {
    Target {
        pod: name,
        namespace: &pod.namespace,
        uid: POD_UID,
        container: container.name(),
        ports: &container.ports,
        pod_ip: Some(POD_IP),
    }
}

impl ActedHook {
    /// Runs the hook once, and gives it the time that it takes: a sleep what is written, what is never run none.
    fn run(handler: &Handler, said: &HookLife, default: Duration, target: &Target<'_>, cluster: &Cluster) -> Self {
        let mut ran = handler::run(handler, target, &Answer::Success, cluster);
        if let Some(answer) = answer(&ran.outcome.run, said) {
            ran = handler::run(handler, target, &answer, cluster);
        }
        // A request that nobody takes is refused at once.
        let usual = if said.down && handler.exec.is_none() { Duration::ZERO } else { default };
        let asleep = match &ran.outcome.run {
            Run::Exec { command } => commands::sleeps(command).map(Duration::from_secs),
            _ => None,
        };
        let takes = match ran.outcome.run {
            Run::Sleep { seconds } => length(Some(Duration::from_secs(seconds)), Duration::ZERO),
            Run::None => 0,
            Run::Exec { .. } | Run::HttpGet { .. } => length(said.takes, asleep.unwrap_or(usual)),
        };
        let waits = matches!(ran.outcome.run, Run::Sleep { .. });
        Self {
            span: handler.span,
            hook: Hook { takes, failure: ran.outcome.failure },
            written: handler.sleep.as_ref().filter(|_| waits).map(|sleep| sleep.span),
            sleeps: asleep.is_some() && said.takes.is_none(),
            run: ran.outcome.run,
            trace: ran.trace,
        }
    }

    /// Whether the request was sent again without TLS, and the host that it went to.
    pub fn fell_back(&self) -> Option<&str> {
        match &self.run {
            Run::HttpGet { url, retried_without_tls: true, .. } => Some(authority(url)),
            _ => None,
        }
    }
}

/// What comes back, if it is anything else than success.
fn answer(run: &Run, said: &HookLife) -> Option<Answer> {
    match run {
        Run::Exec { .. } => {
            let code = said.exit_code.filter(|code| *code != 0)?;
            Some(Answer::Exit { output: said.output.clone().unwrap_or_default(), code })
        }
        Run::HttpGet { url, .. } if said.down => {
            Some(Answer::Failure(format!("dial tcp {}: connect: connection refused", authority(url))))
        }
        Run::HttpGet { .. } if said.plain_http => Some(Answer::PlainHttp),
        Run::HttpGet { .. } => said.status.map(Answer::Status),
        Run::Sleep { .. } | Run::None => None,
    }
}

/// Host and port of an address.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The end of a grace that begins at `start`, for the picture.
pub(super) fn grace_end(start: Millis, seconds: i64) -> Millis {
    let length = u64::try_from(seconds).unwrap_or_default().saturating_mul(SECOND);
    start.saturating_add(length.min(to_millis(LONGEST)))
}
