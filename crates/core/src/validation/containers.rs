//! Containers and init containers. Upstream: pkg/apis/core/validation/validation.go validateContainers,
//! validateInitContainers, validateContainerCommon, validateContainersOnlyForPod.

use super::ports::{Port, host_port_conflicts, ports};
use super::{At, BadValue, ErrorType, FieldError, env, hooks, names, resources};
use crate::api::container::{Container, Role};
use crate::api::{Pod, or_empty};
use crate::feature::Feature;
use crate::image::PullPolicy;
use crate::release::Cluster;
use crate::rule::image::{IMAGE_REQUIRED, IMAGE_WHITE_SPACE, POLICY_UNSUPPORTED};
use crate::rule::validation as rules;
use crate::trace::Written;
use std::collections::BTreeSet;

/// The errors of the pod's containers and init containers.
#[must_use]
pub fn errors(pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    let of = |init: bool| {
        let wanted =
            move |role| if init { matches!(role, Role::Init | Role::Sidecar) } else { role == Role::Container };
        pod.containers.iter().filter(|container| wanted(container.role)).collect::<Vec<_>>()
    };
    let (regular, init) = (of(false), of(true));
    let mut errors = Vec::new();
    if regular.is_empty() {
        let at = At::new(&rules::CONTAINERS_REQUIRED, format!("{}.containers", pod.spec_path), pod.span);
        errors.push(at.required());
    }
    let mut names = BTreeSet::new();
    for container in &regular {
        errors.extend(common(container, pod, cluster));
        errors.extend(duplicate(container, &mut names));
        errors.extend(hooks::lifecycle(container, pod, cluster));
        errors.extend(restart(container, cluster));
    }
    errors.extend(host_port_conflicts(regular.iter().flat_map(|container| filled_in(container, &container.path, pod))));
    if pod.identity.on_host_network() {
        let filled = regular.iter().flat_map(|container| filled_in(container, &container.path, pod));
        errors.extend(filled.filter_map(|port| port.differs_from_host(cluster.release)));
    }
    errors.extend(init_containers(&init, names, pod, cluster));
    errors
}

fn init_containers<'p>(
    init: &[&'p Container],
    mut names: BTreeSet<&'p str>,
    pod: &Pod,
    cluster: &Cluster,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let once = rules::INIT_CHECKED_ONCE.holds_in(cluster.release);
    let mut own_names = BTreeSet::new();
    for container in init {
        errors.extend(common(container, pod, cluster));
        if !once {
            // Older releases look at init containers as at any others before they look at them as init containers.
            errors.extend(duplicate(container, &mut own_names));
            errors.extend(hooks::lifecycle(container, pod, cluster));
        }
        if names.contains(container.name()) {
            errors.push(name_at(container, &rules::CONTAINER_NAME_UNIQUE).duplicate(container.name()));
        } else if !container.name().is_empty() {
            names.insert(container.name());
        }
        // Kubernetes looks at each as at a list of one, so its texts name the first init container, whichever it is.
        let first = format!("{}.initContainers[0]", pod.spec_path);
        errors.extend(host_port_conflicts(filled_in(container, &first, pod).into_iter()));
        errors.extend(restart(container, cluster));
        let sidecar = container.role == Role::Sidecar && cluster.has(Feature::SidecarContainers);
        if sidecar {
            errors.extend(hooks::lifecycle(container, pod, cluster));
        } else {
            errors.extend(hooks::of_init_container(container, cluster));
        }
    }
    errors
}

/// What every container is checked for.
fn common(container: &Container, pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let path = |field: &str| format!("{}.{field}", container.path);
    let name = name_at(container, &rules::CONTAINER_NAME);
    if container.name().is_empty() {
        errors.push(name.required());
    } else {
        errors.extend(name.invalid_each(container.name(), names::dns_label(container.name(), cluster.release)));
    }
    let image = container.image();
    let at = container.image.as_ref().map_or(container.span, |image| image.span);
    if image.is_empty() {
        errors.push(At::new(&IMAGE_REQUIRED, path("image"), at).required());
    } else if image.trim() != image && pod.owner.is_none() {
        let at = At::new(&IMAGE_WHITE_SPACE, path("image"), at);
        errors.push(at.invalid(image, "must not have leading or trailing whitespace"));
    }
    if let Some(written) = container.image_pull_policy.as_ref().filter(|policy| !policy.value.is_empty())
        && let PullPolicy::Other(policy) = PullPolicy::from_name(&written.value)
    {
        let at = At::new(&POLICY_UNSUPPORTED, path("imagePullPolicy"), written.span);
        let policies = PullPolicy::ALL;
        errors.push(at.not_supported(&policy, &policies.each_ref().map(PullPolicy::name)));
    }
    errors.extend(ports(&container.ports, &path("ports"), pod.identity.on_host_network(), cluster.release));
    errors.extend(env::variables(&container.environment.env, &path("env"), cluster));
    errors.extend(env::sources(&container.environment.env_from, &path("envFrom"), cluster));
    errors.extend(resources::requirements(container, &pod.placement.resource_claims, cluster));
    errors
}

