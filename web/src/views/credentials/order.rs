//! The order of attempts, image by image.

use super::board::{Board, Column, counted, source_words};
use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::masked::Masked;
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::credentials::keyring::{Attempt, AttemptGroup, Lookup};
use std::rc::Rc;

/// How many images are unfolded at once.
const UNFOLDED: usize = 4;

/// How many attempts are drawn; nobody reads more, and a hostile file has hundreds of thousands.
const SHOWN_ATTEMPTS: usize = 100;

pub fn try_order(places: &Places, board: &Board) -> Html {
    let open = board.columns.len() <= UNFOLDED;
    html! {
        <div class="cred-orders">
            { for board.columns.iter().enumerate().map(|(index, column)| match board.lookup(index) {
                Some(lookup) => of_image(places, column, lookup, open),
                None => Html::default(),
            }) }
        </div>
    }
}

fn of_image(places: &Places, column: &Column, lookup: &Lookup, open: bool) -> Html {
    let count = lookup.attempts().count();
    let answer = match (count, &lookup.blocked) {
        (_, Some(_)) => "no pull at all".to_owned(),
        (0, None) => "one anonymous pull".to_owned(),
        (count, None) => counted(count, "attempt", "attempts"),
    };
    let summary = html! {
        <span class="cred-order-title">
            <code>{ &column.repository }</code><span class="faint">{ &column.users }</span><span class="cred-chip">{ answer }</span>
            { for lookup.attempts().next().filter(|_| !open).map(|first| html! {
                <span class="faint">{ if count > 1 { "first " } else { "" } }<code>{ &first.written }</code></span>
            }) }
        </span>
    };
    let steps: Rc<[_]> = lookup.trace.clone().into();
    let body = html! {
        <>
            if let Some(step) = &lookup.blocked {
                <p class="cred-outcome-line">{ mark(Sign::Error) }<span>{ words(&step.finding) }</span></p>
            } else if count == 0 {
                <p class="cred-outcome-line">
                    { mark(Sign::Note) }
                    <span>{ lookup.trace.first().map(|step| words(&step.finding)) }</span>
                </p>
            } else {
                <ol class="cred-attempts">
                    { for lookup.attempts.iter().take(SHOWN_ATTEMPTS).flat_map(|attempts| group(places, attempts)) }
                </ol>
                if lookup.attempts.len() > SHOWN_ATTEMPTS {
                    <p class="faint">{ "And " }{ lookup.attempts.len() - SHOWN_ATTEMPTS }{ " more." }</p>
                }
            }
            if !steps.is_empty() {
                <Reasons title={if count > 0 { "Why this order?" } else { "Why?" }} {steps} />
            }
        </>
    };
    if open {
        html! { <div class="cred-order">{ summary }<div class="disclosure-body">{ body }</div></div> }
    } else {
        disclosure("cred-order", Callback::noop(), summary, body)
    }
}

fn group(places: &Places, group: &AttemptGroup) -> Vec<Html> {
    let others = group.attempts.len().saturating_sub(1);
    let attempts = group.attempts.iter().take(SHOWN_ATTEMPTS);
    attempts.map(|attempt| one_attempt(places, attempt, group.unordered.then_some(others))).collect()
}

fn one_attempt(places: &Places, attempt: &Attempt, random_with: Option<usize>) -> Html {
    let credential = &attempt.credential;
    html! {
        <li key={attempt.number} class={classes!(random_with.is_some().then_some("random"))}>
            <span class="cred-number" aria-hidden="true">{ attempt.number }</span>
            <div>
                <p class="cred-attempt-key">
                    <code>{ &attempt.written }</code>
                    <span class="faint">{ "of " }{ words(&source_words(&attempt.source)) }</span>
                    { line_button(places, attempt.span) }
                </p>
                <p class="cred-attempt-user">
                    if credential.is_empty() {
                        <span class="faint">{ "neither user nor password" }</span>
                    } else {
                        <span><span class="faint">{ "user " }</span><code>{ &credential.username }</code></span>
                        <span class="cred-password">
                            <span class="faint">{ "password " }</span>
                            <Masked name={format!("the password of attempt {}", attempt.number)} value={credential.password.clone()} />
                        </span>
                    }
                    if let Some(earlier) = attempt.repeats {
                        <span class="cred-chip">{ "repeats attempt " }{ earlier }</span>
                    }
                    if let Some(others) = random_with {
                        <span class="cred-chip">{ "in random order with " }{ counted(others, "other", "others") }</span>
                    }
                </p>
            </div>
        </li>
    }
}
