//! The picture in words: what happens to each container, why, and what would change it.

use super::cast::{Actor, Cast};
use super::start::{Attempt, Begun};
use super::stop::{Alone, Finished};
use super::{Sentence, What};
use crate::lifecycle::grace::MINIMUM_GRACE_SECONDS;
use crate::lifecycle::pod_termination::Kind;
use crate::lifecycle::termination::{PreStop, Stopped};
use crate::lifecycle::{Millis, SECOND, millis, words};
use crate::report::{Tone, Verdict};
use crate::scenario::life::Cause;
use crate::simulation::points_at::Edit;
use crate::simulation::world::Unconfigured;

pub(super) fn sentences(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for (at, actor) in cast.actors.iter().enumerate() {
        sentences.extend(unconfigured(begun, at, actor).map(|why| Sentence {
            container: Some(actor.name.to_owned()),
            text: format!("It {}", why.words()),
            fix: "Create what is missing, mend the name or the key, or mark the reference optional.".to_owned(),
            edit: None,
        }));
        sentences.extend(begun.runs.get(at).and_then(|run| start_sentence(cast, actor, run.first()?)));
        let stops = finished.stops.get(at).map(Vec::as_slice).unwrap_or_default();
        let alone = finished.alone.as_ref().filter(|alone| alone.index == at);
        match (stops.last(), alone) {
            (Some(stop), alone) => sentences.push(stop_sentence(cast, actor, stop, finished, alone)),
            (None, Some(alone)) => sentences.push(exit_sentence(actor, alone)),
            (None, None) => {}
        }
    }
    sentences.extend(waiting_for_start(cast, begun, finished));
    if finished.kubelet_restart.is_some() {
        sentences.push(Sentence {
            container: None,
            text: "The kubelet restarts while the pod ends and begins the end anew: preStop hooks are delivered a second time, and the grace begins again.".to_owned(),
            fix: "A hook must bear being run twice.".to_owned(),
            edit: None,
        });
    }
    sentences
}

/// Why the actor cannot be configured, if its turn has come.
fn unconfigured<'a>(begun: &Begun, at: usize, actor: &Actor<'a>) -> Option<&'a Unconfigured> {
    begun.unconfigured.get(at).copied().flatten()?;
    actor.image?.unconfigured.as_ref()
}

/// The one sentence that a tired engineer reads, and what would fix it.
pub(super) fn verdict(
    cast: &Cast<'_>,
    begun: &Begun,
    finished: &Finished,
    sentences: &[Sentence],
) -> (Verdict, String, Option<Edit>) {
    let say = |tone, text: String, fix: &str| (Verdict { tone, text }, fix.to_owned(), None);
    let named = |sentence: &Sentence| match &sentence.container {
        Some(name) if cast.actors.len() > 1 => format!("`{name}`: {}", sentence.text),
        _ => sentence.text.clone(),
    };
    let waits = || cast.actors.iter().enumerate().filter_map(|(at, actor)| unconfigured(begun, at, actor));
    let broken = if waits().count() > 0 && waits().all(|why| why.not_given) { Tone::Look } else { Tone::Fails };
    if begun.initialized.is_none() && begun.interrupted.is_none() {
        let came = |at: &usize| {
            begun.runs.get(*at).is_some_and(|run| !run.is_empty())
                || begun.unconfigured.get(*at).is_some_and(Option::is_some)
        };
        let stuck = (0..cast.actors.len()).rfind(came).and_then(|at| cast.actors.get(at));
        let name = stuck.map_or("", |actor| actor.name);
        let why =
            sentences.iter().find(|sentence| sentence.container.as_deref() == Some(name) && !sentence.fix.is_empty());
        let reason = why.map(|why| format!(" {}", why.text)).unwrap_or_default();
        let text = format!("The pod never gets beyond `{name}`, so nothing behind it starts.{reason}");
        let fix = "Make it succeed: everything behind it waits for ever.";
        return say(broken, text, why.map_or(fix, |why| &why.fix));
    }
    if let Some(problem) = sentences.iter().find(|sentence| !sentence.fix.is_empty() && sentence.container.is_some()) {
        let (verdict, fix, _) = say(broken, named(problem), &problem.fix);
        return (verdict, fix, problem.edit.clone());
    }
    if let Some(note) = sentences.iter().find(|sentence| !sentence.fix.is_empty()) {
        return say(Tone::Look, note.text.clone(), &note.fix);
    }
    let Some(at) = finished.at else {
        return say(
            Tone::Fine,
            format!("Everything is ready after {}, and nothing ends it.", words(begun.settled)),
            "",
        );
    };
    let took = words(finished.ended.saturating_sub(at));
    if let Some(alone) = &finished.alone {
        let about = cast.actors.get(alone.index).map(|actor| actor.name);
        let sentence = sentences.iter().rfind(|sentence| sentence.container.as_deref() == about);
        let tone = if alone.again.is_some() { Tone::Look } else { Tone::Fine };
        return say(tone, sentence.map(named).unwrap_or_default(), "");
    }
    let within = finished.grace.map(|band| words(band.end.saturating_sub(band.start)));
    let within = within.map(|grace| format!(" of the {grace} grace")).unwrap_or_default();
    let text = match cast.life.end.unwrap_or_default() {
        Cause::Eviction => {
            format!("Everything ends by itself: the last process is gone {took} after the eviction began.")
        }
        _ if finished.forced => format!(
            "The object is gone at once; the node needs {took} more until the last process has ended, and a new pod of the same name may start before that."
        ),
        _ => format!("Everything ends by itself: the last process is gone after {took}{within}."),
    };
    let anew =
        if finished.unverified { " In this release the grace begins anew after the hook (not verified)." } else { "" };
    let tone = if finished.forced || finished.unverified { Tone::Look } else { Tone::Fine };
    say(tone, format!("{text}{anew}"), "")
}

