//! Everything that the page remembers, and what can happen to it. No html, no effects: an action says what happened.

use crate::evaluation::Found;
use crate::examples::Example;
use crate::places::Evidence;
use crate::texts::Texts;
use podwhy_core::feature::Feature;
use podwhy_core::release::{AdmissionPlugin, Cluster, Release};
use podwhy_core::session::{InputKind, KubeletPaths};
use podwhy_source::{InputId, Span};
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// The views of the result, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Image names and pull policies.
    #[default]
    Image,
    /// Which credentials match and in which order they are tried.
    Credentials,
    /// What happens on the node, over time.
    Pulls,
    /// Which way to give credentials fits.
    UseCases,
    /// RuntimeClass, scheduling, and the nodes that remain.
    Placement,
    /// Start, hooks and termination over time.
    Lifecycle,
    /// What a container sees: environment, host name, files.
    Environment,
    /// The pod as the API server stores it.
    Stored,
    /// What differs from another release, or from texts that were pinned.
    Compare,
    /// What is wrong with the texts.
    Problems,
}

impl View {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 10] = [
        Self::Image,
        Self::Credentials,
        Self::Pulls,
        Self::UseCases,
        Self::Placement,
        Self::Lifecycle,
        Self::Environment,
        Self::Stored,
        Self::Compare,
        Self::Problems,
    ];

    /// The words on its tab, and its name in links and messages.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Image => ("Images", "image"),
            Self::Credentials => ("Credentials", "credentials"),
            Self::Pulls => ("Pulls", "pulls"),
            Self::UseCases => ("Use cases", "use-cases"),
            Self::Placement => ("Nodes", "placement"),
            Self::Lifecycle => ("Start & stop", "lifecycle"),
            Self::Environment => ("Environment", "environment"),
            Self::Stored => ("Stored", "stored"),
            Self::Compare => ("Compare", "compare"),
            Self::Problems => ("Problems", "problems"),
        }
    }

    /// The view with this name in links and messages.
    pub fn by_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.names().1 == slug)
    }

    /// Whether the second program draws it, see [`crate::workbench`].
    pub fn is_of_workbench(self) -> bool {
        !matches!(self, Self::Image | Self::Credentials | Self::Problems)
    }
}

/// Which half of the page a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The texts.
    #[default]
    Input,
    /// The answers.
    Result,
}

/// A place that the user asked to see. `serial` tells two requests for the same place apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The text it lies in.
    pub kind: InputKind,
    /// The bytes.
    pub span: Span,
    /// How many requests there were before.
    pub serial: u32,
}

/// The beginning of a text; the kind beside it names the text.
const START: Span = Span { input: InputId(0), start: 0, end: 0 };

/// Texts that a button replaced, until the offer is put away or another button replaces them.
#[derive(Clone, PartialEq)]
pub struct Undo {
    /// What happened, as a sentence.
    pub message: AttrValue,
    /// The texts before.
    pub texts: Texts,
    /// The cluster before, if it was replaced too.
    pub cluster: Option<(Cluster, KubeletPaths)>,
}

/// Everything that the page remembers.
#[derive(Clone, PartialEq)]
pub struct State {
    /// What was typed or pasted.
    pub texts: Texts,
    /// The cluster that the answers are for.
    pub cluster: Cluster,
    /// Where the node's kubelet looks for files.
    pub kubelet: KubeletPaths,
    /// The text whose tab is open.
    pub input: InputKind,
    /// The view whose tab is open.
    pub view: View,
    /// The half that a narrow screen shows.
    pub pane: Pane,
    /// The place that was asked for last.
    pub reveal: Option<Reveal>,
    /// The places that the explanation opened last speaks of.
    pub evidence: Rc<[Evidence]>,
    /// What can be undone.
    pub undo: Option<Undo>,
    /// What the second program found wrong, and in which texts.
    pub found: Option<Found>,
}

