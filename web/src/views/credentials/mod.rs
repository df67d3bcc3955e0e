//! Which credentials match which image, and in which order they are tried.

mod board;
mod comparison;
#[cfg(test)]
mod examples;
mod matrix;
mod notes;
mod order;
mod pod;
mod sources;
mod summary;

use crate::evaluation::Evaluation;
use crate::parts::tabs::{TabItem, Tabs, tab_panel};
use crate::prelude::*;
use crate::shared::Shared;
use pod::PodCredentials;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The beginning of the ids of the tabs, one tab for each pod, see [`crate::evaluation::credentials_anchor`].
const TABS: &str = "credentials-pod";

#[derive(PartialEq, Properties)]
pub struct CredentialsViewProps {
    pub evaluation: Shared<Evaluation>,
}

#[component]
pub fn CredentialsView(props: &CredentialsViewProps) -> Html {
    let pods = &props.evaluation.pods;
    let chosen = use_state_eq(Chosen::default);
    let selected = chosen.find(pods.iter().map(|shown| &*shown.pod.title));
    let onselect = {
        let (chosen, pods) = (chosen.setter(), pods.clone());
        Callback::from(move |index: usize| {
            if let Some(shown) = pods.get(index) {
                chosen.set(Chosen { index, title: shown.pod.title.clone().into() });
            }
        })
    };
    // A tab that is given the focus from outside shows its pod too.
    let onfocusin = {
        let onselect = onselect.clone();
        Callback::from(move |event: FocusEvent| {
            let id = event.target().and_then(|target| target.dyn_into::<Element>().ok()).map(|element| element.id());
            let index = id.as_deref().and_then(|id| id.strip_prefix(TABS)?.strip_prefix("-tab-")?.parse().ok());
            if let Some(index) = index {
                onselect.emit(index);
            }
        })
    };
    let report = &props.evaluation.report;
    html! {
        <div class="credentials" {onfocusin}>
            if pods.is_empty() {
                <p class="empty">{ "No pod stands in the texts yet." }</p>
            } else if pods.len() == 1 {
                { for pods.iter().map(|shown| html! { <PodCredentials shown={shown.clone()} index=0 {report} /> }) }
            } else {
                <Tabs id={TABS} label="Pods" items={pods.iter().map(|shown| tab(&shown.pod.title)).collect::<Vec<_>>()}
                    {selected} {onselect} />
                { for pods.get(selected).map(|shown| {
                    tab_panel(TABS, selected, true, false, html! {
                        <PodCredentials key={selected} shown={shown.clone()} {report} />
                    })
                }) }
            }
            // The second program draws its form here.
            <div id="create-secret"></div>
        </div>
    }
}

fn tab(title: &str) -> TabItem {
    // Its quotes would be plain letters here.
    TabItem { name: title.replace('`', "").into(), note: None, count: None }
}

/// The pod that was chosen: the one with its title, or if that was edited the one in its place.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chosen {
    index: usize,
    title: AttrValue,
}

impl Chosen {
    fn find<'a>(&self, titles: impl ExactSizeIterator<Item = &'a str> + Clone) -> usize {
        let here = titles.clone().nth(self.index) == Some(&self.title);
        let last = titles.len().saturating_sub(1);
        let named = (!here).then(|| titles.clone().position(|title| title == self.title)).flatten();
        named.unwrap_or(self.index.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_pod_is_found_again() {
        let chosen = Chosen { index: 1, title: "b".into() };
        let find = |titles: &[&'static str]| chosen.find(titles.iter().copied());
        assert_eq!(find(&["a", "b"]), 1);
        assert_eq!(find(&["new", "a", "b"]), 2, "another pod came before it");
        assert_eq!(find(&["a", "renamed"]), 1, "its name is being edited");
        assert_eq!(find(&["a"]), 0);
        assert_eq!(find(&["b", "b"]), 1, "two pods of one name");
    }
}
