//! What the manifests cannot say: which images a node has, what registries answer, where pods run.
//!
//! One plain, versioned value. It is written as YAML or JSON through serde and read back by [`read`]; an empty one
//! simulates every pod with the defaults below, each of which is told as an [`Assumption`] where it is used.

pub(crate) mod answers;
pub mod life;
mod read;

pub(crate) use answers::full;
pub use answers::{Answered, REFUSAL_TAKES, Registry, Seen, chosen_platform, full_name};
pub use read::read;

use crate::time::Duration;
use podwhy_source::Span;
use serde::Serialize;

/// The form of the value; it grows when a field changes its meaning or goes away.
pub const VERSION: i64 = 1;

/// How long a pull takes when nothing else is said.
pub const DEFAULT_TAKES: Duration = Duration::from_secs(5);
/// An image's size in bytes when nothing else is said.
pub const DEFAULT_SIZE: u64 = 50_000_000;
/// How much of an image a node gets each second when nothing else is said.
pub const DEFAULT_BYTES_PER_SECOND: u64 = 10_000_000;
/// The node of pods that nobody puts elsewhere.
pub const DEFAULT_NODE: &str = "node-1";
/// The architecture of nodes that nobody describes.
pub const DEFAULT_ARCHITECTURE: &str = "amd64";

/// Everything that is set beside the manifests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scenario {
    /// [`VERSION`].
    pub version: i64,
    /// The nodes that differ from an empty one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeState>,
    /// Where pods run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pods: Vec<PodPlace>,
    /// What registries answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registries: Vec<RegistryAnswers>,
    /// What images are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageFacts>,
    /// Credential provider plug-ins that do not answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failing_plugins: Vec<String>,
    /// When the kubelet looks at a failed pod again: between 10 and 15 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_after_error: Option<Duration>,
    /// How much of an image a node gets each second, for images of which only the size is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_second: Option<u64>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            version: VERSION,
            nodes: Vec::new(),
            pods: Vec::new(),
            registries: Vec::new(),
            images: Vec::new(),
            failing_plugins: Vec::new(),
            sync_after_error: None,
            bytes_per_second: None,
        }
    }
}

/// One node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeState {
    /// Its name.
    pub name: String,
    /// Its architecture, as in the label `kubernetes.io/arch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The images that are on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageOnNode>,
    /// Pulls for pods that are not given here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pulls: Vec<OtherPull>,
}

/// An image on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageOnNode {
    /// The image, as a pod would name it.
    pub image: String,
    /// How it came there.
    pub came_by: CameBy,
    /// The pull secret that it was pulled with, as `namespace/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The ServiceAccount whose token fetched the credentials that it was pulled with, as `namespace/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// The digest that it has there; without one it is what the tag points at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The error of the runtime when it is asked for the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspect_error: Option<String>,
}

/// How an image came to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CameBy {
    /// Someone other than the kubelet put it there.
    #[default]
    Preloaded,
    /// The kubelet pulled it without credentials.
    Anonymous,
    /// The kubelet pulled it with the node's own credentials.
    Node,
    /// The kubelet pulled it with a pull secret.
    Secret,
    /// The kubelet pulled it with what a plug-in gave for a ServiceAccount's token.
    ServiceAccount,
}

impl CameBy {
    /// Every way, with its word in the scenario.
    pub const ALL: &[(&str, Self)] = &[
        ("preloaded", Self::Preloaded),
        ("anonymous", Self::Anonymous),
        ("node", Self::Node),
        ("secret", Self::Secret),
        ("serviceAccount", Self::ServiceAccount),
    ];
}

/// A pull for a pod that is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherPull {
    /// The image.
    pub image: String,
    /// When it is asked for.
    pub at: Duration,
    /// How long the runtime needs; without it, what [`ImageFacts`] say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<Duration>,
}

/// Where a pod runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodPlace {
    /// The pod, or the owner of its template, as `namespace/name`; a name alone is in `default`.
    pub pod: String,
    /// The node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// When it is bound to it.
    pub at: Duration,
    /// How it starts and ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub life: Option<life::PodLife>,
}

