//! Controls that stand inside a sentence. Each has a name of its own: the words around it are read separately.

use crate::prelude::*;
use podwhy_core::time::Duration;
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// One of a list.
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its words.
    pub words: String,
}

impl Choice {
    /// A choice with its words.
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into() }
    }
}

/// A list to choose from; tells the chosen value.
pub fn choice(name: String, choices: &[Choice], chosen: &str, onchoose: &Callback<String>) -> Html {
    let onchange = onchoose.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <select class="in-words" aria-label={name} {onchange}>
            { for choices.iter().map(|choice| html! {
                <option key={choice.value.clone()} value={choice.value.clone()} selected={choice.value == chosen}>{ &choice.words }</option>
            }) }
        </select>
    }
}

/// A length of time in seconds. What is no length of time changes nothing.
pub fn seconds(name: String, length: Duration, onchange: &Callback<Duration>) -> Html {
    let onchange = onchange.clone();
    let onchange = Callback::from(move |event: Event| {
        let number = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        if number.is_finite() && number >= 0.0 {
            onchange.emit(Duration::from_secs_f64(number));
        }
    });
    html! {
        <span class="in-words-unit">
            <input class="in-words number" type="number" min="0" step="any" inputmode="decimal" aria-label={format!("{name}, in seconds")}
                value={length.as_secs_f64().to_string()} {onchange} />
            { " s" }
        </span>
    }
}

/// A length of time that may be left open. An emptied field leaves it open.
pub fn seconds_or_open(name: String, length: Option<Duration>, onchange: &Callback<Option<Duration>>) -> Html {
    let onchange = onchange.clone();
    let onchange = Callback::from(move |event: Event| {
        let number = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        onchange.emit((number.is_finite() && number >= 0.0).then(|| Duration::from_secs_f64(number)));
    });
    html! {
        <span class="in-words-unit">
            <input class="in-words number" type="number" min="0" step="any" inputmode="decimal" aria-label={format!("{name}, in seconds")}
                value={length.map(|length| length.as_secs_f64().to_string()).unwrap_or_default()} {onchange} />
            { " s" }
        </span>
    }
}

/// A short text; told when the field is left or Enter is pressed.
pub fn text(name: String, value: String, placeholder: &'static str, onchange: &Callback<String>) -> Html {
    let onchange = onchange.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <input class="in-words" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" aria-label={name}
            {placeholder} {value} {onchange} />
    }
}

/// The mark of what nobody said.
pub fn assumed(is: bool) -> Html {
    if is {
        html! { <>{ " " }<span class="assumed">{ "assumed" }</span></> }
    } else {
        Html::default()
    }
}
