//! Giving the user a file.

use gloo::utils::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Has the browser save a text under a name.
pub fn text(name: &str, kind: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(content));
    if let Ok(file) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        blob(name, &file);
    }
}

/// Has the browser save a blob under a name.
pub fn blob(name: &str, file: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(file) else { return };
    if let Some(link) = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        _ = link.set_attribute("href", &address);
        _ = link.set_attribute("download", name);
        link.click();
    }
    // The browser has taken hold of the file by the next turn.
    gloo::timers::callback::Timeout::new(1_000, move || _ = Url::revoke_object_url(&address)).forget();
}
