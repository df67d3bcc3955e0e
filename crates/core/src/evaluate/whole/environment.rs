//! What each container of a pod finds when it starts: variables, command, names, files.

mod limit;
mod verdicts;
mod world;

use super::Whole;
use crate::api::{Container, Role, list};
use crate::environment::container::FailedStage;
use crate::environment::hostname::{Hostname, hostname};
use crate::environment::mounts::{FileSystem, Shared, file_system};
use crate::environment::services::why;
use crate::environment::volumes::{Volume, volumes};
use crate::environment::{ConfigError, Environment, Source, container_environment};
use crate::report::Verdict;
use crate::rule::environment as rules;
use crate::rule::{DocNote, environment as notes};
use crate::scenario::Assumption;
use crate::simulation::world::Unconfigured;
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use serde::Serialize;
use world::Surroundings;

/// What the containers of a pod find.
#[derive(Clone, Debug, Serialize)]
pub struct PodEnvironment {
    /// What happens, in one sentence.
    pub verdict: Verdict,
    /// The pod's names.
    pub hostname: PodName,
    /// The containers, in the order init (with sidecars), application, ephemeral.
    pub containers: Vec<ContainerEnvironment>,
    /// The pod's volumes.
    pub volumes: Vec<Volume>,
    /// The services that were given, each with whether it gives the pod variables.
    pub services: Vec<SeenService>,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// Where the documentation says otherwise.
    pub notes: Vec<&'static DocNote>,
}

/// The name under which a pod knows itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodName {
    /// What `hostname` prints in the containers; parts between `‹` and `›` are made when the pod is. `None` if the pod
    /// cannot have a name.
    pub name: Option<String>,
    /// The domain behind it in /etc/hosts, or `""`.
    pub domain: String,
    /// Why there is no name: the kubelet's text.
    pub error: Option<String>,
    /// Why.
    pub trace: Vec<Step>,
}

/// One container.
#[derive(Clone, Debug, Serialize)]
pub struct ContainerEnvironment {
    /// Its name, or `""`.
    pub name: String,
    /// Where it belongs.
    pub role: Role,
    /// Where it stands.
    pub span: Span,
    /// What happens, in one sentence.
    pub verdict: Verdict,
    /// Variables, command and arguments.
    pub environment: Environment,
    /// Image and mounts.
    pub files: FileSystem,
    /// What holds for the variables as a whole: those of the image, and the kernel's limit.
    pub around: Vec<Step>,
}

/// A service that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenService {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Whether it gives variables, and why.
    pub step: Step,
}

impl Whole {
    /// What the containers of the pod at this position of [`crate::report::Report::pods`] find when they start. The pod is
    /// taken as the API server stores it. What is known only once it runs stands in values between `‹` and `›`.
    #[must_use]
    pub fn environment(&self, position: usize) -> Option<PodEnvironment> {
        let stored = self.stored(position)?;
        let pod = &stored.pod;
        let spec = stored.node.get("spec")?;
        let around = Surroundings::of(self, position, pod, stored.node.get("status"));
        let (world, cluster) = (around.world(), &around.cluster);
        let hostname = pod_name(hostname(pod, around.node_name(), world.cluster_domain, cluster), pod, &around);
        let volumes = volumes(spec, pod, &world, cluster);
        let name = (hostname.name.as_deref(), hostname.domain.as_str());
        let shared = Shared { pod, spec, volumes: &volumes, name, world: &world };
        let mut containers = Vec::new();
        for container in &pod.containers {
            let node = list(spec, container.role.field()).find(|node| node.span == container.span);
            let mut environment = container_environment(pod, container, &world, cluster);
            around.mark_assumed(&mut environment);
            let node = node.unwrap_or(spec);
            let files = file_system(node, container, &environment, &shared);
            environment.errors.extend(files.errors.iter().cloned());
            let limit = limit::check(container, &environment);
            let mut around = vec![of_image(container)];
            around.extend(limit.iter().map(|limit| limit.step.clone()));
            containers.push(ContainerEnvironment {
                name: container.name().to_owned(),
                role: container.role,
                span: container.span,
                verdict: verdicts::of_container(container.name(), &environment, &files, limit.as_ref()),
                around,
                environment,
                files,
            });
        }
        let links = pod.identity.service_links();
        let services: Vec<SeenService> = around
            .given_services()
            .map(|service| SeenService {
                namespace: service.metadata.namespace().to_owned(),
                name: service.metadata.name().to_owned(),
                step: why(service, around.services(), &pod.namespace, links),
            })
            .collect();
        let verdict = verdicts::of_pod(pod, stored.refused.as_ref(), &hostname, &volumes, &containers);
        let notes = notes(&hostname, pod.request_name().as_str(), &containers, &services);
        let assumptions = around.assumptions(&hostname, &containers, &volumes);
        Some(PodEnvironment { verdict, hostname, containers, volumes, services, assumptions, notes })
    }

