//! What a container can read of its own pod. Upstream: pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue and
//! pkg/fieldpath/fieldpath.go ExtractFieldPathAsString.

use super::container::World;
use super::value::{EnvValue, placeholder};
use crate::api::Pod;
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::environment::POD_IPS_SORTED;
use crate::trace::Written;
use crate::validation::field_path::{convert, subscript};
use crate::validation::names::qualified_name;
use podwhy_source::Span;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The value of a field, and where it stands.
///
/// # Errors
/// The kubelet cannot give it; the text is the kubelet's own.
pub fn value(
    version: &str,
    path: &str,
    pod: &Pod,
    world: &World,
    cluster: &Cluster,
) -> Result<(EnvValue, Option<Span>), String> {
    let path = convert(version, path, cluster)?;
    let written = |field: Option<&Written<String>>| {
        let text = field.map_or("", |field| field.value.as_str());
        (EnvValue::plain(text), field.map(|field| field.span))
    };
    // What is not here yet and will be when the container starts.
    let later = || Ok((EnvValue::later(placeholder(path)), None));
    let unplaced = |value: String| match value.as_str() {
        "" if !world.complete => later(),
        _ => Ok((EnvValue::plain(value), None)),
    };
    if let Some((object, key)) = subscript(path) {
        let annotations = object == "metadata.annotations";
        let checked = if annotations { key.to_lowercase() } else { key.to_owned() };
        let complaints = qualified_name(&checked);
        if !complaints.is_empty() {
            return Err(format!("invalid key subscript in {path}: {}", complaints.join(";")));
        }
        let entries = if annotations { &pod.metadata.annotations } else { &pod.metadata.labels };
        let entry = entries.iter().rev().find(|(name, _)| name == key);
        return match entry {
            None if !annotations && !world.complete && comes_from_controller(pod, key) => later(),
            entry => Ok(written(entry.map(|(_, value)| value))),
        };
    }
    match path {
        "metadata.name" if world.complete || pod.is_named() => {
            Ok((EnvValue::plain(pod.request_name()), pod.metadata.name.as_ref().map(|name| name.span)))
        }
        "metadata.name" => {
            let name = format!("{}{}", pod.request_name(), placeholder("made when the pod is created"));
            Ok((EnvValue::later(name), None))
        }
        "metadata.namespace" => {
            Ok((EnvValue::plain(&pod.namespace), pod.metadata.namespace.as_ref().map(|name| name.span)))
        }
        "metadata.uid" => unplaced(pod.identity.uid.clone()),
        "metadata.labels" => {
            let labels = listed(&pod.metadata.labels);
            match pod.owner.as_ref().filter(|_| !world.complete) {
                None => Ok((EnvValue::plain(labels), None)),
                Some(owner) => {
                    let more = placeholder(&format!("labels that the controller of the {} adds", owner.kind));
                    Ok((EnvValue::later(format!("{labels}\n{more}")), None))
                }
            }
        }
        "metadata.annotations" => Ok((EnvValue::plain(listed(&pod.metadata.annotations)), None)),
        "spec.nodeName" => match &pod.placement.node_name {
            Some(name) => Ok(written(Some(name))),
            None => unplaced(world.node.map(|node| node.name().to_owned()).unwrap_or_default()),
        },
        "spec.serviceAccountName" => Ok(written(pod.service_account())),
        "status.hostIP" | "status.hostIPs" if !world.complete && !knows_host_ip(world) => later(),
        "status.hostIP" => unplaced(host_ips(world)?.into_iter().next().unwrap_or_default()),
        "status.hostIPs" => unplaced(host_ips(world)?.join(",")),
        // A pod on the host's network has the host's addresses.
        "status.podIP" | "status.podIPs"
            if !world.complete
                && world.pod_ips.is_empty()
                && pod.identity.on_host_network()
                && knows_host_ip(world) =>
        {
            let ips = host_ips(world)?;
            let wanted = if path == "status.podIP" { 1 } else { ips.len() };
            unplaced(ips.into_iter().take(wanted).collect::<Vec<_>>().join(","))
        }
        "status.podIP" => unplaced(pod_ips(world, cluster).into_iter().next().unwrap_or_default()),
        "status.podIPs" => unplaced(pod_ips(world, cluster).join(",")),
        _ => Err(format!("unsupported fieldPath: {path}")),
    }
}

