//! The way to the gallery, which the second program shows.

use crate::bridge::{GALLERY, WANTED, WANTED_DIALOG, send};
use crate::prelude::*;
use gloo::utils::document_element;
use wasm_bindgen::JsValue;

pub fn examples_button() -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        _ = document_element().set_attribute(WANTED_DIALOG, GALLERY);
        send(WANTED, &JsValue::UNDEFINED);
    });
    html! { <button type="button" class="examples" aria-haspopup="dialog" {onclick}>{ "Examples" }</button> }
}
