//! What a node's kubelet knows beside the pods: its configuration, its plug-ins, and the scenario.

use super::arrival::{Arrival, Held};
use crate::api::Secret;
use crate::pulls::credential_plugin::{Asker, Output, PluginResponse};
use crate::pulls::credential_provider::CredentialProviderConfig;
use crate::pulls::kubelet_config::KubeletConfig;
use crate::pulls::record::PullServiceAccount;
use crate::release::Cluster;
use crate::scenario::{Assumption, DEFAULT_ARCHITECTURE, DEFAULT_NODE, PodPlace, Scenario, Seen, split_name};
use crate::time::Duration;
use crate::trace::Step;
use podwhy_source::{Diagnostic, Span};
use serde::Serialize;
use std::collections::BTreeMap;

/// The kubelet of the nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KubeletReport {
    /// The pasted KubeletConfiguration, if there is one.
    pub span: Option<Span>,
    /// What it runs with.
    pub config: KubeletConfig,
    /// How many images it pulls at a time; `None` is no limit.
    pub slots: Option<usize>,
    /// Why it pulls so, and whether it verifies credentials.
    pub trace: Vec<Step>,
    /// Why it refuses to start, in its own words; what is simulated then is a kubelet that did not.
    pub refuses: Vec<Diagnostic>,
}

/// Everything beside the pods that pulls depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The cluster, with the gates that the kubelet's configuration switches.
    pub cluster: Cluster,
    /// What the kubelet runs with.
    pub config: KubeletConfig,
    /// The scenario.
    pub scenario: Scenario,
    /// The credential provider plug-ins.
    pub providers: CredentialProviderConfig,
    /// What each plug-in prints, by its name.
    pub responses: BTreeMap<String, PluginResponse>,
    /// The architecture of each pasted Node by its name, and where it says so.
    pub architectures: BTreeMap<String, (String, Span)>,
    /// The Secrets that were given.
    pub secrets: Vec<Secret>,
    /// The pulls that failed already, as pasted statuses tell, by the images' full names.
    pub seen: BTreeMap<String, Seen>,
    /// The names of the Nodes that were given, in their order.
    pub nodes: Vec<String>,
    /// What the report's pods do not say, in their order.
    pub pods: Vec<PodFacts>,
}

/// What pulls need of a pod beside its report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodFacts {
    /// `spec.nodeName`, if it is written or stored.
    pub node_name: Option<String>,
    /// How the pod comes to its node.
    pub arrival: Arrival,
    /// Its ServiceAccount.
    pub service_account: PullServiceAccount,
    /// The keys of the ServiceAccount's annotations; `None` if the ServiceAccount is not given.
    pub annotations: Option<Vec<String>>,
    /// `spec.restartPolicy`; empty if it is not written.
    pub restart_policy: String,
    /// The volumes that each container mounts, by the container's path.
    pub mounts: BTreeMap<String, Vec<String>>,
    /// The containers whose configuration cannot be made, by their paths.
    pub unconfigured: BTreeMap<String, Unconfigured>,
}

/// The reason with which a container waits whose configuration the kubelet cannot make.
pub const CONFIG_ERROR: &str = "CreateContainerConfigError";

/// Why the kubelet cannot make a container's configuration, once its image is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unconfigured {
    /// The kubelet's text.
    pub message: String,
    /// Whether it may be only that an object of the cluster is not given.
    pub not_given: bool,
    /// Why, with the place.
    pub step: Step,
}

impl Unconfigured {
    /// The container in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let unless = if self.not_given { ", unless the cluster has what is not given here" } else { "" };
        format!("waits with {CONFIG_ERROR}{unless}: {}.", self.message)
    }

    /// What is taken for granted with it.
    #[must_use]
    pub fn assumption(&self) -> Option<Assumption> {
        let text = "What pods refer to and what is not given here is taken not to be in the cluster either.";
        self.not_given.then(|| Assumption::new("ConfigMaps and Secrets", text.to_owned()))
    }
}

