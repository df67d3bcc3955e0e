//! Where another release answers otherwise: in which, or between which two.

use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::trace::Change;

#[derive(PartialEq, Properties)]
pub struct ChangesProps {
    pub changes: Vec<Change>,
}

/// Nothing where every release answers alike.
#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let release = use_context::<Places>().map(|places| places.release());
    if props.changes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="row">
            <h4>{ "Changes" }</h4>
            <ul class="changes">
                { for props.changes.iter().map(|change| one_change(change, release)) }
            </ul>
        </div>
    }
}

fn one_change(change: &Change, release: Option<Release>) -> Html {
    let unverified = release.filter(|release| change.since.is_unverified_in(*release));
    let verified = release.filter(|release| !change.since.is_unverified_in(*release));
    let here = |newer: bool| {
        let chosen = verified.filter(|release| change.since.holds_in(*release) == newer);
        chosen.map(|release| html! { <span class="chip">{ release.to_string() }</span> })
    };
    html! {
        <li>
            <p>
                <strong>{ "Changed " }{ change.since.to_string() }</strong>
                if let Some(release) = unverified {
                    <span class="faint">{ ". Which of the two " }{ release.to_string() }{ " does is not verified." }</span>
                }
            </p>
            <dl>
                <dt>{ "Before" }</dt>
                <dd>{ words(&change.before) }{ here(false) }</dd>
                <dt>{ "After" }</dt>
                <dd>{ words(&change.after) }{ here(true) }</dd>
            </dl>
        </li>
    }
}
