//! Taints that keep pods away. Upstream: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go.

use super::{Answer, Candidate, NodeInfo, named};
use crate::api::scheduling::{Taint, Toleration};
use crate::release::Cluster;
use crate::rule::scheduling::{TAINT_NOT_NAMED, TAINT_TOLERATION, TAINT_UNTOLERATED_WORDS};
use crate::trace::{Mark, Step};

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo, cluster: &Cluster) -> Answer {
    let node = named(&info.node.metadata);
    let mut steps = Vec::new();
    let mut first = None;
    // A taint with PreferNoSchedule only makes a node less liked.
    for taint in info.node.taints.iter().filter(|taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute")) {
        let (mark, finding, because) = match tolerating(&candidate.tolerations, taint) {
            Some(toleration) => {
                let words = toleration.words();
                let finding = format!("{node} has the taint `{}`; the pod tolerates it with `{words}`.", taint.words());
                (Mark::Yes, finding, Some(toleration.span))
            }
            None => {
                first = first.or(Some(taint));
                (Mark::No, format!("{node} has the taint `{}`, which the pod does not tolerate.", taint.words()), None)
            }
        };
        steps.push(Step::new(&TAINT_TOLERATION, mark, finding).at(taint.span).because(because));
    }
    if steps.is_empty() {
        steps.push(Step::new(&TAINT_TOLERATION, Mark::Yes, format!("{node} has no taint that keeps pods away.")));
    }
    (first.map(|taint| reason(taint, cluster)).into_iter().collect(), steps)
}

fn reason(taint: &Taint, cluster: &Cluster) -> String {
    let (key, value) = (&taint.key, &taint.value);
    if TAINT_NOT_NAMED.holds_in(cluster.release) {
        "node(s) had untolerated taint(s)".to_owned()
    } else if TAINT_UNTOLERATED_WORDS.holds_in(cluster.release) {
        format!("node(s) had untolerated taint {{{key}: {value}}}")
    } else {
        format!("node(s) had taint {{{key}: {value}}}, that the pod didn't tolerate")
    }
}

/// The first toleration of the taint. Upstream: staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint.
#[must_use]
pub fn tolerating<'a>(tolerations: &'a [Toleration], taint: &Taint) -> Option<&'a Toleration> {
    tolerations.iter().find(|toleration| {
        let effect = toleration.effect().is_empty() || toleration.effect() == taint.effect;
        let key = toleration.key().is_empty() || toleration.key() == taint.key;
        let value = match toleration.operator() {
            "" | "Equal" => toleration.value() == taint.value,
            operator => operator == "Exists",
        };
        effect && key && value
    })
}
