//! CrashLoopBackOff: how long a container that ends again and again waits.

use super::table::folded;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::parts::chart::{Bar, Chart, Row, short};
use crate::workbench::parts::fields::seconds;
use podwhy_core::evaluate::Whole;
use podwhy_core::pulls::backoff::Restart;
use podwhy_core::simulation::restarts::RestartCurve;
use podwhy_core::time::Duration;
use podwhy_core::trace::Step;
use std::rc::Rc;

/// As much time as is drawn.
const SHOWN: Duration = Duration::from_secs(1_200);

#[derive(PartialEq, Properties)]
pub struct RestartsProps {
    pub whole: Shared<Whole>,
}

/// The curves. How long each run lasts is only looked at: containers' own lives are told where they start and stop.
#[component]
pub fn Restarts(props: &RestartsProps) -> Html {
    let run = use_state_eq(|| Duration::ZERO);
    let curves = props.whole.restart_curves(*run);
    let onrun = {
        let run = run.setter();
        Callback::from(move |length| run.set(length))
    };
    let row = |curve: &RestartCurve| Row {
        name: curve.name.to_owned(),
        note: if curve.in_use { "in use here".to_owned() } else { String::new() },
        bars: curve.restarts.iter().flat_map(|restart| bars(restart, *run)).collect(),
        points: Vec::new(),
    };
    let chart = Chart {
        id: "pv-restarts",
        sentence: format!("Waits between the runs of a container that ends after {}, under each setting.", short(*run)),
        until: SHOWN,
        rows: curves.iter().map(row).collect(),
        now: None,
        onpick: Callback::noop(),
    };
    let steps: Rc<[Step]> = curves.iter().map(|curve| curve.step.clone()).collect();
    let mut heads = vec!["Restart"];
    heads.extend(curves.iter().map(|curve| curve.name));
    let count = curves.first().map_or(0, |curve| curve.restarts.len());
    let cells = |at: usize| {
        let waits = curves
            .iter()
            .map(|curve| curve.restarts.get(at).map(|restart| short(restart.waited)).unwrap_or_default().into());
        std::iter::once(html! { at + 1 }).chain(waits).collect()
    };
    html! {
        <section class="pv-section" aria-labelledby="pv-restarts-title">
            <h3 id="pv-restarts-title">{ "When it runs and ends: CrashLoopBackOff" }</h3>
            <p>
                { "A container that ends " }{ seconds("How long each run of the container lasts".to_owned(), *run, &onrun) }
                { " after each start waits like this. After a run of more than 10 minutes it begins anew." }
            </p>
            { for curves.iter().map(|curve| html! {
                <p class="pv-result">{ mark(if curve.in_use { Sign::Yes } else { Sign::Note }) }<span>{ words(&curve.step.finding) }</span></p>
            }) }
            { chart.draw() }
            { folded("Waits before each restart", &heads, (0..count).map(cells).collect()) }
            <div><Reasons {steps} /></div>
        </section>
    }
}

fn bars(restart: &Restart, run: Duration) -> Vec<Bar> {
    let mut bars = Vec::new();
    if run > Duration::ZERO {
        let from = restart.exit_at - run;
        let title = format!("runs from {} to {}", short(from), short(restart.exit_at));
        bars.push(Bar { from, to: restart.exit_at, class: "runs", label: "runs".to_owned(), title });
    }
    if restart.waited > Duration::ZERO {
        let title = format!("waits {} from {} on", short(restart.waited), short(restart.exit_at));
        let label = short(restart.waited);
        bars.push(Bar { from: restart.exit_at, to: restart.restart_at, class: "backs-off", label, title });
    }
    bars
}
