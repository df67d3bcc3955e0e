//! Thousandths of a byte.

use super::{AdviceRule, Ask, Finding};
use crate::api::resources::ResourceList;
use crate::rule::doc;
use crate::rule::pages::RESOURCES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "fractional-bytes",
    title: "An amount of memory or storage ends with `m`, which means thousandths of a byte.",
    why: "`128m` is less than one byte. `Mi` is mebibytes, `M` megabytes.",
    severity: Severity::Warning,
    doc: doc(RESOURCES, "meaning-of-memory"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let limits = |memory| format!("resources:\n  limits:\n    cpu: 500m\n    memory: {memory}");
        super::example::Example::containers(&limits("128m"), &limits("128Mi"))
    },
};

const BYTES: &[&str] = &["memory", "ephemeral-storage"];

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let lists = [("requests", &container.resources.requests), ("limits", &container.resources.limits)];
        for (field, list) in lists {
            let amounts = list.iter().flat_map(|list: &ResourceList| &list.entries);
            for amount in amounts.filter(|amount| BYTES.contains(&amount.name.value.as_str())) {
                let text = &amount.text.value;
                let Some(number) = text.strip_suffix('m').filter(|number| number.parse::<u64>().is_ok()) else {
                    continue;
                };
                let message = format!("`{text}` is {number} thousandths of a byte.");
                let path = format!("{}.resources.{field}.{}", container.path, amount.name.value);
                let edit = ask.texts.replace(&amount.text, &format!("{number}Mi"));
                found.push(Finding::new(amount.text.span, message).path(path).fix(format!("Write `{number}Mi`"), edit));
            }
        }
    }
}
