//! How the two programs speak: events on the document, whose details are plain JavaScript objects.
//!
//! | event | from | detail |
//! | --- | --- | --- |
//! | `podwhy:wanted` | page | none: the workbench is to be loaded now (web/boot.js hears it); [`WANTED_DIALOG`] may say what for |
//! | `podwhy:hello` | workbench | none: it has started and wants the session |
//! | `podwhy:session` | page | `{texts: {manifests: "…", …}, cluster: "release v1.34\n…", view: "pulls"}` |
//! | `podwhy:ask` | workbench | `{ask: "reveal" \| "mark" \| "replace" \| "cluster" \| "view" \| "problems", …}`, see [`page`] |
//! | `podwhy:assist` | code editor | a question (web/editor/core.js), in which the workbench puts its `answer` |
//!
//! Places are `{input, start, end}` with the input's [`InputKind::word`] and bytes.

pub mod page;
pub mod workbench;

use js_sys::{Array, Object, Reflect};
use podwhy_core::session::InputKind;
use podwhy_source::{InputId, Span};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Event};

/// The workbench is to be loaded now.
pub const WANTED: &str = "podwhy:wanted";
/// The attribute of the page's root that names the dialog which the workbench is to open, now or once it has started.
pub const WANTED_DIALOG: &str = "data-wanted-dialog";
/// The gallery of examples.
pub const GALLERY: &str = "gallery";
/// The command palette, which web/boot.js asks for.
pub const PALETTE: &str = "palette";
/// The list of keys, which web/boot.js asks for.
pub const KEYS: &str = "keys";
/// The workbench has started.
pub const HELLO: &str = "podwhy:hello";
/// What the page holds.
pub const SESSION: &str = "podwhy:session";
/// What the workbench wants of the page.
pub const ASK: &str = "podwhy:ask";

/// What the code editor asks the workbench.
pub const ASSIST: &str = "podwhy:assist";

/// Sends an event to who listens on the document.
pub fn send(name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        _ = gloo::utils::document().dispatch_event(&event);
    }
}

/// The detail of an event of [`send`].
pub fn detail(event: &Event) -> JsValue {
    event.dyn_ref::<CustomEvent>().map(CustomEvent::detail).unwrap_or_default()
}

/// An object of these fields.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// A field, or `undefined`.
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// A field that is a text, or `""`.
pub fn text(object: &JsValue, name: &str) -> String {
    field(object, name).as_string().unwrap_or_default()
}

/// A field that is a number of bytes or the like, or 0.
pub fn number(object: &JsValue, name: &str) -> u32 {
    // The cast saturates: a number that is no position becomes one at an end of the text.
    field(object, name).as_f64().unwrap_or_default() as u32
}

/// A field that is a list; an empty one if it is none.
pub fn list(object: &JsValue, name: &str) -> Array {
    field(object, name).dyn_into().unwrap_or_default()
}

/// A place with further fields.
pub fn place(kind: InputKind, span: Span, more: &[(&str, JsValue)]) -> JsValue {
    let fields = [("input", kind.word().into()), ("start", span.start.into()), ("end", span.end.into())];
    object(&[&fields, more].concat())
}

/// The place in an object of [`place`]. Its span names no input: the kind does.
pub fn place_of(object: &JsValue) -> Option<(InputKind, Span)> {
    let kind = InputKind::of_word(&text(object, "input"))?;
    Some((kind, Span { input: InputId(0), start: number(object, "start"), end: number(object, "end") }))
}
