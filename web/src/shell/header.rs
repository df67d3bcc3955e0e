//! The tools in the bar at the top; the bar itself stands in index.html.

use super::examples_menu::examples_button;
use crate::prelude::*;
use crate::state::{Action, State};
use gloo::utils::document;

pub fn tools(state: &UseReducerHandle<State>) -> Html {
    let Some(host) = document().get_element_by_id("page-tools") else { return Html::default() };
    let dispatch = state.dispatcher();
    let onclear = Callback::from(move |_| dispatch.dispatch(Action::Cleared));
    let tools = html! {
        <>
            { examples_button() }
            <button type="button" class="quiet" disabled={state.texts.are_blank()} onclick={onclear}>{ "Clear" }</button>
        </>
    };
    create_portal(tools, host)
}
