//! The first half of the picture: everything starts, one after another.

use super::cast::{Actor, Cast};
use super::{to_duration, to_millis};
use crate::events::{Event, EventType};
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::post_start::{Started, Starting, start as start_container};
use crate::lifecycle::termination::Stopped;
use crate::lifecycle::{Millis, words};
use crate::pulls::backoff::crash_loop_event;
use crate::rule::lifecycle as rules;
use crate::simulation;
use crate::trace::{Mark, Step};

/// So many starts of a container that always fails are shown.
const SHOWN_STARTS: usize = 4;
/// How soon the kubelet notices that a container has ended.
pub(super) const NOTICED_AFTER: Millis = to_millis(simulation::NOTICED_AFTER);
/// When the kubelet looks at a pod in back-off again.
const SYNC_AFTER_ERROR: Millis = to_millis(simulation::SYNC_AFTER_ERROR);

/// How a process ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    pub code: i64,
}

impl Exit {
    /// The end of a process that was stopped: killed, or by itself with its own code.
    pub fn of(stopped: &Stopped, actor: &Actor<'_>) -> Self {
        Self { code: if stopped.killed { 137 } else { actor.exit_code } }
    }

    /// The reason that the runtime gives.
    pub fn reason(self) -> &'static str {
        if self.code == 0 { "Completed" } else { "Error" }
    }
}

/// One start of a container.
pub(super) struct Attempt {
    /// When its image was asked for.
    pub asked: Millis,
    /// When its process started.
    pub at: Millis,
    pub started: Started,
    /// When it is ready; `None` if it never is.
    pub ready: Option<Millis>,
    /// When its process ended: an init container's work, or the kill after a failed hook.
    pub ended: Option<(Millis, Exit)>,
}

/// How the pod started.
pub(super) struct Begun {
    /// For each image volume when its pull began and ended.
    pub volumes: Vec<(Millis, Millis)>,
    /// For each actor its starts; none if its turn never came.
    pub runs: Vec<Vec<Attempt>>,
    /// For each actor that cannot be configured when its image was asked for, and since when it waits for that.
    pub unconfigured: Vec<Option<(Millis, Millis)>>,
    /// When initialization was over; `None` if it never was.
    pub initialized: Option<Millis>,
    /// While the kubelet is in a sync it reports nothing: from when until when.
    pub syncs: Vec<(Millis, Millis)>,
    /// When nothing changes any more.
    pub settled: Millis,
    /// When the end came in the middle of all this; the sync that was under way then goes on to `settled`.
    pub interrupted: Option<Millis>,
    pub events: Vec<Event>,
    pub trace: Vec<Step>,
}

/// Starts sandbox, image volumes, init containers and containers: SyncPod of kuberuntime_manager.go.
pub(super) fn start(cast: &Cast<'_>) -> Begun {
    let sandbox = format!("The sandbox takes {}.", words(cast.sandbox));
    let mut begun = Begun {
        volumes: Vec::new(),
        runs: cast.actors.iter().map(|_| Vec::new()).collect(),
        unconfigured: vec![None; cast.actors.len()],
        initialized: None,
        syncs: Vec::new(),
        settled: cast.sandbox,
        interrupted: None,
        events: Vec::new(),
        trace: vec![Step::new(&rules::SANDBOX_FIRST, Mark::Note, sandbox)],
    };
    let mut now = volumes(&mut begun, cast);
    begun.syncs.push((0, now));
    for (at, actor) in cast.actors.iter().enumerate().filter(|(_, actor)| actor.kind != Kind::Main) {
        if cast.is_ending(now) {
            return begun;
        }
        match init_container(&mut begun, cast, at, actor, now) {
            Some(next) => now = next,
            None => return begun,
        }
    }
    begun.initialized = Some(now);
    if cast.is_ending(now) {
        return begun;
    }
    let sync_began = now;
    let mains = || cast.actors.iter().enumerate().filter(|(_, actor)| actor.kind == Kind::Main);
    for (at, actor) in mains() {
        if let Some(found) = unconfigured(&mut begun, cast, at, actor, now) {
            now = found;
            continue;
        }
        let attempt = attempt(&mut begun, cast, actor, now, true);
        now = attempt.started.returned;
        push(&mut begun, at, attempt);
    }
    begun.syncs.push((sync_began, now));
    for (at, actor) in mains() {
        if let Some(attempt) = begun.runs.get_mut(at).and_then(|run| run.last_mut()) {
            // Nothing is reported, and so nothing gets traffic, before the sync is over.
            attempt.ready = attempt.ready.map(|ready| ready.max(now));
        }
        restarts(&mut begun, cast, at, actor, now);
    }
    let settled = |attempt: &Attempt| attempt.ready.or(attempt.ended.map(|(at, _)| at)).unwrap_or(attempt.at);
    let last = begun.runs.iter().flatten().map(settled).max().unwrap_or(now);
    begun.settled = last.max(now);
    begun
}

