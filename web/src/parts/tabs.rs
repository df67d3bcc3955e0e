//! Tabs as the ARIA practices describe them: one stop for Tab, arrow keys between them.

use crate::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// One tab.
#[derive(Clone, Debug, PartialEq)]
pub struct TabItem {
    /// Its words.
    pub name: AttrValue,
    /// What a dot beside the words means, if it has one.
    pub note: Option<AttrValue>,
    /// A number beside the words.
    pub count: Option<usize>,
}

#[derive(PartialEq, Properties)]
pub struct TabsProps {
    /// The beginning of the ids of tabs and panels.
    pub id: AttrValue,
    pub label: AttrValue,
    pub items: Vec<TabItem>,
    pub selected: usize,
    pub onselect: Callback<usize>,
}

#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, onselect) = (list.clone(), props.onselect.clone());
        let (selected, count) = (props.selected, props.items.len());
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = neighbour(&event.key(), selected, count) else { return };
            event.prevent_default();
            onselect.emit(next);
            focus_child(&list, next);
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={&props.label} ref={list} {onkeydown}>
            { for props.items.iter().enumerate().map(|(index, item)| tab(props, index, item)) }
        </div>
    }
}

fn tab(props: &TabsProps, index: usize, item: &TabItem) -> Html {
    let selected = index == props.selected;
    let onclick = props.onselect.reform(move |_| index);
    html! {
        <button type="button" role="tab" class="tab" key={index} id={format!("{}-tab-{index}", props.id)}
            aria-selected={selected.to_string()} aria-controls={format!("{}-panel-{index}", props.id)}
            tabindex={if selected { "0" } else { "-1" }} {onclick}>
            { &item.name }
            if let Some(count) = item.count {
                <span class="tab-count">{ count }</span>
            }
            if let Some(note) = &item.note {
                <span class="tab-dot" title={note}><span class="unseen">{ ", " }{ note }</span></span>
            }
        </button>
    }
}

fn neighbour(key: &str, selected: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" => Some(if selected == last { 0 } else { selected + 1 }),
        "ArrowLeft" => Some(selected.checked_sub(1).unwrap_or(last)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

fn focus_child(list: &NodeRef, index: usize) {
    let child = list.cast::<Element>().and_then(|list| list.children().item(u32::try_from(index).ok()?));
    if let Some(child) = child.and_then(|child| child.dyn_into::<HtmlElement>().ok()) {
        _ = child.focus();
    }
}

/// What a tab shows; hidden ones stay, with their scroll and selection. `focusable` makes Tab stop at the
/// panel itself, which is right unless its first element takes the focus.
pub fn tab_panel(tabs: &str, index: usize, shown: bool, focusable: bool, content: Html) -> Html {
    html! {
        <div class="tab-panel" role="tabpanel" id={format!("{tabs}-panel-{index}")}
            aria-labelledby={format!("{tabs}-tab-{index}")} hidden={!shown}
            tabindex={focusable.then_some("0")}>
            { content }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::neighbour;

    #[test]
    fn arrows_go_round() {
        assert_eq!(neighbour("ArrowRight", 2, 3), Some(0));
        assert_eq!(neighbour("ArrowLeft", 0, 3), Some(2));
        assert_eq!(neighbour("End", 0, 3), Some(2));
        assert_eq!(neighbour("Tab", 0, 3), None);
        assert_eq!(neighbour("Home", 0, 0), None);
    }
}
