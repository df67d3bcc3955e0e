//! The views, one folder each.

use crate::state::View;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use yew::prelude::*;

/// The view's content for one pod.
pub fn topic(view: View, _whole: &Rc<Whole>, _pod: usize) -> Html {
    match view {
        // The page draws these itself.
        _ => Html::default(),
    }
}
