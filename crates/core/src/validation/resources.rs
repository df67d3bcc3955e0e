//! Names and amounts of resources. Upstream: pkg/apis/core/validation/validation.go ValidateResourceRequirements and
//! pkg/apis/core/helper/helpers.go.

use super::{At, BadValue, ErrorType, FieldError, names};
use crate::api::Container;
use crate::api::resources::{HUGE_PAGES, ResourceClaim, ResourceList, is_huge_page, is_native};
use crate::defaulting::resources::{Amounts, Reading, amounts, limits as stored_limits, requests as stored_requests};
use crate::quantity::Quantity;
use crate::release::{Cluster, Release};
use crate::rule::validation::{
    CLAIM_NAMES, HUGE_PAGES_ALONE, HUGE_PAGES_MULTIPLE, LIMIT_NAMED, LIMIT_REQUIRED, REQUEST_WITHIN_LIMIT,
    RESOURCE_AMOUNT, RESOURCE_NAME,
};
use crate::trace::Origin;
use podwhy_source::Span;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Resources that a quota can name without a domain, beside huge pages and those that are [`COUNTED`].
const MEASURED: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "storage",
    "requests.storage",
];

/// Resources that are counted in whole things.
const COUNTED: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

/// A resource of somebody else, such as a vendor's device.
#[must_use]
pub fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && names::qualified_name(&format!("requests.{name}")).is_empty()
}

/// The errors of a list of limits below `path`, such as the overhead of a class; `span` is where the field stands.
#[must_use]
pub fn limits(list: Option<&ResourceList>, path: &str, span: Span, release: Release) -> Vec<FieldError> {
    let stored = amounts(list, Origin::Written);
    let mut errors = entries(&stored, list, span, &format!("{path}.limits"), release);
    errors.extend(huge_pages_alone([&stored].into_iter(), path, list.map_or(span, |list| list.span)));
    errors
}

/// The errors of a container's resources as they are stored; `claims` are the names of the pod's resource claims.
#[must_use]
pub fn requirements(container: &Container, claims: &[String], cluster: &Cluster) -> Vec<FieldError> {
    let (written, release) = (&container.resources, cluster.release);
    let path = format!("{}.resources", container.path);
    let limits = stored_limits(written, Reading::Stored);
    let requests = stored_requests(written, Reading::Stored);
    let mut errors = entries(&limits, written.limits.as_ref(), container.span, &format!("{path}.limits"), release);
    errors.extend(entries(&requests, written.requests.as_ref(), container.span, &format!("{path}.requests"), release));
    for (name, request) in &requests {
        let overcommits = is_native(name) && !is_huge_page(name);
        let span = request.origin.span().unwrap_or(container.span);
        let Some((_, limit)) = limits.iter().find(|(other, _)| other == name) else {
            if !overcommits {
                let at = At::new(&LIMIT_REQUIRED, format!("{path}.limits"), span);
                let detail = "Limit must be set for non overcommitable resources";
                errors.push(at.error(ErrorType::Required, BadValue::None, detail));
            }
            continue;
        };
        let relation = match request.value.compare(&limit.value) {
            Ordering::Equal => continue,
            _ if !overcommits => "equal to",
            Ordering::Greater => "less than or equal to",
            Ordering::Less => continue,
        };
        let amount = if LIMIT_NAMED.holds_in(release) { format!(" of {}", limit.value) } else { String::new() };
        let at = At::new(&REQUEST_WITHIN_LIMIT, format!("{path}.requests"), span);
        errors.push(at.invalid(&request.value.to_string(), format!("must be {relation} {name} limit{amount}")));
    }
    errors.extend(huge_pages_alone([&limits, &requests].into_iter(), &path, container.span));
    if CLAIM_NAMES.holds_in(release) {
        errors.extend(claim_errors(&written.claims, claims, &format!("{path}.claims")));
    }
    errors
}

