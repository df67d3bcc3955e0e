//! The pane with the answers.

mod credentials;
mod documents;
mod image;
mod problems;
mod start;
mod verdict_strip;

use crate::evaluation::Evaluation;
use crate::parts::tabs::{TabItem, Tabs, tab_panel};
use crate::prelude::*;
use crate::shared::Shared;
use crate::shell::cluster_panel::cluster_panel;
use crate::shell::release_picker::release_picker;
use crate::state::{Action, State, View};
use credentials::CredentialsView;
use documents::Documents;
use image::ImageView;
use podwhy_source::Diagnostic;
use problems::Problems;
use start::start;
use verdict_strip::VerdictStrip;

pub fn result_pane(
    state: &UseReducerHandle<State>,
    evaluation: &Shared<Evaluation>,
    problems: &Shared<[Diagnostic]>,
) -> Html {
    let dispatch = state.dispatcher();
    html! {
        <>
            <div class="cluster-bar">
                { release_picker(state.cluster.release, &dispatch) }
                // The second program draws here.
                <div id="release-slider"></div>
                { cluster_panel(state, &dispatch) }
            </div>
            if state.texts.are_blank() {
                { start(&dispatch) }
            } else {
                // And here.
                <div id="outlooks"></div>
                <VerdictStrip verdicts={&evaluation.verdicts} {dispatch} />
                { views(state, evaluation, problems) }
            }
        </>
    }
}

fn views(state: &UseReducerHandle<State>, evaluation: &Shared<Evaluation>, problems: &Shared<[Diagnostic]>) -> Html {
    let selected = View::ALL.into_iter().position(|view| view == state.view).unwrap_or(0);
    let dispatch = state.dispatcher();
    let onselect = Callback::from(move |index: usize| {
        if let Some(view) = View::ALL.get(index) {
            dispatch.dispatch(Action::ViewChosen(*view));
        }
    });
    let tab = |view: View| TabItem {
        name: view.names().0.into(),
        note: None,
        count: (view == View::Problems).then_some(problems.len()),
    };
    html! {
        <>
            <Tabs id="view" label="Views" items={View::ALL.map(tab).to_vec()} {selected} {onselect} />
            <div class="views">
                <Documents report={&evaluation.report} />
                <Panels {selected} {evaluation} />
            </div>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct PanelsProps {
    selected: usize,
    evaluation: Shared<Evaluation>,
}

/// All views, of which one is shown. The others keep what they showed last, so that a keystroke draws one view only.
#[component]
fn Panels(props: &PanelsProps) -> Html {
    let last = use_mut_ref(|| View::ALL.map(|_| Shared::<Evaluation>::default()));
    let mut last = last.borrow_mut();
    if let Some(shown) = last.get_mut(props.selected) {
        *shown = props.evaluation.clone();
    }
    let panels = View::ALL.into_iter().zip(&*last).enumerate().map(|(index, (view, evaluation))| {
        let content = match view {
            View::Image => html! { <ImageView {evaluation} /> },
            View::Credentials => html! { <CredentialsView {evaluation} /> },
            // The second program draws here too, and then its list is the one to see.
            View::Problems => html! {
                <><div id="view-problems"></div><div class="first-problems"><Problems problems={&evaluation.problems} /></div></>
            },
            // The second program draws here.
            _ => html! { <div id={format!("view-{}", view.names().1)}></div> },
        };
        tab_panel("view", index, index == props.selected, !view.is_of_workbench(), content)
    });
    html! { { for panels } }
}
