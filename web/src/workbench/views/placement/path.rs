//! The picture: the pod as written, the pod as admitted, the nodes that remain, the handler that runs it.

use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::places::Places;
use crate::prelude::*;
use crate::workbench::parts::verdict::sign;
use podwhy_core::admission::tolerations::{Fate, Side};
use podwhy_core::defaulting::pod_resources::{Source, Sum};
use podwhy_core::evaluate::whole::placement::Placement;
use podwhy_core::runtime::handlers::Choice;

/// More nodes than this are drawn by their names alone.
const MANY: usize = 6;

pub fn picture(_places: &Places, placement: &Placement, nodes: usize) -> Html {
    let class = placement.class.as_ref();
    html! {
        <ol class="place-path" aria-label="The pod's way to its node">
            { stage("As written", Sign::Note, class.map_or("no RuntimeClass".to_owned(), |class| format!("runtimeClassName: {}", class.name.value)), written(placement)) }
            { admitted(placement) }
            { scheduled(placement, nodes) }
            { runtime(placement) }
        </ol>
    }
}

fn stage(title: &'static str, at: Sign, subtitle: String, facts: Html) -> Html {
    let never = at == Sign::Info;
    html! {
        <li class={classes!("stage", at.word(), never.then_some("never"))}>
            <h3>{ if never { Html::default() } else { mark(at) } }{ title }</h3>
            <p class="stage-subtitle">{ words(&subtitle) }</p>
            <ul class="stage-facts">{ facts }</ul>
        </li>
    }
}

/// One line of a stage. The sign says what became of it: nothing, added, taken out.
fn fact(change: char, text: String) -> Html {
    let (class, word) = match change {
        '+' => ("added", "added: "),
        '\u{2212}' => ("removed", "dropped: "),
        '!' => ("conflict", "conflict: "),
        _ => ("kept", ""),
    };
    html! {
        <li class={class}>
            <span class="stage-sign" aria-hidden="true">{ if change == ' ' { ' ' } else { change } }</span>
            <span><span class="unseen">{ word }</span><code>{ breakable(&text) }</code></span>
        </li>
    }
}

/// A long word that may break behind its signs.
fn breakable(text: &str) -> Html {
    text.split_inclusive(['=', ':', '/']).map(|part| html! { <>{ part }<wbr /></> }).collect()
}

fn written(placement: &Placement) -> Html {
    let labels = placement.selector.iter().filter_map(|entry| entry.pod.as_ref());
    let labels = labels.map(|label| fact(' ', format!("{}: {}", label.key.value, label.value.value)));
    let own = placement.tolerations.iter().filter(|entry| entry.side == Side::Pod);
    let own = own.map(|entry| fact(' ', format!("tolerates {}", entry.toleration.words())));
    let sums = placement
        .resources
        .requests
        .iter()
        .map(|sum| fact(' ', format!("asks {} {}", without_overhead(sum), sum.resource)));
    html! { <>{ for labels }{ for own }{ for sums }</> }
}

fn without_overhead(sum: &Sum) -> String {
    let overhead = sum.parts.iter().find(|part| part.source == Source::Overhead && part.counts);
    overhead.map_or_else(|| sum.total.to_string(), |part| sum.total.minus(&part.amount.value).to_string())
}

