//! Changes of the scenario, one function for each thing that a reader can say of it.

use crate::credentials::keyring::Lookup;
use crate::image::Reference;
use crate::release::Release;
use crate::scenario::split_name;
use crate::scenario::{
    AnswerKind, DEFAULT_NODE, ImageFacts, ImageOnNode, NodeState, OtherPull, PodPlace, Registry, RegistryAnswer,
    RegistryAnswers, Scenario, Seen, full, full_name,
};
use crate::simulation::world::World;
use crate::time::Duration;
use std::collections::BTreeMap;

/// A scenario in the course of being changed. What says nothing any more is left out.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The scenario so far.
    pub scenario: Scenario,
    release: Release,
    /// The node of pods that nobody places.
    default_node: String,
    /// The pulls that failed already.
    seen: BTreeMap<String, Seen>,
}

/// Who asks a registry, in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Whoever it is.
    Everyone,
    /// Somebody without a credential.
    Anonymous,
    /// Somebody with any credential.
    WithCredential,
    /// This user.
    User(String),
}

impl Asker {
    /// The asker that an answer is for.
    #[must_use]
    pub fn of(answer: &RegistryAnswer) -> Self {
        match (&answer.user, answer.anonymous) {
            (Some(user), _) => Self::User(user.clone()),
            (None, Some(true)) => Self::Anonymous,
            (None, Some(false)) => Self::WithCredential,
            (None, None) => Self::Everyone,
        }
    }

    /// The asker of an attempt: its user, or nobody.
    #[must_use]
    pub fn of_attempt(user: Option<&str>) -> Self {
        user.map_or(Self::Anonymous, |user| Self::User(user.to_owned()))
    }

    fn is_among(&self, other: &Self) -> bool {
        match other {
            Self::Everyone => true,
            Self::WithCredential => *self != Self::Anonymous,
            Self::Anonymous | Self::User(_) => self == other,
        }
    }

    fn write(self, answer: &mut RegistryAnswer) {
        (answer.user, answer.anonymous) = match self {
            Self::Everyone => (None, None),
            Self::Anonymous => (None, Some(true)),
            Self::WithCredential => (None, Some(false)),
            Self::User(user) => (Some(user), None),
        };
    }
}

