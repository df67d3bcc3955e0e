//! The views, one folder each.

pub mod compare;
pub mod problems;

use crate::state::View;
use compare::Compare;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod.
pub fn topic(view: View, whole: &Rc<Whole>, _pod: usize) -> Html {
    match view {
        View::Compare => html! { <Compare {whole} /> },
        // The page draws these itself.
        _ => Html::default(),
    }
}
