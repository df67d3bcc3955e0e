//! When the answer is worked out again: as soon as something that it depends on changed, and never otherwise.

mod verdicts;

use crate::prelude::*;
use crate::shared::Shared;
use crate::state::State;
use crate::texts::{Text, Texts};
use gloo::timers::callback::Timeout;
use podwhy_core::evaluate::evaluate;
use podwhy_core::release::Cluster;
use podwhy_core::report::{DocumentState, PodReport, Report};
use podwhy_core::session::{InputKind, KubeletPaths, Session};
use podwhy_source::{Diagnostic, Span};
use std::rc::Rc;
pub use verdicts::{Verdict, container_anchor, credentials_anchor};

/// Texts up to this many bytes are evaluated before the next frame.
const SMALL: usize = 100_000;
/// The pause in typing, in milliseconds, that larger texts wait for.
const PAUSE: u32 = 150;

/// A pod's answer as it is shown. While its document cannot be read, the last good answer stays.
#[derive(Clone, PartialEq)]
pub struct ShownPod {
    /// The answer.
    pub pod: Shared<PodReport>,
    /// The number of its document in the manifests, from 1.
    pub number: usize,
    /// The texts that the answer was given for, when they are not the present ones.
    pub stale: Option<Texts>,
}

/// What the page shows of one report.
#[derive(Clone, PartialEq)]
pub struct Evaluation {
    /// The texts that it is about.
    pub texts: Texts,
    /// The whole answer less its pods, which are in `pods`.
    pub report: Shared<Report>,
    /// What is wrong with the texts, in the order of the text.
    pub problems: Shared<[Diagnostic]>,
    /// Every pod, in the order of the text.
    pub pods: Rc<[ShownPod]>,
    /// What happens to each container, one line each.
    pub verdicts: Rc<[Verdict]>,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self::new(Texts::default(), evaluate(&Session::default()), None)
    }
}

impl Evaluation {
    fn new(texts: Texts, mut report: Report, before: Option<&Self>) -> Self {
        // The pods go into their own shared cells: copying whole answers would be work that no keystroke asked for.
        let answered = std::mem::take(&mut report.pods);
        let pods = shown_pods(&texts, &report, answered, before);
        Self {
            verdicts: verdicts::of(&report, &pods),
            problems: report.problems.clone().into(),
            pods,
            texts,
            report: Shared::new(report),
        }
    }
}

/// What the second program found wrong.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// The texts that it is about.
    pub texts: Texts,
    /// The problems, each with its text; their spans name no input.
    pub problems: Rc<[(InputKind, Diagnostic)]>,
}

impl Found {
    /// The problems as they stand in newer texts; `None` if those are others, about which nothing is known yet.
    fn within(&self, texts: &Texts) -> Option<Rc<[Diagnostic]>> {
        let moved = InputKind::ALL.map(|kind| moved(self.texts.get(kind), texts.get(kind)));
        let problems = self.problems.iter().filter_map(|(kind, problem)| {
            let input = texts.id_of(*kind)?;
            let to = |at| {
                InputKind::ALL.into_iter().zip(&moved).find(|(other, _)| other == kind)?.1.map(|moved| moved.place(at))
            };
            let span =
                problem.span.and_then(|span| Some(Span { input, start: to(span.start)?, end: to(span.end)? }))?;
            Some(Diagnostic { span: Some(span), ..problem.clone() })
        });
        let same = moved.iter().all(Option::is_some);
        same.then(|| problems.collect())
    }
}

/// An edit: where it begins, where it ended, and where it ends now.
#[derive(Clone, Copy)]
struct Moved {
    begin: u32,
    end: u32,
    now: u32,
}

impl Moved {
    /// Where a place of the earlier text is now; one that was changed is where the change begins.
    fn place(self, at: u32) -> u32 {
        if at >= self.end { at - self.end + self.now } else { at.min(self.begin) }
    }
}

/// The edit that made the one text of the other; `None` if they have little in common.
fn moved(before: &Text, now: &Text) -> Option<Moved> {
    if before == now {
        return Some(Moved { begin: u32::MAX, end: u32::MAX, now: u32::MAX });
    }
    let (before, now) = (before.as_str(), now.as_str());
    let (head, tail) = alike(before, now);
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let begin = (0..=head).rev().find(|at| before.is_char_boundary(*at)).unwrap_or(0);
    let edit = Moved { begin: place(begin), end: place(before.len() - tail), now: place(now.len() - tail) };
    is_edit_of(before, now).then_some(edit)
}

