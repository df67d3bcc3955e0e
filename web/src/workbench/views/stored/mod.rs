//! The pod as the API server stores it: the manifest with what was added, each addition with its rule.

pub mod lines;

use crate::parts::copy_button::CopyButton;
use crate::parts::line_button::line_button;
use crate::parts::links::{documentation_link, upstream_link};
use crate::parts::step_list::{Reasons, words};
use crate::parts::switch::switch;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::parts::verdict::verdict_line;
use lines::{Block, Kind, Row, differing, rows};
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::effective::{Effective, Fate, Scalar};
use podwhy_core::evaluate::whole::stored::Stored;
use podwhy_core::session::mask::Mask;
use std::rc::Rc;

#[derive(PartialEq, Properties)]
pub struct StoredPodProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report.
    pub pod: usize,
}

/// The stored pod with its lines.
pub struct Made {
    pub stored: Stored,
    /// The pod as it is shown.
    shown: Effective,
    /// Whether it has values that are not shown.
    has_hidden: bool,
    pub rows: Vec<Row>,
    /// Which of them are shown when only differences are.
    differing: Vec<bool>,
}

impl Made {
    /// Of the pod at this position; `None` if it cannot be read. What is called a password is replaced unless it is
    /// asked for.
    fn of(whole: &Whole, pod: usize, with_secrets: bool) -> Option<Shared<Self>> {
        let stored = whole.stored(pod)?;
        let hidden = Mask::default().values(&stored.written);
        let shown = if with_secrets { stored.effective.clone() } else { stored.effective.with_values(&hidden) };
        let rows = rows(&shown.lines(&yaml));
        let differing = differing(&rows);
        Some(Shared(Rc::new(Self { stored, shown, has_hidden: !hidden.is_empty(), rows, differing })))
    }

    /// The whole of it as YAML, as it is shown.
    fn yaml(&self) -> String {
        serde_yaml::to_string(&self.shown.manifest()).unwrap_or_default()
    }
}

/// The pod at this position, and the switch that shows its secrets, if it has any.
#[hook]
pub fn use_made(whole: &Shared<Whole>, pod: usize) -> (Option<Shared<Made>>, Html) {
    let with_secrets = use_state_eq(|| false);
    let made = use_memo((whole.clone(), pod, *with_secrets), |(whole, pod, with_secrets)| {
        Made::of(whole, *pod, *with_secrets)
    });
    let onchange = {
        let with_secrets = with_secrets.setter();
        Callback::from(move |on| with_secrets.set(on))
    };
    let has_hidden = made.as_ref().as_ref().is_some_and(|made| made.has_hidden);
    let secrets = html! {
        if has_hidden {
            { switch("Show secrets".into(), AttrValue::default(), *with_secrets, &onchange) }
        }
    };
    ((*made).clone(), secrets)
}

/// The button that copies the pod.
pub fn copy_yaml(made: &Shared<Made>) -> Html {
    let made = made.clone();
    let text = Callback::from(move |()| made.yaml());
    html! { <CopyButton label="Copy as YAML" hint="The pod as it is shown, without what was taken out" {text} /> }
}

/// Those of its lines that are to be shown, by their place and kind.
pub fn line_list(made: &Shared<Made>, shown: impl Fn(usize, Kind) -> bool) -> Html {
    let rows = made.rows.iter().enumerate().filter(|(index, row)| shown(*index, row.kind)).map(|(index, _)| index);
    html! {
        <div class="stored-lines" role="list" aria-label="The pod as stored, line by line">
            { for rows.map(|index| html! { <OneRow key={index} made={made.clone()} {index} /> }) }
        </div>
    }
}

/// The whole view.
#[component]
pub fn StoredPod(props: &StoredPodProps) -> Html {
    let (made, secrets) = use_made(&props.whole, props.pod);
    let only_changes = use_state_eq(|| false);
    let Some(made) = made else {
        return html! { <p class="empty">{ "This pod cannot be read: its problems say why." }</p> };
    };
    let onchange = {
        let only_changes = only_changes.setter();
        Callback::from(move |on| only_changes.set(on))
    };
    html! {
        <div class="stored-view">
            { verdict_line(&made.stored.verdict) }
            <div class="stored-tools">
                { legend(&made.rows) }
                { switch("Only what differs".into(), AttrValue::default(), *only_changes, &onchange) }
                { secrets }
                { copy_yaml(&made) }
            </div>
            { line_list(&made, |index, _| !*only_changes || made.differing.get(index) == Some(&true)) }
            <p class="faint">
                { "What only a running cluster knows is not shown: uid, creationTimestamp, resourceVersion, managedFields and status. " }
                { "xxxxx stands for letters that are made by chance." }
            </p>
            <Reasons title="What admission found" steps={Rc::from(made.stored.trace.as_slice())} />
        </div>
    }
}

/// A key or a single value as YAML.
fn yaml(scalar: &Scalar) -> String {
    serde_yaml::to_string(scalar).unwrap_or_default()
}

/// The marks that occur.
fn legend(rows: &[Row]) -> Html {
    let words = [
        (Kind::Defaulting, "defaulting"),
        (Kind::Admission, "admission"),
        (Kind::Controller, "controller"),
        (Kind::Changed, "changed"),
        (Kind::Removed, "taken out"),
    ];
    let occurs = words.into_iter().filter(|(kind, _)| rows.iter().any(|row| row.kind == *kind));
    html! {
        <ul class="stored-legend" aria-label="What the marks mean">
            { for occurs.map(|(kind, word)| html! {
                <li class={kind.class()}><span aria-hidden="true">{ kind.sign().0 }</span>{ word }</li>
            }) }
        </ul>
    }
}

#[derive(PartialEq, Properties)]
struct OneRowProps {
    made: Shared<Made>,
    index: usize,
}

/// One line; its rule is drawn once somebody asks.
#[component]
fn OneRow(props: &OneRowProps) -> Html {
    let open = use_state_eq(|| false);
    let (Some(places), Some(row)) = (use_context::<Places>(), props.made.rows.get(props.index)) else {
        return Html::default();
    };
    let onclick = {
        let open = open.clone();
        Callback::from(move |_| open.set(!*open))
    };
    let (sign, word) = row.kind.sign();
    html! {
        <div class={classes!("stored-line", row.kind.class())} role="listitem">
            <span class="stored-sign" aria-hidden="true">{ sign }</span>
            <code>if !word.is_empty() { <span class="unseen">{ word }{ ": " }</span> }{ &row.text }</code>
            if let Some(block) = &row.block {
                <button type="button" class="quiet small stored-why" aria-expanded={open.to_string()} {onclick}>
                    { block.label }<span class="unseen">{ ", why: " }{ row.text.trim() }</span>
                </button>
                if *open {
                    { why(&places, block) }
                }
            }
        </div>
    }
}

fn why(places: &Places, block: &Block) -> Html {
    html! {
        <div class="stored-rule">
            if let Fate::Changed { was } = &block.fate {
                <p>{ "It is written as " }<code>{ was }</code>{ "." }</p>
            }
            <p>{ words(block.rule.title) }{ " " }{ for block.because.map(|span| line_button(places, span)) }</p>
            <p class="sources">
                { block.rule.doc.map(documentation_link) }
                { upstream_link(block.rule.upstream, places.release()) }
            </p>
        </div>
    }
}
