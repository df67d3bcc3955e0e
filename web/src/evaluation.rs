//! When the answer is worked out again: as soon as something that it depends on changed, and never otherwise.

use crate::parts::mark::Sign;
use crate::state::{State, View};
use crate::texts::Texts;
use gloo::timers::callback::Timeout;
use podwhy_core::release::Cluster;
use podwhy_core::session::{KubeletPaths, Session};
use podwhy_source::{Diagnostic, Span};
use std::rc::Rc;
use yew::prelude::*;

/// Texts up to this many bytes are evaluated before the next frame.
const SMALL: usize = 100_000;
/// The pause in typing, in milliseconds, that larger texts wait for.
const PAUSE: u32 = 150;

/// One line of the strip above the views: what happens to one container.
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
}

/// What the page shows of one report.
#[derive(Clone, Default, PartialEq)]
pub struct Evaluation {
    /// The texts that it is about.
    pub texts: Texts,
    /// What is wrong with them, most severe first.
    pub problems: Rc<[Diagnostic]>,
    /// What happens to each container.
    pub verdicts: Rc<[Verdict]>,
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
pub fn use_evaluation(state: &State) -> Rc<Evaluation> {
    let evaluation = use_state(Rc::<Evaluation>::default);
    let question =
        Question { texts: state.texts.clone(), cluster: state.cluster.clone(), kubelet: state.kubelet.clone() };
    use_effect_with(question, {
        let evaluation = evaluation.setter();
        move |question| {
            let question = question.clone();
            let pause = if question.texts.size() <= SMALL { 0 } else { PAUSE };
            let timeout = Timeout::new(pause, move || evaluation.set(Rc::new(evaluate(&question))));
            move || drop(timeout)
        }
    });
    (*evaluation).clone()
}

fn evaluate(question: &Question) -> Evaluation {
    let _session = question.session();
    Evaluation { texts: question.texts.clone(), ..Evaluation::default() }
}
