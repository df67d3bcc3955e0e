//! A line that says what just happened, and offers to take it back.

use crate::prelude::*;
use crate::state::{Action, State};

pub fn undo_notice(state: &UseReducerHandle<State>) -> Html {
    let dispatch = |action: fn() -> Action| {
        let dispatch = state.dispatcher();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action()))
    };
    html! {
        <div class="toast-place" role="status">
            if let Some(undo) = &state.undo {
                <p class="toast">
                    <span>{ &undo.message }{ " Your text before is still here." }</span>
                    <button type="button" onclick={dispatch(|| Action::Undone)}>{ "Undo" }</button>
                    <button type="button" class="quiet" onclick={dispatch(|| Action::UndoDismissed)}>{ "Dismiss" }</button>
                </p>
            }
        </div>
    }
}
