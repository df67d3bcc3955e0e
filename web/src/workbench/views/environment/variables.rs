//! The table of a container's variables, with a filter.

use super::sources::{Kind, short, value};
use crate::parts::copy_button::CopyButton;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, step_list, words};
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use podwhy_core::environment::Variable;
use podwhy_core::environment::dotenv::dotenv;
use podwhy_core::evaluate::whole::environment::PodEnvironment;
use std::rc::Rc;
use web_sys::HtmlInputElement;

/// So many rows are drawn at first: more would make every keystroke wait.
const ROWS: usize = 60;

#[derive(PartialEq, Properties)]
pub struct VariablesProps {
    pub pod: Shared<PodEnvironment>,
    /// The container's position.
    pub at: usize,
}

impl VariablesProps {
    fn list(&self) -> &[Variable] {
        self.pod.containers.get(self.at).map(|one| one.environment.variables.as_slice()).unwrap_or_default()
    }
}

/// The heading, the filter and the table.
#[component]
pub fn Variables(props: &VariablesProps) -> Html {
    let filter = use_state_eq(String::new);
    let kind = use_state_eq(|| None::<Kind>);
    let all = use_state_eq(|| false);
    // What is searched, once for all keystrokes. A Secret's value is not.
    let texts = use_memo((props.pod.clone(), props.at), |_| props.list().iter().map(searched).collect::<Vec<_>>());
    let wanted: Vec<String> = filter.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |(variable, text): &(&Variable, &String)| {
        kind.is_none_or(|kind| Kind::of(variable) == kind) && wanted.iter().all(|word| text.contains(word))
    };
    let list = props.list();
    let matching: Rc<[usize]> =
        (0..list.len()).filter(|index| list.get(*index).zip(texts.get(*index)).as_ref().is_some_and(fits)).collect();
    let shown = if *all { matching.len() } else { matching.len().min(ROWS) };
    let onfilter = {
        let (filter, all) = (filter.setter(), all.setter());
        Callback::from(move |event: InputEvent| {
            filter.set(event.target_unchecked_into::<HtmlInputElement>().value());
            all.set(false);
        })
    };
    let onkind = {
        let (kind, all) = (kind.clone(), all.setter());
        Callback::from(move |chosen: Kind| {
            kind.set((*kind != Some(chosen)).then_some(chosen));
            all.set(false);
        })
    };
    let copied = |secrets: bool| {
        let (pod, at, matching) = (props.pod.clone(), props.at, matching.clone());
        Callback::from(move |()| {
            let list = pod.containers.get(at).map(|one| one.environment.variables.as_slice()).unwrap_or_default();
            dotenv(matching.iter().filter_map(|index| list.get(*index)), secrets)
        })
    };
    let with_secrets = list.iter().any(|variable| variable.value.is_secret());
    let onall = {
        let all = all.setter();
        Callback::from(move |_| all.set(true))
    };
    html! {
        <section class="env-section" aria-labelledby="env-variables">
            <h3 id="env-variables">{ "Variables" }</h3>
            <div class="env-tools">
                <input type="search" class="env-filter" aria-label="Filter the variables" placeholder="Filter by name, value or source"
                    spellcheck="false" autocomplete="off" value={(*filter).clone()} oninput={onfilter} />
                <div class="env-kinds" role="group" aria-label="Kinds of source">
                    { for Kind::ALL.into_iter().filter_map(|one| kind_button(list, one, *kind, &onkind)) }
                </div>
                <div class="env-copy">
                    <CopyButton label="Copy as .env" hint="The variables that are shown; values from Secrets are left out" text={copied(false)} />
                    if with_secrets {
                        <CopyButton label="Copy with secrets" hint="The variables that are shown, values from Secrets in plain text" text={copied(true)} />
                    }
                </div>
            </div>
            <p class="env-count faint" role="status">{ counted(matching.len(), list.len()) }</p>
            <div class="env-table env-variables" role="table" aria-label="Variables" aria-rowcount={(matching.len() + 1).to_string()}>
                <div role="rowgroup">
                    <div class="env-row env-head" role="row">
                        <span role="columnheader">{ "Name" }</span>
                        <span role="columnheader">{ "Value" }</span>
                        <span role="columnheader">{ "From" }</span>
                    </div>
                </div>
                <div role="rowgroup">
                    { for matching.iter().take(shown).map(|index| html! {
                        <VariableRow key={*index} pod={props.pod.clone()} at={props.at} index={*index} />
                    }) }
                </div>
            </div>
            if shown < matching.len() {
                <button type="button" class="env-all" onclick={onall}>{ format!("Show all {}", matching.len()) }</button>
            }
            { around(props) }
        </section>
    }
}

