//! The views, one folder each.

pub mod compare;

use crate::state::View;
use compare::Compare;
mod pulls;
mod use_cases;

use crate::state::View;
use crate::workbench::parts::shared::Shared;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod.
pub fn topic(view: View, whole: &Rc<Whole>, _pod: usize) -> Html {
    match view {
        View::Compare => html! { <Compare {whole} /> },
        // The page draws these itself.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize) -> Html {
    let whole = Shared(Rc::clone(whole));
    match view {
        View::Pulls => html! { <pulls::Pulls {whole} {pod} /> },
        View::UseCases => html! { <use_cases::UseCases {whole} {pod} /> },
        // The page draws the others itself.
        _ => Html::default(),
    }
}
