//! Amounts of resources as written: requests, limits, overhead, what a node can give.

use super::{objects, or_empty};
use crate::quantity::Quantity;
use crate::trace::Written;
use podwhy_source::{Entry, Node, Span, Value};

/// A map from resource to amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceList {
    /// Where it stands.
    pub span: Span,
    /// The entries in written order, each resource once: of equal keys the last counts.
    pub entries: Vec<Amount>,
}

/// One resource with its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The resource, such as `cpu`.
    pub name: Written<String>,
    /// The amount as written; a number in the text reads as its digits.
    pub text: Written<String>,
}

impl Amount {
    /// The amount. `None` if the text is no quantity, which decoding has reported.
    #[must_use]
    pub fn quantity(&self) -> Option<Quantity> {
        Quantity::parse(&self.text.value).ok()
    }
}

impl ResourceList {
    /// Reads the map under `key`; `None` if it is absent or null.
    #[must_use]
    pub fn read(node: &Node, key: &str) -> Option<Self> {
        let node = node.get(key)?;
        let mut entries: Vec<Amount> = Vec::new();
        for amount in node.as_map()?.entries.iter().filter_map(Amount::read) {
            entries.retain(|other| other.name.value != amount.name.value);
            entries.push(amount);
        }
        Some(Self { span: node.span, entries })
    }

    /// The entries that hold a quantity.
    pub fn quantities(&self) -> impl Iterator<Item = (&Amount, Quantity)> {
        self.entries.iter().filter_map(|amount| Some((amount, amount.quantity()?)))
    }

    /// The entry of this resource.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Amount> {
        self.entries.iter().find(|amount| amount.name.value == name)
    }
}

impl Amount {
    fn read(entry: &Entry) -> Option<Self> {
        let text = match &entry.value.value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            // Null leaves the quantity at nothing.
            Value::Null => "0".to_owned(),
            _ => return None,
        };
        Some(Self {
            name: Written { value: entry.key.clone(), span: entry.key_span },
            text: Written { value: text, span: entry.value.span },
        })
    }
}

/// The `resources` of a container or of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// `requests`.
    pub requests: Option<ResourceList>,
    /// `limits`.
    pub limits: Option<ResourceList>,
    /// `claims`.
    pub claims: Vec<ResourceClaim>,
}

/// One of `resources.claims`: devices that the container uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceClaim {
    /// Where the entry stands.
    pub span: Span,
    /// Its place in the list.
    pub index: usize,
    /// `name`, or `""`.
    pub name: String,
    /// `request`, or `""`.
    pub request: String,
}

impl Resources {
    /// Reads the field `resources` of `node`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let Some(node) = node.get("resources") else { return Self::default() };
        let claim = |(index, node): (usize, &Node)| ResourceClaim {
            span: node.span,
            index,
            name: super::plain(node, "name"),
            request: super::plain(node, "request"),
        };
        Self {
            requests: ResourceList::read(node, "requests"),
            limits: ResourceList::read(node, "limits"),
            claims: objects(node, "claims").map(claim).collect(),
        }
    }
}

/// One of a container's `ports`: a name for hooks and probes, and it may take a port of the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort {
    /// Where the entry stands.
    pub span: Span,
    /// Its place in the list.
    pub index: usize,
    /// `name`.
    pub name: Option<Written<String>>,
    /// `containerPort`.
    pub number: Option<Written<i64>>,
    /// Where `hostPort` stands.
    pub host_port_span: Option<Span>,
    /// Where `protocol` stands.
    pub protocol_span: Option<Span>,
    /// `hostPort`; 0 takes no port of the node.
    pub host_port: i64,
    /// `hostIP`; empty stands for every address.
    pub host_ip: String,
    /// `protocol`; empty stands for TCP.
    pub protocol: String,
}

impl ContainerPort {
    /// The entries of a container's `ports`.
    #[must_use]
    pub fn read_all(container: &Node) -> Vec<Self> {
        let text = |node: &Node, key| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        let port = |(index, node): (usize, &Node)| Self {
            span: node.span,
            index,
            name: super::text(node, "name"),
            number: super::lifecycle::int(node, "containerPort"),
            host_port_span: node.get("hostPort").map(|port| port.span),
            protocol_span: node.get("protocol").map(|protocol| protocol.span),
            host_port: node.get("hostPort").and_then(Node::as_int).unwrap_or_default(),
            host_ip: text(node, "hostIP"),
            protocol: text(node, "protocol"),
        };
        objects(container, "ports").map(port).collect()
    }

    /// `name`, or `""`.
    #[must_use]
    pub fn name(&self) -> &str {
        or_empty(self.name.as_ref())
    }

    /// Whether `containerPort` is this number.
    #[must_use]
    pub fn is_numbered(&self, number: i64) -> bool {
        self.number.as_ref().is_some_and(|own| own.value == number)
    }
}
/// The prefix of resources that are huge pages of some size.
pub const HUGE_PAGES: &str = "hugepages-";

/// Huge pages of some size.
#[must_use]
pub fn is_huge_page(name: &str) -> bool {
    name.starts_with(HUGE_PAGES)
}

/// A resource of Kubernetes itself: without a domain, or of one that ends with kubernetes.io.
#[must_use]
pub fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}
