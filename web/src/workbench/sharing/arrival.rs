//! Workspaces that come to the page: opened on purpose, or waiting in a link for whoever has work on the page.

use super::gallery;
use super::link::{Asked, LinkError, asked, decode};
use crate::bridge::workbench::Told;
use crate::examples::EXAMPLES;
use crate::prelude::*;
use crate::texts::Texts;
use crate::workbench::Answered;
use crate::workbench::bench::Bench;
use gloo::events::EventListener;
use gloo::utils::window;
use podwhy_core::session::InputKind;
use podwhy_core::session::workspace::Workspace;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// What waits for an answer, or what went wrong.
#[derive(Clone, PartialEq)]
enum Arrival {
    /// A workspace and what to call it; the page holds work that nobody has kept.
    Waits(Workspace, String),
    /// Why nothing came.
    Failed(String),
    /// What came, where nothing was that one could go back to.
    Opened(String),
}

/// Opens workspaces. A later one replaces what an earlier one left unfinished.
#[derive(Clone)]
pub struct Opener {
    bench: Bench,
    latest: Told,
    last: Rc<RefCell<Option<Workspace>>>,
    arrival: UseStateSetter<Option<Arrival>>,
}

impl PartialEq for Opener {
    fn eq(&self, other: &Self) -> bool {
        self.bench == other.bench && self.latest == other.latest
    }
}

impl Opener {
    /// Puts a workspace in the place of everything; the page says `message` and offers to undo it, unless it is empty.
    pub fn open(&self, workspace: Workspace, message: String) {
        self.arrival.set(None);
        self.bench.open_workspace(&workspace, &message);
        *self.last.borrow_mut() = Some(workspace);
    }

    /// Says why something could not be opened.
    pub fn failed(&self, words: String) {
        self.arrival.set(Some(Arrival::Failed(words)));
    }

    /// Whether the page holds something that would be missed: not nothing, not the first visit's example, and not what
    /// was opened last without a change since.
    fn would_be_missed(&self) -> bool {
        let texts = &self.latest.texts;
        let last = self.last.borrow();
        let opened = |kind: InputKind| last.as_ref().map_or("", |workspace| workspace.text(kind));
        !(self.is_untouched() || last.is_some() && same(texts, &opened))
    }

    /// Whether the page holds nothing, or what it began with.
    fn is_untouched(&self) -> bool {
        let first = |kind: InputKind| EXAMPLES.first().map_or("", |example| example.text(kind));
        self.latest.texts.are_blank() || same(&self.latest.texts, &first)
    }
}

fn same<'a>(texts: &Texts, other: &dyn Fn(InputKind) -> &'a str) -> bool {
    InputKind::ALL.into_iter().all(|kind| texts.get(kind).as_str() == other(kind))
}

/// Opens what the address asks for, now and whenever it changes, and the pod of what was opened. Gives the opener, and
/// the notice about a link that waits or cannot be opened.
#[hook]
pub fn use_arrivals(bench: &Bench, latest: &Told, answered: &Answered, onpod: &Callback<usize>) -> (Opener, Html) {
    let last = use_memo((), |()| RefCell::new(None::<Workspace>));
    let arrival = use_state(|| None::<Arrival>);
    let opener = Opener { bench: bench.clone(), latest: latest.clone(), last: last.clone(), arrival: arrival.setter() };
    let newest = use_memo((), |()| RefCell::new(None::<Opener>));
    *newest.borrow_mut() = Some(opener.clone());
    use_effect_with((), {
        let (newest, arrival) = (newest.clone(), arrival.setter());
        move |()| {
            let look = move || {
                let Some(opener) = newest.borrow().clone() else { return };
                let fragment = window().location().hash().unwrap_or_default();
                let fragment = fragment.trim_start_matches('#').to_owned();
                if asked(&fragment) == Asked::Nothing {
                    return;
                }
                // The work that follows is not what the address says any more.
                let here = window().location().pathname().unwrap_or_default();
                let here = format!("{here}{}", window().location().search().unwrap_or_default());
                if let Ok(history) = window().history() {
                    _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&here));
                }
                let arrival = arrival.clone();
                yew::platform::spawn_local(async move { arrival.set(arrive(&opener, &fragment).await) });
            };
            look();
            let listener = EventListener::new(&window(), "hashchange", move |_| look());
            move || drop(listener)
        }
    });
    use_effect_with(answered.clone(), {
        let onpod = onpod.clone();
        move |answered| {
            // Once the answer is there for what was opened, its pod is shown.
            let mut last = last.borrow_mut();
            let Some(opened) = last.as_mut().filter(|opened| !opened.pod.is_empty()) else { return };
            if same(&answered.told.texts, &|kind| opened.text(kind)) {
                let (namespace, name) = opened.pod.split_once('/').unwrap_or(("", &opened.pod));
                let found = answered
                    .whole
                    .report
                    .pods
                    .iter()
                    .position(|pod| pod.name == name && (namespace.is_empty() || pod.namespace == namespace));
                opened.pod = String::new();
                if let Some(position) = found {
                    onpod.emit(position);
                }
            }
        }
    });
    let notice = notice(&arrival, &opener);
    (opener, notice)
}

