//! The files that kubelet and runtime write for a pod: its names and where it asks for others. Upstream:
//! pkg/kubelet/kubelet_pods.go ensureHostsFile and pkg/kubelet/network/dns/dns.go GetPodDNS.

use super::container::World;
use super::value::placeholder;
use crate::api::{Pod, list, text};
use crate::rule::environment as rules;
use crate::trace::{Mark, Step};
use podwhy_source::{Node, Span};

/// A file of a pod.
pub(super) struct NodeFile {
    pub path: &'static str,
    pub words: String,
    /// What in the pod shapes it.
    pub span: Option<Span>,
    /// Its lines, where they are known.
    pub lines: Vec<String>,
    pub trace: Vec<Step>,
}

/// The lines with which every pod's hosts file begins. Upstream: managedHostsFileContent.
const HOSTS: &[&str] = &[
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
];

/// `/etc/hosts`, as the pod whose spec is `spec` has it.
pub(super) fn hosts(spec: &Node, pod: &Pod, name: (Option<&str>, &str), world: &World) -> NodeFile {
    let aliases: Vec<&Node> = list(spec, "hostAliases").collect();
    let mut lines = Vec::new();
    let words = if pod.identity.on_host_network() {
        lines.push("# Kubernetes-managed hosts file (host network).".to_owned());
        lines.push(placeholder("the lines of the node's /etc/hosts"));
        "the node's /etc/hosts with the pod's hostAliases"
    } else {
        lines.extend(HOSTS.iter().map(|line| (*line).to_owned()));
        if let (Some(host), domain) = name {
            let unknown = [placeholder("status.podIP")];
            let ips = if world.pod_ips.is_empty() { &unknown } else { world.pod_ips };
            let host = short(host, domain);
            lines.extend(ips.iter().map(|ip| match domain {
                "" => format!("{ip}\t{host}"),
                domain => format!("{ip}\t{host}.{domain}\t{host}"),
            }));
        }
        "the pod's own addresses and names"
    };
    if !aliases.is_empty() {
        lines.extend(["", "# Entries added by HostAliases."].map(str::to_owned));
    }
    for alias in &aliases {
        let ip = text(alias, "ip").map(|ip| ip.value).unwrap_or_default();
        let names: Vec<&str> = list(alias, "hostnames").filter_map(Node::as_text).collect();
        lines.push(format!("{ip}\t{}", names.join("\t")));
    }
    let span = spec.get("hostAliases").map(|aliases| aliases.span);
    let finding = match aliases.len() {
        0 => "The kubelet writes /etc/hosts; the image's own is not seen.".to_owned(),
        1 => "The kubelet writes /etc/hosts with one entry of hostAliases; the image's own is not seen.".to_owned(),
        count => {
            format!("The kubelet writes /etc/hosts with {count} entries of hostAliases; the image's own is not seen.")
        }
    };
    let trace = vec![Step::new(&rules::HOSTS_FILE, Mark::Note, finding).at(span)];
    NodeFile { path: "/etc/hosts", words: words.to_owned(), span, lines, trace }
}

/// The kubelet puts the name before the domain, whatever `hostname` prints.
fn short<'n>(host: &'n str, domain: &str) -> &'n str {
    match host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')) {
        Some(short) if !domain.is_empty() => short,
        _ => host,
    }
}

/// `/etc/hostname`.
pub(super) fn host_name(name: Option<&str>) -> NodeFile {
    let lines = name.map(str::to_owned).into_iter().collect();
    let finding = "The runtime writes the host name into /etc/hostname.";
    let trace = vec![Step::new(&rules::RUNTIME_FILES, Mark::Note, finding)];
    NodeFile { path: "/etc/hostname", words: "the host name".to_owned(), span: None, lines, trace }
}

/// `/dev/shm`.
pub(super) fn shared_memory() -> NodeFile {
    let finding = "What needs more than 64 MiB of shared memory mounts an emptyDir with medium Memory here.";
    let trace = vec![Step::new(&rules::RUNTIME_FILES, Mark::Note, finding)];
    let words = "64 MiB of memory that the pod's containers share".to_owned();
    NodeFile { path: "/dev/shm", words, span: None, lines: Vec::new(), trace }
}

/// `/etc/resolv.conf`.
pub(super) fn resolv_conf(spec: &Node, pod: &Pod, world: &World) -> NodeFile {
    let policy = text(spec, "dnsPolicy");
    let written = policy.as_ref().map_or("ClusterFirst", |policy| policy.value.as_str());
    let on_host = pod.identity.on_host_network();
    let cluster = written == "ClusterFirstWithHostNet" || written == "ClusterFirst" && !on_host;
    let (mut search, mut servers, mut options) = (Vec::new(), Vec::new(), Vec::new());
    let words = match written {
        "None" => "what dnsConfig says",
        _ if cluster => {
            let domain = world.cluster_domain;
            search.extend([format!("{}.svc.{domain}", pod.namespace), format!("svc.{domain}"), domain.to_owned()]);
            search.push(placeholder("the node's own"));
            servers.extend(world.cluster_dns.iter().cloned());
            if servers.is_empty() {
                servers.push(placeholder("the cluster's DNS"));
            }
            options.push("ndots:5".to_owned());
            "the cluster's DNS"
        }
        _ => {
            servers.push(placeholder("as on the node"));
            "the node's DNS"
        }
    };
    if let Some(config) = spec.get("dnsConfig") {
        let texts = |key: &str| list(config, key).filter_map(Node::as_text).map(str::to_owned).collect::<Vec<_>>();
        servers.extend(texts("nameservers"));
        search.extend(texts("searches"));
        for option in list(config, "options") {
            let [name, value] =
                ["name", "value"].map(|key| text(option, key).map(|text| text.value).unwrap_or_default());
            // A written option takes the place of the same one.
            options.retain(|known: &String| known.split(':').next() != Some(name.as_str()));
            options.push(if value.is_empty() { name } else { format!("{name}:{value}") });
        }
    }
    let line = |key: &str, list: Vec<String>| (!list.is_empty()).then(|| format!("{key} {}", list.join(" ")));
    let mut lines: Vec<String> = line("search", search).into_iter().collect();
    lines.extend(servers.into_iter().map(|server| format!("nameserver {server}")));
    lines.extend(line("options", options));
    let span = policy.as_ref().map(|policy| policy.span).filter(|span| *span != spec.span);
    let finding = if written == "ClusterFirst" && on_host {
        "dnsPolicy is ClusterFirst, but on the host's network that counts as Default: names of services are not found. ClusterFirstWithHostNet would ask the cluster's DNS.".to_owned()
    } else {
        format!("dnsPolicy is {written}: /etc/resolv.conf names {words}.")
    };
    let mark = if written == "ClusterFirst" && on_host { Mark::No } else { Mark::Note };
    let trace = vec![Step::new(&rules::RESOLV_CONF, mark, finding).at(span)];
    NodeFile { path: "/etc/resolv.conf", words: words.to_owned(), span, lines, trace }
}
