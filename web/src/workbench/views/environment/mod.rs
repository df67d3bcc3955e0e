//! What the containers of a pod find when they start.

mod file_system;
mod looks;
mod names;
mod sources;
mod variables;

use crate::parts::doc_note::doc_note;
use crate::parts::line_button::line_button;
use crate::parts::mark::mark;
use crate::parts::step_list::words;
use crate::parts::tabs::{TabItem, Tabs, tab_panel};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::parts::verdict::{sign, verdict_line};
use podwhy_core::api::Role;
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::environment::{ContainerEnvironment, PodEnvironment};
use podwhy_core::report::Tone;
use std::rc::Rc;

#[derive(PartialEq, Properties)]
pub struct EnvironmentProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report.
    pub pod: usize,
}

/// The whole view.
#[component]
pub fn Environment(props: &EnvironmentProps) -> Html {
    let found = use_memo((props.whole.clone(), props.pod), |(whole, pod)| {
        whole.environment(*pod).map(|found| Shared(Rc::new(found)))
    });
    let chosen = use_state_eq(|| None::<String>);
    let (Some(places), Some(pod)) = (use_context::<Places>(), (*found).clone()) else {
        return html! { <p class="empty">{ "This pod cannot be read: its problems say why." }</p> };
    };
    let by_name = chosen.as_ref().and_then(|name| pod.containers.iter().position(|one| one.name == *name));
    let at = by_name.unwrap_or_else(|| telling(&pod));
    let onselect = {
        let (chosen, pod) = (chosen.setter(), pod.clone());
        Callback::from(move |at: usize| chosen.set(pod.containers.get(at).map(|container| container.name.clone())))
    };
    let content = pod.containers.get(at).map(|container| of_container(&places, &pod, at, container));
    html! {
        <div class="env-view">
            { verdict_line(&pod.verdict) }
            { looks::of_pod(&places, &pod) }
            if pod.containers.len() > 1 {
                <Tabs id="env-container" label="Containers" items={tabs(&pod)} selected={at} {onselect} />
                { tab_panel("env-container", at, true, false, content.unwrap_or_default()) }
            } else {
                { content.unwrap_or_default() }
            }
            { names::host_name(&pod.hostname) }
            { names::services(&places, &pod) }
            { names::taken_for_granted(&pod) }
            { for pod.notes.iter().map(|note| doc_note(note, places.release())) }
        </div>
    }
}

/// The container that deserves a look most; of equal ones the first of the application.
fn telling(pod: &PodEnvironment) -> usize {
    let worst = pod.containers.iter().map(|container| container.verdict.tone).max().unwrap_or(Tone::Fine);
    let worst_of =
        |wanted: fn(Role) -> bool| pod.containers.iter().position(|one| one.verdict.tone == worst && wanted(one.role));
    let first = pod.containers.iter().position(|one| one.role == Role::Container);
    match worst {
        Tone::Fine => first.unwrap_or_default(),
        _ => worst_of(|role| role == Role::Container).or_else(|| worst_of(|_| true)).unwrap_or_default(),
    }
}

fn tabs(pod: &PodEnvironment) -> Vec<TabItem> {
    let item = |container: &ContainerEnvironment| TabItem {
        name: container.name.clone().into(),
        note: match container.verdict.tone {
            Tone::Fine => None,
            Tone::Look => Some("deserves a look".into()),
            Tone::Fails => Some("does not start".into()),
        },
        count: None,
    };
    pod.containers.iter().map(item).collect()
}

fn of_container(places: &Places, pod: &Shared<PodEnvironment>, at: usize, container: &ContainerEnvironment) -> Html {
    let own = container.verdict.text != pod.verdict.text;
    html! {
        // Another container starts with a filter of its own.
        <div class="env-container" key={container.name.clone()}>
            <div class="env-container-verdict">
                if own {
                    { mark(sign(container.verdict.tone)) }
                }
                <p>
                    if own {
                        { words(&container.verdict.text) }{ " " }
                    }
                    <span class="chip">{ container.role.words() }</span>{ " " }
                    { line_button(places, container.span) }
                </p>
            </div>
            { looks::of_container(places, container) }
            { names::command(container) }
            <variables::Variables pod={pod.clone()} {at} />
            <file_system::Files pod={pod.clone()} {at} />
        </div>
    }
}
