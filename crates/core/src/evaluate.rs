//! The only entry: everything that was given, through every stage, into one report.

mod given;
mod node_file;
mod pod;

use crate::report::{FORMAT, Report};
use crate::session::Session;
use given::Given;
use podwhy_source::Diagnostic;

/// Answers what Kubernetes decides about the session's texts. It never fails: what cannot be read or evaluated is
/// among the report's problems, and everything else is answered.
#[must_use]
pub fn evaluate(session: &Session) -> Report {
    let mut given = Given::read(session);
    let (node_file, mut problems) = node_file::evaluate(session);
    let node_config =
        if node_file.read { node_file.content.as_ref().and_then(|content| content.as_ref().ok()) } else { None };
    let surroundings = pod::Surroundings::new(&given, &session.cluster, node_config);
    let mut pods = Vec::new();
    for (document, pod) in &given.pods {
        let (report, found) = pod::evaluate(*document, pod, &surroundings);
        pods.push(report);
        problems.extend(found);
    }
    problems.append(&mut given.problems);
    problems.sort_by(|a, b| place(a).cmp(&place(b)));
    problems.dedup();
    Report { format: FORMAT, release: session.cluster.release, documents: given.documents, pods, node_file, problems }
}

/// Problems are listed as the text is read; at one place the more severe comes first.
fn place(problem: &Diagnostic) -> impl Ord {
    (problem.span.map(|span| (span.input, span.start)), problem.severity, problem.code)
}

#[cfg(test)]
mod tests;
