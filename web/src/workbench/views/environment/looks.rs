//! What keeps containers from starting or deserves a look, before everything else.

use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{says_who, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::environment::volumes::VolumeProblem;
use podwhy_core::evaluate::whole::environment::{ContainerEnvironment, PodEnvironment};
use podwhy_core::trace::Step;

/// What concerns all containers: a volume that cannot be set up, a name that cannot be made.
pub fn of_pod(places: &Places, pod: &PodEnvironment) -> Html {
    let volumes = pod.volumes.iter().filter_map(|volume| Some((&volume.name, volume.problem.as_ref()?)));
    let name = pod.hostname.error.as_ref().map(|error| {
        let step = pod.hostname.trace.first();
        entry(places, Sign::Error, html! { "The pod's name" }, Some(error), step)
    });
    let mut entries: Vec<(Sign, Html)> = name.into_iter().collect();
    entries.extend(volumes.map(|(name, problem)| volume(places, name, problem)));
    list("Before any container starts", entries)
}

fn volume(places: &Places, name: &str, problem: &VolumeProblem) -> (Sign, Html) {
    let sign = if problem.not_given { Sign::Warning } else { Sign::Error };
    let what = html! { <>{ "Volume " }<code>{ name.to_owned() }</code>{ ": event FailedMount" }</> };
    entry(places, sign, what, Some(&problem.message), Some(&problem.step))
}

/// What concerns one container.
pub fn of_container(places: &Places, container: &ContainerEnvironment) -> Html {
    let environment = &container.environment;
    let mut entries = Vec::new();
    for error in &environment.errors {
        let sign = if error.not_given { Sign::Warning } else { Sign::Error };
        let what = if error.variable.is_empty() {
            html! { "CreateContainerConfigError" }
        } else {
            html! { <><code>{ &error.variable }</code>{ ": CreateContainerConfigError" }</> }
        };
        entries.push(entry(places, sign, what, Some(&error.message), Some(&error.step)));
    }
    for event in &environment.events {
        let what = html! { <>{ "Event " }<code>{ &event.reason }</code></> };
        entries.push(entry(places, Sign::Warning, what, Some(&event.message), None));
    }
    for left in &environment.left_out {
        let what = if left.variable.is_empty() {
            html! { "A source is left out" }
        } else {
            html! { <><code>{ &left.variable }</code>{ " is not set" }</> }
        };
        entries.push(entry(places, Sign::Info, what, None, Some(&left.step)));
    }
    for name in &environment.unresolved {
        let what = html! { <><code>{ format!("$({})", name.value) }</code>{ " in the command stays as it is: nothing defines it" }
        { " " }{ line_button(places, name.span) }</> };
        entries.push(entry(places, Sign::Warning, what, None, None));
    }
    for variable in environment.variables.iter().filter(|variable| !variable.unresolved.is_empty()) {
        let what = html! { <code>{ &variable.name }</code> };
        entries.push(entry(places, Sign::Warning, what, None, variable.trace.first()));
    }
    for mount in container.files.mounts.iter().filter(|mount| mount.hidden) {
        let what = html! { <>{ "Nothing of the mount at " }<code>{ &mount.path }</code>{ " is seen" }</> };
        entries.push(entry(places, Sign::Warning, what, None, mount.trace.last()));
    }
    list("To look at", entries)
}

fn list(title: &'static str, mut entries: Vec<(Sign, Html)>) -> Html {
    if entries.is_empty() {
        return Html::default();
    }
    entries.sort_by_key(|(sign, _)| *sign);
    html! {
        <section class="env-section">
            <h3>{ title }</h3>
            <ul class="env-looks">{ for entries.into_iter().map(|(_, entry)| html! { <li>{ entry }</li> }) }</ul>
        </section>
    }
}

/// One line: what, Kubernetes' own text, the finding with its places, the rule on demand.
fn entry(places: &Places, sign: Sign, what: Html, text: Option<&String>, step: Option<&Step>) -> (Sign, Html) {
    let content = html! {
        <>
            { mark(sign) }
            <div>
                <p class="env-look">{ what }</p>
                if let Some(text) = text {
                    <p><code class="quoted">{ text }</code></p>
                }
                if let Some(step) = step {
                    <p class="finding">
                        { words(&step.finding) }
                        { for step.at.iter().chain(&step.because).map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
                    </p>
                    { says_who(step.rule, places.release()) }
                }
            </div>
        </>
    };
    (sign, content)
}
