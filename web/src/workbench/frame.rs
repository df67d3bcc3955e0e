//! What stands around each view: the choice of a pod, and what to do when there is none.

use super::views::topic;
use crate::parts::tabs::{TabItem, Tabs, tab_panel};
use crate::prelude::*;
use crate::state::View;
use podwhy_core::evaluate::Whole;
use std::rc::Rc;
use web_sys::HtmlSelectElement;

/// More pods than this are chosen from a list: tabs would fill the screen.
const TABS_AT_MOST: usize = 6;

#[derive(Properties)]
pub struct FrameProps {
    pub view: View,
    pub whole: Rc<Whole>,
    /// The chosen pod.
    pub pod: usize,
    /// Another one was chosen.
    pub onpod: Callback<usize>,
}

impl PartialEq for FrameProps {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view && self.pod == other.pod && Rc::ptr_eq(&self.whole, &other.whole)
    }
}

#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let pods = &props.whole.report.pods;
    if pods.is_empty() {
        return html! { <p class="empty">{ "No pod stands in the texts yet." }</p> };
    }
    let pod = props.pod.min(pods.len() - 1);
    let onselect = props.onpod.clone();
    let content = topic(props.view, &props.whole, pod, &props.onpod);
    if pods.len() == 1 {
        return content;
    }
    // The quotes around names would be plain letters here.
    let title = |index: usize| pods.get(index).map(|pod| pod.title.replace('`', "")).unwrap_or_default();
    if pods.len() <= TABS_AT_MOST {
        let item = |index| TabItem { name: title(index).into(), note: None, count: None };
        let items: Vec<TabItem> = (0..pods.len()).map(item).collect();
        return html! {
            <>
                <Tabs id="bench-pod" label="Pods" {items} selected={pod} {onselect} />
                { tab_panel("bench-pod", pod, true, false, content) }
            </>
        };
    }
    let onchange = Callback::from(move |event: Event| {
        if let Some(index) = event.target_dyn_into::<HtmlSelectElement>().and_then(|list| list.value().parse().ok()) {
            onselect.emit(index);
        }
    });
    html! {
        <>
            <p class="field">
                <label for="bench-pod">{ "Pod" }</label>
                <select id="bench-pod" {onchange}>
                    { for (0..pods.len()).map(|index| html! {
                        <option value={index.to_string()} selected={index == pod}>{ title(index) }</option>
                    }) }
                </select>
            </p>
            { content }
        </>
    }
}