fn name_at(container: &Container, rule: &'static crate::rule::Rule) -> At {
    let span = container.name.as_ref().map_or(container.span, |name| name.span);
    At::new(rule, format!("{}.name", container.path), span)
}

fn duplicate<'c>(container: &'c Container, names: &mut BTreeSet<&'c str>) -> Option<FieldError> {
    let known = !names.insert(container.name());
    known.then(|| name_at(container, &rules::CONTAINER_NAME_UNIQUE).duplicate(container.name()))
}

/// The container's ports with what the host's network fills in; errors name the container by `path`.
fn filled_in<'c>(container: &'c Container, path: &str, pod: &Pod) -> Vec<Port<'c>> {
    let host = pod.identity.on_host_network();
    container.ports.iter().map(|port| Port::new(port, path, host)).collect()
}

/// The container's own restart policy and rules. A release or cluster that does not have them drops them.
fn restart(container: &Container, cluster: &Cluster) -> Vec<FieldError> {
    let lifecycle = &container.lifecycle;
    let init = container.role != Role::Container;
    let path = |field: &str| format!("{}.{field}", container.path);
    if !cluster.has(Feature::ContainerRestartRules) {
        let Some(policy) = lifecycle.restart_policy.as_ref().filter(|_| cluster.has(Feature::SidecarContainers)) else {
            return Vec::new();
        };
        let at = At::new(&rules::CONTAINER_RESTART_POLICY, path("restartPolicy"), policy.span);
        if init && policy.value != "Always" {
            return vec![at.not_supported(&policy.value, &["Always"])];
        }
        // A release that knows the gate drops the field where the gate is off.
        let dropped = Feature::ContainerRestartRules.spec(cluster.release).is_some();
        if !init && !dropped {
            return vec![at.error(ErrorType::Forbidden, BadValue::None, "may not be set for non-init containers")];
        }
        return Vec::new();
    }
    let mut errors = Vec::new();
    match &lifecycle.restart_policy {
        Some(policy) if !matches!(policy.value.as_str(), "Always" | "Never" | "OnFailure") => {
            let at = At::new(&rules::CONTAINER_RESTART_RULES, path("restartPolicy"), policy.span);
            errors.push(at.not_supported(&policy.value, &["Always", "Never", "OnFailure"]));
        }
        None if !lifecycle.restart_rules.is_empty() => {
            let at = At::new(&rules::CONTAINER_RESTART_RULES, path("restartPolicy"), container.span);
            let detail = "must specify restartPolicy when restart rules are used";
            errors.push(at.error(ErrorType::Required, BadValue::None, detail));
        }
        _ => {}
    }
    let all = cluster.has(Feature::RestartAllContainersOnContainerExits);
    let actions: &[&str] = if all { &["Restart", "RestartAllContainers"] } else { &["Restart"] };
    for (index, rule) in lifecycle.restart_rules.iter().enumerate() {
        let at = |field: &str| {
            let field = path(&format!("restartPolicyRules[{index}].{field}"));
            At::new(&rules::CONTAINER_RESTART_RULES, field, rule.span)
        };
        if !actions.contains(&rule.action.as_str()) {
            errors.push(at("action").not_supported(&rule.action, actions));
        }
        if !matches!(rule.operator.as_str(), "In" | "NotIn") {
            errors.push(at("exitCodes.operator").not_supported(&rule.operator, &["In", "NotIn"]));
        }
    }
    errors
}

/// The text of an optional field, or `""`.
pub(super) fn text(field: Option<&Written<String>>) -> &str {
    or_empty(field)
}
