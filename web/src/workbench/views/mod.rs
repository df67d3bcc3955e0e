//! The views, one folder each.

pub mod compare;
mod placement;
mod environment;
pub mod problems;
mod lifecycle;
mod pulls;
mod stored;
mod use_cases;

use crate::prelude::*;
use crate::state::View;
use crate::workbench::parts::shared::Shared;
use compare::Compare;
use placement::Placement;
use environment::Environment;
use podwhy_core::evaluate::Whole;
use pulls::Pulls;
use std::rc::Rc;
use stored::StoredPod;
use use_cases::UseCases;

/// The view's content for one pod; `onpod` chooses another one.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize, onpod: &Callback<usize>) -> Html {
    match view {
        View::Placement => html! { <Placement {whole} {pod} {onpod} /> },
/// The view's content for one pod.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize) -> Html {
    let whole = Shared(Rc::clone(whole));
    match view {
        View::Pulls => html! { <Pulls {whole} {pod} /> },
        View::UseCases => html! { <UseCases {whole} {pod} /> },
        View::Compare => html! { <Compare {whole} /> },
        View::Environment => html! { <Environment {whole} {pod} /> },
        View::Stored => html! { <StoredPod {whole} {pod} /> },
        View::Pulls => html! { <pulls::Pulls {whole} {pod} /> },
        View::UseCases => html! { <use_cases::UseCases {whole} {pod} /> },
        View::Lifecycle => html! { <lifecycle::Lifecycle {whole} {pod} /> },
        View::Compare => html! { <compare::Compare {whole} /> },
        // The page draws the others itself.
        _ => Html::default(),
    }
}
