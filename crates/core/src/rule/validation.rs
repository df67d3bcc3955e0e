//! Rules of validation: what the API server refuses.

use super::image::AFTER_20_BY_32;
use super::{DocLink, doc, doc_notes, rules};
use crate::release::{Release, Since};

const RUNTIME_CLASS: &str = "concepts/containers/runtime-class/";
const NAMES: &str = "concepts/overview/working-with-objects/names/";
const LABELS: &str = "concepts/overview/working-with-objects/labels/";
const ANNOTATIONS: &str = "concepts/overview/working-with-objects/annotations/";
const TOLERATIONS: &str = "concepts/scheduling-eviction/taint-and-toleration/";
const RESOURCES: &str = "concepts/configuration/manage-resources-containers/";

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
        since: AFTER_20_BY_32,
    }
    CLASS_SERVED {
        id: "validation.class-served",
        title: "RuntimeClasses are served as node.k8s.io/v1; v1beta1 ended with v1.24, and v1alpha1 must be switched on.",
        doc: doc("reference/using-api/deprecation-guide/", "runtimeclass-v125"),
        upstream: "pkg/controlplane/instance.go DefaultAPIResourceConfigSource",
    }
    BETA_CLASS_SERVED {
        id: "validation.beta-class-served",
        title: "node.k8s.io/v1beta1 is served up to v1.24.",
        doc: doc("reference/using-api/deprecation-guide/", "runtimeclass-v125"),
        upstream: "staging/src/k8s.io/api/node/v1beta1/zz_generated.prerelease-lifecycle.go APILifecycleRemoved",
        until: Since::Release(Release::minor_unchecked(25)),
    }
    ALPHA_CLASS_SERVED {
        id: "validation.alpha-class-served",
        title: "node.k8s.io/v1alpha1 is off unless the API server is told to serve it, and later gone.",
        doc: doc("reference/using-api/deprecation-guide/", ""),
        upstream: "pkg/registry/node/rest/runtime_class.go NewRESTStorage",
        until: Since::Between { after: Release::minor_unchecked(20), by: Release::minor_unchecked(32) },
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
        doc: doc("tasks/manage-hugepages/scheduling-hugepages/", ""),
        upstream: "pkg/apis/core/validation/validation.go validateResourceQuantityHugePageValue",
        since: AFTER_20_BY_32,
    }
    HUGE_PAGES_ALONE {
        id: "validation.huge-pages-alone",
        title: "Huge pages need cpu or memory beside them.",
        doc: doc("tasks/manage-hugepages/scheduling-hugepages/", ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateResourceRequirements",
    }
    TOLERATION_KEY {
        id: "validation.toleration-key",
        title: "The key of a toleration is a qualified name.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_NO_KEY {
        id: "validation.toleration-no-key",
        title: "A toleration without a key needs the operator Exists.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_SECONDS {
        id: "validation.toleration-seconds",
        title: "tolerationSeconds may only stand beside the effect NoExecute.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_VALUE {
        id: "validation.toleration-value",
        title: "The value of a toleration is the value of a label.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_EXISTS_VALUE {
        id: "validation.toleration-exists-value",
        title: "A toleration with Exists may not have a value; since this change the message names the value alone.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
        since: AFTER_20_BY_32,
    }
    TOLERATION_OPERATOR {
        id: "validation.toleration-operator",
        title: "The operator of a toleration is Equal, Exists or empty.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go ValidateTolerations",
    }
    TOLERATION_EFFECT {
        id: "validation.toleration-effect",
        title: "The effect of a toleration is NoSchedule, PreferNoSchedule, NoExecute or empty.",
        doc: doc(TOLERATIONS, ""),
        upstream: "pkg/apis/core/validation/validation.go validateTaintEffect",
    }
    PORT_NAME {
        id: "validation.port-name",
        title: "The name of a port has at most 15 lower-case letters, digits and single hyphens inside, and at least one letter; before this change the message spoke of a letter or number.",
        doc: doc("concepts/services-networking/service/", "field-spec-ports"),
        upstream: "staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsValidPortName",
        since: AFTER_20_BY_32,
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
