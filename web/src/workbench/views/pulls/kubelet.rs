//! What the kubelet runs with, as far as pulls depend on it; the common settings can be tried at once.

use super::scenario::Look;
use super::table::table;
use crate::parts::line_button::line_button;
use crate::parts::step_list::Reasons;
use crate::prelude::*;
use crate::texts::tab_name;
use crate::workbench::parts::chart::short;
use crate::workbench::parts::fields::{Choice, choice};
use podwhy_core::pulls::verification::VerificationPolicy;
use podwhy_core::session::InputKind;
use podwhy_source::Span;
use std::rc::Rc;

/// The values, and where they come from.
pub fn section(look: &Look) -> Html {
    let Some(kubelet) = look.whole.report.node.as_ref().map(|node| &node.kubelet) else { return Html::default() };
    let config = &kubelet.config;
    let limit = |value: i64| if value == 0 { "no limit".to_owned() } else { value.to_string() };
    let mut rows = vec![
        row("serializeImagePulls", config.serialize_image_pulls.to_string()),
        row(
            "maxParallelImagePulls",
            config.max_parallel_image_pulls.map_or_else(|| "not set".to_owned(), |limit| limit.to_string()),
        ),
        row("registryPullQPS", limit(config.registry_pull_qps)),
        row("registryBurst", config.registry_burst.to_string()),
    ];
    if let Some(policy) = &config.credentials_verification_policy {
        rows.push(row("imagePullCredentialsVerificationPolicy", policy.clone()));
        rows.push(row("preloadedImagesVerificationAllowlist", config.verification_allowlist.join(", ")));
    }
    if let Some(period) = config.max_container_restart_period {
        rows.push(row("crashLoopBackOff.maxContainerRestartPeriod", short(period)));
    }
    html! {
        <section class="pv-section" aria-labelledby="pv-kubelet">
            <h3 id="pv-kubelet">{ "What the kubelet runs with" }</h3>
            <p>
                if let Some(span) = kubelet.span {
                    { "From the KubeletConfiguration" }{ " " }{ line_button(look.places, Span { end: span.start, ..span }) }
                    { ", and its defaults." }
                } else {
                    { "These are the defaults: paste a KubeletConfiguration under " }{ tab_name(InputKind::KubeletConfig) }{ ", or choose here." }
                }
            </p>
            { tries(look) }
            <div><Reasons title="Why these values?" steps={Rc::from(kubelet.trace.as_slice())} /></div>
            { table("Fields of the KubeletConfiguration", &["Field", "Value"], rows) }
        </section>
    }
}

fn row(field: &'static str, value: String) -> Vec<Html> {
    vec![html! { <code>{ field }</code> }, html! { <code>{ value }</code> }]
}

/// Ways to pull, as the lines of the configuration that make them.
const PULLERS: [(&str, &str, &str); 4] = [
    ("true", "", "one at a time"),
    ("false", "2", "at most 2 at a time"),
    ("false", "5", "at most 5 at a time"),
    ("false", "", "all at once"),
];

/// The settings that people try; they are written into the configuration's text, if that is one that lines can be put into.
fn tries(look: &Look) -> Html {
    let text = look.bench.texts().get(InputKind::KubeletConfig).as_str();
    if !is_plain(text) {
        return Html::default();
    }
    let Some(kubelet) = look.whole.report.node.as_ref().map(|node| &node.kubelet) else { return Html::default() };
    let config = &kubelet.config;
    let limit =
        config.max_parallel_image_pulls.filter(|limit| *limit > 1).map(|limit| limit.to_string()).unwrap_or_default();
    let serial = config.serialize_image_pulls.to_string();
    let at = PULLERS.iter().position(|(serialize, max, _)| *serialize == serial && *max == limit);
    let mut pullers: Vec<Choice> =
        PULLERS.iter().enumerate().map(|(at, (_, _, words))| Choice::new(at.to_string(), *words)).collect();
    if at.is_none() {
        pullers.push(Choice::new("", "as configured"));
    }
    let (bench, text) = (look.bench.clone(), text.to_owned());
    let onpuller = Callback::from({
        let (bench, text) = (bench.clone(), text.clone());
        move |chosen: String| {
            let Some((serialize, max, _)) = chosen.parse::<usize>().ok().and_then(|at| PULLERS.get(at)) else { return };
            let text = with_line(&with_line(&text, "serializeImagePulls", serialize), "maxParallelImagePulls", max);
            bench.replace(&[(InputKind::KubeletConfig, text)], "");
        }
    });
    let onpolicy = Callback::from(move |chosen: String| {
        bench.replace(
            &[(InputKind::KubeletConfig, with_line(&text, "imagePullCredentialsVerificationPolicy", &chosen))],
            "",
        );
    });
    let policies = VerificationPolicy::NAMES.map(|name| Choice::new(name, name));
    html! {
        <ul class="pv-said" aria-label="Settings of the kubelet">
            <li>{ "It pulls " }{ choice("How many images the kubelet pulls at a time".to_owned(), &pullers, &at.map(|at| at.to_string()).unwrap_or_default(), &onpuller) }{ "." }</li>
            if let Some(policy) = &config.credentials_verification_policy {
                <li>{ "Who may use an image that is there: " }{ choice("Verification of credentials".to_owned(), &policies, policy, &onpolicy) }{ "." }</li>
            }
        </ul>
    }
}

/// Whether lines can be put into the text: it is empty, or one document in block style.
fn is_plain(text: &str) -> bool {
    let text = text.trim_start();
    !text.starts_with(['{', '[', '%']) && !text.trim_start_matches("---").contains("\n---")
}

/// The configuration with this line in place of the field's own; an empty value takes it away.
fn with_line(text: &str, field: &str, value: &str) -> String {
    let base = if text.trim().is_empty() {
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
    } else {
        text
    };
    let line = format!("{field}: {value}");
    let is_own = |given: &str| given.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let mut written = false;
    let mut lines: Vec<&str> = Vec::new();
    for given in base.lines() {
        if !is_own(given) {
            lines.push(given);
        } else if !value.is_empty() && !written {
            written = true;
            lines.push(&line);
        }
    }
    if !value.is_empty() && !written {
        lines.push(&line);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

    #[test]
    fn a_line_is_added_replaced_and_taken_away() {
        let one = with_line("", "maxParallelImagePulls", "2");
        assert_eq!(one, format!("{HEAD}maxParallelImagePulls: 2\n"));
        let more = format!("{one}featureGates:\n  maxParallelImagePulls: true\n");
        let two = with_line(&more, "maxParallelImagePulls", "5");
        assert!(two.contains("\nmaxParallelImagePulls: 5\n") && two.contains("\n  maxParallelImagePulls: true\n"));
        assert_eq!(with_line(&one, "maxParallelImagePulls", ""), HEAD);
    }

    #[test]
    fn only_block_style_takes_lines() {
        assert!(is_plain("") && is_plain(HEAD) && is_plain("---\nkind: x\n"));
        assert!(!is_plain("{\"kind\": 1}") && !is_plain("a: 1\n---\nb: 2\n"));
    }
}
