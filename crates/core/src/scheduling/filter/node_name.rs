//! Pods that name their node. Upstream: pkg/scheduler/framework/plugins/nodename/node_name.go.

use super::{Answer, Candidate, NodeInfo, named};
use crate::rule::scheduling::NODE_NAME;
use crate::trace::{Mark, Step};

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo) -> Answer {
    let Some(wanted) = candidate.pod.placement.node_name.as_ref().filter(|name| !name.value.is_empty()) else {
        return (Vec::new(), vec![Step::new(&NODE_NAME, Mark::Yes, "The pod names no node.")]);
    };
    if wanted.value == info.node.name() {
        let finding = format!("The pod names this node, `{}`.", wanted.value);
        return (Vec::new(), vec![Step::new(&NODE_NAME, Mark::Yes, finding).at(wanted.span)]);
    }
    let finding = format!("The pod names another node, `{}`: {} is out.", wanted.value, named(&info.node.metadata));
    let step = Step::new(&NODE_NAME, Mark::No, finding).at(wanted.span);
    (vec!["node(s) didn't match the requested node name".to_owned()], vec![step])
}
