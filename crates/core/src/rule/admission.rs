//! Rules of admission.

use super::pages::{ACCOUNTS, ACCOUNTS_ADMIN, ADMISSION_PLUGINS, CONFIGURE_ACCOUNTS, OVERHEAD, RUNTIME_CLASS};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Admission;
    ALWAYS_PULL {
        id: "admission.always-pull-images",
        title: "With AlwaysPullImages every container of a pod gets the pull policy Always, whatever is written.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go Admit",
    }
    ALWAYS_PULL_REQUESTS {
        id: "admission.always-pull-images-requests",
        title: "AlwaysPullImages acts when a pod is created or updated, and passes over other requests and subresources, so also over the one that adds ephemeral containers.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go shouldIgnore",
    }
    ALWAYS_PULL_NEW_IMAGES {
        id: "admission.always-pull-images-new-images",
        title: "AlwaysPullImages passes over an update of a pod that brings no new image.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go isUpdateWithNoNewImages",
        since: Since::between(20, 35),
    }
    ALWAYS_PULL_EPHEMERAL {
        id: "admission.always-pull-images-ephemeral",
        title: "AlwaysPullImages sees ephemeral containers only with the feature gate EphemeralContainers.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "pkg/apis/core/pods/helpers.go VisitContainersWithPath",
        until: Since::minor(25),
    }
    ALWAYS_PULL_VALIDATES {
        id: "admission.always-pull-images-validates",
        title: "At the end of admission AlwaysPullImages refuses a pod of which a container has another pull policy than Always.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go Validate",
    }
    ALWAYS_PULL_VOLUMES {
        id: "admission.always-pull-images-volumes",
        title: "AlwaysPullImages visits containers and leaves the pull policy of image volumes alone.",
        doc: doc(ADMISSION_PLUGINS, "alwayspullimages"),
        upstream: "plugin/pkg/admission/alwayspullimages/admission.go Admit",
    }
    ACCOUNT_PLUGIN {
        id: "admission.service-account",
        title: "The plug-in ServiceAccount acts when a pod is created, and passes over other requests.",
        doc: doc(ADMISSION_PLUGINS, "serviceaccount"),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go shouldIgnore",
    }
    ACCOUNT_NAME {
        id: "admission.service-account-name",
        title: "A pod runs as the service account in serviceAccountName, else in the old field serviceAccount, else as default.",
        doc: doc(CONFIGURE_ACCOUNTS, ""),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go Admit",
    }
    ACCOUNT_EXISTS {
        id: "admission.service-account-exists",
        title: "The service account must exist in the pod's namespace, or the pod is refused.",
        doc: doc(ACCOUNTS_ADMIN, ""),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go getServiceAccount",
    }
    ACCOUNT_PULL_SECRETS {
        id: "admission.service-account-pull-secrets",
        title: "A pod that lists no pull secrets gets those of its service account when it is created; nothing is merged, and nothing is added later.",
        doc: doc(CONFIGURE_ACCOUNTS, "add-image-pull-secret-to-service-account"),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go Admit",
    }
    ACCOUNT_TOKEN {
        id: "admission.service-account-token",
        title: "A pod that mounts a token is refused while its service account has no token Secret; later releases mount a projected token instead.",
        doc: doc(ACCOUNTS_ADMIN, ""),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go mountServiceAccountToken",
        until: Since::minor(21),
    }
    TOKEN_SECRET {
        id: "admission.token-secret",
        title: "Every container gets a mount of a Secret with its service account's token, unless the pod or the account says automountServiceAccountToken: false or something is mounted there already.",
        doc: doc(ACCOUNTS_ADMIN, ""),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go mountServiceAccountToken",
        until: Since::minor(21),
    }
    TOKEN_VOLUME {
        id: "admission.token-volume",
        title: "Every container gets a mount of a projected volume with a token of its service account, the API server's certificate and the namespace, unless the pod or the account says automountServiceAccountToken: false or something is mounted there already; the volume's name ends in five random letters.",
        doc: doc(ACCOUNTS_ADMIN, "bound-service-account-token-volume"),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go mountServiceAccountToken",
        since: Since::minor(21),
    }
    PRIORITY {
        id: "admission.priority",
        title: "A pod that names no priority class has priority 0 and may displace pods of lower priority, unless the cluster has a default class.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "pod-priority"),
        upstream: "plugin/pkg/admission/priority/admission.go admitPod",
    }
    PRIORITY_CLASS_FOUND {
        id: "admission.priority-class",
        title: "A pod gets the priority and the preemption policy of the PriorityClass that it names.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "pod-priority"),
        upstream: "plugin/pkg/admission/priority/admission.go admitPod",
    }
    PRIORITY_SYSTEM_CLASS {
        id: "admission.priority-system-class",
        title: "Every cluster has the PriorityClasses system-cluster-critical and system-node-critical.",
        doc: doc("tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/", "marking-pod-as-critical"),
        upstream: "pkg/apis/scheduling/helpers.go SystemPriorityClasses",
    }
    PRIORITY_CLASS_DEFAULT {
        id: "admission.priority-class-default",
        title: "A pod that names no PriorityClass gets the one with globalDefault; of several, the one with the lowest value.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "priorityclass"),
        upstream: "plugin/pkg/admission/priority/admission.go getDefaultPriorityClass",
    }
    NO_PRIORITY_CLASS {
        id: "admission.no-priority-class",
        title: "A pod that names a PriorityClass which does not exist is refused.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "pod-priority"),
        upstream: "plugin/pkg/admission/priority/admission.go admitPod",
    }
    PRIORITY_COMPUTED {
        id: "admission.priority-computed",
        title: "A pod may write a priority or a preemption policy itself only if its class gives the same.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "pod-priority"),
        upstream: "plugin/pkg/admission/priority/admission.go admitPod",
    }
    TOLERATION_SECONDS {
        id: "admission.default-toleration-seconds",
        title: "A pod stays for 300 seconds on a node that is not ready or cannot be reached, unless it tolerates that otherwise.",
        doc: doc(ADMISSION_PLUGINS, "defaulttolerationseconds"),
        upstream: "plugin/pkg/admission/defaulttolerationseconds/admission.go Admit",
    }
    MIRROR_POD {
        id: "admission.mirror-pod",
        title: "A mirror pod of a static pod is left as it is, and may name neither a service account nor a Secret nor a projected token.",
        doc: doc(ACCOUNTS_ADMIN, ""),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go Validate",
    }
    EMPTY_SECRET_NAMES {
        id: "admission.empty-secret-names",
        title: "A reference to a Secret without a name does not count as naming one.",
        doc: None,
        upstream: "pkg/api/pod/util.go skipEmptyNames",
        since: Since::minor(21),
    }
    MOUNTABLE_SECRETS {
        id: "admission.mountable-secrets",
        title: "A service account with the annotation kubernetes.io/enforce-mountable-secrets allows its pods only the Secrets that it lists.",
        doc: doc(ACCOUNTS, "enforce-mountable-secrets"),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go limitSecretReferences",
    }
    CLASS_OF_POD {
        id: "admission.class-of-pod",
        title: "The plug-in RuntimeClass acts when a pod is created; a pod that names no class is left as it is.",
        doc: doc(ADMISSION_PLUGINS, "runtimeclass"),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go Admit",
    }
    CLASS_EXISTS {
        id: "admission.class-exists",
        title: "The class that a pod names must exist, or the pod is refused.",
        doc: doc(RUNTIME_CLASS, "usage"),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go prepareObjects",
    }
    CLASS_OVERHEAD {
        id: "admission.class-overhead",
        title: "A pod gets the overhead of its class; one that already has another overhead is refused.",
        doc: doc(OVERHEAD, ""),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go setOverhead",
    }
    OVERHEAD_WITHOUT_CLASS {
        id: "admission.overhead-without-class",
        title: "A pod may have an overhead only if its class defines one.",
        doc: doc(OVERHEAD, ""),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go validateOverhead",
    }
    OVERHEAD_GATE {
        id: "admission.overhead-gate",
        title: "Without the feature gate PodOverhead overheads are dropped.",
        doc: doc(OVERHEAD, ""),
        upstream: "pkg/api/pod/util.go dropDisabledFields",
        until: Since::minor(24),
    }
    CLASS_SELECTOR {
        id: "admission.class-selector",
        title: "A pod gets its class's nodeSelector beside its own; the same key with another value is a conflict, and the pod is refused.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go setScheduling",
    }
    MERGED_TOLERATIONS {
        id: "admission.merged-tolerations",
        title: "A pod of a class with scheduling gets the pod's tolerations and then the class's, without those that another one covers.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "pkg/util/tolerations/tolerations.go MergeTolerations",
    }
    COVERED_TOLERATION {
        id: "admission.covered-toleration",
        title: "A toleration is dropped if another one tolerates at least the same taints for at least as long.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "pkg/util/tolerations/tolerations.go isSuperset",
    }
    TOLERATION_WITHOUT_OPERATOR {
        id: "admission.toleration-without-operator",
        title: "In the merge a toleration without operator is not the same as one with Equal: only a literal Equal is covered by an equal value.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "pkg/util/tolerations/tolerations.go isSuperset",
    }
    MOUNTABLE_ENV_FROM {
        id: "admission.mountable-secrets-env-from",
        title: "The limit to the Secrets that the service account lists also holds for envFrom.",
        doc: doc(ACCOUNTS, "enforce-mountable-secrets"),
        upstream: "plugin/pkg/admission/serviceaccount/admission.go limitSecretReferences",
        since: Since::between(20, 32),
    }
}

