//! The end of a stretch of time that can be dragged, or moved with the arrow keys.

use super::draft::Draft;
use super::scale::Scale;
use crate::prelude::*;
use podwhy_core::lifecycle::{Millis, SECOND, words};
use podwhy_core::scenario::life::LONGEST;
use podwhy_core::timeline::{Knob, KnobKind, to_duration, to_millis};
use web_sys::{Element, KeyboardEvent, PointerEvent};

/// A target is so large, in pixels.
const TARGET: f64 = 24.0;

#[derive(PartialEq, Properties)]
pub struct HandleProps {
    pub container: AttrValue,
    pub knob: Knob,
    pub draft: Draft,
    pub scale: Scale,
    /// The middle of its bar.
    pub y: f64,
}

/// What a time is called.
pub fn knob_words(kind: KnobKind) -> &'static str {
    match kind {
        KnobKind::Start => "ready after",
        KnobKind::PostStart => "postStart takes",
        KnobKind::PreStop => "preStop takes",
        KnobKind::Stop => "needs after its stop signal",
    }
}

#[component]
pub fn Handle(props: &HandleProps) -> Html {
    // Where the pointer was, and how long the time was, when the drag began.
    let grabbed = use_mut_ref(|| None::<(f64, Millis, Scale)>);
    let grip = use_node_ref();
    let Some(from) = props.knob.from else { return Html::default() };
    let (kind, takes) = (props.knob.kind, props.knob.takes);
    let end = from.saturating_add(takes);
    let x = props.scale.x(end);
    if end < props.scale.reach.from || from > props.scale.reach.to {
        return Html::default();
    }
    let set = {
        let (draft, container) = (props.draft.clone(), props.container.clone());
        move |length: Millis| {
            draft.try_knob(&container, kind, Some(to_duration(length.min(to_millis(LONGEST)))));
        }
    };
    let onpointerdown = {
        let (grabbed, draft, scale, grip) = (grabbed.clone(), props.draft.clone(), props.scale, grip.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            if let Some(element) = grip.cast::<Element>() {
                _ = element.set_pointer_capture(event.pointer_id());
            }
            *grabbed.borrow_mut() = Some((f64::from(event.client_x()), takes, scale));
            draft.hold(Some(scale.reach));
        })
    };
    let onpointermove = {
        let (grabbed, set) = (grabbed.clone(), set.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((x, takes, scale)) = *grabbed.borrow() else { return };
            event.prevent_default();
            let moved = (f64::from(event.client_x()) - x) / scale.density();
            let step = scale.step() as f64;
            let length = ((takes as f64 + moved) / step).round() * step;
            set(length.max(0.0) as Millis);
        })
    };
    let release = {
        let (grabbed, draft) = (grabbed.clone(), props.draft.clone());
        move |keep: bool| {
            if grabbed.borrow_mut().take().is_none() {
                return;
            }
            draft.hold(None);
            if keep { draft.keep() } else { draft.forget() }
        }
    };
    let onpointerup = Callback::from({
        let release = release.clone();
        move |_: PointerEvent| release(true)
    });
    let onpointercancel = Callback::from(move |_: PointerEvent| release(false));
    // Keys may come faster than the picture is drawn.
    let latest = {
        let (draft, container) = (props.draft.clone(), props.container.clone());
        move || draft.knob(&container, kind).map_or(takes, to_millis)
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let takes = latest();
        let large = if event.shift_key() { 10 } else { 1 };
        let length = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => takes.saturating_add(large * SECOND),
            "ArrowLeft" | "ArrowDown" => takes.saturating_sub(large * SECOND),
            "PageUp" => takes.saturating_add(10 * SECOND),
            "PageDown" => takes.saturating_sub(10 * SECOND),
            "Home" => 0,
            _ => return,
        };
        event.prevent_default();
        set(length);
    });
    let onkeyup = {
        let draft = props.draft.clone();
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key.starts_with("Arrow") || matches!(key.as_str(), "PageUp" | "PageDown" | "Home") {
                draft.keep();
            }
        })
    };
    let y = props.y;
    html! {
        <g class={classes!("life-handle", beyond(&props.scale, end).then_some("beyond"))} role="slider" tabindex="0"
            aria-label={format!("{}: {}", props.container, knob_words(kind))} aria-orientation="horizontal"
            aria-valuemin="0" aria-valuemax={LONGEST.whole_secs().to_string()}
            aria-valuenow={(takes / SECOND).to_string()} aria-valuetext={words(takes)} ref={grip}
            {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown} {onkeyup}>
            <title>{ format!("{} {}: drag it, or use the arrow keys", knob_words(kind), words(takes)) }</title>
            <rect class="life-target" x={px(x - TARGET / 2.0)} y={px(y - TARGET / 2.0)} width={px(TARGET)} height={px(TARGET)} />
            <rect class="life-grip" x={px(x - 3.5)} y={px(y - 8.0)} width="7" height="16" rx="3" />
        </g>
    }
}

/// The time ends where the picture no longer reaches.
fn beyond(scale: &Scale, end: Millis) -> bool {
    end > scale.reach.to
}

/// A number of pixels as an attribute.
pub fn px(value: f64) -> String {
    format!("{}", (value * 10.0).round() / 10.0)
}
