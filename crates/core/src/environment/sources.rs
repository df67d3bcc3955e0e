//! Where the values of `envFrom` and `env` come from, and what is said when they cannot be had.

use super::container::{ConfigError, FailedStage, LeftOut, World, capitalised, place, warning};
use super::expansion::Expanded;
use super::resource::StandIn;
use super::value::{EnvValue, Source, Variable, go_text, placeholder};
use super::{field, resource};
use crate::api::env::{EnvFrom, EnvVar, FieldRef, FileRef, KeyRef, ObjectRef, ResourceRef};
use crate::api::or_empty;
use crate::api::{ConfigMap, Container, Pod, Secret};
use crate::events::Event;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::environment as rules;
use crate::session::mask::{holds_secret, says_secret};
use crate::trace::{Mark, Step};
use crate::validation::names::strict_env_name;
use podwhy_source::Span;

/// Resolves one source after the other, and collects what goes wrong.
pub(super) struct Sources<'a> {
    pub pod: &'a Pod,
    pub container: &'a Container,
    pub world: &'a World<'a>,
    pub cluster: &'a Cluster,
    /// The variable at hand; `""` for an entry of `envFrom`.
    pub variable: String,
    pub errors: Vec<ConfigError>,
    pub events: Vec<Event>,
    pub left_out: Vec<LeftOut>,
}

/// A value with where it stands, or nothing if the variable is left out.
type Found = Option<(EnvValue, Option<Span>, Source, Vec<Step>)>;

/// One key of an object: its name, its value and where that stands.
type Entry = (String, EnvValue, Span);