/// The end comes while the kubelet is busy with the start: it waits.
fn waiting_for_start(cast: &Cast<'_>, begun: &Begun, finished: &Finished) -> Option<Sentence> {
    let (asked, begins) = (begun.interrupted?, finished.stops_at?);
    let waits = begins.checked_sub(asked).filter(|waits| *waits > 0)?;
    let hangs = |(actor, run): (&Actor<'_>, &Vec<Attempt>)| {
        let in_hook =
            |attempt: &Attempt| attempt.started.post_start.is_some_and(|(from, to)| from <= asked && asked < to);
        run.iter().any(in_hook).then(|| actor.name.to_owned())
    };
    let hook = cast.actors.iter().zip(&begun.runs).find_map(hangs);
    let (what, fix) = match &hook {
        Some(name) => (
            format!("while postStart of `{name}` runs"),
            "End the hook by itself after a while, with `timeout` for example: the kubelet sets it no limit, not even for a deletion.",
        ),
        None => ("while the pod is being started".to_owned(), "Nothing: the kubelet ends what it has begun first."),
    };
    let text = format!(
        "The end comes {what}. The kubelet waits {} for that, goes on with the containers behind it, and only then stops them; until then nothing but the STATUS tells of the end.",
        words(waits)
    );
    Some(Sentence { container: None, text, fix: fix.to_owned(), edit: None })
}

fn start_sentence(cast: &Cast<'_>, actor: &Actor<'_>, first: &Attempt) -> Option<Sentence> {
    let container = Some(actor.name.to_owned());
    if let (Kind::Init, Some((_, exit))) = (actor.kind, first.ended) {
        return (exit.code != 0).then(|| Sentence {
            container,
            text: format!("It ends with code {}{}.", exit.code, again(cast, actor, exit.code)),
            fix: "Make the init container end with code 0: what it prints stands in `kubectl logs -c`.".to_owned(),
            edit: None,
        });
    }
    let (began, ended) = first.started.post_start?;
    let takes = words(ended.saturating_sub(began));
    if first.started.error.is_some() {
        let code = first.ended.map_or(0, |(_, exit)| exit.code);
        return Some(Sentence {
            container,
            text: format!("postStart fails after {takes}, so the container is killed{}.", again(cast, actor, code)),
            fix: "Make the hook succeed: what it fails with stands in the container's waiting message.".to_owned(),
            edit: None,
        });
    }
    Some(Sentence {
        container,
        text: format!("postStart takes {takes}; until then no later container starts and the pod shows no change."),
        fix: String::new(),
        edit: None,
    })
}

fn again(cast: &Cast<'_>, actor: &Actor<'_>, code: i64) -> &'static str {
    if cast.restarts(actor, code) { " and started again, later and later" } else { " and not started again" }
}

fn exit_sentence(actor: &Actor<'_>, alone: &Alone) -> Sentence {
    let hook = if actor.pre_stop.is_some() { " Its preStop hook is not run, because" } else { " It gets no signal:" };
    let next = if alone.again.is_some() {
        " It is started again at once; if it ends again soon, after 10 s, then 20 s and so on."
    } else {
        " It is not started again."
    };
    let text =
        format!("The process ends by itself with code {}.{hook} nothing is left to stop.{next}", alone.ended.1.code);
    Sentence { container: Some(actor.name.to_owned()), text, fix: String::new(), edit: None }
}