/// What a registry answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryAnswers {
    /// The registry's host, or host and the beginning of a path; a longer one goes before a shorter one.
    pub registry: String,
    /// Whether everyone in the world may have its images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// The answers; the first that fits counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<RegistryAnswer>,
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryAnswer {
    /// Who asks: this user. Without it and without `anonymous` it is the answer to everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Who asks: `true` for nobody in particular, `false` for any credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// What is answered.
    pub answer: AnswerKind,
    /// The runtime's own error text, in place of the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How long the answer takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<Duration>,
    /// From when on it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Duration>,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Duration>,
}

/// A kind of answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AnswerKind {
    /// The image.
    #[default]
    Ok,
    /// The credential does not allow it.
    Denied,
    /// There is no such image.
    NotFound,
    /// The registry cannot be reached.
    Unavailable,
    /// The image is there and its signature is refused.
    SignatureRefused,
}

impl AnswerKind {
    /// Every kind, with its word in the scenario.
    pub const ALL: &[(&str, Self)] = &[
        ("ok", Self::Ok),
        ("denied", Self::Denied),
        ("notFound", Self::NotFound),
        ("unavailable", Self::Unavailable),
        ("signatureRefused", Self::SignatureRefused),
    ];
}

/// What an image is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageFacts {
    /// The image, as a pod would name it.
    pub image: String,
    /// Its size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// How long a pull takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<Duration>,
    /// The digest that the tag points at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The platforms of its index, as `os/architecture` or `os/architecture/variant`; none means any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// When the registry points the tag elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<TagMove>,
}

/// A tag that is made to point at another image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagMove {
    /// When.
    pub at: Duration,
    /// The digest from then on.
    pub digest: String,
}

/// `namespace/name`; a name alone is in the namespace `default`.
#[must_use]
pub fn split_name(name: &str) -> (&str, &str) {
    name.split_once('/').unwrap_or(("default", name))
}

/// Something that nobody said and an answer takes for granted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Assumption {
    /// What is taken for granted, as a sentence.
    pub text: String,
    /// The place in the scenario where it is changed, such as `nodes[node-1].images` or `registries[reg.io]`; see
    /// [`Assumption::place`].
    pub key: String,
}

impl Assumption {
    /// An assumption and where to change it.
    #[must_use]
    pub fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into() }
    }
}

/// A place in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioPlace<'a> {
    /// `pods[namespace/name].node`.
    NodeOfPod(&'a str),
    /// `nodes[name].images`.
    ImagesOfNode(&'a str),
    /// `nodes[name].architecture`.
    ArchitectureOfNode(&'a str),
    /// `registries[host]`: its answers.
    AnswersOf(&'a str),
    /// `registries[host].open`.
    OpenOf(&'a str),
    /// `images[name].platforms`.
    PlatformsOf(&'a str),
    /// `syncAfterError`.
    SyncAfterError,
    /// `bytesPerSecond`.
    BytesPerSecond,
}

impl Assumption {
    /// The place in the scenario where it is changed; `None` for a key that is not known here.
    #[must_use]
    pub fn place(&self) -> Option<ScenarioPlace<'_>> {
        let key = self.key.as_str();
        match key {
            "syncAfterError" => return Some(ScenarioPlace::SyncAfterError),
            "bytesPerSecond" => return Some(ScenarioPlace::BytesPerSecond),
            _ => {}
        }
        let (list, rest) = key.split_once('[')?;
        let (name, field) = rest.rsplit_once(']')?;
        Some(match (list, field) {
            ("pods", ".node") => ScenarioPlace::NodeOfPod(name),
            ("nodes", ".images") => ScenarioPlace::ImagesOfNode(name),
            ("nodes", ".architecture") => ScenarioPlace::ArchitectureOfNode(name),
            ("registries", "") => ScenarioPlace::AnswersOf(name),
            ("registries", ".open") => ScenarioPlace::OpenOf(name),
            ("images", ".platforms") => ScenarioPlace::PlatformsOf(name),
            _ => return None,
        })
    }
}

/// A scenario as it was given: the value, and where its parts stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GivenScenario {
    /// The value.
    pub scenario: Scenario,
    /// Where it stands; `None` if none is given.
    pub span: Option<Span>,
}
