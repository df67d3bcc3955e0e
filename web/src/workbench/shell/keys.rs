//! The keys that work on the whole page, and the list of all keys.

use super::Open;
use crate::parts::dialog::Dialog;
use crate::prelude::*;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Every key: where it works, the key, what it does.
const KEYS: &[(&str, &str, &str)] = &[
    ("Anywhere", "Ctrl+K", "Commands: every view, pod, release, example and setting"),
    ("Outside of texts", "?", "This list"),
    ("In a text", "Tab", "Leave the text"),
    ("In a text", "Ctrl+Space", "What can be written here"),
    ("In a text", "F8, Shift+F8", "Next problem, problem before"),
    ("In a text", "Ctrl+.", "Mend the problem at the caret"),
    ("In a text", "Ctrl+F", "Search and replace"),
    ("In a text", "Ctrl+], Ctrl+[", "Indent more, less"),
    ("In a text", "Ctrl+Shift+[, Ctrl+Shift+]", "Fold, unfold"),
    ("On tabs", "Left, Right, Home, End", "Other tab"),
    ("Between the halves", "Left, Right, Home, End, Enter", "Narrower, wider, as it was"),
    ("On the release slider", "Left, Right, Home, End", "Release before, after, oldest, newest"),
    ("On a timeline's handles", "Left, Right (Shift: ten times as far)", "Shorter, longer"),
    ("In dialogs", "Esc", "Close"),
];

/// Listens for the keys that work everywhere. A single letter counts only outside of texts.
#[hook]
pub fn use_page_keys(open: UseStateSetter<Open>) {
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
            if command && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                open.set(Open::Palette);
            } else if event.key() == "?" && !event.ctrl_key() && !event.meta_key() && !is_typed_into(event) {
                // Who remembers the key until this program is there (web/boot.js) need not.
                event.prevent_default();
                open.set(Open::Keys);
            }
        });
        move || drop(listener)
    });
}

/// What takes letters; a check box, a slider or a list does not.
const TYPED_INTO: &str =
    "input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable], [data-typed-into]";

/// Whether the key goes into a text. An editor in a shadow root shows as its host, which says so with a role.
fn is_typed_into(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(TYPED_INTO).unwrap_or(false))
}

#[derive(PartialEq, Properties)]
pub struct KeysProps {
    pub onopen: Callback<Open>,
}

/// The list of keys.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    html! {
        <Dialog title="Keys" onclose={props.onopen.reform(|()| Open::None)}>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Keys">
                <table class="keys">
                    <thead><tr><th scope="col">{ "Where" }</th><th scope="col">{ "Key" }</th><th scope="col">{ "What it does" }</th></tr></thead>
                    <tbody>
                        { for KEYS.iter().map(|(place, key, what)| html! {
                            <tr><td>{ place }</td><td><kbd>{ key }</kbd></td><td>{ what }</td></tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </Dialog>
    }
}