doc_notes! {
    IMAGE_VOLUMES_NOT_FORCED {
        id: "admission.note-image-volumes",
        claim: "AlwaysPullImages sets the pull policy of image volumes to Always too.",
        truth: "The enhancement asks for that, but the plug-in's code as read for v1.35 visits containers only. Whether a release does it is not verified.",
        editions: "the proposal of image volumes",
        doc: DocLink { page: ADMISSION_PLUGINS, heading: "alwayspullimages" },
        evidence: "plugin/pkg/admission/alwayspullimages/admission.go Admit",
    }
    CLASS_MISSING_IS_REFUSED {
        id: "admission.note-class-missing",
        claim: "If the named RuntimeClass does not exist or the node cannot run its handler, the pod enters the phase Failed.",
        truth: "A pod whose class is missing is never created: the API server answers 403. If the class goes later, or no handler is there, the pod stays Pending with FailedCreatePodSandBox events and recovers by itself.",
        editions: "all",
        doc: DocLink { page: RUNTIME_CLASS, heading: "usage" },
        evidence: "https://github.com/NVIDIA/gpu-operator/issues/730",
    }
    SAME_OVERHEAD_IS_FINE {
        id: "admission.note-same-overhead",
        claim: "A pod that already sets an overhead is rejected.",
        truth: "Only if it differs from the class's, compared as amounts, or if the class has none.",
        editions: "the page on pod overhead",
        doc: DocLink { page: OVERHEAD, heading: "" },
        evidence: "plugin/pkg/admission/runtimeclass/admission.go setOverhead",
    }
}
