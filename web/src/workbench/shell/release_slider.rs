//! The releases as a slider: a tick is marked where the present input's answer changes.

use crate::prelude::*;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use podwhy::differences::decisions;
use podwhy_core::evaluate::Whole;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::session::Session;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::HtmlInputElement;

/// The pause in milliseconds after a change, and between two releases: what is typed meanwhile goes first.
const PAUSE: u32 = 700;
const BETWEEN: u32 = 15;
/// Larger texts are not answered seventeen times unasked.
const LARGEST: usize = 100_000;
/// The room of one release in the picture.
const STEP: usize = 12;

#[derive(PartialEq, Properties)]
pub struct ReleaseSliderProps {
    pub answered: Answered,
}

#[component]
pub fn ReleaseSlider(props: &ReleaseSliderProps) -> Html {
    let bench = use_context::<Bench>();
    let whole = &props.answered.whole;
    let wanted = use_wanted();
    let marked = use_state_eq(Vec::<Release>::new);
    // The release itself changes nothing in where the answer changes.
    let question = Session {
        cluster: Cluster { release: Release::DEFAULT, ..whole.session.cluster.clone() },
        ..whole.session.clone()
    };
    use_effect_with((question, wanted), {
        let marked = marked.setter();
        move |(question, wanted)| {
            let small = question.inputs.iter().map(|input| input.text.len()).sum::<usize>() <= LARGEST;
            let run = (*wanted && small).then(|| Run::start(question.clone(), marked.clone()));
            if run.is_none() {
                marked.set(Vec::new());
            }
            move || drop(run)
        }
    });
    let Some(bench) = bench else { return Html::default() };
    let releases: Vec<Release> = Release::all().collect();
    let present = whole.report.release;
    let at = releases.iter().position(|release| *release == present).unwrap_or_default();
    let oninput = {
        let releases = releases.clone();
        Callback::from(move |event: InputEvent| {
            let value =
                event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse::<usize>().ok());
            if let Some(release) = value.and_then(|value| releases.get(value)) {
                bench.set_release(*release);
            }
        })
    };
    let last = releases.len().saturating_sub(1);
    let names: Vec<String> = marked.iter().map(ToString::to_string).collect();
    let sentence = match names.as_slice() {
        [] => String::new(),
        names => format!("The answer changes in {}.", names.join(", ")),
    };
    let tick = |(index, release): (usize, &Release)| {
        let x = STEP / 2 + index * STEP;
        if marked.contains(release) {
            html! { <path class="tick-change" d={format!("M{x} 1l4 4-4 4-4-4Z")} /> }
        } else {
            html! { <path class="tick" d={format!("M{x} 3v4")} /> }
        }
    };
    html! {
        <span class="release-slider" title={sentence.clone()}>
            <input type="range" min="0" max={last.to_string()} step="1" value={at.to_string()} aria-label="Kubernetes release"
                aria-valuetext={present.to_string()} aria-describedby="release-changes" {oninput} />
            <svg viewBox={format!("0 0 {} 10", releases.len() * STEP)} aria-hidden="true" focusable="false">
                { for releases.iter().enumerate().map(tick) }
            </svg>
            <span id="release-changes" class="unseen">{ sentence }</span>
        </span>
    }
}

/// Whether anybody is there: the work begins with the first key or touch, so that it is in nobody's way at the start.
#[hook]
fn use_wanted() -> bool {
    let wanted = use_state_eq(|| false);
    use_effect_with((), {
        let wanted = wanted.setter();
        move |()| {
            let listen = |name: &'static str| {
                let wanted = wanted.clone();
                EventListener::once(&document(), name, move |_| wanted.set(true))
            };
            let listeners = ["keydown", "pointerdown", "pointermove"].map(listen);
            move || drop(listeners)
        }
    });
    *wanted
}

/// Answers one release after the other, with pauses; dropping it ends it.
struct Run(Rc<RefCell<Option<Timeout>>>);

impl Run {
    fn start(question: Session, marked: UseStateSetter<Vec<Release>>) -> Self {
        let timer = Rc::new(RefCell::new(None));
        next(
            timer.clone(),
            PAUSE,
            Progress { question, marked, rest: Release::all().collect(), last: None, found: Vec::new() },
        );
        Self(timer)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.borrow_mut().take();
    }
}

struct Progress {
    question: Session,
    marked: UseStateSetter<Vec<Release>>,
    rest: std::collections::VecDeque<Release>,
    last: Option<String>,
    found: Vec<Release>,
}

fn next(timer: Rc<RefCell<Option<Timeout>>>, pause: u32, mut progress: Progress) {
    let again = timer.clone();
    let later = Timeout::new(pause, move || {
        let Some(release) = progress.rest.pop_front() else {
            progress.marked.set(progress.found);
            return;
        };
        let cluster = Cluster { release, ..progress.question.cluster.clone() };
        let decided = decisions(&Whole::of(Session { cluster, ..progress.question.clone() }));
        if progress.last.as_ref().is_some_and(|last| *last != decided) {
            progress.found.push(release);
        }
        progress.last = Some(decided);
        next(again, BETWEEN, progress);
    });
    *timer.borrow_mut() = Some(later);
}
