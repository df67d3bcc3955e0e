//! The releases as a slider: a tick is marked where the present input's answer changes, and smaller where only messages
//! and details do.

use crate::prelude::*;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use podwhy::differences::{Decided, Weight, compared, decided, in_words};
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
    /// The pod that is looked at, as its position in the report.
    pub pod: usize,
}

/// A release in which something changes.
#[derive(Clone, PartialEq)]
struct Changed {
    release: Release,
    weight: Weight,
    /// What changes first, in a few words.
    words: String,
}

/// What is asked of every release.
#[derive(Clone)]
struct Question {
    whole: Rc<Whole>,
    /// The positions of the pods.
    pods: Vec<usize>,
}

impl PartialEq for Question {
    /// The release itself changes nothing in where the answer changes.
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Session, other: &Session| {
            let cluster = Cluster { release: other.cluster.release, ..one.cluster.clone() };
            cluster == other.cluster && one.kubelet == other.kubelet && one.inputs == other.inputs
        };
        self.pods == other.pods
            && (Rc::ptr_eq(&self.whole, &other.whole) || same(&self.whole.session, &other.whole.session))
    }
}

#[component]
pub fn ReleaseSlider(props: &ReleaseSliderProps) -> Html {
    let bench = use_context::<Bench>();
    let whole = &props.answered.whole;
    let wanted = use_wanted();
    let marked = use_state_eq(Vec::<Changed>::new);
    let count = whole.report.pods.len();
    let pods = compared(whole, props.pod);
    use_effect_with((Question { whole: whole.clone(), pods: pods.clone() }, wanted), {
        let marked = marked.setter();
        move |(question, wanted)| {
            let size = question.whole.session.inputs.iter().map(|input| input.text.len()).sum::<usize>();
            let run = (*wanted && size <= LARGEST).then(|| Run::start(question.clone(), marked.clone()));
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
    let change_in = |release: Release| marked.iter().find(|change| change.release == release);
    let names = |weight| {
        let of = |change: &&Changed| change.weight == weight;
        marked.iter().filter(of).map(|change| change.release.to_string()).collect::<Vec<_>>().join(", ")
    };
    let whose = match whole.report.pods.get(props.pod).filter(|_| pods.len() < count) {
        Some(pod) => format!("The answer about {}", pod.title.replace('`', "")),
        None => "The answer".to_owned(),
    };
    let sentence = match (names(Weight::Answer).as_str(), names(Weight::Wording).as_str()) {
        ("", "") => String::new(),
        ("", worded) => format!("{whose} is the same in every release; only messages and details differ in {worded}."),
        (changed, "") => format!("{whose} changes in {changed}."),
        (changed, worded) => format!("{whose} changes in {changed}; only messages and details differ in {worded}."),
    };
    let told = match change_in(present) {
        Some(change) => format!("{present}, {}", change.words),
        None => present.to_string(),
    };
    let tick = |(index, release): (usize, &Release)| {
        let x = STEP / 2 + index * STEP;
        let change = change_in(*release);
        let (class, path) = match change.map(|change| change.weight) {
            Some(Weight::Answer) => ("tick-change", format!("M{x} 1l4 4-4 4-4-4Z")),
            Some(Weight::Wording) => ("tick-wording", format!("M{x} 2.5l2.5 2.5-2.5 2.5-2.5-2.5Z")),
            None => ("tick", format!("M{x} 3v4")),
        };
        html! {
            <g>
                if let Some(change) = change {
                    <title>{ format!("{release}: {}", change.words) }</title>
                }
                <path class="tick-room" d={format!("M{} 0h{STEP}v10h-{STEP}Z", x - STEP / 2)} />
                <path {class} d={path} />
            </g>
        }
    };
    html! {
        <span class="release-slider" title={sentence.clone()}>
            <input type="range" min="0" max={last.to_string()} step="1" value={at.to_string()} aria-label="Kubernetes release"
                aria-valuetext={told} aria-describedby="release-changes" {oninput} />
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
    fn start(question: Question, marked: UseStateSetter<Vec<Changed>>) -> Self {
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
    question: Question,
    marked: UseStateSetter<Vec<Changed>>,
    rest: std::collections::VecDeque<Release>,
    last: Option<(Whole, Decided)>,
    found: Vec<Changed>,
}

fn next(timer: Rc<RefCell<Option<Timeout>>>, pause: u32, mut progress: Progress) {
    let again = timer.clone();
    let later = Timeout::new(pause, move || {
        let Some(release) = progress.rest.pop_front() else {
            progress.marked.set(progress.found);
            return;
        };
        let session = &progress.question.whole.session;
        let cluster = Cluster { release, ..session.cluster.clone() };
        let whole = Whole::of(Session { cluster, ..session.clone() });
        let answer = decided(&whole, &progress.question.pods);
        if let Some((before, decided)) = &progress.last
            && let Some(change) = answer.change_since(decided)
        {
            let words = in_words(&change, before, &whole);
            progress.found.push(Changed { release, weight: change.weight, words });
        }
        progress.last = Some((whole, answer));
        next(again, BETWEEN, progress);
    });
    *timer.borrow_mut() = Some(later);
}
