//! Rules of the container's environment.

use super::pages::{
    CONFIGURE_CONFIG_MAPS, CONTAINER_ENVIRONMENT, DEPENDENT_VARIABLES, DNS, DOWNWARD_API, POD_FAILURE, SERVICES,
    VARIABLES, VARIABLES_FROM_FILES, VOLUMES,
};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Environment;
    SERVICE_VARIABLES {
        id: "environment.service-variables",
        title: "A container sees variables for every service of its namespace that has a cluster IP, unless enableServiceLinks is false, and always for the service kubernetes of the namespace default.",
        doc: doc(SERVICES, "environment-variables"),
        upstream: "pkg/kubelet/kubelet_pods.go getServiceEnvVarMap",
    }
    SERVICES_COLLIDE {
        id: "environment.services-collide",
        title: "Where two services define the same variable, chance decides which one counts.",
        doc: doc(SERVICES, "environment-variables"),
        upstream: "pkg/kubelet/kubelet_pods.go getServiceEnvVarMap",
    }
    ENV_FROM {
        id: "environment.env-from",
        title: "Every key of a ConfigMap or Secret in envFrom becomes a variable, with the prefix in front; entries are read in order before env.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "configure-all-key-value-pairs-in-a-configmap-as-container-environment-variables"),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    INVALID_NAMES_SKIPPED {
        id: "environment.invalid-names-skipped",
        title: "Keys in envFrom that are no valid names of variables are left out, with an event; later they become variables as they are.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "restrictions"),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
        until: Since::between(29, 32),
    }
    VALUE_WRITTEN {
        id: "environment.value",
        title: "In a value $(NAME) is replaced by what was defined before it or by a service's variable; what is not defined stays as it is, and $$ becomes $.",
        doc: doc(DEPENDENT_VARIABLES, ""),
        upstream: "third_party/forked/golang/expansion/expand.go Expand",
    }
    VALUE_WINS {
        id: "environment.value-wins",
        title: "A value that is not empty counts before valueFrom.",
        doc: doc(VARIABLES, ""),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    LATER_WINS {
        id: "environment.later-wins",
        title: "Of several definitions of a variable the last one counts: env after envFrom, and both before services.",
        doc: doc(VARIABLES, ""),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    FIELD_VALUE {
        id: "environment.field",
        title: "A variable can hold a field of the pod: its name, namespace, uid, labels, annotations, service account, node and addresses.",
        doc: doc(DOWNWARD_API, "downwardapi-fieldRef"),
        upstream: "pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue",
    }
    KNOWN_LATER {
        id: "environment.known-later",
        title: "A pod's addresses, its uid and the node that it runs on are known only once it is created, placed and its sandbox is up.",
        doc: doc(DOWNWARD_API, "downwardapi-fieldRef"),
        upstream: "pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue",
    }
    POD_IPS_SORTED {
        id: "environment.pod-ips-sorted",
        title: "A pod's addresses are named with the one of the node's family first, and one of each family.",
        doc: doc(DOWNWARD_API, "downwardapi-fieldRef"),
        upstream: "pkg/kubelet/kubelet_pods.go sortPodIPs",
        since: Since::between(20, 22),
    }
    RESOURCE_VALUE {
        id: "environment.resource",
        title: "A variable can hold a request or limit of a container, in units of the divisor, rounded up.",
        doc: doc(DOWNWARD_API, "downwardapi-resourceFieldRef"),
        upstream: "pkg/api/v1/resource/helpers.go ExtractContainerResourceValue",
    }
    RESOURCE_FROM_NODE {
        id: "environment.resource-from-node",
        title: "Where a container has no limit of cpu, memory or ephemeral storage, the node's allocatable amount stands in.",
        doc: doc(DOWNWARD_API, "fallback-information-for-resource-limits"),
        upstream: "pkg/kubelet/kubelet_resources.go defaultPodLimitsForDownwardAPI",
    }
    RESOURCE_FROM_POD {
        id: "environment.resource-from-pod",
        title: "Where a container has no limit of cpu or memory, the pod's own limit stands in before the node's amount.",
        doc: doc(DOWNWARD_API, "fallback-information-for-resource-limits"),
        upstream: "pkg/kubelet/kubelet_resources.go defaultPodLimitsForDownwardAPI",
        since: Since::minor(34),
    }
    KEY_VALUE {
        id: "environment.key",
        title: "A variable can hold a key of a ConfigMap or Secret of the pod's namespace; references in it are not replaced.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "define-container-environment-variables-using-configmap-data"),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    FILE_VALUE {
        id: "environment.file",
        title: "A variable can hold a key of a file in an emptyDir that an init container wrote.",
        doc: doc(VARIABLES_FROM_FILES, ""),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
        since: Since::minor(34),
    }
    MISSING_OBJECT {
        id: "environment.missing-object",
        title: "A container whose environment names a ConfigMap or Secret that is not there waits with CreateContainerConfigError, unless the reference is optional.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "optional-configmaps"),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    MISSING_KEY {
        id: "environment.missing-key",
        title: "A container that names a key which the ConfigMap or Secret does not have waits with CreateContainerConfigError, unless the reference is optional.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "optional-references"),
        upstream: "pkg/kubelet/kubelet_pods.go makeEnvironmentVariables",
    }
    HOSTNAME_FROM_NAME {
        id: "environment.hostname-from-name",
        title: "A container's host name is the pod's name.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
    }
    HOSTNAME_WRITTEN {
        id: "environment.hostname-written",
        title: "spec.hostname takes the place of the pod's name.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
    }
    HOSTNAME_OVERRIDE {
        id: "environment.hostname-override",
        title: "spec.hostnameOverride takes the place of every other name, and the pod has no domain.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
        since: Since::minor(34),
    }
    HOSTNAME_VALID {
        id: "environment.hostname-valid",
        title: "A pod whose hostname or subdomain is no DNS label does not start.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
    }
    HOSTNAME_CUT {
        id: "environment.hostname-cut",
        title: "A host name is cut to 63 characters, and then hyphens and dots at its end are taken off.",
        doc: doc(DNS, ""),
        upstream: "pkg/kubelet/kubelet_pods.go truncatePodHostnameIfNeeded",
    }
    HOSTNAME_DOMAIN {
        id: "environment.hostname-domain",
        title: "spec.subdomain gives the pod the domain <subdomain>.<namespace>.svc.<cluster domain>.",
        doc: doc(DNS, "pod-hostname-and-subdomain-field"),
        upstream: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
    }
    HOSTNAME_FULL {
        id: "environment.hostname-full",
        title: "With setHostnameAsFQDN the host name is the full name with the domain; a pod whose full name has more than 64 characters does not start.",
        doc: doc(DNS, "pod-sethostnameasfqdn-field"),
        upstream: "pkg/kubelet/util/util.go GetNodenameForKernel",
    }
    HOSTNAME_OF_NODE {
        id: "environment.hostname-of-node",
        title: "A pod on the host's network keeps the node's host name.",
        doc: doc(DNS, ""),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig",
    }
    IMAGE_VARIABLES {
        id: "environment.image-variables",
        title: "The variables that the image sets are there too, such as PATH; a variable of the pod takes the place of the image's. The kubelet hands its variables over in no fixed order.",
        doc: doc(CONTAINER_ENVIRONMENT, "container-environment"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go generateContainerConfig",
    }
    ARGUMENT_LIMIT {
        id: "environment.argument-limit",
        title: "The kernel starts no process with a variable or argument of more than 131071 bytes, name included, or with all of them together above a quarter of the stack's limit, which is usually 2 MiB: the container fails with argument list too long.",
        doc: None,
        upstream: "execve(2) of Linux, MAX_ARG_STRLEN in include/uapi/linux/binfmts.h",
    }
    RUNTIME_FILES {
        id: "environment.runtime-files",
        title: "The container runtime adds /etc/hostname, /etc/resolv.conf and /dev/shm, 64 MiB of memory that the pod's containers share, unless a volume is mounted there.",
        doc: None,
        upstream: "github.com/containerd/containerd internal/cri/server/container_create.go linuxContainerMounts",
    }
    VOLUME {
        id: "environment.volume",
        title: "A volume belongs to the pod and lives as long as it; each container sees of it what it mounts.",
        doc: doc(VOLUMES, ""),
        upstream: "pkg/kubelet/volumemanager/volume_manager.go WaitForAttachAndMount",
    }
    VOLUME_OBJECT {
        id: "environment.volume-object",
        title: "While a Secret or ConfigMap that a volume names is not there, every container of the pod waits with ContainerCreating and the event FailedMount, unless the volume is optional.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "optional-configmaps"),
        upstream: "pkg/volume/secret/secret.go SetUpAt",
    }
    VOLUME_KEYS {
        id: "environment.volume-keys",
        title: "With items a volume of a Secret or ConfigMap holds the keys that are named, each under its path; a key that is not there keeps the pod from starting, unless the volume is optional.",
        doc: doc(CONFIGURE_CONFIG_MAPS, "add-configmap-data-to-a-specific-path-in-the-volume"),
        upstream: "pkg/volume/configmap/configmap.go MakePayload",
    }
    MOUNTS {
        id: "environment.mounts",
        title: "A container finds its image's files, and over them its mounts: a mount hides what the image has at its path.",
        doc: doc(VOLUMES, "background"),
        upstream: "pkg/kubelet/kubelet_pods.go makeMounts",
    }
    MOUNT_ORDER {
        id: "environment.mount-order",
        title: "Mounts with fewer parts in their path are made first, so a deeper mount lies inside a higher one; of two mounts at one path the later lies over the earlier.",
        doc: doc(VOLUMES, "background"),
        upstream: "github.com/containerd/containerd internal/cri/server/container_create.go orderedMounts",
    }
    MOUNT_READ_ONLY {
        id: "environment.mount-read-only",
        title: "Secrets, ConfigMaps, fields of the pod, projected volumes and images are mounted read-only, whatever the mount says.",
        doc: doc(VOLUMES, "read-only-mounts"),
        upstream: "pkg/kubelet/kubelet_pods.go makeMounts",
    }
    SUB_PATH {
        id: "environment.sub-path",
        title: "With subPath one directory or file of the volume is mounted instead of the whole; such a mount of a Secret or ConfigMap is not updated when the object changes.",
        doc: doc(VOLUMES, "using-subpath"),
        upstream: "pkg/kubelet/kubelet_pods.go makeMounts",
    }
    SUB_PATH_EXPR {
        id: "environment.sub-path-expr",
        title: "In subPathExpr $(NAME) is replaced by the container's variables; a variable that is missing or empty keeps the container from starting.",
        doc: doc(VOLUMES, "using-subpath-expanded-environment"),
        upstream: "pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts",
    }
    HOSTS_FILE {
        id: "environment.hosts-file",
        title: "The kubelet writes /etc/hosts of every container with the pod's addresses, names and hostAliases, unless a volume is mounted at that very path; on the host's network it begins with the node's file.",
        doc: doc("tasks/network/customize-hosts-file-for-pods/", ""),
        upstream: "pkg/kubelet/kubelet_pods.go makeHostsMount",
    }
    RESOLV_CONF {
        id: "environment.resolv-conf",
        title: "The runtime writes /etc/resolv.conf as dnsPolicy says: ClusterFirst asks the cluster's DNS and searches the pod's namespace first, but on the host's network it is as Default, which takes the node's file.",
        doc: doc(DNS, "pod-s-dns-policy"),
        upstream: "pkg/kubelet/network/dns/dns.go GetPodDNS",
    }
    TERMINATION_LOG {
        id: "environment.termination-log",
        title: "The kubelet mounts an empty file at terminationMessagePath and reads the container's last message from it.",
        doc: doc(POD_FAILURE, ""),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_container.go makeMounts",
    }
    SANDBOX_FAILS {
        id: "environment.sandbox-fails",
        title: "A pod that cannot be given a host name gets no sandbox: it stays ContainerCreating with the event FailedCreatePodSandBox.",
        doc: doc(DNS, "pod-sethostnameasfqdn-field"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig",
    }
    API_SERVICE {
        id: "environment.api-service",
        title: "Every cluster has the service kubernetes in the namespace default; its address is the first one of the range for services.",
        doc: doc("tasks/run-application/access-api-from-pod/", "directly-accessing-the-rest-api"),
        upstream: "pkg/controlplane/controller/kubernetesservice/controller.go UpdateKubernetesService",
    }
}

doc_notes! {
    HOSTNAME_IS_NOT_ONLY_THE_NAME {
        id: "environment.note-hostname",
        claim: "The hostname of a container is the name of its pod.",
        truth: "spec.hostname wins over the pod's name, and hostnameOverride over both; the name is cut to 63 characters and loses hyphens and dots at its end; setHostnameAsFQDN makes it the full name; on the host's network it is the node's.",
        editions: "v1.20, v1.26 and v1.29",
        doc: DocLink { page: CONTAINER_ENVIRONMENT, heading: "container-information" },
        evidence: "pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain",
    }
    NOT_ALL_SERVICES {
        id: "environment.note-not-all-services",
        claim: "Every service that runs when a container is created is in its environment.",
        truth: "Only services of the pod's namespace that have a cluster IP are, and only if enableServiceLinks is not false; beside them always the service kubernetes of the namespace default.",
        editions: "v1.20, v1.26 and v1.29",
        doc: DocLink { page: CONTAINER_ENVIRONMENT, heading: "cluster-information" },
        evidence: "pkg/kubelet/kubelet_pods.go getServiceEnvVarMap",
    }
    SERVICE_HOST_IS_AN_ADDRESS {
        id: "environment.note-service-host",
        claim: "FOO_SERVICE_HOST is the host on which the service foo runs.",
        truth: "It is the service's cluster IP; FOO_SERVICE_PORT is the service's first port, and FOO_PORT an address such as tcp://10.0.0.1:80.",
        editions: "v1.20, v1.26 and v1.29",
        doc: DocLink { page: CONTAINER_ENVIRONMENT, heading: "cluster-information" },
        evidence: "pkg/kubelet/envvars/envvars.go FromServices",
    }
}
