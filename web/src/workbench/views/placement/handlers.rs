//! The nodes' runtimes: which handlers they have, what they say to the pod's, and the lines that would give it to them.

use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use crate::workbench::parts::printed::Printed;
use podwhy_core::evaluate::whole::placement::{HandlerAnswer, Placement, Snippet};
use podwhy_core::runtime::files::NodeRuntime;
use podwhy_core::runtime::handlers::{Choice, HandlerFeatures, Handlers};
use podwhy_core::trace::Step;
use std::rc::Rc;

pub fn section(places: &Places, placement: &Placement, runtimes: &[NodeRuntime]) -> Html {
    if placement.handlers.is_empty() && placement.snippets.is_empty() {
        return Html::default();
    }
    let handler = placement.class.as_ref().and_then(|class| class.handler.clone()).unwrap_or_default();
    let title = html! { <span>{ words(&format!("Lines that give a runtime the handler `{handler}`")) }</span> };
    html! {
        <section class="place-section" aria-label="Handlers">
            <h3>{ "Handlers on the node" }</h3>
            if runtimes.is_empty() {
                <p>{ "No runtime's configuration is given: paste containerd's config.toml or CRI-O's crio.conf into the text Runtime, and the handlers are held against it. A comment line " }<code>{ "# file: PATH" }</code>{ " begins a further file, " }<code>{ "# node: NAME" }</code>{ " the files of one node." }</p>
            }
            { for placement.handlers.iter().enumerate().map(|(index, answer)| one(places, answer, runtimes.get(index))) }
            if !placement.snippets.is_empty() {
                { disclosure("snippets-fold", Callback::noop(), title, snippets(&placement.snippets)) }
            }
        </section>
    }
}

pub fn one(places: &Places, answer: &HandlerAnswer, runtime: Option<&NodeRuntime>) -> Html {
    let runs = matches!(answer.decision.outcome, Choice::Runs(_));
    let whose = match (&answer.node, answer.files.is_empty()) {
        (Some(node), _) => format!("on node `{node}`"),
        (None, true) => "on nodes that still have it".to_owned(),
        (None, false) => "on every node without a configuration of its own".to_owned(),
    };
    let first = answer.decision.trace.first().map(|step| step.finding.clone()).unwrap_or_default();
    html! {
        <div class="handler">
            { mark(if runs { Sign::Yes } else { Sign::No }) }
            <div>
                <p><strong>{ answer.runtime.words() }</strong>{ " " }{ words(&whose) }</p>
                <p>{ words(&first) }</p>
                if let Some(runtime) = runtime {
                    { defined(places, &runtime.handlers) }
                    <p class="faint">
                        { "Read in this order: " }
                        { for runtime.files.iter().map(|(name, span)| html! { <><code>{ name }</code>{ line_button(places, *span) }{ " " }</> }) }
                    </p>
                }
                if let Choice::Unknown { reason, message } = &answer.decision.outcome {
                    <p><code class="quoted">{ format!("{reason}: {message}") }</code></p>
                }
                <Reasons steps={Rc::<[Step]>::from(answer.decision.trace.as_slice())} />
            </div>
        </div>
    }
}

/// Every handler that the runtime has.
fn defined(places: &Places, handlers: &Handlers) -> Html {
    html! {
        <ul class="handler-names" aria-label="Handlers that it has">
            { for handlers.handlers.iter().map(|handler| html! {
                <li>
                    if !handler.name.value.is_empty() {
                        <code>{ &handler.name.value }</code>
                    }
                    if handler.name.value == handlers.default.value {
                        <span class="faint">{ " default" }</span>
                    }
                    if let Some(features) = handler.features {
                        <span class="faint">{ supports(features) }</span>
                    }
                    { handler.name.origin.span().map_or(html! { <span class="faint">{ " built in" }</span> }, |span| line_button(places, span)) }
                </li>
            }) }
        </ul>
    }
}

fn supports(features: HandlerFeatures) -> &'static str {
    match (features.user_namespaces, features.recursive_read_only_mounts) {
        (true, true) => " user namespaces, recursive read-only mounts",
        (true, false) => " user namespaces",
        (false, true) => " recursive read-only mounts",
        (false, false) => "",
    }
}

pub fn snippets(snippets: &[Snippet]) -> Html {
    html! {
        <div class="snippets">
            { for snippets.iter().map(|snippet| html! {
                <Printed title={format!("Lines for {}", snippet.runtime)} text={snippet.text.clone()}><code class="faint">{ &snippet.file }</code></Printed>
            }) }
        </div>
    }
}
