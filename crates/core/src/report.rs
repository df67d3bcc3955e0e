//! The answer: everything that the page, the command line and the tests show.
//!
//! Plain data. Each part carries its reasons and places, so that nobody has to ask again.

use crate::api::Role;
use crate::credentials::docker_config::{ConfigError, DockerConfig};
use crate::credentials::keyring::{Key, Lookup};
use crate::credentials::secrets::PullSecret;
use crate::image::{InvalidReference, PullPolicy, Reference};
use crate::release::Release;
use crate::rule::DocNote;
use crate::scenario::GivenScenario;
use crate::simulation::outcome::PullSummary;
use crate::simulation::world::{KubeletReport, World};
use crate::trace::{Change, Decision, Step, Written};
use podwhy_source::{Diagnostic, InputId, Span};
use serde::Serialize;
use std::rc::Rc;

/// The report's form; a program that reads reports compares it. It grows when a field changes its meaning or goes away.
pub const FORMAT: u32 = 1;

/// What Kubernetes decides about everything that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The release that the answer is for.
    pub release: Release,
    /// Every document of every text, in order.
    pub documents: Vec<DocumentReport>,
    /// Every pod, and the pod of every workload's template, in order.
    pub pods: Vec<PodReport>,
    /// The node's credentials file.
    pub node_file: NodeFileReport,
    /// The nodes' side; only in the report that has the pulls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeReport>,
    /// Everything that is wrong or worth knowing, by input and place.
    pub problems: Vec<Diagnostic>,
    /// What [`crate::simulation::simulate`] needs beside the rest; it holds Secrets and is never written out.
    #[serde(skip)]
    pub world: Option<Rc<World>>,
}

impl Report {
    /// The credentials of the node's file, if they count.
    #[must_use]
    pub fn node_file_config(&self) -> Option<&DockerConfig> {
        let content = self.node_file.content.as_ref().filter(|_| self.node_file.read);
        content.and_then(|content| content.as_ref().ok())
    }
}

/// What is given of the nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeReport {
    /// Their kubelet.
    pub kubelet: KubeletReport,
    /// The scenario.
    pub scenario: GivenScenario,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentReport {
    /// The text that it stands in.
    pub input: InputId,
    /// Its number in that text, from 1; all items of a List have the number of the List.
    pub number: usize,
    /// Where it stands.
    pub span: Span,
    /// What it is, such as "Pod `web`"; for a broken one, what could be found out.
    pub title: String,
    /// What became of it.
    pub state: DocumentState,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// It was read and takes part in the answer.
    Evaluated,
    /// It was read, and no answer depends on it.
    NotEvaluated,
    /// It cannot be read, or the API server refuses to decode it: see the problems.
    Broken,
}

/// How things stand, in one word, for the mark beside a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing stands in the way.
    Fine,
    /// It may work and deserves a look.
    Look,
    /// It cannot work.
    Fails,
}

/// The answer in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How things stand.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// One pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodReport {
    /// The document that it comes from, as an index into [`Report::documents`].
    pub document: usize,
    /// What to call it: "Pod `web`", "the pods of Deployment `web`".
    pub title: String,
    /// Its name or its owner's, alone.
    pub name: String,
    /// The namespace that it runs in.
    pub namespace: String,
    /// Where it stands.
    pub span: Span,
    /// Why the API server refuses it, in its own words; `None` if it is accepted.
    pub refused: Option<Diagnostic>,
    /// The names of the pull secrets that the stored pod has, and whether the ServiceAccount brought them.
    pub pull_secret_names: Decision<Vec<Written<String>>>,
    /// What became of each pull secret.
    pub pull_secrets: Vec<PullSecret>,
    /// The keys of all pull secrets and of the node's file, in that order.
    pub keys: Vec<Key>,
    /// Its containers and image volumes, in the order in which the kubelet needs their images.
    pub containers: Vec<ContainerReport>,
    /// What happens to them at first on the pod's node; only in the report that has the pulls, and not for a refused pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull: Option<PullSummary>,
}

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageUser {
    /// A container with this role.
    Container(Role),
    /// A volume whose files come from an image.
    ImageVolume,
}

impl ImageUser {
    /// In words: "init container", "image volume".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Container(role) => role.words(),
            Self::ImageVolume => "image volume",
        }
    }
}

/// One container or image volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContainerReport {
    /// Its name, or `""`.
    pub name: String,
    /// What it is.
    pub user: ImageUser,
    /// The path of its fields, such as `spec.containers[0]`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// The answer in one sentence.
    pub verdict: Verdict,
    /// The image as written, if one is.
    pub image: Option<Written<String>>,
    /// What the image's name means.
    pub reference: Option<Decision<Result<Reference, InvalidReference>>>,
    /// The pull policy that the stored pod has.
    pub policy: Decision<PullPolicy>,
    /// The credentials for the image; `None` where no valid image is named.
    pub lookup: Option<Lookup>,
    /// Where another release answers otherwise.
    pub changes: Vec<Change>,
    /// Where the documentation says otherwise.
    pub notes: Vec<&'static DocNote>,
}

/// The node's credentials file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeFileReport {
    /// Where it lies on the node; `None` when no text was given.
    pub path: Option<String>,
    /// Whether the kubelet reads it, and what was looked at before.
    pub trace: Vec<Step>,
    /// What stands in it; `None` when no text was given.
    pub content: Option<Result<DockerConfig, ConfigError>>,
    /// Whether its credentials count: it can be read, and the kubelet looks there.
    pub read: bool,
    /// Where the documentation says otherwise about the node's file.
    pub notes: Vec<&'static DocNote>,
}
