//! Inputs to start from.

use crate::examples::EXAMPLES;
use crate::prelude::*;
use crate::state::{Action, State};
use web_sys::HtmlSelectElement;

pub fn examples_menu(dispatch: &UseReducerDispatcher<State>) -> Html {
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let menu: HtmlSelectElement = event.target_unchecked_into();
        // The first option is the menu's own name.
        let chosen = usize::try_from(menu.selected_index() - 1).ok().and_then(|index| EXAMPLES.get(index));
        menu.set_selected_index(0);
        if let Some(example) = chosen {
            dispatch.dispatch(Action::ExampleChosen(example));
        }
    });
    html! {
        <select class="examples" aria-label="Load an example" {onchange}>
            <option selected=true>{ "Examples" }</option>
            { for EXAMPLES.iter().map(|example| html! { <option key={example.name}>{ example.name }</option> }) }
        </select>
    }
}