/// What happened.
pub enum Action {
    /// A text was edited by its user.
    Typed(InputKind, String),
    /// An example was chosen.
    ExampleChosen(&'static Example),
    /// All texts were emptied by the button.
    Cleared,
    /// One text was emptied by its button.
    Emptied(InputKind),
    /// The last replacement of the texts was taken back.
    Undone,
    /// The offer to undo was put away.
    UndoDismissed,
    /// A release was chosen.
    ReleaseChosen(Release),
    /// A feature gate was switched.
    GateSwitched(Feature, bool),
    /// An admission plug-in was switched to the other state.
    PluginSwitched(AdmissionPlugin),
    /// The place of the node's credentials file was chosen.
    NodeFileChosen(String),
    /// The kubelet's `$HOME` was set or taken away.
    HomeChosen(Option<String>),
    /// Everything in the cluster panel was put back; the release stays.
    ClusterReset,
    /// The tab of a text was chosen.
    InputChosen(InputKind),
    /// The tab of a view was chosen.
    ViewChosen(View),
    /// One half of the page was chosen on a narrow screen.
    PaneChosen(Pane),
    /// A place in a text was asked for.
    Revealed(InputKind, Span),
    /// An explanation was opened (its places) or closed (none).
    EvidenceShown(Rc<[Evidence]>),
    /// Texts were replaced on behalf of the second program: by kind, and what happened as a sentence. An empty
    /// sentence is a change that can be taken back where it was made, such as a slider, or that nobody would take back. With texts may come the cluster
    /// that they are for.
    Replaced(Vec<(InputKind, String)>, String, Option<(Cluster, KubeletPaths)>),
    /// Release, gates, plug-ins and paths were given on behalf of the second program.
    ClusterGiven(Cluster, KubeletPaths),
    /// The second program has looked for problems.
    ProblemsFound(Found),
}

impl Default for State {
    fn default() -> Self {
        Self {
            texts: Texts::default(),
            cluster: Cluster::default(),
            kubelet: KubeletPaths::default(),
            input: InputKind::Manifests,
            view: View::default(),
            pane: Pane::default(),
            reveal: None,
            evidence: Rc::default(),
            undo: None,
            found: None,
        }
    }
}

impl State {
    fn replace_texts<'a>(&mut self, content: &dyn Fn(InputKind) -> &'a str, message: AttrValue) {
        let after = self.texts.replaced_by(content);
        let before = std::mem::replace(&mut self.texts, after);
        self.undo = (!before.are_blank()).then_some(Undo { message, texts: before, cluster: None });
        self.evidence = Rc::default();
        self.reveal = None;
    }

