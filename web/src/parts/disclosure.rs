//! Something folded away under its title, which says whether it is worth opening.

use web_sys::HtmlDetailsElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct DisclosureProps {
    /// The title, always seen.
    pub summary: Html,
    /// Whether it is open at first.
    #[prop_or_default]
    pub open: bool,
    #[prop_or_default]
    pub class: Classes,
    /// Told when it was opened (`true`) or closed.
    #[prop_or_default]
    pub ontoggle: Callback<bool>,
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Disclosure(props: &DisclosureProps) -> Html {
    let ontoggle = props.ontoggle.reform(|event: Event| event.target_unchecked_into::<HtmlDetailsElement>().open());
    html! {
        <details class={classes!("disclosure", props.class.clone())} open={props.open} {ontoggle}>
            <summary>
                <svg class="chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                    <path d="m6 4 4 4-4 4" />
                </svg>
                { props.summary.clone() }
            </summary>
            <div class="disclosure-body">{ props.children.clone() }</div>
        </details>
    }
}
