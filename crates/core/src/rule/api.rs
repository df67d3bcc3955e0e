//! What the API server does with an object's fields before it stores it: the fields whose feature gate is off.

use super::{doc, rules};

const GATES: &str = "reference/command-line-tools-reference/feature-gates/";

rules! { Api;
    HOSTNAME_OVERRIDE_DROPPED {
        id: "api.hostname-override-dropped",
        title: "While the feature gate HostnameOverride is off, the API server drops `hostnameOverride` without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
    }
    POD_RESOURCES_DROPPED {
        id: "api.pod-resources-dropped",
        title: "While the feature gate PodLevelResources is off, the API server drops the pod's own `resources` without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledPodLevelResources",
    }
    OVERHEAD_DROPPED {
        id: "api.overhead-dropped",
        title: "While the feature gate PodOverhead is off, the API server drops `overhead` without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
    }
    EPHEMERAL_CONTAINERS_DROPPED {
        id: "api.ephemeral-containers-dropped",
        title: "While the feature gate EphemeralContainers is off, the API server drops `ephemeralContainers` without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
    }
    IMAGE_VOLUMES_DROPPED {
        id: "api.image-volumes-dropped",
        title: "While the feature gate ImageVolume is off, the API server drops a volume with an `image`, and every mount of it, without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropImageVolumes",
    }
    SIDECARS_DROPPED {
        id: "api.sidecars-dropped",
        title: "While the feature gate SidecarContainers is off, the API server drops `restartPolicy` of init containers without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
    }
    RESTART_RULES_DROPPED {
        id: "api.restart-rules-dropped",
        title: "While the feature gate ContainerRestartRules is off, the API server drops `restartPolicy` and `restartPolicyRules` of containers without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropContainerRestartRules",
    }
    STOP_SIGNAL_DROPPED {
        id: "api.stop-signal-dropped",
        title: "While the feature gate ContainerStopSignals is off, the API server drops `lifecycle.stopSignal` without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropContainerStopSignals",
    }
    SLEEP_DROPPED {
        id: "api.sleep-dropped",
        title: "While the feature gate PodLifecycleSleepAction is off, the API server drops a `sleep` hook without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropPodLifecycleSleepAction",
    }
    FILE_KEY_DROPPED {
        id: "api.file-key-dropped",
        title: "While the feature gate EnvFiles is off, the API server drops `fileKeyRef` of a variable without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropFileKeyRefInUse",
    }
    PROBE_GRACE_DROPPED {
        id: "api.probe-grace-dropped",
        title: "While the feature gate ProbeTerminationGracePeriod is off, the API server drops `terminationGracePeriodSeconds` of a probe without a word.",
        doc: doc(GATES, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
    }
}