/// Labels that controllers put on the pods that they make from a template.
const CONTROLLER_LABELS: &[&str] = &[
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
];

fn comes_from_controller(pod: &Pod, label: &str) -> bool {
    pod.owner.is_some() && CONTROLLER_LABELS.contains(&label)
}

fn knows_host_ip(world: &World) -> bool {
    host_ips(world).is_ok()
}

/// The pod's addresses in the order in which the kubelet names them: the first IPv4 address before the first IPv6 one,
/// as on a node whose own address is not set to an IPv6 one. Upstream: sortPodIPs.
fn pod_ips(world: &World, cluster: &Cluster) -> Vec<String> {
    if !POD_IPS_SORTED.holds_in(cluster.release) {
        return world.pod_ips.to_vec();
    }
    let first = |six: bool| {
        let of_family = |ip: &&String| ip.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_ipv6() == six);
        world.pod_ips.iter().find(of_family).cloned()
    };
    [first(false), first(true)].into_iter().flatten().collect()
}

/// A line `key="value"` for each entry, sorted.
fn listed(entries: &[(String, Written<String>)]) -> String {
    let entries: BTreeMap<&str, &str> =
        entries.iter().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    let lines: Vec<String> = entries.iter().map(|(key, value)| format!("{key}={}", quote(value))).collect();
    lines.join("\n")
}

/// The node's addresses: its internal ones before its external ones, at most one of each family. Upstream:
/// pkg/util/node/node.go GetNodeHostIPs.
fn host_ips(world: &World) -> Result<Vec<String>, String> {
    let addresses = world.node.map(|node| node.addresses.as_slice()).unwrap_or_default();
    let of_kind = |kind: &'static str| {
        let of_kind = addresses.iter().filter(move |(written, _)| written == kind);
        // Go knows no difference between an IPv4 address and the same one mapped into IPv6.
        of_kind.filter_map(|(_, address)| Some(address.parse::<IpAddr>().ok()?.to_canonical()))
    };
    let mut ips: Vec<IpAddr> = Vec::new();
    for ip in of_kind("InternalIP").chain(of_kind("ExternalIP")) {
        if ips.iter().all(|other| other.is_ipv6() != ip.is_ipv6()) {
            ips.push(ip);
        }
    }
    if ips.is_empty() {
        let known: Vec<String> = addresses.iter().map(|(kind, address)| format!("{{{kind} {address}}}")).collect();
        return Err(format!("host IP unknown; known addresses: [{}]", known.join(" ")));
    }
    Ok(ips.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Object;
    use crate::api::node::Node;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    #[test]
    fn a_mapped_address_is_an_ipv4_address() {
        let text = r#"{"status":{"addresses":[{"type":"InternalIP","address":"::ffff:10.1.1.1"},
            {"type":"InternalIP","address":"fd00::1"}]}}"#;
        let node = Node::read(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap()));
        let world = World {
            config_maps: &[],
            secrets: &[],
            services: &[],
            node: Some(&node),
            pod_ips: &["fd00::2".to_owned(), "::ffff:10.2.2.2".to_owned()],
            complete: true,
            cluster_domain: "cluster.local",
            cluster_dns: &[],
        };
        assert_eq!(host_ips(&world).unwrap(), ["10.1.1.1", "fd00::1"]);
        assert_eq!(pod_ips(&world, &Cluster::default()), ["::ffff:10.2.2.2", "fd00::2"]);
    }
}
