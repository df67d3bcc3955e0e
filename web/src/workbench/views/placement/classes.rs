//! The RuntimeClasses: whether they are there, which nodes have their runtime, and what those lack.

use super::command_line;
use super::handlers::{one, snippets};
use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::evaluate::whole::placement::{ClassNode, ClassReport, ClassState, Placements};
use podwhy_core::trace::{Mark, Step};
use std::rc::Rc;

pub fn section(places: &Places, all: &Placements) -> Html {
    if all.classes.is_empty() {
        return Html::default();
    }
    html! {
        <section class="place-section" aria-label="RuntimeClasses">
            <h3>{ "RuntimeClasses and their nodes" }</h3>
            { for all.classes.iter().map(|class| one_class(places, class, all)) }
        </section>
    }
}

fn one_class(places: &Places, class: &ClassReport, all: &Placements) -> Html {
    let chosen = class.nodes.iter().filter(|node| node.chosen).count();
    let (sign, state) = match class.state {
        ClassState::Exists if chosen == 0 => (Sign::Warning, "no node has its labels".to_owned()),
        ClassState::Exists if class.node_selector.is_empty() => {
            (Sign::Note, "asks for no labels: every node must have its handler".to_owned())
        }
        ClassState::Exists => (Sign::Yes, format!("{chosen} of {} nodes have its labels", class.nodes.len())),
        ClassState::Refused => (Sign::Error, "the API server refuses it".to_owned()),
        ClassState::Replaced => (Sign::Warning, "a later one of the same name replaces it".to_owned()),
    };
    let summary = html! {
        <span class="class-title">
            { mark(sign) }<code>{ &class.name }</code>
            <span class="faint">{ words(&format!("handler `{}`, {} pod{}; {state}", class.handler, class.pods.len(), if class.pods.len() == 1 { "" } else { "s" })) }</span>
        </span>
    };
    let body = html! {
        <>
            <p>{ words(&class.served.finding) }{ " " }{ line_button(places, class.span) }</p>
            { for class.errors.iter().map(|error| html! {
                <p class="class-error">{ mark(Sign::from(error.severity)) }<span><code>{ &error.path }</code>{ ": " }{ &error.message }{ " " }{ words(&error.help) }{ for error.span.map(|span| line_button(places, span)) }</span></p>
            }) }
            <ul class="class-nodes" aria-label={format!("Nodes of {}", class.name)}>
                { for class.nodes.iter().map(|node| one_node(places, node)) }
            </ul>
            { for class.handlers.iter().enumerate().map(|(index, answer)| one(places, answer, all.runtimes.get(index))) }
            if !class.snippets.is_empty() {
                <p class="faint">{ "Lines that give a runtime this handler" }</p>
                { snippets(&class.snippets) }
            }
        </>
    };
    disclosure("class", Callback::noop(), summary, body)
}

fn one_node(places: &Places, node: &ClassNode) -> Html {
    let told = node.steps.iter().filter(|step| step.mark != Mark::Yes);
    html! {
        <li>
            { mark(if node.chosen { Sign::Yes } else { Sign::No }) }
            <div>
                <p><code>{ &node.name }</code>{ for node.span.map(|span| line_button(places, span)) }</p>
                { for told.map(|step| html! {
                    <p>{ words(&step.finding) }{ for step.at.iter().chain(&step.because).map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }</p>
                }) }
                { for node.commands.iter().map(|command| command_line(command)) }
                <Reasons steps={Rc::<[Step]>::from(node.steps.as_slice())} />
            </div>
        </li>
    }
}
