//! Rules of the node's container runtime: which handlers it has.

use super::pages::{NODE_STATUS, RUNTIME_CLASS, USER_NAMESPACES, VOLUMES};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Runtime;
    CONTAINERD_HANDLERS {
        id: "runtime.containerd-handlers",
        title: "containerd's handlers are the tables under containerd.runtimes of its CRI plug-in; the handler is the table's name.",
        doc: doc(RUNTIME_CLASS, "containerd"),
        upstream: "github.com/containerd/containerd internal/cri/config/config.go ContainerdConfig",
    }
    CRIO_HANDLERS {
        id: "runtime.crio-handlers",
        title: "CRI-O's handlers are the tables under crio.runtime.runtimes; a file read later replaces a handler as a whole.",
        doc: doc(RUNTIME_CLASS, "cri-o"),
        upstream: "github.com/cri-o/cri-o pkg/config/config.go UpdateFromPath",
    }
    CRIO_CRUN {
        id: "runtime.crio-crun",
        title: "CRI-O runs pods with crun if nothing else is set; before, with runc.",
        doc: doc(RUNTIME_CLASS, "cri-o"),
        upstream: "github.com/cri-o/cri-o pkg/config/config.go DefaultConfig",
        since: Since::minor(31),
    }
    DOCKERSHIM_HANDLER {
        id: "runtime.dockershim-handler",
        title: "dockershim, part of the kubelet up to v1.23, knows one handler: docker.",
        doc: doc(RUNTIME_CLASS, "1-configure-the-cri-implementation-on-nodes"),
        upstream: "pkg/kubelet/dockershim/docker_sandbox.go RunPodSandbox",
        until: Since::minor(24),
    }
    DEFAULT_HANDLER {
        id: "runtime.default-handler",
        title: "A pod without a class is run by the runtime's default handler.",
        doc: doc(RUNTIME_CLASS, "usage"),
        upstream: "pkg/kubelet/runtimeclass/runtimeclass_manager.go LookupRuntimeHandler",
    }
    HANDLERS_REPORTED {
        id: "runtime.handlers-reported",
        title: "A Node's status lists the handlers of its runtime and what each of them supports.",
        doc: doc(NODE_STATUS, "info"),
        upstream: "pkg/kubelet/nodestatus/setters.go RuntimeHandlers",
        since: Since::minor(30),
    }
    USER_NAMESPACES_SUPPORTED {
        id: "runtime.user-namespaces-supported",
        title: "The kubelet refuses to start a pod with hostUsers: false where the handler does not support user namespaces.",
        doc: doc(USER_NAMESPACES, "introduction"),
        upstream: "pkg/kubelet/userns/userns_manager.go GetOrCreateUserNamespaceMappings",
        since: Since::minor(30),
    }
    RECURSIVE_READ_ONLY_SUPPORTED {
        id: "runtime.recursive-read-only-supported",
        title: "A mount with recursiveReadOnly: Enabled needs a handler that supports it; with IfPossible the kubelet does without.",
        doc: doc(VOLUMES, "recursive-read-only-mounts"),
        upstream: "pkg/kubelet/kubelet_pods.go resolveRecursiveReadOnly",
        since: Since::minor(30),
    }
    HANDLER_FOUND {
        id: "runtime.handler-found",
        title: "The kubelet passes the class's handler to the runtime, which must have one of exactly that name; else the pod stays Pending and the kubelet tries again.",
        doc: doc(RUNTIME_CLASS, "usage"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_sandbox.go createPodSandbox",
    }
}

doc_notes! {
    UNKNOWN_HANDLER_IS_PENDING {
        id: "runtime.note-unknown-handler",
        claim: "A pod whose handler the node's runtime does not have enters the phase Failed.",
        truth: "It stays Pending with the status ContainerCreating, FailedCreatePodSandBox events repeat, and it starts once the handler is there.",
        editions: "all",
        doc: DocLink { page: RUNTIME_CLASS, heading: "usage" },
        evidence: "https://github.com/NVIDIA/gpu-operator/issues/549",
    }
}
