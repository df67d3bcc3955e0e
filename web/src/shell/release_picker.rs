//! Which release of Kubernetes the answers are for.

use crate::prelude::*;
use crate::state::{Action, State};
use podwhy_core::release::Release;
use web_sys::HtmlSelectElement;

pub fn release_picker(chosen: Release, dispatch: &UseReducerDispatcher<State>) -> Html {
    let choose = |release: Option<Release>| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(release) = release {
                dispatch.dispatch(Action::ReleaseChosen(release));
            }
        })
    };
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(release) = Release::parse(&event.target_unchecked_into::<HtmlSelectElement>().value()) {
                dispatch.dispatch(Action::ReleaseChosen(release));
            }
        })
    };
    let older = Release::all().rev().find(|release| *release < chosen);
    let newer = Release::all().find(|release| *release > chosen);
    html! {
        <div class="release" role="group" aria-label="Release of Kubernetes">
            <label for="release">{ "Kubernetes" }</label>
            <button type="button" class="step-button" aria-label="Older release" disabled={older.is_none()} onclick={choose(older)}>{ "‹" }</button>
            <select id="release" {onchange}>
                { for Release::all().rev().map(|release| {
                    let name = release.to_string();
                    html! { <option key={name.clone()} value={name.clone()} selected={release == chosen}>{ name }</option> }
                }) }
            </select>
            <button type="button" class="step-button" aria-label="Newer release" disabled={newer.is_none()} onclick={choose(newer)}>{ "›" }</button>
        </div>
    }
}
