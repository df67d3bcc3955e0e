//! The pod over time: what kubectl prints at a chosen moment, and every attempt with the wait that follows.

use super::table::folded;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::parts::chart::{Bar, Chart, Point, Row, short};
use crate::workbench::parts::fields::seconds;
use crate::workbench::parts::held::would_print;
use crate::workbench::parts::printed::{Printed, printed_rules};
use podwhy_core::credentials::keyring::Source;
use podwhy_core::report::ImageUser;
use podwhy_core::simulation::outcome::{ContainerTimeline, PullReport, Round};
use podwhy_core::time::Duration;
use web_sys::HtmlInputElement;

#[derive(PartialEq, Properties)]
pub struct OverTimeProps {
    pub pulls: Shared<PullReport>,
    /// The moment that is looked at.
    pub now: Duration,
    /// How much time the charts show.
    pub range: Duration,
    /// Another moment was chosen.
    pub onpick: Callback<Duration>,
    /// Another range was chosen.
    pub onrange: Callback<Duration>,
}

/// The section.
#[component]
pub fn OverTime(props: &OverTimeProps) -> Html {
    let pulls = &*props.pulls;
    let now = props.now;
    html! {
        <section class="pv-section" aria-labelledby="pv-time">
            <div class="pv-head">
                <h3 id="pv-time">{ "What is seen, and when" }</h3>
                { ranges(props) }
            </div>
            { moment_bar(props) }
            { chart(props).draw() }
            { legend() }
            { attempts_table(pulls) }
            <div class="pv-kubectl">
                <Printed title={would_print("kubectl get pods".to_owned(), pulls.held.as_ref())} text={pulls.get_pods_at(now)} copy={false} />
                { waiting(pulls, now) }
                <Printed title={would_print(format!("kubectl describe pod {}", pulls.name), pulls.held.as_ref())} text={pulls.describe_events_at(now)} />
            { printed_rules(pulls.release) }
            </div>
        </section>
    }
}

/// As much time as it takes to see something: all of it if something goes on failing, else up to the last change.
pub fn range(pulls: &PullReport) -> Duration {
    let last = pulls.moments.last().map(|moment| moment.at).unwrap_or_default();
    let ends = pulls.queue.iter().filter_map(|pull| pull.ended_at).max().unwrap_or_default().max(last);
    let goes_on = pulls.moments.last().is_some_and(|moment| !moment.waiting.is_empty());
    let seen = if goes_on { Duration::from_secs(120) } else { ends + Duration::from_secs(4) };
    seen.max(Duration::from_secs(15)).min(pulls.until)
}

fn ranges(props: &OverTimeProps) -> Html {
    let fit = range(&props.pulls);
    let mut all = vec![(fit, "Fit".to_owned())];
    for minutes in [1, 5, 20] {
        let length = Duration::from_secs(60 * minutes);
        if length != fit && length <= props.pulls.until {
            all.push((length, format!("{minutes} min")));
        }
    }
    let button = |(length, name): (Duration, String)| {
        let pressed = (length == props.range).to_string();
        let onclick = props.onrange.reform(move |_| length);
        html! { <button type="button" class="small" aria-pressed={pressed} {onclick}>{ name }</button> }
    };
    html! { <div class="segments" role="group" aria-label="Time that the charts show">{ for all.into_iter().map(button) }</div> }
}

/// The slider, its number, and the way from change to change.
fn moment_bar(props: &OverTimeProps) -> Html {
    let (pulls, now) = (&*props.pulls, props.now);
    let status = pulls.moment_at(now).map(|moment| moment.status.clone()).unwrap_or_default();
    let mut changes: Vec<Duration> =
        pulls.moments.iter().map(|moment| moment.at).chain(pulls.events.iter().map(|event| event.at)).collect();
    changes.sort();
    changes.dedup();
    let before = changes.iter().rev().find(|at| **at < now).copied();
    let after = changes.iter().find(|at| **at > now).copied();
    let oninput = props.onpick.reform(|event: InputEvent| {
        Duration::from_secs_f64(event.target_unchecked_into::<HtmlInputElement>().value_as_number())
    });
    let onkeydown = {
        let onpick = props.onpick.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "," => before,
                "." => after,
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = to {
                onpick.emit(to);
            }
        })
    };
    let step = |to: Option<Duration>, name: &'static str, sign: &'static str| {
        let onpick = props.onpick.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(to) = to {
                onpick.emit(to);
            }
        });
        html! { <button type="button" class="small" disabled={to.is_none()} title={name} aria-label={name} {onclick}>{ sign }</button> }
    };
    let end = props.range.max(now).min(pulls.until);
    html! {
        <div class="pv-moment" role="group" aria-label="The moment that is looked at" {onkeydown}>
            { step(before, "The change before (,)", "‹") }
            { step(after, "The next change (.)", "›") }
            <input type="range" min="0" max={end.as_secs_f64().to_string()} step="1" aria-label="Moment"
                value={now.as_secs_f64().to_string()} aria-valuetext={format!("{}: {status}", short(now))} {oninput} />
            { seconds("Moment".to_owned(), now, &props.onpick) }
            <output class="pv-status">{ status }</output>
        </div>
    }
}

