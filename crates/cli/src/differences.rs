//! What differs between two answers: two releases, or two versions of the texts.

use crate::text::{Page, images, mark_of};
use crate::topics;
use podwhy_core::evaluate::Whole;
use podwhy_core::report::Tone;
use serde_json::Value;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::BTreeMap;

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

/// Up to this many pods are compared at once where somebody waits; of more only the one that is looked at.
pub const TOGETHER: usize = 6;

/// The pods to compare while the one at `chosen` is looked at, as positions in the report: all of a few, else that one.
#[must_use]
pub fn compared(whole: &Whole, chosen: usize) -> Vec<usize> {
    let count = whole.report.pods.len();
    if count <= TOGETHER { (0..count).collect() } else { vec![chosen] }
}

/// Everything that differs about the pods at these positions of `after`, pod by pod, and about those that only one of the
/// answers has; pods belong together by their title. A release that only names itself is no difference.
#[must_use]
pub fn between(before: &Whole, after: &Whole, pods: &[usize]) -> Vec<Difference> {
    let positions = |whole: &Whole| -> BTreeMap<String, usize> {
        whole.report.pods.iter().enumerate().rev().map(|(position, pod)| (pod.title.clone(), position)).collect()
    };
    let (first, second) = (positions(before), positions(after));
    let mut all = Vec::new();
    for (position, pod) in after.report.pods.iter().enumerate() {
        match first.get(&pod.title) {
            Some(other) if pods.contains(&position) => {
                all.extend(of_pod((before, *other), (after, position), &pod.title));
            }
            Some(_) => {}
            None => all.push(presence(&pod.title, "It is not there.", "It is there.")),
        }
    }
    let gone = before.report.pods.iter().filter(|pod| !second.contains_key(&pod.title));
    all.extend(gone.map(|pod| presence(&pod.title, "It is there.", "It is not there.")));
    all
}

fn presence(pod: &str, before: &str, after: &str) -> Difference {
    let passage = Passage { before: vec![before.to_owned()], after: vec![after.to_owned()] };
    Difference { pod: pod.to_owned(), topic: PRESENCE, passages: vec![passage] }
}

fn of_pod(before: (&Whole, usize), after: (&Whole, usize), title: &str) -> Vec<Difference> {
    let differing = |topic| {
        let passages = passages((&section(before, topic), before.0), (&section(after, topic), after.0));
        (!passages.is_empty()).then(|| Difference { pod: title.to_owned(), topic, passages })
    };
    std::iter::once(IMAGES).chain(topics::ALL.iter().map(|topic| topic.name)).filter_map(differing).collect()
}

/// What is said about a pod in one topic.
fn section((whole, pod): (&Whole, usize), topic: &str) -> Vec<String> {
    let mut page = Page::new(&whole.session);
    match topics::ALL.iter().find(|other| other.name == topic) {
        Some(topic) => (topic.text)(whole, pod, &mut page),
        None => images::section(whole, pod, &mut page),
    }
    page.out.lines().map(str::to_owned).collect()
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

/// What is told beside an answer: how events and failures are worded, and what other runtimes would do.
const WORDING: &[(&str, &str)] = &[("events", "message"), ("failure", "message"), ("failure", "error")];
const BESIDE: &[&str] = &["handlers"];

/// The topic of what is wrong with the texts.
const PROBLEMS: &str = "problems";

/// What an answer decides about some of its pods, without the reasons and in a form to compare.
#[derive(Clone, Debug)]
pub struct Decided {
    pods: Vec<usize>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    /// The pod's position among those of the answer; `None` for the problems of the texts.
    pod: Option<usize>,
    topic: &'static str,
    /// Everything that is decided.
    decided: String,
    /// The same without mere wording.
    answer: String,
}

/// How much it matters that two releases say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The answers are the same; an event or something beside them reads otherwise.
    Wording,
    /// The answers differ.
    Answer,
}

/// The first thing in which two answers differ, of those that matter most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much it matters.
    pub weight: Weight,
    /// The pod's position in the report; `None` for a problem of the texts, or another number of pods.
    pub pod: Option<usize>,
    /// The topic's name.
    pub topic: &'static str,
}

