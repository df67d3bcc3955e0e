//! A button that copies a text.

use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

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
        Callback::from(move |_| copy(&text, said.clone()))
    };
    html! {
        <span class="place-copy">
            <button type="button" class="small" {onclick}>{ &props.label }<span class="unseen">{ " " }{ &props.what }</span></button>
            <span role="status" class="faint">{ *said }</span>
        </span>
    }
}

/// Browsers offer the clipboard on secure pages only, and may ask the user.
fn copy(text: &str, said: UseStateSetter<&'static str>) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        said.set("This browser does not let the page copy: select the text.");
        return;
    }
    let promise = clipboard.write_text(text);
    yew::platform::spawn_local(async move {
        let done = JsFuture::from(promise).await;
        said.set(if done.is_ok() { "Copied." } else { "The browser did not let the page copy." });
    });
}
