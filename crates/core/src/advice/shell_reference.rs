//! `$NAME` where only `$(NAME)` is replaced.

use super::{AdviceRule, Ask, Finding};
use crate::api::env::EnvVar;
use crate::lifecycle::commands;
use crate::rule::doc;
use podwhy_source::Severity;
use std::collections::BTreeSet;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "shell-reference",
    title: "A text refers to a variable as shells do, and no shell reads it.",
    why: "Kubernetes replaces `$(NAME)` alone; `$NAME` and `${NAME}` are left to a shell, and here none is started.",
    severity: Severity::Warning,
    doc: doc(
        "tasks/inject-data-application/define-command-argument-container/",
        "use-environment-variables-to-define-arguments",
    ),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let fields = |reference| format!("env:\n- name: HOST\n  value: db\ncommand: [server, '--db={reference}']");
        super::example::Example::containers(&fields("${HOST}"), &fields("$(HOST)"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for (_, container) in ask.containers() {
        let environment = &container.environment;
        let command = &environment.command;
        if environment.env.is_empty() || commands::is_shell(command.iter().map(|word| word.value.as_str())) {
            continue;
        }
        let names: BTreeSet<&str> = environment.env.iter().map(EnvVar::name).collect();
        for (field, list) in [("command", command), ("args", &environment.args)] {
            // What the image starts may be a shell; only its own first word would tell.
            if field == "args" && list.first().is_some_and(|word| word.value == "-c") {
                continue;
            }
            for (index, text) in list.iter().enumerate() {
                let Some((old, name)) = reference(&text.value, &names) else { continue };
                let message = format!("`{old}` stays as it is: no shell reads this text.");
                let new = format!("$({name})");
                let edit = ask.texts.replace_within(text.span, &old, &new);
                let path = format!("{}.{field}[{index}]", container.path);
                found.push(Finding::new(text.span, message).path(path).fix(format!("Write `{new}`"), edit));
            }
        }
    }
}

/// The first reference in the way of shells to one of these variables, and the variable.
fn reference<'t>(text: &'t str, names: &BTreeSet<&str>) -> Option<(String, &'t str)> {
    text.split('$').skip(1).find_map(|rest| {
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
        let name = inner.get(..end).filter(|name| !name.is_empty() && names.contains(name))?;
        if inner.len() == rest.len() {
            return Some((format!("${name}"), name));
        }
        inner.get(end..)?.starts_with('}').then(|| (format!("${{{name}}}"), name))
    })
}
