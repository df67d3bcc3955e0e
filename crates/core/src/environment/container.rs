//! A container's variables, command and arguments. Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables and
//! pkg/kubelet/container/helpers.go ExpandContainerCommandAndArgs.
//!
//! The kubelet stops at the first thing that it cannot resolve. Here everything else is resolved all the same, so that
//! the whole list can be shown; the first problem is what the kubelet reports.

use super::expansion::{Expanded, expand};
use super::hostname::{Hostname, hostname};
use super::services::{ServiceVariable, service_variables};
use super::sources::Sources;
use super::value::{EnvValue, Overridden, Source, Variable};
use crate::api::node::Node;
use crate::api::{ConfigMap, Container, Pod, Secret, Service};
use crate::events::{Event, EventType};
use crate::release::Cluster;
use crate::rule::environment as rules;
use crate::session::mask::secret_words;
use crate::time::Duration;
use crate::trace::{Mark, Step, Written};
use podwhy_source::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the kubelet knows beside the pod.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The ConfigMaps of the cluster.
    pub config_maps: &'a [ConfigMap],
    /// The Secrets of the cluster.
    pub secrets: &'a [Secret],
    /// The services of the cluster.
    pub services: &'a [Service],
    /// The kubelet's own node.
    pub node: Option<&'a Node>,
    /// The pod's addresses; none while it has none.
    pub pod_ips: &'a [String],
    /// Whether this is all that the kubelet knows at the moment of the start. Otherwise what is not here (addresses, the
    /// pod's uid, the node's amounts) is known only then, and stands in values as a placeholder.
    pub complete: bool,
    /// The cluster's domain, such as `cluster.local`.
    pub cluster_domain: &'a str,
    /// The addresses of the cluster's DNS; none where they are not known.
    pub cluster_dns: &'a [String],
}

/// At which step the kubelet fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FailedStage {
    /// The pod's name.
    Hostname,
    /// A variable.
    Env,
}

/// Why the kubelet cannot start the container: it waits with CreateContainerConfigError.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigError {
    /// What cannot be made.
    pub stage: FailedStage,
    /// The variable that cannot be made; `""` for all of an entry of `envFrom`, and for the pod's name.
    pub variable: String,
    /// Whether the error may be only that an object of the cluster is not given here.
    pub not_given: bool,
    /// The kubelet's text.
    pub message: String,
    /// Why, with the place.
    pub step: Step,
}

/// Something that is not set though the container asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The variable's name; `""` for all of an entry of `envFrom`.
    pub variable: String,
    /// Why.
    pub step: Step,
}

/// What a container gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// The variables: those of `envFrom` and `env` in the order of their first definition, then those of services by
    /// name. The kubelet hands them to the runtime in no order at all.
    pub variables: Vec<Variable>,
    /// `command` with its references replaced.
    pub command: Vec<EnvValue>,
    /// `args` with its references replaced.
    pub args: Vec<EnvValue>,
    /// Names in `$(…)` of command and arguments that nothing defines, with their places.
    pub unresolved: Vec<Written<String>>,
    /// The pod's name; `None` if it cannot be made.
    pub hostname: Option<Hostname>,
    /// What is not set though the container asks for it: optional references that lead nowhere, skipped names.
    pub left_out: Vec<LeftOut>,
    /// What the kubelet reports while it makes the list.
    pub events: Vec<Event>,
    /// Everything that cannot be resolved. If there is anything, the container does not start, and the first one is
    /// what the kubelet reports.
    pub errors: Vec<ConfigError>,
}

impl Environment {
    /// What keeps the container from starting.
    #[must_use]
    pub fn error(&self) -> Option<&ConfigError> {
        self.errors.first()
    }

    /// The variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
}

/// The environment of one of the pod's containers, which must be `container`.
#[must_use]
pub fn container_environment(pod: &Pod, container: &Container, world: &World, cluster: &Cluster) -> Environment {
    let mut errors = Vec::new();
    let node = world.node.map(Node::name);
    let name = match hostname(pod, node, world.cluster_domain, cluster) {
        Ok(name) => Some(name),
        Err(error) => {
            errors.push(ConfigError {
                stage: FailedStage::Hostname,
                variable: String::new(),
                not_given: false,
                message: error.message,
                step: error.step,
            });
            None
        }
    };
    let services = service_variables(world.services, &pod.namespace, pod.identity.service_links());
    let mut list = VariableList { services: services.iter().map(of_service).collect(), ..VariableList::default() };
    let mut sources = Sources {
        pod,
        container,
        world,
        cluster,
        variable: String::new(),
        errors,
        events: Vec::new(),
        left_out: Vec::new(),
    };
    for from in &container.environment.env_from {
        for variable in sources.env_from(from) {
            list.define(variable);
        }
    }
    for written in &container.environment.env {
        let expanded = (!written.value().is_empty()).then(|| expand(written.value(), |name| list.value(name)));
        if let Some(variable) = sources.env(written, expanded) {
            list.define(variable);
        }
    }
    let mut unresolved = Vec::new();
    let mut texts = |texts: &[Written<String>], list: &VariableList| -> Vec<EnvValue> {
        let one = |written: &Written<String>| {
            let Expanded { value, unresolved: names } = expand(&written.value, |name| list.value(name));
            unresolved.extend(names.into_iter().map(|name| Written { value: name, span: written.span }));
            value
        };
        texts.iter().map(one).collect()
    };
    let image = container.image.as_ref().map(|image| image.value.as_str());
    let command = or_secret_words(texts(&container.environment.command, &list), image.into_iter());
    let runs: Vec<&str> = image.into_iter().chain(command.iter().map(EnvValue::reveal)).collect();
    let args = or_secret_words(texts(&container.environment.args, &list), runs.iter().copied());
    Environment {
        variables: list.finish(),
        command,
        args,
        unresolved,
        hostname: name,
        left_out: sources.left_out,
        events: sources.events,
        errors: sources.errors,
    }
}

