//! The only entry: everything that was given, through every stage, into one report.

mod given;
mod node_file;
mod node_side;
mod pod;

use crate::feature::Feature;
use crate::report::{DocumentState, FORMAT, NodeReport, Report};
use crate::session::Session;
use crate::simulation;
use given::{Given, not_evaluated};
use node_side::NodeSide;
use podwhy_source::Diagnostic;
use std::rc::Rc;

/// The feature gates that an answer of [`evaluate`] depends on.
pub const GATES: &[Feature] =
    &[Feature::EphemeralContainers, Feature::ImageVolume, Feature::KubeletEnsureSecretPulledImages];

/// Answers what API server and kubelet decide about the session's texts before anything is pulled. It never fails: what
/// cannot be read or evaluated is among the report's problems, and everything else is answered.
#[must_use]
pub fn evaluate(session: &Session) -> Report {
    let mut given = Given::read(session);
    let mut report = first_answers(session, &mut given);
    for (document, ..) in &given.for_node {
        if let Some(document) = report.documents.get_mut(*document) {
            document.state = DocumentState::NotEvaluated;
            given.problems.push(not_evaluated(&document.title, document.span));
        }
    }
    report.take_problems(given.problems);
    report
}

/// As [`evaluate`], with what happens on the nodes beside it: kubelet configuration, credential provider plug-ins and
/// scenario are read, and each pod's first pulls simulated. An entry of its own, so that a page that shows nothing of
/// it need not download it.
#[must_use]
pub fn evaluate_with_pulls(session: &Session) -> Report {
    let mut given = Given::read(session);
    let mut report = first_answers(session, &mut given);
    let found = std::mem::take(&mut given.for_node).into_iter().map(|(_, kind, node)| (kind, node)).collect();
    let mut side = NodeSide::read(session, found);
    let (kubelet, cluster) = side.kubelet(&session.cluster);
    let world = side.world(&mut given, cluster, kubelet.config.clone(), &report.pods);
    report.node = Some(NodeReport { kubelet, scenario: side.scenario });
    let summaries = simulation::summaries(&report, &world);
    for (pod, summary) in report.pods.iter_mut().zip(summaries) {
        pod.pull = summary;
    }
    report.world = Some(Rc::new(world));
    report.take_problems(side.problems);
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
