//! `$(NAME)` where nothing defines the name.

use super::{AdviceRule, Ask, Finding, names};
use crate::environment::expansion::expand;
use crate::environment::value::EnvValue;
use crate::rule::doc;
use crate::rule::pages::DEPENDENT_VARIABLES;
use crate::schema::nearest::nearest;
use crate::trace::Written;
use podwhy_source::Severity;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "undefined-reference",
    title: "A text refers to a variable that nothing defines.",
    why: "The reference stays as it is written, and nothing reports it. A variable can refer only to those before it in the list, to envFrom and to services; `$$(NAME)` says that the text itself is meant.",
    severity: Severity::Warning,
    doc: doc(DEPENDENT_VARIABLES, ""),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        super::example::Example::containers(
            "env:\n- name: HOST\n  value: db\nargs: ['--db=$(HOSTS):5432']",
            "env:\n- name: HOST\n  value: db\nargs: ['--db=$(HOST):5432']",
        )
    },
};

/// Only for so many is the nearest name looked for, and among so many: the work is quadratic.
const SPELT: usize = 100;
const NAMES: usize = 1000;

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let mut services: BTreeMap<(&str, bool), BTreeSet<String>> = BTreeMap::new();
    for (pod, container) in ask.containers() {
        if !ask.texts.slice(container.span).contains("$(") {
            continue;
        }
        let Some(mut known) = names::from_sources(ask, pod, container) else { continue };
        let links = pod.identity.service_links();
        let seen = services.entry((&pod.namespace, links));
        let services = seen.or_insert_with(|| names::of_services(ask, &pod.namespace, links));
        let path = &container.path;
        let environment = &container.environment;
        let mut look = |written: &Written<String>, known: &BTreeSet<String>, path: String| {
            let set = EnvValue::plain("");
            let defined = |name: &str| known.contains(name) || services.contains(name);
            let expanded = expand(&written.value, |name| defined(name).then_some(&set));
            for name in expanded.unresolved {
                if !is_meant(&name) {
                    continue;
                }
                let spelt = found.len() < SPELT;
                found.push(finding(ask, written, &name, known, spelt).path(path.clone()));
            }
        };
        for variable in &environment.env {
            if let Some(value) = &variable.value {
                look(value, &known, format!("{path}.env[{}].value", variable.index));
            }
            known.insert(variable.name().to_owned());
        }
        for (field, list) in [("command", &environment.command), ("args", &environment.args)] {
            for (index, text) in list.iter().enumerate() {
                look(text, &known, format!("{path}.{field}[{index}]"));
            }
        }
    }
}

/// Whether the name looks like a variable's. A shell's `$(date)` is none of Kubernetes' business.
fn is_meant(name: &str) -> bool {
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_') && name.chars().all(upper)
}

fn finding(ask: &Ask, written: &Written<String>, name: &str, known: &BTreeSet<String>, spelt: bool) -> Finding {
    let reference = format!("$({name})");
    let message = format!("Nothing defines `{name}` here, so `{reference}` stays as it is.");
    let near = known.iter().filter(|_| spelt).take(NAMES).map(String::as_str);
    let meant = nearest(name, near);
    let new = meant.map_or_else(|| format!("${reference}"), |meant| format!("$({meant})"));
    let edit = ask.texts.replace_within(written.span, &reference, &new);
    let title = match meant {
        Some(_) => format!("Write `{new}`"),
        None => format!("Write `{new}`, if the text itself is meant"),
    };
    Finding::new(written.span, message).fix(title, edit)
}
