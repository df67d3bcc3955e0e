//! The page: state above, texts to the left, answers to the right.

use crate::bridge::page::use_bridge;
use crate::editor::input_pane;
use crate::evaluation::{use_checked, use_evaluation};
use crate::parts::announcer::Announcer;
use crate::places::{Places, Shown};
use crate::prelude::*;
use crate::shell::header::tools;
use crate::shell::undo_notice::undo_notice;
use crate::state::{Action, Pane, State};
use crate::storage::{self, use_saving};
use crate::views::result_pane;

#[component]
pub fn App() -> Html {
    let state = use_reducer(storage::load);
    let evaluation = use_evaluation(&state);
    let checked = use_checked(&state, &evaluation);
    let kept = use_storage(&state);
    use_bridge(&state);
    let show = use_callback(state.dispatcher(), |shown, dispatch| {
        dispatch.dispatch(match shown {
            Shown::Place(kind, span) => Action::Revealed(kind, span),
            Shown::Evidence(evidence) => Action::EvidenceShown(evidence),
        });
    });
    let places = Places::new(evaluation.texts.clone(), state.cluster.release, show);
    let pane =
        |pane, name: &'static str, class| classes!("pane", class, (state.pane != pane).then_some("behind"), name);
    let page = html! {
        <>
            { tools(&state) }
            { pane_switch(&state, checked.problems.len()) }
            <main class="panes">
                <section class={pane(Pane::Input, "input-pane", "left")} aria-label="Input">
                    { input_pane(&state, &checked, kept) }
                </section>
                // The second program draws here.
                <div id="separator"></div>
                <section class={pane(Pane::Result, "result-pane", "right")} aria-label="Result">
                    { result_pane(&state, &evaluation, &checked.problems) }
                </section>
            </main>
            { undo_notice(&state) }
            <Announcer verdicts={&evaluation.verdicts} />
        </>
    };
    html! { <ContextProvider<Places> context={places}>{ page }</ContextProvider<Places>> }
}

/// The two halves on a narrow screen; wide ones show both.
fn pane_switch(state: &UseReducerHandle<State>, problems: usize) -> Html {
    let button = |pane: Pane, name: &'static str| {
        let dispatch = state.dispatcher();
        let onclick = Callback::from(move |_| dispatch.dispatch(Action::PaneChosen(pane)));
        html! {
            <button type="button" aria-pressed={(state.pane == pane).to_string()} {onclick}>
                { name }
                if pane == Pane::Result && problems > 0 {
                    <span class="tab-count">{ problems }<span class="unseen">{ " problems" }</span></span>
                }
            </button>
        }
    };
    html! {
        <nav class="pane-switch" aria-label="Shown half">
            { button(Pane::Input, "Input") }
            { button(Pane::Result, "Result") }
        </nav>
    }
}

/// Keeps what has to outlive a reload, and says whether the texts will.
#[hook]
fn use_storage(state: &State) -> bool {
    // Until the first save has told: what it nearly always tells, so that the line under the text does not move.
    let kept = use_state_eq(|| true);
    use_effect_with((state.cluster.clone(), state.kubelet.clone()), {
        let state = state.clone();
        move |_| storage::save_cluster(&state)
    });
    use_saving(Some(&state.texts), {
        let kept = kept.setter();
        move |texts| kept.set(storage::save_texts(texts))
    });
    *kept
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

        let panes = root.query_selector("main .input-pane textarea").expect("a valid selector");
        assert!(panes.is_some(), "the program's own text area");
        assert!(!root.inner_html().contains("static"));
        assert!(notice.is_connected());
    }
}
