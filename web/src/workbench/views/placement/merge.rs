//! What pod and class bring, side by side, and what comes of it.

use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::admission::runtime_class::SelectorEntry;
use podwhy_core::admission::tolerations::{Entry, Fate, Side};
use podwhy_core::api::scheduling::Label;
use podwhy_core::evaluate::whole::placement::{OverheadEntry, Placement};
use podwhy_core::quantity::Quantity;
use podwhy_core::trace::{Field, Step};
use std::rc::Rc;

pub fn section(places: &Places, placement: &Placement) -> Html {
    if placement.selector.is_empty() && placement.tolerations.is_empty() && placement.overhead.is_empty() {
        return Html::default();
    }
    // Nothing comes of it where the pod is refused.
    let would = if placement.refused.is_some() { "would be " } else { "" };
    html! {
        <section class="place-section" aria-label="What is merged">
            <h3>{ "Pod and RuntimeClass, merged" }</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label="What pod and RuntimeClass bring">
                <table class="place-table place-merge">
                    <thead><tr>
                        <th scope="col">{ "Field" }</th><th scope="col">{ "Pod" }</th><th scope="col">{ "RuntimeClass" }</th><th scope="col">{ "Result" }</th>
                    </tr></thead>
                    <tbody>
                        { for placement.selector.iter().map(|entry| selector(places, entry, would)) }
                        { for placement.tolerations.iter().map(|entry| toleration(places, entry, &placement.tolerations, would)) }
                        { for placement.overhead.iter().map(|entry| overhead(places, entry, would)) }
                    </tbody>
                </table>
            </div>
            if !placement.toleration_steps.is_empty() {
                <Reasons title="Why these tolerations" steps={Rc::<[Step]>::from(placement.toleration_steps.as_slice())} />
            }
        </section>
    }
}

/// A field's name: what it is, and which of them.
fn name(kind: &str, which: &str) -> Html {
    html! { <th scope="row"><span class="faint">{ kind }</span>{ " " }<code>{ which }</code></th> }
}

fn nothing() -> Html {
    html! { <td class="faint">{ "\u{2013}" }<span class="unseen">{ "nothing" }</span></td> }
}

fn result(sign: Sign, text: Html) -> Html {
    html! { <td><span class="place-result">{ mark(sign) }<span>{ text }</span></span></td> }
}

fn selector(places: &Places, entry: &SelectorEntry, would: &'static str) -> Html {
    let cell = |label: &Option<Label>| match label {
        None => nothing(),
        Some(label) => {
            html! { <td><code>{ &label.value.value }</code>{ " " }{ line_button(places, label.span()) }</td> }
        }
    };
    let outcome = match (&entry.pod, &entry.class) {
        _ if entry.is_conflict() => result(Sign::No, html! { <strong>{ "conflict: the pod is refused" }</strong> }),
        (Some(_), Some(_)) => result(Sign::Yes, html! { "both say the same" }),
        (Some(label), None) => result(Sign::Note, html! { <code>{ &label.value.value }</code> }),
        (_, Some(label)) => {
            result(Sign::Note, html! { <><code>{ &label.value.value }</code>{ ", " }{ would }{ "added" }</> })
        }
        (None, None) => nothing(),
    };
    html! {
        <tr class={classes!(entry.is_conflict().then_some("conflict"))}>
            { name("nodeSelector", &entry.key) }{ cell(&entry.pod) }{ cell(&entry.class) }{ outcome }
        </tr>
    }
}

fn toleration(places: &Places, entry: &Entry, all: &[Entry], would: &'static str) -> Html {
    let cell = html! {
        <td>
            <code class={classes!((entry.fate != Fate::Kept).then_some("struck"))}>{ entry.toleration.words() }</code>
            if entry.toleration.operator().is_empty() && !entry.toleration.key().is_empty() {
                <span class="faint">{ " (no operator)" }</span>
            }
            { " " }{ line_button(places, entry.toleration.span) }
        </td>
    };
    let outcome = match entry.fate {
        Fate::Kept if entry.side == Side::Pod => result(Sign::Note, html! { "stays" }),
        Fate::Kept => result(Sign::Note, html! { <>{ would }{ "added" }</> }),
        Fate::Covered { by, why } => {
            let by =
                all.get(by).map(|by| format!("{} `{}`", by.side.words(), by.toleration.words())).unwrap_or_default();
            result(Sign::Note, words(&format!("{would}dropped: {by} covers it, because {}", why.words())))
        }
    };
    html! {
        <tr>
            { name("toleration", entry.toleration.key()) }
            if entry.side == Side::Pod {
                { cell.clone() }{ nothing() }
            } else {
                { nothing() }{ cell.clone() }
            }
            { outcome }
        </tr>
    }
}

fn overhead(places: &Places, entry: &OverheadEntry, would: &'static str) -> Html {
    let cell = |amount: &Option<Field<Quantity>>| match amount {
        None => nothing(),
        Some(amount) => html! {
            <td><code>{ amount.value.to_string() }</code>{ for amount.origin.span().map(|span| html! { <>{ " " }{ line_button(places, span) }</> }) }</td>
        },
    };
    let outcome = match (&entry.pod, &entry.class) {
        _ if entry.conflict => result(Sign::No, html! { <strong>{ "not the same: the pod is refused" }</strong> }),
        (Some(_), _) => result(Sign::Yes, html! { "the same amount" }),
        (None, Some(amount)) => result(
            Sign::Note,
            html! { <><code>{ amount.value.to_string() }</code>{ ", " }{ would }{ "added to what the pod asks for" }</> },
        ),
        (None, None) => nothing(),
    };
    html! {
        <tr class={classes!(entry.conflict.then_some("conflict"))}>
            { name("overhead", &entry.resource) }{ cell(&entry.pod) }{ cell(&entry.class) }{ outcome }
        </tr>
    }
}
