//! A request that its limit does not allow.

use super::{AdviceRule, Ask, Finding};
use crate::rule::pages::RESOURCES;
use crate::rule::{doc, validation::REQUEST_WITHIN_LIMIT};
use podwhy_source::Severity;
use std::cmp::Ordering;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "request-above-limit",
    title: "A request is higher than its limit.",
    why: "The API server refuses it: raise the limit, or lower the request.",
    severity: Severity::Warning,
    doc: doc(RESOURCES, "requests-and-limits"),
    mends: &[REQUEST_WITHIN_LIMIT.id],
    check,
    #[cfg(test)]
    example: || {
        let limits = |limit| format!("resources:\n  requests: {{memory: 256Mi}}\n  limits: {{memory: {limit}}}");
        super::example::Example::containers(&limits("128Mi"), &limits("512Mi"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let (Some(requests), Some(limits)) = (&container.resources.requests, &container.resources.limits) else {
            continue;
        };
        for (request, amount) in requests.quantities() {
            let Some(limit) = limits.get(&request.name.value) else { continue };
            let above = limit.quantity().is_some_and(|limit| amount.compare(&limit) == Ordering::Greater);
            if !above {
                continue;
            }
            let message = format!("The request of `{}` is higher than the limit.", request.text.value);
            let path = format!("{}.resources.requests", container.path);
            let edit = ask.texts.replace(&limit.text, &request.text.value);
            let title = format!("Raise the limit to {}", request.text.value);
            found.push(Finding::new(request.text.span, message).path(path).fix(title, edit));
        }
    }
}
