//! Command and arguments, the host name, services, and what is taken for granted.

use super::sources::{value, with_later};
use crate::parts::disclosure::disclosure;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, step_list, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::environment::EnvValue;
use podwhy_core::evaluate::whole::environment::{ContainerEnvironment, PodEnvironment, PodName};
use podwhy_core::trace::{Mark, Step};

/// So many services are told one by one.
const SERVICES: usize = 60;

/// What is run, with its references replaced.
pub fn command(container: &ContainerEnvironment) -> Html {
    let environment = &container.environment;
    let texts = |name: &'static str, otherwise: &'static str, list: &[EnvValue]| {
        html! {
            <div class="env-pair">
                <dt>{ name }</dt>
                <dd>
                    if list.is_empty() {
                        <span class="faint">{ otherwise }</span>
                    } else {
                        <ol class="env-words">
                            { for list.iter().enumerate().map(|(index, text)| html! {
                                <li key={index}>{ value(&format!("{name} {}", index + 1), text) }</li>
                            }) }
                        </ol>
                    }
                </dd>
            </div>
        }
    };
    let args =
        if environment.command.is_empty() { "as the image says" } else { "none: a command leaves the image's aside" };
    html! {
        <section class="env-section" aria-labelledby="env-command">
            <h3 id="env-command">{ "What it runs" }</h3>
            <dl class="env-pairs">
                { texts("command", "as the image says (ENTRYPOINT)", &environment.command) }
                { texts("args", args, &environment.args) }
            </dl>
        </section>
    }
}

/// What `hostname` prints.
pub fn host_name(name: &PodName) -> Html {
    html! {
        <section class="env-section" aria-labelledby="env-host">
            <h3 id="env-host">{ "Host name" }</h3>
            <dl class="env-pairs">
                <div class="env-pair">
                    <dt>{ "hostname" }</dt>
                    <dd>
                        if let Some(name) = &name.name {
                            { with_later(name) }
                        } else {
                            <span class="faint">{ "none: the pod cannot be named" }</span>
                        }
                    </dd>
                </div>
                if !name.domain.is_empty() {
                    <div class="env-pair"><dt>{ "domain" }</dt><dd><code>{ &name.domain }</code></dd></div>
                }
            </dl>
            <Reasons steps={std::rc::Rc::from(name.trace.as_slice())} />
        </section>
    }
}

/// Which of the given services give variables.
pub fn services(places: &Places, pod: &PodEnvironment) -> Html {
    if pod.services.is_empty() {
        return Html::default();
    }
    let silent: Vec<Step> =
        pod.services.iter().map(|service| &service.step).filter(|step| step.mark != Mark::Yes).cloned().collect();
    let seen = pod.services.len() - silent.len();
    let sentence = match (seen, silent.len()) {
        (seen, 0) => format!("All {seen} given services give variables."),
        (0, silent) => format!("None of the {silent} given services gives variables."),
        (seen, silent) => format!("{seen} of the given services give variables, {silent} do not."),
    };
    let shown = silent.get(..SERVICES).unwrap_or(&silent);
    let more = silent.len() - shown.len();
    html! {
        <section class="env-section" aria-labelledby="env-services">
            <h3 id="env-services">{ "Services" }</h3>
            <p>{ sentence }</p>
            if !silent.is_empty() {
                { disclosure("reasons", Callback::noop(), html! { <span>{ "Those that give none" }</span> }, html! {
                    <>
                        { step_list(places, shown) }
                        if more > 0 {
                            <p class="faint">{ format!("and {more} more") }</p>
                        }
                    </>
                }) }
            }
        </section>
    }
}

/// What nobody said.
pub fn taken_for_granted(pod: &PodEnvironment) -> Html {
    if pod.assumptions.is_empty() {
        return Html::default();
    }
    html! {
        <section class="env-section" aria-labelledby="env-granted">
            <h3 id="env-granted">{ "Taken for granted" }</h3>
            <ul class="env-granted">
                { for pod.assumptions.iter().map(|assumption| html! { <li>{ mark(Sign::Note) }<span>{ words(&assumption.text) }</span></li> }) }
            </ul>
        </section>
    }
}
