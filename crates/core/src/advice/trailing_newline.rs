//! A value that ends with a line break, and a variable that gets it.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::secret::SecretValue;
use crate::rule::doc;
use podwhy_source::{Severity, base64};

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
            let (title, fix) = stripped(ask, value).unzip();
            found.push(Finding::new(value.key_span, message).fix(title.unwrap_or_default(), fix));
        }
    }
}

/// What to do and the change that does it: a block without the break at its end, a quoted text without it, or the base64 of
/// the value without it.
fn stripped(ask: &Ask, value: &SecretValue) -> Option<(&'static str, Edit)> {
    const LEAVE_OUT: &str = "Leave the line break out";
    let written = ask.texts.slice(value.span);
    if value.plain {
        let mark = written.lines().next().map_or("", str::trim_end);
        return match mark {
            "|" | ">" => Some(("Write `|-`", ask.texts.replace_within(value.span, mark, &format!("{mark}-"))?)),
            _ => {
                let kept = written.strip_suffix("\\n\"").filter(|kept| !kept.ends_with(['\\', 'n']))?;
                Some((LEAVE_OUT, ask.texts.replace_within(value.span, written, &format!("{kept}\""))?))
            }
        };
    }
    let bytes = value.bytes.as_deref()?;
    let kept = bytes.strip_suffix(b"\n").map(|kept| kept.strip_suffix(b"\r").unwrap_or(kept))?;
    let encoded = written.trim_matches(['"', '\'']);
    let once = !encoded.is_empty() && base64::encode(bytes) == encoded && !kept.ends_with(b"\n");
    let edit = once.then(|| ask.texts.replace_within(value.span, encoded, &base64::encode(kept)))??;
    Some((LEAVE_OUT, edit))
}

#[cfg(test)]
mod tests {
    use super::super::example::{container, manifests};
    use crate::advice::apply;
    use crate::evaluate::Whole;

    /// The text after the rule's fix, with a Secret of this field that a variable takes.
    fn mended(field: &str) -> Option<String> {
        let env = "env:\n- name: PASSWORD\n  valueFrom:\n    secretKeyRef: {name: db, key: password}";
        let secret = format!("---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n{field}\n");
        let text = container(env) + &secret;
        let problems = Whole::of(manifests(text.clone())).problems();
        let found = problems.into_iter().find(|problem| problem.diagnostic.code == "trailing-newline")?;
        Some(found.fix.map_or_else(String::new, |fix| apply(&text, fix.edits[0].input, &fix.edits)))
    }

    #[test]
    fn the_line_break_is_left_out_in_every_form() {
        for (field, after) in [
            // `echo abc | base64`, `printf abc | base64`.
            ("data: {password: YWJjCg==}", "data: {password: YWJj}"),
            ("data:\n  password: \"YWJjDQo=\"", "data:\n  password: \"YWJj\""),
            ("stringData:\n  password: \"abc\\n\"", "stringData:\n  password: \"abc\""),
            ("stringData:\n  password: >\n    abc", "stringData:\n  password: >-\n    abc"),
        ] {
            let text = mended(field).expect(field);
            assert!(text.ends_with(&format!("{after}\n")), "{field}: {text}");
        }
    }

    #[test]
    fn what_cannot_be_said_for_certain_is_told_without_a_fix() {
        // Two line breaks, of which one may be meant; a line break of the text behind a backslash.
        for field in ["data: {password: YWJjCgo=}", "stringData:\n  password: \"abc\\n\\n\""] {
            assert_eq!(mended(field), Some(String::new()), "{field}");
        }
        assert_eq!(mended("data: {password: YWJj}"), None);
    }
}