/// The report's pods, and in the place of every document that broke while it was typed, the pods that it had.
fn shown_pods(texts: &Texts, report: &Report, answered: Vec<PodReport>, before: Option<&Evaluation>) -> Rc<[ShownPod]> {
    let number = |pod: &PodReport| report.documents.get(pod.document).map_or(0, |document| document.number);
    let mut pods: Vec<ShownPod> =
        answered.into_iter().map(|pod| ShownPod { number: number(&pod), pod: Shared::new(pod), stale: None }).collect();
    // An answer to a text that was replaced since, by a button or by a paste, says nothing about this one.
    let before = before.filter(|before| {
        let (before, now) = (before.texts.get(InputKind::Manifests), texts.get(InputKind::Manifests));
        before.replaced == now.replaced && is_edit_of(before.as_str(), now.as_str())
    });
    if let Some(before) = before {
        let broken = |shown: &&ShownPod| {
            report.documents.iter().any(|document| {
                document.state == DocumentState::Broken
                    && document.number == shown.number
                    && texts.kind_of(document.input) == Some(InputKind::Manifests)
            })
        };
        let kept = before.pods.iter().filter(broken).filter(|shown| !pods.iter().any(|pod| pod.number == shown.number));
        let kept: Vec<_> = kept
            .map(|shown| ShownPod { stale: shown.stale.clone().or(Some(before.texts.clone())), ..shown.clone() })
            .collect();
        pods.extend(kept);
        pods.sort_by_key(|pod| pod.number);
    }
    pods.into()
}

/// Whether at least half of the earlier text still stands at the beginning and the end of the present one.
pub fn is_edit_of(before: &str, now: &str) -> bool {
    let (head, tail) = alike(before, now);
    (head + tail) * 2 >= before.len()
}

/// How many bytes are the same at the beginnings and at the ends, none counted twice.
fn alike(before: &str, now: &str) -> (usize, usize) {
    let alike = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(a, b)| a == b).count();
    let head = alike(&mut before.bytes().zip(now.bytes()));
    let tail = alike(&mut before.bytes().rev().zip(now.bytes().rev()));
    (head, tail.min(before.len().min(now.len()) - head))
}

/// Everything that an answer depends on.
#[derive(Clone, PartialEq)]
struct Question {
    texts: Texts,
    cluster: Cluster,
    kubelet: KubeletPaths,
}

impl Question {
    fn session(&self) -> Session {
        Session { cluster: self.cluster.clone(), kubelet: self.kubelet.clone(), inputs: self.texts.to_inputs() }
    }
}

/// The newest answer. While a larger text is being typed the last one stays.
#[hook]
pub fn use_evaluation(state: &State) -> Shared<Evaluation> {
    let evaluation = use_reducer(Newest::default);
    let question =
        Question { texts: state.texts.clone(), cluster: state.cluster.clone(), kubelet: state.kubelet.clone() };
    use_effect_with(question, {
        let evaluation = evaluation.dispatcher();
        move |question| {
            let question = question.clone();
            let pause = if question.texts.size() <= SMALL { 0 } else { PAUSE };
            let timeout = Timeout::new(pause, move || evaluation.dispatch(question));
            move || drop(timeout)
        }
    });
    evaluation.0.clone()
}

/// The same with what the second program found in place of the first problems, as soon as it has looked.
#[hook]
pub fn use_checked(state: &State, evaluation: &Shared<Evaluation>) -> Shared<Evaluation> {
    let checked = use_memo((evaluation.clone(), state.found.clone()), |(evaluation, found)| {
        let problems = found.as_ref().and_then(|found| found.within(&evaluation.texts));
        problems.map_or(evaluation.clone(), |problems| {
            Shared::new(Evaluation { problems: problems.into(), ..(**evaluation).clone() })
        })
    });
    (*checked).clone()
}

/// The newest answer; it takes what can still be shown from the one before.
#[derive(Default)]
struct Newest(Shared<Evaluation>);

impl Reducible for Newest {
    type Action = Question;

    fn reduce(self: Rc<Self>, question: Question) -> Rc<Self> {
        let report = evaluate(&question.session());
        Rc::new(Self(Shared::new(Evaluation::new(question.texts, report, Some(&self.0)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;

    #[test]
    fn a_letter_more_is_an_edit_and_another_text_is_none() {
        assert!(is_edit_of("kind: Pod\nspec: 1\n", "kind: Pod\nspec: [1\n"));
        assert!(is_edit_of("kind: Pod\n", "kind: Pod\n---\nkind: ["));
        assert!(!is_edit_of("kind: Pod\nmetadata: {name: a}\n", "Failed to pull image\n"));
    }

    #[test]
    fn problems_move_with_the_text_until_they_are_looked_for_again() {
        let texts = |manifests: &str| Texts::default().with(InputKind::Manifests, Text::new(manifests));
        let span = Span::new(InputId(0), 11, 16);
        let problem = (InputKind::Manifests, Diagnostic::warning("latest-tag", "x", span));
        let found = Found { texts: texts("a: 1\nimage: nginx\n"), problems: Rc::new([problem]) };
        let place = |now: &str| found.within(&texts(now)).map(|list| list[0].span.map(|span| (span.start, span.end)));
        assert_eq!(place("a: 1\nimage: nginx\n"), Some(Some((11, 16))));
        assert_eq!(place("a: ä1\nimage: nginx\n"), Some(Some((13, 18))), "two bytes more before it");
        assert_eq!(place("a: 1\nimage: nginx\nb: 2\n"), Some(Some((11, 16))));
        assert_eq!(place("kind: Pod\nmetadata: {}\n"), None, "another text");
    }
}
