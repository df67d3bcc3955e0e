//! What a program prints, or a file: as it is, in its own scrolling region, to be copied.

use crate::parts::copy_button::{CopyButton, ready};
use crate::prelude::*;

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
