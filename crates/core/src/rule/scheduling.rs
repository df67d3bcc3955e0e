//! Rules of scheduling: what a pod asks for, and the scheduler's filters.

use super::pages::{ASSIGN_PODS, INIT_CONTAINERS, OVERHEAD, POD_LEVEL, RESOURCES, RUNTIME_CLASS, SIDECARS, TAINTS};
use super::{doc, rules};
use crate::release::Since;

rules! { Scheduling;
    REQUEST_FROM_LIMIT {
        id: "scheduling.request-from-limit",
        title: "A container with a limit and no request of a resource asks for its limit.",
        doc: doc(RESOURCES, "requests-and-limits"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Pod",
    }
    CONTAINERS_SUM {
        id: "scheduling.containers-sum",
        title: "The containers of a pod run side by side, so their amounts are added.",
        doc: doc(RESOURCES, "resource-requests-and-limits-of-pod-and-container"),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go AggregateContainerRequests",
    }
    SIDECARS_COUNT {
        id: "scheduling.sidecars-count",
        title: "A sidecar keeps running beside the containers, so its amounts are added to theirs.",
        doc: doc(SIDECARS, "resource-sharing-within-containers"),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go AggregateContainerRequests",
    }
    INIT_STEP {
        id: "scheduling.init-step",
        title: "While an init container runs, it and the sidecars started before it need room; the largest need counts.",
        doc: doc(INIT_CONTAINERS, "resource-sharing-within-containers"),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go AggregateContainerRequests",
    }
    POD_LEVEL_RESOURCES {
        id: "scheduling.pod-level-resources",
        title: "Amounts of cpu, memory and huge pages in the pod's own resources replace what its containers come to.",
        doc: doc(POD_LEVEL, ""),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests",
    }
    POD_LEVEL_HUGE_PAGES {
        id: "scheduling.pod-level-huge-pages",
        title: "Huge pages may stand in the pod's own resources too.",
        doc: doc(POD_LEVEL, ""),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go IsSupportedPodLevelResource",
        since: Since::between(32, 34),
    }
    OVERHEAD_ADDED {
        id: "scheduling.overhead-added",
        title: "The overhead is added to the requests, and to those limits that there are and that are not zero.",
        doc: doc(OVERHEAD, ""),
        upstream: "staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests, PodLimits",
    }
    NODE_UNSCHEDULABLE {
        id: "scheduling.node-unschedulable",
        title: "A cordoned node takes only pods that tolerate the taint node.kubernetes.io/unschedulable:NoSchedule.",
        doc: doc("concepts/architecture/nodes/", "manual-node-administration"),
        upstream: "pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go Filter",
    }
    NODE_NAME {
        id: "scheduling.node-name",
        title: "A pod with nodeName fits the node of that name alone.",
        doc: doc(ASSIGN_PODS, "nodename"),
        upstream: "pkg/scheduler/framework/plugins/nodename/node_name.go Filter",
    }
    TAINT_TOLERATION {
        id: "scheduling.taint-toleration",
        title: "A node takes a pod that tolerates all its taints with NoSchedule or NoExecute; the first one that it does not tolerate is named.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go Filter",
    }
    TAINT_UNTOLERATED_WORDS {
        id: "scheduling.taint-untolerated-words",
        title: "The scheduler says \"had untolerated taint\"; before, it said \"had taint {...}, that the pod didn't tolerate\".",
        doc: doc(TAINTS, ""),
        upstream: "pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go Filter",
        since: Since::between(23, 25),
    }
    TAINT_NOT_NAMED {
        id: "scheduling.taint-not-named",
        title: "The scheduler's message no longer says which taint is not tolerated; later patches of v1.34 leave it out too.",
        doc: doc(TAINTS, ""),
        upstream: "pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go Filter",
        since: Since::minor(35),
    }
    NODE_SELECTOR {
        id: "scheduling.node-selector",
        title: "A node must have every label of the pod's nodeSelector, with the same value.",
        doc: doc(ASSIGN_PODS, "nodeselector"),
        upstream: "staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go RequiredNodeAffinity.Match",
    }
    NODE_AFFINITY {
        id: "scheduling.node-affinity",
        title: "A node must satisfy one term of the required node affinity, and of that term every requirement; an empty term matches nothing.",
        doc: doc(ASSIGN_PODS, "node-affinity"),
        upstream: "staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go LazyErrorNodeSelector.Match",
    }
    NODE_AFFINITY_WORDS {
        id: "scheduling.node-affinity-words",
        title: "The scheduler speaks of \"Pod's node affinity/selector\"; before, of \"Pod's node affinity\".",
        doc: doc(ASSIGN_PODS, "node-affinity"),
        upstream: "pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go Filter",
        since: Since::minor(21),
    }
    PREEMPTION_TOLD {
        id: "scheduling.preemption-told",
        title: "The event FailedScheduling also says why preempting other pods does not help.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "preemption"),
        upstream: "pkg/scheduler/framework/types.go FitError.Error, pkg/scheduler/framework/preemption/preemption.go Preempt",
        since: Since::minor(24),
    }
    PREEMPTION_TWO_STOPS {
        id: "scheduling.preemption-two-stops",
        title: "What the event says about preemption ends with two full stops.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "preemption"),
        upstream: "pkg/scheduler/framework/types.go FitError.Error",
        since: Since::between(24, 27),
        until: Since::minor(30),
    }
    TOO_SMALL_IS_FINAL {
        id: "scheduling.too-small-is-final",
        title: "Where a pod asks for more than a node can ever give, preemption is not tried.",
        doc: doc("concepts/scheduling-eviction/pod-priority-preemption/", "preemption"),
        upstream: "pkg/scheduler/framework/plugins/noderesources/fit.go Filter",
        since: Since::minor(34),
    }
    NODE_NARROWED {
        id: "scheduling.node-narrowed",
        title: "If every term names nodes by metadata.name, only those nodes are looked at.",
        doc: doc(ASSIGN_PODS, "node-affinity"),
        upstream: "pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go PreFilter",
        since: Since::between(20, 34),
    }
    NODE_NAMES_CONFLICT {
        id: "scheduling.node-names-conflict",
        title: "If no term leaves a node's name, the pod fits nowhere.",
        doc: doc(ASSIGN_PODS, "node-affinity"),
        upstream: "pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go PreFilter",
    }
    NODE_PORTS {
        id: "scheduling.node-ports",
        title: "A host port can be taken once for each protocol and address of a node; 0.0.0.0 stands for all addresses.",
        doc: doc("concepts/services-networking/", ""),
        upstream: "pkg/scheduler/framework/plugins/nodeports/node_ports.go Filter",
    }
    SIDECAR_PORTS {
        id: "scheduling.sidecar-ports",
        title: "Host ports of sidecars count like those of containers.",
        doc: doc(SIDECARS, ""),
        upstream: "pkg/scheduler/util/utils.go GetHostPorts",
        since: Since::between(28, 34),
    }
    NODE_RESOURCES_FIT {
        id: "scheduling.node-resources-fit",
        title: "What the pod asks for must fit into what the node can give, less what the pods on it ask for.",
        doc: doc(RESOURCES, "how-pods-with-resource-requests-are-scheduled"),
        upstream: "pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest",
    }
    ZERO_REQUEST_FITS {
        id: "scheduling.zero-request-fits",
        title: "A resource of which the pod asks for nothing is not looked at, even on a node that has given away too much of it.",
        doc: doc(RESOURCES, "how-pods-with-resource-requests-are-scheduled"),
        upstream: "pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest",
        since: Since::between(26, 28),
    }
    TOO_MANY_PODS {
        id: "scheduling.too-many-pods",
        title: "A node takes as many pods as its allocatable pods say; one that says nothing takes none.",
        doc: doc("setup/best-practices/cluster-large/", ""),
        upstream: "pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest",
    }
    CLASS_NODE_LABELS {
        id: "scheduling.class-node-labels",
        title: "Pods of a class go only to nodes that carry every label of its scheduling.nodeSelector; nobody else checks that such a node has the handler.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "plugin/pkg/admission/runtimeclass/admission.go setScheduling",
    }
    CLASS_NODE_TAINTS {
        id: "scheduling.class-node-taints",
        title: "A class's tolerations only let its pods in; to keep other pods out its nodes need a taint that they tolerate.",
        doc: doc(RUNTIME_CLASS, "scheduling"),
        upstream: "pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go Filter",
    }
    BOUND_BY_NAME {
        id: "scheduling.bound-by-name",
        title: "A pod with nodeName is bound already: the scheduler passes over it, and the node's kubelet checks labels, ports and resources itself.",
        doc: doc(ASSIGN_PODS, "nodename"),
        upstream: "pkg/kubelet/lifecycle/predicate.go Admit",
    }
}