fn admitted(placement: &Placement) -> Html {
    let subtitle = |text: &str| text.to_owned();
    if let Some(refusal) = &placement.refused {
        let conflicts = placement.selector.iter().filter(|entry| entry.is_conflict());
        let facts = conflicts.filter_map(|entry| {
            Some(fact(
                '!',
                format!("{}: {} / {}", entry.key, entry.pod.as_ref()?.value.value, entry.class.as_ref()?.value.value),
            ))
        });
        let facts: Html = facts.collect();
        return stage("Refused", Sign::No, format!("by {}: no pod is created", refusal.stage), facts);
    }
    let Some(class) = &placement.class else {
        return stage("As admitted", Sign::Yes, subtitle("nothing is merged"), Html::default());
    };
    let labels = placement.selector.iter().filter(|entry| entry.pod.is_none()).filter_map(|entry| entry.class.as_ref());
    let labels = labels.map(|label| fact('+', format!("{}: {}", label.key.value, label.value.value)));
    let tolerations = placement.tolerations.iter().filter_map(|entry| match (entry.side, entry.fate) {
        (Side::RuntimeClass, Fate::Kept) => Some(fact('+', format!("tolerates {}", entry.toleration.words()))),
        (Side::Pod, Fate::Covered { .. }) => Some(fact('\u{2212}', format!("tolerates {}", entry.toleration.words()))),
        _ => None,
    });
    let overhead = placement
        .overhead
        .iter()
        .filter(|entry| entry.pod.is_none())
        .filter_map(|entry| entry.class.as_ref().map(|amount| (entry, amount)));
    let overhead = overhead.map(|(entry, amount)| fact('+', format!("overhead {} {}", amount.value, entry.resource)));
    let facts: Vec<Html> = labels.chain(tolerations).chain(overhead).collect();
    let text = if facts.is_empty() {
        format!("RuntimeClass `{}` adds nothing", class.name.value)
    } else {
        format!("RuntimeClass `{}` merged", class.name.value)
    };
    stage("As admitted", Sign::Yes, text, facts.into_iter().collect())
}

fn scheduled(placement: &Placement, nodes: usize) -> Html {
    let Some(fit) = &placement.fit else {
        return stage("Nodes", Sign::Info, format!("none of {nodes} is asked"), Html::default());
    };
    let remain = fit.nodes.iter().filter(|node| node.fits).count();
    // Beside many nodes there is no room for the reasons; they stand in the table below.
    let few = fit.nodes.len() <= MANY;
    let tile = |node: &podwhy_core::scheduling::filter::NodeFit| {
        let why: Vec<String> = node.failures().map(podwhy_core::scheduling::filter::Verdict::word).collect();
        html! {
            <li class={if node.fits { "node-tile fits" } else { "node-tile out" }} title={node.reasons.join(", ")}>
                { mark(if node.fits { Sign::Yes } else { Sign::No }) }
                <code>{ &node.name }</code>
                if few && !why.is_empty() {
                    <span class="faint">{ why.join(", ") }</span>
                }
            </li>
        }
    };
    // Those that remain come first.
    let mut sorted: Vec<_> = fit.nodes.iter().collect();
    sorted.sort_by_key(|node| !node.fits);
    let at = if remain == 0 { Sign::No } else { Sign::Yes };
    let bound = placement.bound.as_ref().map_or(String::new(), |bound| format!("; bound to `{}` by name", bound.node));
    stage("Nodes", at, format!("{remain} of {} remain{bound}", fit.nodes.len()), sorted.into_iter().map(tile).collect())
}

fn runtime(placement: &Placement) -> Html {
    let handler =
        placement.class.as_ref().and_then(|class| class.handler.clone()).filter(|handler| !handler.is_empty());
    let goes = placement.fit.as_ref().is_some_and(|fit| fit.message.is_none());
    let subtitle = handler.map_or("the default handler".to_owned(), |handler| format!("handler `{handler}`"));
    if !goes {
        return stage("Runtime", Sign::Info, format!("{subtitle}: never asked"), Html::default());
    }
    let answer = |answer: &podwhy_core::evaluate::whole::placement::HandlerAnswer| {
        let runs = matches!(answer.decision.outcome, Choice::Runs(_));
        let node = answer.node.clone().unwrap_or_else(|| "every other node".to_owned());
        let node = if placement.handlers.len() == 1 && answer.node.is_none() { String::new() } else { node };
        html! {
            <li class={if runs { "node-tile fits" } else { "node-tile out" }}>
                { mark(if runs { Sign::Yes } else { Sign::No }) }
                <span>{ answer.runtime.words() }</span>
                if !node.is_empty() {
                    <span class="faint">{ node }</span>
                }
            </li>
        }
    };
    let facts: Html = if placement.handlers.is_empty() {
        html! { <li class="faint">{ "taken to be there: no runtime's configuration is given" }</li> }
    } else {
        placement.handlers.iter().map(answer).collect()
    };
    stage("Runtime", sign(placement.verdict.tone), subtitle, facts)
}
