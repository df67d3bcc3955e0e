//! Images, pull policies and credentials: what is decided before anything is pulled.

use super::{Page, mark_of};
use podwhy_core::credentials::keyring::{Lookup, Source};
use podwhy_core::evaluate::Whole;
use podwhy_core::report::ContainerReport;
use podwhy_core::trace::Mark;

/// The pull secrets, and each container's image, pull policy and credentials.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(pod) = whole.report.pods.get(pod) else { return };
    out.line(2, "Pull secrets");
    out.steps(4, &pod.pull_secret_names.trace);
    out.steps(4, pod.pull_secrets.iter().map(|secret| &secret.reason));
    for container in &pod.containers {
        container_section(container, out);
    }
}

fn container_section(container: &ContainerReport, out: &mut Page) {
    let mark = mark_of(container.verdict.tone);
    let title = format!("{} {}: {mark}{}", container.user.words(), container.name, container.verdict.text);
    out.heading(&title);
    if let Some(reference) = &container.reference {
        out.line(4, "Image name");
        out.steps(6, &reference.trace);
    }
    out.line(4, &format!("Pull policy {}", container.policy.outcome));
    out.steps(6, &container.policy.trace);
    if let Some(found) = &container.lookup {
        lookup(found, out);
    }
    out.changes(4, &container.changes);
    out.notes(4, &container.notes);
}

fn lookup(lookup: &Lookup, out: &mut Page) {
    out.line(4, &format!("Credentials for {}", lookup.repository));
    out.steps(6, &lookup.trace);
    for attempt in lookup.attempts() {
        let place = out.place(Some(attempt.span));
        let (source, user) = (source_words(&attempt.source), &attempt.credential.username);
        out.line(6, &format!("{}. key {} of {source}, user {user}{place}", attempt.number, attempt.written));
    }
    for cell in lookup.cells.iter().filter(|cell| cell.comparison.as_ref().is_none_or(|found| !found.matched)) {
        out.steps(6, cell.trace.iter().rev().find(|step| step.mark == Mark::No));
    }
}

/// Where a credential comes from.
pub(super) fn source_words(source: &Source) -> String {
    match source {
        Source::Secret { name, .. } => format!("Secret {name}"),
        Source::NodeFile => "the node's file".to_owned(),
        Source::Provider { name, .. } => format!("credential provider {name}"),
    }
}
