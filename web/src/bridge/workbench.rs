//! The workbench's end of the bridge: it hears what the page holds, and asks the page for what only the page can do.

use super::{ASK, HELLO, SESSION, detail, field, object, place, send, text};
use crate::places::Shown;
use crate::state::View;
use crate::storage::{read_cluster, write_cluster};
use crate::texts::Texts;
use gloo::events::EventListener;
use gloo::utils::document;
use js_sys::Array;
use podwhy_core::evaluate::Problem;
use podwhy_core::release::Cluster;
use podwhy_core::session::{InputKind, KubeletPaths};
use podwhy_source::Severity;
use wasm_bindgen::JsValue;

/// What the page holds.
#[derive(Clone, Default, PartialEq)]
pub struct Told {
    /// Its texts.
    pub texts: Texts,
    /// Release, gates and plug-ins.
    pub cluster: Cluster,
    /// Where the kubelet looks for files.
    pub kubelet: KubeletPaths,
    /// The view that is open.
    pub view: View,
}

/// Calls `heard` whenever the page tells what it holds, at once for the first time. Texts that did not change keep
/// their identity, so that comparing costs nothing.
pub fn listen(heard: impl Fn(Told) + 'static) -> EventListener {
    let last = std::cell::RefCell::new(Texts::default());
    let listener = EventListener::new(&document(), SESSION, move |event| {
        let detail = detail(event);
        let given = field(&detail, "texts");
        let texts = InputKind::ALL.into_iter().fold(last.borrow().clone(), |texts, kind| {
            let content = text(&given, kind.word());
            let before = texts.get(kind);
            if before.as_str() == content {
                return texts;
            }
            let now = before.typed(&content);
            texts.with(kind, now)
        });
        *last.borrow_mut() = texts.clone();
        let (cluster, kubelet) = read_cluster(&text(&detail, "cluster"));
        let view = View::by_slug(&text(&detail, "view")).unwrap_or_default();
        heard(Told { texts, cluster, kubelet, view });
    });
    send(HELLO, &JsValue::UNDEFINED);
    listener
}

/// Shows a place or the places of an explanation in the texts.
pub fn show(shown: &Shown) {
    match shown {
        Shown::Place(kind, span) => send(ASK, &place(*kind, *span, &[("ask", "reveal".into())])),
        Shown::Evidence(evidence) => {
            let mark = |piece: &crate::places::Evidence| {
                let number = u32::try_from(piece.number).unwrap_or(u32::MAX);
                place(piece.kind, piece.span, &[("number", number.into()), ("title", piece.title.as_str().into())])
            };
            let marks: Array = evidence.iter().map(mark).collect();
            ask("mark", &[("marks", marks.into())]);
        }
    }
}

/// Replaces texts. With a message the page offers to undo it; without one it is a change that is taken back where it
/// was made.
pub fn replace(texts: &[(InputKind, String)], message: &str) {
    let texts: Vec<(&str, JsValue)> = texts.iter().map(|(kind, text)| (kind.word(), text.as_str().into())).collect();
    ask("replace", &[("texts", object(&texts)), ("message", message.into())]);
}

/// Replaces every text and the cluster together; the page says `message` and offers to undo it.
pub fn open(texts: &[(InputKind, String)], cluster: &Cluster, kubelet: &KubeletPaths, message: &str) {
    let texts: Vec<(&str, JsValue)> = texts.iter().map(|(kind, text)| (kind.word(), text.as_str().into())).collect();
    let cluster = write_cluster(cluster, kubelet);
    ask("replace", &[("texts", object(&texts)), ("message", message.into()), ("cluster", cluster.into())]);
}

/// Sets release, gates, plug-ins and paths.
pub fn set_cluster(cluster: &Cluster, kubelet: &KubeletPaths) {
    ask("cluster", &[("cluster", write_cluster(cluster, kubelet).into())]);
}

/// More marks than this help nobody, and would only cost time; the list itself has them all.
const MOST: usize = 1000;

/// Tells everything that is wrong or worth knowing, in place of what the page found itself. What has no place in a text is
/// left out.
pub fn tell_problems(texts: &Texts, problems: &[Problem]) {
    let entry = |problem: &Problem| {
        let found = &problem.diagnostic;
        let span = found.span?;
        let severity: u32 = match found.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Info => 2,
        };
        let words = [("code", found.code), ("message", &found.message), ("help", &found.help), ("path", &found.path)];
        let mut fields = words.map(|(name, text)| (name, JsValue::from_str(text))).to_vec();
        fields.push(("severity", severity.into()));
        Some(place(texts.kind_of(span.input)?, span, &fields))
    };
    let problems: Array = problems.iter().take(MOST).filter_map(entry).collect();
    ask("problems", &[("problems", problems.into())]);
}

/// Opens a view.
pub fn open_view(view: View) {
    ask("view", &[("view", view.names().1.into())]);
}

fn ask(what: &str, fields: &[(&str, JsValue)]) {
    send(ASK, &object(&[&[("ask", JsValue::from_str(what))], fields].concat()));
}
