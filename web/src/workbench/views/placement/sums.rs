//! What the pod asks for: each resource as a bar and as the sum that it shows.

use crate::parts::line_button::line_button;
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::defaulting::pod_resources::{Part, Source, Sum};
use podwhy_core::evaluate::whole::placement::Placement;

pub fn section(places: &Places, placement: &Placement) -> Html {
    let resources = &placement.resources;
    if resources.requests.is_empty() && resources.limits.is_empty() {
        return Html::default();
    }
    html! {
        <section class="place-section" aria-label="Sums of resources">
            <h3>{ "What the pod asks for" }</h3>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Sums of requests and limits">
                <table class="place-table place-sums">
                    <thead><tr><th scope="col">{ "Resource" }</th><th scope="col">{ "Sum" }</th><th scope="col">{ "Total" }</th></tr></thead>
                    <tbody>
                        { for resources.requests.iter().map(|sum| row(places, "request", sum)) }
                        { for resources.limits.iter().map(|sum| row(places, "limit", sum)) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn row(places: &Places, kind: &'static str, sum: &Sum) -> Html {
    let counts = sum.parts.iter().filter(|part| part.counts);
    let unused: Vec<&Part> = sum.parts.iter().filter(|part| !part.counts).collect();
    html! {
        <tr>
            <th scope="row"><code>{ &sum.resource }</code>{ " " }<span class="faint">{ kind }</span></th>
            <td>
                { bar(sum) }
                <p class="sum-words">
                    { for counts.enumerate().map(|(index, part)| html! {
                        <>if index > 0 { <span class="faint">{ " + " }</span> }{ term(places, part) }</>
                    }) }
                </p>
                if !unused.is_empty() {
                    <p class="sum-words faint">
                        { "not counted, because it needs less: " }
                        { for unused.into_iter().enumerate().map(|(index, part)| html! {
                            <>if index > 0 { { ", " } }{ term(places, part) }</>
                        }) }
                    </p>
                }
            </td>
            <td class="sum-total"><code>{ sum.total.to_string() }</code></td>
        </tr>
    }
}

fn term(places: &Places, part: &Part) -> Html {
    html! {
        <span class="sum-term">
            <span class={classes!("sum-key", hue(&part.source))} aria-hidden="true"></span>
            { source(&part.source) }{ " " }<code>{ part.amount.value.to_string() }</code>
            { for part.amount.origin.span().map(|span| line_button(places, span)) }
        </span>
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Container(name) => name.clone(),
        Source::Sidecar(name) => format!("sidecar {name}"),
        Source::InitStep { container, beside } if beside.is_empty() => format!("while init container {container} runs"),
        Source::InitStep { container, beside } => {
            format!("while init container {container} runs beside {}", beside.join(", "))
        }
        Source::PodLevel => "the pod as a whole".to_owned(),
        Source::Overhead => "overhead".to_owned(),
    }
}

fn hue(source: &Source) -> &'static str {
    match source {
        Source::Container(_) | Source::PodLevel => "container",
        Source::Sidecar(_) => "sidecar",
        Source::InitStep { .. } => "init",
        Source::Overhead => "overhead",
    }
}

/// The parts that count, each as long as its share. The sum beside it says the same.
fn bar(sum: &Sum) -> Html {
    const LENGTH: i128 = 1000;
    let amount = |part: &&Part| i128::from(part.amount.value.milli_value().unwrap_or(i64::MAX).max(0));
    let parts: Vec<&Part> = sum.parts.iter().filter(|part| part.counts).collect();
    let total: i128 = parts.iter().map(amount).sum::<i128>().max(1);
    let mut start = 0;
    let segments = parts.iter().map(|part| {
        let x = start * LENGTH / total;
        start += amount(part);
        let width = start * LENGTH / total - x;
        html! { <rect class={hue(&part.source)} x={x.to_string()} y="0" width={width.to_string()} height="10" /> }
    });
    html! {
        <svg class="sum-bar" viewBox="0 0 1000 10" width="100%" height="10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            { for segments }
        </svg>
    }
}