fn stop_sentence(
    cast: &Cast<'_>,
    actor: &Actor<'_>,
    stop: &Stopped,
    finished: &Finished,
    alone: Option<&Alone>,
) -> Sentence {
    // Counted from the beginning of the end, also where a restarted kubelet began anew later.
    let moment = |at: Millis| words(at.saturating_sub(finished.at.unwrap_or(stop.started)));
    let (grace, signal) = (stop.grace.seconds, actor.signal);
    let failed = actor.pre_stop.as_ref().is_some_and(|acted| acted.hook.failure.is_some());
    let hook = match stop.pre_stop {
        PreStop::Absent => String::new(),
        PreStop::NotRun => "There is no grace, so preStop is not run. ".to_owned(),
        PreStop::Ended { started, ended } if failed => {
            let takes = words(ended.saturating_sub(started));
            format!("preStop fails after {takes} and is not tried again; the stop goes on. ")
        }
        PreStop::Ended { started, ended } => {
            format!("preStop takes {} of the {grace} s grace. ", words(ended.saturating_sub(started)))
        }
        PreStop::Abandoned { .. } => format!("preStop uses up the whole grace of {grace} s and is given up. "),
    };
    let wait = stop.waited_until.filter(|_| stop.waited_until != Some(stop.started));
    let wait =
        wait.map_or_else(String::new, |until| format!("It waits until {} for the others to end. ", moment(until)));
    let process = match (stop.term_sent, stop.killed) {
        (None, true) => "The process is killed at once, without a signal before.".to_owned(),
        (_, true) => format!(
            "The process has {} s between {signal} and KILL but needs {}: it is killed at {}.",
            stop.timeout,
            words(actor.stop),
            moment(stop.ended)
        ),
        (Some(term), false) => format!(
            "The process gets {signal} at {} with {} s to end, needs {}, and ends by itself at {}.",
            moment(term),
            stop.timeout,
            words(actor.stop),
            moment(stop.ended)
        ),
        (None, false) => format!("The process ends by itself at {}.", moment(stop.ended)),
    };
    let twice =
        if finished.unverified { " In this release the grace begins anew after the hook (not verified)." } else { "" };
    let next = match alone.map(|alone| alone.again.is_some()) {
        Some(true) => " Then it is started again.",
        Some(false) => " It is not started again.",
        None => "",
    };
    let text = format!("{hook}{wait}{process}{twice}{next}");
    let (fix, edit) = fix(cast, actor, stop);
    Sentence { container: Some(actor.name.to_owned()), text, fix, edit }
}

/// A grace with which hook, waiting and process would all come to their end, and where to ask for it.
fn fix(cast: &Cast<'_>, actor: &Actor<'_>, stop: &Stopped) -> (String, Option<Edit>) {
    let cut = matches!(stop.pre_stop, PreStop::Abandoned { .. });
    if !stop.killed && !cut {
        return (String::new(), None);
    }
    let hook = actor.pre_stop.as_ref().map_or(0, |acted| acted.hook.takes);
    let waited = stop.waited_until.map_or(0, |until| until.saturating_sub(stop.started));
    // Whole seconds are counted; what a container gets in any case need not be asked for.
    let needed = hook.max(waited).div_ceil(SECOND) + actor.stop.max(millis(MINIMUM_GRACE_SECONDS)).div_ceil(SECOND);
    let faster =
        if hook > 0 { "a shorter preStop hook or a process that ends faster" } else { "a process that ends faster" };
    let field = "terminationGracePeriodSeconds";
    let (knob, written) = match cast.life.end.unwrap_or_default() {
        Cause::Eviction if stop.term_sent.is_none() => {
            let fix = "The kubelet of this release gives 0 s in a hard eviction: nothing in the manifest helps.";
            return (fix.to_owned(), None);
        }
        Cause::Eviction => {
            return (format!("In an eviction the kubelet decides on the grace: only {faster} helps."), None);
        }
        Cause::Deletion if cast.life.grace_period.is_some() || cast.life.force => {
            (format!("--grace-period={needed}"), None)
        }
        Cause::LivenessProbe if actor.liveness_grace.is_some() => {
            (format!("livenessProbe.{field}: {needed}"), actor.container.lifecycle.liveness_probe.as_ref())
        }
        Cause::StartupProbe if actor.startup_grace.is_some() => {
            (format!("startupProbe.{field}: {needed}"), actor.container.lifecycle.startup_probe.as_ref())
        }
        _ => {
            let edit = cast.grace_span.map(|span| Edit { span, text: needed.to_string() });
            return (grace_of(needed, &format!("{field}: {needed}"), faster), edit);
        }
    };
    let span = written.and_then(|probe| probe.grace_seconds.as_ref()).map(|grace| grace.span);
    (grace_of(needed, &knob, faster), span.map(|span| Edit { span, text: needed.to_string() }))
}

fn grace_of(needed: u64, knob: &str, faster: &str) -> String {
    format!("A grace of {needed} s (`{knob}`) would let everything end by itself, and so may {faster}.")
}

impl What {
    /// In words, for the picture's legend and its table.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "waits for its turn",
            Self::Pulling => "its image is pulled",
            Self::Creating => "is made",
            Self::Up => "is there",
            Self::Starting => "starts",
            Self::Initializing => "does its work",
            Self::Unreported => "could work, but the start of the others is not over",
            Self::Ready => "is ready",
            Self::PostStart => "postStart",
            Self::PreStop => "preStop",
            Self::PreStopBeyond => "preStop, given up",
            Self::AwaitingTurn => "waits for the others to end",
            Self::Stopping => "ends after its signal",
            Self::StoppingBeyond => "would still need",
            Self::BackOff => "back-off",
            Self::Ended => "has ended",
        }
    }
}
