//! The names under which a pod knows itself, as written.

use super::pod::boolean;
use super::{plain, text};
use crate::trace::Written;
use podwhy_source::Node;

/// What decides the host name, and which services a pod sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `metadata.uid`, or `""`: only objects that came from a cluster have one.
    pub uid: String,
    /// `spec.hostname`.
    pub hostname: Option<Written<String>>,
    /// `spec.subdomain`.
    pub subdomain: Option<Written<String>>,
    /// `spec.setHostnameAsFQDN`.
    pub set_hostname_as_fqdn: Option<Written<bool>>,
    /// `spec.hostnameOverride`.
    pub hostname_override: Option<Written<String>>,
    /// `spec.hostNetwork`.
    pub host_network: Option<Written<bool>>,
    /// `spec.enableServiceLinks`.
    pub enable_service_links: Option<Written<bool>>,
}

impl Identity {
    /// Reads the object that holds `metadata` and `spec`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let uid = node.get("metadata").map(|metadata| plain(metadata, "uid")).unwrap_or_default();
        let Some(spec) = node.get("spec") else { return Self { uid, ..Self::default() } };
        Self {
            uid,
            hostname: text(spec, "hostname"),
            subdomain: text(spec, "subdomain"),
            set_hostname_as_fqdn: boolean(spec, "setHostnameAsFQDN"),
            hostname_override: text(spec, "hostnameOverride"),
            host_network: boolean(spec, "hostNetwork"),
            enable_service_links: boolean(spec, "enableServiceLinks"),
        }
    }

    /// Whether the pod lives on the node's network.
    #[must_use]
    pub fn on_host_network(&self) -> bool {
        self.host_network.as_ref().is_some_and(|on| on.value)
    }

    /// Whether the pod sees the services of its namespace: it does unless it says no.
    #[must_use]
    pub fn service_links(&self) -> bool {
        self.enable_service_links.as_ref().is_none_or(|links| links.value)
    }
}
