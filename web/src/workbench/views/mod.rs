//! The views, one folder each.

pub mod compare;
mod placement;

use crate::state::View;
use compare::Compare;
use placement::Placement;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod; `onpod` chooses another one.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize, onpod: &Callback<usize>) -> Html {
    match view {
        View::Placement => html! { <Placement {whole} {pod} {onpod} /> },
        View::Compare => html! { <Compare {whole} /> },
        // The page draws these itself.
        _ => Html::default(),
    }
}
