//! Rules of image names and pull policies.

use super::pages::{IMAGE_VOLUMES, IMAGES};
use super::{DocLink, doc, doc_notes, rules};
use crate::release::Since;

rules! { Image;
    REGISTRY_PART {
        id: "image.registry",
        title: "The part before the first slash is the registry if it has a dot or a port or is localhost; otherwise the registry is docker.io.",
        doc: doc(IMAGES, "image-names"),
        upstream: "github.com/distribution/reference normalize.go splitDockerDomain",
    }
    LIBRARY_PART {
        id: "image.library",
        title: "On docker.io a path of one word gets library/ in front.",
        doc: doc(IMAGES, "image-names"),
        upstream: "github.com/distribution/reference normalize.go splitDockerDomain",
    }
    TAG_PART {
        id: "image.tag",
        title: "An image with neither tag nor digest has the tag latest; one with a digest alone has no tag.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/util/parsers/parsers.go ParseImageName",
    }
    NEWER_GRAMMAR {
        id: "image.newer-grammar",
        title: "The newer reader of image names takes a first part with upper-case letters and an IPv6 address in brackets for a registry, and limits the path alone to 255 characters.",
        doc: doc(IMAGES, "image-names"),
        upstream: "github.com/distribution/reference reference.go Parse",
        since: Since::between(20, 32),
    }
    INVALID_NAME {
        id: "image.invalid-name",
        title: "A name that cannot be read is accepted by the API server and never pulled: the container waits with InvalidImageName.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/kubelet/images/image_manager.go applyDefaultImageTag",
    }
    IMAGE_REQUIRED {
        id: "image.required",
        title: "A container without an image is refused.",
        doc: doc(IMAGES, ""),
        upstream: "pkg/apis/core/validation/validation.go validateContainers",
    }
    IMAGE_WHITE_SPACE {
        id: "image.white-space",
        title: "A pod whose image begins or ends with white space is refused; a workload's template with such an image is accepted, and its pods are refused.",
        doc: doc(IMAGES, "image-names"),
        upstream: "pkg/apis/core/validation/validation.go validateContainersOnlyForPod",
    }
    POLICY_WRITTEN {
        id: "image.policy-written",
        title: "A pull policy that is written is kept.",
        doc: doc(IMAGES, "image-pull-policy"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    POLICY_UNSUPPORTED {
        id: "image.policy-unsupported",
        title: "Only Always, IfNotPresent and Never, written exactly so, are pull policies.",
        doc: doc(IMAGES, "image-pull-policy"),
        upstream: "pkg/apis/core/validation/validation.go validatePullPolicy",
    }
    POLICY_ABSENT {
        id: "image.policy-absent",
        title: "Where no pull policy is written, the API server fills one in from the image's tag.",
        doc: doc(IMAGES, "imagepullpolicy-defaulting"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    DEFAULT_PULL_POLICY_LATEST {
        id: "image.default-policy-always",
        title: "A container without a pull policy whose image has the tag latest, written or implied, gets Always.",
        doc: doc(IMAGES, "imagepullpolicy-defaulting"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    DEFAULT_PULL_POLICY_OTHER {
        id: "image.default-policy-if-not-present",
        title: "A container without a pull policy whose image has another tag, only a digest, or a name that cannot be read gets IfNotPresent.",
        doc: doc(IMAGES, "imagepullpolicy-defaulting"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    POLICY_SET_ONCE {
        id: "image.policy-set-once",
        title: "The pull policy is filled in once, when the object is created; a later change of the tag does not change it.",
        doc: doc(IMAGES, "imagepullpolicy-defaulting"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    IMAGE_VOLUME_GATE {
        id: "image.volume-gate",
        title: "Images as volumes need the feature gate ImageVolume; without it the field is dropped.",
        doc: doc(IMAGE_VOLUMES, ""),
        upstream: "pkg/api/pod/util.go dropImageVolumes",
        since: Since::minor(31),
    }
    IMAGE_VOLUME_POLICY {
        id: "image.volume-policy",
        title: "An image volume without a pull policy gets one by the same rule as a container.",
        doc: doc(IMAGE_VOLUMES, ""),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Volume",
        since: Since::minor(31),
    }
}

doc_notes! {
    DIGEST_AND_LATEST {
        id: "image.note-digest-and-latest",
        claim: "An image with a digest gets IfNotPresent.",
        truth: "Only the tag is looked at: `name:latest@sha256:...` gets Always.",
        editions: "v1.28 and v1.29",
        doc: DocLink { page: IMAGES, heading: "imagepullpolicy-defaulting" },
        evidence: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    DEFAULT_OF_ALL {
        id: "image.note-default-of-all",
        claim: "The default pull policy of all containers is IfNotPresent.",
        truth: "An image with the tag latest, or with neither tag nor digest, gets Always, as the same page says further down.",
        editions: "all",
        doc: DocLink { page: IMAGES, heading: "updating-images" },
        evidence: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    DIGEST_UNMENTIONED {
        id: "image.note-digest-unmentioned",
        claim: "The rules for a missing pull policy know images with and without a tag, and no digests.",
        truth: "An image with a digest and no tag has always got IfNotPresent.",
        editions: "v1.20, v1.21 and v1.26",
        doc: DocLink { page: IMAGES, heading: "imagepullpolicy-defaulting" },
        evidence: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    LATEST_IN_LOWER_CASE {
        id: "image.note-latest-in-lower-case",
        claim: "The tag latest gives Always; nothing is said of other spellings or of names that cannot be read.",
        truth: "Letter case counts: `:Latest` and `:LATEST` get IfNotPresent. So do names that cannot be read, and those fail later on the node.",
        editions: "all",
        doc: DocLink { page: IMAGES, heading: "imagepullpolicy-defaulting" },
        evidence: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
    INVALID_NAME_NEVER_BACKS_OFF {
        id: "image.note-invalid-name-never-backs-off",
        claim: "ImagePullBackOff can come from an invalid image name.",
        truth: "It never does: an invalid name gives the waiting reason InvalidImageName and an event InspectFailed before any pull, so there is nothing to back off from.",
        editions: "all",
        doc: DocLink { page: IMAGES, heading: "imagepullbackoff" },
        evidence: "pkg/kubelet/images/image_manager.go EnsureImageExists",
    }
}
