//! The pull policy of a container or an image volume, and why it is that one.
//!
//! Upstream: pkg/apis/core/v1/defaults.go SetDefaults_Container and SetDefaults_Volume, and the validation of both
//! in pkg/apis/core/validation/validation.go.

use super::reference::{DEFAULT_TAG, Grammar, change as reference_change, parse, sub_span};
use crate::api::pod::{ImageVolume, Volume};
use crate::api::{Container, Pod};
use crate::feature::Feature;
use crate::quote::quote;
use crate::release::{Cluster, Release};
use crate::rule::Rule;
use crate::rule::image as rules;
use crate::trace::{Change, Decision, Mark, Step, Written};
use podwhy_source::{Diagnostic, Names, Span};
use serde::{Serialize, Serializer};
use std::fmt;

/// When the kubelet asks the registry for an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PullPolicy {
    /// At every start of a container.
    Always,
    /// Only if the image is not on the node.
    IfNotPresent,
    /// Not at all.
    Never,
    /// Something else is written; the API server refuses it.
    Other(String),
}

impl PullPolicy {
    /// Every policy that the API server accepts.
    pub const ALL: [Self; 3] = [Self::Always, Self::IfNotPresent, Self::Never];

    /// The policy of this name; letter case counts.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|policy| policy.name() == name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The policy as it stands in the object.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Always => "Always",
            Self::IfNotPresent => "IfNotPresent",
            Self::Never => "Never",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for PullPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for PullPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What decides about a policy: an image and a policy, as a container or an image volume writes them.
#[derive(Clone, Copy, Debug)]
struct Fields<'a> {
    image: Option<&'a Written<String>>,
    policy: Option<&'a Written<String>>,
    span: Span,
}

impl<'a> Fields<'a> {
    fn of_container(container: &'a Container) -> Self {
        let Container { image, image_pull_policy, span, .. } = container;
        Self { image: image.as_ref(), policy: image_pull_policy.as_ref(), span: *span }
    }

    fn of_volume(volume: &'a Volume, image: &'a ImageVolume) -> Self {
        Self { image: image.reference.as_ref(), policy: image.pull_policy.as_ref(), span: volume.span }
    }

    fn image(self) -> &'a str {
        self.image.map_or("", |image| &image.value)
    }

    /// The policy that is written; an empty one is none.
    fn written_policy(self) -> Option<&'a Written<String>> {
        self.policy.filter(|policy| !policy.value.is_empty())
    }
}

/// The container's policy once the API server has filled it in. `stored` is the container of the same name in the
/// object that the cluster already holds, if this one updates it: its policy stays.
#[must_use]
pub fn decide(container: &Container, stored: Option<&Container>, cluster: &Cluster) -> Decision<PullPolicy> {
    filled_in(Fields::of_container(container), stored.map(Fields::of_container), cluster.release)
}

/// [`decide`] for each of the pod's containers, in their order; `stored` is the pod that this one updates.
#[must_use]
pub fn decide_pod(pod: &Pod, stored: Option<&Pod>, cluster: &Cluster) -> Vec<Decision<PullPolicy>> {
    let key = |container: &Container| format!("{} {}", container.role.field(), container.name());
    let stored = stored.map_or(&[] as &[Container], |pod| pod.containers.as_slice());
    // The last of several with one name counts, so it comes first here.
    let keys: Vec<String> = stored.iter().rev().map(key).collect();
    let mut known = Names::default();
    let mut places = Vec::new();
    for (container, key) in stored.iter().rev().zip(&keys) {
        if known.add(key).1 {
            places.push(container);
        }
    }
    let known = |container: &Container| places.get(known.number(&key(container))?).copied();
    pod.containers.iter().map(|container| decide(container, known(container), cluster)).collect()
}

/// The policy of an image volume, as [`decide`] gives a container's; `None` for other volumes, and a decision
/// without outcome where the cluster drops the field.
#[must_use]
pub fn decide_volume(volume: &Volume, stored: Option<&Pod>, cluster: &Cluster) -> Option<Decision<Option<PullPolicy>>> {
    let image = volume.image.as_ref()?;
    if !cluster.has(Feature::ImageVolume) {
        let finding = format!(
            "The feature gate ImageVolume is off in this {} cluster, so the API server drops the volume's image.",
            cluster.release
        );
        let step = Step::new(&rules::IMAGE_VOLUME_GATE, Mark::No, finding).at(volume.span);
        return Some(Decision { outcome: None, trace: vec![step] });
    }
    let stored = stored.and_then(|pod| pod.volumes.iter().find(|other| other.name() == volume.name()));
    let stored = stored.and_then(|other| Some(Fields::of_volume(other, other.image.as_ref()?)));
    let fields = Fields::of_volume(volume, image);
    let mut decision = filled_in(fields, stored, cluster.release);
    if fields.written_policy().is_none() {
        let finding = "An image volume gets its pull policy as a container does.";
        decision.trace.insert(0, Step::new(&rules::IMAGE_VOLUME_POLICY, Mark::Note, finding).at(volume.span));
    }
    Some(Decision { outcome: Some(decision.outcome), trace: decision.trace })
}