impl Edit {
    /// Begins with the scenario of this world.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self {
            scenario: world.scenario.clone(),
            release: world.cluster.release,
            default_node: world.default_node().to_owned(),
            seen: world.seen.clone(),
        }
    }

    /// What is said about an image on a node.
    #[must_use]
    pub fn image_on(&self, node: &str, image: &str) -> Option<&ImageOnNode> {
        let node = self.scenario.nodes.iter().find(|given| given.name == node)?;
        node.images.iter().find(|given| self.is_same(&given.image, image))
    }

    /// Puts an image on a node, in place of what was said about it, or takes it away.
    pub fn put_image(&mut self, node: &str, image: &str, there: Option<ImageOnNode>) {
        let release = self.release;
        self.node(node, |node| {
            let same = |given: &ImageOnNode| same(&given.image, image, release);
            let at = node.images.iter().position(same).unwrap_or(node.images.len());
            node.images.retain(|given| !same(given));
            if let Some(there) = there {
                node.images.insert(at.min(node.images.len()), there);
            }
        });
    }

    /// Says a node's architecture, or leaves it open.
    pub fn set_architecture(&mut self, node: &str, architecture: Option<String>) {
        self.node(node, |node| node.architecture = architecture);
    }

    /// The pulls of a node for pods that are not given.
    pub fn set_other_pulls(&mut self, node: &str, pulls: Vec<OtherPull>) {
        self.node(node, |node| node.pulls = pulls);
    }

    /// Says on which node a pod runs (`None`: wherever it ran) and when it is bound to it. The pod is named as
    /// `namespace/name`.
    pub fn place(&mut self, pod: &str, node: Option<String>, at: Duration) {
        let known = self.scenario.pods.iter().position(|place| split_name(&place.pod) == split_name(pod));
        let mut place = match known {
            Some(known) => self.scenario.pods.remove(known),
            None => PodPlace { pod: pod.to_owned(), ..PodPlace::default() },
        };
        (place.node, place.at) = (node, at);
        if place != (PodPlace { pod: place.pod.clone(), ..PodPlace::default() }) {
            self.scenario.pods.insert(known.unwrap_or(self.scenario.pods.len()), place);
        }
    }

    /// What is said about an image.
    #[must_use]
    pub fn facts(&self, image: &str) -> Option<&ImageFacts> {
        self.scenario.images.iter().find(|given| self.is_same(&given.image, image))
    }

    /// How long a pull of an image takes where the registry's answer does not say.
    #[must_use]
    pub fn usual_takes(&self, image: &Reference) -> Duration {
        Registry::new(&self.scenario, self.release).usual_takes(image).0
    }

    /// Changes what is said about an image: its size, how long a pull takes, its digest, platforms and moves.
    pub fn change_facts(&mut self, image: &str, change: impl FnOnce(&mut ImageFacts)) {
        let known = self.scenario.images.iter().position(|given| self.is_same(&given.image, image));
        let mut facts = match known {
            Some(known) => self.scenario.images.remove(known),
            None => ImageFacts { image: image.to_owned(), ..ImageFacts::default() },
        };
        change(&mut facts);
        facts.moves.sort_by_key(|moved| moved.at);
        if facts != (ImageFacts { image: facts.image.clone(), ..ImageFacts::default() }) {
            self.scenario.images.insert(known.unwrap_or(self.scenario.images.len()), facts);
        }
    }

    /// The first answer that is said for somebody who asks for an image, at whatever time it holds, and the registry
    /// (or part of it) that it is said for.
    #[must_use]
    pub fn answer(&self, image: &Reference, asker: &Asker) -> Option<(&str, &RegistryAnswer)> {
        let registries = self.scenario.registries_of(image).into_iter();
        let mut answers =
            registries.flat_map(|given| given.answers.iter().map(|answer| (given.registry.as_str(), answer)));
        answers.find(|(_, answer)| asker.is_among(&Asker::of(answer)))
    }

    /// The answer that is taken for granted where none is said.
    #[must_use]
    pub fn assumed_answer(&self, image: &Reference, lookup: Option<&Lookup>, asker: &Asker) -> RegistryAnswer {
        if let Some(seen) = self.seen.get(&full(image)) {
            return RegistryAnswer { answer: AnswerKind::Denied, text: seen.text.clone(), ..RegistryAnswer::default() };
        }
        let lookup = lookup.filter(|_| *asker == Asker::Anonymous);
        let private =
            lookup.is_some_and(|lookup| self.scenario.presumed_private(image, lookup, self.release).is_some());
        let answer = if private { AnswerKind::Denied } else { AnswerKind::Ok };
        RegistryAnswer { answer, ..RegistryAnswer::default() }
    }

    /// Says what a registry, or a part of it, answers to somebody; `None` leaves it open. It goes before what is said
    /// for more askers than this one.
    pub fn set_answer(&mut self, registry: &str, asker: Asker, answer: Option<RegistryAnswer>) {
        self.registry(registry, |given| {
            let known = given.answers.iter().position(|answer| Asker::of(answer) == asker);
            let at = known.or_else(|| given.answers.iter().position(|answer| asker.is_among(&Asker::of(answer))));
            if let Some(known) = known {
                given.answers.remove(known);
            }
            if let Some(mut answer) = answer {
                asker.write(&mut answer);
                given.answers.insert(at.unwrap_or(given.answers.len()), answer);
            }
        });
    }

    /// Says whether everyone may have a registry's images, or leaves it open.
    pub fn set_open(&mut self, registry: &str, open: Option<bool>) {
        self.registry(registry, |given| given.open = open);
    }

    /// Says whether a credential provider plug-in answers.
    pub fn set_plugin_fails(&mut self, name: &str, fails: bool) {
        self.scenario.failing_plugins.retain(|failing| failing != name);
        if fails {
            self.scenario.failing_plugins.push(name.to_owned());
        }
    }

    /// Says when the kubelet looks at a failed pod again, or leaves it open.
    pub fn set_sync_after_error(&mut self, after: Option<Duration>) {
        self.scenario.sync_after_error = after;
    }

    /// Says how many bytes of an image a node gets each second, or leaves it open.
    pub fn set_bytes_per_second(&mut self, bytes: Option<u64>) {
        self.scenario.bytes_per_second = bytes.filter(|bytes| *bytes > 0);
    }

    fn is_same(&self, given: &str, image: &str) -> bool {
        same(given, image, self.release)
    }

    fn node(&mut self, name: &str, change: impl FnOnce(&mut NodeState)) {
        let nodes = &mut self.scenario.nodes;
        let known = nodes.iter().position(|given| given.name == name);
        let mut node = match known {
            Some(known) => nodes.remove(known),
            None => NodeState { name: name.to_owned(), ..NodeState::default() },
        };
        change(&mut node);
        let bare = |node: &NodeState| *node == NodeState { name: node.name.clone(), ..NodeState::default() };
        if known.is_none() && bare(&node) {
            return;
        }
        // The first node that is named here is where pods run by default: it stays the one that it was.
        if nodes.is_empty() && known.is_none() && self.default_node == DEFAULT_NODE && name != DEFAULT_NODE {
            nodes.push(NodeState { name: DEFAULT_NODE.to_owned(), ..NodeState::default() });
        }
        nodes.insert(known.unwrap_or(nodes.len()), node);
        if nodes.iter().all(bare) && nodes.iter().all(|node| node.name == DEFAULT_NODE) {
            nodes.clear();
        }
    }

    fn registry(&mut self, name: &str, change: impl FnOnce(&mut RegistryAnswers)) {
        let registries = &mut self.scenario.registries;
        let known = registries.iter().position(|given| given.registry == name);
        let mut registry = match known {
            Some(known) => registries.remove(known),
            None => RegistryAnswers { registry: name.to_owned(), ..RegistryAnswers::default() },
        };
        change(&mut registry);
        if registry.open.is_some() || !registry.answers.is_empty() {
            registries.insert(known.unwrap_or(registries.len()), registry);
        }
    }
}

/// Whether two names are of the same image, however they are written.
fn same(one: &str, other: &str, release: Release) -> bool {
    one == other || full_name(one, release).is_some_and(|name| Some(name) == full_name(other, release))
}

#[cfg(test)]
mod tests;
