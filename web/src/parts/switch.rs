//! A box to tick, with its words and what they mean.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct SwitchProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub note: AttrValue,
    pub on: bool,
    #[prop_or_default]
    pub disabled: bool,
    pub onchange: Callback<bool>,
}

#[component]
pub fn Switch(props: &SwitchProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="switch">
            <input type="checkbox" checked={props.on} disabled={props.disabled} {onchange} />
            <span>
                { &props.label }
                if !props.note.is_empty() {
                    <span class="faint">{ &props.note }</span>
                }
            </span>
        </label>
    }
}
