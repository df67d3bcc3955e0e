//! Amounts inside the stored tree. Upstream: pkg/apis/core/v1/defaults.go SetDefaults_ResourceList and SetDefaults_Pod.

use super::edit::{Addition, Defaults, child, child_or_new, put, text};
use super::resources::{Amounts, Reading, limits, requests, stored};
use crate::api::resources::{ResourceList, Resources};
use crate::rule::defaulting::AMOUNT_ROUNDED;
use crate::trace::Origin;
use podwhy_source::Node;

/// The resources of a container; with `implied`, limits stand in for requests.
pub(super) fn of_container(defaults: &mut Defaults, node: &mut Node, path: &str, implied: bool) {
    let written = Resources::read(node);
    let Some(resources) = child(node, "resources") else { return };
    let path = format!("{path}.resources");
    round(defaults, resources, &path, "limits");
    round(defaults, resources, &path, "requests");
    if implied && !limits(&written, Reading::Stored).is_empty() {
        add(defaults, resources, &path, "requests", &requests(&written, Reading::Stored));
    }
}

/// Writes the amounts of the list under `key` as they are stored.
pub(super) fn round(defaults: &mut Defaults, node: &mut Node, path: &str, key: &str) {
    let Some(list) = ResourceList::read(node, key) else { return };
    let Some(target) = child(node, key) else { return };
    for (amount, quantity) in list.quantities() {
        let rounded = stored(&quantity);
        if rounded.compare(&quantity).is_ne() {
            defaults.additions.push(Addition {
                path: format!("{path}.{key}.{}", amount.name.value),
                value: rounded.to_string(),
                rule: &AMOUNT_ROUNDED,
                because: Some(amount.text.span),
            });
        }
        put(target, &amount.name.value, text(&rounded.to_string()));
    }
}

/// Adds the amounts that were filled in to the list under `key`.
pub(super) fn add(defaults: &mut Defaults, node: &mut Node, path: &str, key: &str, amounts: &Amounts) {
    for (name, field) in amounts {
        let Origin::Defaulted { rule, because } = &field.origin else { continue };
        let value = field.value.to_string();
        if let Some(target) = child_or_new(node, key) {
            put(target, name, text(&value));
        }
        let path = format!("{path}.{key}.{name}");
        defaults.additions.push(Addition { path, value, rule, because: *because });
    }
}
