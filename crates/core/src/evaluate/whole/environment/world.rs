//! What the kubelet knows beside the pod, from what was given, and what is taken for granted of the rest.

use super::super::Whole;
use super::{ContainerEnvironment, PodName};
use crate::api::node::Node;
use crate::api::pod_status::PodStatus;
use crate::api::service::ServicePort;
use crate::api::{ConfigMap, Metadata, Pod, Secret, Service};
use crate::environment::services::{MASTER_NAMESPACE, MASTER_SERVICE};
use crate::environment::value::placeholder;
use crate::environment::volumes::Volume;
use crate::environment::{Environment, Source, World};
use crate::release::Cluster;
use crate::rule::admission::TOKEN_SECRET;
use crate::rule::environment::API_SERVICE;
use crate::scenario::Assumption;
use crate::simulation::world::Place;
use crate::trace::{Mark, Step, Written};
use podwhy_source::Span;

/// The domain of clusters whose kubelets are not given.
const CLUSTER_DOMAIN: &str = "cluster.local";
/// The first address of the range for services that kubeadm sets.
const API_ADDRESS: &str = "10.96.0.1";

/// Everything that a [`World`] is made of.
pub(super) struct Surroundings {
    pub cluster: Cluster,
    config_maps: Vec<ConfigMap>,
    secrets: Vec<Secret>,
    /// The services that count, the API server's own among them.
    services: Vec<Service>,
    /// Whether the API server's own service is taken for granted.
    api_assumed: bool,
    node: Option<Node>,
    node_assumption: Option<Assumption>,
    pod_ips: Vec<String>,
    domain: String,
    domain_assumed: bool,
    dns: Vec<String>,
    release: String,
}

impl Surroundings {
    /// `status` is the pod's own, if it came with one.
    pub fn of(whole: &Whole, position: usize, pod: &Pod, status: Option<&podwhy_source::Node>) -> Self {
        let given = &whole.given;
        let mut services: Vec<Service> = whole.objects("Service").filter_map(Service::of).map(with_address).collect();
        services = latest(services, |service| &service.metadata);
        let is_api = |service: &Service| {
            service.metadata.name() == MASTER_SERVICE && service.metadata.namespace() == MASTER_NAMESPACE
        };
        let api_assumed = !services.iter().any(is_api);
        if api_assumed {
            services.push(api_service(pod.span));
        }
        let world = whole.report.world.as_deref();
        let name = whole.report.pods.get(position).map_or("", |report| report.name.as_str());
        let place = world.map(|world| world.place(position, &pod.namespace, name));
        let nodes: Vec<Node> = given.nodes.iter().filter_map(Node::of).collect();
        let (node, node_assumption) = match place {
            Some(Place { node: name, assumption: None, .. }) => {
                let known = nodes.iter().rev().find(|node| node.name() == name).cloned();
                (Some(known.unwrap_or_else(|| only_named(&name, pod.span))), None)
            }
            // Nobody says where the pod runs: then it is a node that was given, or none is known, not even by name.
            _ => {
                let first = nodes.first().cloned();
                let told = first.as_ref().map(|node| {
                    let text = format!("The pod runs on the node `{}`.", node.name());
                    Assumption::new(format!("pods[{}/{name}].node", pod.namespace), text)
                });
                (first, told)
            }
        };
        let config = whole.report.node.as_ref().map(|node| &node.kubelet.config);
        let domain = config.map(|config| config.cluster_domain.clone()).filter(|domain| !domain.is_empty());
        let status = PodStatus::read(status);
        let pod_ips = match status.pod_ips.as_slice() {
            [] => Some(status.pod_ip).filter(|ip| !ip.is_empty()).into_iter().collect(),
            ips => ips.to_vec(),
        };
        Self {
            cluster: world.map_or_else(|| whole.session.cluster.clone(), |world| world.cluster.clone()),
            config_maps: latest(whole.objects("ConfigMap").filter_map(ConfigMap::of).collect(), |map| &map.metadata),
            // Of several Secrets of one name the last counts; the search finds the first.
            secrets: given.secrets.iter().rev().cloned().collect(),
            services,
            api_assumed,
            node,
            node_assumption,
            pod_ips,
            domain_assumed: domain.is_none(),
            domain: domain.unwrap_or_else(|| CLUSTER_DOMAIN.to_owned()),
            dns: config.map(|config| config.cluster_dns.clone()).unwrap_or_default(),
            release: whole.session.cluster.release.to_string(),
        }
    }

