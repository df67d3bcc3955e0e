//! Resources of a pod as a whole. Upstream: pkg/apis/core/v1/defaults.go defaultHugePagePodLimits and defaultPodRequests.

use super::amounts;
use super::edit::{Defaults, child};
use super::resources::{Amounts, Reading, limits, stored};
use crate::api::Pod;
use crate::api::resources::{Resources, is_huge_page, is_native};
use crate::defaulting::pod_resources::PodResources;
use crate::quantity::Quantity;
use crate::rule::Rule;
use crate::rule::defaulting::{POD_HUGE_PAGES_LIMIT, POD_REQUEST};
use crate::rule::scheduling::POD_LEVEL_HUGE_PAGES;
use crate::trace::{Field, Origin};
use podwhy_source::{Node, Span};

/// Fills in the pod's own limits and requests from those of its containers.
pub(super) fn fill(defaults: &mut Defaults, spec: &mut Node, pod: &Pod) {
    let path = format!("{}.resources", pod.spec_path);
    let written = pod.placement.resources.clone();
    let Some(resources) = child(spec, "resources") else { return };
    amounts::round(defaults, resources, &path, "limits");
    amounts::round(defaults, resources, &path, "requests");
    let huge_pages = POD_LEVEL_HUGE_PAGES.holds_in(defaults.cluster.release);
    let supported = |name: &str| matches!(name, "cpu" | "memory") || huge_pages && is_huge_page(name);
    let sums = of_containers(defaults, pod);
    let is_empty = |written: &Resources| {
        [&written.limits, &written.requests].into_iter().flatten().all(|list| list.entries.is_empty())
    };
    let has = |list: &Option<crate::api::resources::ResourceList>, name: &str| {
        list.as_ref().is_some_and(|list| list.get(name).is_some())
    };
    let mut limit_amounts = limits(&written, Reading::Stored);
    let span = resources.span;
    if !is_empty(&written) {
        let missing = |name: &str| !has(&written.limits, name) && !has(&written.requests, name);
        let pages = sums.limits.iter().map(|sum| (sum.resource.as_str(), &sum.total));
        let pages = pages.filter(|(name, _)| supported(name) && is_huge_page(name) && missing(name));
        let pages: Amounts = pages.map(|(name, total)| filled(name, total, &POD_HUGE_PAGES_LIMIT, span)).collect();
        amounts::add(defaults, resources, &path, "limits", &pages);
        limit_amounts.extend(pages);
    }
    if limit_amounts.is_empty() {
        return;
    }
    let missing = |name: &str| supported(name) && !has(&written.requests, name);
    let overcommitted = |name: &str| is_native(name) && !is_huge_page(name);
    let asked = sums.requests.iter().map(|sum| (sum.resource.as_str(), &sum.total));
    let asked = asked.filter(|(name, _)| missing(name) && overcommitted(name));
    let mut requests: Amounts = asked.map(|(name, total)| filled(name, total, &POD_REQUEST, span)).collect();
    for (name, limit) in &limit_amounts {
        if missing(name) && !requests.iter().any(|(other, _)| other == name) {
            let because = limit.origin.span().unwrap_or(span);
            requests.push(filled(name, &limit.value, &POD_REQUEST, because));
        }
    }
    amounts::add(defaults, resources, &path, "requests", &requests);
}

/// What the containers come to together, without the pod's own amounts and its overhead.
fn of_containers(defaults: &Defaults, pod: &Pod) -> PodResources {
    let mut pod = pod.clone();
    pod.placement.resources = Resources::default();
    PodResources::of(&pod, &Amounts::new(), defaults.cluster, Reading::Stored)
}

fn filled(name: &str, amount: &Quantity, rule: &'static Rule, because: Span) -> (String, Field<Quantity>) {
    let origin = Origin::Defaulted { rule, because: Some(because) };
    (name.to_owned(), Field { value: stored(amount), origin })
}
