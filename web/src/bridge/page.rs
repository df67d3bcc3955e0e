//! The page's end of the bridge: it tells what it holds, and does what it is asked for.

use super::{ASK, HELLO, SESSION, WANTED, detail, field, list, number, object, place_of, send, text};
use crate::evaluation::Found;
use crate::places::Evidence;
use crate::prelude::*;
use crate::state::{Action, State, View};
use crate::storage::{read_cluster, write_cluster};
use crate::texts::Texts;
use gloo::events::EventListener;
use gloo::utils::document;
use podwhy_core::session::InputKind;
use podwhy_source::{Diagnostic, Severity};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// Keeps the workbench up to date, has it loaded when one of its views is opened, and does what it asks for.
#[hook]
pub fn use_bridge(state: &UseReducerHandle<State>) {
    let latest = use_memo((), |()| RefCell::new(None::<UseReducerHandle<State>>));
    // The texts that the workbench knows: what it says is about these.
    let known = use_mut_ref(Texts::default);
    *latest.borrow_mut() = Some(state.clone());
    use_effect_with((), {
        let (latest, known, dispatch) = (latest.clone(), known.clone(), state.dispatcher());
        move |()| {
            let told = known.clone();
            let hello = EventListener::new(&document(), HELLO, move |_| tell(&latest, &told));
            let ask = EventListener::new(&document(), ASK, move |event| {
                if let Some(action) = action(&detail(event), &known) {
                    dispatch.dispatch(action);
                }
            });
            move || drop((hello, ask))
        }
    });
    use_effect_with((state.texts.clone(), state.cluster.clone(), state.kubelet.clone(), state.view), move |_| {
        if gloo::utils::document_element().has_attribute("data-workbench") {
            tell(&latest, &known);
        }
    });
    use_effect_with(state.view, |view| {
        if view.is_of_workbench() {
            send(WANTED, &JsValue::UNDEFINED);
        }
    });
}

fn tell(latest: &RefCell<Option<UseReducerHandle<State>>>, known: &RefCell<Texts>) {
    let Some(state) = latest.borrow().clone() else { return };
    known.replace(state.texts.clone());
    let texts = InputKind::ALL.map(|kind| (kind.word(), JsValue::from_str(state.texts.get(kind).as_str())));
    let session = object(&[
        ("texts", object(&texts)),
        ("cluster", write_cluster(&state.cluster, &state.kubelet).into()),
        ("view", state.view.names().1.into()),
    ]);
    send(SESSION, &session);
}

/// What the workbench asks for; `None` for what nobody understands.
fn action(asked: &JsValue, known: &RefCell<Texts>) -> Option<Action> {
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
            let given =
                InputKind::ALL.into_iter().filter_map(|kind| Some((kind, field(&texts, kind.word()).as_string()?)));
            let cluster = field(asked, "cluster").as_string().map(|cluster| read_cluster(&cluster));
            Some(Action::Replaced(given.collect(), text(asked, "message"), cluster))
        }
        "cluster" => {
            let (cluster, kubelet) = read_cluster(&text(asked, "cluster"));
            Some(Action::ClusterGiven(cluster, kubelet))
        }
        "problems" => {
            let problems = list(asked, "problems").iter().filter_map(|found| problem(&found)).collect();
            Some(Action::ProblemsFound(Found { texts: known.borrow().clone(), problems }))
        }
        "view" => View::by_slug(&text(asked, "view")).map(Action::ViewChosen),
        _ => None,
    }
}

/// A problem with the text that it is in; its span names no input.
fn problem(found: &JsValue) -> Option<(InputKind, Diagnostic)> {
    let (kind, span) = place_of(found)?;
    let severity = match number(found, "severity") {
        0 => Severity::Error,
        1 => Severity::Warning,
        _ => Severity::Info,
    };
    let [code, message, help, path] = ["code", "message", "help", "path"].map(|name| text(found, name));
    Some((kind, Diagnostic { severity, code: lasting(code), message, help, path, span: Some(span) }))
}

/// The same name for the life of the page. There are a few hundred codes, and each is kept once.
fn lasting(code: String) -> &'static str {
    thread_local!(static CODES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });
    CODES.with_borrow_mut(|codes| {
        codes.iter().find(|known| **known == code).copied().unwrap_or_else(|| {
            let code: &'static str = code.leak();
            codes.push(code);
            code
        })
    })
}
