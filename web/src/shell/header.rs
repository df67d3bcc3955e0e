//! The bar at the top: what this is, and what works on the page as a whole.

use super::examples_menu::ExamplesMenu;
use super::theme_switch::ThemeSwitch;
use crate::state::{Action, State};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct HeaderProps {
    pub state: UseReducerHandle<State>,
}

#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let state = &props.state;
    let onclear = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(Action::Cleared))
    };
    html! {
        <header class="bar">
            <h1 class="brand">
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
                    <path class="brand-pod" d="M12 1.800 21 7v10l-9 5.200L3 17V7Z" />
                    <path class="brand-why" d="M9.200 9.400a2.800 2.800 0 1 1 4.100 2.500c-.9.500-1.300 1-1.300 2M12 16.600v.6" />
                </svg>
                { "Podwhy" }
            </h1>
            <p class="question">{ "Why does the cluster do that with my pod?" }</p>
            <div class="bar-tools">
                <ExamplesMenu dispatch={state.dispatcher()} />
                <button type="button" class="quiet" disabled={state.texts.are_blank()} onclick={onclear}>{ "Clear" }</button>
                <ThemeSwitch theme={state.theme} dispatch={state.dispatcher()} />
            </div>
        </header>
    }
}