/// Upstream: validateResourceClaimNames.
fn claim_errors(list: &[ResourceClaim], known: &[String], path: &str) -> Vec<FieldError> {
    let known: BTreeSet<&str> = known.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut errors = Vec::new();
    for claim in list {
        let path = format!("{path}[{}]", claim.index);
        let at = At::new(&CLAIM_NAMES, path.clone(), claim.span);
        let name = &claim.name;
        if name.is_empty() {
            errors.push(At::new(&CLAIM_NAMES, format!("{path}.name"), claim.span).required());
            continue;
        }
        let key = if claim.request.is_empty() { name.clone() } else { format!("{name}/{}", claim.request) };
        let part = format!("{name}/");
        if seen.contains(name) {
            // All requests of the claim are named already.
            errors.push(at.duplicate(name));
        } else if seen.contains(&key) || claim.request.is_empty() && seen.iter().any(|key| key.starts_with(&part)) {
            errors.push(at.duplicate(&key));
        }
        seen.insert(key);
        if !known.contains(name.as_str()) {
            let names = match known.iter().copied().collect::<Vec<_>>().as_slice() {
                [] => " which is empty".to_owned(),
                names => format!(": {}", names.join(", ")),
            };
            let detail = format!("must be one of the names in pod.spec.resourceClaims{names}");
            errors.push(at.error(ErrorType::NotFound, BadValue::Text(name.clone()), detail));
        }
    }
    errors
}

fn huge_pages_alone<'a>(lists: impl Iterator<Item = &'a Amounts>, path: &str, span: Span) -> Option<FieldError> {
    let names: Vec<&str> = lists.flatten().map(|(name, _)| name.as_str()).collect();
    let alone =
        names.iter().any(|name| is_huge_page(name)) && !names.iter().any(|name| matches!(*name, "cpu" | "memory"));
    let at = At::new(&HUGE_PAGES_ALONE, path, span);
    alone.then(|| at.error(ErrorType::Forbidden, BadValue::None, "HugePages require cpu or memory"))
}

/// The errors of each entry of a list; names have the place where they are written, or their amount's.
fn entries(
    stored: &Amounts,
    written: Option<&ResourceList>,
    span: Span,
    path: &str,
    release: Release,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (name, amount) in stored {
        let amount_span = amount.origin.span().unwrap_or(span);
        let name_span = written.and_then(|list| list.get(name)).map_or(amount_span, |written| written.name.span);
        let field = format!("{path}[{name}]");
        errors.extend(name_errors(name, &field, name_span));
        errors.extend(amount_errors(name, &amount.value, &field, amount_span, release));
    }
    errors
}

fn name_errors(name: &str, field: &str, span: Span) -> Vec<FieldError> {
    let at = At::new(&RESOURCE_NAME, field, span);
    let mut errors: Vec<FieldError> = at.invalid_each(name, names::qualified_name(name)).collect();
    let alone = !name.contains('/');
    let quota_huge_page = is_huge_page(name) || name.starts_with("requests.hugepages-");
    let standard = MEASURED.contains(&name) || COUNTED.contains(&name) || quota_huge_page;
    if errors.is_empty() && alone && !standard {
        errors.push(at.invalid(name, "must be a standard resource type or fully qualified"));
    }
    let for_containers = matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge_page(name);
    if alone && !for_containers {
        errors.push(at.invalid(name, "must be a standard resource for containers"));
    } else if !is_native(name) && !is_extended(name) {
        errors.push(at.invalid(name, "doesn't follow extended resource name standard"));
    }
    errors
}

fn amount_errors(name: &str, quantity: &Quantity, field: &str, span: Span, release: Release) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let at = At::new(&RESOURCE_AMOUNT, field, span);
    if quantity.sign() < 0 {
        errors.push(at.invalid(&quantity.to_string(), "must be greater than or equal to 0"));
    }
    // Beyond 64 bits the thousandths wrap, and a whole number may look like a fraction.
    let fraction = quantity.wrapping_milli_value() % 1000 != 0;
    if (COUNTED.contains(&name) || is_extended(name)) && fraction {
        errors.push(at.error(ErrorType::Invalid, BadValue::Dump, "must be an integer"));
    }
    let checks_pages = HUGE_PAGES_MULTIPLE.holds_in(release);
    if let Some(size) = name.strip_prefix(HUGE_PAGES)
        && checks_pages
        && !is_multiple(quantity, size)
    {
        let at = At::new(&HUGE_PAGES_MULTIPLE, field, span);
        let detail = format!("{quantity} is not positive integer multiple of {name}");
        errors.push(at.invalid(&quantity.to_string(), detail));
    }
    errors
}

/// Upstream: IsHugePageResourceValueDivisible.
fn is_multiple(quantity: &Quantity, size: &str) -> bool {
    let whole = |quantity: &Quantity| match quantity.milli_value() {
        Some(milli) => milli % 1000 == 0,
        None => true,
    };
    let Ok(size) = Quantity::parse(size) else { return false };
    match (size.value(), quantity.value()) {
        (Some(page), Some(amount)) if page > 0 => whole(&size) && amount % page == 0,
        _ => false,
    }
}
