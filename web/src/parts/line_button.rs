//! "line 12": shows the place in the text.

use crate::places::Places;
use crate::prelude::*;
use crate::texts::tab_name;
use podwhy_core::session::InputKind;
use podwhy_source::Span;

/// The button; nothing for a span that lies in no text.
pub fn line_button(places: &Places, span: Span) -> Html {
    let Some((kind, line)) = places.line(span) else { return Html::default() };
    let places = places.clone();
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
