//! Amounts of containers as variables. Upstream: pkg/api/v1/resource/helpers.go ExtractContainerResourceValue and
//! pkg/kubelet/kubelet_resources.go defaultPodLimitsForDownwardAPI.

use super::container::World;
use super::value::{EnvValue, placeholder};
use crate::api::container::Role;
use crate::api::env::ResourceRef;
use crate::api::or_empty;
use crate::api::resources::is_huge_page;
use crate::api::{Container, Pod};
use crate::defaulting::resources::{Amounts, Reading, amounts, limits, requests};
use crate::feature::Feature;
use crate::quantity::Quantity;
use crate::release::Cluster;
use crate::rule::environment::RESOURCE_FROM_POD;
use crate::trace::Origin;
use podwhy_source::Span;

/// The node stands in for limits of these.
const FROM_NODE: &[&str] = &["cpu", "memory", "ephemeral-storage"];

/// What stands in for a limit that a container does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandIn {
    /// The limit of the pod as a whole.
    Pod,
    /// What the node can give to pods.
    Node,
}

/// An amount as the kubelet gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: EnvValue,
    /// Where the amount stands.
    pub span: Option<Span>,
    /// What stands in for a limit that is not written.
    pub stand_in: Option<StandIn>,
}

/// The amount that a container's variable asks for.
///
/// # Errors
/// There is no such container or resource; the text is the kubelet's own.
pub fn value(
    reference: &ResourceRef,
    pod: &Pod,
    container: &Container,
    world: &World,
    cluster: &Cluster,
) -> Result<Amount, String> {
    let name = or_empty(reference.container_name.as_ref());
    let in_list = |role: fn(Role) -> bool| pod.containers.iter().find(|c| role(c.role) && c.name() == name);
    let (target, with_node) = if name.is_empty() {
        (container, true)
    } else if let Some(found) = in_list(|role| role == Role::Container) {
        (found, true)
    } else if let Some(found) = in_list(|role| matches!(role, Role::Init | Role::Sidecar)) {
        // The kubelet fills in the node's amounts for the pod's containers and the asking one alone.
        (found, false)
    } else {
        return Err(format!("container {name} not found"));
    };
    let asked = or_empty(reference.resource.as_ref());
    let Some((kind @ ("limits" | "requests"), resource)) = asked.split_once('.') else {
        return Err(unsupported(asked));
    };
    if !FROM_NODE.contains(&resource) && !is_huge_page(resource) {
        return Err(unsupported(asked));
    }
    let list = if kind == "limits" {
        limits(&target.resources, Reading::Stored)
    } else {
        requests(&target.resources, Reading::Stored)
    };
    let own = find(&list, resource);
    let lacking = own.as_ref().is_none_or(|(amount, _)| amount.sign() == 0);
    let allocatable = world.node.and_then(|node| node.allocatable.as_ref());
    let needs_other = kind == "limits" && with_node && lacking && FROM_NODE.contains(&resource);
    let of_pod = of_pod(resource, pod, cluster).filter(|_| needs_other);
    if needs_other && of_pod.is_none() && allocatable.is_none() && !world.complete {
        let value = EnvValue::later(placeholder(&format!("allocatable {resource} of the node")));
        return Ok(Amount { value, span: None, stand_in: Some(StandIn::Node) });
    }
    let of_node = || find(&amounts(allocatable, Origin::Written), resource);
    let node_knows = !world.complete || of_node().is_some();
    let other = match of_pod.filter(|_| node_knows) {
        Some(amount) => Some((amount, StandIn::Pod)),
        None => of_node().filter(|_| needs_other).map(|amount| (amount, StandIn::Node)),
    };
    let stand_in = other.as_ref().map(|(_, stand_in)| *stand_in);
    let (amount, span) = match other.map(|(amount, _)| amount).or(own) {
        Some((amount, span)) => (amount, span),
        None => (Quantity::zero(), None),
    };
    let divisor = reference.divisor.as_ref().and_then(|divisor| Quantity::parse(&divisor.value).ok());
    let divisor = divisor.filter(|divisor| divisor.sign() != 0);
    let value = EnvValue::plain(divided(&amount, divisor.as_ref(), resource).to_string());
    Ok(Amount { value, span, stand_in })
}

/// The limit that the pod as a whole has, in releases that let it stand in for a container's.
fn of_pod(resource: &str, pod: &Pod, cluster: &Cluster) -> Option<(Quantity, Option<Span>)> {
    let counts = RESOURCE_FROM_POD.holds_in(cluster.release) && cluster.has(Feature::PodLevelResources);
    let supported = counts && matches!(resource, "cpu" | "memory");
    let list = limits(&pod.placement.resources, Reading::Stored);
    find(&list, resource).filter(|(amount, _)| supported && amount.sign() != 0)
}

fn unsupported(resource: &str) -> String {
    format!("unsupported container resource : {resource}")
}

fn find(list: &Amounts, resource: &str) -> Option<(Quantity, Option<Span>)> {
    let (_, field) = list.iter().find(|(name, _)| name == resource)?;
    Some((field.value.clone(), field.origin.span()))
}

/// The first number beyond those of 64 bits.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// The amount in units of the divisor, rounded up; cpu is counted in thousandths before. Go divides floats.
fn divided(amount: &Quantity, divisor: Option<&Quantity>, resource: &str) -> i64 {
    let units = |quantity: &Quantity| {
        let units = if resource == "cpu" { quantity.wrapping_milli_value() } else { quantity.wrapping_value() };
        units as f64
    };
    let one = if resource == "cpu" { 1000.0 } else { 1.0 };
    let quotient = (units(amount) / divisor.map_or(one, units)).ceil();
    // What does not fit becomes the smallest number, as amd64 processors convert it.
    if (-TWO_TO_63..TWO_TO_63).contains(&quotient) { quotient as i64 } else { i64::MIN }
}
