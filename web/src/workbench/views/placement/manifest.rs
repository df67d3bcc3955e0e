//! The pod as it is stored, line by line, with a mark at every line that was not written so.

use crate::parts::switch::switch;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::views::stored::lines::Kind;
use crate::workbench::views::stored::{Made, copy_yaml, line_list};

#[derive(PartialEq, Properties)]
pub struct ManifestProps {
    pub made: Shared<Made>,
    /// What else there is to choose.
    pub children: Html,
}

#[component]
pub fn Manifest(props: &ManifestProps) -> Html {
    let defaults = use_state_eq(|| false);
    let onchange = {
        let defaults = defaults.setter();
        Callback::from(move |on| defaults.set(on))
    };
    html! {
        <section class="place-section" aria-label="The pod as it is stored">
            <div class="place-head">
                <h3>{ "The pod as it is stored" }</h3>
                { switch("Show what is filled in by default".into(), AttrValue::default(), *defaults, &onchange) }
                { props.children.clone() }
                { copy_yaml(&props.made) }
            </div>
            <div class="table-scroll place-manifest-scroll" tabindex="0" role="region" aria-label="Manifest of the stored pod">
                { line_list(&props.made, |_, kind| *defaults || kind != Kind::Defaulting) }
            </div>
        </section>
    }
}
