//! Rules of defaulting: what the API server fills in.

use super::pages::{
    CONNECT_SERVICES, DNS, DOWNWARD_API, POD_API, POD_FAILURE, POD_LEVEL, POD_LIFECYCLE, PROBES, RESOURCES,
    VARIABLES_FROM_FILES, VOLUMES,
};
use super::{doc, rules};

rules! { Defaulting;
    NAMESPACE {
        id: "defaulting.namespace",
        title: "An object that names no namespace is created in the one that the request is made in: kubectl's own, or default.",
        doc: doc("concepts/overview/working-with-objects/namespaces/", "setting-the-namespace-for-a-request"),
        upstream: "staging/src/k8s.io/apiserver/pkg/registry/rest/create.go BeforeCreate",
    }
    DNS_POLICY {
        id: "defaulting.dns-policy",
        title: "A pod without a dnsPolicy gets ClusterFirst.",
        doc: doc(DNS, "pod-s-dns-policy"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PodSpec",
    }
    RESTART_POLICY {
        id: "defaulting.restart-policy",
        title: "A pod without a restartPolicy gets Always.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PodSpec",
    }
    SECURITY_CONTEXT {
        id: "defaulting.security-context",
        title: "A pod without a securityContext gets an empty one.",
        doc: doc("tasks/configure-pod-container/security-context/", ""),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PodSpec",
    }
    GRACE_PERIOD {
        id: "defaulting.grace-period",
        title: "A pod without terminationGracePeriodSeconds gets 30.",
        doc: doc(POD_LIFECYCLE, "pod-termination"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PodSpec",
    }
    SCHEDULER_NAME {
        id: "defaulting.scheduler-name",
        title: "A pod without a schedulerName is for the scheduler called default-scheduler.",
        doc: doc("tasks/extend-kubernetes/configure-multiple-schedulers/", ""),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PodSpec",
    }
    SERVICE_LINKS {
        id: "defaulting.service-links",
        title: "A pod that does not say enableServiceLinks gets true: it sees the services of its namespace as variables.",
        doc: doc(CONNECT_SERVICES, "accessing-the-service"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Pod",
    }
    HOST_PORT {
        id: "defaulting.host-port",
        title: "On the host's network a port without a hostPort takes the number of its containerPort.",
        doc: doc(POD_API, "ports"),
        upstream: "pkg/apis/core/v1/defaults.go defaultHostNetworkPorts",
    }
    TERMINATION_MESSAGE {
        id: "defaulting.termination-message",
        title: "A container's last message is read from the file /dev/termination-log unless something else is written.",
        doc: doc(POD_FAILURE, "customizing-the-termination-message"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    PORT_PROTOCOL {
        id: "defaulting.port-protocol",
        title: "A port without a protocol is TCP.",
        doc: doc(POD_API, "ports"),
        upstream: "pkg/apis/core/v1/zz_generated.defaults.go SetObjectDefaults_Pod",
    }
    FIELD_VERSION {
        id: "defaulting.field-version",
        title: "A reference to a field of the pod is meant in the API version v1.",
        doc: doc(DOWNWARD_API, ""),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_ObjectFieldSelector",
    }
    FILE_OPTIONAL {
        id: "defaulting.file-optional",
        title: "A variable from a file is required unless it says that it is optional.",
        doc: doc(VARIABLES_FROM_FILES, ""),
        upstream: "pkg/apis/core/v1/zz_generated.defaults.go SetObjectDefaults_Pod",
    }
    PROBE_TIMES {
        id: "defaulting.probe-times",
        title: "A probe runs every 10 seconds, waits 1 second for an answer, passes after 1 success and fails after 3 failures; a written 0 counts as not written.",
        doc: doc(PROBES, "configure-probes"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Probe",
    }
    HTTP_REQUEST {
        id: "defaulting.http-request",
        title: "An HTTP probe or hook asks for / over HTTP unless it says otherwise.",
        doc: doc(PROBES, "http-probes"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_HTTPGetAction",
    }
    GRPC_SERVICE {
        id: "defaulting.grpc-service",
        title: "A gRPC probe without a service asks about the server as a whole.",
        doc: doc(PROBES, "define-a-grpc-liveness-probe"),
        upstream: "pkg/apis/core/v1/zz_generated.defaults.go SetObjectDefaults_Pod",
    }
    EMPTY_DIR {
        id: "defaulting.empty-dir",
        title: "A volume that names no source is an emptyDir.",
        doc: doc(VOLUMES, "emptydir"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Volume",
    }
    FILE_MODE {
        id: "defaulting.file-mode",
        title: "Files of Secrets, ConfigMaps, the downward API and projected volumes get the mode 0644, written as 420.",
        doc: doc(VOLUMES, "secret"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_SecretVolumeSource",
    }
    TOKEN_EXPIRATION {
        id: "defaulting.token-expiration",
        title: "A projected service account token is valid for an hour unless it says otherwise.",
        doc: doc("concepts/storage/projected-volumes/", "serviceaccounttoken"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_ServiceAccountTokenProjection",
    }
    HOST_PATH_TYPE {
        id: "defaulting.host-path-type",
        title: "A hostPath volume without a type is not checked before it is mounted.",
        doc: doc(VOLUMES, "hostpath-volume-types"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_HostPathVolumeSource",
    }
    DISK_FIELDS {
        id: "defaulting.disk-fields",
        title: "Volumes of iSCSI, RBD, ScaleIO and Azure disks get the usual values for what they do not say.",
        doc: doc(VOLUMES, "volume-types"),
        upstream: "pkg/apis/core/v1/zz_generated.defaults.go SetObjectDefaults_Pod",
    }
    CLAIM_MODE {
        id: "defaulting.claim-mode",
        title: "A claim without a volumeMode is for a file system.",
        doc: doc("concepts/storage/persistent-volumes/", "volume-mode"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_PersistentVolumeClaimSpec",
    }
    AMOUNT_ROUNDED {
        id: "defaulting.amount-rounded",
        title: "Amounts finer than a thousandth are rounded up to one.",
        doc: doc(RESOURCES, "resource-units-in-kubernetes"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_ResourceList",
    }
    POD_REQUEST {
        id: "defaulting.pod-request",
        title: "A pod with limits of its own asks for what its containers ask for together, or for its limit where they ask for nothing.",
        doc: doc(POD_LEVEL, ""),
        upstream: "pkg/apis/core/v1/defaults.go defaultPodRequests",
    }
    POD_HUGE_PAGES_LIMIT {
        id: "defaulting.pod-huge-pages-limit",
        title: "A pod with resources of its own gets its containers' limits of huge pages together.",
        doc: doc(POD_LEVEL, ""),
        upstream: "pkg/apis/core/v1/defaults.go defaultHugePagePodLimits",
    }
}
