//! Image names and pull policies, container by container.

use crate::evaluation::Evaluation;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct ImageViewProps {
    pub evaluation: Rc<Evaluation>,
}

#[component]
pub fn ImageView(props: &ImageViewProps) -> Html {
    html! {
        if props.evaluation.verdicts.is_empty() {
            <p class="empty">{ "No pod stands in the texts yet." }</p>
        }
    }
}
