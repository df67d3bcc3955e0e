//! Ports of the node that pods take. Upstream: pkg/scheduler/framework/plugins/nodeports/node_ports.go and
//! pkg/scheduler/framework/types.go HostPortInfo.

use super::{Answer, Candidate, NodeInfo, named};
use crate::api::Pod;
use crate::api::container::Role;
use crate::api::resources::ContainerPort;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::scheduling::{NODE_PORTS, SIDECAR_PORTS};
use crate::trace::{Mark, Step};

/// Every address of the node.
const ALL_ADDRESSES: &str = "0.0.0.0";

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo, cluster: &Cluster) -> Answer {
    let wanted = host_ports(candidate.pod, cluster);
    if wanted.is_empty() {
        return (Vec::new(), vec![Step::new(&NODE_PORTS, Mark::Yes, "The pod takes no port of its node.")]);
    }
    let node = named(&info.node.metadata);
    let taken = |port: &ContainerPort| {
        info.pods.iter().find_map(|pod| {
            let used = host_ports(pod, cluster).into_iter().find(|used| conflict(port, used))?;
            Some((*pod, used.span))
        })
    };
    let mut free = true;
    let step = |port: &&ContainerPort| {
        let words = format!("{}/{}", port.host_port, protocol(port));
        match taken(port) {
            Some((pod, span)) => {
                free = false;
                let finding = format!("Port {words} of {node} is taken by {}.", pod.words());
                Step::new(&NODE_PORTS, Mark::No, finding).at(port.span).because(span)
            }
            None => Step::new(&NODE_PORTS, Mark::Yes, format!("Port {words} of {node} is free.")).at(port.span),
        }
    };
    let steps = wanted.iter().map(step).collect();
    let reason = "node(s) didn't have free ports for the requested pod ports".to_owned();
    (if free { Vec::new() } else { vec![reason] }, steps)
}

/// The ports that the pod takes. Upstream: pkg/scheduler/util/utils.go GetHostPorts.
fn host_ports<'a>(pod: &'a Pod, cluster: &Cluster) -> Vec<&'a ContainerPort> {
    let sidecars = cluster.has(Feature::SidecarContainers) && SIDECAR_PORTS.holds_in(cluster.release);
    let counts = |role: Role| role == Role::Container || role == Role::Sidecar && sidecars;
    let containers = pod.containers.iter().filter(|container| counts(container.role));
    containers.flat_map(|container| &container.ports).filter(|port| port.host_port > 0).collect()
}

fn protocol(port: &ContainerPort) -> &str {
    if port.protocol.is_empty() { "TCP" } else { &port.protocol }
}

fn address(port: &ContainerPort) -> &str {
    if port.host_ip.is_empty() { ALL_ADDRESSES } else { &port.host_ip }
}

fn conflict(left: &ContainerPort, right: &ContainerPort) -> bool {
    let (here, there) = (address(left), address(right));
    left.host_port == right.host_port
        && protocol(left) == protocol(right)
        && (here == ALL_ADDRESSES || there == ALL_ADDRESSES || here == there)
}
