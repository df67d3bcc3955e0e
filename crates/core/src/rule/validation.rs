//! Rules of validation: what the API server refuses.

use super::pages::{
    ANNOTATIONS, CONFIG_MAPS, DEPRECATIONS, DNS, DOWNWARD_API, GOOD_PRACTICES, HOOKS, HUGE_PAGES, INIT_CONTAINERS,
    LABELS, NAMES, POD_LIFECYCLE, PODS, RESOURCES, RUNTIME_CLASS, SERVICES, SIDECARS, TAINTS, VARIABLES,
    VARIABLES_FROM_FILES,
};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Validation;
    CLASS_NAME {
        id: "validation.class-name",
        title: "A RuntimeClass needs a name that is a DNS subdomain.",
        doc: doc(NAMES, "dns-subdomain-names"),
        upstream: "pkg/apis/node/validation/validation.go ValidateRuntimeClass",
    }
    CLASS_NAMESPACE {
        id: "validation.class-namespace",
        title: "A RuntimeClass belongs to the whole cluster: it has no namespace.",
        doc: doc(RUNTIME_CLASS, ""),
        upstream: "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go ValidateObjectMetaAccessor",
    }
    LABELS_VALID {
        id: "validation.labels",
        title: "Keys of labels and selectors are qualified names, their values at most 63 letters, digits, - _ and dots.",
        doc: doc(LABELS, "syntax-and-character-set"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go ValidateLabels",
    }
    ANNOTATIONS_VALID {
        id: "validation.annotations",
        title: "Keys of annotations are qualified names, whatever their case.",
        doc: doc(ANNOTATIONS, "syntax-and-character-set"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go ValidateAnnotations",
    }
    HANDLER_IS_A_LABEL {
        id: "validation.handler",
        title: "The handler of a RuntimeClass is a DNS label and may not be empty.",
        doc: doc(RUNTIME_CLASS, "2-create-the-corresponding-runtimeclass-resources"),
        upstream: "pkg/apis/node/validation/validation.go ValidateRuntimeClass",
    }
    LABEL_WITH_DOTS {
        id: "validation.label-with-dots",
        title: "A DNS label that would be a subdomain is told that it must not contain dots.",
        doc: doc(NAMES, "dns-label-names"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsDNS1123Label",
        since: Since::between(20, 32),
    }
    CLASS_SERVED {
        id: "validation.class-served",
        title: "RuntimeClasses are served as node.k8s.io/v1; v1beta1 ended with v1.24, and v1alpha1 must be switched on.",
        doc: doc(DEPRECATIONS, "runtimeclass-v125"),
        upstream: "pkg/controlplane/instance.go DefaultAPIResourceConfigSource",
    }
    BETA_CLASS_SERVED {
        id: "validation.beta-class-served",
        title: "node.k8s.io/v1beta1 is served up to v1.24.",
        doc: doc(DEPRECATIONS, "runtimeclass-v125"),
        upstream: "staging/src/k8s.io/api/node/v1beta1/zz_generated.prerelease-lifecycle.go APILifecycleRemoved",
        until: Since::minor(25),
    }
    ALPHA_CLASS_SERVED {
        id: "validation.alpha-class-served",
        title: "node.k8s.io/v1alpha1 is off unless the API server is told to serve it, and later gone.",
        doc: doc(DEPRECATIONS, ""),
        upstream: "pkg/registry/node/rest/runtime_class.go NewRESTStorage",
        until: Since::between(20, 32),
    }
    CLASS_HANDLER_STAYS {
        id: "validation.class-handler-stays",
        title: "The handler of a stored RuntimeClass cannot be changed; overhead and scheduling can.",
        doc: doc(RUNTIME_CLASS, ""),
        upstream: "pkg/apis/node/validation/validation.go ValidateRuntimeClassUpdate",
    }
    RESOURCE_NAME {
        id: "validation.resource-name",
        title: "A resource of a pod is cpu, memory, ephemeral-storage, hugepages-<size> or a name with a domain in front.",
        doc: doc(RESOURCES, "extended-resources"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerResourceName",
    }
    RESOURCE_AMOUNT {
        id: "validation.resource-amount",
        title: "An amount may not be negative, and resources that are counted need whole numbers.",
        doc: doc(RESOURCES, "meaning-of-memory"),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceQuantityValue",
    }
    HUGE_PAGES_MULTIPLE {
        id: "validation.huge-pages-multiple",
        title: "An amount of huge pages must be a whole number of pages.",
        doc: doc(HUGE_PAGES, ""),
        upstream: "pkg/apis/core/validation/validation.go validateResourceQuantityHugePageValue",
        since: Since::between(20, 32),
    }
    HUGE_PAGES_ALONE {
        id: "validation.huge-pages-alone",
        title: "Huge pages need cpu or memory beside them.",
        doc: doc(HUGE_PAGES, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceRequirements",
    }
    TOLERATION_KEY {
        id: "validation.toleration-key",
        title: "The key of a toleration is a qualified name.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_NO_KEY {
        id: "validation.toleration-no-key",
        title: "A toleration without a key needs the operator Exists.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_SECONDS {
        id: "validation.toleration-seconds",
        title: "tolerationSeconds may only stand beside the effect NoExecute.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_VALUE {
        id: "validation.toleration-value",
        title: "The value of a toleration is the value of a label.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_EXISTS_VALUE {
        id: "validation.toleration-exists-value",
        title: "A toleration with Exists may not have a value; since this change the message names the value alone.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
        since: Since::between(20, 32),
    }
    TOLERATION_OPERATOR {
        id: "validation.toleration-operator",
        title: "The operator of a toleration is Equal, Exists or empty.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_EFFECT {
        id: "validation.toleration-effect",
        title: "The effect of a toleration is NoSchedule, PreferNoSchedule, NoExecute or empty.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/apis/core/validation/validation.go validateTaintEffect",
    }
    POD_NAME {
        id: "validation.pod-name",
        title: "A pod needs a name that is a DNS subdomain.",
        doc: doc(NAMES, "dns-subdomain-names"),
        upstream: "pkg/apis/core/validation/validation.go ValidatePodName",
    }
    CONTAINERS_REQUIRED {
        id: "validation.containers-required",
        title: "A pod needs at least one container.",
        doc: doc(PODS, ""),
        upstream: "pkg/apis/core/validation/validation.go validateContainers",
    }
    CONTAINER_NAME {
        id: "validation.container-name",
        title: "A container needs a name that is a DNS label.",
        doc: doc(NAMES, "dns-label-names"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerCommon",
    }
    CONTAINER_NAME_UNIQUE {
        id: "validation.container-name-unique",
        title: "No two containers of a pod have the same name, init containers among them.",
        doc: doc(PODS, ""),
        upstream: "pkg/apis/core/validation/validation.go validateContainers, validateInitContainers",
    }
    INIT_CHECKED_ONCE {
        id: "validation.init-checked-once",
        title: "An init container is checked once; before, it was first checked like any container, so that some errors stood twice.",
        doc: doc(INIT_CONTAINERS, "detailed-behavior"),
        upstream: "pkg/apis/core/validation/validation.go validateInitContainers",
        since: Since::between(20, 28),
    }
    INIT_HOOKS {
        id: "validation.init-hooks",
        title: "An init container has no hooks, unless it is a sidecar.",
        doc: doc(INIT_CONTAINERS, "differences-from-regular-containers"),
        upstream: "pkg/apis/core/validation/validation.go validateInitContainers",
    }
    CONTAINER_RESTART_POLICY {
        id: "validation.container-restart-policy",
        title: "Only an init container may have a restartPolicy of its own, and only Always, which makes it a sidecar.",
        doc: doc(SIDECARS, ""),
        upstream: "pkg/apis/core/validation/validation.go validateInitContainerRestartPolicy",
    }
    CONTAINER_RESTART_RULES {
        id: "validation.container-restart-rules",
        title: "A container's restart rules need a restartPolicy beside them, a known action and the operator In or NotIn.",
        doc: doc(POD_LIFECYCLE, "container-restart-rules"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerRestartPolicy",
        since: Since::minor(34),
    }
    EPHEMERAL_ON_CREATE {
        id: "validation.ephemeral-on-create",
        title: "A pod cannot be created with ephemeral containers; they are added to a running one.",
        doc: doc("concepts/workloads/pods/ephemeral-containers/", "what-is-an-ephemeral-container"),
        upstream: "pkg/apis/core/validation/validation.go ValidatePodCreate",
    }
    POD_RESTART_POLICY {
        id: "validation.restart-policy",
        title: "The restartPolicy of a pod is Always, OnFailure or Never.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/apis/core/validation/validation.go validateRestartPolicy",
    }
    WORKLOAD_SELECTOR {
        id: "validation.workload-selector",
        title: "The selector of what makes pods must find the labels of its own template.",
        doc: doc("concepts/workloads/controllers/deployment/", "selector"),
        upstream: "pkg/apis/apps/validation/validation.go ValidateDeploymentSpec",
    }
    WORKLOAD_RESTART_POLICY {
        id: "validation.workload-restart-policy",
        title: "What keeps pods running needs the restartPolicy Always in its template.",
        doc: doc("concepts/workloads/controllers/deployment/", "pod-template"),
        upstream: "pkg/apis/apps/validation/validation.go ValidatePodTemplateSpecForReplicaSet",
    }
    JOB_RESTART_POLICY {
        id: "validation.job-restart-policy",
        title: "A Job needs the restartPolicy OnFailure or Never in its template; left out it is Always, which a Job may not have.",
        doc: doc("concepts/workloads/controllers/job/", "pod-template"),
        upstream: "pkg/apis/batch/validation/validation.go validateJobSpec",
    }
    JOB_RESTART_POLICY_REQUIRED {
        id: "validation.job-restart-policy-required",
        title: "A Job whose restartPolicy is Always is told that a value is required; before, that Always is not supported.",
        doc: doc("concepts/workloads/controllers/job/", "pod-template"),
        upstream: "pkg/apis/batch/validation/validation.go validateJobSpec",
        since: Since::between(19, 21),
    }
    VALUES_AS_JSON {
        id: "validation.values-as-json",
        title: "Errors print maps and lists as JSON; before, as Go's source.",
        doc: doc("reference/using-api/", ""),
        upstream: "staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go Error.ErrorBody",
        since: Since::minor(34),
    }
    POD_HOSTNAME {
        id: "validation.hostname",
        title: "The hostname of a pod is a DNS label.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/apis/core/validation/validation.go ValidatePodSpec",
    }
    POD_CLASS_NAME {
        id: "validation.runtime-class-name",
        title: "runtimeClassName is the name of a RuntimeClass; an empty one is refused.",
        doc: doc(RUNTIME_CLASS, "usage"),
        upstream: "pkg/apis/core/validation/validation.go ValidateRuntimeClassName",
    }
    PORT_NAME_UNIQUE {
        id: "validation.port-name-unique",
        title: "No two ports of a container have the same name.",
        doc: doc(SERVICES, "field-spec-ports"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerPorts",
    }
    PORT_NUMBER {
        id: "validation.port-number",
        title: "A port is a number from 1 to 65535; containerPort must be there, and a hostPort of 0 counts as none.",
        doc: doc(SERVICES, ""),
        upstream: "pkg/apis/core/validation/validation.go validateContainerPorts",
    }
    PORT_PROTOCOL {
        id: "validation.port-protocol",
        title: "The protocol of a port is TCP, UDP or SCTP, in capitals.",
        doc: doc("reference/networking/service-protocols/", ""),
        upstream: "pkg/apis/core/validation/validation.go validateContainerPorts",
    }
    HOST_PORT_UNIQUE {
        id: "validation.host-port-unique",
        title: "The containers of a pod take each port of the host once for a protocol and address.",
        doc: doc(GOOD_PRACTICES, "services"),
        upstream: "pkg/apis/core/validation/validation.go checkHostPortConflicts",
    }
    HOST_PORT_SAME {
        id: "validation.host-port-same",
        title: "On the host's network hostPort and containerPort are the same; since this change the error names hostPort.",
        doc: doc(GOOD_PRACTICES, "services"),
        upstream: "pkg/apis/core/validation/validation.go validatePodHostNetworkDeps",
        since: Since::between(20, 32),
    }
    HOOK_ONE_KIND {
        id: "validation.hook-one-kind",
        title: "A hook does one thing: exec, httpGet, tcpSocket or sleep.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateHandler",
    }
    HOOK_COMMAND {
        id: "validation.hook-command",
        title: "An exec hook needs a command.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateExecAction",
    }
    HOOK_PORT {
        id: "validation.hook-port",
        title: "The port of a hook is a number from 1 to 65535 or the name of a port.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go ValidatePortNumOrName",
    }
    HOOK_SCHEME {
        id: "validation.hook-scheme",
        title: "The scheme of an HTTP hook is HTTP or HTTPS, in capitals.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateHTTPGetAction",
    }
    HOOK_HEADER {
        id: "validation.hook-header",
        title: "The names of an HTTP hook's headers are made of letters, digits and hyphens.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateHTTPGetAction",
    }
    HOOK_SLEEP {
        id: "validation.hook-sleep",
        title: "A sleep hook is at most as long as terminationGracePeriodSeconds, though the message says less than; 0 is allowed where the cluster has PodLifecycleSleepActionAllowZero.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateSleepAction",
    }
    SLEEP_TEXT_NAMES_GATE {
        id: "validation.sleep-text",
        title: "The message about a sleep that is too short or too long names the gate that would allow 0.",
        doc: doc(HOOKS, "hook-handler-implementations"),
        upstream: "pkg/apis/core/validation/validation.go validateSleepAction",
        since: Since::minor(32),
    }
    ENV_NAME {
        id: "validation.env-name",
        title: "The name of a variable has letters, digits, - _ and dots and no digit first; from v1.32 any printable ASCII character but =.",
        doc: doc(VARIABLES, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom",
    }
    ENV_ONE_SOURCE {
        id: "validation.env-one-source",
        title: "A variable has a value or one source, and an entry of envFrom one object.",
        doc: doc(VARIABLES, ""),
        upstream: "pkg/apis/core/validation/validation.go validateEnvVarValueFrom, ValidateEnvFrom",
    }
    ENV_FIELD {
        id: "validation.env-field",
        title: "A variable can hold only some of the pod's fields, and single labels and annotations.",
        doc: doc(DOWNWARD_API, "downwardapi-fieldRef"),
        upstream: "pkg/apis/core/validation/validation.go validateObjectFieldSelector",
    }
    ENV_ANNOTATION_LOWERED {
        id: "validation.env-annotation-lowered",
        title: "The key of an annotation is looked at, and told of, in small letters.",
        doc: doc(DOWNWARD_API, "downwardapi-fieldRef"),
        upstream: "pkg/apis/core/validation/validation.go validateObjectFieldSelector",
        since: Since::between(20, 32),
    }
    ENV_RESOURCE {
        id: "validation.env-resource",
        title: "A variable can hold requests and limits of cpu, memory, ephemeral storage and huge pages.",
        doc: doc(DOWNWARD_API, "downwardapi-resourceFieldRef"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerResourceFieldSelector",
    }
    ENV_HUGE_PAGES {
        id: "validation.env-huge-pages",
        title: "A variable can hold an amount of huge pages.",
        doc: doc(DOWNWARD_API, "downwardapi-resourceFieldRef"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerResourceFieldSelector",
        since: Since::minor(22),
    }
    ENV_DIVISOR {
        id: "validation.env-divisor",
        title: "A divisor is a whole unit: 1 or 1m for cpu, 1 with a suffix for bytes.",
        doc: doc(DOWNWARD_API, "downwardapi-resourceFieldRef"),
        upstream: "pkg/apis/core/validation/validation.go validateContainerResourceDivisor",
    }
    ENV_OBJECT_NAME {
        id: "validation.env-object-name",
        title: "A reference to a ConfigMap or Secret needs a name that is a DNS subdomain.",
        doc: doc(NAMES, "dns-subdomain-names"),
        upstream: "pkg/apis/core/validation/validation.go validateConfigMapKeySelector, validateSecretKeySelector",
    }
    ENV_KEY {
        id: "validation.env-key",
        title: "A reference to a key needs one of letters, digits, - _ and dots.",
        doc: doc(CONFIG_MAPS, "configmap-object"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsConfigMapKey",
    }
    ENV_FILE {
        id: "validation.env-file",
        title: "A variable from a file needs the volume, the path in it and the key.",
        doc: doc(VARIABLES_FROM_FILES, ""),
        upstream: "pkg/apis/core/validation/validation.go validateFileKeySelector",
        since: Since::minor(34),
    }
    LIMIT_REQUIRED {
        id: "validation.limit-required",
        title: "A request of huge pages or of a vendor's resource needs a limit.",
        doc: doc(RESOURCES, "consuming-extended-resources"),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceRequirements",
    }
    REQUEST_WITHIN_LIMIT {
        id: "validation.request-within-limit",
        title: "A request is at most the limit; of huge pages and vendors' resources it is equal to it.",
        doc: doc(RESOURCES, "requests-and-limits"),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceRequirements",
    }
    LIMIT_NAMED {
        id: "validation.limit-named",
        title: "The message about a request beyond its limit names the limit.",
        doc: doc(RESOURCES, "requests-and-limits"),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceRequirements",
        since: Since::between(20, 32),
    }
    CLAIM_NAMES {
        id: "validation.claim-names",
        title: "A container names each of the pod's resource claims once; before v1.34 the field was dropped unless the cluster switched it on.",
        doc: doc("concepts/scheduling-eviction/dynamic-resource-allocation/", ""),
        upstream: "pkg/apis/core/validation/validation.go validateResourceClaimNames",
        since: Since::minor(34),
    }
    PORT_NAME {
        id: "validation.port-name",
        title: "The name of a port has at most 15 lower-case letters, digits and single hyphens inside, and at least one letter; before this change the message spoke of a letter or number.",
        doc: doc(SERVICES, "field-spec-ports"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsValidPortName",
        since: Since::between(20, 32),
    }
    TOLERATION_TWICE {
        id: "validation.toleration-twice",
        title: "A class may not list a toleration twice, even with other tolerationSeconds.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "pkg/apis/node/validation/validation.go validateTolerations",
    }
}

doc_notes! {
    CLASS_FIELDS {
        id: "validation.note-class-fields",
        claim: "A RuntimeClass has only two significant fields, its name and its handler.",
        truth: "overhead and scheduling count too: they change every pod of the class.",
        editions: "all",
        doc: DocLink { page: RUNTIME_CLASS, heading: "2-create-the-corresponding-runtimeclass-resources" },
        evidence: "pkg/apis/node/types.go RuntimeClass",
    }
}
