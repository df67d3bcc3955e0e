//! The pane with the texts.

mod backdrop;
mod gutter;
mod large_text;
mod marks;
mod status;
mod text_area;
pub mod utf16;
mod viewport;

use crate::evaluation::Evaluation;
use crate::parts::tabs::{TabItem, Tabs, tab_panel};
use crate::prelude::*;
use crate::shared::Shared;
use crate::state::{Action, Reveal, State};
use crate::texts::tab_name;
use large_text::LargeText;
use marks::Marks;
use podwhy_core::session::InputKind;
use status::status;
use text_area::TextArea;

pub fn input_pane(state: &UseReducerHandle<State>, evaluation: &Shared<Evaluation>, kept: bool) -> Html {
    let selected = InputKind::ALL.into_iter().position(|kind| kind == state.input).unwrap_or(0);
    let onselect = {
        let dispatch = state.dispatcher();
        Callback::from(move |index: usize| {
            if let Some(kind) = InputKind::ALL.get(index) {
                dispatch.dispatch(Action::InputChosen(*kind));
            }
        })
    };
    let items = InputKind::ALL.map(|kind| tab_item(kind, state)).to_vec();
    html! {
        <>
            <Tabs id="input" label="Texts" {items} {selected} {onselect} />
            { for InputKind::ALL.into_iter().enumerate().map(|(index, kind)| {
                let text = html! { <InputText {kind} state={state.clone()} {evaluation} /> };
                tab_panel("input", index, index == selected, false, text)
            }) }
            { status(state.texts.get(state.input), state.input, kept) }
        </>
    }
}

/// A tab with a dot if there is text behind it and another tab is open.
fn tab_item(kind: InputKind, state: &State) -> TabItem {
    let filled = kind != InputKind::Manifests && !state.texts.get(kind).is_blank();
    TabItem { name: tab_name(kind).into(), note: filled.then(|| "has text".into()), count: None }
}

#[derive(PartialEq, Properties)]
struct InputTextProps {
    kind: InputKind,
    state: UseReducerHandle<State>,
    evaluation: Shared<Evaluation>,
}

#[component]
fn InputText(props: &InputTextProps) -> Html {
    let kind = props.kind;
    let text = props.state.texts.get(kind).clone();
    let marks = use_memo(
        (text.clone(), props.evaluation.clone(), props.state.evidence.clone()),
        |(text, evaluation, evidence)| Marks::of(kind, text.lines(), evaluation, evidence),
    );
    let written_marks = use_memo((props.evaluation.clone(), props.state.evidence.clone()), |(evaluation, evidence)| {
        marks::written(kind, evaluation, evidence)
    });
    let ontyped =
        use_callback(props.state.dispatcher(), move |text, dispatch| dispatch.dispatch(Action::Typed(kind, text)));
    let reveal = props.state.reveal.filter(|reveal: &Reveal| reveal.kind == kind);
    let onemptied =
        use_callback(props.state.dispatcher(), move |(), dispatch| dispatch.dispatch(Action::Emptied(kind)));
    // The code editor takes texts of any size.
    if text.is_large() && !gloo::utils::document_element().has_attribute("data-editor") {
        return html! { <LargeText label={label(kind)} {text} {marks} {reveal} {onemptied} /> };
    }
    html! {
        <TextArea id={format!("text-{}", kind.word())} label={label(kind)} placeholder={placeholder(kind)}
            {text} {marks} written_marks={&*written_marks} {reveal} {ontyped} />
    }
}

fn label(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Manifests => "Manifests: pods, Secrets, ServiceAccounts as YAML or JSON",
        InputKind::NodeConfig => "The node's config.json",
        InputKind::Stored => "The object as it stands in the cluster",
        InputKind::Scenario => "What the manifests cannot say: images on nodes, registries, where pods run",
        InputKind::KubeletConfig => "The kubelet's KubeletConfiguration",
        InputKind::CredentialProviders => "The CredentialProviderConfig, and what each plug-in answers",
        InputKind::RuntimeConfig => {
            "The container runtime's configuration: containerd's config.toml or CRI-O's crio.conf"
        }
    }
}

fn placeholder(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Manifests => {
            "Paste pods, or what makes them, with the Secrets and ServiceAccounts they name: YAML or JSON, several documents with --- between them."
        }
        InputKind::Scenario => "Nothing must be written here; every assumption is told where it is used.",
        InputKind::KubeletConfig => "Paste the kubelet's configuration file, such as /var/lib/kubelet/config.yaml.",
        InputKind::CredentialProviders => {
            "Paste the file of --image-credential-provider-config, and behind --- the response of each plug-in."
        }
        InputKind::RuntimeConfig => "Paste the runtime's configuration, such as /etc/containerd/config.toml.",
        InputKind::NodeConfig => "Paste the registry credentials of the node, such as /var/lib/kubelet/config.json.",
        InputKind::Stored => {
            "For an update: paste the object as the cluster holds it (kubectl get … -o yaml). What it has and the manifest does not say stays."
        }
    }
}
