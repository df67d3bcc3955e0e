//! What another release, or the texts as they were when they were pinned, would answer otherwise. Only what differs.

mod line;

use crate::parts::step_list::words;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use podwhy::differences::{Difference, Passage, between, compared};
use podwhy_core::evaluate::Whole;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::session::Session;
use std::rc::Rc;
use web_sys::HtmlSelectElement;

/// What the present answer is held against.
#[derive(Clone, PartialEq)]
pub enum Other {
    /// The same texts in another release.
    Release(Release),
    /// Texts and cluster as they were.
    Pinned(Rc<Session>),
}

#[derive(PartialEq, Properties)]
pub struct CompareProps {
    pub whole: Shared<Whole>,
    /// The pod that is looked at, as its position in the report.
    pub pod: usize,
}

#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let bench = use_context::<Bench>();
    let release = props.whole.report.release;
    let other = bench.as_ref().and_then(Bench::other).unwrap_or_else(|| Other::Release(before(release)));
    let found = use_memo((props.whole.clone(), other.clone(), props.pod), |(whole, other, pod)| {
        let session = match other {
            Other::Release(release) => {
                let cluster = Cluster { release: *release, ..whole.session.cluster.clone() };
                Session { cluster, ..whole.session.clone() }
            }
            Other::Pinned(session) => (**session).clone(),
        };
        between(&Whole::of(session), whole, &compared(whole, *pod))
    });
    let Some(bench) = bench else { return Html::default() };
    let name = match &other {
        Other::Release(release) => release.to_string(),
        Other::Pinned(session) => format!("the pinned input ({})", session.cluster.release),
    };
    let count = props.whole.report.pods.len();
    let compared = compared(&props.whole, props.pod);
    let alone = props.whole.report.pods.get(props.pod).filter(|_| compared.len() < count);
    let mut pods: Vec<&str> = found.iter().map(|difference| difference.pod.as_str()).collect();
    pods.dedup();
    html! {
        <section class="compare">
            { choice(&bench, &other, release, &props.whole) }
            <p class="compare-verdict">
                if found.is_empty() {
                    { format!("Nothing differs: {name} and the present input in {release} get the same answers.") }
                } else {
                    { format!("{} between {name} and the present input in {release}.", counted(found.len(), pods.len())) }
                }
            </p>
            if let Some(pod) = alone {
                <p class="faint">{ words(&format!("{} alone is compared; choose another of the {count} pods above.", pod.title)) }</p>
            }
            { for found.iter().enumerate().map(|(index, difference)| {
                let first = index == 0 || found.get(index - 1).is_some_and(|last| last.pod != difference.pod);
                one(difference, first, &name)
            }) }
        </section>
    }
}

fn before(release: Release) -> Release {
    Release::all().rev().find(|other| *other < release).unwrap_or(Release::NEWEST)
}

fn counted(topics: usize, pods: usize) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{} of {} differ", plural(topics, "topic"), plural(pods, "pod"))
}

fn choice(bench: &Bench, other: &Other, present: Release, whole: &Shared<Whole>) -> Html {
    let onchange = {
        let bench = bench.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_dyn_into::<HtmlSelectElement>().and_then(|list| Release::parse(&list.value()));
            if let Some(release) = chosen {
                bench.compare_with(Some(Other::Release(release)));
            }
        })
    };
    let onpin = {
        let (bench, whole) = (bench.clone(), whole.clone());
        Callback::from(move |_| bench.compare_with(Some(Other::Pinned(Rc::new(whole.session.clone())))))
    };
    let pinned = matches!(other, Other::Pinned(_));
    let onunpin = {
        let bench = bench.clone();
        Callback::from(move |_| bench.compare_with(None))
    };
    let option = |release: Release| {
        let selected = *other == Other::Release(release);
        html! { <option value={release.to_string()} {selected}>{ release.to_string() }</option> }
    };
    let offered = Release::all().filter(|release| *release != present || *other == Other::Release(present));
    html! {
        <p class="field">
            <label for="compare-release">{ "Compare with" }</label>
            <select id="compare-release" {onchange}>
                if pinned {
                    <option selected=true value="">{ "the pinned input" }</option>
                }
                { for offered.map(option) }
            </select>
            <button type="button" onclick={onpin} title="Keep the input as it is now, and compare what you change with it">
                { if pinned { "Pin the present input instead" } else { "Pin the present input" } }
            </button>
            if pinned {
                <button type="button" class="quiet" onclick={onunpin}>{ "Unpin" }</button>
            }
        </p>
    }
}

fn one(difference: &Difference, first: bool, before: &str) -> Html {
    let topic = topic_name(difference.topic);
    let name = format!("{}: {topic}", difference.pod.replace('`', ""));
    html! {
        <>
            if first {
                <h2>{ words(&difference.pod) }</h2>
            }
            <h3>{ topic }</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label={name}>
                <table class="compare-table">
                    <thead><tr><th scope="col">{ before }</th><th scope="col">{ "Now" }</th></tr></thead>
                    <tbody>{ for difference.passages.iter().map(row) }</tbody>
                </table>
            </div>
        </>
    }
}

fn row(passage: &Passage) -> Html {
    let (before, after) = (&passage.before, &passage.after);
    html! {
        <tr>
            { side((before, after), "\u{2212} ", "only before: ") }
            { side((after, before), "+ ", "only now: ") }
        </tr>
    }
}

/// One answer's lines; where the other has as many, each is held against the one in its place.
fn side((lines, others): (&[String], &[String]), sign: &'static str, word: &'static str) -> Html {
    if lines.is_empty() {
        return html! { <td class="compare-none">{ "not said" }</td> };
    }
    let paired = lines.len() == others.len();
    let one = |(index, text): (usize, &String)| {
        let other = others.get(index).map(String::as_str).filter(|_| paired);
        html! { <p><span aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span>{ line::line(text, other) }</p> }
    };
    html! { <td>{ for lines.iter().enumerate().map(one) }</td> }
}

/// A topic's name as a heading.
fn topic_name(topic: &str) -> String {
    let name = topic.replace('_', " ");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
