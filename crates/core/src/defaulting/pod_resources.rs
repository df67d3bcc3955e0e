//! What a pod asks for and what it is limited to: a sum with its parts for each resource. Upstream:
//! staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests and PodLimits.

use crate::api::Pod;
use crate::api::container::{Container, Role};
use crate::api::resources::is_huge_page;
use crate::defaulting::resources::{Amounts, Reading, limits, requests};
use crate::feature::Feature;
use crate::quantity::Quantity;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::scheduling::{
    CONTAINERS_SUM, INIT_STEP, OVERHEAD_ADDED, POD_LEVEL_HUGE_PAGES, POD_LEVEL_RESOURCES, SIDECARS_COUNT,
};
use crate::trace::{Field, Mark, Step};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a part of a sum comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The container of this name.
    Container(String),
    /// The sidecar of this name.
    Sidecar(String),
    /// The time while an init container runs.
    InitStep {
        /// The init container.
        container: String,
        /// The sidecars that run beside it.
        beside: Vec<String>,
    },
    /// The pod's own `resources`.
    PodLevel,
    /// The class's overhead.
    Overhead,
}

/// A part of a sum.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// What it comes from.
    pub source: Source,
    /// How much.
    pub amount: Field<Quantity>,
    /// Whether it is in the total: a larger init step, or an amount for the whole pod, takes the place of others.
    pub counts: bool,
}

/// One resource.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    /// The resource, such as `cpu`.
    pub resource: String,
    /// The parts, in the order containers, sidecars, init steps, pod, overhead.
    pub parts: Vec<Part>,
    /// The total of the parts that count.
    pub total: Quantity,
}

/// A pod's sums, by resource.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PodResources {
    /// What the scheduler reserves.
    pub requests: Vec<Sum>,
    /// What the pod may use at most, where there is a limit.
    pub limits: Vec<Sum>,
}

impl PodResources {
    /// The sums of a pod with this overhead.
    #[must_use]
    pub fn of(pod: &Pod, overhead: &Amounts, cluster: &Cluster, reading: Reading) -> Self {
        let sums = |kind| Adder::new(pod, overhead, cluster, reading, kind).sums();
        Self { requests: sums(Kind::Requests), limits: sums(Kind::Limits) }
    }
}

impl Sum {
    /// Why the total is what it is.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let step = |part: &Part| {
            let amount = &part.amount.value;
            let (rule, finding): (&'static Rule, String) = match &part.source {
                Source::Container(name) => (&CONTAINERS_SUM, format!("Container `{name}`: {amount}.")),
                Source::Sidecar(name) => (&SIDECARS_COUNT, format!("Sidecar `{name}`: {amount}.")),
                Source::InitStep { container, beside } if beside.is_empty() => {
                    (&INIT_STEP, format!("While init container `{container}` runs: {amount}."))
                }
                Source::InitStep { container, beside } => {
                    let beside = beside.join("`, `");
                    (&INIT_STEP, format!("While init container `{container}` runs beside `{beside}`: {amount}."))
                }
                Source::PodLevel => (&POD_LEVEL_RESOURCES, format!("For the pod as a whole: {amount}.")),
                Source::Overhead => (&OVERHEAD_ADDED, format!("Overhead: {amount}.")),
            };
            Step::new(rule, if part.counts { Mark::Yes } else { Mark::Note }, finding).at(part.amount.origin.span())
        };
        self.parts.iter().map(step).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Requests,
    Limits,
}

/// The lists of one pod and one kind.
struct Adder<'a> {
    kind: Kind,
    /// Containers of the application, then init containers with the sidecars among them, in order.
    containers: Vec<(&'a Container, Amounts)>,
    /// Before sidecars existed, they were init containers like others.
    with_sidecars: bool,
    pod_level: Amounts,
    overhead: &'a Amounts,
}

impl<'a> Adder<'a> {
    fn new(pod: &'a Pod, overhead: &'a Amounts, cluster: &Cluster, reading: Reading, kind: Kind) -> Self {
        let read = match kind {
            Kind::Requests => requests,
            Kind::Limits => limits,
        };
        let huge_pages = POD_LEVEL_HUGE_PAGES.holds_in(cluster.release);
        let supported = |name: &str| matches!(name, "cpu" | "memory") || huge_pages && is_huge_page(name);
        let mut pod_level = Vec::new();
        if cluster.has(Feature::PodLevelResources) {
            pod_level = read(&pod.placement.resources, reading);
            pod_level.retain(|(name, _)| supported(name));
        }
        let lists = pod.containers.iter().filter(|container| container.role != Role::Ephemeral);
        Self {
            kind,
            containers: lists.map(|container| (container, read(&container.resources, reading))).collect(),
            with_sidecars: cluster.has(Feature::SidecarContainers),
            pod_level,
            overhead,
        }
    }

    fn sums(&self) -> Vec<Sum> {
        let lists = self.containers.iter().map(|(_, list)| list).chain([&self.pod_level]);
        let mut names: BTreeSet<&str> = lists.flatten().map(|(name, _)| name.as_str()).collect();
        if self.kind == Kind::Requests {
            names.extend(self.overhead.iter().map(|(name, _)| name.as_str()));
        }
        names.into_iter().filter_map(|name| self.sum(name)).collect()
    }

