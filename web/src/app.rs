//! The page's outermost component.

use yew::prelude::*;

/// What stands in `#app` once the program runs.
#[component]
pub fn App() -> Html {
    html! {
        <main>
            <h1>{ "Podwhy" }</h1>
            <p>{ "Why does the cluster do that with my pod?" }</p>
        </main>
    }
}
