//! The kubelet's image manager: from "this container needs this image" to an image, or a waiting reason.

use crate::events::{Event, EventType};
use crate::feature::Feature;
use crate::image::reference::{self, Grammar};
use crate::pulls::backoff::BackOff;
use crate::quote::quote;
use crate::release::{Cluster, Release};
use crate::rule::pulls as rules;
use crate::time::{Duration, TokenBucket};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Why a container waits for its image. Source: pkg/kubelet/images/types.go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs)]
pub enum WaitingReason {
    InvalidImageName,
    ImageInspectError,
    ErrImageNeverPull,
    ErrImagePull,
    ImagePullBackOff,
    RegistryUnavailable,
    SignatureValidationFailed,
}

impl fmt::Display for WaitingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidImageName => "InvalidImageName",
            Self::ImageInspectError => "ImageInspectError",
            Self::ErrImageNeverPull => "ErrImageNeverPull",
            Self::ErrImagePull => "ErrImagePull",
            Self::ImagePullBackOff => "ImagePullBackOff",
            Self::RegistryUnavailable => "RegistryUnavailable",
            Self::SignatureValidationFailed => "SignatureValidationFailed",
        })
    }
}

/// What the kubelet tells about an image name that cannot be read: its event InspectFailed and the container's message.
#[must_use]
pub fn invalid_image_message(error: &reference::InvalidReference) -> String {
    format!("Failed to apply default image tag {}: {}", quote(&error.image), error.kubelet_error())
}

/// What the runtime says when it is asked for an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is not there.
    Absent,
    /// It is there. What the image pull manager answers counts only where the kubelet verifies credentials.
    Present(Access),
    /// The runtime cannot say, with this error.
    InspectFails(String),
}

/// Whether the pod may use an image that is present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Granted,
    /// It has to pull, to prove that the registry lets it.
    MustPull,
    /// Looking up the pod's credentials failed with this error.
    LookupFails(String),
}

/// A pull that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulledImage {
    /// The image's size in bytes.
    pub size: u64,
    /// How long the runtime took.
    pub took: Duration,
    /// How long the pull waited for others before.
    pub waited: Duration,
}

/// A pull that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullError {
    /// The error's text.
    pub text: String,
    /// Whether it is the kubelet's own value ErrRegistryUnavailable, which only dockershim could return; its text
    /// alone does not make it so.
    pub is_registry_unavailable: bool,
}

impl PullError {
    /// An error that comes from a runtime: a text.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_registry_unavailable: false }
    }

    /// The waiting reason and the message that the kubelet of `release` makes of it.
    ///
    /// Source: pkg/kubelet/images/image_manager.go evalCRIPullErr.
    #[must_use]
    pub fn waiting(&self, image: &str, release: Release) -> (WaitingReason, String) {
        if rules::PULL_ERRORS_BY_PREFIX.holds_in(release) {
            let known = [
                ("RegistryUnavailable", WaitingReason::RegistryUnavailable, "the registry is unavailable"),
                (
                    "SignatureValidationFailed",
                    WaitingReason::SignatureValidationFailed,
                    "the signature validation failed",
                ),
            ];
            for (prefix, reason, because) in known {
                if let Some(rest) = self.text.strip_prefix(prefix) {
                    return (reason, format!("image pull failed for {image} because {because}{rest}"));
                }
            }
        } else if self.is_registry_unavailable {
            let message = format!("image pull failed for {image} because the registry is unavailable.");
            return (WaitingReason::RegistryUnavailable, message);
        }
        (WaitingReason::ErrImagePull, self.text.clone())
    }
}

/// One moment at which the kubelet needs an image for a container.
#[derive(Clone, Copy, Debug)]
pub struct Sync<'a> {
    /// When.
    pub at: Duration,
    /// The pod's name, for events.
    pub pod_name: &'a str,
    /// The pod's UID; the back-off is kept for it.
    pub pod_uid: &'a str,
    /// The part of the pod that events point at, such as `spec.containers{web}`.
    pub field_path: &'a str,
    /// The image as written.
    pub image: &'a str,
    /// The pull policy, also one that the API server would refuse.
    pub policy: &'a str,
    /// What the runtime says about the image.
    pub presence: &'a Presence,
    /// The error of looking up the pod's credentials, if it fails.
    pub look_up_error: Option<&'a str>,
}

/// What a sync came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ensured {
    /// Whether the image is there and may be used. Without it and without a reason, a look-up of credentials failed.
    pub ok: bool,
    /// Why the container waits.
    pub reason: Option<WaitingReason>,
    /// The message beside the reason.
    pub message: String,
    /// The events, in order.
    pub events: Vec<Event>,
    /// Whether the runtime was asked for the image.
    pub inspected: bool,
    /// What the runtime was asked to pull, if it was.
    pub pulled_as: Option<String>,
}

/// What a sync comes to before anything is pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is decided without a pull.
    Done(Ensured),
    /// A pull has to say.
    Pulls(Pulling),
}

