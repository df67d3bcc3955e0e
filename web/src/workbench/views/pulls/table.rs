//! The tables that say the same as the charts.

use crate::parts::disclosure::disclosure;
use crate::prelude::*;

/// A table folded under "As a table".
pub fn folded(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    let count = rows.len();
    let summary = html! { <span>{ "As a table " }<span class="faint">{ count }{ if count == 1 { " row" } else { " rows" } }</span></span> };
    disclosure("pv-table-fold", Callback::noop(), summary, wrapping(name, heads, rows))
}

/// A table in a scrolling region of its own, as wide as its widest cells.
pub fn table(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    one(name, heads, rows, false)
}

/// The same, as wide as the view: its sentences take several lines.
pub fn wrapping(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    one(name, heads, rows, true)
}

fn one(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>, wraps: bool) -> Html {
    html! {
        <div class="pv-scroll" tabindex="0" role="region" aria-label={name}>
            <table class={classes!("pv-table", wraps.then_some("wraps"))}>
                <thead><tr>{ for heads.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                <tbody>
                    { for rows.into_iter().map(|cells| html! { <tr>{ for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }</tr> }) }
                </tbody>
            </table>
        </div>
    }
}
