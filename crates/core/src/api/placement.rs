//! What of a pod's spec decides on which node it may run, and with which runtime.

use super::lifecycle::int;
use super::resources::{ResourceList, Resources};
use super::scheduling::{Label, NodeSelector, Toleration, labels};
use super::{objects, plain, text};
use crate::trace::Written;
use podwhy_source::Node;

/// The fields as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// `runtimeClassName`.
    pub runtime_class_name: Option<Written<String>>,
    /// `overhead`; an empty object is not the same as none.
    pub overhead: Option<ResourceList>,
    /// `nodeName`: the node that the pod is bound to.
    pub node_name: Option<Written<String>>,
    /// `nodeSelector`.
    pub node_selector: Option<Vec<Label>>,
    /// `tolerations`.
    pub tolerations: Vec<Toleration>,
    /// The required node affinity.
    pub node_affinity: Option<NodeSelector>,
    /// The names in `resourceClaims`.
    pub resource_claims: Vec<String>,
    /// `priorityClassName`.
    pub priority_class: Option<Written<String>>,
    /// `priority`.
    pub priority: Option<Written<i64>>,
    /// `preemptionPolicy`.
    pub preemption_policy: Option<Written<String>>,
    /// `resources` of the pod as a whole.
    pub resources: Resources,
}

impl Placement {
    /// Reads a pod's spec, absent or not.
    #[must_use]
    pub fn read(spec: Option<&Node>) -> Self {
        let Some(spec) = spec else { return Self::default() };
        Self {
            runtime_class_name: text(spec, "runtimeClassName"),
            overhead: ResourceList::read(spec, "overhead"),
            node_name: text(spec, "nodeName"),
            node_selector: labels(spec, "nodeSelector"),
            tolerations: Toleration::read_all(spec),
            node_affinity: NodeSelector::read(spec),
            resource_claims: objects(spec, "resourceClaims").map(|(_, claim)| plain(claim, "name")).collect(),
            priority_class: text(spec, "priorityClassName"),
            priority: int(spec, "priority"),
            preemption_policy: text(spec, "preemptionPolicy"),
            resources: Resources::read(spec),
        }
    }
}
