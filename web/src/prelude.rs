//! What every view uses: Yew, with the page's own `html!` and `classes!` instead of its.

pub(crate) use class_words as classes;
pub use podwhy_html::html;
pub use yew::prelude::*;
