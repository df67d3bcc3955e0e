//! Something folded away under its title, which says whether it is worth opening.

use crate::prelude::*;
use web_sys::HtmlDetailsElement;

/// A title that opens its body; `ontoggle` is told whether it was opened or closed.
pub fn disclosure(class: &'static str, ontoggle: Callback<bool>, summary: Html, body: Html) -> Html {
    folding(class, ontoggle, false, summary, body)
}

/// The same, open until somebody closes it.
pub fn opened(class: &'static str, summary: Html, body: Html) -> Html {
    folding(class, Callback::noop(), true, summary, body)
}

fn folding(class: &'static str, ontoggle: Callback<bool>, open: bool, summary: Html, body: Html) -> Html {
    let ontoggle = ontoggle.reform(|event: Event| event.target_unchecked_into::<HtmlDetailsElement>().open());
    html! {
        <details class={classes!("disclosure", class)} {open} {ontoggle}>
            <summary>
                <svg class="chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                    <path d="m6 4 4 4-4 4" />
                </svg>
                { summary }
            </summary>
            <div class="disclosure-body">{ body }</div>
        </details>
    }
}
