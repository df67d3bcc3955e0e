//! One image of the pod: what is decided, each attempt with what the registry answers, and why.

use super::over_time::source_words;
use super::scenario::Look;
use crate::parts::disclosure::disclosure;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::prelude::*;
use crate::workbench::parts::chart::short;
use crate::workbench::parts::fields::{Choice, assumed, choice, seconds, seconds_or_open, text};
use podwhy_core::image::Reference;
use podwhy_core::release::{Release, Since};
use podwhy_core::report::{ContainerReport, ImageUser};
use podwhy_core::scenario::{AnswerKind, CameBy, DEFAULT_SIZE, ImageOnNode, REFUSAL_TAKES, RegistryAnswer};
use podwhy_core::simulation::edit::Asker;
use podwhy_core::simulation::outcome::{ContainerTimeline, Round, TimedAttempt};
use podwhy_core::time::Duration;
use podwhy_core::trace::{Change, Step};
use std::rc::Rc;

/// The error that a runtime gives when it cannot be asked.
const INSPECT_ERROR: &str = "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\"";

/// The card of one container or image volume.
pub fn card(look: &Look, index: usize, timeline: &ContainerTimeline, now: Duration) -> Html {
    let Some(container) = look.pod.containers.get(index) else { return Html::default() };
    let pulls: Vec<&Round> = timeline.rounds.iter().filter(|round| round.pulling_since.is_some()).collect();
    let number = pulls.iter().rposition(|round| round.at <= now).unwrap_or(0);
    let round = pulls.get(number).copied().or(timeline.rounds.first());
    let image = container.reference.as_ref().and_then(|reference| reference.outcome.as_ref().ok());
    html! {
        <article class="pv-card" key={index} aria-labelledby={format!("pv-card-{index}")}>
            <header>
                { outcome_mark(round) }
                <h4 id={format!("pv-card-{index}")}><code>{ &timeline.name }</code></h4>
                <span class="faint">{ container.user.words() }</span>
                <code class="pv-image">{ &timeline.image }</code>
                <span class="pv-chip">{ container.policy.outcome.to_string() }</span>
                { line_button(look.places, container.span) }
            </header>
            { decision(look, container, round, number, pulls.len()) }
            if let Some(image) = image.filter(|_| !dropped(container, round)) {
                <ul class="pv-said" aria-label={format!("About the image of {}", timeline.name)}>
                    { presence(look, &timeline.image) }
                    if round.is_none_or(|round| round.attempts.is_empty()) {
                        { for askers(container).into_iter().map(|asker| html! { <li><span class="faint">{ "If it were pulled: " }</span>{ answer(look, container, image, asker) }</li> }) }
                    }
                    { pulled(look, image, &timeline.image) }
                </ul>
            }
            if let Some(round) = round {
                { attempts(look, container, round, image) }
                <div>
                    <Reasons steps={reasons(container, &timeline.rounds, round)} />
                </div>
                { for first_changes(&timeline.rounds).iter().map(|change| changed(look, change)) }
            }
        </article>
    }
}

/// Where another release decides otherwise; what it decides first is what counts.
fn first_changes(rounds: &[Round]) -> &[Change] {
    rounds.first().map(|round| round.changes.as_slice()).unwrap_or_default()
}

fn outcome_mark(round: Option<&Round>) -> Html {
    match round {
        Some(round) if round.ok => mark(Sign::Yes),
        Some(_) => mark(Sign::No),
        None => mark(Sign::Note),
    }
}

/// Whether it is an image volume that the kubelet never comes to: of a release without them, or behind a failure.
fn dropped(container: &ContainerReport, round: Option<&Round>) -> bool {
    container.user == ImageUser::ImageVolume && round.is_none()
}

/// What is decided, in the kubelet's words.
fn decision(look: &Look, container: &ContainerReport, round: Option<&Round>, number: usize, count: usize) -> Html {
    if dropped(container, round) {
        return html! { <p class="pv-decision">{ words(&container.verdict.text) }</p> };
    }
    let Some(round) = round else {
        return html! { <p>{ format!("The pod does not come to it in {}.", short(look.pulls.until)) }</p> };
    };
    let which = match (round.pulling_since, count) {
        (None, _) => format!("At {}, without a pull: ", short(round.at)),
        (Some(_), 1) => format!("Pulled at {}: ", short(round.at)),
        (Some(_), count) => format!("Pull {} of {count}, at {}: ", number + 1, short(round.at)),
    };
    match (round.reason, round.ok) {
        (None, true) => {
            html! { <p class="pv-decision">{ which }{ format!("it has its image at {}.", short(round.ended_at)) }</p> }
        }
        (reason, _) => {
            let reason = reason.map(|reason| reason.to_string()).unwrap_or_default();
            let until = round.back_off_until.map(|until| format!(" No pull before {}.", short(until)));
            html! {
                <p class="pv-decision">
                    { which }<strong>{ reason }</strong>{ " " }<code class="quoted">{ &round.message }</code>{ until }
                </p>
            }
        }
    }
}

