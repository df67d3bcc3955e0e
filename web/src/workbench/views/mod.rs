//! The views, one folder each.

pub mod compare;
mod lifecycle;

use crate::state::View;
use compare::Compare;
use lifecycle::Lifecycle;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize) -> Html {
    match view {
        View::Lifecycle => html! { <Lifecycle {whole} {pod} /> },
        View::Compare => html! { <Compare {whole} /> },
        // The page draws these itself.
        _ => Html::default(),
    }
}
