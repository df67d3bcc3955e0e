//! The node's credentials file: whether the kubelet looks where it lies, and what stands in it.

use crate::credentials::advice;
use crate::credentials::docker_config::{self, DockerConfig, Format};
use crate::credentials::search_path::{NodeFile, search, search_paths};
use crate::report::NodeFileReport;
use crate::rule::credentials as rules;
use crate::session::{InputKind, Session};
use crate::trace::{Mark, Step};
use podwhy_source::Diagnostic;
use podwhy_source::json::Place;

pub(super) fn evaluate(session: &Session) -> (NodeFileReport, Vec<Diagnostic>) {
    let none = NodeFileReport { path: None, trace: Vec::new(), content: None, read: false, notes: Vec::new() };
    let given = session.inputs_of(InputKind::NodeConfig).find(|(_, input)| !input.text.trim().is_empty());
    let Some((id, input)) = given else { return (none, Vec::new()) };
    let path = &session.kubelet.node_config;
    let place = Place::Within(id, 0);
    let format = if path.ends_with("config.json") { Format::DockerConfigJson } else { Format::DockerCfg };
    let content = docker_config::parse(&input.text, format, place);
    let found = search(&session.kubelet, &[NodeFile { path: path.clone(), text: Some(input.text.clone()), place }]);
    let read = found.config.is_some();
    let notes = found.notes();
    let mut trace: Vec<Step> = found.looked_at.into_iter().map(|looked| looked.step).collect();
    if !read && content.is_ok() {
        let places: Vec<_> = search_paths(&session.kubelet).into_iter().map(|path| path.path).collect();
        let mut finding =
            format!("The file lies at {path}, where this kubelet does not look; it looks at {}.", places.join(", "));
        if session.kubelet.home.is_none() {
            finding.push_str(" It has no HOME: set one for the kubelet, or put the file into its root directory.");
        }
        trace.push(Step::new(&rules::NODE_FILE_SEARCH, Mark::No, finding));
    }
    let problems = match &content {
        Err(error) => vec![
            Diagnostic::error("node-file", error.message.clone(), error.span)
                .with_help("The kubelet passes over the whole file and pulls without it; it only logs that."),
        ],
        Ok(config) => remarks(config, format, read, session),
    };
    (NodeFileReport { path: Some(path.clone()), trace, content: Some(content), read, notes }, problems)
}

/// What can be read and still is not used.
fn remarks(config: &DockerConfig, format: Format, read: bool, session: &Session) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if !read {
        let message =
            format!("The kubelet does not look at {}, so nothing in this file counts.", session.kubelet.node_config);
        let help = if session.kubelet.home.is_none() {
            "The kubelet has no HOME here. Choose where the file lies and whether the kubelet has one under Cluster."
        } else {
            "Choose where the file lies under Cluster."
        };
        let span = config.entries.first().map(|entry| entry.key_span);
        problems.push(Diagnostic::warning("node-file-not-read", message, span).with_help(help));
    }
    for advice in advice::of_config(config, format) {
        problems.push(Diagnostic::info("node-file", advice.step.finding, advice.step.at));
    }
    problems
}