fn reasons(container: &ContainerReport, rounds: &[Round], round: &Round) -> Rc<[Step]> {
    // Why the policy is what it is comes first; what is decided about the image is the same at each pull.
    let first = rounds.first().filter(|first| first.at == round.at);
    let policy = container.policy.trace.iter().filter(|_| first.is_some());
    policy.chain(&round.trace).cloned().collect()
}

/// Every attempt of a round, in order, each with what the registry is taken to answer.
fn attempts(look: &Look, container: &ContainerReport, round: &Round, image: Option<&Reference>) -> Html {
    if round.attempts.is_empty() {
        return Html::default();
    }
    let attempt = |(index, attempt): (usize, &TimedAttempt)| {
        html! {
            <li>
                <span class="cred-number">{ index + 1 }</span>
                <div>
                    <p>
                        if let Some(user) = &attempt.user {
                            <code>{ user }</code>{ " of " }{ source_words(attempt.source.as_ref()) }
                            if let Some(key) = &attempt.key {
                                { ", key " }<code>{ key }</code>
                            }
                            { for attempt.span.map(|span| html! { <>{ " " }{ line_button(look.places, span) }</> }) }
                        } else {
                            { "without credentials" }
                        }
                        <span class="faint">{ format!(" {} to {}", short(attempt.started_at), short(attempt.ended_at)) }</span>
                    </p>
                    <p class="pv-result">
                        if let Err(error) = &attempt.result {
                            { mark(Sign::No) }<code class="quoted">{ error }</code>
                        } else {
                            { mark(Sign::Yes) }{ "the image" }
                        }
                    </p>
                    <div class="pv-answer">
                        { for image.map(|image| answer(look, container, image, Asker::of_attempt(attempt.user.as_deref()))) }
                    </div>
                </div>
            </li>
        }
    };
    html! { <ol class="cred-attempts pv-attempts" aria-label="Attempts in order">{ for round.attempts.iter().enumerate().map(attempt) }</ol> }
}

/// Who would ask the registry, if the image had to be pulled.
fn askers(container: &ContainerReport) -> Vec<Asker> {
    let Some(lookup) = &container.lookup else { return Vec::new() };
    let mut all: Vec<Asker> = Vec::new();
    for attempt in lookup.attempts() {
        let asker = Asker::User(attempt.credential.username.clone());
        if !all.contains(&asker) {
            all.push(asker);
        }
    }
    if lookup.anonymous {
        all.push(Asker::Anonymous);
    }
    all
}

/// Whether the image is on the node, and how it came there.
fn presence(look: &Look, image: &str) -> Html {
    let node = &look.pulls.node;
    let Some(edit) = look.whole.edit_scenario() else { return Html::default() };
    let there = edit.image_on(node, image);
    let chosen = there.map_or_else(|| "absent".to_owned(), value_of);
    let mut choices = vec![
        Choice::new("absent", "is absent"),
        Choice::new("preloaded", "was put there by somebody else"),
        Choice::new("anonymous", "was pulled without credentials"),
        Choice::new("node", "was pulled with the node's credentials"),
    ];
    let world = look.whole.report.world.as_ref();
    let secrets = world
        .into_iter()
        .flat_map(|world| &world.secrets)
        .map(|secret| format!("{}/{}", secret.namespace, secret.name));
    let mut names: Vec<String> = secrets.chain(["another/secret".to_owned()]).collect();
    names.dedup();
    choices.extend(
        names.iter().map(|name| Choice::new(format!("secret:{name}"), format!("was pulled with the Secret {name}"))),
    );
    let own = world
        .and_then(|world| world.pods.get(look.position))
        .map(|facts| format!("{}/{}", facts.service_account.namespace, facts.service_account.name));
    let accounts = own.into_iter().chain(["another/account".to_owned()]);
    choices.extend(
        accounts
            .map(|name| Choice::new(format!("account:{name}"), format!("was pulled for the ServiceAccount {name}"))),
    );
    choices.push(Choice::new("error", "is there or not: the runtime fails when asked"));
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(
            chosen.clone(),
            format!("was pulled with {}", chosen.split_once(':').map_or("", |(_, name)| name)),
        ));
    }
    let onchoose = look.change({
        let (node, image) = (node.clone(), image.to_owned());
        move |edit, chosen: String| {
            let there = image_of(&image, &chosen, edit.image_on(&node, &image));
            edit.put_image(&node, &image, there);
        }
    });
    html! {
        <li>
            { "On " }<code>{ node }</code>{ " the image " }
            { choice(format!("How {image} came to {node}"), &choices, &chosen, &onchoose) }
            { assumed(there.is_none()) }{ "." }
        </li>
    }
}