/// Opens what a fragment asks for; what cannot be opened at once is given back.
async fn arrive(opener: &Opener, fragment: &str) -> Option<Arrival> {
    let failed = |error: LinkError| Arrival::Failed(error.words());
    let found = match asked(fragment) {
        Asked::Nothing => return None,
        Asked::Newer => Err(failed(LinkError::Newer)),
        Asked::Workspace(data) => {
            let named = |workspace: Workspace| {
                let title = workspace.title.clone();
                (workspace, if title.is_empty() { "the link".to_owned() } else { format!("“{title}”") })
            };
            decode(data).await.map(named).map_err(failed)
        }
        Asked::Example(name) => example(name).await.map_err(Arrival::Failed),
    };
    match found {
        Err(arrival) => Some(arrival),
        Ok((workspace, name)) if opener.would_be_missed() => Some(Arrival::Waits(workspace, name)),
        Ok((workspace, name)) if opener.is_untouched() => {
            opener.open(workspace, String::new());
            Some(Arrival::Opened(format!("Opened {name}.")))
        }
        Ok((workspace, name)) => {
            opener.open(workspace, format!("Opened {name}."));
            None
        }
    }
}

async fn example(name: &str) -> Result<(Workspace, String), String> {
    let entries = gallery::index();
    let entry = entries.iter().find(|entry| entry.name == name);
    let entry =
        entry.ok_or_else(|| format!("There is no example “{name}”. The list behind “Examples” has all of them."))?;
    Ok((gallery::example(entry).await?, format!("“{}”", entry.title)))
}

fn notice(arrival: &UseStateHandle<Option<Arrival>>, opener: &Opener) -> Html {
    let put_away = {
        let arrival = arrival.setter();
        Callback::from(move |_: MouseEvent| arrival.set(None))
    };
    let content = match &**arrival {
        None => Html::default(),
        Some(told @ (Arrival::Failed(words) | Arrival::Opened(words))) => html! {
            <p class="toast">
                <span>{ words }{ if matches!(told, Arrival::Failed(_)) { " Nothing was changed." } else { "" } }</span>
                <button type="button" onclick={put_away}>{ "Dismiss" }</button>
            </p>
        },
        Some(Arrival::Waits(workspace, name)) => {
            let open = {
                let (arrival, opener) = (arrival.setter(), opener.clone());
                let (workspace, name) = (workspace.clone(), name.clone());
                Callback::from(move |_: MouseEvent| {
                    arrival.set(None);
                    opener.open(workspace.clone(), format!("Opened {name}."));
                })
            };
            html! {
                <p class="toast">
                    <span>{ format!("Open {name} in place of what stands here?") }</span>
                    <button type="button" onclick={open}>{ "Open" }</button>
                    <button type="button" class="quiet" onclick={put_away}>{ "Keep mine" }</button>
                </p>
            }
        }
    };
    html! { <div class="toast-place arrival" role="status">{ content }</div> }
}
