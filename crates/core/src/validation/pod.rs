//! What the API server refuses in a pod. Upstream: pkg/apis/core/validation/validation.go ValidatePodCreate,
//! ValidatePodSpec.

use super::containers;
use super::metadata::name;
use super::tolerations::{labels, tolerations};
use super::{At, BadValue, ErrorType, FieldError, names, resources};
use crate::api::Pod;
use crate::api::container::Role;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::validation as rules;

/// The errors of a pod that is created, after the API server has filled in what is missing and dropped what the cluster
/// does not have, in the order of its fields. Of a workload's template, those that its pods would have.
#[must_use]
pub fn errors(pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    let spec = &pod.spec_path;
    let path = |field: &str| format!("{spec}.{field}");
    let mut errors = Vec::new();
    if pod.owner.is_none() {
        errors.extend(name(&pod.metadata, pod.span, &rules::POD_NAME));
    }
    errors.extend(containers::errors(pod, cluster));
    let ephemeral = pod.containers.iter().find(|container| container.role == Role::Ephemeral);
    if let Some(ephemeral) = ephemeral.filter(|_| pod.owner.is_none() && cluster.has(Feature::EphemeralContainers)) {
        let at = At::new(&rules::EPHEMERAL_ON_CREATE, path("ephemeralContainers"), ephemeral.span);
        errors.push(at.error(ErrorType::Forbidden, BadValue::None, "cannot be set on create"));
    }
    if let Some(policy) = pod.lifecycle.restart_policy.as_ref().filter(|policy| !policy.value.is_empty()) {
        let policies = ["Always", "OnFailure", "Never"];
        if !policies.contains(&policy.value.as_str()) {
            let at = At::new(&rules::POD_RESTART_POLICY, path("restartPolicy"), policy.span);
            errors.push(at.not_supported(&policy.value, &policies));
        }
    }
    let selector = pod.placement.node_selector.iter().flatten();
    let entries = selector.map(|l| (l.key.value.as_str(), l.key.span, l.value.value.as_str(), l.value.span));
    errors.extend(labels(&rules::LABELS_VALID, entries, &path("nodeSelector")));
    if let Some(hostname) = pod.identity.hostname.as_ref().filter(|name| !name.value.is_empty()) {
        let at = At::new(&rules::POD_HOSTNAME, path("hostname"), hostname.span);
        errors.extend(at.invalid_each(&hostname.value, names::dns_label(&hostname.value, cluster.release)));
    }
    errors.extend(tolerations(&pod.placement.tolerations, &path("tolerations"), cluster.release));
    if let Some(class) = &pod.placement.runtime_class_name {
        let at = At::new(&rules::POD_CLASS_NAME, path("runtimeClassName"), class.span);
        errors.extend(at.invalid_each(&class.value, names::dns_subdomain(&class.value)));
    }
    if let Some(overhead) = pod.placement.overhead.as_ref().filter(|_| cluster.has(Feature::PodOverhead)) {
        errors.extend(resources::limits(Some(overhead), &path("overhead"), overhead.span, cluster.release));
    }
    errors
}
