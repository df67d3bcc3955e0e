//! Kubernetes releases, and the switches of a cluster that runs one.

use crate::feature::Feature;
use serde::{Serialize, Serializer};
use std::fmt;

/// A minor release of Kubernetes 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release(u8);

impl Release {
    /// The oldest release that can be chosen.
    pub const OLDEST: Self = Self(20);
    /// The newest release that can be chosen.
    pub const NEWEST: Self = Self(36);
    /// The release that is chosen when nobody says otherwise.
    pub const DEFAULT: Self = Self(34);

    /// v1.`minor`, for tables; may lie outside the range that can be chosen (gates are older than 1.20).
    #[must_use]
    pub const fn minor_unchecked(minor: u8) -> Self {
        Self(minor)
    }

    /// v1.`minor`, if it is one of the releases that can be chosen.
    #[must_use]
    pub fn from_minor(minor: u8) -> Option<Self> {
        Some(Self(minor)).filter(|release| (Self::OLDEST..=Self::NEWEST).contains(release))
    }

    /// Reads `1.32`, `v1.32` or `1.32.4`. `None` for anything else and for releases that cannot be chosen.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        if parts.next() != Some("1") {
            return None;
        }
        Self::from_minor(parts.next()?.parse().ok()?)
    }

    /// Every release that can be chosen, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }

    /// The number after `1.`.
    #[must_use]
    pub fn minor(self) -> u8 {
        self.0
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}", self.0)
    }
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Release {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// When a behaviour changed. Where only two releases' code was read, the change lies somewhere between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The first release with the new behaviour is known.
    Release(Release),
    /// The newest release known to behave as before, and the oldest known to behave anew.
    Between {
        /// Still the old behaviour here.
        after: Release,
        /// The new behaviour here.
        by: Release,
    },
}

impl Since {
    /// From v1.`minor` on.
    #[must_use]
    pub const fn minor(minor: u8) -> Self {
        Self::Release(Release::minor_unchecked(minor))
    }

    /// Not yet in v1.`after`, and there in v1.`by`: what lies between was not read.
    #[must_use]
    pub const fn between(after: u8, by: u8) -> Self {
        Self::Between { after: Release::minor_unchecked(after), by: Release::minor_unchecked(by) }
    }

    /// Whether `release` has the new behaviour. Inside an interval nothing is known, and the older answer is given.
    #[must_use]
    pub fn holds_in(self, release: Release) -> bool {
        match self {
            Since::Release(first) => release >= first,
            Since::Between { by, .. } => release >= by,
        }
    }

    /// Whether it is unknown which of the two behaviours `release` has.
    #[must_use]
    pub fn is_unverified_in(self, release: Release) -> bool {
        matches!(self, Since::Between { after, by } if release > after && release < by)
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Since::Release(release) => write!(f, "in {release}"),
            Since::Between { after, by } => write!(f, "after {after}, by {by}"),
        }
    }
}

/// An admission plug-in of the API server that can be switched here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs)]
pub enum AdmissionPlugin {
    AlwaysPullImages,
    ServiceAccount,
}

impl AdmissionPlugin {
    /// Every plug-in that can be switched, in the order in which the API server calls them.
    pub const ALL: &[Self] = &[Self::ServiceAccount, Self::AlwaysPullImages];

    /// The name as it stands in `--enable-admission-plugins`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AlwaysPullImages => "AlwaysPullImages",
            Self::ServiceAccount => "ServiceAccount",
        }
    }

    /// Whether the API server runs it when nobody asks: pkg/kubeapiserver/options/plugins.go DefaultOffAdmissionPlugins.
    #[must_use]
    pub fn on_by_default(self) -> bool {
        match self {
            Self::AlwaysPullImages => false,
            Self::ServiceAccount => true,
        }
    }
}

/// The cluster that the answer is for: its release, and what its operator switched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The release of API server, scheduler and kubelet alike.
    pub release: Release,
    /// Feature gates that are set to something, by gate. A gate that is locked or absent in the release keeps its default.
    pub gates: Gates,
    /// Admission plug-ins whose state differs from the default.
    pub switched_plugins: Plugins,
}

/// Feature gates and what they are set to, in the gates' order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gates(Vec<(Feature, bool)>);

impl Gates {
    /// What the gate is set to, if it is.
    #[must_use]
    pub fn get(&self, gate: &Feature) -> Option<&bool> {
        self.0.iter().find(|(known, _)| known == gate).map(|(_, on)| on)
    }

