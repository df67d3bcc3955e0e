//! What outlives a reload. Session storage, which ends with the tab, keeps the texts as they are. Local storage keeps the
//! cluster's settings, and the manifests without their secrets: the workbench has the rule for those ([`Mask`]), and keeps
//! them as soon as it is there.
//!
//! Storage may be forbidden, full, or hold what another version wrote: the page works all the same.

mod cluster;
mod saving;

use crate::examples::EXAMPLES;
use crate::state::State;
use crate::texts::Texts;
use gloo::utils::window;
use podwhy_core::session::InputKind;
use podwhy_core::session::mask::Mask;
use web_sys::Storage;

pub use cluster::{read as read_cluster, write as write_cluster};
pub use saving::use_saving;

const MANIFESTS: &str = "podwhy.manifests";
const CLUSTER: &str = "podwhy.cluster";

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
    format!("podwhy.text.{}", kind.word())
}

/// The state that was left, or the first example for who comes for the first time.
pub fn load() -> State {
    let (local, session) = (local(), session());
    let kept = InputKind::ALL.map(|kind| get(session.as_ref(), &text_key(kind)));
    let manifests = get(local.as_ref(), MANIFESTS);
    let (cluster, kubelet) = cluster::read(&get(local.as_ref(), CLUSTER).unwrap_or_default());
    let mut state = State { cluster, kubelet, ..State::default() };
    let example = EXAMPLES.first().filter(|_| manifests.is_none() && kept.iter().all(Option::is_none));
    let in_tab =
        |kind| InputKind::ALL.iter().zip(&kept).find(|(of, _)| **of == kind).and_then(|(_, text)| text.as_deref());
    state.texts = Texts::default().replaced_by(&|kind| match (example, kind) {
        (Some(example), _) => example.text(kind),
        (None, InputKind::Manifests) => in_tab(kind).or(manifests.as_deref()).unwrap_or_default(),
        (None, _) => in_tab(kind).unwrap_or_default(),
    });
    state.view = example.map(|example| example.view).unwrap_or_default();
    state
}

/// Keeps the texts for this tab, and says whether they are.
pub fn save_texts(texts: &Texts) -> bool {
    let Some(session) = session() else { return false };
    let mut kept = true;
    for kind in InputKind::ALL {
        let key = text_key(kind);
        if session.set_item(&key, texts.get(kind).as_str()).is_err() {
            // An older text under this key would come back in place of the one that does not fit.
            _ = session.remove_item(&key);
            kept = false;
        }
    }
    kept
}

/// Keeps the manifests beyond this tab, without their secrets.
pub fn save_manifests(texts: &Texts) {
    let Some(local) = local() else { return };
    let masked = Mask::default().text(InputKind::Manifests, texts.get(InputKind::Manifests).as_str());
    if local.set_item(MANIFESTS, &masked).is_err() {
        // An older text would come back as if it were this one. Not absent, which would mean a first visit.
        _ = local.set_item(MANIFESTS, "");
    }
}

/// Keeps release, gates, plug-ins and the node's paths.
pub fn save_cluster(state: &State) {
    if let Some(local) = local() {
        _ = local.set_item(CLUSTER, &cluster::write(&state.cluster, &state.kubelet));
    }
}
