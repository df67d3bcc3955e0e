//! What differs between two answers: two releases, or two versions of the texts.

use crate::text::{Page, images};
use crate::topics;
use podwhy_core::evaluate::Whole;
use serde_json::Value;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// What differs in one topic of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The pod's title.
    pub pod: String,
    /// The topic's name.
    pub topic: &'static str,
    /// The changed passages, in order.
    pub passages: Vec<Passage>,
}

/// Lines that stand in one answer and not in the other; either side may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// What the first answer says.
    pub before: Vec<String>,
    /// What the second one says in its place.
    pub after: Vec<String>,
}

/// The topic of a pod's images and credentials, which stands in the report itself.
pub const IMAGES: &str = "images";
/// The topic of a pod that only one of the answers has.
pub const PRESENCE: &str = "pod";

/// Everything that differs, pod by pod; pods belong together by their title. A release that only names itself is no
/// difference.
#[must_use]
pub fn between(before: &Whole, after: &Whole) -> Vec<Difference> {
    let find = |whole: &Whole, title: &str| whole.report.pods.iter().position(|pod| pod.title == title);
    let mut all = Vec::new();
    for (position, pod) in before.report.pods.iter().enumerate() {
        match find(after, &pod.title) {
            Some(other) => all.extend(of_pod((before, position), (after, other), &pod.title)),
            None => all.push(presence(&pod.title, "It is there.", "It is not there.")),
        }
    }
    let new = after.report.pods.iter().filter(|pod| find(before, &pod.title).is_none());
    all.extend(new.map(|pod| presence(&pod.title, "It is not there.", "It is there.")));
    all
}

fn presence(pod: &str, before: &str, after: &str) -> Difference {
    let passage = Passage { before: vec![before.to_owned()], after: vec![after.to_owned()] };
    Difference { pod: pod.to_owned(), topic: PRESENCE, passages: vec![passage] }
}

fn of_pod(before: (&Whole, usize), after: (&Whole, usize), title: &str) -> Vec<Difference> {
    let names = std::iter::once(IMAGES).chain(topics::ALL.iter().map(|topic| topic.name));
    let pairs = sections(before.0, before.1).into_iter().zip(sections(after.0, after.1));
    names
        .zip(pairs)
        .filter_map(|(topic, (first, second))| {
            let passages = passages((&first, before.0), (&second, after.0));
            (!passages.is_empty()).then(|| Difference { pod: title.to_owned(), topic, passages })
        })
        .collect()
}

/// What is said about a pod: its images, then every topic.
fn sections(whole: &Whole, pod: usize) -> Vec<Vec<String>> {
    let write = |section: &dyn Fn(&mut Page)| {
        let mut page = Page::new(&whole.session);
        section(&mut page);
        page.out.lines().map(str::to_owned).collect()
    };
    let images = write(&|page| images::section(whole, pod, page));
    let rest = topics::ALL.iter().map(|topic| write(&|page| (topic.text)(whole, pod, page)));
    std::iter::once(images).chain(rest).collect()
}

fn passages(before: (&[String], &Whole), after: (&[String], &Whole)) -> Vec<Passage> {
    // A sentence that differs in nothing but the release's name says the same.
    let names = [before.1, after.1].map(|whole| whole.report.release.to_string());
    let nameless = |(lines, _): (&[String], &Whole)| -> Vec<String> {
        let without = |line: &String| names.iter().fold(line.clone(), |line, name| line.replace(name, "this release"));
        lines.iter().map(without).collect()
    };
    let lines = |(lines, _): (&[String], &Whole), range: std::ops::Range<usize>| {
        lines.get(range).unwrap_or_default().iter().map(|line| line.trim().to_owned()).collect()
    };
    let operations = capture_diff_slices(Algorithm::Myers, &nameless(before), &nameless(after));
    let changed = operations.iter().filter(|operation| operation.tag() != DiffTag::Equal);
    changed
        .map(|operation| Passage {
            before: lines(before, operation.old_range()),
            after: lines(after, operation.new_range()),
        })
        .collect()
}

/// The parts of an answer that say why, not what.
const REASONS: &[&str] = &[
    "trace",
    "steps",
    "reason",
    "reasons",
    "because",
    "changes",
    "notes",
    "rule",
    "rules",
    "since",
    "until",
    "at",
    "assumptions",
    "finding",
    "doc",
    "upstream",
    "release",
    "gates",
];

/// What is decided, without the reasons and in a form to compare: two releases with the same mark answer the same.
#[must_use]
pub fn decisions(whole: &Whole) -> String {
    let mut all: Vec<Value> = whole.report.pods.iter().map(topics::written).collect();
    all.extend(whole.report.problems.iter().map(topics::written));
    for pod in 0..whole.report.pods.len() {
        all.extend(topics::ALL.iter().map(|topic| (topic.value)(whole, pod)));
    }
    let mut value = Value::Array(all);
    without_reasons(&mut value);
    // The kubelet names itself in the header of its hooks.
    let name = whole.report.release.to_string();
    let agent = format!("kube-lifecycle/{}", name.trim_start_matches('v'));
    value.to_string().replace(&agent, "kube-lifecycle").replace(&name, "this release")
}

/// Takes the reasons out. Answers are a few levels deep, whatever was given.
fn without_reasons(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_reasons),
        Value::Object(fields) => {
            fields.retain(|name, _| !REASONS.contains(&name.as_str()));
            fields.values_mut().for_each(without_reasons);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::release::{Cluster, Release};
    use podwhy_core::session::{Input, InputKind, Session};

    fn whole(release: &str, text: &str) -> Whole {
        let cluster = Cluster::of(Release::parse(release).unwrap());
        let input = Input { kind: InputKind::Manifests, name: "pod.yaml".to_owned(), text: text.to_owned() };
        Whole::of(Session { cluster, inputs: vec![input], ..Session::default() })
    }

    const POD: &str =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: a, image: 'r.io/a:1'}\n";

    #[test]
    fn the_same_texts_in_the_same_release_do_not_differ() {
        assert_eq!(between(&whole("1.34", POD), &whole("1.34", POD)), []);
    }

    #[test]
    fn another_tag_shows_in_the_images() {
        let differences = between(&whole("1.34", POD), &whole("1.34", &POD.replace("a:1", "a:latest")));
        let images = differences.iter().find(|difference| difference.topic == IMAGES).unwrap();
        let after: Vec<&String> = images.passages.iter().flat_map(|passage| &passage.after).collect();
        assert!(after.iter().any(|line| line.contains("Always")), "{after:?}");
    }

    #[test]
    fn a_pod_of_one_side_alone_is_told() {
        let both = POD.to_owned() + "---\n" + &POD.replace("web", "new");
        let differences = between(&whole("1.34", POD), &whole("1.34", &both));
        let new = differences.iter().find(|difference| difference.topic == PRESENCE).unwrap();
        assert_eq!((new.pod.as_str(), new.passages[0].after[0].as_str()), ("Pod `new`", "It is there."));
        // Both pods share a node, so that the one that stayed may wait for the other; its images are the same.
        assert!(!differences.iter().any(|difference| difference.topic == IMAGES));
    }

    #[test]
    fn a_release_that_decides_otherwise_has_another_mark_and_one_that_does_not_has_the_same() {
        let decided = |release| decisions(&whole(release, POD));
        assert_eq!(decided("1.30"), decided("1.31"));
        assert_ne!(decided("1.34"), decided("1.35"), "present images are verified from 1.35 on");
    }
}
