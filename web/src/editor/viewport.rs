//! Which lines of a text can be seen.

use crate::prelude::*;
use gloo::utils::window;
use podwhy_source::float;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

/// The part of a scrolling element that can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// How far it is scrolled down, in CSS pixels.
    pub top: i32,
    /// How far it is scrolled to the right, in CSS pixels.
    pub left: i32,
    height: i32,
    line_height: f64,
}

impl Viewport {
    /// What can be seen of `area` now.
    pub fn of(area: &Element) -> Self {
        let style = window().get_computed_style(area).ok().flatten();
        let line_height = style.and_then(|style| style.get_property_value("line-height").ok());
        Self {
            top: area.scroll_top(),
            left: area.scroll_left(),
            height: area.client_height(),
            line_height: line_height.and_then(|value| float::parse(value.strip_suffix("px")?)).unwrap_or(20.0),
        }
    }

    /// The first and the last line (from 1) to draw for a text of `count` lines; one more on either side.
    pub fn lines(self, count: u32) -> (u32, u32) {
        if self.height == 0 {
            return (1, 0);
        }
        let line_at = |pixels: i32| (f64::from(pixels.max(0)) / self.line_height) as u32;
        let first = line_at(self.top).max(1).min(count);
        (first, line_at(self.top + self.height).saturating_add(2).min(count))
    }

    /// How far down a layer that begins with the line `first` has to stand.
    pub fn offset(self, first: u32) -> f64 {
        f64::from(first.saturating_sub(1)) * self.line_height - f64::from(self.top)
    }

    /// Where to scroll so that `line` is in the middle; `None` if it can be seen already.
    pub fn scroll_for(self, line: u32) -> Option<i32> {
        let at = (f64::from(line.saturating_sub(1)) * self.line_height) as i32;
        let margin = self.line_height as i32;
        let seen = at >= self.top && at + 2 * margin <= self.top + self.height;
        (!seen).then_some((at - self.height / 2 + margin).max(0))
    }
}

/// The part of `area` that can be seen, kept up to date; the callback is for its scroll event.
#[hook]
pub fn use_viewport(area: &NodeRef) -> (Viewport, Callback<Event>) {
    let viewport = use_state_eq(Viewport::default);
    let measure = {
        let (area, viewport) = (area.clone(), viewport.setter());
        Callback::from(move |()| {
            if let Some(area) = area.cast::<Element>() {
                viewport.set(Viewport::of(&area));
            }
        })
    };
    use_effect_with(area.clone(), {
        let measure = measure.clone();
        move |area| {
            let changed = Closure::<dyn Fn()>::new(move || measure.emit(()));
            let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(area)) = (&observer, area.cast::<Element>()) {
                observer.observe(&area);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(changed);
            }
        }
    });
    (*viewport, measure.reform(|_: Event| ()))
}

/// Keeps a layer that begins with the line `first` where the text stands.
#[hook]
pub fn use_follow(layer: &NodeRef, viewport: Viewport, first: u32, sideways: bool) {
    let layer = layer.clone();
    use_effect_with((viewport, first), move |(viewport, first)| {
        let left = if sideways { -viewport.left } else { 0 };
        if let Some(layer) = layer.cast::<HtmlElement>() {
            // Through the object model: the page's policy refuses style attributes.
            let place = format!("translate({left}px,{}px)", float::text(viewport.offset(*first)));
            _ = layer.style().set_property("transform", &place);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Viewport = Viewport { top: 200, left: 0, height: 100, line_height: 20.0 };

    #[test]
    fn only_lines_that_can_be_seen_are_drawn() {
        assert_eq!(SEEN.lines(300_000), (10, 17));
        assert_eq!(SEEN.lines(12), (10, 12));
        assert_eq!(Viewport { height: 0, ..SEEN }.lines(12), (1, 0));
        assert!((SEEN.offset(10) + 20.0).abs() < 0.01);
    }

    #[test]
    fn a_line_that_can_be_seen_does_not_scroll() {
        assert_eq!(SEEN.scroll_for(12), None);
        assert_eq!(SEEN.scroll_for(1), Some(0));
        assert_eq!(SEEN.scroll_for(101), Some(1970));
    }
}
