//! The feature gates that change an answer, with their history: the rows of `data/feature-gates.json`.
//!
//! Rows up to v1.34 agree with Kubernetes v1.34.1's own versioned table where it lists the gate; older and newer
//! rows come from the documentation's gate pages, v1.35 code and the enhancements' milestones. A test compares
//! this table with the data file.

use crate::release::Release;
use serde::Serialize;

/// How far a feature has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Off unless asked for.
    Alpha,
    /// Usually on.
    Beta,
    /// Generally available.
    Ga,
}

/// What holds for a gate from one release on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FeatureSpec {
    /// The first release with this row.
    pub release: Release,
    /// The feature's stage from then on.
    pub stage: Stage,
    /// Whether the gate is on when nobody sets it.
    pub default: bool,
    /// Whether setting it to anything else is refused.
    pub locked: bool,
}

const fn row(minor: u8, stage: Stage, default: bool, locked: bool) -> FeatureSpec {
    FeatureSpec { release: Release::minor_unchecked(minor), stage, default, locked }
}

macro_rules! features {
    ($($name:ident: [$($minor:literal $stage:ident $default:literal $locked:literal),+];)+) => {
        /// A feature gate, by its own name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[allow(missing_docs)]
        pub enum Feature { $($name),+ }

        /// Every gate with its rows, oldest first.
        pub static FEATURES: &[(Feature, &[FeatureSpec])] = &[
            $((Feature::$name, &[$(row($minor, Stage::$stage, $default, $locked)),+])),+
        ];

        impl Feature {
            /// The gate's name as it stands in `--feature-gates`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Feature::$name => stringify!($name)),+ }
            }
        }
    };
}

features! {
    ConsistentHTTPGetHandlers: [25 Ga true true];
    ContainerRestartRules: [34 Alpha false false, 35 Beta true false];
    ContainerStopSignals: [33 Alpha false false];
    DisableKubeletCloudCredentialProviders: [23 Alpha false false, 29 Beta true false, 31 Ga true true];
    EnvFiles: [34 Alpha false false, 35 Beta true false];
    EphemeralContainers: [16 Alpha false false, 23 Beta true false, 25 Ga true true];
    HostnameOverride: [34 Alpha false false, 35 Beta true false];
    ImageMaximumGCAge: [29 Alpha false false, 30 Beta true false, 35 Ga true true];
    ImageVolume: [31 Alpha false false, 33 Beta false false, 35 Beta true false, 36 Ga true true];
    ImageVolumeWithDigest: [36 Alpha false false];
    KubeletCrashLoopBackOffMax: [32 Alpha false false, 35 Beta true false];
    KubeletCredentialProviders: [20 Alpha false false, 24 Beta true false, 26 Ga true true];
    KubeletEnsureSecretPulledImages: [33 Alpha false false, 35 Beta true false];
    KubeletServiceAccountTokenForCredentialProviders: [33 Alpha false false, 34 Beta true false];
    PodHostIPs: [28 Alpha false false, 29 Beta true false, 30 Ga true true];
    PodLevelResources: [32 Alpha false false, 34 Beta true false];
    PodLifecycleSleepAction: [29 Alpha false false, 30 Beta true false, 34 Ga true true];
    PodLifecycleSleepActionAllowZero: [32 Alpha false false, 33 Beta true false, 34 Ga true true];
    PodOverhead: [16 Alpha false false, 18 Beta true false, 24 Ga true true];
    ProbeTerminationGracePeriod: [21 Alpha false false, 22 Beta false false, 25 Beta true false, 28 Ga true true];
    ReduceDefaultCrashLoopBackOffDecay: [33 Alpha false false];
    RelaxedEnvironmentVariableValidation: [30 Alpha false false, 32 Beta true false, 34 Ga true true];
    RestartAllContainersOnContainerExits: [35 Alpha false false, 36 Beta true false];
    RuntimeClass: [12 Alpha false false, 14 Beta true false, 20 Ga true true];
    RuntimeClassInImageCriApi: [29 Alpha false false];
    ServiceAccountNodeAudienceRestriction: [32 Beta false false, 33 Beta true false];
    SidecarContainers: [28 Alpha false false, 29 Beta true false, 33 Ga true true];
}

impl Feature {
    /// The row that counts in `release`: the newest one not above it. `None` before the gate existed.
    #[must_use]
    pub fn spec(self, release: Release) -> Option<FeatureSpec> {
        FEATURES
            .iter()
            .find(|(feature, _)| *feature == self)
            .and_then(|(_, specs)| specs.iter().rev().find(|spec| spec.release <= release))
            .copied()
    }

    /// The gate of this name, if it is one that changes an answer here.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        FEATURES.iter().map(|(feature, _)| *feature).find(|feature| feature.name() == name)
    }
}
