//! Nodes as written.

use super::resources::ResourceList;
use super::scheduling::{Label, Taint, labels};
use super::{Metadata, Object, objects, plain};
use crate::trace::Written;
use podwhy_source as source;
use podwhy_source::Span;

/// A node of the cluster, as far as the scheduler looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The object's metadata.
    pub metadata: Metadata,
    /// Where the whole object stands.
    pub span: Span,
    /// `metadata.labels`.
    pub labels: Vec<Label>,
    /// `spec.unschedulable`.
    pub unschedulable: Option<Written<bool>>,
    /// `spec.taints`.
    pub taints: Vec<Taint>,
    /// `status.addresses`: type and address, as written.
    pub addresses: Vec<(String, String)>,
    /// `status.allocatable`: what pods may ask for altogether.
    pub allocatable: Option<ResourceList>,
    /// `status.runtimeHandlers`: what the kubelet has heard from the runtime; `None` if it does not say.
    pub runtime_handlers: Option<ReportedHandlers>,
}

/// The handlers of a node's runtime, as its kubelet reports them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedHandlers {
    /// The list.
    pub handlers: Vec<ReportedHandler>,
    /// Where it stands.
    pub span: Span,
    /// `status.nodeInfo.containerRuntimeVersion`, such as `containerd://2.0.0`; empty if it does not stand there.
    pub runtime_version: String,
}

/// One handler of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedHandler {
    /// Its name; empty for the runtime's default.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// `features.userNamespaces`.
    pub user_namespaces: bool,
    /// `features.recursiveReadOnlyMounts`.
    pub recursive_read_only_mounts: bool,
}

impl ReportedHandlers {
    fn read(status: &source::Node) -> Option<Self> {
        let list = status.get("runtimeHandlers").filter(|list| list.as_list().is_some())?;
        let has = |handler: &source::Node, feature| {
            handler.get_path(&["features", feature]).and_then(source::Node::as_bool).unwrap_or_default()
        };
        let handlers = objects(status, "runtimeHandlers").map(|(_, handler)| ReportedHandler {
            name: plain(handler, "name"),
            span: handler.span,
            user_namespaces: has(handler, "userNamespaces"),
            recursive_read_only_mounts: has(handler, "recursiveReadOnlyMounts"),
        });
        let version = status.get_path(&["nodeInfo", "containerRuntimeVersion"]).and_then(source::Node::as_text);
        Some(Self {
            handlers: handlers.collect(),
            span: list.span,
            runtime_version: version.unwrap_or_default().to_owned(),
        })
    }
}

impl Node {
    /// The object as a Node, if it is one.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        (object.kind == "Node" && object.group().is_empty()).then(|| Self::read(object))
    }

    /// Reads the fields.
    #[must_use]
    pub fn read(object: &Object) -> Self {
        let spec = object.node.get("spec");
        let unschedulable = spec.and_then(|spec| spec.get("unschedulable"));
        let boolean = |node: &source::Node| Some(Written { value: node.as_bool()?, span: node.span });
        Self {
            metadata: object.metadata.clone(),
            span: object.span(),
            labels: object.node.get("metadata").and_then(|metadata| labels(metadata, "labels")).unwrap_or_default(),
            unschedulable: unschedulable.and_then(boolean),
            taints: spec
                .into_iter()
                .flat_map(|spec| objects(spec, "taints"))
                .map(|(_, node)| Taint::read(node))
                .collect(),
            addresses: object
                .node
                .get("status")
                .into_iter()
                .flat_map(|status| objects(status, "addresses"))
                .map(|(_, address)| (plain(address, "type"), plain(address, "address")))
                .collect(),
            allocatable: object.node.get("status").and_then(|status| ResourceList::read(status, "allocatable")),
            runtime_handlers: object.node.get("status").and_then(ReportedHandlers::read),
        }
    }

    /// The name, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata.name()
    }
}