/// The words of a command, with those told that hold a secret by how they are used.
fn or_secret_words<'a>(words: Vec<EnvValue>, context: impl Iterator<Item = &'a str>) -> Vec<EnvValue> {
    let texts: Vec<&str> = words.iter().map(EnvValue::reveal).collect();
    let secret = secret_words(&texts, &context.collect::<Vec<_>>());
    words.into_iter().zip(secret).map(|(word, secret)| word.or_secret(secret)).collect()
}

/// An event of the kubelet about the pod.
pub(super) fn warning(pod: &Pod, reason: &str, message: String) -> Event {
    Event {
        at: Duration::default(),
        kind: EventType::Warning,
        reason: reason.to_owned(),
        message,
        object: pod.request_name(),
        field_path: String::new(),
    }
}

/// The variables so far.
#[derive(Default)]
struct VariableList {
    variables: Vec<Variable>,
    places: BTreeMap<String, usize>,
    /// Seen by references from the start, and part of the list at the end unless something else has the name.
    services: BTreeMap<String, Variable>,
}

impl VariableList {
    /// What a reference to the name gives.
    fn value(&self, name: &str) -> Option<&EnvValue> {
        let own = self.places.get(name).and_then(|at| self.variables.get(*at));
        match own {
            Some(variable) => Some(&variable.value),
            None => self.services.get(name).map(|variable| &variable.value),
        }
    }

    /// Takes a variable in; the latest of a name counts.
    fn define(&mut self, mut variable: Variable) {
        let Some(known) = self.places.get(&variable.name).and_then(|at| self.variables.get_mut(*at)) else {
            if let Some(service) = self.services.get(&variable.name) {
                replace(&mut variable, service);
            }
            self.places.insert(variable.name.clone(), self.variables.len());
            self.variables.push(variable);
            return;
        };
        replace(&mut variable, known);
        *known = variable;
    }

    fn finish(self) -> Vec<Variable> {
        let Self { mut variables, places, services } = self;
        variables.extend(services.into_values().filter(|variable| !places.contains_key(&variable.name)));
        variables
    }
}

fn replace(new: &mut Variable, old: &Variable) {
    let mut overrides = old.overrides.clone();
    overrides.push(Overridden { source: old.source.clone(), span: old.span });
    overrides.append(&mut new.overrides);
    new.overrides = overrides;
    let finding = format!("`{}` had a value before: {}. This one replaces it.", new.name, old.source.words());
    new.trace.push(Step::new(&rules::LATER_WINS, Mark::Note, finding).at(new.span).because(old.span));
}

fn of_service((name, service): (&String, &ServiceVariable)) -> (String, Variable) {
    let source = Source::Service { namespace: service.namespace.clone(), name: service.service.clone() };
    let finding = format!("{} gives `{name}`.", capitalised(&source.words()));
    let mut trace =
        vec![Step::new(&rules::SERVICE_VARIABLES, Mark::Yes, finding).at(service.service_span).because(service.span)];
    if !service.others.is_empty() {
        let finding = format!("Another service defines `{name}` too, and the kubelet takes either by chance.");
        trace.push(Step::new(&rules::SERVICES_COLLIDE, Mark::Note, finding).at(service.service_span));
    }
    let variable = Variable {
        name: name.clone(),
        value: EnvValue::plain(&service.value).or_later(service.later),
        later: service.later,
        assumed: false,
        other_values: service.others.clone(),
        source,
        span: service.service_span,
        value_span: Some(service.span),
        overrides: Vec::new(),
        unresolved: Vec::new(),
        trace,
    };
    (name.clone(), variable)
}

/// The text with a capital letter at its start.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Where a text stands, or else the object that lacks it.
pub(super) fn place(field: Option<&Written<String>>, otherwise: Span) -> Span {
    field.map_or(otherwise, |field| field.span)
}
