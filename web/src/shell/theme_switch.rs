//! Light, dark, or as the system has it.

use crate::prelude::*;
use crate::state::{Action, State, Theme};

pub fn theme_switch(theme: Theme, dispatch: &UseReducerDispatcher<State>) -> Html {
    let (name, next, shape) = match theme {
        Theme::System => ("as the system", Theme::Light, "M2 3h12v8H2ZM6 14h4M8 11v3"),
        Theme::Light => (
            "light",
            Theme::Dark,
            "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
        ),
        Theme::Dark => ("dark", Theme::System, "M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z"),
    };
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_| dispatch.dispatch(Action::ThemeChosen(next)));
    html! {
        <button type="button" class="quiet icon-button" title={format!("Colours: {name}")} {onclick}>
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d={shape} /></svg>
            <span class="unseen">{ "Colours: " }{ name }</span>
        </button>
    }
}
