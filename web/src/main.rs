//! The page: it shows what the rules report and holds no rule itself.

mod app;
mod editor;
mod evaluation;
mod examples;
mod parts;
mod places;
mod shell;
mod state;
mod storage;
mod texts;
mod views;

fn main() {
    // Only `#app` is the program's; the notices around it must survive a fault in here.
    let root = gloo::utils::document().get_element_by_id("app").expect("index.html has an element with the id app");
    yew::Renderer::<app::App>::with_root(root).render();
}
