//! A line that says what just happened, and offers to take it back.

use crate::state::{Action, State};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct UndoNoticeProps {
    pub state: UseReducerHandle<State>,
}

#[component]
pub fn UndoNotice(props: &UndoNoticeProps) -> Html {
    let dispatch = |action: fn() -> Action| {
        let dispatch = props.state.dispatcher();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action()))
    };
    html! {
        <div class="toast-place" role="status">
            if let Some(undo) = &props.state.undo {
                <p class="toast">
                    <span>{ &undo.message }{ " Your text before is still here." }</span>
                    <button type="button" onclick={dispatch(|| Action::Undone)}>{ "Undo" }</button>
                    <button type="button" class="quiet" onclick={dispatch(|| Action::UndoDismissed)}>{ "Dismiss" }</button>
                </p>
            }
        </div>
    }
}
