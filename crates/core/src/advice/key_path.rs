//! A key for an image's registry whose path is not the image's.

use super::{AdviceRule, Ask, Finding, keys};
use crate::rule::doc;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "key-path",
    title: "A key that serves no image is for an image's registry, and for another path in it.",
    why: "The path of a key must be the beginning of the repository's name. A key without a path serves everything in its registry.",
    severity: Severity::Warning,
    doc: doc("concepts/containers/images/", "config-json"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{and, config, container, manifests};
        use crate::session::InputKind;
        let pod = || manifests(container("image: reg.io/team/app:1"));
        let session = |key: &str| and(pod(), InputKind::NodeConfig, &config(&[key]));
        super::example::Example::new(session("https://reg.io/v2/team/other"), session("https://reg.io/v2/team"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in keys::every(ask).iter().filter(|asked| asked.is_idle()) {
        let (host, path) = (asked.host(), asked.path());
        let there = |repository: &&str| repository.split_once('/').is_some_and(|(image, _)| image == host);
        let Some(repository) = asked.unserved().find(there) else { continue };
        // With a slash at its end a key is for what lies below, and for nothing beside it.
        if path.is_empty() || path.ends_with('/') {
            continue;
        }
        let image = repository.split_once('/').unwrap_or_default().1;
        let message = format!("The key is for `{path}` in `{host}`, the image is `{image}` there.");
        let written = &asked.key.written;
        let common: Vec<&str> =
            path.split('/').zip(image.split('/')).map_while(|(key, image)| (key == image).then_some(key)).collect();
        let new = match (written.strip_suffix(path), written.split_once(host)) {
            (Some(before), _) if !common.is_empty() => format!("{before}{}", common.join("/")),
            // What stands between host and path, such as `/v1/`, would be a path by itself.
            (_, Some((scheme, _))) => format!("{scheme}{host}"),
            _ => written.clone(),
        };
        let fix = asked.rewritten(ask, &new);
        found.push(Finding::new(asked.key.span, message).fix(format!("Write `{new}`"), fix));
    }
}

#[cfg(test)]
mod tests {
    use crate::advice::example::{and, config, container, manifests};
    use crate::evaluate::Whole;
    use crate::session::InputKind;

    #[test]
    fn the_common_path_is_offered_or_the_host_alone() {
        for (key, offered) in [
            ("reg.io/team/other", "Write `reg.io/team`"),
            ("reg.io/other/app", "Write `reg.io`"),
            ("https://reg.io/v1/other", "Write `https://reg.io`"),
        ] {
            let session = and(manifests(container("image: reg.io/team/app:1")), InputKind::NodeConfig, &config(&[key]));
            let problems = Whole::of(session).problems();
            let problem = problems.iter().find(|problem| problem.diagnostic.code == "key-path");
            let title = problem.and_then(|problem| problem.fix.as_ref()).map(|fix| fix.title.as_str());
            assert_eq!(title, Some(offered), "{key}");
        }
    }
}
