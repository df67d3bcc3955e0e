//! Which way to give credentials fits: a choice, what is missing or unsafe, and the manifest that does it.

use crate::parts::line_button::line_button;
use crate::parts::links::{documentation_link, upstream_link};
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::parts::switch::switch;
use crate::places::Places;
use crate::prelude::*;
use crate::shared::Shared;
use crate::workbench::bench::Bench;
use crate::workbench::parts::fields::assumed;
use crate::workbench::parts::printed::Printed;
use crate::workbench::parts::verdict::verdict_header;
use crate::workbench::views::pulls::scenario::{changes, either};
use podwhy_core::evaluate::Whole;
use podwhy_core::release::AdmissionPlugin;
use podwhy_core::scenario::{Assumption, ScenarioPlace};
use podwhy_core::session::InputKind;
use podwhy_core::use_cases::{Finding, FindingKind, Inspection, UseCase};

#[derive(PartialEq, Properties)]
pub struct UseCasesProps {
    pub whole: Shared<Whole>,
    /// The pod's position in the report; the answer is about all pods.
    pub pod: usize,
}

/// The whole view.
#[component]
pub fn UseCases(props: &UseCasesProps) -> Html {
    let chosen = use_state_eq(|| None::<UseCase>);
    let (Some(places), Some(bench)) = (use_context::<Places>(), use_context::<Bench>()) else { return Html::default() };
    let all = UseCase::ALL.map(|case| props.whole.use_case(case));
    let likely = props.whole.likely_use_case();
    let case = chosen.unwrap_or(likely);
    let onchoose = {
        let chosen = chosen.setter();
        Callback::from(move |case| chosen.set(Some(case)))
    };
    let open = all.iter().find(|inspection| inspection.case == case);
    html! {
        <div class="use-cases">
            <fieldset class="uc-choice">
                <legend><h2>{ "What do you want?" }</h2></legend>
                { for all.iter().map(|inspection| option(inspection, inspection.case == case, inspection.case == likely, &onchoose)) }
            </fieldset>
            { for open.map(|inspection| details(inspection, &props.whole, &places, &bench)) }
        </div>
    }
}

fn option(inspection: &Inspection, chosen: bool, likely: bool, onchoose: &Callback<UseCase>) -> Html {
    let case = inspection.case;
    let onchange = onchoose.reform(move |_: Event| case);
    html! {
        <label class="uc-option">
            <input type="radio" name="use-case" checked={chosen} {onchange} />
            <span class="uc-words">
                { case.words() }
                if likely {
                    <span class="pv-chip">{ "likely, by what is given" }</span>
                }
            </span>
            <span class="uc-counts">
                if inspection.findings.is_empty() {
                    { mark(Sign::Yes) }{ "fits what is given" }
                } else {
                    { for KINDS.iter().map(|kind| count(inspection, *kind)) }
                }
            </span>
        </label>
    }
}

const KINDS: [FindingKind; 3] = [FindingKind::Unsafe, FindingKind::Missing, FindingKind::Needless];

fn name(kind: FindingKind) -> (&'static str, Sign) {
    match kind {
        FindingKind::Unsafe => ("unsafe", Sign::Error),
        FindingKind::Missing => ("missing", Sign::No),
        FindingKind::Needless => ("needless", Sign::Info),
    }
}

fn count(inspection: &Inspection, kind: FindingKind) -> Html {
    let count = inspection.findings.iter().filter(|finding| finding.kind == kind).count();
    let (word, sign) = name(kind);
    html! {
        if count > 0 {
            <span class="uc-count">{ mark(sign) }{ format!("{count} {word}") }</span>
        }
    }
}

fn details(inspection: &Inspection, whole: &Shared<Whole>, places: &Places, bench: &Bench) -> Html {
    let fits = inspection.findings.is_empty();
    let (sign, said) = match fits {
        true => (Sign::Yes, "What is given does it: nothing is missing or unsafe."),
        false => (Sign::Warning, "What is given does not do it yet:"),
    };
    html! {
        <>
            { verdict_header(sign, inspection.case.recipe(), html! { <p class="faint">{ said }</p> }) }
            if !fits {
                <ul class="uc-findings" aria-label="What does not fit">
                    { for inspection.findings.iter().map(|finding| one(finding, places)) }
                </ul>
            }
            { settings(inspection, whole, bench) }
            { manifest(inspection, bench) }
        </>
    }
}

