//! The views, one folder each.

pub mod compare;
mod create_secret;
mod environment;
mod lifecycle;
mod placement;
pub mod problems;
mod pulls;
mod stored;
mod use_cases;

use crate::prelude::*;
use crate::shared::Shared;
use crate::state::View;
use compare::Compare;
pub use create_secret::CreateSecret;
use environment::Environment;
use lifecycle::Lifecycle;
use placement::Placement;
use podwhy_core::evaluate::Whole;
use pulls::Pulls;
use std::rc::Rc;
use stored::StoredPod;
use use_cases::UseCases;

/// The view's content for one pod; `onpod` chooses another one.
pub fn topic(view: View, whole: &Rc<Whole>, pod: usize, onpod: &Callback<usize>) -> Html {
    let whole = Shared(Rc::clone(whole));
    match view {
        View::Pulls => html! { <Pulls {whole} {pod} /> },
        View::UseCases => html! { <UseCases {whole} {pod} /> },
        View::Placement => html! { <Placement {whole} {pod} {onpod} /> },
        View::Lifecycle => html! { <Lifecycle {whole} {pod} /> },
        View::Environment => html! { <Environment {whole} {pod} /> },
        View::Stored => html! { <StoredPod {whole} {pod} /> },
        View::Compare => html! { <Compare {whole} {pod} /> },
        // The page draws the others itself.
        View::Image | View::Credentials | View::Problems => Html::default(),
    }
}
