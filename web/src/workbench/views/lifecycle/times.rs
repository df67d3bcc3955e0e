//! Every time of every container, to be typed.

use super::draft::Draft;
use super::field::Field;
use super::handle::knob_words;
use crate::prelude::*;
use podwhy_core::scenario::life::ContainerLife;
use podwhy_core::timeline::{Knob, KnobKind, Lane, LaneKind, Timeline};
use web_sys::HtmlInputElement;

const COLUMNS: [(KnobKind, &str); 4] = [
    (KnobKind::Start, "ready after"),
    (KnobKind::PostStart, "postStart takes"),
    (KnobKind::PreStop, "preStop takes"),
    (KnobKind::Stop, "needs after TERM"),
];

pub fn times(played: &Timeline, draft: &Draft) -> Html {
    let containers = played.lanes.iter().filter(|lane| matches!(lane.kind, LaneKind::Container(_)));
    html! {
        <section>
            <h3 id="life-times-title">{ "Times" }</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="life-times-title">
                <table class="life-table">
                    <thead>
                        <tr>
                            <th scope="col">{ "Container" }</th>
                            { for COLUMNS.iter().map(|(_, words)| html! { <th scope="col">{ *words }</th> }) }
                            <th scope="col">{ "exit code" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for containers.enumerate().map(|(row, lane)| one(row, lane, draft)) }</tbody>
                </table>
            </div>
            <p class="life-note">{ "A dashed box holds a time that nobody gave." }</p>
        </section>
    }
}

fn one(row: usize, lane: &Lane, draft: &Draft) -> Html {
    let said = draft.of(&lane.name);
    let cell = |kind: KnobKind| {
        let knob = lane.knobs.iter().find(|knob| knob.kind == kind);
        html! { <td>{ for knob.map(|knob| field(row, lane, knob, draft)) }</td> }
    };
    html! {
        <tr key={lane.name.clone()}>
            <th scope="row"><code>{ &lane.name }</code>{ " " }<span class="faint">{ lane.kind.words() }</span></th>
            { for COLUMNS.iter().map(|(kind, _)| cell(*kind)) }
            <td>{ exit_code(row, lane, &said, draft) }</td>
        </tr>
    }
}

fn field(row: usize, lane: &Lane, knob: &Knob, draft: &Draft) -> Html {
    if knob.written.is_some() {
        return html! { <span class="faint">{ podwhy_core::lifecycle::words(knob.takes) }{ ", in the manifest" }</span> };
    }
    let kind = knob.kind;
    let usual = draft.knob(&lane.name, kind);
    let ontry = {
        let (draft, name) = (draft.clone(), lane.name.clone());
        Callback::from(move |length| draft.try_knob(&name, kind, length))
    };
    let onkeep = {
        let draft = draft.clone();
        Callback::from(move |()| draft.keep())
    };
    let label = format!("{}: {}, in seconds", lane.name, knob_words(kind));
    html! { <Field id={format!("life-{row}-{kind:?}")} {label} takes={knob.takes} usual={usual.is_none()} {ontry} {onkeep} /> }
}

/// The code that the process ends with by itself.
fn exit_code(row: usize, lane: &Lane, said: &ContainerLife, draft: &Draft) -> Html {
    let onchange = {
        let (draft, name) = (draft.clone(), lane.name.clone());
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let code = text.trim().parse().ok().filter(|code| (1..=255).contains(code));
            draft.try_out_of(&name, |life| life.exit_code = code);
            draft.keep();
        })
    };
    let label = format!("{}: exit code of its process when it ends by itself", lane.name);
    html! {
        <input id={format!("life-{row}-exit")} type="number" min="0" max="255" aria-label={label}
            value={said.exit_code.unwrap_or_default().to_string()} {onchange} />
    }
}
