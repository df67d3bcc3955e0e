//! A value that ends with a line break, and a variable that gets it.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::secret::SecretValue;
use crate::rule::doc;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "trailing-newline",
    title: "A Secret's value ends with a line break, and a variable gets it.",
    why: "A password with a line break at its end is another password. Encode with `printf` or `echo -n`; in stringData write `|-` instead of `|`.",
    severity: Severity::Warning,
    doc: doc("tasks/configmap-secret/managing-secret-using-config-file/", "create-the-config-file"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let text = |mark| {
            let env = "env:\n- name: PASSWORD\n  valueFrom:\n    secretKeyRef: {name: db, key: password}";
            let secret = "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: ";
            format!("{}{secret}{mark}\n    abc\n", super::example::container(env))
        };
        super::example::Example::manifests(text("|"), text("|-"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    let used = |secret: &crate::api::Secret, key: &str| {
        ask.containers().filter(|(pod, _)| pod.namespace == secret.namespace).any(|(_, container)| {
            let variables = container.environment.env.iter().filter_map(|variable| variable.value_from.as_ref());
            let keys = variables.filter_map(|from| from.secret.as_ref());
            let mut whole = container.environment.env_from.iter().filter_map(|from| from.secret.as_ref());
            keys.into_iter().any(|from| from.name() == secret.name && from.key() == key)
                || whole.any(|from| from.name() == secret.name)
        })
    };
    for secret in ask.secrets {
        for value in &secret.data {
            let ends = value.bytes.as_deref().is_some_and(|bytes| bytes.ends_with(b"\n"));
            if !ends || !used(secret, &value.key) {
                continue;
            }
            let message = format!("The value of `{}` ends with a line break, which the variable gets too.", value.key);
            found.push(Finding::new(value.key_span, message).fix("Write `|-`", stripped(ask, value)));
        }
    }
}

/// A block of plain text without the break at its end.
fn stripped(ask: &Ask, value: &SecretValue) -> Option<Edit> {
    let mark = ask.texts.slice(value.span).lines().next().map(str::trim_end);
    let mark = mark.filter(|mark| value.plain && matches!(*mark, "|" | ">"))?;
    ask.texts.replace_within(value.span, mark, &format!("{mark}-"))
}
