//! The report for people at a terminal.

use podwhy_core::credentials::keyring::{Lookup, Source};
use podwhy_core::report::{ContainerReport, PodReport, Report, Tone};
use podwhy_core::session::Session;
use podwhy_core::trace::{Mark, Step};
use podwhy_source::{LineIndex, Severity, Span};
use std::fmt::Write;

/// The whole report: problems first, then pod by pod the answer with its reasons.
pub fn render(report: &Report, session: &Session) -> String {
    let lines = session.inputs.iter().map(|input| LineIndex::new(&input.text)).collect();
    let mut page = Page { out: String::new(), session, lines };
    page.report(report);
    page.out
}

struct Page<'a> {
    out: String,
    session: &'a Session,
    lines: Vec<LineIndex>,
}

impl Page<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn report(&mut self, report: &Report) {
        self.line(0, &format!("Kubernetes {}", report.release));
        if !report.problems.is_empty() {
            self.line(0, "");
            self.line(0, "Problems");
        }
        for problem in &report.problems {
            let word = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "note",
            };
            let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
            let place = self.place(problem.span);
            self.line(2, &format!("{word}{place}: {path}{}", problem.message));
            if !problem.help.is_empty() {
                self.line(4, &problem.help);
            }
        }
        if !report.node_file.trace.is_empty() {
            self.line(0, "");
            self.line(0, "The node's credentials file");
            self.steps(2, &report.node_file.trace);
        }
        for pod in &report.pods {
            self.pod(pod);
        }
    }

    fn pod(&mut self, pod: &PodReport) {
        self.line(0, "");
        let place = self.place(Some(pod.span));
        self.line(0, &format!("{} in namespace {}{place}", pod.title, pod.namespace));
        if let Some(refused) = &pod.refused {
            let path = if refused.path.is_empty() { String::new() } else { format!("{}: ", refused.path) };
            self.line(2, &format!("The API server refuses it: {path}{}", refused.message));
        }
        self.line(2, "Pull secrets");
        self.steps(4, &pod.pull_secret_names.trace);
        let reasons: Vec<Step> = pod.pull_secrets.iter().map(|secret| secret.reason.clone()).collect();
        self.steps(4, &reasons);
        for container in &pod.containers {
            self.container(container);
        }
    }

    fn container(&mut self, container: &ContainerReport) {
        self.line(0, "");
        let mark = match container.verdict.tone {
            Tone::Fine => "ok",
            Tone::Look => "look",
            Tone::Fails => "fails",
        };
        self.line(2, &format!("{} {}: [{mark}] {}", container.user.words(), container.name, container.verdict.text));
        if let Some(reference) = &container.reference {
            self.line(4, "Image name");
            self.steps(6, &reference.trace);
        }
        self.line(4, &format!("Pull policy {}", container.policy.outcome));
        self.steps(6, &container.policy.trace);
        if let Some(lookup) = &container.lookup {
            self.lookup(lookup);
        }
        for change in &container.changes {
            self.line(4, &format!("Changed {}: before, {}; since, {}.", change.since, change.before, change.after));
        }
        for note in &container.notes {
            self.line(4, &format!("The documentation ({}) says: {}", note.editions, note.claim));
            self.line(6, &format!("In fact: {}", note.truth));
        }
    }

    fn lookup(&mut self, lookup: &Lookup) {
        self.line(4, &format!("Credentials for {}", lookup.repository));
        self.steps(6, &lookup.trace);
        for attempt in lookup.attempts() {
            let source = match &attempt.source {
                Source::Secret { name, .. } => format!("Secret {name}"),
                Source::NodeFile => "the node's file".to_owned(),
                Source::Provider { name, .. } => format!("credential provider {name}"),
            };
            let place = self.place(Some(attempt.span));
            let user = &attempt.credential.username;
            self.line(6, &format!("{}. key {} of {source}, user {user}{place}", attempt.number, attempt.written));
        }
        for cell in lookup.cells.iter().filter(|cell| cell.comparison.as_ref().is_none_or(|found| !found.matched)) {
            if let Some(step) = cell.trace.iter().rev().find(|step| step.mark == Mark::No) {
                self.steps(6, std::slice::from_ref(step));
            }
        }
    }

    fn steps(&mut self, indent: usize, steps: &[Step]) {
        for step in steps {
            let mark = match step.mark {
                Mark::Yes => "+",
                Mark::No => "-",
                Mark::Note => ".",
            };
            let place = self.place(step.at);
            self.line(indent, &format!("{mark} {}{place}", step.finding));
        }
    }

    /// The place behind a sentence: ` (pod.yaml:12)`, or nothing.
    fn place(&self, span: Option<Span>) -> String {
        let found = span.and_then(|span| {
            let input = self.session.input(span.input)?;
            let line = self.lines.get(usize::from(span.input.0))?.line_of(span.start);
            Some(format!(" ({}:{line})", input.name))
        });
        found.unwrap_or_default()
    }
}
