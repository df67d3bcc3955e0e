//! Services as written.

use super::{Metadata, Object, objects, or_empty, plain, text};
use crate::trace::Written;
use podwhy_source::{Node, Span};

/// A Service, as far as variables can come from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its metadata.
    pub metadata: Metadata,
    /// Where it stands.
    pub span: Span,
    /// `spec.clusterIP`; a manifest that was not applied yet has none.
    pub cluster_ip: Option<Written<String>>,
    /// `spec.type`, or `""`.
    pub kind: String,
    /// `spec.ports`.
    pub ports: Vec<ServicePort>,
}

/// One of a service's ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// Where the entry stands.
    pub span: Span,
    /// `name`, or `""`.
    pub name: String,
    /// `port`.
    pub port: i64,
    /// `protocol`; empty stands for TCP.
    pub protocol: String,
}

impl Service {
    /// The object as a Service, if it is one.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        (object.api_version == "v1" && object.kind == "Service").then(|| Self::read(object))
    }

    /// Reads the fields.
    #[must_use]
    pub fn read(object: &Object) -> Self {
        let spec = object.node.get("spec");
        let port = |(_, node): (usize, &Node)| ServicePort {
            span: node.span,
            name: plain(node, "name"),
            port: node.get("port").and_then(Node::as_int).unwrap_or_default(),
            protocol: plain(node, "protocol"),
        };
        Self {
            metadata: object.metadata.clone(),
            span: object.span(),
            cluster_ip: spec.and_then(|spec| text(spec, "clusterIP")),
            kind: spec.map(|spec| plain(spec, "type")).unwrap_or_default(),
            ports: spec.into_iter().flat_map(|spec| objects(spec, "ports")).map(port).collect(),
        }
    }

    /// The cluster IP, or `""`.
    #[must_use]
    pub fn cluster_ip(&self) -> &str {
        or_empty(self.cluster_ip.as_ref())
    }
}