fn value_of(there: &ImageOnNode) -> String {
    if there.inspect_error.is_some() {
        return "error".to_owned();
    }
    match there.came_by {
        CameBy::Preloaded => "preloaded".to_owned(),
        CameBy::Anonymous => "anonymous".to_owned(),
        CameBy::Node => "node".to_owned(),
        CameBy::Secret => format!("secret:{}", there.secret.as_deref().unwrap_or_default()),
        CameBy::ServiceAccount => format!("account:{}", there.service_account.as_deref().unwrap_or_default()),
    }
}

/// The image on the node for a choice; its digest stays.
fn image_of(image: &str, chosen: &str, before: Option<&ImageOnNode>) -> Option<ImageOnNode> {
    let digest = before.and_then(|before| before.digest.clone());
    let base = ImageOnNode { image: image.to_owned(), digest, ..ImageOnNode::default() };
    Some(match chosen.split_once(':').unwrap_or((chosen, "")) {
        ("preloaded", _) => base,
        ("anonymous", _) => ImageOnNode { came_by: CameBy::Anonymous, ..base },
        ("node", _) => ImageOnNode { came_by: CameBy::Node, ..base },
        ("secret", name) => ImageOnNode { came_by: CameBy::Secret, secret: Some(name.to_owned()), ..base },
        ("account", name) => {
            ImageOnNode { came_by: CameBy::ServiceAccount, service_account: Some(name.to_owned()), ..base }
        }
        ("error", _) => ImageOnNode { inspect_error: Some(INSPECT_ERROR.to_owned()), ..base },
        _ => return None,
    })
}

const ANSWERS: [(&str, &str, AnswerKind); 5] = [
    ("ok", "gives the image to", AnswerKind::Ok),
    ("denied", "denies it to", AnswerKind::Denied),
    ("notFound", "has no such image for", AnswerKind::NotFound),
    ("unavailable", "cannot be reached by", AnswerKind::Unavailable),
    ("signatureRefused", "has a refused signature for", AnswerKind::SignatureRefused),
];

/// What the registry answers to one who asks.
fn answer(look: &Look, container: &ContainerReport, image: &Reference, asker: Asker) -> Html {
    let Some(edit) = look.whole.edit_scenario() else { return Html::default() };
    let given = edit.answer(image, &asker).map(|(scope, answer)| (scope.to_owned(), answer.clone()));
    let scope = given.as_ref().map_or_else(|| image.registry.value.clone(), |(scope, _)| scope.clone());
    let assumed_answer = || edit.assumed_answer(image, container.lookup.as_ref(), &asker);
    let now = given.as_ref().map_or_else(assumed_answer, |(_, answer)| answer.clone());
    let said_for = given.as_ref().map_or_else(|| asker.clone(), |(_, answer)| Asker::of(answer));
    let usual = if now.answer == AnswerKind::Ok { edit.usual_takes(image) } else { REFUSAL_TAKES };
    let who = match &asker {
        Asker::User(user) => format!("`{user}`"),
        _ => "whoever comes without credentials".to_owned(),
    };
    let name = format!("{} and {}", scope, who.replace('`', ""));
    // What is changed here is said of this one alone; an answer for everyone goes on counting for the others, unless
    // its own part of the registry is changed.
    let set = look.change({
        let (now, scope) = (now.clone(), scope.clone());
        move |edit, setting: Setting| {
            let mut answer = now.clone();
            let mut to = scope.clone();
            setting.apply(&mut answer, &mut to);
            if to != scope {
                edit.set_answer(&scope, said_for.clone(), None);
            }
            edit.set_answer(&to, asker.clone(), Some(answer));
        }
    });
    let kind = ANSWERS.iter().find(|(_, _, kind)| *kind == now.answer).map_or("ok", |(value, _, _)| value);
    let kinds = ANSWERS.map(|(value, words, _)| Choice::new(value, words));
    let scopes: Vec<Choice> =
        scopes(image, &scope).into_iter().map(|scope| Choice::new(scope.clone(), scope)).collect();
    let more = html! {
        <p class="pv-more">
            { "From " }{ seconds_or_open(format!("From when {name}"), now.from, &set.reform(Setting::From)) }
            { " until " }{ seconds_or_open(format!("Until when {name}"), now.until, &set.reform(Setting::Until)) }
            if now.answer != AnswerKind::Ok {
                { ", in these words: " }{ text(format!("Error text of {name}"), now.text.clone().unwrap_or_default(), "the runtime's usual text", &set.reform(Setting::Text)) }
            }
        </p>
    };
    html! {
        <>
            { choice(format!("What the answer is about: {name}"), &scopes, &scope, &set.reform(Setting::Scope)) }
            { " " }{ choice(format!("Answer of {name}"), &kinds, kind, &set.reform(|chosen: String| Setting::Kind(chosen))) }
            { " " }{ words(&who) }{ " after " }
            { seconds(format!("Time of the answer of {name}"), now.takes.unwrap_or(usual), &set.reform(Setting::Takes)) }
            { assumed(given.is_none()) }
            { disclosure("", Callback::noop(), html! { <span>{ "only for a time" }</span> }, more) }
        </>
    }
}

