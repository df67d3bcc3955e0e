//! The pod's own name. Upstream: pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain and pkg/kubelet/util/util.go
//! GetNodenameForKernel.

use crate::api::Pod;
use crate::feature::Feature;
use crate::quote::quote;
use crate::release::Cluster;
use crate::rule::environment as rules;
use crate::trace::{Mark, Step, Written};
use crate::validation::names::{dns_label, dns_subdomain};
use serde::Serialize;

/// A kernel holds so many bytes of a host name, without the one that ends it.
const LABEL_LENGTH: usize = 63;
/// And so many of a full name.
const FULL_LENGTH: usize = 64;

/// The names of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hostname {
    /// What `hostname` prints in the container; `None` if that is the node's name and no node is known.
    pub hostname: Option<String>,
    /// The domain in `/etc/hosts`, or `""`.
    pub domain: String,
    /// Why.
    pub trace: Vec<Step>,
}

/// Why a pod cannot have a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostnameError {
    /// The kubelet's text.
    pub message: String,
    /// Why.
    pub step: Step,
}

/// The names of a pod; `node` is the name of the node that it runs on.
///
/// # Errors
/// The kubelet cannot make a name, so that the pod does not start.
pub fn hostname(
    pod: &Pod,
    node: Option<&str>,
    cluster_domain: &str,
    cluster: &Cluster,
) -> Result<Hostname, Box<HostnameError>> {
    let identity = &pod.identity;
    let mut trace = Vec::new();
    let (name, domain) = match identity.hostname_override.as_ref().filter(|_| cluster.has(Feature::HostnameOverride)) {
        Some(written) => {
            check(written, "HostnameOverride", "subdomain", dns_subdomain(&written.value))?;
            let finding = format!("hostnameOverride is written: the container is called `{}`.", written.value);
            trace.push(Step::new(&rules::HOSTNAME_OVERRIDE, Mark::Yes, finding).at(written.span));
            (shortened(&written.value, pod, &mut trace), String::new())
        }
        None => (short_name(pod, cluster, &mut trace)?, domain(pod, cluster_domain, cluster, &mut trace)?),
    };
    if identity.on_host_network() {
        let span = identity.host_network.as_ref().map(|on| on.span);
        let finding = "The pod lives on the node's network, so it keeps the node's host name.";
        trace.push(Step::new(&rules::HOSTNAME_OF_NODE, Mark::Yes, finding).at(span));
        return Ok(Hostname { hostname: node.map(str::to_owned), domain, trace });
    }
    let full = identity.set_hostname_as_fqdn.as_ref().filter(|full| full.value && !domain.is_empty());
    let Some(written) = full else { return Ok(Hostname { hostname: Some(name), domain, trace }) };
    let full_name = format!("{name}.{domain}");
    let length = full_name.len();
    if length > FULL_LENGTH {
        let message = format!(
            "failed to construct FQDN from pod hostname and cluster domain, FQDN {full_name} is too long \
             ({FULL_LENGTH} characters is the max, {length} characters requested)"
        );
        let finding = format!("The full name `{full_name}` has {length} characters; the kernel holds {FULL_LENGTH}.");
        let step = Step::new(&rules::HOSTNAME_FULL, Mark::No, finding).at(written.span);
        return Err(Box::new(HostnameError { message, step }));
    }
    let finding = format!("setHostnameAsFQDN is on, so `hostname` prints the full name `{full_name}`.");
    trace.push(Step::new(&rules::HOSTNAME_FULL, Mark::Yes, finding).at(written.span));
    Ok(Hostname { hostname: Some(full_name), domain, trace })
}

fn short_name(pod: &Pod, cluster: &Cluster, trace: &mut Vec<Step>) -> Result<String, Box<HostnameError>> {
    match pod.identity.hostname.as_ref().filter(|name| !name.value.is_empty()) {
        Some(written) => {
            check(written, "Hostname", "label", dns_label(&written.value, cluster.release))?;
            let finding = format!("spec.hostname is written: `{}`.", written.value);
            trace.push(Step::new(&rules::HOSTNAME_WRITTEN, Mark::Yes, finding).at(written.span));
            Ok(shortened(&written.value, pod, trace))
        }
        None => {
            let name = pod.request_name();
            let at = pod.metadata.name.as_ref().map_or(pod.span, |name| name.span);
            let finding = format!("No spec.hostname is written, so the pod's name counts: `{name}`.");
            trace.push(Step::new(&rules::HOSTNAME_FROM_NAME, Mark::Yes, finding).at(at));
            Ok(shortened(&name, pod, trace))
        }
    }
}

/// At most as long as the kernel holds, without `-` and `.` at the new end.
fn shortened(name: &str, pod: &Pod, trace: &mut Vec<Step>) -> String {
    if name.len() <= LABEL_LENGTH {
        return name.to_owned();
    }
    let cut = (0..=LABEL_LENGTH).rev().find_map(|end| name.get(..end)).unwrap_or_default();
    let short = cut.trim_end_matches(['-', '.']);
    let finding = format!("The name has {} characters and is cut to `{short}`.", name.len());
    trace.push(Step::new(&rules::HOSTNAME_CUT, Mark::Yes, finding).at(pod.span));
    short.to_owned()
}

fn domain(
    pod: &Pod,
    cluster_domain: &str,
    cluster: &Cluster,
    trace: &mut Vec<Step>,
) -> Result<String, Box<HostnameError>> {
    let Some(written) = pod.identity.subdomain.as_ref().filter(|name| !name.value.is_empty()) else {
        return Ok(String::new());
    };
    check(written, "Subdomain", "label", dns_label(&written.value, cluster.release))?;
    let domain = format!("{}.{}.svc.{cluster_domain}", written.value, pod.namespace);
    let finding = format!("spec.subdomain is written, so the pod's domain is `{domain}`.");
    trace.push(Step::new(&rules::HOSTNAME_DOMAIN, Mark::Yes, finding).at(written.span));
    Ok(domain)
}

fn check(
    written: &Written<String>,
    field: &str,
    form: &str,
    complaints: Vec<String>,
) -> Result<(), Box<HostnameError>> {
    if complaints.is_empty() {
        return Ok(());
    }
    let message = format!("pod {field} {} is not a valid DNS {form}: {}", quote(&written.value), complaints.join(";"));
    let finding = format!("`{}` is no DNS {form}, so the kubelet cannot name the pod.", written.value);
    let step = Step::new(&rules::HOSTNAME_VALID, Mark::No, finding).at(written.span);
    Err(Box::new(HostnameError { message, step }))
}
