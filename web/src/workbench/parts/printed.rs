//! What a program prints, or a file: as it is, in its own scrolling region, to be copied.

use crate::parts::copy_button::{CopyButton, ready};
use crate::parts::disclosure::disclosure;
use crate::parts::links::{documentation_link, upstream_link};
use crate::parts::step_list::words;
use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::rule::{Rule, events};

#[derive(PartialEq, Properties)]
pub struct PrintedProps {
    /// The command that prints it, or the file's name.
    pub title: AttrValue,
    pub text: AttrValue,
    /// Whether there is a button to copy it.
    #[prop_or(true)]
    pub copy: bool,
    /// More buttons.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Printed(props: &PrintedProps) -> Html {
    html! {
        <figure class="printed">
            <figcaption>
                <code>{ &props.title }</code>
                { props.children.clone() }
                if props.copy {
                    <CopyButton what={&props.title} class="quiet small" text={ready(&props.text)} />
                }
            </figcaption>
            <pre tabindex="0" role="region" aria-label={&props.title}><code>{ &props.text }</code></pre>
        </figure>
    }
}

/// The rules by which kubectl prints pods and their events.
const RULES: [&Rule; 5] = [
    &events::STATUS_COLUMN,
    &events::EVENT_TABLE,
    &events::EQUAL_EVENTS_COUNTED,
    &events::SIMILAR_EVENTS_COMBINED,
    &events::EVENT_SPAM_FILTER,
];

/// Why kubectl prints what it prints, folded away.
pub fn printed_rules(release: Release) -> Html {
    let body = html! {
        <ul class="printed-rules">
            { for RULES.iter().map(|rule| html! {
                <li>
                    <p>{ words(rule.title) }</p>
                    <p class="sources">{ rule.doc.map(documentation_link) }{ upstream_link(rule.upstream, release) }</p>
                </li>
            }) }
        </ul>
    };
    disclosure("says-who", Callback::noop(), html! { <span>{ "Rules of what is printed" }</span> }, body)
}
