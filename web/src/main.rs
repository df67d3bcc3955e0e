//! The first program: texts and first answers.

use wasm_bindgen::prelude::wasm_bindgen;

/// Nothing happens by itself: web/boot.js first gives the program its constants (web/shrink.mjs).
fn main() {}

/// Starts the page.
#[wasm_bindgen]
pub fn start() {
    podwhy_web::start_page();
}
