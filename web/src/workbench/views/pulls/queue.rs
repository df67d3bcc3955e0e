//! Who pulls on the node and who waits.

use super::scenario::Look;
use super::table::folded;
use crate::prelude::*;
use crate::workbench::parts::chart::{Bar, Chart, Row, short};
use crate::workbench::parts::fields::{assumed, seconds, seconds_or_open, text};
use podwhy_core::scenario::{DEFAULT_BYTES_PER_SECOND, OtherPull, ScenarioPlace};
use podwhy_core::simulation::outcome::QueueInterval;
use podwhy_core::time::Duration;

/// More rows than this are not drawn; the table has them all.
const ROWS: usize = 24;

/// The queue's chart, its table, and the pulls of pods that are not given.
pub fn section(look: &Look, range: Duration, now: Duration, onpick: &Callback<Duration>) -> Html {
    let pulls = look.pulls;
    let slots = look.whole.report.node.as_ref().and_then(|node| node.kubelet.slots);
    let how = match slots {
        Some(1) => "one at a time".to_owned(),
        Some(slots) => format!("at most {slots} at a time"),
        None => "all at once".to_owned(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for pull in &pulls.queue {
        let place = rows.iter().position(|row| row.name == pull.title && row.note == pull.image);
        let place = place.unwrap_or_else(|| {
            rows.push(Row { name: pull.title.clone(), note: pull.image.clone(), ..Row::default() });
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(place) {
            row.bars.extend(bars(pull, pulls.until));
        }
    }
    let count = rows.len();
    rows.truncate(ROWS);
    let chart = Chart {
        id: "pv-queue",
        sentence: format!(
            "{} images are pulled on {}, {how}. The table below has every start and end.",
            count, pulls.node
        ),
        until: range,
        rows,
        now: Some(now),
        onpick: onpick.clone(),
    };
    html! {
        <section class="pv-section" aria-labelledby="pv-queue-title">
            <h3 id="pv-queue-title">{ "Who pulls and who waits on " }<code>{ &pulls.node }</code></h3>
            <p>{ format!("This kubelet pulls {how}, in the order of asking; the containers of one pod ask one after another.") }</p>
            if count == 0 {
                <p class="faint">{ "Nothing is pulled." }</p>
            } else {
                { chart.draw() }
                if count > ROWS {
                    <p class="faint">{ format!("{} more are in the table.", count - ROWS) }</p>
                }
                { table(&pulls.queue) }
            }
            { others(look) }
            { line(look) }
        </section>
    }
}

fn bars(pull: &QueueInterval, until: Duration) -> Vec<Bar> {
    let mut bars = Vec::new();
    let started = pull.started_at.unwrap_or(until);
    if started > pull.asked_at {
        let title = format!("{} waits from {} to {}", pull.title, short(pull.asked_at), short(started));
        bars.push(Bar { from: pull.asked_at, to: started, class: "waits", label: "waits".to_owned(), title });
    }
    if let (Some(from), Some(to)) = (pull.started_at, pull.ended_at) {
        let class = if pull.ok { "pulls" } else { "failed" };
        let title = format!("{} pulls from {} to {}", pull.title, short(from), short(to));
        bars.push(Bar { from, to, class, label: short(to - from), title });
    }
    bars
}

fn table(queue: &[QueueInterval]) -> Html {
    let row = |pull: &QueueInterval| {
        let open = || "not in this time".to_owned();
        let waited = pull.started_at.map(|started| short(started - pull.asked_at));
        let outcome = match (pull.ended_at, pull.ok) {
            (None, _) => "",
            (Some(_), true) => "pulled",
            (Some(_), false) => "failed",
        };
        vec![
            html! { <code>{ &pull.title }</code> },
            html! { <code>{ &pull.image }</code> },
            html! { short(pull.asked_at) },
            html! { pull.started_at.map_or_else(open, short) },
            html! { pull.ended_at.map_or_else(open, short) },
            html! { waited.unwrap_or_default() },
            outcome.into(),
        ]
    };
    let heads = ["Who", "Image", "Asks", "Starts", "Ends", "Waited", "Outcome"];
    folded("The node's pulls", &heads, queue.iter().map(row).collect())
}

/// How fast images come, where that counts: for those of which only the size is said.
fn line(look: &Look) -> Html {
    let said = look.scenario().and_then(|scenario| scenario.bytes_per_second);
    let taken = look.pulls.assumptions.iter().any(|taken| taken.place() == Some(ScenarioPlace::BytesPerSecond));
    if said.is_none() && !taken {
        return Html::default();
    }
    let megabytes = said.unwrap_or(DEFAULT_BYTES_PER_SECOND) as f64 / 1e6;
    let onchange = look.change(|edit, typed: String| {
        let megabytes = typed.trim().parse::<f64>().ok().filter(|megabytes| megabytes.is_finite() && *megabytes > 0.0);
        edit.set_bytes_per_second(megabytes.map(|megabytes| (megabytes * 1e6).round() as u64));
    });
    html! {
        <ul class="pv-said" aria-label="The nodes' line">
            <li>
                { "Where only a size is said, a node gets " }
                <span class="in-words-unit short">{ text("Megabytes that a node gets each second".to_owned(), megabytes.to_string(), "", &onchange) }{ " MB" }</span>
                { " of an image each second" }{ assumed(said.is_none()) }{ "." }
            </li>
        </ul>
    }
}

/// Pulls for pods that are not given: one can be added, changed, taken away.
fn others(look: &Look) -> Html {
    let node = look.pulls.node.clone();
    let known: Vec<OtherPull> = look
        .scenario()
        .and_then(|scenario| scenario.nodes.iter().find(|given| given.name == node))
        .map(|given| given.pulls.clone())
        .unwrap_or_default();
    let set = {
        let (node, known) = (node.clone(), known.clone());
        look.change(move |edit, change: Other| {
            let mut pulls = known.clone();
            change.apply(&mut pulls);
            edit.set_other_pulls(&node, pulls);
        })
    };
    let add = set.reform(|_: MouseEvent| Other::Added);
    let one = |(at, pull): (usize, &OtherPull)| {
        html! {
            <li key={at}>
                { "Another pod asks for " }
                { text(format!("Image of other pull {}", at + 1), pull.image.clone(), "", &set.reform(move |image| Other::Image(at, image))) }
                { " at " }{ seconds(format!("Start of other pull {}", at + 1), pull.at, &set.reform(move |when| Other::At(at, when))) }
                { " and needs " }
                { seconds_or_open(format!("Length of other pull {}", at + 1), pull.takes, &set.reform(move |takes| Other::Takes(at, takes))) }
                { " " }
                <button type="button" class="quiet small" onclick={set.reform(move |_: MouseEvent| Other::Removed(at))}>
                    { "Take away" }<span class="unseen">{ format!(" other pull {}", at + 1) }</span>
                </button>
            </li>
        }
    };
    html! {
        <>
            if !known.is_empty() {
                <ul class="pv-said" aria-label="Pulls for pods that are not given">{ for known.iter().enumerate().map(one) }</ul>
            }
            <p><button type="button" class="small" onclick={add}>{ "Let another pod pull a large image" }</button></p>
        </>
    }
}

/// What is changed about the pulls of pods that are not given.
enum Other {
    Added,
    Removed(usize),
    Image(usize, String),
    At(usize, Duration),
    Takes(usize, Option<Duration>),
}

impl Other {
    fn apply(self, pulls: &mut Vec<OtherPull>) {
        match self {
            Self::Added => pulls.push(OtherPull {
                image: "registry.example/large:1".to_owned(),
                at: Duration::ZERO,
                takes: Some(Duration::from_secs(60)),
            }),
            Self::Removed(at) if at < pulls.len() => drop(pulls.remove(at)),
            Self::Image(at, image) if !image.trim().is_empty() => {
                pulls.iter_mut().skip(at).take(1).for_each(|pull| pull.image = image.trim().to_owned());
            }
            Self::At(at, when) => pulls.iter_mut().skip(at).take(1).for_each(|pull| pull.at = when),
            Self::Takes(at, takes) => pulls.iter_mut().skip(at).take(1).for_each(|pull| pull.takes = takes),
            Self::Removed(_) | Self::Image(..) => {}
        }
    }
}
