//! A registry's password that ends with a line break.

use super::{AdviceRule, Ask, Edit, Finding, keys};
use crate::credentials::docker_config::masked_key;
use crate::credentials::key::Key;
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;
use podwhy_source::base64::{self, Padding};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "password-newline",
    title: "A registry's password ends with a line break.",
    why: "The kubelet sends the line break as a part of the password, and the registry refuses it. It comes from `echo user:password | base64`: encode with `printf` or `echo -n`.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, secret};
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let kind = "kubernetes.io/dockerconfigjson";
        let text = |auth| {
            let config = format!(r#"{{"auths":{{"reg.io":{{"auth":"{}"}}}}}}"#, base64::encode(auth));
            pod(spec) + &secret("reg", "default", kind, ".dockerconfigjson", &config)
        };
        super::example::Example::manifests(text("robot:x\n"), text("robot:x"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask) {
        let credential = &asked.key.credential;
        if !credential.password.ends_with(['\n', '\r']) {
            continue;
        }
        let message = format!("The password for `{}` ends with a line break.", masked_key(&asked.key.written));
        let fix = rewritten(ask, asked.key);
        found.push(Finding::new(asked.key.span, message).fix("Leave the line break out", fix));
    }
}

/// The change of `auth`, where it stands once in the text that holds the key.
fn rewritten(ask: &Ask, key: &Key) -> Option<Edit> {
    let credential = &key.credential;
    let auth = |password: &str| format!("\"{}\"", base64::encode(format!("{}:{password}", credential.username)));
    let old = auth(&credential.password);
    let new = auth(credential.password.trim_end_matches(['\n', '\r']));
    // A file's key stands at its name, before its entry; a Secret's at the whole value, in plain text or in base64.
    let is_name = ask.texts.slice(key.span).trim_matches('"') == key.written;
    let place = if is_name { ask.texts.onward(key.span) } else { key.span };
    let here = ask.texts.slice(place);
    if here.matches(&old).count() == 1 {
        return ask.texts.replace_within(place, &old, &new);
    }
    let encoded = here.trim_matches(['"', '\'']);
    let text = String::from_utf8(base64::decode(encoded, Padding::Required)?).ok()?;
    let once = text.matches(&old).count() == 1;
    once.then(|| ask.texts.replace_within(place, encoded, &base64::encode(text.replace(&old, &new))))?
}

#[cfg(test)]
mod tests {
    use super::super::example::{and, container, manifests, pod, secret};
    use crate::advice::apply;
    use crate::evaluate::Whole;
    use crate::session::{InputKind, Session};
    use podwhy_source::base64;

    /// The text `input` after the rule's fix.
    fn mended(session: Session, input: usize) -> Option<String> {
        let text = session.inputs[input].text.clone();
        let problems = Whole::of(session).problems();
        let fix = problems.into_iter().find(|problem| problem.diagnostic.code == "password-newline")?.fix?;
        Some(apply(&text, fix.edits[0].input, &fix.edits))
    }

    fn config(auth: &str) -> String {
        format!(r#"{{"auths":{{"reg.io":{{"auth":"{}"}}}}}}"#, base64::encode(auth))
    }

    #[test]
    fn the_nodes_file_and_a_secret_in_base64_are_mended_in_place() {
        let session = |text: &str| and(manifests(container("image: reg.io/app:1")), InputKind::NodeConfig, text);
        assert_eq!(mended(session(&config("u:p\n")), 1), Some(config("u:p")));
        assert_eq!(mended(session(&config("u:p")), 1), None);
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let kind = "kubernetes.io/dockerconfigjson";
        let text = |auth| {
            let data = base64::encode(config(auth));
            (pod(spec) + &secret("reg", "default", kind, ".dockerconfigjson", &data)).replace("stringData", "data")
        };
        assert_eq!(mended(manifests(text("u:p\r\n")), 0), Some(text("u:p")));
    }
}
