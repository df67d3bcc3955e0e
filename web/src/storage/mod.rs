//! What outlives a reload. Local storage keeps the manifests without the data of Secrets and the cluster's
//! settings; session storage, which ends with the tab, keeps the texts as they are.
//!
//! Storage may be forbidden, full, or hold what another version wrote: the page works all the same.

mod cluster;
mod redact;

use crate::examples::EXAMPLES;
use crate::state::State;
use crate::texts::{KINDS, Texts, slug};
use gloo::utils::window;
use podwhy_core::session::InputKind;
use web_sys::Storage;

pub use cluster::{read as read_cluster, write as write_cluster};

const MANIFESTS: &str = "podwhy.manifests";
const CLUSTER: &str = "podwhy.cluster";

/// Who keeps a text how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The browser, until the user clears it.
    InBrowser,
    /// This tab alone: it could not be told what in the manifests is a secret.
    InTab,
    /// Nobody: storage is full or forbidden.
    Nowhere,
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn get(storage: Option<&Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok().flatten()
}

fn text_key(kind: InputKind) -> String {
    format!("podwhy.text.{}", slug(kind))
}

/// The state that was left, or the first example for who comes for the first time.
pub fn load() -> State {
    let (local, session) = (local(), session());
    let kept = KINDS.map(|kind| get(session.as_ref(), &text_key(kind)));
    let manifests = get(local.as_ref(), MANIFESTS);
    let (cluster, kubelet) = cluster::read(&get(local.as_ref(), CLUSTER).unwrap_or_default());
    let mut state = State { cluster, kubelet, ..State::default() };
    let example = EXAMPLES.first().filter(|_| manifests.is_none() && kept.iter().all(Option::is_none));
    let in_tab = |kind| KINDS.iter().zip(&kept).find(|(of, _)| **of == kind).and_then(|(_, text)| text.as_deref());
    state.texts = Texts::default().replaced_by(&|kind| match (example, kind) {
        (Some(example), _) => example.text(kind),
        (None, InputKind::Manifests) => in_tab(kind).or(manifests.as_deref()).unwrap_or_default(),
        (None, _) => in_tab(kind).unwrap_or_default(),
    });
    state.view = example.map(|example| example.view).unwrap_or_default();
    state
}

/// Keeps the texts, and says how long they will last.
pub fn save_texts(texts: &Texts) -> Kept {
    let (local, session) = (local(), session());
    let mut in_tab = session.is_some();
    for kind in KINDS {
        let key = text_key(kind);
        let stored = session.as_ref().is_some_and(|session| session.set_item(&key, texts.get(kind).as_str()).is_ok());
        if let (false, Some(session)) = (stored, &session) {
            // An older text under this key would come back in place of the one that does not fit.
            _ = session.remove_item(&key);
        }
        in_tab &= stored;
    }
    let without_secrets = redact::without_secret_data(texts.get(InputKind::Manifests).as_str());
    let in_browser = local.is_some_and(|local| match without_secrets {
        Some(text) => local.set_item(MANIFESTS, &text).is_ok(),
        None => {
            // Not absent, which would mean a first visit.
            _ = local.set_item(MANIFESTS, "");
            false
        }
    });
    match (in_browser, in_tab) {
        (true, true) => Kept::InBrowser,
        (false, true) => Kept::InTab,
        (_, false) => Kept::Nowhere,
    }
}

/// Keeps release, gates, plug-ins and the node's paths.
pub fn save_cluster(state: &State) {
    if let Some(local) = local() {
        _ = local.set_item(CLUSTER, &cluster::write(&state.cluster, &state.kubelet));
    }
}
