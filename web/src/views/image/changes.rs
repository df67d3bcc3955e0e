//! Where another release answers otherwise: in which, or between which two.

use crate::parts::step_list::words;
use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::trace::Change;

/// Nothing where every release answers alike.
pub fn changes(changes: &[Change], release: Release) -> Html {
    if changes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="row">
            <h4>{ "Changes" }</h4>
            <ul class="changes">
                { for changes.iter().map(|change| one_change(change, release)) }
            </ul>
        </div>
    }
}

fn one_change(change: &Change, release: Release) -> Html {
    let unverified = change.since.is_unverified_in(release);
    let here = |newer: bool| {
        let chosen = !unverified && change.since.holds_in(release) == newer;
        chosen.then(|| html! { <span class="chip">{ release.to_string() }</span> })
    };
    html! {
        <li>
            <p>
                <strong>{ "Changed " }{ change.since.to_string() }</strong>
                if unverified {
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