/// The containers that wait, in the kubelet's words.
fn waiting(pulls: &PullReport, now: Duration) -> Html {
    let waiting = pulls.moment_at(now).map(|moment| moment.waiting.as_slice()).unwrap_or_default();
    if waiting.is_empty() {
        return Html::default();
    }
    html! {
        <dl class="pv-waiting" aria-label="Containers that wait">
            { for waiting.iter().map(|waits| html! {
                <div>
                    <dt><code>{ &waits.container }</code></dt>
                    <dd><strong>{ &waits.reason }</strong>{ " " }<code class="quoted">{ &waits.message }</code></dd>
                </div>
            }) }
        </dl>
    }
}

fn chart(props: &OverTimeProps) -> Chart {
    let pulls = &*props.pulls;
    let mut rows = vec![status_row(pulls)];
    rows.extend(pulls.containers.iter().map(|container| container_row(container, pulls.until)));
    Chart {
        id: "pv-attempts",
        sentence: format!(
            "STATUS and each image's pulls over {}. {}",
            short(props.range),
            pulls.simulated.text.replace('`', "")
        ),
        until: props.range,
        rows,
        now: Some(props.now),
        onpick: props.onpick.clone(),
    }
}

fn status_row(pulls: &PullReport) -> Row {
    let ends = pulls.moments.iter().skip(1).map(|moment| moment.at).chain([pulls.until]);
    let bars = pulls.moments.iter().zip(ends).filter(|(moment, end)| moment.at < *end);
    let bar = |(moment, to): (&podwhy_core::simulation::outcome::Moment, Duration)| Bar {
        from: moment.at,
        to,
        class: if moment.status.ends_with("BackOff") {
            "backs-off"
        } else if !moment.waiting.is_empty() {
            "fails"
        } else if moment.phase == "Running" {
            "fine"
        } else {
            "pending"
        },
        label: moment.status.clone(),
        title: format!("{} {} from {}", moment.ready, moment.status, short(moment.at)),
    };
    Row {
        name: "STATUS".to_owned(),
        note: "of kubectl get pods".to_owned(),
        bars: bars.map(bar).collect(),
        points: Vec::new(),
    }
}

/// A container's rounds: waiting for others, pulling, backing off, and what each attempt came to.
fn container_row(container: &ContainerTimeline, until: Duration) -> Row {
    let mut row = Row {
        name: container.name.clone(),
        note: match container.user {
            ImageUser::Container(_) => container.image.clone(),
            ImageUser::ImageVolume => format!("{} (image volume)", container.image),
        },
        ..Row::default()
    };
    for round in &container.rounds {
        if let Some(since) = round.pulling_since {
            if since > round.at {
                let title = format!("waits from {} for other pulls", short(round.at));
                row.bars.push(Bar { from: round.at, to: since, class: "waits", label: "waits".to_owned(), title });
            }
            let class = if round.ok { "pulls" } else { "failed" };
            let title = format!("pulls from {} to {}", short(since), short(round.ended_at));
            row.bars.push(Bar { from: since, to: round.ended_at, class, label: "pulls".to_owned(), title });
            if let Some(end) = round.back_off_until.filter(|end| *end > round.ended_at) {
                let length = short(end - round.ended_at);
                let title = format!("backs off for {length}, until {}", short(end));
                row.bars.push(Bar { from: round.ended_at, to: end, class: "backs-off", label: length, title });
            }
        }
        if round.ok {
            let title = format!("has its image from {} on", short(round.ended_at));
            row.bars.push(Bar {
                from: round.ended_at,
                to: until,
                class: "runs",
                label: "image there".to_owned(),
                title,
            });
        }
        row.points.extend(points(round));
    }
    row
}

