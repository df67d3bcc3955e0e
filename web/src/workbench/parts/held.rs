//! A pod that nothing starts: why, what is seen of it, and around everything else the mark that it only follows otherwise.

use super::printed::Printed;
use super::verdict::verdict_line;
use crate::prelude::*;
use podwhy_core::release::Release;
use podwhy_core::report::Verdict;
use podwhy_core::simulation::arrival::Held;
use podwhy_core::time::Duration;

/// What kubectl shows of the pod for good.
pub fn seen(held: &Held, name: &str, at: Duration, release: Release) -> Html {
    html! {
        <section class="held-seen" aria-label="What is seen of the pod">
            <Printed title={format!("kubectl get pod {name}")} text={held.get_pods_at(name, at)} copy={false} />
            if let Some(events) = held.describe_events_at(at, release) {
                <Printed title={format!("kubectl describe pod {name}")} text={events} copy={false} />
            }
        </section>
    }
}

/// What a command would print: its title is not the one of what it prints in fact.
pub fn would_print(command: String, held: Option<&Held>) -> String {
    if held.is_some() { format!("{command}, as it would follow") } else { command }
}

/// What is simulated, marked as what it is. The element is the same for every pod, so that nothing in it is made anew.
pub fn otherwise(held: Option<&Held>, simulated: &Verdict, body: Html) -> Html {
    let class = classes!("held-rest", held.is_some().then_some("is-otherwise"));
    html! {
        <div {class}>
            <div>
                if let Some(held) = held {
                    <p class="held-otherwise"><strong>{ held.otherwise }{ ", this would follow:" }</strong></p>
                    { verdict_line(simulated) }
                }
            </div>
            { body }
        </div>
    }
}
