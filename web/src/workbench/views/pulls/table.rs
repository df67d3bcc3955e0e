//! The tables that say the same as the charts.

use crate::parts::disclosure::disclosure;
use yew::prelude::*;

/// A table folded under "As a table".
pub fn folded(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    let count = rows.len();
    let summary = html! { <span>{ "As a table " }<span class="faint">{ count }{ if count == 1 { " row" } else { " rows" } }</span></span> };
    disclosure("pv-table-fold", Callback::noop(), summary, table(name, heads, rows))
}

/// A table in a scrolling region of its own.
pub fn table(name: &'static str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    html! {
        <div class="pv-scroll" tabindex="0" role="region" aria-label={name}>
            <table class="pv-table">
                <thead><tr>{ for heads.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                <tbody>
                    { for rows.into_iter().map(|cells| html! { <tr>{ for cells.into_iter().map(|cell| html! { <td>{ cell }</td> }) }</tr> }) }
                </tbody>
            </table>
        </div>
    }
}
