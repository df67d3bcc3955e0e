//! Variables that describe services. Upstream: pkg/kubelet/kubelet_pods.go getServiceEnvVarMap and
//! pkg/kubelet/envvars/envvars.go FromServices.

use super::value::is_placeholder;
use crate::api::Service;
use crate::rule::environment::SERVICE_VARIABLES;
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use std::collections::BTreeMap;

/// The namespace of the API server's own service.
pub const MASTER_NAMESPACE: &str = "default";
/// The API server's own service.
pub const MASTER_SERVICE: &str = "kubernetes";

/// A variable about a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceVariable {
    /// Its value.
    pub value: String,
    /// Whether the service's address is in it and is a placeholder: the API server has still to give the service one.
    pub later: bool,
    /// The service's namespace.
    pub namespace: String,
    /// The service's name.
    pub service: String,
    /// Where the service stands.
    pub service_span: Span,
    /// Where the cluster IP or the port stands.
    pub span: Span,
    /// What other services would give the variable; the kubelet takes one of all by chance. Empty if nobody else
    /// defines it, or only with the same value.
    pub others: Vec<String>,
}

/// The variables of a pod in `namespace`; `links` is its enableServiceLinks.
#[must_use]
pub fn service_variables(services: &[Service], namespace: &str, links: bool) -> BTreeMap<String, ServiceVariable> {
    let mut variables: BTreeMap<String, ServiceVariable> = BTreeMap::new();
    for service in seen(services, namespace, links).into_values() {
        for (name, variable) in of_service(service) {
            match variables.get_mut(&name) {
                None => {
                    variables.insert(name, variable);
                }
                Some(known) if known.value != variable.value && !known.others.contains(&variable.value) => {
                    known.others.push(variable.value);
                }
                Some(_) => {}
            }
        }
    }
    variables
}

/// The services that a pod sees, by name.
fn seen<'s>(services: &'s [Service], namespace: &str, links: bool) -> BTreeMap<&'s str, &'s Service> {
    let mut seen = BTreeMap::new();
    for service in services.iter().filter(|service| has_ip(service)) {
        let name = service.metadata.name();
        if service.metadata.namespace() == MASTER_NAMESPACE && name == MASTER_SERVICE {
            // One of the pod's own namespace stays.
            seen.entry(name).or_insert(service);
        } else if service.metadata.namespace() == namespace && links {
            seen.insert(name, service);
        }
    }
    seen
}

/// Whether variables describe the service: not a headless one, nor one without an address. Upstream: IsServiceIPSet. An
/// address without ports is refused by the API server, and would end the kubelet.
#[must_use]
pub fn has_ip(service: &Service) -> bool {
    !matches!(service.cluster_ip(), "" | "None") && !service.ports.is_empty()
}

/// Whether a service gives a pod variables, and why: the same rules as [`service_variables`] for one of its services.
#[must_use]
pub fn why(service: &Service, all: &[Service], namespace: &str, links: bool) -> Step {
    let name = service.metadata.name();
    let counts = seen(all, namespace, links).get(name).is_some_and(|seen| std::ptr::eq(*seen, service));
    let home = service.metadata.namespace();
    let master = home == MASTER_NAMESPACE && name == MASTER_SERVICE;
    let (mark, finding) = match service.cluster_ip() {
        _ if counts && master => (Mark::Yes, format!("`{name}` of namespace `{home}` gives every pod its variables.")),
        _ if counts => (Mark::Yes, format!("`{name}` gives its variables.")),
        "None" => (Mark::No, format!("`{name}` is headless (clusterIP: None), so it gives no variables.")),
        "" if service.kind == "ExternalName" => {
            (Mark::No, format!("`{name}` is an ExternalName and has no cluster IP, so it gives no variables."))
        }
        "" => (Mark::No, format!("`{name}` has no cluster IP, so it gives no variables.")),
        _ if service.ports.is_empty() => (Mark::No, format!("`{name}` has no ports, so it gives no variables.")),
        _ if home != namespace && !master => (
            Mark::No,
            format!("`{name}` is in namespace `{home}` and the pod in `{namespace}`: it gives no variables."),
        ),
        _ if !links => (Mark::No, format!("enableServiceLinks is false, so `{name}` gives no variables.")),
        _ => (Mark::No, format!("Another service called `{name}` takes its place.")),
    };
    Step::new(&SERVICE_VARIABLES, mark, finding).at(service.span)
}

/// The variables of one service; of equal names the last counts.
fn of_service(service: &Service) -> BTreeMap<String, ServiceVariable> {
    let prefix = variable_name(service.metadata.name());
    let ip = service.cluster_ip();
    let ip_span = service.cluster_ip.as_ref().map_or(service.span, |ip| ip.span);
    let mut variables = BTreeMap::new();
    let mut add = |name: String, value: String, span: Span| {
        let variable = ServiceVariable {
            later: is_placeholder(ip) && value.contains(ip),
            value,
            namespace: service.metadata.namespace().to_owned(),
            service: service.metadata.name().to_owned(),
            service_span: service.span,
            span,
            others: Vec::new(),
        };
        variables.insert(name, variable);
    };
    add(format!("{prefix}_SERVICE_HOST"), ip.to_owned(), ip_span);
    if let Some(first) = service.ports.first() {
        add(format!("{prefix}_SERVICE_PORT"), first.port.to_string(), first.span);
    }
    for port in service.ports.iter().filter(|port| !port.name.is_empty()) {
        add(format!("{prefix}_SERVICE_PORT_{}", variable_name(&port.name)), port.port.to_string(), port.span);
    }
    // What linked containers of Docker saw.
    for (index, port) in service.ports.iter().enumerate() {
        let protocol = if port.protocol.is_empty() { "TCP" } else { &port.protocol };
        let number = port.port;
        let host = if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() };
        let address = format!("{}://{host}:{number}", protocol.to_lowercase());
        if index == 0 {
            add(format!("{prefix}_PORT"), address.clone(), port.span);
        }
        let port_prefix = format!("{prefix}_PORT_{number}_{}", protocol.to_uppercase());
        add(port_prefix.clone(), address, port.span);
        add(format!("{port_prefix}_PROTO"), protocol.to_lowercase(), port.span);
        add(format!("{port_prefix}_PORT"), number.to_string(), port.span);
        add(format!("{port_prefix}_ADDR"), ip.to_owned(), ip_span);
    }
    variables
}

fn variable_name(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}
