//! Cordoned nodes. Upstream: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go.

use super::taint_toleration::tolerating;
use super::{Answer, Candidate, NodeInfo, named};
use crate::api::scheduling::Taint;
use crate::rule::scheduling::NODE_UNSCHEDULABLE;
use crate::trace::{Mark, Step};

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo) -> Answer {
    let node = named(&info.node.metadata);
    let Some(unschedulable) = info.node.unschedulable.as_ref().filter(|field| field.value) else {
        return (Vec::new(), vec![Step::new(&NODE_UNSCHEDULABLE, Mark::Yes, format!("{node} is not cordoned."))]);
    };
    let taint = Taint {
        span: unschedulable.span,
        key: "node.kubernetes.io/unschedulable".to_owned(),
        value: String::new(),
        effect: "NoSchedule".to_owned(),
    };
    if let Some(toleration) = tolerating(&candidate.tolerations, &taint) {
        let finding = format!("{node} is cordoned, but the pod tolerates that.");
        let step = Step::new(&NODE_UNSCHEDULABLE, Mark::Yes, finding).at(unschedulable.span);
        return (Vec::new(), vec![step.because(toleration.span)]);
    }
    let finding = format!("{node} is cordoned.");
    let step = Step::new(&NODE_UNSCHEDULABLE, Mark::No, finding).at(unschedulable.span);
    (vec!["node(s) were unschedulable".to_owned()], vec![step])
}
