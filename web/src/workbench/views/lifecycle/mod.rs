//! Start, hooks and termination on a timeline that can be played with.

mod causes;
mod chosen;
mod draft;
mod example;
mod field;
mod handle;
mod hooks;
mod other;
mod picture;
mod scale;
mod table;
mod times;

use crate::parts::doc_note::doc_note;
use crate::parts::mark::{Sign, mark};
use crate::parts::problem::problem;
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use crate::workbench::parts::held::{otherwise, seen};
use crate::workbench::parts::verdict::verdict_line;
use causes::causes;
use chosen::{Slide, chosen};
use draft::{Draft, use_draft};
use example::example;
use hooks::hooks;
use other::{Laid, choice, differences, laid_under};
use picture::{Picture, legend};
use podwhy_core::evaluate::Whole;
use podwhy_core::lifecycle::Millis;
use podwhy_core::session::InputKind;
use podwhy_core::timeline::{Timeline, to_duration};
use scale::{Part, range};
use std::rc::Rc;
use table::table;
use times::times;

#[derive(PartialEq, Properties)]
pub struct LifecycleProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report.
    pub pod: usize,
}

#[component]
pub fn Lifecycle(props: &LifecycleProps) -> Html {
    let (whole, pod) = (&props.whole, props.pod);
    let (bench, places) = (use_context::<Bench>(), use_context::<Places>());
    let stage = use_memo((whole.clone(), pod), |(whole, pod)| whole.life_stage(*pod));
    let draft = use_draft(whole, pod, bench.as_ref());
    let laid = laid_under(whole, pod, bench.as_ref().and_then(Bench::other));
    let laid = use_memo(laid, |laid| laid.as_ref().and_then(Laid::of));
    let at = use_state_eq(|| None::<Millis>);
    let part = use_state_eq(Part::default);
    let (Some(bench), Some(places)) = (bench, places) else { return Html::default() };
    let played = stage.as_ref().as_ref().and_then(|stage| whole.lifecycle_with(stage, &draft.life()));
    let Some(played) = played.map(Rc::new) else { return Html::default() };
    let under = laid.as_ref().as_ref().and_then(|laid| laid.play(&draft.life()));
    let shown = (*at).unwrap_or(telling(&played)).min(played.end);
    let reach = range(&played, under.as_ref().map(|(_, other)| other), *part);
    let reach = draft.held().unwrap_or(reach);
    let onat = {
        let at = at.setter();
        Callback::from(move |moment: Millis| at.set(Some(moment)))
    };
    let name = pod_name(whole, pod);
    let rest = html! {
        <>
            { advice(&played, fix_it(whole, &played, &bench)) }
            { causes(&played, &draft) }
            <div class="life-bar-tools">
                { parts(*part, &Callback::from({ let part = part.setter(); move |chosen| part.set(chosen) })) }
                { choice(&bench, whole) }
                { example(&bench) }
            </div>
            <Picture played={played.clone()} draft={draft.clone()} {reach} at={shown} onat={onat.clone()} />
            <Slide played={played.clone()} at={shown} onat={onat} />
            { legend(&played) }
            if let Some((name, other)) = &under {
                { second(name, (&played, other), &draft, reach, shown) }
            }
            { sentences(&played) }
            { times(&played, &draft) }
            { chosen(&played, shown, &name) }
            { hooks(&played, &draft, &places) }
            { table(&played) }
            <Reasons steps={Rc::from(played.trace.as_slice())} />
            { assumptions(&played) }
            // In an element of their own: with another number of children the picture would be made anew, under the hand
            // that drags in it.
            <div>{ for played.notes.iter().map(|note| doc_note(note, played.release)) }</div>
        </>
    };
    html! {
        <section class="life" aria-label="Start and stop">
            <div class="life-answer">
                { verdict_line(&played.verdict) }
                if let Some(held) = &played.held {
                    { seen(held, &name, to_duration(played.end), played.release) }
                }
                { scenario_problems(whole, &places) }
            </div>
            { otherwise(played.held.as_ref(), &played.simulated, rest) }
        </section>
    }
}

fn pod_name(whole: &Whole, pod: usize) -> AttrValue {
    whole.report.pods.get(pod).map(|pod| pod.name.clone()).unwrap_or_default().into()
}

