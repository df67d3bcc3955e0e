//! "line 12": shows the place in the text.

use crate::places::Places;
use crate::texts::tab_name;
use podwhy_core::session::InputKind;
use podwhy_source::Span;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct LineButtonProps {
    pub span: Span,
}

#[component]
pub fn LineButton(props: &LineButtonProps) -> Html {
    let places = use_context::<Places>();
    let span = props.span;
    let Some((places, (kind, line))) = places.and_then(|places| Some((places.clone(), places.line(span)?))) else {
        return Html::default();
    };
    let onclick = Callback::from(move |_| places.reveal(span));
    let text = (kind != InputKind::Manifests).then(|| tab_name(kind));
    html! {
        <button type="button" class="line-button" title={format!("Show line {line} of {}", tab_name(kind))} {onclick}>
            if let Some(text) = text {
                { text }{ ", " }
            }
            { "line " }{ line }
        </button>
    }
}
