//! base64 of a registry's credentials where a Secret wants plain text.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::Secret;
use crate::credentials::docker_config::{Format, parse_bytes};
use crate::rule::doc;
use crate::rule::pages::SECRETS;
use podwhy_source::base64::{self, Padding};
use podwhy_source::json::Place;
use podwhy_source::{Node, Severity};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "base64-in-string-data",
    title: "A pull secret's `stringData` holds base64.",
    why: "Values under `stringData` are plain text, so the API server sees no JSON and refuses the Secret; base64 goes under `data`.",
    severity: Severity::Warning,
    doc: doc(SECRETS, "restriction-names-data"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{config, pod, secret};
        let spec = "imagePullSecrets:\n- name: reg\ncontainers:\n- name: main\n  image: reg.io/app:1";
        let kind = "kubernetes.io/dockerconfigjson";
        let text =
            pod(spec) + &secret("reg", "default", kind, ".dockerconfigjson", &base64::encode(config(&["reg.io"])));
        super::example::Example::manifests(text.clone(), text.replace("stringData", "data"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for secret in ask.secrets {
        let Some(format) = Format::of_secret_type(secret.type_name()) else { continue };
        let Some(value) = secret.value(format.data_key()).filter(|value| value.plain) else { continue };
        let decoded = value.bytes.as_deref().and_then(decoded);
        let is_config = |bytes: Vec<u8>| parse_bytes(&bytes, format, Place::Inside(value.span)).is_ok();
        if decoded.is_some_and(is_config) {
            let message = format!("The value of `{}` is base64, which `stringData` does not take.", value.key);
            found.push(Finding::new(value.key_span, message).fix("Write `data`", renamed(ask, secret)));
        }
    }
}

fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    base64::decode(std::str::from_utf8(bytes).ok()?.trim(), Padding::Required)
}

/// The change of the field's name, if everything in it is base64 and the other field is not there.
fn renamed(ask: &Ask, secret: &Secret) -> Option<Edit> {
    let object = ask.texts.node(secret.span)?;
    let field = object.get("stringData").filter(|_| object.get("data").is_none())?;
    let is_base64 = |node: &Node| node.as_text().and_then(|text| decoded(text.as_bytes())).is_some();
    let all = field.as_map()?.entries.iter().all(|entry| is_base64(&entry.value));
    all.then(|| ask.texts.rename(field.span, "data"))?
}