/// What belongs to the answer: what would fix it, and what is wrong with what was said.
fn advice(played: &Timeline, fix_it: Option<Html>) -> Html {
    html! {
        <div class="life-answer">
            if !played.fix.is_empty() {
                <p class="life-fix">
                    <strong>{ "What would fix it: " }</strong>{ words(&played.fix) }
                    { for fix_it }
                </p>
            }
            if played.unverified {
                <p class="life-unverified">{ mark(Sign::Warning) }<span>{ "Not verified: not every patch release of this minor was read." }</span></p>
            }
            { for played.diagnostics.iter().map(|problem| html! {
                <p class="life-verdict">{ mark(problem.severity.into()) }<span>{ words(&problem.message) }</span></p>
            }) }
        </div>
    }
}

/// Writes what would fix it into the manifest.
fn fix_it(whole: &Whole, played: &Timeline, bench: &Bench) -> Option<Html> {
    let edit = played.edit.as_ref()?;
    let input = whole.session.input(edit.span.input).filter(|input| input.kind == InputKind::Manifests)?;
    let (start, end) = (usize::try_from(edit.span.start).ok()?, usize::try_from(edit.span.end).ok()?);
    let text = format!("{}{}{}", input.text.get(..start)?, edit.text, input.text.get(end..)?);
    let (bench, message) = (bench.clone(), format!("The grace is {} s now.", edit.text));
    let onclick = Callback::from(move |_: MouseEvent| bench.replace(&[(InputKind::Manifests, text.clone())], &message));
    let title = format!("Write {} into the manifest", edit.text);
    Some(html! { <>{ " " }<button type="button" class="small" {title} {onclick}>{ "Write it" }</button></> })
}

/// What happens to each container, beyond what the answer says already.
fn sentences(played: &Timeline) -> Html {
    let about = |name: &Option<String>| name.as_ref().map(|name| html! { <><code>{ name }</code>{ ": " }</> });
    let others = played.sentences.iter().filter(|said| !played.verdict.text.ends_with(&said.text));
    let others: Vec<Html> =
        others.map(|said| html! { <li>{ about(&said.container) }{ words(&said.text) }</li> }).collect();
    if others.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            <h3>{ "What happens to each container" }</h3>
            <ul class="life-sentences">{ for others }</ul>
        </section>
    }
}

/// The moment that tells most: the last at which there is something to see.
fn telling(played: &Timeline) -> Millis {
    let gone = played.states.last().filter(|state| state.shown.is_none());
    gone.map_or(played.end, |gone| gone.at.saturating_sub(100))
}

/// What the scenario's text says wrongly, at its place: the defaults count there.
fn scenario_problems(whole: &Whole, places: &Places) -> Html {
    let of_scenario = |code: &str| code.starts_with("scenario-");
    let mut problems = whole.report.problems.iter().filter(|found| of_scenario(found.code)).peekable();
    if problems.peek().is_none() {
        return Html::default();
    }
    html! {
        <ul class="problems">
            { for problems.map(|found| html! { <li class="problem">{ problem(places, found, Html::default()) }</li> }) }
        </ul>
    }
}

/// Whole life, start or end.
fn parts(chosen: Part, onpart: &Callback<Part>) -> Html {
    html! {
        <div class="segments" role="group" aria-label="What the picture shows">
            { for Part::ALL.into_iter().map(|part| html! {
                <button type="button" class="small" aria-pressed={(part == chosen).to_string()}
                    onclick={onpart.reform(move |_| part)}>{ part.words() }</button>
            }) }
        </div>
    }
}

fn second(
    name: &str,
    (played, other): (&Timeline, &Rc<Timeline>),
    draft: &Draft,
    reach: scale::Reach,
    at: Millis,
) -> Html {
    let differences = differences(played, other, name);
    html! {
        <section class="life-second">
            <h3>{ name }</h3>
            { verdict_line(&other.verdict) }
            { advice(other, None) }
            if differences.is_empty() {
                <p class="faint">{ "Every container is ready and ends at the same time and in the same way." }</p>
            } else {
                <ul class="life-sentences">{ for differences.iter().map(|found| html! { <li>{ words(found) }</li> }) }</ul>
            }
            <Picture played={other.clone()} draft={draft.clone()} {reach} {at} onat={Callback::noop()} still={true} />
        </section>
    }
}

fn assumptions(played: &Timeline) -> Html {
    if played.assumptions.is_empty() {
        return Html::default();
    }
    let body = html! {
        <ul class="life-assumptions">
            { for played.assumptions.iter().map(|assumption| html! {
                <li>{ words(&assumption.text) }{ " " }<code class="faint">{ &assumption.key }</code></li>
            }) }
        </ul>
    };
    let count = played.assumptions.len();
    let title = html! { <span>{ "Taken for granted " }<span class="faint">{ count }</span></span> };
    crate::parts::disclosure::disclosure("", Callback::noop(), title, body)
}
