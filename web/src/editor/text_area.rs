//! One text: a plain textarea with line numbers and marks.
//!
//! The textarea owns its text. The page learns of every change at once and writes back only when a button replaced
//! the text, so nothing that happens while typing can move caret, selection or scroll.

use super::backdrop::Backdrop;
use super::gutter::Gutter;
use super::marks::Marks;
use super::utf16;
use super::viewport::{Viewport, use_viewport};
use crate::evaluation::is_edit_of;
use crate::prelude::*;
use crate::state::Reveal;
use crate::texts::{LARGE, Text};
use gloo::events::EventListener;
use gloo::utils::document;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};

#[derive(PartialEq, Properties)]
pub struct TextAreaProps {
    /// The element's id; boot.js finds text that was typed early by it.
    pub id: AttrValue,
    pub label: AttrValue,
    pub placeholder: AttrValue,
    pub text: Text,
    pub marks: Rc<Marks>,
    /// The same for the code editor.
    pub written_marks: AttrValue,
    /// The place to show, if it lies in this text.
    pub reveal: Option<Reveal>,
    pub ontyped: Callback<String>,
}

#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let area = use_node_ref();
    let (viewport, onscroll) = use_viewport(&area);
    let caret = use_caret_line(&area, &props.text);
    use_replacement(&area, &props.text);
    use_reveal(&area, &props.text, props.reveal);
    let oninput =
        props.ontyped.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    let onpaste = use_callback(props.ontyped.clone(), |event: Event, ontyped| paste_large(&event, ontyped));
    let line_count = props.text.lines().line_count();
    html! {
        <div class="editor">
            <Gutter {viewport} {line_count} {caret} marks={&props.marks} />
            <div class="editor-body">
                <Backdrop {viewport} {caret} text={props.text.clone()} marks={&props.marks} />
                <textarea ref={area} id={&props.id} aria-label={&props.label} placeholder={&props.placeholder}
                    wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off"
                    translate="no" data-marks={&props.written_marks} {oninput} {onpaste} {onscroll} />
            </div>
        </div>
    }
}

/// Takes a large text from the clipboard past the textarea, which would freeze while it lays it out.
fn paste_large(event: &Event, ontyped: &Callback<String>) {
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let Some(pasted) = data.and_then(|data| data.get_data("text").ok()).filter(|text| text.len() > LARGE) else {
        return;
    };
    event.prevent_default();
    let area: HtmlTextAreaElement = event.target_unchecked_into();
    let text = area.value();
    let at = |offset: Option<u32>| utf16::to_byte(&text, offset.unwrap_or_default()) as usize;
    let start = at(area.selection_start().ok().flatten());
    let end = at(area.selection_end().ok().flatten()).max(start);
    // As the textarea does with what it takes itself.
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    ontyped.emit([&text[..start], &pasted, &text[end..]].concat());
}

/// Puts a text that a button brought into the textarea.
#[hook]
fn use_replacement(area: &NodeRef, text: &Text) {
    let (area, text) = (area.clone(), text.clone());
    use_effect_with(text.replaced, move |_| {
        if let Some(area) = area.cast::<HtmlTextAreaElement>() {
            // Where only a part was replaced, as by a fix, what is on the screen stays there.
            let top = if is_edit_of(&area.value(), text.as_str()) { area.scroll_top() } else { 0 };
            area.set_value(text.as_str());
            area.set_scroll_top(top);
            _ = area.set_selection_range(0, 0);
        }
    });
}

/// Selects a place, scrolls it into view and moves the focus there, once for each request.
#[hook]
fn use_reveal(area: &NodeRef, text: &Text, reveal: Option<Reveal>) {
    let (area, text) = (area.clone(), text.clone());
    use_effect_with(reveal, move |reveal| {
        let (Some(reveal), Some(area)) = (reveal, area.cast::<HtmlTextAreaElement>()) else { return };
        let at = |offset| utf16::from_byte(text.as_str(), offset);
        // The focus first: some browsers place the caret when it arrives.
        _ = area.focus();
        _ = area.set_selection_range(at(reveal.span.start), at(reveal.span.end));
        let line = text.lines().line_of(reveal.span.start);
        if let Some(top) = Viewport::of(&area).scroll_for(line) {
            area.set_scroll_top(top);
        }
        let column = reveal.span.start.saturating_sub(text.lines().start_of(line));
        // Eight pixels are about one character of 13 px; near the edge counts as outside.
        let left = i32::try_from(column).unwrap_or(0).saturating_mul(8);
        let outside = left < area.scroll_left() || left > area.scroll_left() + area.client_width() - 80;
        if outside {
            area.set_scroll_left((left - area.client_width() / 2).max(0));
        }
    });
}

/// The line that the caret stands in, while the textarea has the focus.
#[hook]
fn use_caret_line(area: &NodeRef, text: &Text) -> Option<u32> {
    let caret = use_state_eq(|| None::<u32>);
    use_effect_with(area.clone(), {
        let caret = caret.setter();
        move |area| {
            let area = area.clone();
            let moved = EventListener::new(&document(), "selectionchange", move |_| {
                let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
                if document().active_element().as_ref() == Some(area.as_ref()) {
                    caret.set(area.selection_end().ok().flatten());
                }
            });
            move || drop(moved)
        }
    });
    let place = use_memo((text.clone(), *caret), |(text, caret)| {
        caret.map(|caret| text.lines().line_of(utf16::to_byte(text.as_str(), caret)))
    });
    *place
}
