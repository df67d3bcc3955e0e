//! The view in a browser.

use super::ImageView;
use super::policy::{PolicyOrigin, deciding};
use crate::evaluation::{Evaluation, ShownPod};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::texts::Texts;
use podwhy_core::evaluate::evaluate;
use podwhy_core::release::{AdmissionPlugin, Cluster, Release};
use podwhy_core::session::{InputKind, Session};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n";

fn pod(fields: &str) -> String {
    format!("{POD}    {fields}\n")
}

fn evaluation(manifests: &str, stored: &str, cluster: Cluster) -> Evaluation {
    let texts = Texts::default().replaced_by(&|kind| match kind {
        InputKind::Manifests => manifests,
        InputKind::Stored => stored,
        _ => "",
    });
    let report = evaluate(&Session { cluster, inputs: texts.to_inputs(), ..Session::default() });
    let shown =
        |pod: &podwhy_core::report::PodReport| ShownPod { pod: Shared::new(pod.clone()), number: 1, stale: None };
    Evaluation {
        texts,
        pods: report.pods.iter().map(shown).collect(),
        problems: Vec::new().into(),
        verdicts: Rc::default(),
        report: Shared::new(report),
    }
}

#[derive(PartialEq, Properties)]
struct HostProps {
    evaluation: Shared<Evaluation>,
}

/// What stands around the view in the page.
#[component]
fn Host(props: &HostProps) -> Html {
    let places = Places::new(props.evaluation.texts.clone(), Release::DEFAULT, Callback::noop());
    html! {
        <ContextProvider<Places> context={places}><ImageView evaluation={&props.evaluation} /></ContextProvider<Places>>
    }
}

async fn shown(evaluation: Evaluation) -> Element {
    let root = gloo::utils::document().create_element("div").expect("an element");
    gloo::utils::body().append_child(&root).expect("it stands in the page");
    let props = HostProps { evaluation: Shared::new(evaluation) };
    yew::Renderer::<Host>::with_root_and_props(root.clone(), props).render();
    yew::scheduler::flush().await;
    root
}

fn texts(root: &Element, selector: &str) -> Vec<String> {
    let found = root.query_selector_all(selector).expect("a valid selector");
    (0..found.length()).filter_map(|index| found.item(index)?.text_content()).collect()
}

fn click(root: &Element, selector: &str) {
    let button = root.query_selector(selector).expect("a valid selector").expect("an element to click");
    let event = web_sys::MouseEvent::new("click").expect("an event");
    event.init_mouse_event_with_can_bubble_arg_and_cancelable_arg("click", true, true);
    button.dispatch_event(&event).expect("a click");
}

#[wasm_bindgen_test]
async fn what_is_implied_is_drawn_and_called_so() {
    let root = shown(evaluation(&pod("image: nginx"), "", Cluster::default())).await;
    assert_eq!(texts(&root, ".part.implied code"), ["docker.io", "library", "latest"]);
    assert_eq!(texts(&root, ".part:not(.implied) code"), ["nginx"]);
    assert_eq!(texts(&root, ".part.implied .part-label"), ["registry, implied", "path, implied", "tag, implied"]);
    assert_eq!(texts(&root, ".meaning code"), ["nginx:latest", "docker.io/library/nginx"]);
}

#[wasm_bindgen_test]
async fn a_part_tells_its_rule_and_takes_it_back() {
    let root = shown(evaluation(&pod("image: acme/web:1"), "", Cluster::default())).await;
    let told = || texts(&root, ".part-rule:not([hidden]) .finding");
    assert!(told().is_empty());
    click(&root, ".part.registry");
    yew::scheduler::flush().await;
    assert!(told()[0].contains("`acme`") || told()[0].contains("acme has no dot"), "{:?}", told());
    click(&root, ".part.registry");
    yew::scheduler::flush().await;
    assert!(told().is_empty());
}

#[wasm_bindgen_test]
async fn the_offending_part_of_a_wrong_name_is_marked() {
    let root = shown(evaluation(&pod("image: 'shop:1.0 '"), "", Cluster::default())).await;
    assert_eq!(texts(&root, ".part.wrong code"), ["1.0␣"]);
    let root = shown(evaluation(&pod("image: 'shop:'"), "", Cluster::default())).await;
    assert_eq!(texts(&root, ".part.wrong .nothing"), ["empty"]);
}

#[wasm_bindgen_test]
async fn the_last_good_answer_is_kept_apart() {
    let mut evaluation = evaluation(&pod("image: nginx:1"), "", Cluster::default());
    let stale = ShownPod { stale: Some(evaluation.texts.clone()), ..evaluation.pods[0].clone() };
    evaluation.pods = vec![stale].into();
    evaluation.texts = Texts::default().replaced_by(&|kind| if kind == InputKind::Manifests { "kind: [" } else { "" });
    let root = shown(evaluation).await;
    assert_eq!(texts(&root, ".pod.stale .stale-note").len(), 1);
    assert_eq!(texts(&root, "[inert] .part.tag code"), ["1"]);
    assert!(texts(&root, "[inert] .line-button").contains(&"line 7".to_owned()), "lines of the text before");
}

#[wasm_bindgen_test]
async fn a_refusal_stands_in_the_api_servers_words() {
    let root = shown(evaluation(&pod("imagePullPolicy: always\n    image: nginx"), "", Cluster::default())).await;
    let refusal = texts(&root, ".refusal .quoted");
    assert!(refusal[0].starts_with("spec.containers[0].imagePullPolicy: Unsupported value: \"always\""), "{refusal:?}");
    assert_eq!(texts(&root, ".policy-value.refused"), ["always"]);
}

#[wasm_bindgen_test]
async fn only_the_first_cards_are_unfolded() {
    let many: Vec<String> = (0..40).map(|_| pod("image: nginx")).collect();
    let root = shown(evaluation(&many.join("---\n"), "", Cluster::default())).await;
    assert_eq!(texts(&root, ".card").len(), 40);
    assert_eq!(texts(&root, ".card-body").len(), super::OPEN_AT_FIRST);
}

#[wasm_bindgen_test]
fn the_last_to_change_the_policy_is_its_origin() {
    let origin = |manifests: &str, stored: &str, cluster: &Cluster| {
        let evaluation = evaluation(manifests, stored, cluster.clone());
        deciding(&evaluation.pods[0].pod.containers[0].policy.trace).map(|(origin, _)| origin)
    };
    let (plain, mut forcing) = (Cluster::default(), Cluster::default());
    forcing.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
    let (bare, written) = (pod("image: a:1"), pod("image: a:1\n    imagePullPolicy: Never"));
    assert_eq!(origin(&bare, "", &plain), Some(PolicyOrigin::FilledIn));
    assert_eq!(origin(&written, "", &plain), Some(PolicyOrigin::Written));
    assert_eq!(origin(&bare, &written, &plain), Some(PolicyOrigin::Kept));
    assert_eq!(origin(&written, "", &forcing), Some(PolicyOrigin::Forced));
    let always = pod("image: a:1\n    imagePullPolicy: Always");
    assert_eq!(origin(&always, "", &forcing), Some(PolicyOrigin::Written));
}
