//! One pod: the answer, the evidence, the sources, the notes, in this order.

use super::board::{At, Board};
use super::comparison::comparison;
use super::matrix::Matrix;
use super::notes::notes;
use super::order::try_order;
use super::sources::sources;
use super::summary;
use crate::evaluation::{ShownPod, credentials_anchor};
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_core::report::Report;

#[derive(PartialEq, Properties)]
pub struct PodCredentialsProps {
    pub shown: ShownPod,
    /// Its position among the pods; `None` where a tab bears the pod's name and its anchor.
    #[prop_or_default]
    pub index: Option<usize>,
    pub report: Shared<Report>,
}

/// A pod whose document cannot be read at the moment is dimmed, and its places are those of the text that was read.
#[component]
pub fn PodCredentials(props: &PodCredentialsProps) -> Html {
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let shown = &props.shown;
    let stale = shown.stale.is_some();
    let content = html! { <Content shown={shown.clone()} index={props.index} report={&props.report} /> };
    // The same elements in both cases: what was chosen stays chosen while the text is edited.
    let context = shown.stale.clone().map_or(places.clone(), |texts| places.with_texts(texts));
    let content = html! { <ContextProvider<Places> {context}>{ content }</ContextProvider<Places>> };
    html! {
        <>
            if stale {
                <p class="cred-stale" key="stale">
                    { mark(Sign::Warning) }
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
    let places = use_context::<Places>();
    let board = use_memo(pod.clone(), Board::new);
    let chosen = use_state_eq(|| None::<At>);
    let onchoose = {
        let chosen = chosen.setter();
        use_callback((), move |at: At, ()| chosen.set(Some(at)))
    };
    let Some(places) = places else { return Html::default() };
    let at = chosen.filter(|at| board.cell(*at).is_some()).or_else(|| board.first_cell());
    let verdict = summary::of(&board);
    html! {
        <>
            <div class="cred-verdict" id={props.index.map(credentials_anchor)} tabindex="-1">
                { mark(verdict.sign) }
                <div>
                    <h2>{ words(&pod.title) }</h2>
                    { for verdict.sentences.iter().map(|sentence| html! { <p key={sentence.clone()}>{ words(sentence) }</p> }) }
                </div>
            </div>
            if !pod.keys.is_empty() && !board.columns.is_empty() {
                <section class="cred-section">
                    <h3>{ "Which key serves which image" }</h3>
                    <Matrix board={Shared::from(board.clone())} chosen={at} {onchoose} />
                    if board.left_out > 0 {
                        <p class="faint">{ "And " }{ board.left_out }{ " more keys; the order of attempts below counts them too." }</p>
                    }
                    if let Some(at) = at {
                        { comparison(&places, &board, at) }
                    }
                </section>
            }
            if !board.columns.is_empty() {
                <section class="cred-section">
                    <h3>{ "What is tried, in this order" }</h3>
                    { try_order(&places, &board) }
                </section>
            }
            <section class="cred-section">
                <h3>{ "Where the credentials come from" }</h3>
                { sources(&places, pod, &props.report) }
            </section>
            { notes(&places, pod, &props.report) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::*;
    use crate::texts::Texts;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::{Element, HtmlElement};

    #[derive(PartialEq, Properties)]
    struct PageProps {
        report: Shared<Report>,
    }

    /// What stands around the view in the page.
    #[component]
    fn Page(props: &PageProps) -> Html {
        let places = Places::new(Texts::default(), props.report.release, Callback::noop());
        let shown = ShownPod { pod: Shared::new(props.report.pods[0].clone()), number: 1, stale: None };
        html! {
            <ContextProvider<Places> context={places}>
                <PodCredentials {shown} index={0} report={&props.report} />
            </ContextProvider<Places>>
        }
    }

    async fn rendered(report: Report) -> Element {
        let root = gloo::utils::document().create_element("div").expect("an element");
        let props = PageProps { report: Shared::new(report) };
        yew::Renderer::<Page>::with_root_and_props(root.clone(), props).render();
        yew::scheduler::flush().await;
        root
    }

    fn text(root: &Element, selector: &str) -> String {
        let element = root.query_selector(selector).expect("a valid selector").expect(selector);
        element.text_content().unwrap_or_default()
    }

    #[wasm_bindgen_test]
    async fn the_label_that_fails_is_named_without_a_click() {
        let keys = r#"{"auths": {"*registry.example.com": {"auth": "dTpw"}}}"#;
        let root = rendered(examples::report("containers: [{name: a, image: eu.registry.example.com/x}]", keys)).await;
        assert!(text(&root, ".cred-cell").contains("number of labels"));
        assert!(text(&root, ".cred-because").contains("never stands for a dot"));
        assert!(text(&root, ".cred-elements .failing").contains("label 1"));

        let keys = r#"{"auths": {"us.registry.example.com": {"auth": "dTpw"}}}"#;
        let root = rendered(examples::report("containers: [{name: a, image: eu.registry.example.com/x}]", keys)).await;
        assert!(text(&root, ".cred-because").contains("Host name, part 1: the image's eu is not the key's us."));
        assert!(text(&root, ".cred-elements td.failing").contains("us"));
    }

    #[wasm_bindgen_test]
    async fn a_password_is_not_in_the_page_until_it_is_asked_for() {
        let keys = r#"{"auths": {"r.io": {"username": "ann", "password": "opensesame"}}}"#;
        let root = rendered(examples::report("containers: [{name: a, image: r.io/x}]", keys)).await;
        assert!(root.inner_html().contains("ann") && !root.inner_html().contains("opensesame"));
        let show = root.query_selector(".masked button").expect("a valid selector").expect("a button");
        show.dyn_into::<HtmlElement>().expect("an element").click();
        yew::scheduler::flush().await;
        assert_eq!(text(&root, ".masked code"), "opensesame");
    }

    #[wasm_bindgen_test]
    async fn a_malformed_secret_blocks_every_pull() {
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: r.io/x}], imagePullSecrets: [{name: bad}, {name: good}]}}";
        let secret = |name: &str, auth: &str| {
            format!(
                "{{apiVersion: v1, kind: Secret, metadata: {{name: {name}}}, type: kubernetes.io/dockerconfigjson, stringData: {{.dockerconfigjson: '{{\"auths\":{{\"r.io\":{{\"auth\":\"{auth}\"}}}}}}'}}}}"
            )
        };
        let all = [pod.to_owned(), secret("bad", "%%%"), secret("good", "dTpw")].join("\n---\n");
        let root = rendered(examples::manifests(&all, "")).await;
        assert!(text(&root, ".cred-verdict").contains("No image of this pod can be pulled."));
        assert!(text(&root, ".cred-cell").contains("blocked"));
        assert!(text(&root, ".cred-order").contains("no pull at all"));
        assert!(root.query_selector(".cred-attempts").expect("a valid selector").is_none());
    }
}
