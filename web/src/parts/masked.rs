//! A value that is not drawn until somebody asks for it.

use crate::prelude::*;

#[derive(PartialEq, Properties)]
pub struct MaskedProps {
    /// What it is, such as "password", for the button's name.
    pub name: AttrValue,
    pub value: AttrValue,
}

#[component]
pub fn Masked(props: &MaskedProps) -> Html {
    let shown = use_state_eq(|| false);
    // Another value is hidden again, whatever was shown before.
    use_effect_with(props.value.clone(), {
        let shown = shown.setter();
        move |_| shown.set(false)
    });
    let onclick = {
        let shown = shown.clone();
        Callback::from(move |_| shown.set(!*shown))
    };
    html! {
        <span class="masked">
            if *shown {
                <code>{ &props.value }</code>
            } else {
                <span class="masked-dots" aria-hidden="true">{ "••••••••" }</span>
            }
            <button type="button" class="quiet small" aria-pressed={shown.to_string()} {onclick}>
                { if *shown { "Hide" } else { "Show" } }<span class="unseen">{ " " }{ &props.name }</span>
            </button>
        </span>
    }
}
