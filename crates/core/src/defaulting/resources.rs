//! Amounts as the API server stores them, and requests that follow from limits. Upstream: pkg/apis/core/v1/defaults.go
//! SetDefaults_ResourceList and SetDefaults_Pod.

use crate::api::resources::{Amount, ResourceList, Resources};
use crate::quantity::{Format, Quantity};
use crate::rule::scheduling::REQUEST_FROM_LIMIT;
use crate::trace::{Field, Origin};
use podwhy_source::Span;

/// Amounts by resource, each with its origin.
pub type Amounts = Vec<(String, Field<Quantity>)>;

/// Whether objects are read as they are written, or as the API server would store them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As the text stands.
    Written,
    /// With what the API server fills in.
    Stored,
}

/// The amount as it is stored: what is finer than a thousandth is rounded up.
#[must_use]
pub fn stored(quantity: &Quantity) -> Quantity {
    let suffix = if quantity.format() == Format::DecimalExponent { "e-3" } else { "m" };
    let thousandths = quantity.milli_value().and_then(|milli| Quantity::parse(&format!("{milli}{suffix}")).ok());
    match thousandths {
        Some(rounded) if rounded.compare(quantity).is_ne() => rounded,
        _ => quantity.clone(),
    }
}

/// The amounts of a list as they are stored; no list has none.
#[must_use]
pub fn amounts(list: Option<&ResourceList>, origin: impl Fn(Span) -> Origin) -> Amounts {
    let quantities = list.into_iter().flat_map(ResourceList::quantities);
    let field = |(amount, quantity): (&Amount, Quantity)| {
        let value = stored(&quantity);
        (amount.name.value.clone(), Field { value, origin: origin(amount.text.span) })
    };
    quantities.map(field).collect()
}

/// The limits.
#[must_use]
pub fn limits(resources: &Resources, reading: Reading) -> Amounts {
    read(resources.limits.as_ref(), reading)
}

/// The requests. Stored, a resource with a limit and no request asks for its limit.
#[must_use]
pub fn requests(resources: &Resources, reading: Reading) -> Amounts {
    let mut requests = read(resources.requests.as_ref(), reading);
    if reading == Reading::Stored {
        let implied = |because| Origin::Defaulted { rule: &REQUEST_FROM_LIMIT, because: Some(because) };
        for (name, limit) in amounts(resources.limits.as_ref(), implied) {
            // A request that cannot be read is not replaced by the limit.
            let written = resources.requests.as_ref().is_some_and(|list| list.get(&name).is_some());
            if !written {
                requests.push((name, limit));
            }
        }
    }
    requests
}

fn read(list: Option<&ResourceList>, reading: Reading) -> Amounts {
    match reading {
        Reading::Stored => amounts(list, Origin::Written),
        Reading::Written => {
            let quantities = list.into_iter().flat_map(ResourceList::quantities);
            let field = |(amount, value): (&Amount, Quantity)| {
                (amount.name.value.clone(), Field { value, origin: Origin::Written(amount.text.span) })
            };
            quantities.map(field).collect()
        }
    }
}