/// What is decided about the pods at these positions.
#[must_use]
pub fn decided(whole: &Whole, pods: &[usize]) -> Decided {
    let problems = (None, PROBLEMS, topics::written(&whole.report.problems));
    let of_pod = |pod: &usize| {
        let report = whole.report.pods.get(*pod).map(topics::written).unwrap_or_default();
        let rest = topics::ALL.iter().map(|topic| (topic.name, (topic.value)(whole, *pod)));
        let all = std::iter::once((IMAGES, report)).chain(rest);
        all.map(|(topic, value)| (Some(*pod), topic, value)).collect::<Vec<_>>()
    };
    let part = |(pod, topic, mut value): (Option<usize>, &'static str, Value)| {
        without(&mut value, &|_, name| REASONS.contains(&name), "");
        let decided = nameless(&value, whole);
        without(&mut value, &|around, name| WORDING.contains(&(around, name)) || BESIDE.contains(&name), "");
        Part { pod, topic, answer: nameless(&value, whole), decided }
    };
    let parts = pods.iter().flat_map(of_pod).chain([problems]).map(part).collect();
    Decided { pods: pods.to_vec(), parts }
}

/// The value as a text in which the release's own name does not count; the kubelet names itself in its hooks' header.
fn nameless(value: &Value, whole: &Whole) -> String {
    let name = whole.report.release.to_string();
    let agent = format!("kube-lifecycle/{}", name.trim_start_matches('v'));
    value.to_string().replace(&agent, "kube-lifecycle").replace(&name, "this release")
}

impl Decided {
    /// What is decided otherwise than `before`; nothing for the same answers.
    #[must_use]
    pub fn change_since(&self, before: &Self) -> Option<Change> {
        if self.pods != before.pods {
            return Some(Change { weight: Weight::Answer, pod: None, topic: PRESENCE });
        }
        let pairs = || before.parts.iter().zip(&self.parts);
        let other = |weight, found: Option<(&Part, &Part)>| {
            found.map(|(_, part)| Change { weight, pod: part.pod, topic: part.topic })
        };
        other(Weight::Answer, pairs().find(|(before, now)| before.answer != now.answer))
            .or_else(|| other(Weight::Wording, pairs().find(|(before, now)| before.decided != now.decided)))
    }
}

