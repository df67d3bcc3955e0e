//! A button that copies a text which is made only then.

use crate::parts::copy::copy;
use crate::prelude::*;

#[derive(PartialEq, Properties)]
pub struct CopyButtonProps {
    /// The button's words.
    pub label: AttrValue,
    /// What a hint over the button says.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// Makes the text.
    pub text: Callback<(), String>,
}

/// The button, and beside it how it went.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let said = use_state_eq(|| "");
    // What was said about another text does not hold for this one.
    use_effect_with(props.text.clone(), {
        let said = said.setter();
        move |_| said.set("")
    });
    let onclick = {
        let (text, said) = (props.text.clone(), said.setter());
        Callback::from(move |_| copy(&text.emit(()), said.clone(), "This browser does not let the page copy."))
    };
    html! {
        <span class="copy-button">
            <button type="button" class="small" title={props.hint.clone()} {onclick}>{ &props.label }</button>
            <span role="status" class="faint">{ *said }</span>
        </span>
    }
}
