//! The numbers of the lines that can be seen, and the marks beside them.
//!
//! It is hidden from screen readers: each mark is also an entry of the problems list or a step with a button.

use super::marks::{LineMark, Marks};
use super::viewport::{Viewport, use_follow};
use crate::parts::mark;
use crate::prelude::*;
use std::rc::Rc;

#[derive(PartialEq, Properties)]
pub struct GutterProps {
    pub viewport: Viewport,
    pub line_count: u32,
    /// The line with the caret.
    pub caret: Option<u32>,
    pub marks: Rc<Marks>,
}

#[component]
pub fn Gutter(props: &GutterProps) -> Html {
    let layer = use_node_ref();
    let (first, last) = props.viewport.lines(props.line_count);
    use_follow(&layer, props.viewport, first, false);
    let digits = props.line_count.max(1).ilog10() + 1;
    let width = match digits {
        0..=2 => "w2",
        3 => "w3",
        4 => "w4",
        5 => "w5",
        _ => "w6",
    };
    html! {
        <div class={classes!("gutter", width)} aria-hidden="true">
            <div class="gutter-lines" ref={layer}>
                { for (first..=last).map(|line| {
                    let caret = (props.caret == Some(line)).then_some("caret");
                    html! {
                        <div class={classes!("gutter-line", caret)} key={line}>
                            { mark(props.marks.at(line)) }
                            <span>{ line }</span>
                        </div>
                    }
                }) }
            </div>
        </div>
    }
}

/// The mark that is drawn: the first problem, else the number of the explanation's first step.
fn mark(marks: &[LineMark]) -> Html {
    let Some(shown) = marks.iter().filter(|mark| mark.sign.is_some()).min_by_key(|mark| mark.sign).or(marks.first())
    else {
        return Html::default();
    };
    let titles: Vec<&str> = marks.iter().map(|mark| mark.title.as_str()).collect();
    let drawn = match shown.sign {
        Some(sign) => mark::mark(sign),
        None => html! { <span class="badge">{ shown.number }</span> },
    };
    html! { <span class="gutter-mark" title={titles.join("\n")}>{ drawn }</span> }
}
