//! A length of time that is typed. What makes no sense is said beside it, and changes nothing.

use crate::prelude::*;
use podwhy_core::lifecycle::{Millis, words};
use podwhy_core::scenario::life::length;
use podwhy_core::time::Duration;
use podwhy_core::timeline::to_duration;
use web_sys::{HtmlInputElement, InputEvent};

#[derive(PartialEq, Properties)]
pub struct FieldProps {
    pub id: AttrValue,
    /// What it is, for who does not see the place.
    pub label: AttrValue,
    /// The length that counts.
    pub takes: Millis,
    /// Nobody said it: it is the usual one.
    pub usual: bool,
    /// Another length; none is the usual one.
    pub ontry: Callback<Option<Duration>>,
    /// The hand has let go.
    pub onkeep: Callback<()>,
}

#[component]
pub fn Field(props: &FieldProps) -> Html {
    // What stands in the box while it is being typed.
    let typed = use_state_eq(|| None::<String>);
    let shown = (*typed).clone().unwrap_or_else(|| seconds(props.takes));
    let problem = typed.as_ref().and_then(|text| length(text).err());
    let oninput = {
        let (typed, ontry) = (typed.setter(), props.ontry.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match length(&text) {
                Ok(length) => ontry.emit(Some(length)),
                // Nothing there: the usual length counts.
                Err(_) if text.trim().is_empty() => ontry.emit(None),
                Err(_) => {}
            }
            typed.set(Some(text));
        })
    };
    let onchange = {
        let (typed, onkeep) = (typed.clone(), props.onkeep.clone());
        Callback::from(move |_: Event| {
            if typed.as_ref().is_some_and(|text| length(text).is_ok()) {
                typed.set(None);
            }
            onkeep.emit(());
        })
    };
    let note = format!("{}-note", props.id);
    let label = if props.usual { format!("{} (assumed)", props.label) } else { props.label.to_string() };
    html! {
        <span class="life-field">
            <span class="life-box">
                <input id={&props.id} type="text" inputmode="decimal" autocomplete="off" size="5" value={shown}
                    aria-label={label} class={classes!(props.usual.then_some("life-usual"))} aria-invalid={problem.is_some().then_some("true")}
                    aria-describedby={problem.is_some().then(|| note.clone())} {oninput} {onchange} />
                <span class="faint" aria-hidden="true">{ "s" }</span>
            </span>
            if let Some(problem) = problem {
                <span class="life-problem" id={note} role="alert">
                    { problem }{ " " }{ words(props.takes) }{ " counts." }
                </span>
            }
        </span>
    }
}

/// Seconds as they are typed: `55`, `1.5`.
fn seconds(takes: Millis) -> String {
    let text = words(takes);
    text.strip_suffix(" s").map_or_else(|| to_duration(takes).to_string(), str::to_owned)
}
