//! `$NAME` where only `$(NAME)` is replaced.

use super::{AdviceRule, Ask, Finding, commands};
use crate::rule::doc;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "shell-reference",
    title: "A text refers to a variable as shells do, and no shell reads it.",
    why: "Kubernetes replaces `$(NAME)` alone; `$NAME` and `${NAME}` are left to a shell, and here none is started.",
    severity: Severity::Warning,
    doc: doc("tasks/inject-data-application/define-command-argument-container/", "use-environment-variables-to-define-arguments"),
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
        for (field, list) in [("command", command), ("args", &environment.args)] {
            // What the image starts may be a shell; only its own first word would tell.
            if field == "args" && list.first().is_some_and(|word| word.value == "-c") {
                continue;
            }
            for (index, text) in list.iter().enumerate() {
                let names = environment.env.iter().map(|variable| variable.name());
                let Some((old, name)) = names.filter_map(|name| Some((reference(&text.value, name)?, name))).next() else {
                    continue;
                };
                let message = format!("`{old}` stays as it is: no shell reads this text.");
                let new = format!("$({name})");
                let edit = ask.texts.replace_within(text.span, &old, &new);
                let path = format!("{}.{field}[{index}]", container.path);
                found.push(Finding::new(text.span, message).path(path).fix(format!("Write `{new}`"), edit));
            }
        }
    }
}

/// The reference to the variable in the way of shells, if there is one.
fn reference(text: &str, name: &str) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let braced = format!("${{{name}}}");
    if text.contains(&braced) {
        return Some(braced);
    }
    let plain = format!("${name}");
    let after = text.get(text.find(&plain)? + plain.len()..)?;
    let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    ends.then_some(plain)
}
