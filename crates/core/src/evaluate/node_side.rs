//! What was given about the nodes' kubelets: configuration, credential provider plug-ins, and the scenario.

use super::given::Given;
use crate::api::{Object, Pod, ServiceAccount};
use crate::pulls::credential_plugin::PluginResponse;
use crate::pulls::credential_provider::{self, CredentialProviderConfig};
use crate::pulls::kubelet_config::{self, KubeletConfig};
use crate::pulls::queue::Puller;
use crate::pulls::record::PullServiceAccount;
use crate::quote::quote;
use crate::release::{AdmissionPlugin, Cluster};
use crate::report::PodReport;
use crate::scenario::split_name;
use crate::scenario::{self, GivenScenario};
use crate::session::{InputKind, Session};
use crate::simulation::arrival::Arrival;
use crate::simulation::world::{KubeletReport, PodFacts, World};
use podwhy_source::{Budget, Diagnostic, Node, Span, document};
use std::collections::BTreeMap;

/// What a document is when it is none of the API's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeDocument {
    KubeletConfiguration,
    ProviderConfig,
    ProviderResponse,
}

impl NodeDocument {
    /// Recognises a document by its group and kind.
    pub fn of(node: &Node) -> Option<Self> {
        let word = |key| node.get(key).and_then(Node::as_text).unwrap_or_default();
        match (word("apiVersion").split('/').next().unwrap_or_default(), word("kind")) {
            ("kubelet.config.k8s.io", "KubeletConfiguration") => Some(Self::KubeletConfiguration),
            ("kubelet.config.k8s.io", "CredentialProviderConfig") => Some(Self::ProviderConfig),
            ("credentialprovider.kubelet.k8s.io", "CredentialProviderResponse") => Some(Self::ProviderResponse),
            _ => None,
        }
    }
}

/// Everything beside pods, Secrets and ServiceAccounts, as it was given.
#[derive(Default)]
pub(super) struct NodeSide {
    pub kubelet: Option<Node>,
    pub providers: Option<Node>,
    pub responses: Vec<Node>,
    pub scenario: GivenScenario,
    pub problems: Vec<Diagnostic>,
}

impl NodeSide {
    /// Reads the texts that are given for the node; `given` has what was found among the manifests.
    pub fn read(session: &Session, found: Vec<(NodeDocument, Node)>) -> Self {
        let mut side = Self::default();
        for (kind, node) in found {
            side.take(kind, node);
        }
        for kind in [InputKind::KubeletConfig, InputKind::CredentialProviders, InputKind::Scenario] {
            for (id, input) in session.inputs_of(kind) {
                for document in document::read(id, &input.text, &Budget::default()).documents {
                    match document.content {
                        Err(error) => side.problems.push(Diagnostic::error("node-text", error.message, error.span)),
                        Ok(node) => side.take_from(kind, node, &input.text, session),
                    }
                }
            }
        }
        side
    }

    fn take_from(&mut self, input: InputKind, node: Node, text: &str, session: &Session) {
        match (input, NodeDocument::of(&node)) {
            (InputKind::Scenario, _) if self.scenario.span.is_none() => {
                let (scenario, problems) = scenario::read(&node, text, session.cluster.release);
                self.scenario = GivenScenario { scenario, span: Some(node.span) };
                self.problems.extend(problems);
            }
            (InputKind::Scenario, _) => {
                let message = "Only the first scenario counts.";
                self.problems.push(Diagnostic::warning("scenario-contradiction", message, node.span));
            }
            (_, Some(kind)) => self.take(kind, node),
            // The kubelet itself says what is wrong with a document of another kind.
            (InputKind::KubeletConfig, None) => self.take(NodeDocument::KubeletConfiguration, node),
            (_, None) => self.take(NodeDocument::ProviderConfig, node),
        }
    }

    fn take(&mut self, kind: NodeDocument, node: Node) {
        match kind {
            NodeDocument::KubeletConfiguration => self.kubelet = Some(node),
            NodeDocument::ProviderConfig => self.providers = Some(node),
            NodeDocument::ProviderResponse => self.responses.push(node),
        }
    }

    /// The kubelet's configuration with what keeps it from starting, and the cluster with its gates.
    pub fn kubelet(&mut self, cluster: &Cluster) -> (KubeletReport, Cluster) {
        let mut switched = cluster.clone();
        let (mut config, mut refuses) = (kubelet_config::defaults(cluster), Vec::new());
        if let Some(node) = &self.kubelet {
            match (kubelet_config::read(node, cluster), kubelet_config::with_gates(node, cluster)) {
                (Ok((read, problems)), Ok(gated)) => {
                    (config, refuses, switched) = (read, problems, gated);
                }
                (Err(problem), _) | (_, Err(problem)) => refuses.push(problem),
            }
        }
        let puller = Puller { serialize: config.serialize_image_pulls, max_parallel: config.max_parallel_image_pulls };
        let slots = puller.slots(cluster.release);
        let span = self.kubelet.as_ref().map(|node| node.span);
        let trace = kubelet_config::explain(self.kubelet.as_ref(), &config, &switched);
        let refuses: Vec<Diagnostic> = refuses
            .into_iter()
            .map(|problem| {
                problem.with_help("With this the kubelet does not start; the simulation goes on as if it did.")
            })
            .collect();
        self.problems.extend(refuses.iter().cloned());
        (KubeletReport { span, config, slots, trace, refuses }, switched)
    }