impl Begun {
    /// Where the end comes before all this is over: what is under way in a sync is brought to its end first, because the
    /// kubelet's worker does one thing at a time, and what would come later does not come.
    ///
    /// Source: pkg/kubelet/pod_workers.go podWorkerLoop; kubelet.go SyncPod does not hand its cancellation on.
    pub fn end(&mut self, cast: &Cast<'_>) {
        let Some(asked) = cast.ends_at.filter(|asked| *asked < self.settled) else { return };
        let sync = self.syncs.iter().find(|(from, until)| *from <= asked && asked < *until);
        let until = sync.map_or(asked, |(_, until)| *until);
        for attempt in self.runs.iter_mut().flatten() {
            attempt.ended = attempt.ended.filter(|(ended, _)| *ended <= until);
            attempt.ready = attempt.ready.filter(|ready| *ready <= until);
        }
        self.initialized = self.initialized.filter(|at| *at <= until);
        self.events.retain(|event| to_millis(event.at) <= until);
        self.settled = until;
        self.interrupted = Some(asked);
    }
}

/// Pulls the images of image volumes, one after another; gives the end.
fn volumes(begun: &mut Begun, cast: &Cast<'_>) -> Millis {
    let mut now = cast.sandbox;
    for volume in &cast.volumes {
        let ended = now.saturating_add(to_millis(volume.takes));
        begun.volumes.push((now, ended));
        begun
            .events
            .extend(volume.events.iter().map(|event| Event { at: event.at + to_duration(now), ..event.clone() }));
        let finding = format!("The image of the volume `{}` takes {}.", volume.name, words(ended.saturating_sub(now)));
        begun.trace.push(Step::new(&rules::IMAGE_VOLUMES_FIRST, Mark::Note, finding));
        now = ended;
    }
    begun.settled = now;
    now
}

/// Starts one init container. When the next one may start; `None` if never.
fn init_container(begun: &mut Begun, cast: &Cast<'_>, at: usize, actor: &Actor<'_>, now: Millis) -> Option<Millis> {
    if let Some(found) = unconfigured(begun, cast, at, actor, now) {
        begun.settled = found;
        return None;
    }
    let first = attempt(begun, cast, actor, now, true);
    begun.syncs.push((now, first.started.returned));
    push(begun, at, first);
    restarts(begun, cast, at, actor, now);
    let last = begun.runs.get(at).and_then(|run| run.last())?;
    begun.settled = last.ready.or(last.ended.map(|(ended, _)| ended)).unwrap_or(last.at);
    let (next, finding) = if actor.kind == Kind::Init {
        let (ended, exit) = last.ended?;
        if exit.code != 0 {
            let finding =
                format!("Init container `{}` ends with code {}, so nothing behind it starts.", actor.name, exit.code);
            begun.trace.push(Step::new(&rules::INIT_ONE_BY_ONE, Mark::No, finding));
            return None;
        }
        let runs = words(actor.start);
        (ended, format!("Init container `{}` runs for {runs}; the next one waits for its end.", actor.name))
    } else if actor.startup_probe || actor.startup_fails {
        let finding =
            format!("The next one starts when the startup probe of the sidecar `{}` has succeeded.", actor.name);
        (last.ready?, finding)
    } else {
        let finding = format!(
            "The next one starts as soon as the sidecar `{}` has started; nobody asks whether it is ready.",
            actor.name
        );
        last.ready?;
        (last.started.returned, finding)
    };
    begun.trace.push(Step::new(&rules::INIT_ONE_BY_ONE, Mark::Note, finding));
    Some(next)
}

/// A container whose configuration the kubelet cannot make waits once its image is there, and is tried again at every
/// sync. Gives since when. Source: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer.
fn unconfigured(begun: &mut Begun, cast: &Cast<'_>, at: usize, actor: &Actor<'_>, now: Millis) -> Option<Millis> {
    let why = actor.image?.unconfigured.as_ref()?;
    let (found, events) = image(cast, actor, now, true);
    begun.events.extend(events);
    let mut again = found;
    for _ in 0..SHOWN_STARTS {
        if again > found {
            if cast.is_ending(again) || again - found >= cast.lives_for {
                break;
            }
            begun.events.extend(image(cast, actor, again, false).1);
        }
        let message = format!("Error: {}", why.message);
        begun.events.push(cast.event(again, EventType::Warning, "Failed", message, Some(actor)));
        again = again.saturating_add(SYNC_AFTER_ERROR);
    }
    begun.trace.push(why.step.clone());
    if let Some(place) = begun.unconfigured.get_mut(at) {
        *place = Some((now, found));
    }
    Some(found)
}