fn points(round: &Round) -> Vec<Point> {
    if round.attempts.is_empty() {
        let what = round.reason.map(|reason| reason.to_string()).unwrap_or_else(|| "looks".to_owned());
        let class = if round.reason.is_some() && round.back_off_until.is_none() { "no" } else { "look" };
        return if round.ok {
            Vec::new()
        } else {
            vec![Point { at: round.at, class, title: format!("{}: {what}", short(round.at)) }]
        };
    }
    let point = |attempt: &podwhy_core::simulation::outcome::TimedAttempt| {
        let who = attempt.user.as_deref().unwrap_or("nobody");
        let (class, result) = match &attempt.result {
            Ok(()) => ("yes", "the image".to_owned()),
            Err(error) => ("no", error.clone()),
        };
        Point { at: attempt.ended_at, class, title: format!("{}: {who} gets {result}", short(attempt.ended_at)) }
    };
    round.attempts.iter().map(point).collect()
}

fn legend() -> Html {
    let item = |class: &'static str, words: &'static str| {
        let fill = (class == "waits").then_some("url(#pv-attempts-waits)");
        html! {
            <li>
                <svg class="chart" width="22" height="14" aria-hidden="true" focusable="false">
                    <g class={classes!("chart-bar", class)}><rect x="1" y="1" width="20" height="12" rx="2" {fill} /></g>
                </svg>
                { words }
            </li>
        }
    };
    html! {
        <ul class="pv-legend" aria-label="Legend">
            { item("waits", "waits for other pulls") }
            { item("pulls", "pulls") }
            { item("failed", "pulls and fails") }
            { item("backs-off", "backs off") }
            { item("runs", "image there") }
            <li><svg class="chart" width="18" height="18" aria-hidden="true" focusable="false"><svg class="chart-point no" x="9" y="9"><circle r="6" /><path d="m-2.6-2.6 5.2 5.2m0-5.2-5.2 5.2" /></svg></svg>{ "an attempt fails" }</li>
            <li><svg class="chart" width="18" height="18" aria-hidden="true" focusable="false"><svg class="chart-point yes" x="9" y="9"><circle r="6" /><path d="m-3 .2 2.2 2.2 3.8-4.6" /></svg></svg>{ "gives the image" }</li>
        </ul>
    }
}

/// Where a credential comes from, in words.
pub fn source_words(source: Option<&Source>) -> String {
    match source {
        Some(Source::Secret { name, .. }) => format!("Secret {name}"),
        Some(Source::NodeFile) => "the node's file".to_owned(),
        Some(Source::Provider { name, .. }) => format!("plug-in {name}"),
        None => "no credential".to_owned(),
    }
}

/// Every look of the kubelet, and every attempt.
fn attempts_table(pulls: &PullReport) -> Html {
    let mut rows: Vec<(Duration, Vec<Html>)> = Vec::new();
    for container in &pulls.containers {
        let mut last = None;
        for round in &container.rounds {
            // Looks that find what the one before found say nothing new.
            let found = (round.reason, round.message.clone(), round.pulling_since.is_none());
            if round.pulling_since.is_none() && last.as_ref() == Some(&found) {
                continue;
            }
            last = Some(found);
            let next = round.back_off_until.map(short).unwrap_or_default();
            let cells = |at: Duration, who: String, what: Html, next: &str| {
                vec![
                    html! { short(at) },
                    html! { <code>{ &container.name }</code> },
                    html! { who },
                    what,
                    html! { next },
                ]
            };
            for attempt in &round.attempts {
                let who = match &attempt.user {
                    Some(user) => format!("{user} ({})", source_words(attempt.source.as_ref())),
                    None => "without credentials".to_owned(),
                };
                let what = match &attempt.result {
                    Ok(()) => html! { "the image" },
                    Err(error) => html! { <code>{ error }</code> },
                };
                rows.push((attempt.started_at, cells(attempt.started_at, who, what, "")));
            }
            let reason = round.reason.map(|reason| reason.to_string());
            let words =
                reason.unwrap_or_else(|| if round.ok { "has its image".to_owned() } else { round.message.clone() });
            rows.push((
                round.ended_at,
                cells(round.ended_at, String::new(), html! { <strong>{ words }</strong> }, &next),
            ));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    let rows = rows.into_iter().map(|(_, cells)| cells).collect();
    folded("Attempts and waits", &["At", "Container", "Who asks", "What comes of it", "No pull before"], rows)
}
