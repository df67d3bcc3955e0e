//! The line under the text: its size, and how long it will be kept.

use crate::prelude::*;
use crate::texts::Text;
use podwhy_core::session::InputKind;

pub fn status(text: &Text, kind: InputKind, kept: bool) -> Html {
    let lines = if text.as_str().is_empty() { 0 } else { text.lines().line_count() };
    let (words, title, class) = match (kept, kind) {
        (false, _) => ("Not kept across a reload", "The browser's storage is full or switched off.", Some("warn")),
        (true, InputKind::Manifests) => {
            let title = "Values of Secrets, and what is called a password, token or key, stay in this tab only.";
            ("Kept in this browser, without secrets", title, None)
        }
        _ => ("Kept in this tab only", "It is gone when the tab is closed, because it may hold credentials.", None),
    };
    html! {
        <p class="status">
            <span>{ count(lines) }</span>
            <span>{ size(text.as_str().len()) }</span>
            // web/editor/load.js keeps the choice and does what it says.
            <label class="plain-switch"><input type="checkbox" id="plain-editor" />{ "Plain text editor" }</label>
            <span class={classes!("status-kept", class)} {title}>{ words }</span>
        </p>
    }
}

fn count(lines: u32) -> String {
    if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