    /// The plug-ins, and what each of them prints: responses belong to the providers in their order.
    fn plugins(&mut self, cluster: &Cluster) -> (CredentialProviderConfig, BTreeMap<String, PluginResponse>) {
        let mut config = CredentialProviderConfig::default();
        match self.providers.as_ref().map(|node| credential_provider::read(node, cluster)) {
            None => {}
            Some(Err(problem)) => self.problems.push(problem),
            Some(Ok((read, mut problems))) => {
                if let Some(provider) = read.duplicate().filter(|_| problems.is_empty()) {
                    let message = format!(
                        "Two credential providers have the name {}: the kubelet of {} ends when it starts them.",
                        quote(&provider.name),
                        cluster.release
                    );
                    let problem = Diagnostic::error("credential-provider-invalid", message, provider.span);
                    problems.push(problem.at_path("providers.name"));
                }
                // A kubelet that does not start for them has no plug-ins either.
                if problems.is_empty() {
                    config = read;
                }
                self.problems.extend(problems);
            }
        }
        let responses = self.responses.iter().map(PluginResponse::read);
        let answers = config.providers.iter().zip(responses).map(|(provider, answer)| (provider.name.clone(), answer));
        let answers: BTreeMap<String, PluginResponse> = answers.collect();
        for provider in config.providers.iter().filter(|provider| !answers.contains_key(&provider.name)) {
            let message = format!(
                "What `{}` answers is not known: paste its CredentialProviderResponse, in the order of the providers.",
                provider.name
            );
            self.problems.push(Diagnostic::info("credential-provider-answer", message, provider.span));
        }
        (config, answers)
    }

    /// All of it together.
    pub fn world(&mut self, given: &Given, cluster: Cluster, config: KubeletConfig, pods: &[PodReport]) -> World {
        let (providers, responses) = self.plugins(&cluster);
        let admission = cluster.clone();
        let span = self.scenario.span;
        for place in &self.scenario.scenario.pods {
            let named = split_name(&place.pod);
            if !pods.iter().any(|pod| (pod.namespace.as_str(), pod.name.as_str()) == named) {
                let message = format!("The scenario places the pod `{}`, which is not given.", place.pod);
                self.problems.push(Diagnostic::warning("scenario-unknown", message, span).at_path("pods"));
            }
        }
        World {
            cluster,
            config,
            scenario: self.scenario.scenario.clone(),
            providers,
            responses,
            seen: BTreeMap::new(),
            nodes: Vec::new(),
            architectures: given.nodes.iter().filter_map(architecture).collect(),
            secrets: given.secrets.clone(),
            pods: given.pods.iter().map(|(_, pod)| facts(pod, given, &admission)).collect(),
        }
    }
}

fn facts(pod: &Pod, given: &Given, cluster: &Cluster) -> PodFacts {
    // Nobody fills the field in where the plug-in is off.
    let without = pod.service_account().is_none() && !cluster.admits_with(AdmissionPlugin::ServiceAccount);
    let account = pod.service_account().map_or("default", |name| name.value.as_str());
    let of_pod =
        |given: &&ServiceAccount| given.metadata.name() == account && given.metadata.namespace() == pod.namespace;
    let found = given.accounts.iter().rev().find(of_pod);
    let named =
        |pod: &Pod| pod.placement.node_name.as_ref().map(|name| name.value.clone()).filter(|name| !name.is_empty());
    PodFacts {
        node_name: given.stored_for(pod).and_then(named).or_else(|| named(pod)),
        arrival: Arrival::default(),
        restart_policy: pod.lifecycle.restart_policy.as_ref().map(|policy| policy.value.clone()).unwrap_or_default(),
        service_account: PullServiceAccount {
            namespace: pod.namespace.clone(),
            name: if without { String::new() } else { account.to_owned() },
            uid: found.map(|account| account.uid.clone()).unwrap_or_default(),
        },
        annotations: found.map(|account| account.metadata.annotations.iter().map(|(key, _)| key.clone()).collect()),
        mounts: pod
            .containers
            .iter()
            .filter(|container| !container.volume_mounts.is_empty())
            .map(|container| (container.path.clone(), container.volume_mounts.clone()))
            .collect(),
        unconfigured: BTreeMap::new(),
    }
}

/// A Node's name and architecture, by the label that its kubelet sets.
fn architecture(object: &Object) -> Option<(String, (String, Span))> {
    let label = |name: &str| object.metadata.labels.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
    let value = label("kubernetes.io/arch").or_else(|| label("beta.kubernetes.io/arch"))?;
    Some((object.metadata.name().to_owned(), (value.value.clone(), value.span)))
}