fn filled_in(new: Fields, stored: Option<Fields>, release: Release) -> Decision<PullPolicy> {
    if let Some(written) = new.written_policy() {
        let policy = PullPolicy::from_name(&written.value);
        let step = match &policy {
            PullPolicy::Other(name) => {
                let finding =
                    format!("`{name}` is written, which is no pull policy; the API server refuses the object.");
                Step::new(&rules::POLICY_UNSUPPORTED, Mark::No, finding)
            }
            policy => Step::new(&rules::POLICY_WRITTEN, Mark::Yes, format!("`{policy}` is written, so it stays.")),
        };
        return Decision { outcome: policy, trace: vec![step.at(written.span)] };
    }
    match stored {
        Some(stored) => kept(new, stored, release),
        None => {
            let mut trace = vec![absent(new)];
            let (policy, step) = from_tag(new, release);
            trace.push(step);
            Decision { outcome: policy, trace }
        }
    }
}

/// An update that writes no policy: the stored object's stays.
fn kept(new: Fields, stored: Fields, release: Release) -> Decision<PullPolicy> {
    let mut trace = vec![absent(new)];
    let (policy, first) = match stored.written_policy() {
        Some(written) => {
            let policy = PullPolicy::from_name(&written.value);
            let finding = format!("The stored object has `{policy}`.");
            (policy, Step::new(&rules::POLICY_WRITTEN, Mark::Note, finding).at(written.span))
        }
        // The stored object was given as it was first written: it got its policy from its own image.
        None => from_tag(stored, release),
    };
    trace.push(first);
    let (anew, _) = from_tag(new, release);
    let otherwise = if anew == policy {
        String::new()
    } else {
        format!(" A new object with `{}` would get `{anew}`.", new.image())
    };
    let finding = format!(
        "The update does not write the field, so the stored `{policy}` stays.{otherwise} (So it is with `kubectl apply` if the \
         manifest that was applied before did not write it either; `kubectl replace` has it filled in anew.)"
    );
    let mark = if anew == policy { Mark::Note } else { Mark::Yes };
    let step = Step::new(&rules::POLICY_SET_ONCE, mark, finding).at(new.image.map_or(new.span, |image| image.span));
    trace.push(step.because(stored.policy.or(stored.image).map(|field| field.span)));
    Decision { outcome: policy, trace }
}

fn absent(fields: Fields) -> Step {
    match fields.policy {
        Some(empty) => {
            let finding = "The pull policy is written and empty, which counts as not written.";
            Step::new(&rules::POLICY_ABSENT, Mark::Note, finding).at(empty.span)
        }
        None => Step::new(&rules::POLICY_ABSENT, Mark::Note, "No pull policy is written, so the tag decides.")
            .at(fields.span),
    }
}

/// The default policy: `Always` for the tag `latest`, `IfNotPresent` for anything else.
fn from_tag(fields: Fields, release: Release) -> (PullPolicy, Step) {
    let always =
        |finding: String| (PullPolicy::Always, Step::new(&rules::DEFAULT_PULL_POLICY_LATEST, Mark::Yes, finding));
    let other =
        |finding: String| (PullPolicy::IfNotPresent, Step::new(&rules::DEFAULT_PULL_POLICY_OTHER, Mark::Yes, finding));
    let Some(image) = fields.image.filter(|image| !image.value.is_empty()) else {
        let (policy, step) = other("No image is written, so there is no tag `latest`: `IfNotPresent`.".to_owned());
        return (policy, step.at(fields.span));
    };
    let reference = match parse(&image.value, Grammar::of(release)) {
        Ok(reference) => reference,
        Err(error) => {
            let finding = format!(
                "`{}` cannot be read as an image name ({error}), so no tag `latest` is found in it: `IfNotPresent`. \
                 The API server accepts it, and the kubelet will refuse it.",
                image.value
            );
            let (policy, step) = other(finding);
            return (policy, step.at(image.span));
        }
    };
    let place =
        |range: &Option<std::ops::Range<usize>>| range.as_ref().map_or(image.span, |range| sub_span(image, range));
    let digest = reference.digest.as_ref();
    let (policy, step) = match &reference.tag {
        Some(tag) if tag.is_implied() => {
            always(format!("`{}` has neither tag nor digest, so its tag is `latest`: `Always`.", image.value))
        }
        Some(tag) if tag.value == DEFAULT_TAG && digest.is_some() => {
            always("The tag is `latest`: `Always`. That a digest is written too changes nothing.".to_owned())
        }
        Some(tag) if tag.value == DEFAULT_TAG => always("The tag is `latest`: `Always`.".to_owned()),
        Some(tag) if tag.value.eq_ignore_ascii_case(DEFAULT_TAG) => {
            other(format!("The tag is `{}`; only `latest` in lower case gives `Always`: `IfNotPresent`.", tag.value))
        }
        Some(tag) => other(format!("The tag is `{}` and not `latest`: `IfNotPresent`.", tag.value)),
        None => other("There is a digest and no tag, which is not the tag `latest`: `IfNotPresent`.".to_owned()),
    };
    let at = reference.tag.as_ref().or(digest).map_or(image.span, |part| place(&part.written));
    (policy, step.at(at).because(digest.filter(|_| reference.tag.is_some()).map(|digest| place(&digest.written))))
}

