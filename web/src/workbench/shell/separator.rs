//! The line between texts and answers, which is dragged or moved by keys.

use super::layout::{Halves, Layout};
use crate::prelude::*;
use web_sys::{Element, HtmlElement};

/// How far one key goes, in percent.
const STEP: f64 = 2.0;

#[derive(PartialEq, Properties)]
pub struct SeparatorProps {
    pub layout: Layout,
    pub onlayout: Callback<Layout>,
}

#[component]
pub fn Separator(props: &SeparatorProps) -> Html {
    let SeparatorProps { layout, onlayout } = props;
    let layout = *layout;
    if layout.halves != Halves::Both {
        return Html::default();
    }
    let onpointerdown = Callback::from(|event: PointerEvent| {
        if let Some(line) = event.target_dyn_into::<HtmlElement>() {
            event.prevent_default();
            _ = line.set_pointer_capture(event.pointer_id());
            _ = line.focus();
        }
    });
    let onpointermove = {
        let onlayout = onlayout.clone();
        Callback::from(move |event: PointerEvent| {
            let line = event.target_dyn_into::<Element>().filter(|line| line.has_pointer_capture(event.pointer_id()));
            let Some(panes) = line.and_then(|line| line.closest(".panes").ok().flatten()) else { return };
            let bounds = panes.get_bounding_client_rect();
            if bounds.width() > 0.0 {
                let width = (f64::from(event.client_x()) - bounds.left()) / bounds.width() * 100.0;
                onlayout.emit(layout.with_width(width.round()));
            }
        })
    };
    let onkeydown = {
        let onlayout = onlayout.clone();
        Callback::from(move |event: KeyboardEvent| {
            let width = f64::from(layout.width);
            let next = match event.key().as_str() {
                "ArrowLeft" => width - STEP,
                "ArrowRight" => width + STEP,
                "Home" => f64::from(Layout::WIDTHS.0),
                "End" => f64::from(Layout::WIDTHS.1),
                "Enter" => f64::from(Layout::default().width),
                _ => return,
            };
            event.prevent_default();
            onlayout.emit(layout.with_width(next));
        })
    };
    let ondblclick = onlayout.reform(move |_| Layout { halves: layout.halves, ..Layout::default() });
    html! {
        <div class="separator-line" role="separator" tabindex="0" aria-orientation="vertical"
            aria-label="Width of the input, in percent" aria-valuenow={layout.width.to_string()}
            aria-valuemin={Layout::WIDTHS.0.to_string()} aria-valuemax={Layout::WIDTHS.1.to_string()}
            {onpointerdown} {onpointermove} {onkeydown} {ondblclick}></div>
    }
}