impl Sources<'_> {
    /// The variables that one entry of `envFrom` gives. The kubelet looks at a ConfigMap before a Secret.
    pub fn env_from(&mut self, from: &EnvFrom) -> Vec<Variable> {
        if let Some(reference) = &from.config_map {
            let Some(map) = self.config_map(reference.name()) else {
                self.missing_object("configmap", reference);
                return Vec::new();
            };
            let data = map.data.iter();
            let entries = data.map(|(key, value)| (key.value.clone(), EnvValue::plain(&value.value), value.span));
            let entries: Vec<Entry> = entries.collect();
            let name = reference.name().to_owned();
            let source = |key: &str| Source::ConfigMap { name: name.clone(), key: key.to_owned(), whole: true };
            return self.whole(from, "configMap", reference.name(), entries, source);
        }
        if let Some(reference) = &from.secret {
            let Some(secret) = self.secret(reference.name()) else {
                self.missing_object("secret", reference);
                return Vec::new();
            };
            let entry = |value: &crate::api::secret::SecretValue| {
                let text = go_text(value.bytes.as_deref()?);
                Some((value.key.clone(), EnvValue::new(text, true), value.span))
            };
            let entries: Vec<Entry> = secret.data.iter().filter_map(entry).collect();
            let name = reference.name().to_owned();
            let source = |key: &str| Source::Secret { name: name.clone(), key: key.to_owned(), whole: true };
            return self.whole(from, "secret", reference.name(), entries, source);
        }
        Vec::new()
    }

    fn whole(
        &mut self,
        from: &EnvFrom,
        kind: &str,
        object: &str,
        entries: Vec<Entry>,
        source: impl Fn(&str) -> Source,
    ) -> Vec<Variable> {
        let skips = rules::INVALID_NAMES_SKIPPED.holds_in(self.cluster.release);
        let mut skipped = Vec::new();
        let mut variables = Vec::new();
        for (key, value, span) in entries {
            let name = format!("{}{key}", from.prefix());
            if skips && !strict_env_name(&name).is_empty() {
                skipped.push(name);
                continue;
            }
            let source = source(&key);
            let finding = format!("{} gives `{name}`.", capitalised(&source.words()));
            variables.push(Variable {
                value: or_called_secret(value, &name),
                name,
                later: false,
                assumed: false,
                other_values: Vec::new(),
                source,
                span: from.span,
                value_span: Some(span),
                overrides: Vec::new(),
                unresolved: Vec::new(),
                trace: vec![Step::new(&rules::ENV_FROM, Mark::Yes, finding).at(from.span).because(span)],
            });
        }
        if !skipped.is_empty() {
            skipped.sort_unstable();
            let message = format!(
                "Keys [{}] from the EnvFrom {kind} {}/{object} were skipped since they are considered invalid environment variable names.",
                skipped.join(", "),
                self.pod.namespace
            );
            self.left_out.extend(skipped.into_iter().map(|variable| {
                let finding = format!("`{variable}` is no valid name of a variable, so it is left out.");
                LeftOut { variable, step: Step::new(&rules::INVALID_NAMES_SKIPPED, Mark::Note, finding).at(from.span) }
            }));
            self.events.push(warning(self.pod, "InvalidEnvironmentVariableNames", message));
        }
        variables
    }

    /// The variable that one entry of `env` gives; `expanded` is its value if it has one, which then counts.
    pub fn env(&mut self, written: &EnvVar, expanded: Option<Expanded>) -> Option<Variable> {
        self.variable = written.name().to_owned();
        let mut unresolved = Vec::new();
        let (value, value_span, source, trace) = match (expanded, &written.value_from) {
            (Some(expanded), from) => {
                unresolved = expanded.unresolved;
                let span = place(written.value.as_ref(), written.span);
                let mut trace = vec![literal(written, &unresolved, span)];
                if let Some(from) = from {
                    let finding = "Both value and valueFrom are written; the kubelet takes the value.";
                    trace.push(Step::new(&rules::VALUE_WINS, Mark::Note, finding).at(from.span).because(span));
                }
                (expanded.value, Some(span), Source::Value, trace)
            }
            (None, None) => {
                let span = place(written.value.as_ref(), written.span);
                let finding = format!("`{}` is written with an empty value, and is set to it.", written.name());
                let step = Step::new(&rules::VALUE_WRITTEN, Mark::Yes, finding).at(span);
                (EnvValue::plain(""), Some(span), Source::Value, vec![step])
            }
            (None, Some(from)) => {
                if let Some(reference) = &from.field {
                    self.field(reference)?
                } else if let Some(reference) = &from.resource {
                    self.resource(reference)?
                } else if let Some(reference) = &from.config_map {
                    self.config_map_key(reference)?
                } else if let Some(reference) = &from.secret {
                    self.secret_key(reference)?
                } else if let Some(file) = from.file.as_ref().filter(|_| self.cluster.has(Feature::EnvFiles)) {
                    self.file(file)?
                } else {
                    let finding = format!("valueFrom names no source, so `{}` is empty.", written.name());
                    let step = Step::new(&rules::VALUE_WRITTEN, Mark::Note, finding).at(from.span);
                    (EnvValue::plain(""), None, Source::Nothing, vec![step])
                }
            }
        };
        // A name such as DB_PASSWORD says so of texts that somebody wrote; what the cluster fills in is none.
        let is_text = matches!(source, Source::Value | Source::ConfigMap { .. } | Source::File { .. });
        Some(Variable {
            name: written.name().to_owned(),
            later: value.is_later(),
            value: if is_text { or_called_secret(value, written.name()) } else { value },
            assumed: false,
            other_values: Vec::new(),
            source,
            span: written.span,
            value_span,
            overrides: Vec::new(),
            unresolved,
            trace,
        })
    }

    fn field(&mut self, reference: &FieldRef) -> Found {
        let path = or_empty(reference.field_path.as_ref());
        let version = reference.api_version.as_ref().map_or("", |version| &version.value);
        // The API server has filled in the version.
        let version = if version.is_empty() { "v1" } else { version };
        let span = place(reference.field_path.as_ref(), reference.span);
        match field::value(version, path, self.pod, self.world, self.cluster) {
            Ok((value, at)) => {
                let source = Source::Field { path: path.to_owned() };
                let mut trace = vec![found(&rules::FIELD_VALUE, &source, span).because(at)];
                if value.is_later() {
                    let finding = format!("What {path} holds is known only when the container starts.");
                    trace.push(Step::new(&rules::KNOWN_LATER, Mark::Note, finding).at(span));
                }
                Some((value, at, source, trace))
            }
            Err(message) => {
                let finding = format!("The kubelet cannot give the field `{path}`.");
                self.fail(message, Step::new(&rules::FIELD_VALUE, Mark::No, finding).at(span))
            }
        }
    }

    fn resource(&mut self, reference: &ResourceRef) -> Found {
        let asked = or_empty(reference.resource.as_ref());
        let span = place(reference.resource.as_ref(), reference.span);
        match resource::value(reference, self.pod, self.container, self.world, self.cluster) {
            Ok(amount) => {
                let container = match or_empty(reference.container_name.as_ref()) {
                    "" => self.container.name(),
                    name => name,
                };
                let source = Source::Resource { container: container.to_owned(), resource: asked.to_owned() };
                let mut trace = vec![found(&rules::RESOURCE_VALUE, &source, span).because(amount.span)];
                if amount.value.is_later() {
                    let finding = format!(
                        "There is no {asked}, so what the node can give to pods stands in; the node's amounts are not given."
                    );
                    trace.push(Step::new(&rules::RESOURCE_FROM_NODE, Mark::Note, finding).at(span));
                } else if let Some(stand_in) = amount.stand_in {
                    let (rule, other) = match stand_in {
                        StandIn::Pod => (&rules::RESOURCE_FROM_POD, "the limit of the whole pod"),
                        StandIn::Node => (&rules::RESOURCE_FROM_NODE, "what the node can give to pods"),
                    };
                    let finding = format!("There is no {asked}, so {other} stands in.");
                    trace.push(Step::new(rule, Mark::Note, finding).at(span).because(amount.span));
                }
                Some((amount.value, amount.span, source, trace))
            }
            Err(message) => {
                let finding = format!("The kubelet cannot give the amount `{asked}`.");
                self.fail(message, Step::new(&rules::RESOURCE_VALUE, Mark::No, finding).at(span))
            }
        }
    }

    fn config_map_key(&mut self, reference: &KeyRef) -> Found {
        let (name, key) = (reference.name(), reference.key());
        let Some(map) = self.config_map(name) else {
            return self.missing("configmap", name, reference.optional, reference_span(reference));
        };
        match map.value(key) {
            Some(value) => {
                let source = Source::ConfigMap { name: name.to_owned(), key: key.to_owned(), whole: false };
                let step = found(&rules::KEY_VALUE, &source, reference.span).because(value.span);
                Some((EnvValue::plain(&value.value), Some(value.span), source, vec![step]))
            }
            None => self.missing_key("ConfigMap", reference, map.span),
        }
    }

    fn secret_key(&mut self, reference: &KeyRef) -> Found {
        let (name, key) = (reference.name(), reference.key());
        let Some(secret) = self.secret(name) else {
            return self.missing("secret", name, reference.optional, reference_span(reference));
        };
        let value = secret.value(key).and_then(|value| Some((value.bytes.as_deref()?, value.span)));
        match value {
            Some((bytes, at)) => {
                let source = Source::Secret { name: name.to_owned(), key: key.to_owned(), whole: false };
                let step = found(&rules::KEY_VALUE, &source, reference.span).because(at);
                Some((EnvValue::new(go_text(bytes), true), Some(at), source, vec![step]))
            }
            None => self.missing_key("Secret", reference, secret.span),
        }
    }

    /// The file exists only once another container has written it.
    fn file(&mut self, reference: &FileRef) -> Found {
        let volume = or_empty(reference.volume_name.as_ref());
        if !self.pod.volumes.iter().any(|known| known.name() == volume) {
            let message = format!("cannot find the volume {} referenced by FileKeyRef", crate::quote::quote(volume));
            let finding = format!("The pod has no volume `{volume}` to read a file from.");
            let span = place(reference.volume_name.as_ref(), reference.span);
            return self.fail(message, Step::new(&rules::FILE_VALUE, Mark::No, finding).at(span));
        }
        let text = |field| or_empty(field).to_owned();
        let source = Source::File {
            volume: volume.to_owned(),
            path: text(reference.path.as_ref()),
            key: text(reference.key.as_ref()),
        };
        let otherwise = if reference.optional {
            "without the key the variable is left out"
        } else {
            "without the key the container does not start"
        };
        let finding = format!("The value is {} when the container starts; {otherwise}.", source.words());
        let step = Step::new(&rules::FILE_VALUE, Mark::Note, finding).at(reference.span);
        let key = or_empty(reference.key.as_ref());
        let value = EnvValue::later(placeholder(&format!("{key} in {}", or_empty(reference.path.as_ref()))));
        Some((value, None, source, vec![step]))
    }

    fn config_map(&self, name: &str) -> Option<&'_ ConfigMap> {
        let world: &World = self.world;
        let here = |map: &&ConfigMap| map.metadata.name() == name && map.metadata.namespace() == self.pod.namespace;
        world.config_maps.iter().find(here)
    }

    fn secret(&self, name: &str) -> Option<&'_ Secret> {
        let world: &World = self.world;
        world.secrets.iter().find(|secret| secret.name == name && secret.namespace == self.pod.namespace)
    }

    fn missing_object(&mut self, kind: &str, reference: &ObjectRef) {
        let span = place(reference.name.as_ref(), reference.span);
        self.missing(kind, reference.name(), reference.optional, span);
    }

    /// An object that is not there: the variable is left out, or the container does not start.
    fn missing(&mut self, kind: &str, name: &str, optional: bool, span: Span) -> Found {
        let words = if kind == "secret" { "Secret" } else { "ConfigMap" };
        let namespace = &self.pod.namespace;
        let elsewhere = self.elsewhere(kind, name);
        let here = match (&elsewhere, self.world.complete) {
            (Some((other, _)), _) => {
                format!("There is no {words} `{name}` in namespace `{namespace}`; the one in `{other}` does not count")
            }
            (None, true) => format!("There is no {words} `{name}` in namespace `{namespace}`"),
            (None, false) => format!("No {words} `{name}` of namespace `{namespace}` is given"),
        };
        let because = elsewhere.map(|(_, span)| span);
        if optional {
            let finding = format!("{here}; the reference is optional, so nothing is set.");
            return self.leave_out(Step::new(&rules::MISSING_OBJECT, Mark::Note, finding).at(span).because(because));
        }
        let finding = match (because, self.world.complete) {
            (None, false) => format!("{here}: without it the container does not start."),
            _ => format!("{here}."),
        };
        let message = format!("{kind} {} not found", crate::quote::quote(name));
        let found = self.fail(message, Step::new(&rules::MISSING_OBJECT, Mark::No, finding).at(span).because(because));
        if let Some(error) = self.errors.last_mut() {
            error.not_given = because.is_none() && !self.world.complete;
        }
        found
    }

    /// An object of the same name in another namespace.
    fn elsewhere(&self, kind: &str, name: &str) -> Option<(String, Span)> {
        let world: &World = self.world;
        if kind == "secret" {
            let found = world.secrets.iter().find(|secret| secret.name == name)?;
            return Some((found.namespace.clone(), found.span));
        }
        let found = world.config_maps.iter().find(|map| map.metadata.name() == name)?;
        Some((found.metadata.namespace().to_owned(), found.span))
    }

    fn leave_out(&mut self, step: Step) -> Found {
        self.left_out.push(LeftOut { variable: self.variable.clone(), step });
        None
    }

    fn missing_key(&mut self, kind: &str, reference: &KeyRef, object: Span) -> Found {
        let (name, key) = (reference.name(), reference.key());
        let span = place(reference.key.as_ref(), reference.span);
        if reference.optional {
            let finding = format!("{kind} `{name}` has no key `{key}`; the reference is optional, so nothing is set.");
            return self.leave_out(Step::new(&rules::MISSING_KEY, Mark::Note, finding).at(span).because(object));
        }
        let finding = format!("{kind} `{name}` has no key `{key}`.");
        let message = format!("couldn't find key {key} in {kind} {}/{name}", self.pod.namespace);
        self.fail(message, Step::new(&rules::MISSING_KEY, Mark::No, finding).at(span).because(object))
    }

    fn fail(&mut self, message: String, step: Step) -> Found {
        let variable = self.variable.clone();
        self.errors.push(ConfigError { stage: FailedStage::Env, variable, not_given: false, message, step });
        None
    }
}

fn reference_span(reference: &KeyRef) -> Span {
    place(reference.name.as_ref(), reference.span)
}

fn found(rule: &'static Rule, source: &Source, span: Span) -> Step {
    Step::new(rule, Mark::Yes, format!("The value is {}.", source.words())).at(span)
}

fn literal(written: &EnvVar, unresolved: &[String], span: Span) -> Step {
    let name = written.name();
    let (mark, finding) = match unresolved {
        [] => (Mark::Yes, format!("The value of `{name}` is written.")),
        [one] if one == name => (
            Mark::Note,
            format!("`$({one})` stays as it is: `{name}` refers to itself and has no value before this one."),
        ),
        names => {
            (Mark::Note, format!("`$({})` stays as it is: nothing before `{name}` defines it.", names.join(")`, `$(")))
        }
    };
    Step::new(&rules::VALUE_WRITTEN, mark, finding).at(span)
}

/// The value of a variable that somebody wrote, which its name or its own words may tell to be a secret.
fn or_called_secret(value: EnvValue, name: &str) -> EnvValue {
    let secret = says_secret(name) || holds_secret(value.reveal());
    value.or_secret(secret)
}