/// What the API server says about images and pull policies of the pod's containers and volumes, which are to be its
/// filled-in ones (`policies`, in the order of `pod.containers`, as [`decide`] gives them).
///
/// Message and path together, with `: ` between, are Kubernetes' own text.
#[must_use]
pub fn api_errors(pod: &Pod, policies: &[PullPolicy], cluster: &Cluster) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for (container, policy) in pod.containers.iter().zip(policies) {
        let image = container.image();
        let at = container.image.as_ref().map_or(container.span, |image| image.span);
        if image.is_empty() {
            let help = "Write the image that the container runs.";
            errors
                .push(refused(&rules::IMAGE_REQUIRED, "Required value", &container.path, "image", at).with_help(help));
        } else if image.trim() != image && pod.owner.is_none() {
            let text = format!("Invalid value: {}: must not have leading or trailing whitespace", quote(image));
            let help = "Remove the white space around the image.";
            errors.push(refused(&rules::IMAGE_WHITE_SPACE, &text, &container.path, "image", at).with_help(help));
        }
        let at = container.image_pull_policy.as_ref().map_or(container.span, |policy| policy.span);
        errors.extend(unsupported(policy, &container.path, "imagePullPolicy", at));
    }
    if cluster.has(Feature::ImageVolume) {
        errors.extend(pod.volumes.iter().flat_map(|volume| volume_errors(pod, volume)));
    }
    errors
}

fn volume_errors(pod: &Pod, volume: &Volume) -> Vec<Diagnostic> {
    let Some(image) = &volume.image else { return Vec::new() };
    let mut errors = Vec::new();
    // A template may leave the image to what makes its pods.
    if pod.owner.is_none() && image.reference.as_ref().is_none_or(|reference| reference.value.is_empty()) {
        let help = "Write the image whose files the volume holds.";
        let error = refused(&rules::IMAGE_REQUIRED, "Required value", &volume.path, "image.reference", volume.span);
        errors.push(error.with_help(help));
    }
    if let Some(written) = image.pull_policy.as_ref().filter(|policy| !policy.value.is_empty()) {
        errors.extend(unsupported(
            &PullPolicy::from_name(&written.value),
            &volume.path,
            "image.pullPolicy",
            written.span,
        ));
    }
    errors
}

fn unsupported(policy: &PullPolicy, path: &str, field: &str, at: Span) -> Option<Diagnostic> {
    let PullPolicy::Other(name) = policy else { return None };
    let [always, if_not_present, never] = PullPolicy::ALL.map(|policy| quote(policy.name()));
    let text = format!("Unsupported value: {}: supported values: {always}, {if_not_present}, {never}", quote(name));
    let meant = PullPolicy::ALL.into_iter().find(|policy| policy.name().eq_ignore_ascii_case(name.trim()));
    let help = match meant {
        Some(policy) => format!("Letter case and white space count: write `{policy}`."),
        None => "Write `Always`, `IfNotPresent` or `Never`, or leave the field out.".to_owned(),
    };
    Some(refused(&rules::POLICY_UNSUPPORTED, &text, path, field, at).with_help(help))
}

fn refused(rule: &'static Rule, text: &str, path: &str, field: &str, at: Span) -> Diagnostic {
    Diagnostic::error(rule.id, text, at).at_path(format!("{path}.{field}"))
}

/// What is accepted and will still not run: a workload's template whose image has white space around it makes pods
/// that are refused one by one.
#[must_use]
pub fn warnings(pod: &Pod) -> Vec<Diagnostic> {
    let Some(owner) = &pod.owner else { return Vec::new() };
    let white = pod.containers.iter().filter(|container| container.image().trim() != container.image());
    white
        .map(|container| {
            let at = container.image.as_ref().map_or(container.span, |image| image.span);
            let message = format!(
                "The {} is accepted, but each of its pods is refused: the image has white space around it.",
                owner.kind
            );
            Diagnostic::warning(rules::IMAGE_WHITE_SPACE.id, message, at)
                .at_path(format!("{}.image", container.path))
                .with_help("Remove the white space around the image.")
        })
        .collect()
}

/// Where another release fills in another policy, because it reads the image's name otherwise.
#[must_use]
pub fn change(container: &Container) -> Option<Change> {
    let fields = Fields::of_container(container);
    if fields.written_policy().is_some() {
        return None;
    }
    let Change { since, .. } = reference_change(fields.image())?;
    let (before, _) = from_tag(fields, Release::OLDEST);
    let (after, _) = from_tag(fields, Release::NEWEST);
    let words = |policy: &PullPolicy| format!("`{}` without a pull policy gets `{policy}`", fields.image());
    (before != after).then(|| Change { since, before: words(&before), after: words(&after) })
}

#[cfg(test)]
mod tests;
