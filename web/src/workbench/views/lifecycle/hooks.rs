//! What the kubelet really does for each hook, and what answers it.

use super::draft::Draft;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::masked::Masked;
use crate::parts::step_list::Reasons;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::environment::EnvValue;
use podwhy_core::lifecycle::handler::Run;
use podwhy_core::lifecycle::words;
use podwhy_core::scenario::life::HookLife;
use podwhy_core::timeline::{HookKind, HookReport, Timeline, to_duration};
use std::rc::Rc;
use web_sys::HtmlSelectElement;

pub fn hooks(played: &Timeline, draft: &Draft, places: &Places) -> Html {
    if played.hooks.is_empty() {
        return html! { <p class="empty">{ "No container has a hook." }</p> };
    }
    html! {
        <section class="life-hooks" aria-label="What the kubelet does for each hook">
            <h3>{ "What the kubelet does" }</h3>
            { for played.hooks.iter().map(|report| one(report, draft, places)) }
        </section>
    }
}

fn one(report: &HookReport, draft: &Draft, places: &Places) -> Html {
    let times: Vec<String> = report.delivered.iter().map(|at| to_duration(*at).to_string()).collect();
    let delivered = match times.as_slice() {
        [] => "It is not delivered.".to_owned(),
        [once] => format!("Delivered {once} after the pod was bound."),
        [all @ .., last] => {
            format!("Delivered {} times: {} and {last} after the pod was bound.", times.len(), all.join(", "))
        }
    };
    html! {
        <article class="life-hook" key={format!("{} {}", report.container, report.hook.field())}>
            <h4><code>{ &report.container }</code>{ " " }{ report.hook.field() }{ " " }{ line_button(places, report.span) }</h4>
            <div class="life-run">{ does(&report.run) }</div>
            <p>{ format!("Takes {}. {delivered}", words(report.takes)) }</p>
            if let Some(failure) = &report.failure {
                <p class="life-failure">{ mark(Sign::No) }<code>{ &failure.error }</code></p>
            }
            { answers(report, draft) }
            <Reasons steps={Rc::from(report.trace.as_slice())} />
        </article>
    }
}

fn does(run: &Run) -> Html {
    match run {
        Run::Exec { .. } => html! {
            <p>{ "Runs in the container, without a shell: " }{ for run.words().iter().map(word) }</p>
        },
        Run::HttpGet { method, url, host_header, retried_without_tls, .. } => {
            let lines = run.header_lines().into_iter().map(|line| line + "\n");
            html! {
                <>
                    <p>{ "The kubelet sends from the node:" }</p>
                    <pre class="life-console" tabindex="0" role="region" aria-label="The request">
                        { format!("{method} {url}\nHost: {host_header}\n{}", lines.collect::<String>()) }
                    </pre>
                    if *retried_without_tls {
                        <p>{ "The server speaks plain HTTP, so the request is sent once more without TLS." }</p>
                    }
                </>
            }
        }
        Run::Sleep { seconds } => {
            html! { <p>{ format!("The kubelet waits {seconds} s; nothing runs in the container.") }</p> }
        }
        Run::None => html! { <p>{ "Nothing is run." }</p> },
    }
}

fn word(word: &EnvValue) -> Html {
    html! {
        <>
            if word.is_secret() {
                <Masked name="the command's secret" value={word.reveal().to_owned()} />
            } else {
                <code>{ word.reveal() }</code>
            }
            { " " }
        </>
    }
}

/// What may come back: a word, its meaning, and what it says about the hook.
type Answer = (&'static str, &'static str, fn(&mut HookLife));

const OF_COMMANDS: [Answer; 2] = [
    ("0", "ends with code 0", |hook| hook.exit_code = None),
    ("1", "fails with code 1", |hook| hook.exit_code = Some(1)),
];
const OF_REQUESTS: [Answer; 4] = [
    ("200", "answers 200", |hook| (hook.status, hook.down, hook.plain_http) = (None, false, false)),
    ("500", "answers 500", |hook| (hook.status, hook.down, hook.plain_http) = (Some(500), false, false)),
    ("down", "is down", |hook| (hook.status, hook.down, hook.plain_http) = (None, true, false)),
    ("plain", "speaks HTTP without TLS", |hook| (hook.status, hook.down, hook.plain_http) = (None, false, true)),
];

fn answers(report: &HookReport, draft: &Draft) -> Html {
    let said = draft.of(&report.container);
    let hook = match report.hook {
        HookKind::PostStart => said.post_start,
        HookKind::PreStop => said.pre_stop,
    };
    let (offered, chosen, subject): (&'static [Answer], _, _) = match report.run {
        Run::Exec { .. } => {
            let chosen = if hook.exit_code.is_some_and(|code| code != 0) { "1" } else { "0" };
            (&OF_COMMANDS, chosen, "The command")
        }
        Run::HttpGet { .. } => {
            let chosen = match (hook.down, hook.plain_http, hook.status) {
                (true, ..) => "down",
                (_, true, _) => "plain",
                (.., Some(status)) if status >= 400 => "500",
                _ => "200",
            };
            (&OF_REQUESTS, chosen, "The receiver")
        }
        Run::Sleep { .. } | Run::None => return Html::default(),
    };
    let onchange = {
        let (draft, container, kind) = (draft.clone(), report.container.clone(), report.hook);
        Callback::from(move |event: Event| {
            let word = event.target_unchecked_into::<HtmlSelectElement>().value();
            let Some((.., set)) = offered.iter().find(|(known, ..)| *known == word) else { return };
            draft.try_out_of(&container, |life| match kind {
                HookKind::PostStart => set(&mut life.post_start),
                HookKind::PreStop => set(&mut life.pre_stop),
            });
            draft.keep();
        })
    };
    html! {
        <label class="life-choice">
            <span>{ subject }{ " " }</span>
            <select aria-label={format!("{} {}: {subject}", report.container, report.hook.field())} {onchange}>
                { for offered.iter().map(|(word, words, _)| html! {
                    <option value={*word} selected={*word == chosen}>{ *words }</option>
                }) }
            </select>
        </label>
    }
}