fn one(finding: &Finding, places: &Places) -> Html {
    let (word, sign) = name(finding.kind);
    let step = &finding.step;
    let spans = step.at.iter().chain(&step.because);
    html! {
        <li>
            { mark(sign) }
            <div>
                <p>
                    <strong class="uc-kind">{ word }</strong>{ " " }{ words(&step.finding) }
                    { for spans.map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
                </p>
                <p class="sources">
                    <span>{ words(step.rule.title) }</span>
                    { step.rule.doc.map(documentation_link) }
                    { upstream_link(step.rule.upstream, places.release()) }
                </p>
            </div>
        </li>
    }
}

/// What the answer depends on beside the manifests: which registries are open, and the plug-in that always pulls.
fn settings(inspection: &Inspection, whole: &Shared<Whole>, bench: &Bench) -> Html {
    if inspection.case == UseCase::Open {
        return Html::default();
    }
    let said = whole.report.node.as_ref().map(|node| node.scenario.scenario.registries.as_slice()).unwrap_or_default();
    let unsaid = inspection.assumptions.iter().filter_map(|taken: &Assumption| match taken.place() {
        Some(ScenarioPlace::OpenOf(host)) => Some((host.to_owned(), false, true)),
        _ => None,
    });
    let said = said.iter().filter_map(|given| Some((given.registry.clone(), given.open?, false)));
    let registries: Vec<(String, bool, bool)> = said.chain(unsaid).collect();
    let registry = |(host, open, unsaid): (String, bool, bool)| {
        let onchoose = changes(&whole.0, bench, {
            let host = host.clone();
            move |edit, open: bool| edit.set_open(&host, Some(open))
        });
        html! {
            <li>
                { "The images of " }<code>{ &host }</code>{ " are " }
                { either(format!("Who may have the images of {host}"), ["open to anybody", "proprietary"], open, &onchoose) }
                { assumed(unsaid) }{ "." }
            </li>
        }
    };
    let plug_in = AdmissionPlugin::AlwaysPullImages;
    let on = bench.cluster().admits_with(plug_in);
    let onswitch = {
        let (bench, whole) = (bench.clone(), whole.clone());
        Callback::from(move |on: bool| {
            let mut cluster = bench.cluster().clone();
            if on == plug_in.on_by_default() {
                cluster.switched_plugins.remove(&plug_in);
            } else {
                cluster.switched_plugins.insert(plug_in);
            }
            bench.set_cluster(&cluster, &whole.session.kubelet);
        })
    };
    html! {
        <section class="pv-section" aria-labelledby="uc-depends">
            <h3 id="uc-depends">{ "What this depends on" }</h3>
            <ul class="pv-said" aria-label="What this depends on">{ for registries.into_iter().map(registry) }</ul>
            { switch(plug_in.name().into(), "an admission plug-in of the API server".into(), on, &onswitch) }
        </section>
    }
}

/// What would do it, to be copied or put into the texts.
fn manifest(inspection: &Inspection, bench: &Bench) -> Html {
    if inspection.manifest.is_empty() {
        return Html::default();
    }
    let of_node = inspection.case == UseCase::VisibleToAll;
    let (title, kind) = if of_node {
        ("config.json of each node", InputKind::NodeConfig)
    } else {
        ("manifests.yaml", InputKind::Manifests)
    };
    let onclick = {
        let (bench, manifest) = (bench.clone(), inspection.manifest.clone());
        Callback::from(move |_: MouseEvent| {
            // The remark on top says where the file belongs; the file itself is JSON.
            let file: String =
                manifest.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
            let before = bench.texts().get(kind).as_str();
            let (text, message) = if of_node {
                (file, "The node's config.json was replaced. Fill in the user and the password.")
            } else {
                (
                    format!("{}\n---\n{manifest}", before.trim_end()),
                    "The manifests were added. Fill in users and passwords.",
                )
            };
            bench.replace(&[(kind, text)], message);
        })
    };
    html! {
        <section class="pv-section" aria-labelledby="uc-manifest">
            <h3 id="uc-manifest">{ "What does it" }</h3>
            <p class="faint">{ "With the names that were given; users and passwords are left for you to fill in." }</p>
            <Printed {title} text={inspection.manifest.clone()}>
                <button type="button" class="quiet small" {onclick}>{ if of_node { "Use as config.json" } else { "Add to the manifests" } }</button>
            </Printed>
        </section>
    }
}
