//! How pods live: how long things take, what hooks come to, and what ends a pod.

use super::{PodPlace, Scenario, split_name};
use crate::time::Duration;
use serde::Serialize;

/// No length of time in a life is longer: a week.
pub const LONGEST: Duration = Duration::from_secs(604_800);
/// How long the sandbox takes to make.
pub const DEFAULT_SANDBOX: Duration = Duration::from_secs(1);
/// How long a pod lives from the moment that everything is ready until something ends it.
pub const DEFAULT_LIVES_FOR: Duration = Duration::from_secs(10);
/// How long a process needs until it can do its work; for an init container, how long it runs.
pub const DEFAULT_START: Duration = Duration::from_secs(2);
/// How long a postStart hook takes.
pub const DEFAULT_POST_START: Duration = Duration::from_secs(1);
/// How long a preStop hook takes.
pub const DEFAULT_PRE_STOP: Duration = Duration::from_secs(5);
/// How long a process needs after its stop signal.
pub const DEFAULT_STOP: Duration = Duration::from_secs(1);

/// One pod's life; what is left out has the defaults above.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodLife {
    /// How long the sandbox takes to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<Duration>,
    /// How long the pod lives after everything is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lives_for: Option<Duration>,
    /// When a deletion or an eviction comes, counted from when the pod is bound, ready or not; in place of `lives_for`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Duration>,
    /// What ends it; a deletion if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Cause>,
    /// The container that the cause is about, where it is about one; the first that fits if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Seconds: `kubectl delete --grace-period`, or what the kubelet grants in an eviction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_period: Option<i64>,
    /// `kubectl delete --force`.
    #[serde(skip_serializing_if = "is_false")]
    pub force: bool,
    /// The kubelet restarts so long after the end has begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubelet_restart: Option<Duration>,
    /// The containers that somebody says something about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerLife>,
}

/// One container's life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerLife {
    /// Its name.
    pub container: String,
    /// From the start of its process until it can do its work; for an init container, how long it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Duration>,
    /// Its postStart hook.
    #[serde(skip_serializing_if = "HookLife::is_default")]
    pub post_start: HookLife,
    /// Its preStop hook.
    #[serde(skip_serializing_if = "HookLife::is_default")]
    pub pre_stop: HookLife,
    /// How long its process needs after the stop signal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Duration>,
    /// The code that its process ends with when it ends by itself; 0 if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
}

/// How a hook goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HookLife {
    /// How long it takes. A sleep hook takes what the manifest says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takes: Option<Duration>,
    /// The exit code of its command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// What its command prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The HTTP status that its request is answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Nobody listens where its request goes.
    #[serde(skip_serializing_if = "is_false")]
    pub down: bool,
    /// The server that its request goes to speaks HTTP without TLS.
    #[serde(skip_serializing_if = "is_false")]
    pub plain_http: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl HookLife {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What ends a pod, or one of its containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// Somebody deletes the pod.
    #[default]
    Deletion,
    /// The kubelet evicts the pod, because the node runs out of something.
    Eviction,
    /// The liveness probe of a container fails.
    LivenessProbe,
    /// The startup probe of a container fails.
    StartupProbe,
    /// The definition of a container changes.
    DefinitionChanged,
    /// The process of a container ends by itself.
    Exit,
    /// Nothing.
    Never,
}

impl Cause {
    /// Every cause, with its word in the scenario.
    pub const ALL: &[(&str, Self)] = &[
        ("deletion", Self::Deletion),
        ("eviction", Self::Eviction),
        ("livenessProbe", Self::LivenessProbe),
        ("startupProbe", Self::StartupProbe),
        ("definitionChanged", Self::DefinitionChanged),
        ("exit", Self::Exit),
        ("never", Self::Never),
    ];

    /// Whether it stops the whole pod.
    #[must_use]
    pub fn ends_pod(self) -> bool {
        matches!(self, Self::Deletion | Self::Eviction)
    }

    /// Whether it is about one container, not the pod.
    #[must_use]
    pub fn of_one_container(self) -> bool {
        !matches!(self, Self::Deletion | Self::Eviction | Self::Never)
    }
}

