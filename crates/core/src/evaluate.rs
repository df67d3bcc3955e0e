//! The only entry: everything that was given, through every stage, into one report.

mod given;
mod mistaken;
mod node_file;
mod node_side;
mod pod;
pub mod whole;

use crate::feature::Feature;
use crate::report::{FORMAT, Report};
use crate::session::Session;
use given::Given;
use podwhy_source::Diagnostic;
pub use whole::{LifeStage, Outlook, Part, Problem, Source, Whole};

/// The feature gates that an answer of [`evaluate`] depends on.
pub const GATES: &[Feature] =
    &[Feature::EphemeralContainers, Feature::ImageVolume, Feature::KubeletEnsureSecretPulledImages];

/// Answers what API server and kubelet decide about the session's texts before anything is pulled. It never fails: what
/// cannot be read or evaluated is among the report's problems, and everything else is answered.
#[must_use]
pub fn evaluate(session: &Session) -> Report {
    let mut given = Given::read(session);
    let mut report = first_answers(session, &mut given);
    report.take_problems(given.problems);
    report
}

fn first_answers(session: &Session, given: &mut Given) -> Report {
    let documents = std::mem::take(&mut given.documents);
    let given = &*given;
    let (node_file, mut problems) = node_file::evaluate(session);
    let surroundings = pod::Surroundings::new(given, &session.cluster, &node_file);
    problems.extend(given.unused_stored());
    let mut pods = Vec::new();
    for (document, pod) in &given.pods {
        let (report, found) = pod::evaluate(*document, pod, &surroundings);
        pods.push(report);
        problems.extend(found);
    }
    Report {
        format: FORMAT,
        release: session.cluster.release,
        documents,
        pods,
        node_file,
        node: None,
        problems,
        world: None,
    }
}

impl Report {
    fn take_problems(&mut self, problems: Vec<Diagnostic>) {
        self.problems.extend(problems);
        self.problems.sort_by(|a, b| place(a).cmp(&place(b)));
        self.problems.dedup();
    }
}

/// Problems are listed as the text is read; at one place the more severe comes first.
fn place(problem: &Diagnostic) -> impl Ord {
    (problem.span.map(|span| (span.input, span.start)), problem.severity, problem.code)
}

#[cfg(test)]
mod tests;