/// What is changed about an answer.
enum Setting {
    Kind(String),
    Scope(String),
    Takes(Duration),
    From(Option<Duration>),
    Until(Option<Duration>),
    Text(String),
}

impl Setting {
    fn apply(self, answer: &mut RegistryAnswer, scope: &mut String) {
        match self {
            Self::Kind(chosen) => {
                answer.answer =
                    ANSWERS.iter().find(|(value, _, _)| *value == chosen).map(|(_, _, kind)| *kind).unwrap_or_default();
                answer.text = None;
            }
            Self::Scope(to) => *scope = to,
            Self::Takes(takes) => answer.takes = Some(takes),
            Self::From(from) => answer.from = from,
            Self::Until(until) => answer.until = until,
            Self::Text(text) => answer.text = Some(text).filter(|text| !text.is_empty()),
        }
    }
}

/// The registry, and each longer part of the image's name.
fn scopes(image: &Reference, chosen: &str) -> Vec<String> {
    let mut all = vec![image.registry.value.clone()];
    for part in image.path.value.split('/') {
        let longer = all.last().map(|scope| format!("{scope}/{part}"));
        all.extend(longer);
    }
    if !all.iter().any(|scope| scope == chosen) {
        all.push(chosen.to_owned());
    }
    all
}

/// How long a pull takes and how large the image is.
fn pulled(look: &Look, reference: &Reference, image: &str) -> Html {
    let Some(edit) = look.whole.edit_scenario() else { return Html::default() };
    let facts = edit.facts(image);
    let (takes, size) = (facts.and_then(|facts| facts.takes), facts.and_then(|facts| facts.size));
    let ontakes = look.change({
        let image = image.to_owned();
        move |edit, takes: Duration| edit.change_facts(&image, |facts| facts.takes = Some(takes))
    });
    let onsize = look.change({
        let image = image.to_owned();
        move |edit, size: String| {
            let bytes = size
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|megabytes| *megabytes >= 0.0)
                .map(|megabytes| (megabytes * 1e6).round() as u64);
            edit.change_facts(&image, |facts| facts.size = bytes);
        }
    });
    let megabytes = size.unwrap_or(DEFAULT_SIZE) as f64 / 1e6;
    let usual = edit.usual_takes(reference);
    html! {
        <li>
            { "A pull takes " }{ seconds(format!("Time that a pull of {image} takes"), usual, &ontakes) }{ assumed(takes.is_none() && size.is_none()) }
            if takes.is_none() && size.is_some() {
                <span class="faint">{ " by its size" }</span>
            }
            { ", and the image has " }
            <span class="in-words-unit short">{ text(format!("Size of {image} in megabytes"), megabytes.to_string(), "", &onsize) }{ " MB" }</span>{ assumed(size.is_none()) }{ "." }
        </li>
    }
}

/// The same question answered otherwise by another release, and the way there.
fn changed(look: &Look, change: &Change) -> Html {
    let current = look.bench.cluster().release;
    let buttons = match change.since {
        Since::Release(first) => {
            let before = Release::all().take_while(|release| *release < first).last();
            let button = |release: Release| {
                let bench = look.bench.clone();
                let onclick = Callback::from(move |_: MouseEvent| bench.set_release(release));
                html! { <button type="button" class="small" aria-pressed={(release == current).to_string()} {onclick}>{ release.to_string() }</button> }
            };
            html! { <span class="segments" role="group" aria-label="Look at the answer of">{ for before.map(button) }{ button(first) }</span> }
        }
        Since::Between { .. } => Html::default(),
    };
    html! {
        <div class="pv-change">
            <p><strong>{ format!("Changed {}.", change.since) }</strong>{ " " }{ buttons }</p>
            <dl>
                <dt>{ "Before" }</dt><dd>{ words(&change.before) }</dd>
                <dt>{ "Since" }</dt><dd>{ words(&change.after) }</dd>
            </dl>
        </div>
    }
}
