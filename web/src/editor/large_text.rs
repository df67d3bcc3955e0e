//! A text that is too large for a textarea: browsers take seconds to lay one out, at every keystroke. It is shown
//! as it is, only the lines that can be seen are drawn, and it is evaluated like any other.

use super::backdrop::{Backdrop, LONGEST_LINE};
use super::gutter::Gutter;
use super::marks::Marks;
use super::viewport::{Viewport, use_viewport};
use crate::prelude::*;
use crate::state::Reveal;
use crate::texts::Text;
use std::rc::Rc;
use web_sys::HtmlElement;

/// About how wide a character is, in CSS pixels; only the room for scrolling sideways depends on it.
const CHARACTER: u32 = 8;
/// The height of a line in CSS pixels, as editor.css has it; only the room for scrolling depends on it.
const LINE: u32 = 20;

#[derive(PartialEq, Properties)]
pub struct LargeTextProps {
    pub label: AttrValue,
    pub text: Text,
    pub marks: Rc<Marks>,
    /// The place to show, if it lies in this text.
    pub reveal: Option<Reveal>,
    /// The text is to be emptied, to make room for another.
    pub onemptied: Callback<()>,
}

#[component]
pub fn LargeText(props: &LargeTextProps) -> Html {
    let area = use_node_ref();
    let (viewport, onscroll) = use_viewport(&area);
    let shown = props.reveal.map(|reveal| props.text.lines().line_of(reveal.span.start));
    use_effect_with(props.reveal, {
        let area = area.clone();
        move |_| {
            let (Some(line), Some(area)) = (shown, area.cast::<HtmlElement>()) else { return };
            _ = area.focus();
            if let Some(top) = Viewport::of(&area).scroll_for(line) {
                area.set_scroll_top(top);
            }
        }
    });
    let size = use_memo(props.text.clone(), room);
    let line_count = props.text.lines().line_count();
    html! {
        <div class="large">
            <p class="large-note">
                <span>{ "Too large to edit here; it is read and answered all the same." }</span>
                <button type="button" onclick={props.onemptied.reform(|_| ())}>{ "Empty this text" }</button>
            </p>
            <div class="editor">
                <Gutter {viewport} {line_count} caret={shown} marks={&props.marks} />
                <div class="editor-body">
                    <Backdrop {viewport} caret={shown} text={props.text.clone()} marks={&props.marks} drawn=true />
                    <div class="large-scroll" ref={area} tabindex="0" role="region" aria-label={&props.label} {onscroll}>
                        <svg width={size.0.clone()} height={size.1.clone()} aria-hidden="true" focusable="false" />
                    </div>
                </div>
            </div>
        </div>
    }
}

/// Width and height of the whole text.
fn room(text: &Text) -> (String, String) {
    let lines = text.lines();
    let length = |line: u32| lines.start_of(line + 1).saturating_sub(lines.start_of(line));
    let longest = (1..=lines.line_count()).map(length).max().unwrap_or(0).min(LONGEST_LINE);
    // Gecko refuses boxes above about seventeen million pixels.
    let height = lines.line_count().saturating_mul(LINE).min(16_000_000) + LINE;
    ((longest * CHARACTER + 40).to_string(), height.to_string())
}