    /// Empties texts; who did it by a key goes on in the open one, as the button has nothing more to do.
    fn empty<'a>(&mut self, left: &dyn Fn(InputKind) -> &'a str, message: &'static str) {
        let last = self.reveal;
        self.replace_texts(left, message.into());
        self.show(self.input, START, last);
    }

    /// Asks for a place, after the one that was asked for last.
    fn show(&mut self, kind: InputKind, span: Span, last: Option<Reveal>) {
        let serial = last.map_or(0, |last| last.serial.wrapping_add(1));
        self.reveal = Some(Reveal { kind, span, serial });
        self.input = kind;
        self.pane = Pane::Input;
    }

    fn happened(&mut self, action: Action) {
        match action {
            Action::Typed(kind, content) => {
                let text = self.texts.get(kind).typed(&content);
                self.texts = std::mem::take(&mut self.texts).with(kind, text);
            }
            Action::ExampleChosen(example) => {
                self.replace_texts(&|kind| example.text(kind), format!("Loaded “{}”.", example.name).into());
                self.input = InputKind::Manifests;
                self.view = example.view;
            }
            Action::Cleared => self.empty(&|_| "", "Everything was cleared."),
            Action::Emptied(emptied) => {
                let texts = self.texts.clone();
                let left = |kind| if kind == emptied { "" } else { texts.get(kind).as_str() };
                self.empty(&left, "The text was emptied.");
            }
            Action::Undone => {
                if let Some(undo) = self.undo.take() {
                    let before = |kind| undo.texts.get(kind).as_str();
                    let left = (!self.texts.are_blank()).then(|| self.texts.clone());
                    let cluster = undo.cluster.map(|before| self.take_cluster(before));
                    self.undo = left.map(|texts| Undo { message: "Went back.".into(), texts, cluster });
                    self.texts = self.texts.replaced_by(&before);
                    if self.undo.is_none() {
                        // The button is gone with its line.
                        self.show(self.input, START, self.reveal);
                    }
                }
            }
            Action::UndoDismissed => self.undo = None,
            Action::ReleaseChosen(release) => self.cluster.release = release,
            Action::GateSwitched(feature, on) => self.switch_gate(feature, on),
            Action::PluginSwitched(plugin) => {
                if !self.cluster.switched_plugins.remove(&plugin) {
                    self.cluster.switched_plugins.insert(plugin);
                }
            }
            Action::NodeFileChosen(path) => self.kubelet.node_config = path,
            Action::HomeChosen(home) => self.kubelet.home = home,
            Action::ClusterReset => {
                self.cluster = Cluster::of(self.cluster.release);
                self.kubelet = KubeletPaths::default();
            }
            Action::InputChosen(kind) => self.input = kind,
            // Its tab stands with the answers; a command or a link may choose it from the other half.
            Action::ViewChosen(view) => (self.view, self.pane) = (view, Pane::Result),
            Action::PaneChosen(pane) => self.pane = pane,
            Action::Revealed(kind, span) => self.show(kind, span, self.reveal),
            Action::EvidenceShown(evidence) => self.evidence = evidence,
            Action::ProblemsFound(found) => self.found = Some(found),
            Action::Replaced(given, message, cluster) if message.is_empty() => {
                for (kind, content) in given {
                    let text = self.texts.get(kind).replaced_by(&content);
                    self.texts = std::mem::take(&mut self.texts).with(kind, text);
                }
                cluster.map(|cluster| self.take_cluster(cluster));
            }
            Action::Replaced(given, message, cluster) => {
                let before = self.texts.clone();
                let find = |kind| given.iter().find(|(given, _)| *given == kind);
                self.replace_texts(
                    &|kind| find(kind).map_or_else(|| before.get(kind).as_str(), |(_, text)| text),
                    message.into(),
                );
                let before = cluster.map(|cluster| self.take_cluster(cluster));
                if let Some(undo) = &mut self.undo {
                    undo.cluster = before;
                }
            }
            Action::ClusterGiven(cluster, kubelet) => (self.cluster, self.kubelet) = (cluster, kubelet),
        }
    }

    /// Sets the cluster and gives the one before.
    fn take_cluster(&mut self, (cluster, kubelet): (Cluster, KubeletPaths)) -> (Cluster, KubeletPaths) {
        (std::mem::replace(&mut self.cluster, cluster), std::mem::replace(&mut self.kubelet, kubelet))
    }

    /// A gate that is set to its default is not set at all.
    fn switch_gate(&mut self, feature: Feature, on: bool) {
        self.cluster.gates.remove(&feature);
        if self.cluster.has(feature) != on {
            self.cluster.gates.insert(feature, on);
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        next.happened(action);
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::EXAMPLES;

    fn after(actions: impl IntoIterator<Item = Action>) -> State {
        let mut state = State::default();
        actions.into_iter().for_each(|action| state.happened(action));
        state
    }

    #[test]
    fn clearing_can_be_undone_after_typing_too_and_so_can_the_undoing() {
        let typed = || Action::Typed(InputKind::Manifests, "kind: Pod".to_owned());
        let state = after([typed(), Action::Cleared]);
        assert!(state.texts.are_blank() && state.undo.is_some());
        let state = after([typed(), Action::Cleared, Action::Undone]);
        assert_eq!(state.texts.get(InputKind::Manifests).as_str(), "kind: Pod");
        let other = || Action::Typed(InputKind::Manifests, "kind: Job".to_owned());
        let state = after([typed(), Action::Cleared, other(), Action::Undone]);
        assert_eq!(state.texts.get(InputKind::Manifests).as_str(), "kind: Pod");
        let state = after([typed(), Action::Cleared, other(), Action::Undone, Action::Undone]);
        assert_eq!(
            state.texts.get(InputKind::Manifests).as_str(),
            "kind: Job",
            "what was typed in between is not lost"
        );
        assert!(after([Action::Cleared]).undo.is_none(), "nothing was lost");
    }

    #[test]
    fn what_came_with_a_cluster_goes_back_with_it() {
        let typed = Action::Typed(InputKind::Manifests, "kind: Pod".to_owned());
        let old = (Cluster::of(Release::OLDEST), KubeletPaths::default());
        let opened =
            Action::Replaced(vec![(InputKind::Manifests, "kind: Job".to_owned())], "Opened.".to_owned(), Some(old));
        let state = after([typed, opened]);
        assert_eq!(state.cluster.release, Release::OLDEST);
        let mut back = state.clone();
        back.happened(Action::Undone);
        assert_eq!(back.cluster, Cluster::default());
        back.happened(Action::Undone);
        assert_eq!((back.cluster, back.texts.get(InputKind::Manifests).as_str()), (state.cluster, "kind: Job"));
    }

    #[test]
    fn what_nobody_would_take_back_comes_without_a_word() {
        let old = (Cluster::of(Release::OLDEST), KubeletPaths::default());
        let texts = vec![(InputKind::Manifests, "kind: Job".to_owned())];
        let typed = Action::Typed(InputKind::Manifests, "kind: Pod".to_owned());
        let state = after([typed, Action::Replaced(texts, String::new(), Some(old))]);
        assert_eq!(
            (state.cluster.release, state.texts.get(InputKind::Manifests).as_str()),
            (Release::OLDEST, "kind: Job")
        );
        assert!(state.undo.is_none());
    }

    #[test]
    fn asking_twice_for_the_same_place_is_two_requests() {
        let ask = || Action::Revealed(InputKind::Stored, Span::new(InputId(0), 1, 2));
        let state = after([ask()]);
        assert_eq!((state.input, state.pane), (InputKind::Stored, Pane::Input));
        assert_ne!(state.reveal, after([ask(), ask()]).reveal);
    }

    #[test]
    fn who_empties_the_texts_goes_on_in_the_open_one() {
        let typed = || Action::Typed(InputKind::Stored, "x".to_owned());
        let state =
            after([typed(), Action::InputChosen(InputKind::Stored), Action::PaneChosen(Pane::Result), Action::Cleared]);
        let shown = state.reveal.map(|reveal| (reveal.kind, reveal.span.start, reveal.span.end));
        assert_eq!((shown, state.pane), (Some((InputKind::Stored, 0, 0)), Pane::Input));
        let again = after([typed(), Action::Cleared, typed(), Action::Cleared]);
        assert_ne!(again.reveal, after([typed(), Action::Cleared]).reveal, "a second request");
    }

    #[test]
    fn a_view_that_is_chosen_is_shown() {
        let state = after([Action::PaneChosen(Pane::Input), Action::ViewChosen(View::Pulls)]);
        assert_eq!((state.view, state.pane), (View::Pulls, Pane::Result));
    }

    #[test]
    fn a_gate_at_its_default_is_not_set() {
        let gate = Feature::KubeletEnsureSecretPulledImages;
        let switch = |on| Action::GateSwitched(gate, on);
        assert_eq!(after([switch(true)]).cluster.gates.get(&gate), Some(&true));
        assert!(after([switch(true), switch(false)]).cluster.gates.is_empty());
    }

    #[test]
    fn an_example_replaces_all_texts() {
        let state = after([Action::Typed(InputKind::Stored, "x".to_owned()), Action::ExampleChosen(&EXAMPLES[0])]);
        assert_eq!(state.texts.get(InputKind::Stored).as_str(), EXAMPLES[0].text(InputKind::Stored));
        assert!(state.undo.is_some());
    }
}
