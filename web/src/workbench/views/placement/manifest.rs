//! The pod as it is stored, line by line, with a mark at every line that was not written so.

use super::copy::CopyButton;
use crate::parts::line_button::line_button;
use crate::parts::step_list::words;
use crate::places::Places;
use podwhy_core::evaluate::whole::effective::{Effective, Fate, Line, Scalar};
use podwhy_core::rule::Stage;
use podwhy_core::trace::Origin;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties)]
pub struct ManifestProps {
    pub pod: Rc<Option<Effective>>,
    /// Whether there will be no such pod.
    pub refused: bool,
}

impl PartialEq for ManifestProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.pod, &other.pod) && self.refused == other.refused
    }
}

#[component]
pub fn Manifest(props: &ManifestProps) -> Html {
    let with_defaults = use_state_eq(|| false);
    let Some(places) = use_context::<Places>() else { return Html::default() };
    let Some(pod) = (*props.pod).as_ref().filter(|_| !props.refused) else { return Html::default() };
    let yaml = serde_yaml::to_string(&pod.manifest()).unwrap_or_default();
    let lines = pod.lines(&|scalar: &Scalar| serde_yaml::to_string(scalar).unwrap_or_default());
    let onchange = {
        let with_defaults = with_defaults.clone();
        Callback::from(move |_| with_defaults.set(!*with_defaults))
    };
    let shown: Vec<&Line> = lines.iter().filter(|line| *with_defaults || who(line) != Who::Defaulting).collect();
    let rows = shown.iter().enumerate().map(|(index, line)| {
        let before = index.checked_sub(1).and_then(|before| shown.get(before));
        row(&places, line, before.is_some_and(|before| before.origin == line.origin && before.fate == line.fate))
    });
    html! {
        <section class="place-section" aria-label="The pod as it is stored">
            <div class="place-head">
                <h3>{ "The pod as it is stored" }</h3>
                <label class="switch"><input type="checkbox" checked={*with_defaults} {onchange} /><span>{ "Show what is filled in by default" }</span></label>
                <CopyButton label="Copy as YAML" what="of the stored pod" text={yaml} />
            </div>
            <div class="table-scroll place-manifest-scroll" tabindex="0" role="region" aria-label="Manifest of the stored pod">
                <table class="manifest"><tbody>{ for rows }</tbody></table>
            </div>
        </section>
    }
}

/// Who put a line there.
#[derive(PartialEq)]
enum Who {
    Author,
    Admission,
    Defaulting,
}

fn who(line: &Line) -> Who {
    let rule = match &line.origin {
        Some(Origin::Merged { rule, .. } | Origin::Defaulted { rule, .. }) => rule,
        _ => return if line.fate == Fate::Kept { Who::Author } else { Who::Defaulting },
    };
    if rule.stage == Stage::Admission { Who::Admission } else { Who::Defaulting }
}

fn row(places: &Places, line: &Line, goes_on: bool) -> Html {
    let (sign, word) = match (&line.fate, who(line)) {
        (Fate::Kept, _) => ("", ""),
        (Fate::Added, Who::Defaulting) => ("+", "filled in: "),
        (Fate::Added, _) => ("+", "added: "),
        (Fate::Changed { .. }, _) => ("~", "changed: "),
        (Fate::Removed, _) => ("\u{2212}", "taken out: "),
    };
    let class = match (&line.fate, who(line)) {
        (Fate::Kept, _) => "",
        (Fate::Removed, _) => "removed",
        (_, Who::Defaulting) => "filled",
        _ => "added",
    };
    html! {
        <tr class={class}>
            <td class="manifest-sign"><span aria-hidden="true">{ sign }</span><span class="unseen">{ word }</span></td>
            <td class="manifest-line"><code>{ &line.text }</code></td>
            <td class="manifest-who">{ if goes_on { Html::default() } else { origin(places, line) } }</td>
        </tr>
    }
}

fn origin(places: &Places, line: &Line) -> Html {
    let was = match &line.fate {
        Fate::Changed { was } => format!(", was {was}"),
        _ => String::new(),
    };
    match &line.origin {
        Some(Origin::Merged { rule, from }) => html! {
            <span title={rule.title}>{ "admission" }{ was }{ for from.map(|from| html! { <>{ " " }{ line_button(places, from) }</> }) }</span>
        },
        Some(Origin::Defaulted { rule, .. }) => html! { <span title={rule.title}>{ words("default") }{ was }</span> },
        _ => Html::default(),
    }
}