    /// Whether the gate is set.
    #[must_use]
    pub fn contains_key(&self, gate: &Feature) -> bool {
        self.get(gate).is_some()
    }

    /// Sets the gate.
    pub fn insert(&mut self, gate: Feature, on: bool) {
        self.remove(&gate);
        let at = self.0.partition_point(|(known, _)| *known < gate);
        self.0.insert(at, (gate, on));
    }

    /// Leaves the gate to its default.
    pub fn remove(&mut self, gate: &Feature) {
        self.0.retain(|(known, _)| known != gate);
    }

    /// Every gate that is set.
    pub fn iter(&self) -> impl Iterator<Item = (&Feature, &bool)> {
        self.0.iter().map(|(gate, on)| (gate, on))
    }

    /// Whether no gate is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Feature, bool)> for Gates {
    fn from_iter<T: IntoIterator<Item = (Feature, bool)>>(gates: T) -> Self {
        let mut all = Self::default();
        all.extend(gates);
        all
    }
}

impl Extend<(Feature, bool)> for Gates {
    fn extend<T: IntoIterator<Item = (Feature, bool)>>(&mut self, gates: T) {
        for (gate, on) in gates {
            self.insert(gate, on);
        }
    }
}

/// Admission plug-ins, each once, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plugins(Vec<AdmissionPlugin>);

impl Plugins {
    /// Whether the plug-in is one of them.
    #[must_use]
    pub fn contains(&self, plugin: &AdmissionPlugin) -> bool {
        self.0.contains(plugin)
    }

    /// Adds the plug-in.
    pub fn insert(&mut self, plugin: AdmissionPlugin) {
        if !self.contains(&plugin) {
            let at = self.0.partition_point(|known| *known < plugin);
            self.0.insert(at, plugin);
        }
    }

    /// Takes the plug-in out; whether it was there.
    pub fn remove(&mut self, plugin: &AdmissionPlugin) -> bool {
        let before = self.len();
        self.0.retain(|known| known != plugin);
        self.len() < before
    }

    /// Every plug-in.
    pub fn iter(&self) -> impl Iterator<Item = &AdmissionPlugin> {
        self.0.iter()
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Cluster {
    /// A cluster of this release with nothing switched.
    #[must_use]
    pub fn of(release: Release) -> Self {
        Self { release, ..Self::default() }
    }

    /// Whether the feature is on: Kubernetes' own look-up over the versioned table.
    #[must_use]
    pub fn has(&self, feature: Feature) -> bool {
        match feature.spec(self.release) {
            None => false,
            Some(spec) if spec.locked => spec.default,
            Some(spec) => self.gates.get(&feature).copied().unwrap_or(spec.default),
        }
    }

    /// Whether the admission plug-in runs.
    #[must_use]
    pub fn admits_with(&self, plugin: AdmissionPlugin) -> bool {
        plugin.on_by_default() != self.switched_plugins.contains(&plugin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_with_and_without_v_and_patch() {
        assert_eq!(Release::parse("v1.32"), Release::from_minor(32));
        assert_eq!(Release::parse("1.20.2"), Some(Release::OLDEST));
        for wrong in ["", "1", "2.32", "1.19", "1.37", "1.x", "latest"] {
            assert_eq!(Release::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_locked_gate_cannot_be_switched() {
        let mut cluster = Cluster::of(Release::minor_unchecked(33));
        cluster.gates.insert(Feature::SidecarContainers, false);
        assert!(cluster.has(Feature::SidecarContainers));
        cluster.release = Release::minor_unchecked(29);
        assert!(!cluster.has(Feature::SidecarContainers));
        cluster.release = Release::minor_unchecked(27);
        cluster.gates.insert(Feature::SidecarContainers, true);
        assert!(!cluster.has(Feature::SidecarContainers), "a gate that does not exist yet");
    }

    #[test]
    fn inside_an_interval_the_older_answer_counts_and_is_marked() {
        let since = Since::between(20, 32);
        assert!(!since.holds_in(Release::minor_unchecked(31)));
        assert!(since.is_unverified_in(Release::minor_unchecked(31)));
        assert!(since.holds_in(Release::minor_unchecked(32)));
        assert!(!since.is_unverified_in(Release::minor_unchecked(20)));
    }
}
