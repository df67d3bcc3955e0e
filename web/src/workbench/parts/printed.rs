//! What a program prints, or a file: as it is, in its own scrolling region, to be copied.

use crate::parts::copy::copy;
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
    let said = use_state_eq(|| "");
    // What was said about another text does not hold for this one.
    use_effect_with(props.text.clone(), {
        let said = said.setter();
        move |_| said.set("")
    });
    let onclick = {
        let (text, said) = (props.text.clone(), said.setter());
        Callback::from(move |_| copy(&text, said.clone(), "This browser does not let the page copy: select the text."))
    };
    html! {
        <figure class="printed">
            <figcaption>
                <code>{ &props.title }</code>
                <span role="status" class="faint">{ *said }</span>
                { props.children.clone() }
                if props.copy {
                    <button type="button" class="quiet small" {onclick}>
                        { "Copy" }<span class="unseen">{ " " }{ &props.title }</span>
                    </button>
                }
            </figcaption>
            <pre tabindex="0" role="region" aria-label={&props.title}><code>{ &props.text }</code></pre>
        </figure>
    }
}
