//! The matrix: keys down, images across; each cell opens its trace.

use super::board::{At, Board, Column, Group, Row, counted};
use super::sources::secret_mark;
use crate::parts::mark::{Sign, mark};
use crate::prelude::*;
use crate::shared::Shared;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

#[derive(PartialEq, Properties)]
pub struct MatrixProps {
    pub board: Shared<Board>,
    pub chosen: Option<At>,
    pub onchoose: Callback<At>,
}

/// One stop for Tab; arrow keys move between the cells, Enter opens one.
#[component]
pub fn Matrix(props: &MatrixProps) -> Html {
    let board = &props.board;
    let table = use_node_ref();
    let stop = use_state_eq(|| props.chosen);
    use_effect_with(props.chosen, {
        let stop = stop.setter();
        move |chosen| stop.set(*chosen)
    });
    let onkeydown = {
        let (table, stop, board) = (table.clone(), stop.clone(), board.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = stop.and_then(|at| neighbour(&event.key(), at, &board)) else { return };
            event.prevent_default();
            stop.set(Some(next));
            focus_cell(&table, next);
        })
    };
    let stop_of = |row: usize| stop.filter(|at| at.row == row).map(|at| at.column);
    let chosen_of = |row: usize| props.chosen.filter(|at| at.row == row).map(|at| at.column);
    html! {
        <div class="cred-scroll" role="region" aria-label="Keys against images" tabindex="0">
            <table class="cred-matrix" ref={table} {onkeydown}>
                <caption class="unseen">{ "Which key serves which image. Arrow keys move between the cells, Enter shows why." }</caption>
                <thead>
                    <tr>
                        <th scope="col" class="cred-corner">{ "Key" }</th>
                        { for board.columns.iter().map(column_head) }
                    </tr>
                </thead>
                { for board.groups.iter().map(|group| html! {
                    <tbody key={group.secret.map_or(-1, |position| i64::try_from(position).unwrap_or(i64::MAX))}>
                        { group_head(board, group) }
                        { for group.rows.iter().map(|(at, row)| html! {
                            <MatrixRow key={*at} at={*at} row={row.clone()} stop={stop_of(*at)} chosen={chosen_of(*at)}
                                onchoose={&props.onchoose} />
                        }) }
                    </tbody>
                }) }
            </table>
        </div>
    }
}

fn column_head(column: &Column) -> Html {
    let (registry, path) = column.repository.split_once('/').unwrap_or(("", &column.repository));
    html! {
        <th scope="col" key={column.repository.to_string()}>
            <span class="cred-image">
                <span class="faint">{ registry }{ "/" }</span><wbr /><span>{ path }</span>
            </span>
            <span class="cred-users">{ &column.users }</span>
        </th>
    }
}

fn group_head(board: &Board, group: &Group) -> Html {
    let secret = group.secret.and_then(|position| board.pod.pull_secrets.get(position));
    let (sign, word, name) = match secret {
        Some(secret) => {
            let (sign, word) = secret_mark(&secret.state);
            let used = secret.config().is_some();
            (
                (!used).then_some(sign),
                if used { keys(group) } else { word.to_owned() },
                html! {
                    <>{ "Secret " }<code>{ &secret.name }</code></>
                },
            )
        }
        None => (None, keys(group), html! { "The node's file" }),
    };
    html! {
        <tr class="cred-group">
            <th scope="rowgroup" colspan={(board.columns.len() + 1).to_string()}>
                <span class="cred-group-name">
                    if let Some(sign) = sign {
                        { mark(sign) }
                    }
                    <span>{ name }</span><span class="faint">{ word }</span>
                </span>
            </th>
        </tr>
    }
}

fn keys(group: &Group) -> String {
    counted(group.rows.len(), "key", "keys")
}

#[derive(PartialEq, Properties)]
struct MatrixRowProps {
    at: usize,
    row: Rc<Row>,
    /// The column that Tab stops at.
    stop: Option<usize>,
    chosen: Option<usize>,
    onchoose: Callback<At>,
}

#[component]
fn MatrixRow(props: &MatrixRowProps) -> Html {
    let row = &props.row;
    html! {
        <tr>
            <th scope="row">
                <code>{ &row.key }</code>
                if let Some(counts_as) = &row.counts_as {
                    <span class="cred-counts">{ "counts as " }<code>{ counts_as }</code></span>
                }
                if row.never_matches {
                    <span class="cred-counts cred-never">{ mark(Sign::Warning) }{ "serves no image" }</span>
                }
            </th>
            { for row.cells.iter().enumerate().map(|(column, (sign, word))| {
                let at = At { row: props.at, column };
                let onclick = props.onchoose.reform(move |_| at);
                let pressed = props.chosen == Some(column);
                html! {
                    <td key={column}>
                        <button type="button" class={classes!("cred-cell", sign.word())} data-at={cell_name(at)}
                            aria-pressed={pressed.to_string()} tabindex={if props.stop == Some(column) { "0" } else { "-1" }} {onclick}>
                            { mark(*sign) }<span>{ word }</span>
                        </button>
                    </td>
                }
            }) }
        </tr>
    }
}

fn cell_name(at: At) -> String {
    format!("{}-{}", at.row, at.column)
}

/// The cell that a key of the keyboard leads to.
fn neighbour(key: &str, at: At, board: &Board) -> Option<At> {
    let rows: Vec<usize> = board.groups.iter().flat_map(|group| group.rows.iter().map(|(row, _)| *row)).collect();
    let here = rows.iter().position(|row| *row == at.row)?;
    let last = board.columns.len().checked_sub(1)?;
    let row = |index: Option<usize>| index.and_then(|index| rows.get(index)).map(|row| At { row: *row, ..at });
    match key {
        "ArrowUp" => row(here.checked_sub(1)),
        "ArrowDown" => row(Some(here + 1)),
        "ArrowLeft" => at.column.checked_sub(1).map(|column| At { column, ..at }),
        "ArrowRight" => (at.column < last).then_some(At { column: at.column + 1, ..at }),
        "Home" => Some(At { column: 0, ..at }),
        "End" => Some(At { column: last, ..at }),
        _ => None,
    }
}

fn focus_cell(table: &NodeRef, at: At) {
    let selector = format!("[data-at='{}']", cell_name(at));
    let cell = table.cast::<Element>().and_then(|table| table.query_selector(&selector).ok()?);
    if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) {
        _ = cell.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::credentials::examples;

    #[test]
    fn arrows_stay_inside_the_matrix() {
        let keys = r#"{"auths": {"a.io": {}, "b.io": {}}}"#;
        let board =
            Board::new(&examples::pod("containers: [{name: a, image: a.io/x}, {name: b, image: b.io/x}]", keys));
        let at = |row, column| At { row, column };
        assert_eq!(neighbour("ArrowRight", at(0, 0), &board), Some(at(0, 1)));
        assert_eq!(neighbour("ArrowRight", at(0, 1), &board), None);
        assert_eq!(neighbour("ArrowDown", at(0, 1), &board), Some(at(1, 1)));
        assert_eq!(neighbour("ArrowDown", at(1, 1), &board), None);
        assert_eq!(neighbour("End", at(1, 0), &board), Some(at(1, 1)));
        assert_eq!(neighbour("Tab", at(1, 0), &board), None);
    }
}
