//! The page: it shows what the rules report and holds no rule itself.
//!
//! Two programs are made of it. The page (`src/main.rs`) has the texts and the first answers and must stay small. The
//! workbench (`src/bin/workbench.rs`) has everything else; the page loads it when nothing more urgent is to be done, and
//! they speak through [`bridge`].

/// A class made of words, some of which may be missing.
macro_rules! class_words {
    ($($word:expr),* $(,)?) => {{
        let mut class = crate::element::Class::default();
        $(class.also($word);)*
        class
    }};
}

mod app;
mod bridge;
mod editor;
mod element;
mod evaluation;
mod examples;
mod parts;
mod places;
mod prelude;
mod shared;
mod shell;
mod state;
mod storage;
mod texts;
mod views;
mod workbench;

/// Starts the page.
pub fn start_page() {
    // Only `#app` is the program's; the notices around it must survive a fault in here.
    let root = gloo::utils::document().get_element_by_id("app").expect("index.html has an element with the id app");
    yew::Renderer::<app::App>::with_root(root).render();
}

/// Starts the workbench beside a page that runs.
pub fn start_workbench() {
    workbench::start();
}
