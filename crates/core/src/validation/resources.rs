//! Names and amounts of resources. Upstream: pkg/apis/core/validation/validation.go ValidateResourceRequirements and
//! pkg/apis/core/helper/helpers.go.

use super::{At, BadValue, ErrorType, FieldError, names};
use crate::api::resources::{Amount, ResourceList};
use crate::quantity::Quantity;
use crate::release::Release;
use crate::rule::validation::{HUGE_PAGES_ALONE, HUGE_PAGES_MULTIPLE, RESOURCE_AMOUNT, RESOURCE_NAME};
use podwhy_source::Span;

const HUGE_PAGES: &str = "hugepages-";

/// Resources that a quota can name without a domain, beside huge pages.
const STANDARD: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
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

/// Huge pages of some size.
#[must_use]
pub fn is_huge_page(name: &str) -> bool {
    name.starts_with(HUGE_PAGES)
}

/// A resource of Kubernetes itself: without a domain, or of one that ends with kubernetes.io.
#[must_use]
pub fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// A resource of somebody else, such as a vendor's device.
#[must_use]
pub fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && names::qualified_name(&format!("requests.{name}")).is_empty()
}

/// The errors of a list of limits below `path`, such as the overhead of a class; `span` is where the field stands.
#[must_use]
pub fn limits(list: Option<&ResourceList>, path: &str, span: Span, release: Release) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let entries = list.map(|list| list.entries.as_slice()).unwrap_or_default();
    for amount in entries {
        errors.extend(entry(amount, &format!("{path}.limits[{}]", amount.name.value), release));
    }
    let named = |test: fn(&str) -> bool| entries.iter().any(|amount| test(&amount.name.value));
    if named(is_huge_page) && !named(|name| name == "cpu" || name == "memory") {
        let at = At::new(&HUGE_PAGES_ALONE, path, list.map_or(span, |list| list.span));
        errors.push(at.error(ErrorType::Forbidden, BadValue::None, "HugePages require cpu or memory"));
    }
    errors
}

fn entry(amount: &Amount, field: &str, release: Release) -> Vec<FieldError> {
    let name = amount.name.value.as_str();
    let at = At::new(&RESOURCE_NAME, field, amount.name.span);
    let mut errors: Vec<FieldError> = at.invalid_each(name, names::qualified_name(name)).collect();
    let alone = !name.contains('/');
    let quota_huge_page = is_huge_page(name) || name.starts_with("requests.hugepages-");
    if errors.is_empty() && alone && !STANDARD.contains(&name) && !quota_huge_page {
        errors.push(at.invalid(name, "must be a standard resource type or fully qualified"));
    }
    let for_containers = matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge_page(name);
    if alone && !for_containers {
        errors.push(at.invalid(name, "must be a standard resource for containers"));
    } else if !is_native(name) && !is_extended(name) {
        errors.push(at.invalid(name, "doesn't follow extended resource name standard"));
    }
    // A text that is no quantity does not get as far as validation.
    let Some(quantity) = amount.quantity() else { return errors };
    let at = At::new(&RESOURCE_AMOUNT, field, amount.text.span);
    if quantity.sign() < 0 {
        errors.push(at.invalid(&quantity.to_string(), "must be greater than or equal to 0"));
    }
    let fraction = quantity.milli_value().is_some_and(|milli| milli % 1000 != 0);
    if (COUNTED.contains(&name) || is_extended(name)) && fraction {
        errors.push(at.error(ErrorType::Invalid, BadValue::Dump, "must be an integer"));
    }
    let checks_pages = HUGE_PAGES_MULTIPLE.since.is_none_or(|since| since.holds_in(release));
    if let Some(size) = name.strip_prefix(HUGE_PAGES)
        && checks_pages
        && !is_multiple(&quantity, size)
    {
        let at = At::new(&HUGE_PAGES_MULTIPLE, field, amount.text.span);
        errors
            .push(at.invalid(&quantity.to_string(), format!("{quantity} is not positive integer multiple of {name}")));
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
