//! The pane with the answers.

mod credentials;
mod documents;
mod image;
mod problems;
mod start;
mod verdict_strip;

use crate::evaluation::Evaluation;
use crate::parts::tabs::{TabItem, TabPanel, Tabs};
use crate::shell::cluster_panel::ClusterPanel;
use crate::shell::release_picker::ReleasePicker;
use crate::state::{Action, State, View};
use credentials::CredentialsView;
use documents::Documents;
use image::ImageView;
use problems::Problems;
use start::Start;
use std::rc::Rc;
use verdict_strip::VerdictStrip;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct ResultPaneProps {
    pub state: UseReducerHandle<State>,
    pub evaluation: Rc<Evaluation>,
}

#[component]
pub fn ResultPane(props: &ResultPaneProps) -> Html {
    let (state, evaluation) = (&props.state, &props.evaluation);
    let dispatch = state.dispatcher();
    html! {
        <>
            <div class="cluster-bar">
                <ReleasePicker release={state.cluster.release} dispatch={dispatch.clone()} />
                <ClusterPanel cluster={state.cluster.clone()} kubelet={state.kubelet.clone()} dispatch={dispatch.clone()} />
            </div>
            if state.texts.are_blank() {
                <Start {dispatch} />
            } else {
                <VerdictStrip verdicts={&evaluation.verdicts} {dispatch} />
                <Views view={state.view} dispatch={state.dispatcher()} {evaluation} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct ViewsProps {
    view: View,
    dispatch: UseReducerDispatcher<State>,
    evaluation: Rc<Evaluation>,
}

#[component]
fn Views(props: &ViewsProps) -> Html {
    let selected = View::ALL.into_iter().position(|view| view == props.view).unwrap_or(0);
    let onselect = use_callback(props.dispatch.clone(), |index: usize, dispatch| {
        if let Some(view) = View::ALL.get(index) {
            dispatch.dispatch(Action::ViewChosen(*view));
        }
    });
    let evaluation = &props.evaluation;
    let tab = |view| TabItem {
        name: name(view).into(),
        note: None,
        count: (view == View::Problems).then_some(evaluation.problems.len()),
    };
    let panel = |index: usize, content: Html| {
        html! {
            <TabPanel tabs="view" {index} shown={index == selected}>{ content }</TabPanel>
        }
    };
    html! {
        <>
            <Tabs id="view" label="Views" items={View::ALL.map(tab).to_vec()} {selected} {onselect} />
            <div class="views">
                <Documents report={&evaluation.report} />
                { panel(0, html! { <ImageView {evaluation} /> }) }
                { panel(1, html! { <CredentialsView {evaluation} /> }) }
                { panel(2, html! { <Problems problems={&evaluation.problems} /> }) }
            </div>
        </>
    }
}

fn name(view: View) -> &'static str {
    match view {
        View::Image => "Image & pull policy",
        View::Credentials => "Credentials",
        View::Problems => "Problems",
    }
}
