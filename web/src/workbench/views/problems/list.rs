//! The list itself: one problem a row, arrow keys between the rows, and a button for each fix.

use crate::bridge::workbench::{Told, replace};
use crate::parts::links::documentation_link;
use crate::parts::problem::problem;
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use gloo::utils::document;
use podwhy_core::advice::{Fix, RULES, apply};
use podwhy_core::evaluate::Problem;
use podwhy_core::rule::{self, DocLink};
use podwhy_core::session::InputKind;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// So many are drawn at first; a text that is no manifest at all may have one problem a line.
const AT_FIRST: usize = 100;

#[derive(PartialEq, Properties)]
pub struct ListProps {
    pub problems: Rc<[Problem]>,
    pub told: Told,
    pub fresh: bool,
}

#[component]
pub fn List(props: &ListProps) -> Html {
    let list = use_node_ref();
    let all = use_state_eq(|| false);
    // A fix takes its row away, and the focus with it: the row that follows gets it.
    let fixed = use_mut_ref(|| None::<usize>);
    use_effect_with(props.problems.clone(), {
        let (list, fixed) = (list.clone(), fixed.clone());
        move |_| {
            if let Some(row) = fixed.borrow_mut().take() {
                focus_row(&list, |_, count| Some(row.min(count.checked_sub(1)?)));
            }
        }
    });
    use_effect_with((), {
        let list = list.clone();
        move |()| take_focus(&list)
    });
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let onkeydown = {
        let list = list.clone();
        Callback::from(move |event: KeyboardEvent| {
            let moved = match event.key().as_str() {
                "ArrowDown" => focus_row(&list, |row, count| row.map(|row| row + 1).filter(|row| *row < count)),
                "ArrowUp" => focus_row(&list, |row, _| row?.checked_sub(1)),
                "Home" => focus_row(&list, |_, count| (count > 0).then_some(0)),
                "End" => focus_row(&list, |_, count| count.checked_sub(1)),
                _ => false,
            };
            if moved {
                event.prevent_default();
            }
        })
    };
    let count = props.problems.len();
    let drawn = if *all { count } else { count.min(AT_FIRST) };
    let onall = {
        let all = all.setter();
        Callback::from(move |_| all.set(true))
    };
    html! {
        <>
            <ul class="problems" aria-label="Problems" ref={list} {onkeydown}>
                { for props.problems.iter().take(drawn).enumerate().map(|(row, problem)| {
                    let onfix = problem.fix.clone().map(|fix| {
                        let (told, fixed) = (props.told.clone(), fixed.clone());
                        Callback::from(move |_| {
                            *fixed.borrow_mut() = Some(row);
                            make(&told, &fix);
                        })
                    });
                    one_problem(&places, row, problem, onfix, props.fresh)
                }) }
            </ul>
            if drawn < count {
                <p><button type="button" onclick={onall}>{ format!("Show the other {}", count - drawn) }</button></p>
            }
            if count == 0 {
                <p class="faint">{ "All of them are hidden." }</p>
            }
        </>
    }
}

fn one_problem(places: &Places, row: usize, one: &Problem, onfix: Option<Callback<MouseEvent>>, fresh: bool) -> Html {
    let found = &one.diagnostic;
    let about = html! {
        <>
            <p class="about">
                if !found.path.is_empty() {
                    <code>{ &found.path }</code>
                }
                <span>{ one.source.words() }</span>
                { doc(found.code).map(documentation_link) }
            </p>
            if let (Some(onclick), Some(fix)) = (onfix, &one.fix) {
                <button type="button" class="fix" disabled={!fresh} {onclick}>{ "Fix: " }{ words(&fix.title) }</button>
            }
        </>
    };
    html! { <li class="problem" key={row}>{ problem(places, found, about) }</li> }
}

/// Where the documentation speaks of the rule behind a problem.
fn doc(code: &str) -> Option<DocLink> {
    let advice = RULES.iter().find(|rule| rule.id == code).map(|rule| rule.doc);
    advice.or_else(|| rule::all().find(|rule| rule.id == code).map(|rule| rule.doc)).flatten()
}

/// Makes the change; the page says so and offers to undo it.
fn make(told: &Told, fix: &Fix) {
    let texts = &told.texts;
    let changed = InputKind::ALL.into_iter().filter_map(|kind| {
        let before = texts.get(kind).as_str();
        let after = apply(before, texts.id_of(kind)?, &fix.edits);
        (after != before).then_some((kind, after))
    });
    let changed: Vec<_> = changed.collect();
    // The page sets this as a plain sentence.
    replace(&changed, &format!("Fixed: {}.", fix.title.replace('`', "")));
}

/// Takes the focus over from the page's own list, which goes when this one is there.
fn take_focus(list: &NodeRef) {
    let focused = document().active_element();
    if focused.is_some_and(|focused| matches!(focused.closest(".first-problems"), Ok(Some(_)))) {
        focus_row(list, |_, count| (count > 0).then_some(0));
    }
}

/// Moves the focus to the row that `choose` gives for the present row and the number of rows.
fn focus_row(list: &NodeRef, choose: impl Fn(Option<usize>, usize) -> Option<usize>) -> bool {
    let Some(list) = list.cast::<Element>() else { return false };
    let rows = list.children();
    let count = rows.length();
    let active = document().active_element();
    let row = (0..count).find(|row| rows.item(*row).is_some_and(|item| item.contains(active.as_deref())));
    let wide = |row: u32| usize::try_from(row).unwrap_or_default();
    let chosen = choose(row.map(wide), wide(count)).and_then(|row| rows.item(u32::try_from(row).ok()?));
    let button = chosen.and_then(|item| item.query_selector("button").ok().flatten());
    let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return false };
    button.focus().is_ok()
}
