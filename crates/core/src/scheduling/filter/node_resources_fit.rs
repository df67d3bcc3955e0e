//! Room for what the pod asks for. Upstream: pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest and
//! pkg/scheduler/framework/types.go Resource.

use super::{Answer, Candidate, NodeInfo, named};
use crate::api::resources::{Amount, ResourceList};
use crate::api::resources::{is_huge_page, is_native};
use crate::defaulting::pod_resources::PodResources;
use crate::quantity::Quantity;
use crate::release::Cluster;
use crate::rule::scheduling::{NODE_RESOURCES_FIT, TOO_MANY_PODS, ZERO_REQUEST_FITS};
use crate::trace::{Mark, Step};
use crate::validation::resources::is_extended;
use std::collections::BTreeMap;

/// What the scheduler compares first, in this order; the other resources follow by name.
const FIRST: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// Amounts in whole units, of cpu in thousandths, each rounded up; beyond 64 bits they are what the scheduler's arithmetic
/// leaves of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Demand {
    amounts: BTreeMap<String, i128>,
}

impl Demand {
    fn of(resources: &PodResources) -> Self {
        let mut demand = Self::default();
        demand.add(resources);
        demand
    }

    /// Adds what a pod asks for.
    pub(super) fn add(&mut self, resources: &PodResources) {
        for sum in resources.requests.iter().filter(|sum| is_scheduled(&sum.resource)) {
            *self.amounts.entry(sum.resource.clone()).or_default() += units(&sum.resource, &sum.total);
        }
    }

    /// Takes away what a pod asks for.
    pub(super) fn take(&mut self, resources: &PodResources) {
        for sum in resources.requests.iter().filter(|sum| is_scheduled(&sum.resource)) {
            *self.amounts.entry(sum.resource.clone()).or_default() -= units(&sum.resource, &sum.total);
        }
    }

    fn get(&self, name: &str) -> i128 {
        self.amounts.get(name).copied().unwrap_or_default()
    }
}

/// The resources that the scheduler counts. Upstream: pkg/scheduler/util/utils.go IsScalarResourceName.
fn is_scheduled(name: &str) -> bool {
    let prefixed = name.contains('/') && is_native(name);
    FIRST.contains(&name)
        || is_extended(name)
        || is_huge_page(name)
        || prefixed
        || name.starts_with("attachable-volumes-")
}

fn units(name: &str, quantity: &Quantity) -> i128 {
    i128::from(if name == "cpu" { quantity.wrapping_milli_value() } else { quantity.wrapping_value() })
}

/// Units as a quantity again; bytes with the largest suffix that leaves no fraction.
fn words(name: &str, units: i128) -> String {
    const BYTES: [(&str, i128); 4] = [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
    if matches!(name, "memory" | "ephemeral-storage") || is_huge_page(name) {
        let whole = BYTES.iter().find(|(_, size)| units != 0 && units % size == 0);
        if let Some((suffix, size)) = whole {
            return format!("{}{suffix}", units / size);
        }
    }
    let text = if name == "cpu" { format!("{units}m") } else { units.to_string() };
    Quantity::parse(&text).map_or(text, |quantity| quantity.to_string())
}

pub(super) fn filter(candidate: &Candidate, info: &NodeInfo, cluster: &Cluster) -> Answer {
    let (crowded, step) = pods(info);
    let mut reasons = Vec::new();
    if crowded {
        reasons.push("Too many pods".to_owned());
    }
    let mut steps = vec![step];
    let wanted = Demand::of(&candidate.resources);
    let others = wanted.amounts.keys().map(String::as_str).filter(|name| !FIRST.contains(name));
    let asks = others.clone().next().is_some() || FIRST.iter().any(|name| wanted.get(name) != 0);
    if !asks {
        return (reasons, steps);
    }
    let zero_fits = ZERO_REQUEST_FITS.holds_in(cluster.release);
    for name in FIRST.into_iter().chain(others) {
        let amount = wanted.get(name);
        let (given, used) = (given(info, name), info.requested.get(name));
        let counts = if FIRST.contains(&name) { amount > 0 } else { amount != 0 };
        let short = amount > given - used && (counts || !zero_fits);
        if short {
            reasons.push(format!("Insufficient {name}"));
        } else if amount == 0 {
            continue;
        }
        let finding = format!(
            "The pod asks for {} {name}; {} has {} and its pods take {}.",
            words(name, amount),
            named(&info.node.metadata),
            words(name, given),
            words(name, used)
        );
        let sum = candidate.resources.requests.iter().find(|sum| sum.resource == name);
        let parts = sum.into_iter().flat_map(|sum| &sum.parts).filter(|part| part.counts);
        let step = Step::new(&NODE_RESOURCES_FIT, mark(short), finding);
        let step = step.at(allocatable(info, name).map_or(info.node.span, |amount| amount.text.span));
        steps.push(parts.fold(step, |step, part| step.because(part.amount.origin.span())));
    }
    (reasons, steps)
}

/// Whether the node has as many pods as it takes.
fn pods(info: &NodeInfo) -> (bool, Step) {
    let node = named(&info.node.metadata);
    let (room, count) = (given(info, "pods"), info.pods.len());
    let crowded = i128::try_from(count).is_ok_and(|count| count + 1 > room);
    let (finding, place) = match allocatable(info, "pods") {
        None => (format!("{node} does not say how many pods it takes, so it takes none."), info.node.span),
        Some(amount) => (format!("{node} takes {room} pods and has {count}."), amount.text.span),
    };
    (crowded, Step::new(&TOO_MANY_PODS, mark(crowded), finding).at(place))
}

fn allocatable<'a>(info: &NodeInfo<'a>, name: &str) -> Option<&'a Amount> {
    info.node.allocatable.as_ref().and_then(|list| ResourceList::get(list, name))
}

/// What the node can give of a resource; nothing if it does not say.
fn given(info: &NodeInfo, name: &str) -> i128 {
    allocatable(info, name).and_then(Amount::quantity).map_or(0, |amount| units(name, &amount))
}

fn mark(fails: bool) -> Mark {
    if fails { Mark::No } else { Mark::Yes }
}
