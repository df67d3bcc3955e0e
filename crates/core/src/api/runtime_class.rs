//! RuntimeClasses as written, in each version of their API.

use super::resources::ResourceList;
use super::scheduling::{Label, Toleration, labels};
use super::{Object, or_empty, text};
use crate::api::Metadata;
use crate::trace::Written;
use podwhy_source::{Node, Span};

/// A RuntimeClass.
#[derive(Clone, Debug, PartialEq)]
pub struct RuntimeClass {
    /// `apiVersion`: `node.k8s.io/v1`, `v1beta1` or `v1alpha1`.
    pub api_version: String,
    /// The object's metadata.
    pub metadata: Metadata,
    /// Where the whole object stands.
    pub span: Span,
    /// `handler`; in v1alpha1 `spec.runtimeHandler`.
    pub handler: Option<Written<String>>,
    /// `overhead`, if it is there.
    pub overhead: Option<Overhead>,
    /// `scheduling`, if it is there; empty is not the same as absent.
    pub scheduling: Option<Scheduling>,
}

/// What running a pod of the class costs beside its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overhead {
    /// Where it stands.
    pub span: Span,
    /// `podFixed`.
    pub pod_fixed: Option<ResourceList>,
}

/// Where pods of the class may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduling {
    /// Where it stands.
    pub span: Span,
    /// `nodeSelector`.
    pub node_selector: Option<Vec<Label>>,
    /// `tolerations`.
    pub tolerations: Vec<Toleration>,
}

impl RuntimeClass {
    /// The API group of RuntimeClasses.
    pub const GROUP: &'static str = "node.k8s.io";

    /// The object as a RuntimeClass, if it is one.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        (object.kind == "RuntimeClass" && object.group() == Self::GROUP).then(|| Self::read(object))
    }

    /// Reads the fields; v1alpha1 keeps them in `spec`.
    #[must_use]
    pub fn read(object: &Object) -> Self {
        let alpha = object.api_version == "node.k8s.io/v1alpha1";
        let fields = if alpha { object.node.get("spec") } else { Some(&object.node) };
        let handler = if alpha { "runtimeHandler" } else { "handler" };
        let overhead = |node: &Node| Overhead { span: node.span, pod_fixed: ResourceList::read(node, "podFixed") };
        let scheduling = |node: &Node| Scheduling {
            span: node.span,
            node_selector: labels(node, "nodeSelector"),
            tolerations: Toleration::read_all(node),
        };
        Self {
            api_version: object.api_version.clone(),
            metadata: object.metadata.clone(),
            span: object.span(),
            handler: fields.and_then(|fields| text(fields, handler)),
            overhead: fields.and_then(|fields| fields.get("overhead")).map(overhead),
            scheduling: fields.and_then(|fields| fields.get("scheduling")).map(scheduling),
        }
    }

    /// The handler, or `""`.
    #[must_use]
    pub fn handler(&self) -> &str {
        or_empty(self.handler.as_ref())
    }

    /// The class's node selector; empty if there is none.
    #[must_use]
    pub fn node_selector(&self) -> &[Label] {
        self.scheduling.as_ref().and_then(|scheduling| scheduling.node_selector.as_deref()).unwrap_or_default()
    }

    /// The class's tolerations; empty if there are none.
    #[must_use]
    pub fn tolerations(&self) -> &[Toleration] {
        self.scheduling.as_ref().map(|scheduling| scheduling.tolerations.as_slice()).unwrap_or_default()
    }
}
