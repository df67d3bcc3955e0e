//! A button that copies a text to the clipboard, where the browser allows it.

use crate::prelude::*;
use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;

#[derive(PartialEq, Properties)]
pub struct CopyButtonProps {
    /// The button's words.
    #[prop_or(AttrValue::Static("Copy"))]
    pub label: AttrValue,
    /// What is copied: the rest of the button's name, where several copy something.
    #[prop_or_default]
    pub what: AttrValue,
    /// What a hint over the button says.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or("small")]
    pub class: &'static str,
    /// Makes the text, once somebody wants it.
    pub text: Callback<(), String>,
    /// Said where there is no clipboard: browsers offer it on secure pages only.
    #[prop_or("This browser does not let the page copy: select the text.")]
    pub without: &'static str,
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
        let (text, said, without) = (props.text.clone(), said.setter(), props.without);
        Callback::from(move |_| copy(&text.emit(()), said.clone(), without))
    };
    html! {
        <span class="copy-button">
            <button type="button" class={props.class} title={props.hint.clone()} {onclick}>
                { &props.label }
                if !props.what.is_empty() {
                    <span class="unseen">{ " " }{ &props.what }</span>
                }
            </button>
            <span role="status" class="faint">{ *said }</span>
        </span>
    }
}

/// A text that is there already, for [`CopyButtonProps::text`].
pub fn ready(text: &str) -> Callback<(), String> {
    let text = AttrValue::from(text.to_owned());
    Callback::from(move |()| text.to_string())
}

/// Copies the text and says how it went. The browser may ask the user.
fn copy(text: &str, said: UseStateSetter<&'static str>, without: &'static str) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        said.set(without);
        return;
    }
    let promise = clipboard.write_text(text);
    yew::platform::spawn_local(async move {
        let done = JsFuture::from(promise).await;
        said.set(if done.is_ok() { "Copied." } else { "The browser did not let the page copy." });
    });
}
