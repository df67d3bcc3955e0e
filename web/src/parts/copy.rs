//! To the clipboard, where the browser allows it.

use crate::prelude::*;
use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;

/// Copies the text and says how it went. Browsers offer the clipboard on secure pages only, and may ask the user;
/// `without` is said where there is none.
pub fn copy(text: &str, said: UseStateSetter<&'static str>, without: &'static str) {
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