    pub fn world(&self) -> World<'_> {
        World {
            config_maps: &self.config_maps,
            secrets: &self.secrets,
            services: &self.services,
            node: self.node.as_ref(),
            pod_ips: &self.pod_ips,
            complete: false,
            cluster_domain: &self.domain,
            cluster_dns: &self.dns,
        }
    }

    pub fn node_name(&self) -> Option<&str> {
        self.node.as_ref().map(Node::name)
    }

    pub fn unknown_node(&self) -> String {
        placeholder("the node's name")
    }

    /// What follows the beginning of a name that is made with the pod.
    pub fn made_name_end(&self, pod: &Pod) -> String {
        match pod.owner.as_ref().map(|owner| owner.kind) {
            Some("StatefulSet") => placeholder("number"),
            Some("Deployment") => format!("{}-{}", placeholder("hash"), placeholder("random")),
            _ => placeholder("random"),
        }
    }

    /// The services that count.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// Those of them that were given.
    pub fn given_services(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().take(self.services.len() - usize::from(self.api_assumed))
    }

    /// Says of the variables about the API server's service that nobody gave it.
    pub fn mark_assumed(&self, environment: &mut Environment) {
        let api = Source::Service { namespace: MASTER_NAMESPACE.to_owned(), name: MASTER_SERVICE.to_owned() };
        for variable in environment.variables.iter_mut().filter(|variable| self.api_assumed && variable.source == api) {
            variable.assumed = true;
            variable.value_span = None;
            let finding =
                format!("The service `kubernetes` is not given; it is taken to be at {API_ADDRESS}, port 443.");
            variable.trace = vec![Step::new(&API_SERVICE, Mark::Note, finding)];
        }
    }

    /// What is taken for granted and bears on what is shown.
    pub fn assumptions(
        &self,
        hostname: &PodName,
        containers: &[ContainerEnvironment],
        volumes: &[Volume],
    ) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        let of_account = |step: &Step| step.rule == &TOKEN_SECRET;
        if let Some(step) = volumes.iter().flat_map(|volume| &volume.trace).find(|step| of_account(step)) {
            assumptions.push(Assumption::new("Secrets of ServiceAccounts", step.finding.clone()));
        }
        let variables = || containers.iter().flat_map(|container| &container.environment.variables);
        if variables().any(|variable| variable.assumed) {
            let text = format!(
                "The service `kubernetes` is not given: its address is taken to be {API_ADDRESS}, port 443, as kubeadm sets it."
            );
            assumptions.push(Assumption::new("Service default/kubernetes", text));
        }
        let uses_domain = !hostname.domain.is_empty()
            || containers.iter().flat_map(|one| &one.files.mounts).any(|mount| {
                mount.path == "/etc/resolv.conf" && mount.content.iter().any(|line| line.contains(&self.domain))
            });
        if self.domain_assumed && uses_domain {
            let text = format!("The cluster's domain is {CLUSTER_DOMAIN}: no kubelet configuration says otherwise.");
            assumptions.push(Assumption::new("KubeletConfiguration clusterDomain", text));
        }
        let of_node = |source: &Source| match source {
            Source::Field { path } => matches!(path.as_str(), "spec.nodeName" | "status.hostIP" | "status.hostIPs"),
            Source::Resource { resource, .. } => resource.starts_with("limits."),
            _ => false,
        };
        if self.node.is_some() && variables().any(|variable| of_node(&variable.source)) {
            assumptions.extend(self.node_assumption.clone());
        }
        if variables().any(|variable| variable.later && matches!(variable.source, Source::Service { .. })) {
            let text = format!(
                "Services without a clusterIP get one from the {} API server when they are created, before the pod.",
                self.release
            );
            assumptions.push(Assumption::new("Service spec.clusterIP", text));
        }
        assumptions
    }
}

/// The last object of each name counts, as applying them one after another leaves it.
fn latest<T>(objects: Vec<T>, metadata: impl Fn(&T) -> &Metadata) -> Vec<T> {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept: Vec<T> = objects
        .into_iter()
        .rev()
        .filter(|object| {
            let metadata = metadata(object);
            seen.insert((metadata.namespace().to_owned(), metadata.name().to_owned()))
        })
        .collect();
    kept.reverse();
    kept
}

/// A service as the API server stores it: one without an address gets one, unless it wants none.
fn with_address(mut service: Service) -> Service {
    if service.cluster_ip().is_empty() && service.kind != "ExternalName" {
        let value = placeholder(&format!("clusterIP of {}", service.metadata.name()));
        service.cluster_ip = Some(Written { value, span: service.span });
    }
    service
}

fn api_service(span: Span) -> Service {
    let named = |value: &str| Some(Written { value: value.to_owned(), span });
    Service {
        metadata: Metadata { name: named(MASTER_SERVICE), namespace: named(MASTER_NAMESPACE), ..Metadata::default() },
        span,
        cluster_ip: named(API_ADDRESS),
        kind: "ClusterIP".to_owned(),
        ports: vec![ServicePort { span, name: "https".to_owned(), port: 443, protocol: "TCP".to_owned() }],
    }
}

/// A node of which nothing but the name is known.
fn only_named(name: &str, span: Span) -> Node {
    Node {
        metadata: Metadata { name: Some(Written { value: name.to_owned(), span }), ..Metadata::default() },
        span,
        labels: Vec::new(),
        unschedulable: None,
        taints: Vec::new(),
        addresses: Vec::new(),
        allocatable: None,
        runtime_handlers: None,
    }
}
