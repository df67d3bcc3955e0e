//! Pods for the tests of this view.

use crate::shared::Shared;
use podwhy_core::evaluate::evaluate;
use podwhy_core::report::{PodReport, Report};
use podwhy_core::session::{Input, InputKind, Session};

/// The report on a pod with this spec and a node's `config.json`; a blank one is not given.
pub fn report(spec: &str, node_config: &str) -> Report {
    manifests(&format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{spec}}}}}"), node_config)
}

/// The report on manifests and a node's `config.json`.
pub fn manifests(manifests: &str, node_config: &str) -> Report {
    let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
    let inputs = vec![input(InputKind::Manifests, manifests), input(InputKind::NodeConfig, node_config)];
    evaluate(&Session { inputs, ..Session::default() })
}

/// The pod of [`report`].
pub fn pod(spec: &str, node_config: &str) -> Shared<PodReport> {
    Shared::new(report(spec, node_config).pods.remove(0))
}