/// A pull that was begun; [`ImageManager::finish`] takes its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulling {
    /// What the runtime is asked to pull.
    pub pulled_as: String,
    ensured: Ensured,
    key: String,
}

/// A node's image manager, with what it remembers between syncs.
///
/// Source: pkg/kubelet/images/image_manager.go EnsureImageExists.
pub struct ImageManager {
    cluster: Cluster,
    back_off: BackOff,
    limit: Option<TokenBucket>,
    /// The last pull's error of each back-off key.
    last_errors: BTreeMap<String, String>,
}

impl ImageManager {
    /// A manager that has pulled nothing. A `registry_pull_qps` of 0 sets no limit.
    #[must_use]
    pub fn new(cluster: Cluster, back_off: BackOff, registry_pull_qps: f64, registry_burst: i64) -> Self {
        let limit = (registry_pull_qps != 0.0).then(|| TokenBucket::per_second(registry_pull_qps, registry_burst));
        Self { cluster, back_off, limit, last_errors: BTreeMap::new() }
    }

    /// Sees to it that the image is there, or says why not. `pull` is how a pull would end, at once.
    pub fn ensure(&mut self, sync: &Sync, pull: &Result<PulledImage, PullError>) -> Ensured {
        match self.begin(sync) {
            Begun::Done(ensured) => ensured,
            Begun::Pulls(pulling) if self.may_ask(sync.at) => {
                let pulled_as = Some(pulling.pulled_as.clone());
                Ensured { pulled_as, ..self.finish(sync, pulling, sync.at, pull) }
            }
            Begun::Pulls(pulling) => self.finish(sync, pulling, sync.at, &Err(PullError::of(OVER_LIMIT))),
        }
    }

    /// Whether registryPullQPS and registryBurst let the runtime be asked to pull at `at`. If not, the attempt's error
    /// is [`OVER_LIMIT`].
    pub fn may_ask(&mut self, at: Duration) -> bool {
        self.limit.as_mut().is_none_or(|limit| limit.take(at))
    }

    /// The end of the back-off of an image and a pod, if one is running at `at`.
    #[must_use]
    pub fn backs_off_until(&self, pod_uid: &str, image: &str, at: Duration) -> Option<Duration> {
        self.back_off.waits_since_update(&key(pod_uid, image), at)
    }

    /// Decides what can be decided without a pull.
    pub fn begin(&mut self, sync: &Sync) -> Begun {
        match self.precheck(sync) {
            Ok((image, ensured)) => self.begin_pull(sync, image, ensured),
            Err(ensured) => Begun::Done(*ensured),
        }
    }

    /// What to pull, or the answer without a pull.
    fn precheck(&self, sync: &Sync) -> Result<(String, Ensured), Box<Ensured>> {
        let mut ensured = Ensured::default();
        let image = match reference::parse(sync.image, Grammar::of(self.cluster.release)) {
            Ok(reference) => reference.pulled_as(),
            Err(error) => {
                ensured.message = invalid_image_message(&error);
                return Err(ensured.warn(sync, "InspectFailed", WaitingReason::InvalidImageName).into());
            }
        };
        if self.inspects(sync.policy) {
            ensured.inspected = true;
            match sync.presence {
                Presence::InspectFails(error) => {
                    // Newer kubelets print the reference that they did not get.
                    let newer = rules::INSPECTED_BY_POLICY.holds_in(self.cluster.release);
                    let named = if newer { "" } else { sync.image };
                    ensured.message = format!("Failed to inspect image {}: {error}", quote(named));
                    return Err(ensured.warn(sync, "InspectFailed", WaitingReason::ImageInspectError).into());
                }
                Presence::Present(access) if sync.policy != "Always" => {
                    if let Some(used) = self.use_present(sync, access, &mut ensured) {
                        return Err(used.into());
                    }
                }
                _ => {}
            }
        }
        if !self.pulls(sync.policy) {
            ensured.message = format!("Container image {} is not present with pull policy of Never", quote(sync.image));
            return Err(ensured.warn(sync, "ErrImageNeverPull", WaitingReason::ErrImageNeverPull).into());
        }
        if let Some(error) = sync.look_up_error.filter(|_| rules::LOOK_UP_BEFORE_PULL.holds_in(self.cluster.release)) {
            error.clone_into(&mut ensured.message);
            return Err(ensured.into());
        }
        Ok((image, ensured))
    }

    /// Whether the runtime is asked for the image.
    fn inspects(&self, policy: &str) -> bool {
        !rules::INSPECTED_BY_POLICY.holds_in(self.cluster.release) || matches!(policy, "IfNotPresent" | "Never")
    }

    /// Whether an image that is not there is pulled. The API server lets only three policies through; what a kubelet
    /// would do with another one follows from its code.
    fn pulls(&self, policy: &str) -> bool {
        match policy {
            "Always" | "IfNotPresent" => true,
            "Never" => false,
            _ => rules::INSPECTED_BY_POLICY.holds_in(self.cluster.release),
        }
    }

