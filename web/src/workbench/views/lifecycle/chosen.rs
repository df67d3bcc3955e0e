//! One moment: what kubectl shows then.

use crate::prelude::*;
use crate::workbench::parts::held::would_print;
use crate::workbench::parts::printed::{Printed, printed_rules};
use podwhy_core::lifecycle::Millis;
use podwhy_core::rule::events::EVENT_SPAM_FILTER;
use podwhy_core::timeline::{Timeline, to_duration};
use std::rc::Rc;
use web_sys::{HtmlInputElement, InputEvent};

#[derive(PartialEq, Properties)]
pub struct SlideProps {
    pub played: Rc<Timeline>,
    pub at: Millis,
    pub onat: Callback<Millis>,
}

/// The slider under the picture, with what kubectl shows in a word.
#[component]
pub fn Slide(props: &SlideProps) -> Html {
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
    let status = played.state_at(at).map_or("gone", |shown| shown.status.as_str());
    html! {
        <div class="life-slide">
            { go(before, "To the change before", "\u{2039}") }
            <input id="life-at" type="range" min="0" max={played.end.to_string()} step="100" value={at.to_string()}
                aria-label="The chosen moment" aria-valuetext={format!("{}: {status}", when(played, at))} {oninput} />
            { go(after, "To the next change", "\u{203a}") }
            <output for="life-at"><strong>{ status }</strong><span class="faint">{ when(played, at) }</span></output>
        </div>
    }
}

/// What kubectl prints at the chosen moment.
pub fn chosen(played: &Timeline, at: Millis, name: &str) -> Html {
    let held_back = played.held_back_at(at);
    html! {
        <section class="life-chosen" aria-label="The chosen moment">
            <h3>{ "At the chosen moment, " }{ when(played, at) }</h3>
            <Printed title={would_print(format!("kubectl get pod {name}"), played.held.as_ref())} text={get_pod(played, at, name)}>
                <span class="faint">{ phase(played, at) }</span>
            </Printed>
            <Printed title={would_print(format!("kubectl describe pod {name}"), played.held.as_ref())} text={played.describe_events_at(at)} />
            { printed_rules(played.release) }
            if !held_back.is_empty() {
                <div class="life-held">
                    <p>{ format!("{} more happened and cannot be read. {}", counted(held_back.len()), EVENT_SPAM_FILTER.title) }</p>
                    <ul>
                        { for held_back.iter().map(|event| html! { <li><code>{ &event.reason }</code>{ " " }{ &event.message }</li> }) }
                    </ul>
                </div>
            }
        </section>
    }
}

fn counted(events: usize) -> String {
    if events == 1 { "1 event".to_owned() } else { format!("{events} events") }
}

/// The moment in words.
fn when(played: &Timeline, at: Millis) -> String {
    let absolute = to_duration(at);
    match played.ends_at {
        Some(ends_at) if at >= ends_at => {
            format!("{} after the end began ({absolute} in all)", to_duration(at - ends_at))
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
