//! A key with a path that also serves a repository whose name only begins alike.

use super::{AdviceRule, Ask, Finding, keys};
use crate::rule::doc;
use crate::rule::pages::IMAGES;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "key-prefix",
    title: "A key matches more repositories than its path looks like.",
    why: "The path of a key is a plain beginning of the repository's name: `team` also serves `team-private`. With a slash at its end it serves only what lies below.",
    severity: Severity::Warning,
    doc: doc(IMAGES, "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{Example, with_key};
        Example::new(with_key("reg.io/team-private/app:1", "reg.io/team"), with_key("reg.io/team/app:1", "reg.io/team"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask) {
        let Some((_, path)) = asked.key.normalised.as_deref().and_then(|key| key.split_once('/')) else { continue };
        if path.is_empty() || path.ends_with('/') {
            continue;
        }
        let rest = |repository: &'_ str| -> Option<String> {
            Some(repository.split_once('/')?.1.strip_prefix(path)?.to_owned())
        };
        let served = || asked.lookups.iter().filter(|(_, cell)| keys::matched(cell)).map(|(lookup, _)| lookup);
        let beyond = |repository: &str| rest(repository).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        let Some(lookup) = served().find(|lookup| beyond(&lookup.repository)) else { continue };
        let message = format!("`{}` also serves `{}`.", asked.key.written, lookup.repository);
        let itself = served().any(|lookup| rest(&lookup.repository).is_some_and(|rest| rest.is_empty()));
        let new = format!("{}/", asked.key.written);
        let fix = if itself { None } else { asked.rewritten(ask, &new) };
        found.push(Finding::new(asked.key.span, message).fix(format!("Write `{new}`"), fix));
    }
}
