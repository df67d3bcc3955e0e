//! A key that has everything of an image's registry but the port.

use super::{AdviceRule, Ask, Finding, keys};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "key-port",
    title: "A key and an image differ in the port alone.",
    why: "The port is part of the registry's name and must be the same in both, or in neither; https:// does not stand for 443.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || super::example::Example::keys("reg.io:5000/app:1", "https://reg.io", "https://reg.io:5000"),
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask).iter().filter(|asked| !asked.serves()) {
        let host = asked.host();
        let hosts = asked.lookups.iter().filter_map(|(lookup, _)| lookup.repository.split('/').next());
        let near = |image: &&str| *image != host && name(image) == name(host) && !name(host).is_empty();
        let Some(image) = hosts.into_iter().find(near) else { continue };
        let message = format!("The key is for `{host}`, the image's registry is `{image}`.");
        let new = asked.key.written.replacen(host, image, 1);
        let fix = asked.rewritten(ask, &new);
        found.push(Finding::new(asked.key.span, message).fix(format!("Write `{new}`"), fix));
    }
}

/// The host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
