//! What the answer is asked for: the texts, and the cluster they meet.

pub mod files;
pub mod mask;
pub mod workspace;

use crate::release::Cluster;
use podwhy_source::InputId;
use serde::Serialize;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// Manifests to be applied: pods and what they refer to.
    Manifests,
    /// A registry credentials file on the node: `config.json` or `.dockercfg`.
    NodeConfig,
    /// Objects as the cluster holds them, which the manifests update.
    Stored,
    /// What the manifests cannot say: see [`crate::scenario`].
    Scenario,
    /// The kubelet's configuration: a KubeletConfiguration.
    KubeletConfig,
    /// The container runtime's configuration: containerd's `config.toml`, or CRI-O's `crio.conf`.
    RuntimeConfig,
    /// A CredentialProviderConfig, and the CredentialProviderResponse of each plug-in in the order of its providers.
    CredentialProviders,
}

impl InputKind {
    /// Every kind, manifests first.
    pub const ALL: [Self; 7] = [
        Self::Manifests,
        Self::NodeConfig,
        Self::Stored,
        Self::Scenario,
        Self::KubeletConfig,
        Self::CredentialProviders,
        Self::RuntimeConfig,
    ];

    /// The kind with this [`InputKind::word`].
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its word in files, links, storage and names of elements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Manifests => "manifests",
            Self::NodeConfig => "node-config",
            Self::Stored => "stored",
            Self::Scenario => "scenario",
            Self::KubeletConfig => "kubelet-config",
            Self::CredentialProviders => "credential-providers",
            Self::RuntimeConfig => "runtime-config",
        }
    }
}

/// One text that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is.
    pub kind: InputKind,
    /// What to call it: a file's name, or the words on the page's tab.
    pub name: String,
    /// The text itself.
    pub text: String,
}

/// Where the kubelet runs, as far as it decides which credentials file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeletPaths {
    /// `--root-dir`.
    pub root_dir: String,
    /// The process' working directory; `/` under systemd.
    pub working_dir: String,
    /// `$HOME`, if the process has it; systemd sets none unless told to.
    pub home: Option<String>,
    /// Where the node's credentials file lies.
    pub node_config: String,
}

impl Default for KubeletPaths {
    fn default() -> Self {
        Self {
            root_dir: "/var/lib/kubelet".to_owned(),
            working_dir: "/".to_owned(),
            home: None,
            node_config: "/var/lib/kubelet/config.json".to_owned(),
        }
    }
}

/// Everything that an answer depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Release, feature gates and admission plug-ins.
    pub cluster: Cluster,
    /// Where the node's kubelet looks for files.
    pub kubelet: KubeletPaths,
    /// The texts; a span's [`InputId`] is an index into this list.
    pub inputs: Vec<Input>,
}

impl Session {
    /// The inputs of one kind with their ids, in order.
    pub fn inputs_of(&self, kind: InputKind) -> impl Iterator<Item = (InputId, &Input)> {
        self.inputs
            .iter()
            .enumerate()
            .filter(move |(_, input)| input.kind == kind)
            .map(|(index, input)| (InputId(u16::try_from(index).unwrap_or(u16::MAX)), input))
    }

    /// The input that a span lies in.
    #[must_use]
    pub fn input(&self, id: InputId) -> Option<&Input> {
        self.inputs.get(usize::from(id.0))
    }
}
