//! The strip above the views: one line for each container, each a link to what explains it.

use super::ShownPod;
use crate::parts::mark::Sign;
use crate::state::View;
use podwhy_core::report::{DocumentState, Report, Tone};
use podwhy_source::{Severity, Span};
use std::rc::Rc;
use yew::AttrValue;

/// One line of the strip: what happens to one container.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// How it went.
    pub sign: Sign,
    /// Which container of which object, such as `shop / web`.
    pub subject: AttrValue,
    /// What happens, as a plain sentence.
    pub sentence: AttrValue,
    /// The view that explains it.
    pub view: View,
    /// The id of the element in that view.
    pub anchor: AttrValue,
    /// Where the container stands.
    pub span: Option<Span>,
    /// Whether this is the last good answer of a document that cannot be read at the moment.
    pub stale: bool,
}

/// The id of a container's card in the view of images.
pub fn container_anchor(pod: usize, container: usize) -> AttrValue {
    format!("container-{pod}-{container}").into()
}

/// The id of the element in the view of credentials that shows a pod: its tab, or the pod itself if it is the only one.
pub fn credentials_anchor(pod: usize) -> AttrValue {
    format!("credentials-pod-tab-{pod}").into()
}

/// The lines for all pods, and for every document that has never been readable.
pub fn of(report: &Report, pods: &[ShownPod]) -> Rc<[Verdict]> {
    let broken = report.documents.iter().filter(|document| document.state == DocumentState::Broken);
    let unanswered =
        broken.filter(|document| !pods.iter().any(|pod| pod.number == document.number)).map(|document| Verdict {
            sign: Sign::No,
            subject: document.title.clone().into(),
            sentence: unread(report, document.span).into(),
            view: View::Problems,
            anchor: "view-tab-2".into(),
            span: Some(document.span),
            stale: false,
        });
    pods.iter().enumerate().flat_map(|(index, shown)| of_pod(index, shown)).chain(unanswered).collect()
}

/// That a document cannot be read, and why.
fn unread(report: &Report, document: Span) -> String {
    let inside = |span: Span| span.input == document.input && (document.start..=document.end).contains(&span.start);
    let mut problems = report.problems.iter();
    let why = problems.find(|problem| problem.severity == Severity::Error && problem.span.is_some_and(inside));
    match why {
        Some(problem) => format!("cannot be read: {}", problem.message),
        None => "cannot be read; everything else is answered.".to_owned(),
    }
}

fn of_pod(index: usize, shown: &ShownPod) -> Vec<Verdict> {
    let (pod, stale) = (&shown.pod, shown.stale.is_some());
    let refused = pod.refused.iter().map(|problem| Verdict {
        sign: Sign::No,
        subject: pod.name.clone().into(),
        sentence: format!("The API server refuses it: {}", refusal(&problem.path, &problem.message)).into(),
        view: View::Problems,
        anchor: "view-tab-2".into(),
        span: problem.span,
        stale,
    });
    let containers = pod.containers.iter().enumerate().map(|(at, container)| {
        let by_key = container.lookup.as_ref().is_some_and(|lookup| !lookup.cells.is_empty());
        let (view, anchor) = if by_key {
            (View::Credentials, credentials_anchor(index))
        } else {
            (View::Image, container_anchor(index, at))
        };
        Verdict {
            sign: match container.verdict.tone {
                Tone::Fine => Sign::Yes,
                Tone::Look => Sign::Warning,
                Tone::Fails => Sign::No,
            },
            subject: format!(
                "{} / {}",
                pod.name,
                if container.name.is_empty() { container.user.words() } else { &container.name }
            )
            .into(),
            sentence: container.verdict.text.clone().into(),
            view,
            anchor,
            span: Some(container.span),
            stale,
        }
    });
    refused.chain(containers).collect()
}

/// Kubernetes' own text: the field's path before the message, where there is one.
fn refusal(path: &str, message: &str) -> String {
    if path.is_empty() { message.to_owned() } else { format!("{path}: {message}") }
}
