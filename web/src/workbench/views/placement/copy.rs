//! A button that copies a text; its name says which, for where there are several.

use crate::parts::copy::copy;
use crate::prelude::*;

#[derive(PartialEq, Properties)]
pub struct CopyProps {
    /// The words on the button.
    #[prop_or(AttrValue::Static("Copy"))]
    pub label: AttrValue,
    /// What is copied, for the button's name.
    pub what: AttrValue,
    pub text: AttrValue,
}

/// Says beside itself whether the browser let it.
#[component]
pub fn CopyButton(props: &CopyProps) -> Html {
    let said = use_state_eq(|| "");
    // What was said about another text does not hold for this one.
    use_effect_with(props.text.clone(), {
        let said = said.setter();
        move |_| said.set("")
    });
    let onclick = {
        let (text, said) = (props.text.clone(), said.setter());
        Callback::from(move |_| copy(&text, said.clone(), "This browser does not let the page copy: select the text."))
    };
    html! {
        <span class="place-copy">
            <button type="button" class="small" {onclick}>{ &props.label }<span class="unseen">{ " " }{ &props.what }</span></button>
            <span role="status" class="faint">{ *said }</span>
        </span>
    }
}
