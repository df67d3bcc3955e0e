//! One line per container above the views: what happens, at a glance.

use crate::evaluation::Verdict;
use crate::parts::mark::mark;
use crate::parts::step_list::words;
use crate::prelude::*;
use crate::state::{Action, State};
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

#[derive(PartialEq, Properties)]
pub struct VerdictStripProps {
    pub verdicts: Rc<[Verdict]>,
    pub dispatch: UseReducerDispatcher<State>,
}

#[component]
pub fn VerdictStrip(props: &VerdictStripProps) -> Html {
    html! {
        <ul class="verdicts" aria-label="What happens to each container">
            { for props.verdicts.iter().enumerate().map(|(index, verdict)| line(index, verdict, &props.dispatch)) }
        </ul>
    }
}

fn line(index: usize, verdict: &Verdict, dispatch: &UseReducerDispatcher<State>) -> Html {
    let (dispatch, view, anchor) = (dispatch.clone(), verdict.view, verdict.anchor.clone());
    let onclick = Callback::from(move |_| {
        dispatch.dispatch(Action::ViewChosen(view));
        let anchor = anchor.clone();
        // Once the view is on the screen.
        Timeout::new(0, move || go_to(&anchor)).forget();
    });
    html! {
        <li key={index}>
            <button type="button" class="verdict" {onclick}>
                { mark(verdict.sign) }
                <span class="verdict-subject">{ &verdict.subject }</span>
                <span class="verdict-sentence">
                    { words(&verdict.sentence) }
                    if verdict.stale {
                        <span class="faint">{ " The last good answer: the document cannot be read now." }</span>
                    }
                </span>
            </button>
        </li>
    }
}

/// Scrolls to an element of a view and moves the focus there.
fn go_to(anchor: &str) {
    let element = document().get_element_by_id(anchor).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        element.scroll_into_view();
        _ = element.focus();
    }
}
