//! The page's end of the bridge: it tells what it holds, and does what it is asked for.

use super::{ASK, HELLO, SESSION, WANTED, detail, field, list, number, object, place_of, send, text};
use crate::places::Evidence;
use crate::prelude::*;
use crate::state::{Action, State, View};
use crate::storage::{read_cluster, write_cluster};
use crate::texts::{KINDS, slug};
use gloo::events::EventListener;
use gloo::utils::document;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// Keeps the workbench up to date, has it loaded when one of its views is opened, and does what it asks for.
#[hook]
pub fn use_bridge(state: &UseReducerHandle<State>) {
    let latest = use_memo((), |()| RefCell::new(None::<UseReducerHandle<State>>));
    *latest.borrow_mut() = Some(state.clone());
    use_effect_with((), {
        let (latest, dispatch) = (latest.clone(), state.dispatcher());
        move |()| {
            let hello = EventListener::new(&document(), HELLO, move |_| tell(&latest));
            let ask = EventListener::new(&document(), ASK, move |event| {
                if let Some(action) = action(&detail(event)) {
                    dispatch.dispatch(action);
                }
            });
            move || drop((hello, ask))
        }
    });
    use_effect_with((state.texts.clone(), state.cluster.clone(), state.kubelet.clone(), state.view), move |_| {
        if gloo::utils::document_element().has_attribute("data-workbench") {
            tell(&latest);
        }
    });
    use_effect_with(state.view, |view| {
        if view.is_of_workbench() {
            send(WANTED, &JsValue::UNDEFINED);
        }
    });
}

fn tell(latest: &RefCell<Option<UseReducerHandle<State>>>) {
    let Some(state) = latest.borrow().clone() else { return };
    let texts = KINDS.map(|kind| (slug(kind), JsValue::from_str(state.texts.get(kind).as_str())));
    let session = object(&[
        ("texts", object(&texts)),
        ("cluster", write_cluster(&state.cluster, &state.kubelet).into()),
        ("view", state.view.names().1.into()),
    ]);
    send(SESSION, &session);
}

/// What the workbench asks for; `None` for what nobody understands.
fn action(asked: &JsValue) -> Option<Action> {
    match text(asked, "ask").as_str() {
        "reveal" => place_of(asked).map(|(kind, span)| Action::Revealed(kind, span)),
        "mark" => {
            let marks = list(asked, "marks");
            let evidence = marks.iter().filter_map(|mark| {
                let (kind, span) = place_of(&mark)?;
                let number = usize::try_from(number(&mark, "number")).unwrap_or_default();
                Some(Evidence { kind, span, number, title: text(&mark, "title").into() })
            });
            Some(Action::EvidenceShown(evidence.collect()))
        }
        "replace" => {
            let texts = field(asked, "texts");
            let given = KINDS.into_iter().filter_map(|kind| Some((kind, field(&texts, slug(kind)).as_string()?)));
            Some(Action::Replaced(given.collect(), text(asked, "message")))
        }
        "cluster" => {
            let (cluster, kubelet) = read_cluster(&text(asked, "cluster"));
            Some(Action::ClusterGiven(cluster, kubelet))
        }
        "view" => View::by_slug(&text(asked, "view")).map(Action::ViewChosen),
        _ => None,
    }
}