/// A change in one line: the pod if there are several, the topic, and what is said since, or was said before.
#[must_use]
pub fn in_words(change: &Change, before: &Whole, after: &Whole) -> String {
    let topic = change.topic.replace('_', " ");
    let said = match change.pod {
        Some(pod) => {
            let sides = [before, after].map(|whole| section((whole, pod), change.topic));
            let [first, second] = &sides;
            passages((first, before), (second, after)).into_iter().next().map(|passage| (passage.before, passage.after))
        }
        None => {
            let messages = |whole: &Whole| -> Vec<String> {
                whole.report.problems.iter().map(|problem| problem.message.clone()).collect()
            };
            let (first, second) = (messages(before), messages(after));
            let new = second.iter().filter(|line| !first.contains(line)).cloned().collect();
            Some((first.into_iter().filter(|line| !second.contains(line)).collect(), new))
        }
    };
    let words = match said.map(|(gone, new)| (gone.into_iter().next(), new.into_iter().next())) {
        Some((_, Some(new))) => format!("{topic}: {new}"),
        Some((Some(gone), None)) => format!("{topic}, no longer: {gone}"),
        _ => topic,
    };
    let title = change.pod.filter(|_| after.report.pods.len() > 1).and_then(|pod| after.report.pods.get(pod));
    let words = title.map_or(words.clone(), |pod| format!("{}, {words}", pod.title)).replace('`', "");
    // Neither the marks before verdicts nor the columns of events are words.
    let words =
        [Tone::Fine, Tone::Look, Tone::Fails].into_iter().fold(words, |words, tone| words.replace(mark_of(tone), ""));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes fields out, by what they stand in (`around`, through lists) and their names. Answers are a few levels deep,
/// whatever was given.
fn without(value: &mut Value, unwanted: &dyn Fn(&str, &str) -> bool, around: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| without(item, unwanted, around)),
        Value::Object(fields) => {
            fields.retain(|name, _| !unwanted(around, name));
            fields.iter_mut().for_each(|(name, field)| without(field, unwanted, name));
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
        assert_eq!(between(&whole("1.34", POD), &whole("1.34", POD), &[0]), []);
    }

    #[test]
    fn another_tag_shows_in_the_images() {
        let differences = between(&whole("1.34", POD), &whole("1.34", &POD.replace("a:1", "a:latest")), &[0]);
        let images = differences.iter().find(|difference| difference.topic == IMAGES).unwrap();
        let after: Vec<&String> = images.passages.iter().flat_map(|passage| &passage.after).collect();
        assert!(after.iter().any(|line| line.contains("Always")), "{after:?}");
    }

    #[test]
    fn a_pod_of_one_side_alone_is_told() {
        let both = POD.to_owned() + "---\n" + &POD.replace("web", "new");
        let differences = between(&whole("1.34", POD), &whole("1.34", &both), &[0, 1]);
        let new = differences.iter().find(|difference| difference.topic == PRESENCE).unwrap();
        assert_eq!((new.pod.as_str(), new.passages[0].after[0].as_str()), ("Pod `new`", "It is there."));
        // Both pods share a node, so that the one that stayed may wait for the other; its images are the same.
        assert!(!differences.iter().any(|difference| difference.topic == IMAGES));
        let back = between(&whole("1.34", &both), &whole("1.34", POD), &[]);
        assert_eq!(back.len(), 1, "what nobody asked for is left out, what is gone is told");
        assert_eq!(back[0].passages[0].after[0], "It is not there.");
    }

    #[test]
    fn of_many_pods_the_chosen_one_is_compared() {
        let many = |count| (0..count).map(|at| POD.replace("web", &format!("web-{at}")) + "---\n").collect::<String>();
        assert_eq!(compared(&whole("1.34", &many(TOGETHER)), 2).len(), TOGETHER);
        assert_eq!(compared(&whole("1.34", &many(TOGETHER + 1)), 2), [2]);
    }

    fn change(text: &str, before: &str, after: &str) -> Option<(Weight, &'static str, String)> {
        let [before, after] = [before, after].map(|release| whole(release, text));
        let change = decided(&after, &[0]).change_since(&decided(&before, &[0]))?;
        Some((change.weight, change.topic, in_words(&change, &before, &after)))
    }

    #[test]
    fn a_release_that_decides_otherwise_is_told_from_one_that_only_words_it_so() {
        assert_eq!(change(POD, "1.30", "1.31"), None);
        let (weight, topic, words) = change(POD, "1.34", "1.35").expect("present images are verified from 1.35 on");
        assert_eq!((weight, topic), (Weight::Answer, IMAGES));
        assert!(words.starts_with("images: container a: r.io/a:1 is pulled if "), "{words}");
        // Since 1.30 the event of a pull tells the image's size; everything is decided as before.
        let (weight, topic, words) = change(POD, "1.29", "1.30").expect("another wording");
        assert_eq!((weight, topic), (Weight::Wording, "pulls"));
        assert!(words.contains(" Pulled 19m kubelet ") && words.contains("Image size: "), "{words}");
    }

    #[test]
    fn a_field_that_a_release_does_not_know_is_a_problem_that_goes_away() {
        let sleep = POD.replace("'r.io/a:1'}", "'r.io/a:1', lifecycle: {preStop: {sleep: {seconds: 1}}}}");
        let (weight, _, _) = change(&sleep, "1.28", "1.29").expect("the field exists since 1.29");
        assert_eq!(weight, Weight::Answer);
    }

    #[test]
    fn only_the_pods_that_were_asked_for_count() {
        let both = POD.replace("'r.io/a:1'}", "'r.io/a:1', lifecycle: {preStop: {sleep: {seconds: 1}}}}")
            + "---\n"
            + &POD.replace("web", "other");
        let [before, after] = ["1.33", "1.34"].map(|release| whole(release, &both));
        assert_eq!(decided(&after, &[1]).change_since(&decided(&before, &[1])), None);
    }
}
