//! The second program: the views that need the whole answer.
//!
//! It holds nothing of its own but what is being looked at. Whatever changes an answer is text in the page (the scenario
//! too), goes there through [`bench::Bench`], and comes back with the next session.

mod assist;
pub mod bench;
mod frame;
mod parts;
mod sharing;
mod shell;
mod views;

use crate::bridge::workbench::{Told, listen, show, tell_problems};
use crate::places::Places;
use crate::prelude::*;
use crate::state::View;
use crate::storage::{self, use_saving};
use bench::Bench;
use frame::Frame;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use podwhy_core::evaluate::{Problem, Whole};
use podwhy_core::session::Session;
use shell::Shell;
use std::rc::Rc;
use views::compare::Other;
use views::problems::{Problems, use_problem_keys};

/// The pause in typing, in milliseconds, after which the whole answer is worked out while none of its views is open.
const UNSEEN_PAUSE: u32 = 250;
/// The same for a view that is open, once the texts are large.
const LARGE_PAUSE: u32 = 150;
/// Texts up to this many bytes are answered before the next frame while a view is open.
const SMALL: usize = 100_000;

/// Mounts the workbench beside the page. Its own element holds what belongs to no view; views are drawn into the places
/// that the page keeps for them.
pub fn start() {
    let Ok(root) = document().create_element("div") else { return };
    _ = root.set_attribute("id", "workbench");
    if gloo::utils::body().append_child(&root).is_ok() {
        yew::Renderer::<Workbench>::with_root(root).render();
    }
}

/// A session with its whole answer.
#[derive(Clone)]
pub struct Answered {
    /// What the page holds.
    pub told: Told,
    /// The answer.
    pub whole: Rc<Whole>,
    /// Everything that is wrong or worth knowing.
    pub problems: Rc<[Problem]>,
}

impl PartialEq for Answered {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.whole, &other.whole) && self.told.view == other.told.view
    }
}

#[component]
fn Workbench() -> Html {
    let told = use_state(|| None::<Told>);
    let answered = use_state(|| None::<Answered>);
    use_effect_with((), {
        let told = told.setter();
        move |()| {
            let listener = listen(move |now| told.set(Some(now)));
            move || drop(listener)
        }
    });
    use_effect_with((*told).clone(), {
        let answered = answered.clone();
        move |told| {
            let later = told.clone().map(|told| answer_later(told, answered));
            move || drop(later)
        }
    });
    use_saving(told.as_ref().map(|told| &told.texts), storage::save_manifests);
    use_problem_keys(answered.as_ref());
    assist::use_assist(told.as_ref().map(|told| told.cluster.release), answered.as_ref());
    let pod = use_state_eq(|| 0);
    let other = use_state_eq(|| None::<Other>);
    let oncompare = use_callback(other.setter(), |chosen, other| other.set(chosen));
    let Some(now) = (*answered).clone() else { return Html::default() };
    let latest = (*told).clone().unwrap_or_default();
    let Answered { told, whole, .. } = now.clone();
    let fresh = latest.texts == told.texts;
    let onpod = Callback::from({
        let pod = pod.setter();
        move |position| pod.set(position)
    });
    let places = Places::new(told.texts.clone(), told.cluster.release, Callback::from(|shown| show(&shown)));
    let host = document().get_element_by_id(&format!("view-{}", told.view.names().1));
    let content = match told.view {
        View::Problems => html! { <Problems answered={now.clone()} {fresh} /> },
        view => html! { <Frame {view} {whole} pod={*pod} onpod={&onpod} /> },
    };
    // Each view is a portal of its own: one that is moved to another host goes on hearing the events of the first.
    let view = host.map(|host| html! { <Placed key={told.view.names().1} {host} {content} /> });
    html! {
        <ContextProvider<Bench> context={Bench::new(told, (*other).clone(), oncompare)}>
            <ContextProvider<Places> context={places}>
                { view.unwrap_or_default() }
                <Shell answered={now} {latest} pod={*pod} {onpod} />
            </ContextProvider<Places>>
        </ContextProvider<Bench>>
    }
}

#[derive(PartialEq, Properties)]
struct PlacedProps {
    /// The page's element for the view.
    host: web_sys::Element,
    content: Html,
}

/// A view in the place that the page keeps for it.
#[component]
fn Placed(props: &PlacedProps) -> Html {
    create_portal(props.content.clone(), props.host.clone())
}

/// Works the answer out after a pause; what changed only the view is shown at once.
fn answer_later(told: Told, answered: UseStateHandle<Option<Answered>>) -> Option<Timeout> {
    if let Some(before) = answered.as_ref() {
        let view = before.told.view;
        if (Told { view, ..told.clone() }) == before.told {
            if view != told.view {
                answered.set(Some(Answered { told, ..before.clone() }));
            }
            return None;
        }
    }
    let pause = match told.view.is_of_workbench() || told.view == View::Problems {
        false => UNSEEN_PAUSE,
        true if told.texts.size() > SMALL => LARGE_PAUSE,
        true => 0,
    };
    Some(Timeout::new(pause, move || {
        let session =
            Session { cluster: told.cluster.clone(), kubelet: told.kubelet.clone(), inputs: told.texts.to_inputs() };
        let whole = Whole::of(session);
        let problems: Rc<[Problem]> = whole.problems().into();
        let texts = told.texts.clone();
        answered.set(Some(Answered { whole: Rc::new(whole), problems: problems.clone(), told }));
        // Last, so that who asks for a problem's fix is answered.
        tell_problems(&texts, &problems);
    }))
}