    /// Uses the image that is present, unless the pod has to prove first that it may.
    fn use_present(&self, sync: &Sync, access: &Access, ensured: &mut Ensured) -> Option<Ensured> {
        let verified = self.cluster.has(Feature::KubeletEnsureSecretPulledImages);
        match access {
            Access::MustPull if verified => return None,
            Access::LookupFails(error) if verified => {
                ensured.message.clone_from(error);
                return Some(std::mem::take(ensured));
            }
            _ => {}
        }
        let message = present_message(sync.image, &self.cluster);
        ensured.ok = true;
        ensured.events.push(event(sync, EventType::Normal, "Pulled", message.clone()));
        if rules::PRESENT_MESSAGE.holds_in(self.cluster.release) {
            ensured.message = message;
        }
        Some(std::mem::take(ensured))
    }

    fn begin_pull(&mut self, sync: &Sync, pulled_as: String, mut ensured: Ensured) -> Begun {
        let image = quote(sync.image);
        let key = key(sync.pod_uid, sync.image);
        if self.back_off.waits_since_update(&key, sync.at).is_some() {
            let message = format!("Back-off pulling image {image}");
            ensured.events.push(event(sync, EventType::Normal, "BackOff", message.clone()));
            let names_error = rules::BACK_OFF_NAMES_ERROR.holds_in(self.cluster.release);
            let last = self.last_errors.get(&key).filter(|_| names_error);
            ensured.message = last.map_or_else(|| message.clone(), |error| format!("{message}: {error}"));
            ensured.reason = Some(WaitingReason::ImagePullBackOff);
            return Begun::Done(ensured);
        }
        ensured.events.push(event(sync, EventType::Normal, "Pulling", format!("Pulling image {image}")));
        Begun::Pulls(Pulling { pulled_as, ensured, key })
    }

    /// Takes the result of a pull that ended at `at`.
    pub fn finish(
        &mut self,
        sync: &Sync,
        pulling: Pulling,
        at: Duration,
        result: &Result<PulledImage, PullError>,
    ) -> Ensured {
        let Pulling { mut ensured, key, .. } = pulling;
        let (release, image) = (self.cluster.release, quote(sync.image));
        let sync = &Sync { at, ..*sync };
        match result {
            Ok(pulled) => {
                let message = pulled_message(&image, *pulled, release);
                ensured.events.push(event(sync, EventType::Normal, "Pulled", message));
                self.back_off.forget_expired(at);
                self.last_errors.remove(&key);
                ensured.ok = true;
            }
            Err(error) => {
                let message = format!("Failed to pull image {image}: {}", error.text);
                ensured.events.push(event(sync, EventType::Warning, "Failed", message));
                self.back_off.fail(&key, at, at);
                let (reason, message) = error.waiting(sync.image, release);
                self.last_errors.insert(key, format!("{reason}: {message}"));
                (ensured.reason, ensured.message) = (Some(reason), message);
            }
        }
        ensured
    }
}

/// The error of an attempt that registryPullQPS does not allow.
pub const OVER_LIMIT: &str = "pull QPS exceeded";

/// The key under which failures are counted.
fn key(pod_uid: &str, image: &str) -> String {
    format!("{pod_uid}_{image}")
}

impl Ensured {
    /// Ends with a warning whose text is the message.
    fn warn(mut self, sync: &Sync, event_reason: &str, reason: WaitingReason) -> Self {
        self.events.push(event(sync, EventType::Warning, event_reason, self.message.clone()));
        self.reason = Some(reason);
        self
    }

    /// The error with which the start of a container ends that did not get its image.
    ///
    /// Source: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        let error = || self.reason.map_or_else(|| self.message.clone(), |reason| reason.to_string());
        (!self.ok).then(error)
    }
}

/// The event about an image that is there already.
#[must_use]
pub fn present_message(image: &str, cluster: &Cluster) -> String {
    let verified = cluster.has(Feature::KubeletEnsureSecretPulledImages);
    let accessible = if verified { " and can be accessed by the pod" } else { "" };
    format!("Container image {} already present on machine{accessible}", quote(image))
}

/// The event about a finished pull. `image` is in quotes.
fn pulled_message(image: &str, pulled: PulledImage, release: Release) -> String {
    let whole = pulled.took + pulled.waited;
    if !rules::PULLED_INCLUDING_WAITING.holds_in(release) {
        return format!("Successfully pulled image {image} in {whole}");
    }
    let (took, whole) = (pulled.took.truncated_to_millis(), whole.truncated_to_millis());
    let size = if rules::PULLED_IMAGE_SIZE.holds_in(release) {
        format!(". Image size: {} bytes.", pulled.size)
    } else {
        String::new()
    };
    format!("Successfully pulled image {image} in {took} ({whole} including waiting){size}")
}

fn event(sync: &Sync, kind: EventType, reason: &str, message: String) -> Event {
    Event {
        at: sync.at,
        kind,
        reason: reason.to_owned(),
        message,
        object: sync.pod_name.to_owned(),
        field_path: sync.field_path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