/// What holds for all of them.
fn around(props: &VariablesProps) -> Html {
    let steps = props.pod.containers.get(props.at).map(|one| one.around.as_slice()).unwrap_or_default();
    html! {
        <>
            { for steps.iter().map(|step| html! { <p class="env-around">{ mark(Sign::from(step.mark)) }<span>{ words(&step.finding) }</span></p> }) }
            <Reasons steps={Rc::from(steps)} />
        </>
    }
}

fn counted(matching: usize, all: usize) -> String {
    match (matching, all) {
        (0, _) => "No variable fits the filter.".to_owned(),
        (1, 1) => "1 variable".to_owned(),
        (matching, all) if matching == all => format!("{all} variables"),
        (matching, all) => format!("{matching} of {all} variables"),
    }
}

fn searched(variable: &Variable) -> String {
    format!("{} {} {}", variable.name, variable.value.masked(), variable.source.words()).to_lowercase()
}

fn kind_button(list: &[Variable], one: Kind, chosen: Option<Kind>, onkind: &Callback<Kind>) -> Option<Html> {
    let count = list.iter().filter(|variable| Kind::of(variable) == one).count();
    let onclick = onkind.reform(move |_| one);
    (count > 0).then(|| {
        html! {
            <button type="button" class="small env-kind" aria-pressed={(chosen == Some(one)).to_string()} {onclick}>
                { one.word() }{ " " }<span class="faint">{ count }</span>
            </button>
        }
    })
}

#[derive(PartialEq, Properties)]
struct VariableRowProps {
    pod: Shared<PodEnvironment>,
    at: usize,
    index: usize,
}

/// One variable; how it came about is drawn once somebody asks.
#[component]
fn VariableRow(props: &VariableRowProps) -> Html {
    let open = use_state_eq(|| false);
    let places = use_context::<Places>();
    let variable = props.pod.containers.get(props.at).and_then(|one| one.environment.variables.get(props.index));
    let (Some(places), Some(variable)) = (places, variable) else { return Html::default() };
    let onclick = {
        let (open, places, trace) = (open.clone(), places.clone(), variable.trace.clone());
        Callback::from(move |_| {
            places.mark(if *open { &[] } else { &trace });
            open.set(!*open);
        })
    };
    let place = variable.value_span.filter(|_| !variable.assumed).or((!variable.assumed).then_some(variable.span));
    html! {
        <div class="env-row" role="row">
            <div role="cell" class="env-name">
                <code>{ &variable.name }</code>
                { for variable.overrides.iter().map(|old| html! {
                    <span class="env-note">{ "replaces " }{ short(&old.source) }{ " " }{ line_button(&places, old.span) }</span>
                }) }
            </div>
            <div role="cell" class="env-text">
                { value(&variable.name, &variable.value) }
                if !variable.other_values.is_empty() {
                    <span class="env-note">{ "or, by chance, " }<code>{ variable.other_values.join(", ") }</code></span>
                }
                { for variable.unresolved.iter().map(|name| html! {
                    <span class="env-note warning"><code>{ format!("$({name})") }</code>{ " stays: nothing before defines it" }</span>
                }) }
            </div>
            <div role="cell" class="env-from">
                <span>{ short(&variable.source) }</span>
                if variable.assumed {
                    <span class="chip">{ "assumed" }</span>
                }
                { for place.map(|span| line_button(&places, span)) }
                <button type="button" class="quiet small env-why" aria-expanded={open.to_string()} {onclick}>
                    { "Why" }<span class="unseen">{ " " }{ &variable.name }</span>
                </button>
            </div>
            if *open {
                <div role="cell" class="env-more">{ step_list(&places, &variable.trace) }</div>
            }
        </div>
    }
}