    /// What keeps the containers of the pod at this position from being configured, by their paths: the one answer that
    /// pulls, start and end, and the list of problems go by.
    pub(super) fn find_config_errors(&self, position: usize) -> Vec<(String, Vec<ConfigError>)> {
        let refers = |container: &Container| {
            let environment = &container.environment;
            !environment.env_from.is_empty() || environment.env.iter().any(|variable| variable.value_from.is_some())
        };
        let Some(pod) = self.pod(position).filter(|pod| pod.containers.iter().any(refers)) else { return Vec::new() };
        let found = self.environment(position).map(|found| found.containers).unwrap_or_default();
        // Containers are in the order of the pod's.
        let paths = pod.containers.iter().map(|container| container.path.clone());
        let errors = |container: ContainerEnvironment| {
            container.environment.errors.into_iter().filter(|error| error.stage == FailedStage::Env).collect()
        };
        paths.zip(found.into_iter().map(errors)).filter(|(_, errors): &(_, Vec<_>)| !errors.is_empty()).collect()
    }
}

/// The first error that stands whatever else the cluster holds, or else the first that may only be a missing paste.
pub(super) fn worst(errors: &[ConfigError]) -> Option<Unconfigured> {
    let error = errors.iter().find(|error| !error.not_given).or(errors.first())?;
    Some(Unconfigured { message: error.message.clone(), not_given: error.not_given, step: error.step.clone() })
}

/// The variables that nobody here knows.
fn of_image(container: &Container) -> Step {
    let finding = match container.image() {
        "" => "Beside these the container has the variables of its image.".to_owned(),
        image => format!("Beside these the container has the variables of the image `{image}`, such as PATH."),
    };
    Step::new(&rules::IMAGE_VARIABLES, Mark::Note, finding).at(container.image.as_ref().map(|image| image.span))
}

fn pod_name(
    found: Result<Hostname, Box<crate::environment::hostname::HostnameError>>,
    pod: &crate::api::Pod,
    around: &Surroundings,
) -> PodName {
    match found {
        Ok(found) => {
            let from_name = found.trace.iter().any(|step| step.rule == &rules::HOSTNAME_FROM_NAME);
            let made = from_name && !pod.is_named() && !pod.identity.on_host_network();
            let name = found.hostname.unwrap_or_else(|| around.unknown_node());
            // The name's beginning is known; what follows is made with the pod, before the domain.
            let (host, rest) = match name.split_once('.') {
                Some((host, rest)) => (host.to_owned(), format!(".{rest}")),
                None => (name, String::new()),
            };
            let end = if made { around.made_name_end(pod) } else { String::new() };
            PodName { name: Some(format!("{host}{end}{rest}")), domain: found.domain, error: None, trace: found.trace }
        }
        Err(error) => {
            let mut trace = vec![error.step.clone()];
            if !pod.identity.on_host_network() {
                let finding = "Without a name the pod's sandbox is not made, so no container starts.";
                trace.push(Step::new(&rules::SANDBOX_FAILS, Mark::No, finding).at(error.step.at));
            }
            PodName { name: None, domain: String::new(), error: Some(error.message), trace }
        }
    }
}

/// The notes that bear on this pod.
fn notes(
    hostname: &PodName,
    pod: &str,
    containers: &[ContainerEnvironment],
    services: &[SeenService],
) -> Vec<&'static DocNote> {
    let from_services = containers.iter().flat_map(|container| &container.environment.variables).any(|variable| {
        !variable.assumed
            && matches!(variable.source, Source::Service { .. })
            && variable.name.ends_with("_SERVICE_HOST")
    });
    let other_name = hostname.name.as_ref().is_some_and(|name| !name.starts_with(pod));
    let skipped = services.iter().any(|service| service.step.mark == Mark::No);
    [
        (skipped, &notes::NOT_ALL_SERVICES),
        (from_services, &notes::SERVICE_HOST_IS_AN_ADDRESS),
        (other_name, &notes::HOSTNAME_IS_NOT_ONLY_THE_NAME),
    ]
    .into_iter()
    .filter_map(|(applies, note)| applies.then_some(note))
    .collect()
}

#[cfg(test)]
mod tests;
