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

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn the_program_takes_over_its_element_and_leaves_the_rest_of_the_page() {
        let document = gloo::utils::document();
        let body = gloo::utils::body();
        let notice = document.create_element("p").expect("an element");
        let root = document.create_element("div").expect("an element");
        root.set_inner_html("<main>static</main>");
        body.append_with_node_2(&notice, &root).expect("both stand in the page");

        yew::Renderer::<App>::with_root(root.clone()).render();
        yew::scheduler::flush().await;

        let heading = root.query_selector("main > h1").expect("a valid selector").expect("a heading");
        assert_eq!(heading.text_content().as_deref(), Some("Podwhy"));
        assert!(!root.inner_html().contains("static"));
        assert!(notice.is_connected());
    }
}
