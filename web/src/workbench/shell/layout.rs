//! How the two halves share a wide screen. web/boot.js puts the kept layout on the page before anything is drawn.

use crate::prelude::*;
use gloo::utils::{document_element, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const KEY: &str = "podwhy.layout";

/// Which halves are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Halves {
    /// The texts alone.
    Input,
    /// Both.
    #[default]
    Both,
    /// The answers alone.
    Result,
}

impl Halves {
    const ALL: [(Self, &str, &str); 3] = [
        (Self::Input, "input", "Input only"),
        (Self::Both, "both", "Input and result"),
        (Self::Result, "result", "Result only"),
    ];
}

/// The halves and the width of the left one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Percent of the width that the texts take, of [`Layout::WIDTHS`].
    pub width: u8,
    /// What is shown.
    pub halves: Halves,
}

impl Default for Layout {
    fn default() -> Self {
        Self { width: 42, halves: Halves::default() }
    }
}

impl Layout {
    /// The widths that leave both halves usable, in percent.
    pub const WIDTHS: (u8, u8) = (20, 75);

    /// The layout with another width.
    #[must_use]
    pub fn with_width(self, width: f64) -> Self {
        // The cast saturates; the clamp does the rest.
        Self { width: (width as u8).clamp(Self::WIDTHS.0, Self::WIDTHS.1), ..self }
    }

    /// What was kept: `width halves`, such as `42 both`.
    pub fn load() -> Self {
        let kept = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let usual = Self::default();
        let Some((width, halves)) = kept.as_deref().and_then(|kept| kept.split_once(' ')) else { return usual };
        let halves = Halves::ALL.into_iter().find(|(_, name, _)| *name == halves).map(|(halves, ..)| halves);
        let width = width.parse().map_or(f64::from(usual.width), |width: u8| f64::from(width));
        Self { halves: halves.unwrap_or_default(), ..usual }.with_width(width)
    }

    /// Keeps the layout and puts it on the page.
    pub fn save(self) {
        let name =
            Halves::ALL.into_iter().find(|(halves, ..)| *halves == self.halves).map_or("both", |(_, name, _)| name);
        let root = document_element();
        _ = root.set_attribute("data-halves", name);
        if let Some(root) = root.dyn_ref::<HtmlElement>() {
            _ = root.style().set_property("--input-width", &format!("{}%", self.width));
        }
        if let Ok(Some(storage)) = window().local_storage() {
            _ = storage.set_item(KEY, &format!("{} {name}", self.width));
        }
    }
}

/// The three-way button.
pub fn layout_switch(layout: Layout, onlayout: &Callback<Layout>) -> Html {
    let button = |(halves, _, words): (Halves, &'static str, &'static str)| {
        let onclick = onlayout.reform(move |_| Layout { halves, ..layout });
        let (left, right) = (halves != Halves::Result, halves != Halves::Input);
        html! {
            <button type="button" aria-pressed={(layout.halves == halves).to_string()} aria-label={words} title={words} {onclick}>
                <svg viewBox="0 0 20 16" width="20" height="16" aria-hidden="true" focusable="false">
                    <rect class="layout-frame" x="1" y="1.5" width="18" height="13" rx="2" />
                    if left { <rect class="layout-half" x="3" y="3.5" width={if right { "6" } else { "14" }} height="9" rx="1" /> }
                    if right { <rect class="layout-half" x={if left { "11" } else { "3" }} y="3.5" width={if left { "6" } else { "14" }} height="9" rx="1" /> }
                </svg>
            </button>
        }
    };
    html! { <div class="layout-switch" role="group" aria-label="Shown halves">{ for Halves::ALL.map(button) }</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_width_makes_a_half_vanish() {
        for (asked, width) in [(-5.0, 20), (0.0, 20), (50.4, 50), (400.0, 75), (f64::NAN, 20)] {
            assert_eq!(Layout::default().with_width(asked).width, width);
        }
    }
}
