//! One moment: what kubectl shows then.

use super::scale::since;
use crate::workbench::parts::printed::Printed;
use podwhy_core::lifecycle::Millis;
use podwhy_core::timeline::{Timeline, to_duration};
use std::rc::Rc;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct ChosenProps {
    pub played: Rc<Timeline>,
    pub at: Millis,
    pub onat: Callback<Millis>,
    pub name: AttrValue,
}

#[component]
pub fn Chosen(props: &ChosenProps) -> Html {
    let (played, at) = (&props.played, props.at);
    let oninput = props.onat.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        value.parse().unwrap_or_default()
    });
    // Where something changes, to step through.
    let mut stops: Vec<Millis> = played.states.iter().map(|state| state.at).collect();
    stops.extend(played.moments.iter().map(|moment| moment.at));
    stops.sort_unstable();
    stops.dedup();
    let before = stops.iter().rev().find(|stop| **stop < at).copied();
    let after = stops.iter().find(|stop| **stop > at).copied();
    let go = |to: Option<Millis>, words: &'static str, sign: &'static str| {
        let onclick = props.onat.reform(move |_| to.unwrap_or_default());
        html! { <button type="button" class="small" aria-label={words} title={words} disabled={to.is_none()} {onclick}>{ sign }</button> }
    };
    html! {
        <section class="life-chosen" aria-label="The chosen moment">
            <div class="life-slide">
                { go(before, "To the change before", "\u{2039}") }
                <input id="life-at" type="range" min="0" max={played.end.to_string()} step="100" value={at.to_string()}
                    aria-label="The chosen moment" aria-valuetext={when(played, at)} {oninput} />
                { go(after, "To the next change", "\u{203a}") }
                <output for="life-at">{ when(played, at) }</output>
            </div>
            <Printed title={format!("kubectl get pod {}", props.name)} text={get_pod(played, at, &props.name)} />
            <p class="life-phase">{ phase(played, at) }</p>
            <Printed title={format!("kubectl describe pod {}", props.name)} text={played.describe_events_at(at)} />
        </section>
    }
}

/// The moment in words.
fn when(played: &Timeline, at: Millis) -> String {
    let absolute = to_duration(at);
    match played.ends_at {
        Some(ends_at) if at >= ends_at => {
            format!("{} from the end's beginning ({absolute} in all)", since(at, ends_at))
        }
        _ => format!("{absolute} after the pod was bound"),
    }
}

fn phase(played: &Timeline, at: Millis) -> Html {
    match played.state_at(at) {
        Some(shown) => html! { <>{ "status.phase: " }<code>{ shown.phase }</code></> },
        None => html! { "The object is gone; these events outlive it." },
    }
}

/// What `kubectl get pod` prints at that moment.
fn get_pod(played: &Timeline, at: Millis, name: &str) -> String {
    let gone = || format!("Error from server (NotFound): pods \"{name}\" not found");
    played.get_pods_at(name, at).unwrap_or_else(gone)
}
