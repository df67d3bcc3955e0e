//! The bar at the top: what this is, and what works on the page as a whole.

use super::examples_menu::examples_menu;
use super::theme_switch::theme_switch;
use crate::state::{Action, State};
use yew::prelude::*;

pub fn header(state: &UseReducerHandle<State>) -> Html {
    let onclear = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(Action::Cleared))
    };
    html! {
        <header class="bar">
            <h1 class="brand">
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
                    <path class="brand-pod" d="M12 1.8 21 7v10l-9 5.2L3 17V7Z" />
                    <path class="brand-why" d="M9.2 9.4a2.8 2.8 0 1 1 4.1 2.5c-.9.5-1.3 1-1.3 2M12 16.6v.6" />
                </svg>
                { "Podwhy" }
            </h1>
            <p class="question">{ "Why does the cluster do that with my pod? Which image is pulled, when, and with which credentials." }</p>
            <div class="bar-tools">
                // The second program draws here.
                <div id="bench-tools"></div>
                { examples_menu(&state.dispatcher()) }
                <button type="button" class="quiet" disabled={state.texts.are_blank()} onclick={onclear}>{ "Clear" }</button>
                { theme_switch(state.theme, &state.dispatcher()) }
            </div>
        </header>
    }
}
