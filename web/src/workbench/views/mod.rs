//! The views, one folder each.

pub mod compare;
mod pulls;
mod use_cases;

use crate::state::View;
use crate::workbench::parts::shared::Shared;
mod environment;
mod stored;

use crate::state::View;
use crate::workbench::parts::shared::Shared;
use compare::Compare;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize) -> Html {
    let whole = Shared(Rc::clone(whole));
    match view {
        View::Pulls => html! { <pulls::Pulls {whole} {pod} /> },
        View::UseCases => html! { <use_cases::UseCases {whole} {pod} /> },
        View::Compare => html! { <compare::Compare {whole} /> },
        // The page draws the others itself.
    match view {
        View::Compare => html! { <Compare {whole} /> },
        View::Environment => html! { <environment::Environment whole={Shared(Rc::clone(whole))} {pod} /> },
        View::Stored => html! { <stored::StoredPod whole={Shared(Rc::clone(whole))} {pod} /> },
        // The page draws these itself.
        _ => Html::default(),
    }
}
