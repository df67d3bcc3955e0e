//! Rules of controllers: what they make of templates.

use super::pages::PODS;
use super::{doc, rules};

rules! { Controllers;
    POD_OF_TEMPLATE {
        id: "controllers.pod-of-template",
        title: "A controller makes each pod from the template: a Pod of its own in the namespace of its owner, under a name that begins with the owner's.",
        doc: doc(PODS, "pod-templates"),
        upstream: "pkg/controller/controller_utils.go GetPodFromTemplate",
    }
}
