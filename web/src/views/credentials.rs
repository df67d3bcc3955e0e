//! Which credentials match which image, and in which order they are tried.

use crate::evaluation::Evaluation;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct CredentialsViewProps {
    pub evaluation: Rc<Evaluation>,
}

#[component]
pub fn CredentialsView(props: &CredentialsViewProps) -> Html {
    html! {
        if props.evaluation.verdicts.is_empty() {
            <p class="empty">{ "No pod stands in the texts yet." }</p>
        }
    }
}
