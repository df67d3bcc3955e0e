//! A variable that is set twice.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::VARIABLES;
use podwhy_source::Severity;
use std::collections::BTreeMap;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "variable-twice",
    title: "A variable is set twice in one list.",
    why: "The later entry counts. An update that merges lists by name may keep either of them.",
    severity: Severity::Warning,
    doc: doc(VARIABLES, ""),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let env = |name| format!("env:\n- name: LEVEL\n  value: info\n- name: {name}\n  value: debug");
        super::example::Example::containers(&env("LEVEL"), &env("OTHER"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let list = &container.environment.env;
        let mut later: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, variable) in list.iter().enumerate().rev().filter(|(_, variable)| !variable.name().is_empty()) {
            let Some(again) = later.insert(variable.name(), index) else { continue };
            let between = list.iter().take(again + 1).skip(index + 1);
            let message = format!("`{}` is set again further down, and that value counts.", variable.name());
            let reference = format!("$({})", variable.name());
            // What stands between may use the first value.
            let used = between.into_iter().any(|later| later.value().contains(&reference));
            let fix = if used { None } else { ask.texts.remove(variable.span) };
            let at = variable.name.as_ref().map_or(variable.span, |name| name.span);
            let path = format!("{}.env[{}]", container.path, variable.index);
            found.push(Finding::new(at, message).path(path).fix("Leave the first one out", fix));
        }
    }
}
