//! Image names and pull policies, container by container.

mod anatomy;
mod card;
mod changes;
mod name;
mod pod;
mod policy;
#[cfg(test)]
mod tests;

use crate::evaluation::Evaluation;
use crate::prelude::*;
use crate::shared::Shared;
use pod::PodSection;

/// How many cards stand open at first; where there are more, the rest are folded to their verdict.
const OPEN_AT_FIRST: usize = 4;

#[derive(PartialEq, Properties)]
pub struct ImageViewProps {
    pub evaluation: Shared<Evaluation>,
}

#[component]
pub fn ImageView(props: &ImageViewProps) -> Html {
    let pods = &props.evaluation.pods;
    if pods.is_empty() {
        return html! { <p class="empty">{ "No pod stands in the texts yet." }</p> };
    }
    let mut open = OPEN_AT_FIRST;
    let sections = pods.iter().enumerate().map(|(index, shown)| {
        let cards = open.min(shown.pod.containers.len());
        open -= cards;
        html! { <PodSection key={index} {index} shown={shown.clone()} open={cards} /> }
    });
    html! { <>{ for sections }</> }
}
