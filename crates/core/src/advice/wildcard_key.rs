//! A star that does not reach across a dot.

use super::{AdviceRule, Ask, Finding, keys};
use crate::credentials::url_match::Element;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "wildcard-key",
    title: "A key's star is meant for sub-domains that it does not reach.",
    why: "A star stands for letters inside one label and never for a dot, so key and image need the same number of labels. Write one `*.` for each.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || super::example::Example::keys("eu.my-registry.io/app:1", "*my-registry.io", "*.my-registry.io"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask).iter().filter(|asked| !asked.serves()) {
        let host = asked.host();
        let Some(rest) = host.strip_prefix('*').map(|rest| rest.trim_start_matches('.')) else { continue };
        let ends = |host: &str| host.strip_suffix(rest).is_some_and(|before| before.ends_with('.'));
        let missed = asked.lookups.iter().find(|(lookup, cell)| {
            let failed = cell.comparison.as_ref().and_then(|comparison| comparison.failed_at);
            failed == Some(Element::LabelCount) && ends(lookup.repository.split('/').next().unwrap_or_default())
        });
        let Some((lookup, _)) = missed.filter(|_| !rest.is_empty() && !rest.contains('*')) else { continue };
        let image_host = lookup.repository.split('/').next().unwrap_or_default();
        let labels = image_host.split('.').count().saturating_sub(rest.split('.').count());
        let new_host = format!("{}{rest}", "*.".repeat(labels));
        let new = asked.key.written.replacen(host, &new_host, 1);
        let message = format!("`{}` does not serve `{}`: a star is no dot.", asked.key.written, lookup.repository);
        let fix = asked.rewritten(ask, &new);
        found.push(Finding::new(asked.key.span, message).fix(format!("Write `{new}`"), fix));
    }
}
