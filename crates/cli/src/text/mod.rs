//! The whole answer for people at a terminal. Each topic has a file of its own.

pub mod environment;
pub mod images;
pub mod lifecycle;
pub mod placement;
pub mod points_at;
pub mod problems;
pub mod pulls;
pub mod restarts;
pub mod sources;
pub mod stored;
pub mod use_cases;

use crate::topics;
use podwhy_core::evaluate::Whole;
use podwhy_core::release::Release;
use podwhy_core::report::{PodReport, Tone, Verdict};
use podwhy_core::rule::DocNote;
use podwhy_core::scenario::Assumption;
use podwhy_core::session::Session;
use podwhy_core::simulation::arrival::Held;
use podwhy_core::time::Duration;
use podwhy_core::trace::{Change, Mark, Step};
use podwhy_source::{LineIndex, Span};
use std::fmt::Write;

/// Problems first, then pod by pod every topic with its reasons.
pub(crate) fn render(whole: &Whole) -> String {
    let mut page = Page::new(&whole.session);
    let report = &whole.report;
    page.line(0, &format!("Kubernetes {}", report.release));
    problems::section(whole, &mut page);
    if !report.node_file.trace.is_empty() {
        page.line(0, "");
        page.line(0, "The node's credentials file");
        page.steps(2, &report.node_file.trace);
        page.notes(2, &report.node_file.notes);
    }
    for (position, pod) in report.pods.iter().enumerate() {
        page.line(0, "");
        page.pod(pod);
        if let Some(outlook) = whole.outlook(position) {
            page.verdict(2, &outlook.verdict);
        }
        images::section(whole, position, &mut page);
        for topic in topics::ALL {
            (topic.text)(whole, position, &mut page);
        }
    }
    placement::classes(whole, &mut page);
    restarts::section(whole, &mut page);
    use_cases::section(whole, &mut page);
    page.out
}

/// The text so far, and the places that its sentences name.
pub struct Page<'a> {
    pub(crate) out: String,
    session: &'a Session,
    lines: Vec<LineIndex>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(session: &'a Session) -> Self {
        let lines = session.inputs.iter().map(|input| LineIndex::new(&input.text)).collect();
        Self { out: String::new(), session, lines }
    }

    /// One line; `text` may have several, which are all indented.
    pub fn line(&mut self, indent: usize, text: &str) {
        if text.is_empty() {
            self.out.push('\n');
        }
        for line in text.lines() {
            let line = line.trim_end();
            // Writing to a String cannot fail.
            let _ = writeln!(self.out, "{:indent$}{line}", "", indent = if line.is_empty() { 0 } else { indent });
        }
    }

    /// The beginning of a topic, with an empty line before it.
    pub fn heading(&mut self, title: &str) {
        self.line(0, "");
        self.line(2, title);
    }

    /// The answer in one sentence.
    pub fn verdict(&mut self, indent: usize, verdict: &Verdict) {
        let mark = mark_of(verdict.tone);
        self.line(indent, &format!("{mark}{}", verdict.text));
    }

    /// The answer of a simulation: what it comes to, or for a pod that nothing starts first why, what is seen of it, and
    /// that the rest only follows otherwise.
    pub(crate) fn simulated(&mut self, name: &str, held: Option<&Held>, simulated: &Verdict, at: (Duration, Release)) {
        let Some(held) = held else { return self.verdict(4, simulated) };
        self.verdict(4, &held.verdict);
        self.line(4, &format!("kubectl get pods, at {}", at.0));
        self.line(6, &held.get_pods_at(name, at.0));
        if let Some(table) = held.describe_events_at(at.0, at.1) {
            self.line(4, &format!("kubectl describe pod, at {}", at.0));
            self.line(6, &table);
        }
        self.line(4, &format!("{}, this would follow:", held.otherwise));
        self.verdict(4, simulated);
    }

    /// Steps, one a line, each with its mark and the place that it looks at.
    pub fn steps<'s>(&mut self, indent: usize, steps: impl IntoIterator<Item = &'s Step>) {
        for step in steps {
            let mark = written(LineMark::Step(step.mark));
            let place = self.place(step.at);
            self.line(indent, &format!("{mark}{}{place}", step.finding));
        }
    }

    /// Where another release answers otherwise.
    pub fn changes(&mut self, indent: usize, changes: &[Change]) {
        for change in changes {
            self.line(
                indent,
                &format!(
                    "Changed {}: before, {}; since, {}.",
                    change.since,
                    ended(&change.before),
                    ended(&change.after)
                ),
            );
        }
    }

    /// Where the documentation says otherwise.
    pub fn notes(&mut self, indent: usize, notes: &[&DocNote]) {
        for note in notes {
            self.line(indent, &format!("The documentation ({}) says: {}", note.editions, note.claim));
            self.line(indent + 2, &format!("In fact: {}", note.truth));
        }
    }

    /// What was taken for granted, and where in the scenario it is changed.
    pub fn assumptions(&mut self, indent: usize, assumptions: &[Assumption]) {
        if !assumptions.is_empty() {
            self.line(indent, "Taken for granted");
        }
        for assumption in assumptions {
            self.line(indent + 2, &format!("? {} (scenario: {})", assumption.text, assumption.key));
        }
    }

    fn pod(&mut self, pod: &PodReport) {
        let place = self.place(Some(pod.span));
        self.line(0, &format!("{} in namespace {}{place}", pod.title, pod.namespace));
        if let Some(refused) = &pod.refused {
            let path = if refused.path.is_empty() { String::new() } else { format!("{}: ", refused.path) };
            self.line(2, &format!("The API server refuses it: {path}{}", refused.message));
        }
    }

    /// The place behind a sentence: ` (pod.yaml:12)`, or nothing.
    #[must_use]
    pub fn place(&self, span: Option<Span>) -> String {
        let found = span.and_then(|span| {
            let input = self.session.input(span.input)?;
            let line = self.lines.get(usize::from(span.input.0))?.line_of(span.start);
            Some(format!(" ({}:{line})", input.name))
        });
        found.unwrap_or_default()
    }
}

/// What a line of the text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineMark {
    /// How things stand: of a verdict.
    Tone(Tone),
    /// What a test came to: of a step.
    Step(Mark),
}

/// The marks as they are written, with the blank behind them.
const MARKS: [(LineMark, &str); 6] = [
    (LineMark::Tone(Tone::Fine), "[ok] "),
    (LineMark::Tone(Tone::Look), "[look] "),
    (LineMark::Tone(Tone::Fails), "[fails] "),
    (LineMark::Step(Mark::Yes), "+ "),
    (LineMark::Step(Mark::No), "- "),
    (LineMark::Step(Mark::Note), ". "),
];

/// A line's mark as it is written, with the blank behind it.
fn written(mark: LineMark) -> &'static str {
    MARKS.iter().find(|(known, _)| *known == mark).map_or("", |(_, written)| written)
}

/// The mark before a verdict's sentence, with the blank behind it.
pub(crate) fn mark_of(tone: Tone) -> &'static str {
    written(LineMark::Tone(tone))
}

/// A line of the text without its mark, and the mark if it has one.
#[must_use]
pub fn split_mark(line: &str) -> (Option<LineMark>, &str) {
    let known = MARKS.iter().find_map(|(mark, written)| Some((Some(*mark), line.strip_prefix(written)?)));
    known.unwrap_or((None, line))
}

/// A sentence as a part of another one.
fn ended(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}
