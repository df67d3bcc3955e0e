//! One pod: the answer, the evidence, the sources, the notes, in this order.

use super::board::{At, Board};
use super::comparison::Comparison;
use super::matrix::Matrix;
use super::notes::Notes;
use super::order::TryOrder;
use super::sources::Sources;
use super::summary;
use crate::evaluation::{ShownPod, credentials_anchor};
use crate::parts::mark::{Mark, Sign};
use crate::parts::step_list::words;
use crate::places::Places;
use podwhy_core::report::Report;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct PodCredentialsProps {
    pub shown: ShownPod,
    /// Its position among the pods; `None` where a tab bears the pod's name and its anchor.
    #[prop_or_default]
    pub index: Option<usize>,
    pub report: Rc<Report>,
}

/// A pod whose document cannot be read at the moment is dimmed, and its places are those of the text that was read.
#[component]
pub fn PodCredentials(props: &PodCredentialsProps) -> Html {
    let places = use_context::<Places>();
    let shown = &props.shown;
    let stale = shown.stale.is_some();
    let content = html! { <Content shown={shown.clone()} index={props.index} report={&props.report} /> };
    // The same elements in both cases: what was chosen stays chosen while the text is edited.
    let content = match places {
        Some(places) => {
            let context = shown.stale.clone().map_or(places.clone(), |texts| places.in_texts(texts));
            html! { <ContextProvider<Places> {context}>{ content }</ContextProvider<Places>> }
        }
        None => content,
    };
    html! {
        <>
            if stale {
                <p class="cred-stale" key="stale">
                    <Mark sign={Sign::Warning} />
                    <span>{ "This document cannot be read at the moment. Below is its last answer." }</span>
                </p>
            }
            <div key="pod" class={classes!("cred-pod", stale.then_some("stale"))} inert={stale}>{ content }</div>
        </>
    }
}

#[component]
fn Content(props: &PodCredentialsProps) -> Html {
    let pod = &props.shown.pod;
    let board = use_memo(pod.clone(), Board::new);
    let chosen = use_state_eq(|| None::<At>);
    let onchoose = {
        let chosen = chosen.setter();
        use_callback((), move |at: At, ()| chosen.set(Some(at)))
    };
    let at = chosen.filter(|at| board.cell(*at).is_some()).or_else(|| board.first_cell());
    let verdict = summary::of(&board);
    html! {
        <>
            <div class="cred-verdict" id={props.index.map(credentials_anchor)} tabindex="-1">
                <Mark sign={verdict.sign} />
                <div>
                    <h2>{ &pod.title }</h2>
                    { for verdict.sentences.iter().map(|sentence| html! { <p key={sentence.clone()}>{ words(sentence) }</p> }) }
                </div>
            </div>
            if !pod.keys.is_empty() && !board.columns.is_empty() {
                <section class="cred-section">
                    <h3>{ "Which key serves which image" }</h3>
                    <Matrix board={board.clone()} chosen={at} {onchoose} />
                    if board.left_out > 0 {
                        <p class="faint">{ "And " }{ board.left_out }{ " more keys; the order of attempts below counts them too." }</p>
                    }
                    if let Some(at) = at {
                        <Comparison board={board.clone()} {at} />
                    }
                </section>
            }
            if !board.columns.is_empty() {
                <section class="cred-section">
                    <h3>{ "What is tried, in this order" }</h3>
                    <TryOrder board={board.clone()} />
                </section>
            }
            <section class="cred-section">
                <h3>{ "Where the credentials come from" }</h3>
                <Sources pod={pod.clone()} report={&props.report} />
            </section>
            <Notes pod={pod.clone()} report={&props.report} />
        </>
    }
}
