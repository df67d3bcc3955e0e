//! Where the credentials come from, in their turns.

use super::scenario::Look;
use crate::parts::step_list::{Reasons, step_list, words};
use crate::parts::switch::switch;
use crate::prelude::*;
use crate::texts::tab_name;
use podwhy_core::session::InputKind;
use podwhy_core::trace::Step;
use std::rc::Rc;

/// The sources, and which plug-ins answer.
pub fn section(look: &Look) -> Html {
    let Some(found) = look.whole.credential_sources(look.position) else { return Html::default() };
    let order: Rc<[Step]> = found.order.iter().cloned().collect();
    let plug_ins =
        look.whole.report.world.as_ref().map(|world| world.providers.providers.as_slice()).unwrap_or_default();
    let failing = |name: &str| {
        look.scenario().is_some_and(|scenario| scenario.failing_plugins.iter().any(|failing| failing == name))
    };
    let plug_in = |name: &str| {
        let onchange = look.change({
            let name = name.to_owned();
            move |edit, answers: bool| edit.set_plugin_fails(&name, !answers)
        });
        switch(format!("{name} answers").into(), AttrValue::default(), !failing(name), &onchange)
    };
    html! {
        <section class="pv-section" aria-labelledby="pv-sources">
            <h3 id="pv-sources">{ "Where credentials come from, in this order" }</h3>
            { for found.order.iter().map(|step| html! { <p>{ words(&step.finding) }</p> }) }
            <ol class="pv-sources">
                { for found.sources.iter().map(|source| html! {
                    <li>
                        <span class="cred-number">{ source.turn }</span>
                        <div>
                            <h4>{ source.name }</h4>
                            { step_list(look.places, &source.steps) }
                        </div>
                    </li>
                }) }
            </ol>
            if plug_ins.is_empty() {
                <p class="faint">{ "Credential provider plug-ins are pasted under " }{ tab_name(InputKind::CredentialProviders) }{ "." }</p>
            } else {
                <fieldset>
                    <legend>{ "Plug-ins" }</legend>
                    { for plug_ins.iter().map(|provider| plug_in(&provider.name)) }
                </fieldset>
            }
            { for found.changes.iter().map(|change| html! {
                <div class="pv-change">
                    <p><strong>{ format!("Changed {}.", change.since) }</strong></p>
                    <dl>
                        <dt>{ "Before" }</dt><dd>{ words(&change.before) }</dd>
                        <dt>{ "Since" }</dt><dd>{ words(&change.after) }</dd>
                    </dl>
                </div>
            }) }
            <div><Reasons steps={order} /></div>
        </section>
    }
}
