//! One container or image volume: its verdict, and folded under it the evidence, the changes, the notes.

use super::changes::changes;
use super::name::image_name;
use super::policy::policy_row;
use crate::parts::disclosure::disclosure;
use crate::parts::doc_note::doc_note;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_core::release::Release;
use podwhy_core::report::{ContainerReport, PodReport, Tone};
use podwhy_core::rule;
use web_sys::HtmlDetailsElement;

#[derive(PartialEq, Properties)]
pub struct ContainerCardProps {
    /// The element's id, which the strip above the views leads to.
    pub id: AttrValue,
    pub pod: Shared<PodReport>,
    /// The container's place in the pod.
    pub at: usize,
    /// Whether it stands open at first.
    pub open: bool,
}

/// The card. What is folded is not drawn, so that forty pods cost little; who is led here finds it open.
#[component]
pub fn ContainerCard(props: &ContainerCardProps) -> Html {
    let places = use_context::<Places>();
    let open = use_state_eq(|| props.open);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| open.set(event.target_unchecked_into::<HtmlDetailsElement>().open()))
    };
    let onfocusin = {
        let open = open.clone();
        Callback::from(move |event: FocusEvent| {
            if event.target() == event.current_target() {
                open.set(true);
            }
        })
    };
    let (Some(container), Some(places)) = (props.pod.containers.get(props.at), places) else { return Html::default() };
    html! {
        <article class="card" id={&props.id} tabindex="-1" {onfocusin} aria-label={named(container)}>
            <details open={*open} {ontoggle}>
                <summary>{ head(container) }</summary>
                if *open {
                    { body(&places, container, &props.id) }
                }
            </details>
        </article>
    }
}

/// What to call it where only words are heard.
fn named(container: &ContainerReport) -> String {
    format!("{} {}", container.user.words(), container.name)
}

fn head(container: &ContainerReport) -> Html {
    let sign = match container.verdict.tone {
        Tone::Fine => Sign::Yes,
        Tone::Look => Sign::Warning,
        Tone::Fails => Sign::No,
    };
    html! {
        <>
            <span class="card-title">
                if !container.name.is_empty() {
                    <h3>{ &container.name }</h3>
                }
                <span class="faint">{ container.user.words() }</span>
                <svg class="chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                    <path d="m6 4 4 4-4 4" />
                </svg>
            </span>
            <span class="card-verdict">{ mark(sign) }<span>{ words(&container.verdict.text) }</span></span>
        </>
    }
}

fn body(places: &Places, container: &ContainerReport, id: &str) -> Html {
    html! {
        <div class="card-body">
            { image_name(places, container, &format!("{id}-part")) }
            { policy_row(places, &container.policy) }
            { changes(&container.changes, places.release()) }
            { notes(&container.notes, places.release()) }
        </div>
    }
}

/// What the documentation says otherwise: one claim at once, several folded.
fn notes(notes: &[&'static rule::DocNote], release: Release) -> Html {
    let shown = html! { <>{ for notes.iter().map(|note| doc_note(note, release)) }</> };
    let content = match notes.len() {
        0 => return Html::default(),
        1 => shown,
        count => {
            let summary = html! { <span>{ count }{ " claims of the documentation do not hold here" }</span> };
            disclosure("", Callback::noop(), summary, shown)
        }
    };
    html! { <div class="row"><h4>{ "Documentation" }</h4><div>{ content }</div></div> }
}
