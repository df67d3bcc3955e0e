//! What a view may ask of the page. Everything below the workbench reaches it as a context.

use crate::bridge::workbench::{self as page, Told};
use crate::state::View;
use crate::texts::Texts;
use crate::workbench::views::compare::Other;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::scenario::Scenario;
use podwhy_core::session::workspace::Workspace;
use podwhy_core::session::{InputKind, KubeletPaths};
use std::rc::Rc;
use yew::Callback;

/// What the page holds, and the way to change it.
#[derive(Clone, PartialEq)]
pub struct Bench {
    told: Rc<Told>,
    other: Option<Other>,
    oncompare: Callback<Option<Other>>,
}

impl Bench {
    /// The way to change what the page told, and what it is compared with.
    pub fn new(told: Told, other: Option<Other>, oncompare: Callback<Option<Other>>) -> Self {
        Self { told: Rc::new(told), other, oncompare }
    }

    /// What the present answer is compared with, if that was chosen.
    pub fn other(&self) -> Option<Other> {
        self.other.clone()
    }

    /// Chooses what the present answer is compared with.
    pub fn compare_with(&self, other: Option<Other>) {
        self.oncompare.emit(other);
    }

    /// The page's texts.
    pub fn texts(&self) -> &Texts {
        &self.told.texts
    }

    /// The page's cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.told.cluster
    }

    /// Writes the scenario into its text. An empty one empties the text.
    pub fn set_scenario(&self, scenario: &Scenario) {
        let text = if *scenario == Scenario::default() {
            String::new()
        } else {
            serde_yaml::to_string(scenario).unwrap_or_default()
        };
        page::replace(&[(InputKind::Scenario, text)], "");
    }

    /// Where the page's kubelet looks for files.
    pub fn kubelet(&self) -> &KubeletPaths {
        &self.told.kubelet
    }

    /// The view that is open.
    pub fn view(&self) -> View {
        self.told.view
    }

    /// Puts a workspace in the place of everything; the page says `message` and offers to undo it.
    pub fn open_workspace(&self, workspace: &Workspace, message: &str) {
        let texts: Vec<_> = InputKind::ALL.map(|kind| (kind, workspace.text(kind).to_owned())).into();
        page::open(&texts, &workspace.session.cluster, &workspace.session.kubelet, message);
        if let Some(view) = View::by_slug(&workspace.view) {
            page::open_view(view);
        }
    }

    /// Replaces whole texts; the page says `message` and offers to undo it.
    pub fn replace(&self, texts: &[(InputKind, String)], message: &str) {
        page::replace(texts, message);
    }

    /// Chooses another release; everything else stays.
    pub fn set_release(&self, release: Release) {
        page::set_cluster(&Cluster { release, ..self.told.cluster.clone() }, &self.told.kubelet);
    }

    /// Sets release, gates, plug-ins and paths.
    pub fn set_cluster(&self, cluster: &Cluster, kubelet: &KubeletPaths) {
        page::set_cluster(cluster, kubelet);
    }

    /// Opens another view.
    pub fn open(&self, view: View) {
        page::open_view(view);
    }
}
