//! Where the credentials come from, in the order in which the kubelet sees the sources.

use super::board::counted;
use crate::parts::line_button::line_button;
use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::{Reasons, words};
use crate::places::Places;
use crate::prelude::*;
use podwhy_core::credentials::keyring::{Lookup, Source};
use podwhy_core::credentials::secrets::{PullSecret, SecretState};
use podwhy_core::report::{NodeFileReport, PodReport, Report};
use std::rc::Rc;

pub fn sources(places: &Places, pod: &PodReport, report: &Report) -> Html {
    html! {
        <ol class="cred-sources">
            { for pod.pull_secrets.iter().enumerate().map(|(index, secret)| one_secret(places, pod, index, secret)) }
            if pod.pull_secrets.is_empty() {
                <li>
                    { mark(Sign::Note) }
                    <div><p class="cred-source-name">{ "No pull secrets" }</p></div>
                </li>
            }
            <li class="cred-why">
                <Reasons title="Why these pull secrets?" steps={Rc::<[_]>::from(pod.pull_secret_names.trace.clone())} />
            </li>
            { node_file(places, &report.node_file) }
        </ol>
    }
}

fn one_secret(places: &Places, pod: &PodReport, index: usize, secret: &PullSecret) -> Html {
    let of_this = |source: &Source| matches!(source, Source::Secret { position, .. } if *position == index);
    let lookups = || pod.containers.iter().filter_map(|container| container.lookup.as_ref());
    let idle = lookups().count() > 0 && !lookups().flat_map(Lookup::attempts).any(|attempt| of_this(&attempt.source));
    let (sign, word) = match &secret.state {
        SecretState::Used(_) if idle => (Sign::Note, "read, no key matches"),
        state => secret_mark(state),
    };
    let spans = secret.reason.at.iter().chain(&secret.reason.because);
    html! {
        <li key={index}>
            { mark(sign) }
            <div>
                <p class="cred-source-name">
                    { "Secret " }<code>{ if secret.name.is_empty() { "\"\"" } else { &secret.name } }</code>
                    <span class="cred-chip">{ word }</span>
                    if let Some(config) = secret.config() {
                        <span class="faint">{ counted(config.entries.len(), "key", "keys") }</span>
                    }
                </p>
                <p class="finding">
                    { words(&secret.reason.finding) }
                    { for spans.map(|span| html! { <>{ " " }{ line_button(places, *span) }</> }) }
                </p>
            </div>
        </li>
    }
}

/// The mark of a pull secret's state and its word.
pub fn secret_mark(state: &SecretState) -> (Sign, &'static str) {
    match state {
        SecretState::Used(_) => (Sign::Yes, "used"),
        SecretState::Malformed(_) => (Sign::Error, "malformed: no image is pulled"),
        SecretState::WrongType => (Sign::Warning, "wrong type, passed over"),
        SecretState::NoData => (Sign::Warning, "no credentials in it, passed over"),
        SecretState::Refused => (Sign::No, "not stored by the API server"),
        SecretState::Missing => (Sign::Warning, "missing, passed over"),
        SecretState::NoName => (Sign::Note, "no name, passed over"),
    }
}

fn node_file(places: &Places, file: &NodeFileReport) -> Html {
    let (sign, word, text) = match (&file.path, &file.content) {
        (Some(_), Some(Err(error))) => (Sign::No, "cannot be read, passed over", error.message.clone()),
        (Some(_), Some(Ok(config))) if file.read => (Sign::Yes, "used", counted(config.entries.len(), "key", "keys")),
        (Some(_), _) => (Sign::Warning, "not read", String::new()),
        (None, _) => {
            (Sign::Note, "not given", "Paste a node's config.json beside the manifests if there is one.".to_owned())
        }
    };
    let broken = file.content.as_ref().and_then(|content| content.as_ref().err());
    html! {
            <li>
                { mark(sign) }
                <div>
                    <p class="cred-source-name">
                        { "The node's file" }
                        if let Some(path) = &file.path {
                            { " " }<code>{ path }</code>
                        }
                        <span class="cred-chip">{ word }</span>
                    </p>
                    if !text.is_empty() {
                        <p class="finding">
    { words(&text) }{ for broken.map(|error| html! { <>{ " " }{ line_button(places, error.span) }</> }) }</p>
                    }
                    if !file.trace.is_empty() {
                        <Reasons title="Where the kubelet looked" steps={Rc::<[_]>::from(file.trace.clone())} />
                    }
                </div>
            </li>
        }
}
