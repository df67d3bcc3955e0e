//! Behind the text: the line of the caret, and the places that an open explanation speaks of.

use super::marks::Marks;
use super::viewport::{Viewport, use_follow};
use crate::parts::mark::Sign;
use crate::prelude::*;
use crate::texts::Text;
use std::rc::Rc;

/// Longer lines are lit up as a whole: repeating them behind the text would cost more than it shows.
pub const LONGEST_LINE: u32 = 2_000;

#[derive(PartialEq, Properties)]
pub struct BackdropProps {
    pub viewport: Viewport,
    pub text: Text,
    /// The line with the caret.
    pub caret: Option<u32>,
    pub marks: Rc<Marks>,
    /// Whether the text itself is drawn, because no textarea lies above.
    #[prop_or_default]
    pub drawn: bool,
}

#[component]
pub fn Backdrop(props: &BackdropProps) -> Html {
    let layer = use_node_ref();
    let (first, last) = props.viewport.lines(props.text.lines().line_count());
    use_follow(&layer, props.viewport, first, true);
    html! {
        <div class={classes!("backdrop", props.drawn.then_some("drawn"))} aria-hidden={(!props.drawn).then_some("true")}>
            <div class="backdrop-lines" ref={layer}>
                { for (first..=last).map(|line| backdrop_line(props, line)) }
            </div>
        </div>
    }
}

fn backdrop_line(props: &BackdropProps, line: u32) -> Html {
    let lines = props.text.lines();
    let (start, end) = (lines.start_of(line), lines.start_of(line.saturating_add(1)));
    let lit = props.marks.lit(start, end);
    let worst = props.marks.at(line).iter().filter_map(|mark| mark.sign).min();
    let class = classes!(
        "backdrop-line",
        (props.caret == Some(line)).then_some("caret"),
        (worst == Some(Sign::Error)).then_some("has-error"),
        (!lit.is_empty()).then_some("lit"),
    );
    let slice = |from: u32, to: u32| props.text.as_str().get(from as usize..to as usize).unwrap_or_default();
    let mut at = start;
    let parts = lit.into_iter().filter(|_| end - start <= LONGEST_LINE).map(|(from, to)| {
        let before = slice(at, from).to_owned();
        at = to;
        html! { <>{ before }<mark>{ slice(from, to).trim_end_matches('\n').to_owned() }</mark></> }
    });
    let parts: Html = parts.collect();
    let rest =
        if props.drawn { slice(at, floor(props.text.as_str(), end.min(at.max(start + LONGEST_LINE)))) } else { "" };
    html! { <div {class} key={line}>{ parts }{ rest.trim_end_matches('\n').to_owned() }</div> }
}

/// The nearest boundary of a character at or before the byte `at`.
fn floor(text: &str, at: u32) -> u32 {
    (0..4).map(|back| at.saturating_sub(back)).find(|at| text.is_char_boundary(*at as usize)).unwrap_or(0)
}