    fn sum(&self, name: &str) -> Option<Sum> {
        let mut parts = self.running(name);
        let running = total(&parts);
        let mut steps = self.init_steps(name);
        // The first of the largest steps counts, if it is larger than everything that runs later.
        let mut largest: Option<usize> = None;
        for (index, step) in steps.iter().enumerate() {
            let best = largest.and_then(|at| steps.get(at)).map(|step| &step.amount.value).or(running.as_ref());
            if best.is_none_or(|best| step.amount.value.compare(best).is_gt()) {
                largest = Some(index);
            }
        }
        if let Some(step) = largest.and_then(|at| steps.get_mut(at)) {
            parts.iter_mut().for_each(|part| part.counts = false);
            step.counts = true;
        }
        parts.append(&mut steps);
        if let Some((_, amount)) = self.pod_level.iter().find(|(other, _)| other == name) {
            parts.iter_mut().for_each(|part| part.counts = false);
            parts.push(Part { source: Source::PodLevel, amount: amount.clone(), counts: true });
        }
        if let Some((_, amount)) = self.overhead.iter().find(|(other, _)| other == name) {
            let limited = total(&parts).is_some_and(|total| total.sign() != 0);
            let counts = self.kind == Kind::Requests || limited;
            parts.push(Part { source: Source::Overhead, amount: amount.clone(), counts });
        }
        let total = total(&parts)?;
        Some(Sum { resource: name.to_owned(), parts, total })
    }

    fn is_sidecar(&self, container: &Container) -> bool {
        self.with_sidecars && container.role == Role::Sidecar
    }

    /// What runs side by side once the pod is initialised: containers first, then sidecars.
    fn running(&self, name: &str) -> Vec<Part> {
        let part = |(container, list): &(&Container, Amounts), source: fn(String) -> Source| {
            let (_, amount) = list.iter().find(|(other, _)| other == name)?;
            Some(Part { source: source(container.name().to_owned()), amount: amount.clone(), counts: true })
        };
        let containers = self.containers.iter().filter(|(container, _)| container.role == Role::Container);
        let sidecars = self.containers.iter().filter(|(container, _)| self.is_sidecar(container));
        let containers = containers.filter_map(|entry| part(entry, Source::Container));
        containers.chain(sidecars.filter_map(|entry| part(entry, Source::Sidecar))).collect()
    }

    /// What is needed while each init container runs, together with the sidecars that were started before it.
    fn init_steps(&self, name: &str) -> Vec<Part> {
        let mut steps = Vec::new();
        let mut beside: Vec<String> = Vec::new();
        let mut sidecars: Option<Quantity> = None;
        for (container, list) in self.containers.iter().filter(|(container, _)| container.role != Role::Container) {
            let own = list.iter().find(|(other, _)| other == name).map(|(_, amount)| amount);
            if self.is_sidecar(container) {
                if let Some(own) = own {
                    sidecars = Some(sidecars.map_or(own.value.clone(), |sum| sum.plus(&own.value)));
                    beside.push(container.name().to_owned());
                }
            } else if let Some(own) = own {
                let value = sidecars.as_ref().map_or(own.value.clone(), |sidecars| own.value.plus(sidecars));
                let source = Source::InitStep { container: container.name().to_owned(), beside: beside.clone() };
                steps.push(Part { source, amount: Field { value, origin: own.origin.clone() }, counts: false });
            }
        }
        steps
    }
}

/// The sum of the parts that count; the first one's notation wins. `None` without parts.
fn total(parts: &[Part]) -> Option<Quantity> {
    let counting = parts.iter().filter(|part| part.counts).map(|part| part.amount.value.clone());
    counting.reduce(|sum, amount| sum.plus(&amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Object, pods_of};
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    #[test]
    fn a_sum_shows_which_parts_count() {
        let text = r#"{"apiVersion":"v1","kind":"Pod","spec":{
            "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"1"}}},{"name":"i","resources":{"requests":{"cpu":"5"}}}],
            "containers":[{"name":"a","resources":{"limits":{"cpu":"2"}}}]}}"#;
        let pod = pods_of(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())).remove(0);
        let cpu = |reading| PodResources::of(&pod, &Vec::new(), &Cluster::default(), reading).requests.remove(0);
        let sum = cpu(Reading::Stored);
        assert_eq!(sum.total.to_string(), "6");
        let counting: Vec<&Source> = sum.parts.iter().filter(|part| part.counts).map(|part| &part.source).collect();
        assert_eq!(counting, [&Source::InitStep { container: "i".to_owned(), beside: vec!["s".to_owned()] }]);
        assert_eq!(sum.parts.len(), 3, "the container asks for its limit");
        assert_eq!(cpu(Reading::Written).parts.len(), 2);
        assert!(sum.steps().iter().any(|step| step.finding == "While init container `i` runs beside `s`: 6."));
    }
}
