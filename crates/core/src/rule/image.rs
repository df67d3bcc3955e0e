//! Rules of image names and pull policies.

use super::{doc, doc_notes, rules};

const IMAGES: &str = "concepts/containers/images/";

rules! { Image;
    DEFAULT_PULL_POLICY_LATEST {
        id: "image.default-policy-always",
        title: "A container without a pull policy whose image has the tag latest, written or implied, gets Always.",
        doc: doc(IMAGES, "imagepullpolicy-defaulting"),
        upstream: "pkg/apis/core/v1/defaults.go SetDefaults_Container",
    }
}

doc_notes! {}
