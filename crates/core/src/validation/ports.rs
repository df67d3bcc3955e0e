//! Ports of containers. Upstream: pkg/apis/core/validation/validation.go validateContainerPorts, checkHostPortConflicts,
//! validatePodHostNetworkDeps.

use super::{At, FieldError, names};
use crate::api::lifecycle::IntOrString;
use crate::api::or_empty;
use crate::api::resources::ContainerPort;
use crate::release::Release;
use crate::rule::Rule;
use crate::rule::validation as rules;
use podwhy_source::Span;
use std::collections::BTreeSet;

/// The errors of one container's list of ports; on the host's network a port without a port of the host has been given
/// its own number there, and a number that is wrong is told of twice.
pub(super) fn ports(list: &[ContainerPort], path: &str, host_network: bool, release: Release) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for port in list {
        let at = |rule: &'static Rule, field: &str, span: Option<Span>| {
            At::new(rule, format!("{path}[{}].{field}", port.index), span.unwrap_or(port.span))
        };
        let name = or_empty(port.name.as_ref());
        if !name.is_empty() {
            let span = port.name.as_ref().map(|name| name.span);
            let complaints = names::port_name(name, release);
            if !complaints.is_empty() {
                errors.extend(at(&rules::PORT_NAME, "name", span).invalid_each(name, complaints));
            } else if !seen.insert(name) {
                errors.push(at(&rules::PORT_NAME_UNIQUE, "name", span).duplicate(name));
            }
        }
        let number = port.number.as_ref().map_or(0, |number| number.value);
        let number_at = at(&rules::PORT_NUMBER, "containerPort", port.number.as_ref().map(|number| number.span));
        match names::port_number(number) {
            Some(_) if number == 0 => errors.push(number_at.required()),
            Some(complaint) => errors.push(number_at.invalid_number(number, complaint)),
            None => {}
        }
        let host_port = host_port(port, host_network);
        if let Some(complaint) = names::port_number(host_port).filter(|_| host_port != 0) {
            let at = at(&rules::PORT_NUMBER, "hostPort", port.host_port_span);
            errors.push(at.invalid_number(host_port, complaint));
        }
        if !matches!(port.protocol.as_str(), "" | "TCP" | "UDP" | "SCTP") {
            let at = at(&rules::PORT_PROTOCOL, "protocol", port.protocol_span);
            errors.push(at.not_supported(&port.protocol, &["SCTP", "TCP", "UDP"]));
        }
    }
    errors
}

/// The port of the host as it is stored. Upstream: pkg/apis/core/v1/defaults.go defaultHostNetworkPorts.
fn host_port(port: &ContainerPort, host_network: bool) -> i64 {
    match port.host_port {
        0 if host_network => port.number.as_ref().map_or(0, |number| number.value),
        written => written,
    }
}

/// A port with what the API server fills in.
pub(super) struct Port<'c> {
    written: &'c ContainerPort,
    path: String,
    host_port: i64,
}

impl<'c> Port<'c> {
    /// A port of the container at `container`; on the host's network it has a port of the host.
    pub fn new(written: &'c ContainerPort, container: &str, host_network: bool) -> Self {
        let path = format!("{container}.ports[{}]", written.index);
        Self { written, path, host_port: host_port(written, host_network) }
    }

    fn host_port_at(&self, rule: &'static Rule) -> At {
        At::new(rule, format!("{}.hostPort", self.path), self.written.host_port_span.unwrap_or(self.written.span))
    }

    /// On the host's network both numbers must be the same.
    pub fn differs_from_host(&self, release: Release) -> Option<FieldError> {
        let number = self.written.number.as_ref().map_or(0, |number| number.value);
        if self.host_port == number {
            return None;
        }
        if rules::HOST_PORT_SAME.holds_in(release) {
            let at = self.host_port_at(&rules::HOST_PORT_SAME);
            return Some(at.invalid_number(self.host_port, "must match `containerPort` when `hostNetwork` is true"));
        }
        let span = self.written.number.as_ref().map_or(self.written.span, |number| number.span);
        let at = At::new(&rules::HOST_PORT_SAME, format!("{}.containerPort", self.path), span);
        Some(at.invalid_number(number, "must match `hostPort` when `hostNetwork` is true"))
    }
}

/// Ports of the host that are taken twice.
pub(super) fn host_port_conflicts<'c>(ports: impl Iterator<Item = Port<'c>>) -> Vec<FieldError> {
    let mut taken = BTreeSet::new();
    let mut errors = Vec::new();
    for port in ports.filter(|port| port.host_port != 0) {
        let protocol = if port.written.protocol.is_empty() { "TCP" } else { &port.written.protocol };
        let key = format!("{protocol}/{}/{}", port.written.host_ip, port.host_port);
        let error = port.host_port_at(&rules::HOST_PORT_UNIQUE).duplicate(&key);
        if !taken.insert(key) {
            errors.push(error);
        }
    }
    errors
}

/// A port of a hook by number or name. Upstream: ValidatePortNumOrName.
pub(super) fn number_or_name(port: &IntOrString, at: &At, release: Release) -> Vec<FieldError> {
    match port {
        IntOrString::Int(number) => {
            names::port_number(*number).map(|complaint| at.invalid_number(*number, complaint)).into_iter().collect()
        }
        IntOrString::Text(name) => at.invalid_each(name, names::port_name(name, release)).collect(),
    }
}
