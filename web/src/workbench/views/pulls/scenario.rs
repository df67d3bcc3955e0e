//! Controls for what is assumed: each change writes the scenario.

use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::workbench::bench::Bench;
use crate::workbench::parts::fields::{Choice, assumed, choice, seconds, text};
use podwhy_core::evaluate::Whole;
use podwhy_core::report::PodReport;
use podwhy_core::scenario::{Scenario, ScenarioPlace};
use podwhy_core::session::InputKind;
use podwhy_core::simulation::edit::Edit;
use podwhy_core::simulation::outcome::PullReport;
use podwhy_core::time::Duration;
use std::rc::Rc;

/// What every part of the view looks at.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub whole: &'a Rc<Whole>,
    /// The pod's position in the report.
    pub position: usize,
    pub pod: &'a PodReport,
    pub pulls: &'a PullReport,
    pub places: &'a Places,
    pub bench: &'a Bench,
}

impl Look<'_> {
    /// The scenario as it is.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.whole.report.node.as_ref().map(|node| &node.scenario.scenario)
    }

    /// What changes the scenario when something is chosen.
    pub fn change<T: 'static>(&self, change: impl Fn(&mut Edit, T) + 'static) -> Callback<T> {
        changes(self.whole, self.bench, change)
    }
}

/// What changes the scenario when something is chosen.
pub fn changes<T: 'static>(whole: &Rc<Whole>, bench: &Bench, change: impl Fn(&mut Edit, T) + 'static) -> Callback<T> {
    let (whole, bench) = (Rc::clone(whole), bench.clone());
    Callback::from(move |chosen| {
        let Some(mut edit) = whole.edit_scenario() else { return };
        change(&mut edit, chosen);
        write(&bench, &whole, &edit.scenario);
    })
}

/// Writes the scenario. Who loses something by it (remarks, or lines that could not be read) is told, and can undo it.
fn write(bench: &Bench, whole: &Whole, scenario: &Scenario) {
    let loses = bench.texts().get(InputKind::Scenario).as_str().contains('#')
        || whole.report.problems.iter().any(|problem| {
            problem
                .span
                .and_then(|span| whole.session.input(span.input))
                .is_some_and(|input| input.kind == InputKind::Scenario)
        });
    if loses {
        let text = serde_yaml::to_string(scenario).unwrap_or_default();
        let message = "The scenario was written anew: remarks, and what could not be read, are gone.";
        bench.replace(&[(InputKind::Scenario, text)], message);
    } else {
        bench.set_scenario(scenario);
    }
}

/// Where the pod runs, since when, and what else nobody said.
pub fn taken_for_granted(look: &Look) -> Html {
    let own = format!("{}/{}", look.pod.namespace, look.pod.name);
    let place =
        look.whole.report.world.as_ref().map(|world| world.place(look.position, &look.pod.namespace, &look.pod.name));
    let Some(place) = place else { return Html::default() };
    let written =
        look.whole.report.world.as_ref().and_then(|world| world.pods.get(look.position)?.node_name.clone()).is_some();
    let onnode = look.change({
        let (own, at) = (own.clone(), place.at);
        move |edit, node: String| edit.place(&own, Some(node.trim().to_owned()).filter(|node| !node.is_empty()), at)
    });
    let onat = look.change({
        let said = look.scenario().and_then(|scenario| {
            scenario.pods.iter().find(|given| given.pod == own || format!("default/{}", given.pod) == own)?.node.clone()
        });
        move |edit, at: Duration| edit.place(&own, said.clone(), at)
    });
    let again = look.pulls.assumptions.iter().find(|taken| taken.place() == Some(ScenarioPlace::SyncAfterError));
    let said_again = look.scenario().and_then(|scenario| scenario.sync_after_error);
    let onagain = look.change(|edit, after: Duration| edit.set_sync_after_error(Some(after)));
    html! {
        <ul class="pv-said" aria-label="About the pod">
            <li>
                { words(&look.pod.title) }{ " runs on the node " }
                if written {
                    <code>{ &place.node }</code>
                } else {
                    { text("The node that the pod runs on".to_owned(), place.node.clone(), "", &onnode) }
                }
                { assumed(place.assumption.is_some()) }
                { ", bound to it at " }
                { seconds("When the pod is bound to its node".to_owned(), place.at, &onat) }
                { "." }
            </li>
            if again.is_some() || said_again.is_some() {
                <li>
                    { "After an error the kubelet looks at the pod again in " }
                    { seconds("When the kubelet looks again".to_owned(), said_again.unwrap_or(podwhy_core::simulation::SYNC_AFTER_ERROR), &onagain) }
                    { " (by chance between 10 and 15)" }{ assumed(said_again.is_none()) }{ "." }
                </li>
            }
        </ul>
    }
}

/// The choice between two words for something that is so or not.
pub fn either(name: String, words: [&str; 2], first: bool, onchoose: &Callback<bool>) -> Html {
    let choices = [Choice::new("yes", words[0]), Choice::new("no", words[1])];
    choice(name, &choices, if first { "yes" } else { "no" }, &onchoose.reform(|chosen: String| chosen == "yes"))
}
