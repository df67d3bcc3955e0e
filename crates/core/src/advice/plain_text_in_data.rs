//! Plain text where a Secret wants base64.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::SECRETS;
use crate::schema::Class;
use podwhy_source::base64::{self, Padding};
use podwhy_source::{Node, Severity};

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "plain-text-in-data",
    title: "A Secret's `data` holds plain text.",
    why: "Values under `data` are base64; plain text goes under `stringData`.",
    severity: Severity::Warning,
    doc: doc(SECRETS, "restriction-names-data"),
    mends: &["bad-base64"],
    check,
    #[cfg(test)]
    example: || {
        let secret = |field, value| {
            format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n{field}:\n  password: {value}\n")
        };
        super::example::Example::manifests(secret("data", "'not base64!'"), secret("data", "eHl6"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for known in ask.known.iter().filter(|known| known.code == Class::BadBase64.code()) {
        let Some(span) = known.span else { continue };
        let Some(data) = ask.texts.above(span, 1) else { continue };
        let Some(map) = ask.texts.node(data).and_then(Node::as_map) else { continue };
        let plain = |node: &Node| node.as_text().is_some_and(|text| base64::decode(text, Padding::Required).is_none());
        let object = ask.texts.above(data, 1).and_then(|object| ask.texts.node(object));
        let alone = object.is_some_and(|object| object.get("stringData").is_none() && object.get("data").is_some());
        // What is base64 would mean something else under the other name.
        let all = map.entries.iter().all(|entry| plain(&entry.value));
        let fix = (alone && all).then(|| ask.texts.rename(data, "stringData")).flatten();
        found.push(Finding::new(span, &known.message).path(&known.path).fix("Write `stringData`", fix));
    }
}
