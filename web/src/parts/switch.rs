//! A box to tick, with its words and what they mean.

use crate::prelude::*;
use web_sys::HtmlInputElement;

/// The box; its note explains it in a few faint words.
pub fn switch(label: AttrValue, note: AttrValue, on: bool, onchange: &Callback<bool>) -> Html {
    let onchange = onchange.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="switch">
            <input type="checkbox" checked={on} {onchange} />
            <span>
                { label }
                if !note.is_empty() {
                    <span class="faint">{ note }</span>
                }
            </span>
        </label>
    }
}
