//! The only entry: everything that was given, through every stage, into one report.

mod given;
mod node_file;
mod node_side;
mod pod;

use crate::report::{FORMAT, Report};
use crate::session::Session;
use crate::simulation;
use given::Given;
use node_side::NodeSide;
use podwhy_source::Diagnostic;
use std::rc::Rc;

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
    let mut side = NodeSide::read(session, std::mem::take(&mut given.for_node));
    let (kubelet, cluster) = side.kubelet(&session.cluster);
    let world = side.world(&mut given, cluster, kubelet.config.clone(), &pods);
    problems.append(&mut side.problems);
    problems.append(&mut given.problems);
    problems.sort_by(|a, b| place(a).cmp(&place(b)));
    problems.dedup();
    let mut report = Report {
        format: FORMAT,
        release: session.cluster.release,
        documents: given.documents,
        pods,
        node_file,
        kubelet,
        scenario: side.scenario,
        problems,
        world: None,
    };
    let summaries = simulation::summaries(&report, &world);
    for (pod, summary) in report.pods.iter_mut().zip(summaries) {
        pod.pull = summary;
    }
    report.world = Some(Rc::new(world));
    report
}

/// Problems are listed as the text is read; at one place the more severe comes first.
fn place(problem: &Diagnostic) -> impl Ord {
    (problem.span.map(|span| (span.input, span.start)), problem.severity, problem.code)
}

#[cfg(test)]
mod tests;
