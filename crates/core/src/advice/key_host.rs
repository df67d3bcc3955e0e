//! A key whose registry differs from an image's in one label.

use super::{AdviceRule, Ask, Finding, keys};
use crate::rule::doc;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "key-host",
    title: "A key that serves no image differs from an image's registry in one label.",
    why: "Every label of the host must be the same, or be met by a star in the key: another region, or one wrong letter, is another registry.",
    severity: Severity::Warning,
    doc: doc("concepts/containers/images/", "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{and, config, container, manifests};
        use crate::session::InputKind;
        let pod = || manifests(container("image: 1.ecr.eu-west-1.example.com/app:1"));
        let session = |key: &str| and(pod(), InputKind::NodeConfig, &config(&[key]));
        let host = |region| format!("https://1.ecr.{region}.example.com");
        super::example::Example::new(session(&host("us-east-1")), session(&host("eu-west-1")))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask).iter().filter(|asked| asked.is_idle()) {
        let host = asked.host();
        let near = |repository: &&str| {
            let (image, path) = repository.split_once('/').unwrap_or((repository, ""));
            one_label_differs(host, image) && path.starts_with(asked.path())
        };
        let Some(repository) = asked.unserved().find(near) else { continue };
        let image = repository.split('/').next().unwrap_or_default();
        let message = format!("The key is for `{host}`, the image's registry is `{image}`.");
        let new = asked.key.written.replacen(host, image, 1);
        let fix = asked.rewritten(ask, &new);
        found.push(Finding::new(asked.key.span, message).fix(format!("Write `{new}`"), fix));
    }
}

/// Whether two hosts are the same but for one label. Where that would be nearly the whole name, the labels must look
/// alike.
fn one_label_differs(key: &str, image: &str) -> bool {
    let labels = || key.split('.').zip(image.split('.'));
    let mut different = labels().filter(|(key, image)| key != image);
    let (Some((one, other)), None) = (different.next(), different.next()) else { return false };
    let count = key.split('.').count();
    // A port belongs to its label and is another matter; a star is no misspelt label.
    let is_word = |label: &str| !label.is_empty() && !label.contains(['*', '?', '[', ':']);
    let is_hub = key.ends_with("docker.io") || image.ends_with("docker.io");
    count == image.split('.').count()
        && count > 1
        && !is_hub
        && is_word(one)
        && is_word(other)
        && (count > 2 || are_alike(one, other))
}

/// Whether two words differ in one letter: another one, one too many, one too few, or two exchanged.
fn are_alike(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let rest = |word: &[char]| word.iter().skip(before).copied().collect::<Vec<_>>();
    let (one, other) = (rest(&one), rest(&other));
    let behind = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (one.len().saturating_sub(behind), other.len().saturating_sub(behind));
    let exchanged = left == 2 && right == 2 && one.first() == other.get(1) && one.get(1) == other.first();
    exchanged || left <= 1 && right <= 1
}

#[cfg(test)]
mod tests {
    use super::one_label_differs;

    #[test]
    fn hosts_are_compared_by_labels() {
        for (key, image) in [
            ("us.reg.io", "eu.reg.io"),
            ("registy.io", "registry.io"),
            ("regsitry.io", "registry.io"),
            ("1.ecr.us-east-1.a.com", "1.ecr.eu-west-1.a.com"),
        ] {
            assert!(one_label_differs(key, image), "{key} {image}");
        }
        for (key, image) in [
            ("reg.io", "reg.io"),
            ("quay.io", "ghcr.io"),
            ("a.b.io", "c.d.io"),
            ("*.reg.io", "eu.reg.io"),
            ("reg.io", "eu.reg.io"),
            ("reg.io:1", "reg.io"),
            ("index.docker.io", "quay.docker.io"),
            ("localhost", "localhosts"),
        ] {
            assert!(!one_label_differs(key, image), "{key} {image}");
        }
    }
}