fn push(begun: &mut Begun, at: usize, attempt: Attempt) {
    if let Some(run) = begun.runs.get_mut(at) {
        run.push(attempt);
    }
}

/// The image of a container that starts: when it is there, and its events.
pub(super) fn image(cast: &Cast<'_>, actor: &Actor<'_>, asked: Millis, first: bool) -> (Millis, Vec<Event>) {
    let Some(image) = actor.image else { return (asked, Vec::new()) };
    if first {
        let events = image.events.iter().map(|event| Event { at: event.at + to_duration(asked), ..event.clone() });
        return (asked.saturating_add(to_millis(image.takes)), events.collect());
    }
    let present = cast.event(asked, EventType::Normal, "Pulled", image.present.clone(), Some(actor));
    (asked, vec![present])
}

/// A container's process at its start, for the rule.
pub(super) fn starting<'a>(cast: &Cast<'_>, actor: &'a Actor<'_>, at: Millis) -> Starting<'a> {
    Starting {
        process: actor.process(),
        graces: cast.graces,
        post_start: actor.post_start.as_ref().map(|acted| &acted.hook),
        at,
    }
}

/// One start, with its events and steps.
fn attempt(begun: &mut Begun, cast: &Cast<'_>, actor: &Actor<'_>, asked: Millis, first: bool) -> Attempt {
    let (at, events) = image(cast, actor, asked, first);
    begun.events.extend(events);
    let decision = start_container(&starting(cast, actor, at), cast.cluster);
    begun.trace.extend(decision.trace);
    let started = decision.outcome;
    begun.events.extend(cast.events(&started.events, actor));
    begun.events.extend(fallback(cast, actor, &started));
    let ended = match (&started.stopped, actor.kind) {
        (Some(stopped), _) => Some((stopped.ended, Exit::of(stopped, actor))),
        (None, Kind::Init) => Some((at.saturating_add(actor.start), Exit { code: actor.exit_code })),
        (None, _) => None,
    };
    let ready = at.saturating_add(actor.start).max(started.returned);
    let ready = Some(ready).filter(|_| ended.is_none() && !actor.startup_fails);
    Attempt { asked, at, started, ready, ended }
}

/// The event about a postStart request that was sent again without TLS.
fn fallback(cast: &Cast<'_>, actor: &Actor<'_>, started: &Started) -> Option<Event> {
    let (_, ended) = started.post_start?;
    let host = actor.post_start.as_ref()?.fell_back()?;
    Some(fallback_event(cast, ended, host))
}

pub(super) fn fallback_event(cast: &Cast<'_>, at: Millis, host: &str) -> Event {
    let message = format!("request to HTTPS lifecycle hook {host} got HTTP response, retry with HTTP succeeded");
    cast.event(at, EventType::Warning, "LifecycleHTTPFallback", message, None)
}

/// Starts a container again and again that ends each time; `not_before` is when the sync that found it was over.
fn restarts(begun: &mut Begun, cast: &Cast<'_>, at: usize, actor: &Actor<'_>, not_before: Millis) {
    // The real key is made of pod, container and the hash of its definition: each container has its own row here.
    const KEY: &str = "container";
    let mut back_off = cast.back_off.clone();
    for _ in 1..SHOWN_STARTS {
        let last = begun.runs.get(at).and_then(|run| run.last()).and_then(|attempt| attempt.ended);
        let Some((ended, _)) = last.filter(|(_, exit)| cast.restarts(actor, exit.code)) else { return };
        if cast.is_ending(ended) {
            return;
        }
        let since = to_duration(ended);
        let until = back_off.wait_after(KEY, since).unwrap_or(since);
        back_off.fail(KEY, since, until);
        let (waits, until) = (to_millis(until - since), to_millis(until));
        back_off_events(begun, cast, actor, (ended.max(not_before), until));
        if cast.is_ending(until.max(not_before)) {
            return;
        }
        let finding = format!("`{}` is started again {} after its end.", actor.name, words(waits));
        begun.trace.push(Step::new(&rules::RESTART_BACK_OFF, Mark::Note, finding));
        let again = attempt(begun, cast, actor, until.max(not_before), false);
        begun.syncs.push((again.asked, again.started.returned));
        push(begun, at, again);
    }
}

/// While a container waits to be started again, each sync says so.
fn back_off_events(begun: &mut Begun, cast: &Cast<'_>, actor: &Actor<'_>, (from, until): (Millis, Millis)) {
    let message = crash_loop_event(actor.name, &cast.pod_words(), cast.cluster.release);
    let mut at = from.saturating_add(NOTICED_AFTER);
    while at < until {
        begun.events.push(cast.event(at, EventType::Warning, "BackOff", message.clone(), Some(actor)));
        at = at.saturating_add(SYNC_AFTER_ERROR);
    }
}
