//! What ends the pod, and what goes with it.

use super::draft::Draft;
use super::field::Field;
use crate::prelude::*;
use podwhy_core::lifecycle::pod_termination::Kind;
use podwhy_core::scenario::life::{Cause, DEFAULT_LIVES_FOR, LONGEST, PodLife};
use podwhy_core::time::Duration;
use podwhy_core::timeline::{LaneKind, Timeline, to_duration, to_millis};
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// When the kubelet restarts, if that is switched on: so long after the end began.
const KUBELET_RESTARTS: Duration = Duration::from_secs(3);

fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Deletion => "it is deleted",
        Cause::Eviction => "the kubelet evicts it",
        Cause::LivenessProbe => "a liveness probe fails",
        Cause::StartupProbe => "a startup probe fails",
        Cause::DefinitionChanged => "a container's definition changes",
        Cause::Exit => "a process ends by itself",
        Cause::Never => "nothing ends it",
    }
}

pub fn causes(played: &Timeline, draft: &Draft) -> Html {
    let life = draft.life();
    let end = life.end.unwrap_or_default();
    html! {
        <div class="life-causes">
            { choose_end(end, draft) }
            if end.of_one_container() { { choose_container(played, &life, draft) } }
            if matches!(end, Cause::Deletion | Cause::Eviction) { { grace(end, &life, draft) } }
            if !matches!(end, Cause::Never | Cause::StartupProbe) { { when(played, end, &life, draft) } }
            if end == Cause::Deletion {
                { tick("--force", life.force, draft, |life, on| life.force = on) }
            }
            if matches!(end, Cause::Deletion | Cause::Eviction) { { restart(&life, draft) } }
        </div>
    }
}

fn choose_end(end: Cause, draft: &Draft) -> Html {
    let draft = draft.clone();
    let onchange = Callback::from(move |event: Event| {
        let word = event.target_unchecked_into::<HtmlSelectElement>().value();
        let Some((_, cause)) = Cause::ALL.iter().find(|(known, _)| *known == word) else { return };
        draft.change(|life| {
            // What belongs to another cause goes with it.
            *life = PodLife {
                end: Some(*cause).filter(|cause| *cause != Cause::default()),
                sandbox: life.sandbox,
                lives_for: life.lives_for,
                ends_at: life.ends_at.filter(|_| cause.ends_pod()),
                containers: std::mem::take(&mut life.containers),
                ..PodLife::default()
            };
        });
    });
    html! {
        <label class="life-choice">
            <span>{ "What happens: " }</span>
            <select id="life-end" {onchange}>
                { for Cause::ALL.iter().map(|(word, cause)| html! {
                    <option value={*word} selected={*cause == end}>{ cause_words(*cause) }</option>
                }) }
            </select>
        </label>
    }
}

fn choose_container(played: &Timeline, life: &PodLife, draft: &Draft) -> Html {
    let draft = draft.clone();
    let onchange = Callback::from(move |event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        draft.change(|life| life.container = Some(name).filter(|name| !name.is_empty()));
    });
    let runs = |kind| matches!(kind, LaneKind::Container(Kind::Main | Kind::Sidecar));
    let names = played.lanes.iter().filter(|lane| runs(lane.kind)).map(|lane| &lane.name);
    html! {
        <label class="life-choice">
            <span>{ "to " }</span>
            <select id="life-container" aria-label="The container" {onchange}>
                <option value="" selected={life.container.is_none()}>{ "the first that fits" }</option>
                { for names.map(|name| html! {
                    <option value={name.clone()} selected={life.container.as_ref() == Some(name)}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

fn grace(end: Cause, life: &PodLife, draft: &Draft) -> Html {
    let draft = draft.clone();
    let onchange = Callback::from(move |event: Event| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        let seconds = text.trim().parse().ok().filter(|seconds| (0..=LONGEST.whole_secs()).contains(seconds));
        draft.change(|life| life.grace_period = seconds);
    });
    let (words, unsaid) = match end {
        Cause::Eviction => ("within", "hard"),
        _ => ("--grace-period", "pod's"),
    };
    html! {
        <label class="life-choice">
            <span>{ words }{ " " }</span>
            <input id="life-grace" type="number" min="0" max={LONGEST.whole_secs().to_string()}
                placeholder={unsaid} value={life.grace_period.map(|seconds| seconds.to_string()).unwrap_or_default()} {onchange} />
            <span class="faint">{ "s" }</span>
        </label>
    }
}

/// When it happens: counted from when the pod is ready, or, where the whole pod ends, from when it is bound.
fn when(played: &Timeline, end: Cause, life: &PodLife, draft: &Draft) -> Html {
    let (tried, kept) = (draft.clone(), draft.clone());
    let from_bound = life.ends_at.is_some();
    let ontry = Callback::from(move |length: Option<Duration>| {
        tried.try_out(|life| match &mut life.ends_at {
            Some(at) => *at = length.unwrap_or(DEFAULT_LIVES_FOR),
            None => life.lives_for = length,
        });
    });
    let onkeep = Callback::from(move |()| kept.keep());
    let takes = to_millis(life.ends_at.or(life.lives_for).unwrap_or(DEFAULT_LIVES_FOR));
    let choice = {
        let (draft, now) = (draft.clone(), to_duration(played.ends_at.unwrap_or_default()));
        let onchange = Callback::from(move |event: Event| {
            let bound = event.target_unchecked_into::<HtmlSelectElement>().value() == "bound";
            draft.change(|life| (life.ends_at, life.lives_for) = (bound.then_some(now), None));
        });
        html! {
            <select id="life-since" aria-label="Since when its time counts" {onchange}>
                <option value="ready" selected={!from_bound}>{ "after being ready for" }</option>
                <option value="bound" selected={from_bound}>{ "ready or not, after" }</option>
            </select>
        }
    };
    html! {
        <span class="life-choice">
            if end.ends_pod() { { choice } } else { <span>{ "after being ready for " }</span> }
            <Field id="life-lives" label="How long the pod lives before that, in seconds" {takes}
                usual={!from_bound && life.lives_for.is_none()} {ontry} {onkeep} />
        </span>
    }
}

/// The kubelet's restart, with its moment.
fn restart(life: &PodLife, draft: &Draft) -> Html {
    let (tried, kept) = (draft.clone(), draft.clone());
    let ontry = Callback::from(move |length: Option<Duration>| {
        tried.try_out(|life| life.kubelet_restart = Some(length.unwrap_or(KUBELET_RESTARTS)));
    });
    let onkeep = Callback::from(move |()| kept.keep());
    let set = |life: &mut PodLife, on: bool| life.kubelet_restart = on.then_some(KUBELET_RESTARTS);
    html! {
        <span class="life-choice">
            { tick("the kubelet restarts", life.kubelet_restart.is_some(), draft, set) }
            if let Some(at) = life.kubelet_restart {
                <Field id="life-restart" label="When the kubelet restarts, in seconds after the end began" takes={to_millis(at)} usual={false} {ontry} {onkeep} />
                <span class="faint">{ "later" }</span>
            }
        </span>
    }
}

fn tick(words: &'static str, on: bool, draft: &Draft, set: fn(&mut PodLife, bool)) -> Html {
    let draft = draft.clone();
    let onchange = Callback::from(move |event: Event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        draft.change(|life| set(life, on));
    });
    html! { <label class="life-choice life-tick-box"><input type="checkbox" checked={on} {onchange} /><span>{ words }</span></label> }
}