/// Where a pod runs and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The node's name.
    pub node: String,
    /// When the pod is bound to it.
    pub at: Duration,
    /// Whether the scheduler chose it.
    pub scheduled: bool,
    /// What was taken for granted about it.
    pub assumption: Option<Assumption>,
}

impl PodFacts {
    /// The pod as credential provider plug-ins see it.
    pub(super) fn asker<'a>(&'a self, pod: &'a str, cluster: &'a Cluster) -> Asker<'a> {
        Asker { pod, account: &self.service_account, annotations: self.annotations.as_deref(), cluster }
    }
}

impl World {
    /// What the execution of a plug-in gives.
    pub(super) fn executes(&self, name: &str) -> Output<'_> {
        if self.scenario.failing_plugins.iter().any(|failing| failing == name) {
            return Output::Fails;
        }
        self.responses.get(name).map_or(Output::Unknown, Output::Prints)
    }

    /// Where the pod at this position runs. What the pod says counts before the scenario.
    #[must_use]
    pub fn place(&self, position: usize, namespace: &str, name: &str) -> Place {
        let given = self.place_of(namespace, name);
        let at = given.map(|place| place.at).unwrap_or_default();
        let facts = self.pods.get(position);
        let takers = facts.map(|facts| facts.arrival.takers.as_slice()).unwrap_or_default();
        let assume = |text| Some(Assumption::new(format!("pods[{namespace}/{name}].node"), text));
        let is_given = |node: &String| self.nodes.is_empty() || self.nodes.contains(node);
        if let Some(node) = facts.and_then(|facts| facts.node_name.clone()) {
            let text = format!("There is a node `{node}`, which the pod names and which was not given.");
            let assumption = if is_given(&node) { None } else { assume(text) };
            return Place { node, at, scheduled: false, assumption };
        }
        if let Some(node) = given.and_then(|place| place.node.clone()) {
            let text = format!(
                "The pod runs on the node `{node}`, as the scenario says, though the scheduler finds that it does not fit there."
            );
            let against = self.nodes.contains(&node) && !takers.contains(&node);
            return Place { node, at, scheduled: true, assumption: if against { assume(text) } else { None } };
        }
        let (node, assumption) = match takers {
            // There is nothing to choose.
            [only] => (only.clone(), None),
            [first, others @ ..] => {
                let text = format!(
                    "The pod runs on the node `{first}`; {} more take it, and the scheduler may prefer one of them.",
                    others.len()
                );
                (first.clone(), assume(text))
            }
            [] => {
                let node = self.default_node();
                (node.to_owned(), assume(format!("The pod runs on the node `{node}`.")))
            }
        };
        Place { node, at, scheduled: true, assumption }
    }

    /// What keeps the pod at this position from being started.
    #[must_use]
    pub fn held(&self, position: usize) -> Option<&Held> {
        self.pods.get(position)?.arrival.held.as_ref()
    }

    /// The node of pods that nobody places: the first that is known.
    #[must_use]
    pub fn default_node(&self) -> &str {
        let known = self.nodes.iter().chain(self.scenario.nodes.iter().map(|node| &node.name)).next();
        known.map_or(DEFAULT_NODE, String::as_str)
    }

    /// What the scenario says about the place and the life of a pod.
    #[must_use]
    pub fn place_of(&self, namespace: &str, name: &str) -> Option<&PodPlace> {
        self.scenario.pods.iter().find(|place| split_name(&place.pod) == (namespace, name))
    }

    /// The architecture of a node, and whether anybody said so.
    #[must_use]
    pub fn architecture(&self, node: &str) -> (&str, bool) {
        let in_scenario = self.scenario.nodes.iter().find(|given| given.name == node);
        let said = in_scenario.and_then(|given| given.architecture.as_deref());
        let labelled = self.architectures.get(node).map(|(architecture, _)| architecture.as_str());
        said.or(labelled).map_or((DEFAULT_ARCHITECTURE, false), |architecture| (architecture, true))
    }
}
