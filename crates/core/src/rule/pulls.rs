//! Rules of pulls on the node.

use super::{doc, rules};
use crate::release::{Release, Since};

const IMAGES: &str = "concepts/containers/images/";
const POD_LIFECYCLE: &str = "concepts/workloads/pods/pod-lifecycle/";

rules! { Pulls;
    IMAGE_BACK_OFF {
        id: "pulls.image-back-off",
        title: "After a failed pull of an image for a pod the kubelet waits 10 s, then twice as long after each further failure, at most 300 s.",
        doc: doc(IMAGES, "imagepullbackoff"),
        upstream: "k8s.io/client-go/util/flowcontrol/backoff.go Backoff.Next",
    }
    CRASH_LOOP_BACK_OFF {
        id: "pulls.crash-loop-back-off",
        title: "A container that ended is started again at once the first time and then after 10 s, 20 s and so on, at most 300 s after it ended.",
        doc: doc(POD_LIFECYCLE, "restart-policy"),
        upstream: "pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff",
    }
    SERIAL_PULLS {
        id: "pulls.serial",
        title: "With serializeImagePulls the node pulls one image after another, in the order in which they are asked for.",
        doc: doc(IMAGES, "serial-and-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go serialImagePuller",
    }
    PARALLEL_PULLS {
        id: "pulls.parallel",
        title: "Without serializeImagePulls the node pulls images side by side.",
        doc: doc(IMAGES, "serial-and-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go parallelImagePuller",
    }
    PARALLEL_LIMIT {
        id: "pulls.parallel-limit",
        title: "maxParallelImagePulls limits how many images are pulled at a time.",
        doc: doc(IMAGES, "maximum-parallel-image-pulls"),
        upstream: "pkg/kubelet/images/puller.go newParallelImagePuller",
        since: Since::Release(Release::minor_unchecked(27)),
    }
}