impl PodLife {
    /// What is said about the container of this name.
    #[must_use]
    pub fn of(&self, container: &str) -> Option<&ContainerLife> {
        self.containers.iter().find(|life| life.container == container)
    }

    /// The same life, without containers that nothing is said about: as it is written.
    #[must_use]
    pub fn without_defaults(mut self) -> Self {
        self.containers
            .retain(|said| *said != ContainerLife { container: said.container.clone(), ..ContainerLife::default() });
        self
    }

    /// The same, to be changed; an empty one is added if nothing is said yet.
    pub fn of_mut(&mut self, container: &str) -> Option<&mut ContainerLife> {
        let known = self.containers.iter().position(|life| life.container == container);
        let position = known.unwrap_or(self.containers.len());
        if known.is_none() {
            self.containers.push(ContainerLife { container: container.to_owned(), ..ContainerLife::default() });
        }
        self.containers.get_mut(position)
    }
}

impl Scenario {
    /// Says how a pod lives; what only says the defaults is left out.
    pub fn set_life(&mut self, namespace: &str, name: &str, life: PodLife) {
        let life = Some(life.without_defaults()).filter(|life| *life != PodLife::default());
        let known = self.pods.iter().position(|place| split_name(&place.pod) == (namespace, name));
        match (known.and_then(|position| self.pods.get_mut(position)), life) {
            (Some(place), life) => place.life = life,
            (None, None) => {}
            (None, life) => {
                self.pods.push(PodPlace { pod: format!("{namespace}/{name}"), life, ..PodPlace::default() })
            }
        }
        let says_nothing = |place: &PodPlace| *place == PodPlace { pod: place.pod.clone(), ..PodPlace::default() };
        self.pods.retain(|place| split_name(&place.pod) != (namespace, name) || !says_nothing(place));
    }
}

/// Reads a length of time as people type it: a number of seconds such as `55` or `1.5`, or with units, `90s`, `2m30s`.
///
/// # Errors
///
/// A sentence about what is wrong: it is no such text, it is negative, or it is longer than [`LONGEST`].
pub fn length(text: &str) -> Result<Duration, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("No time is given; enter seconds, such as 55 or 1.5.");
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    let read = if plain { Duration::parse(&format!("{text}s")) } else { Duration::parse(text) };
    // Digits that do not fit are a number all the same.
    let huge = plain && text.bytes().filter(u8::is_ascii_digit).count() > 6;
    match read {
        None if huge && text.starts_with('-') => Err(NEGATIVE),
        None if huge => Err(TOO_LONG),
        None => Err("This is no length of time; enter seconds, such as 55 or 1.5."),
        Some(length) if length < Duration::ZERO => Err(NEGATIVE),
        Some(length) if length > LONGEST => Err(TOO_LONG),
        Some(length) => Ok(length),
    }
}

const NEGATIVE: &str = "A length of time cannot be negative; enter 0 s or more.";
const TOO_LONG: &str = "That is longer than a week; enter at most 604800 s.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_said_once_and_defaults_are_not_said() {
        let mut scenario = Scenario::default();
        let mut life = PodLife { force: true, ..PodLife::default() };
        life.of_mut("app");
        scenario.set_life("default", "web", life.clone());
        scenario.set_life("default", "web", life);
        assert_eq!(scenario.pods.len(), 1);
        let said = scenario.pods[0].life.clone().unwrap();
        assert_eq!((said.force, said.containers.len()), (true, 0));
        scenario.set_life("default", "web", PodLife::default());
        assert_eq!(scenario, Scenario::default());
    }

    #[test]
    fn lengths_as_people_type_them() {
        for (text, length_of) in
            [("55", 55_000), ("1.5", 1_500), (" 2m30s ", 150_000), ("0", 0), ("500ms", 500), ("604800", 604_800_000)]
        {
            assert_eq!(length(text), Ok(Duration::from_millis(length_of)), "{text}");
        }
        for text in ["-1", "-5s", "-99999999999999999999"] {
            assert_eq!(length(text), Err(NEGATIVE), "{text}");
        }
        for text in ["604801", "99999999999999999999", "200h"] {
            assert_eq!(length(text), Err(TOO_LONG), "{text}");
        }
        for text in ["", "soon", "1e3", "1d", "--1", "NaN"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
