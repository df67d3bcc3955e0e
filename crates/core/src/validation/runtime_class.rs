//! What the API server refuses in a RuntimeClass. Upstream: pkg/apis/node/validation/validation.go ValidateRuntimeClass.

use super::metadata::name;
use super::tolerations::{labels, tolerations};
use super::{At, BadValue, ErrorType, FieldError, names, resources};
use crate::api::RuntimeClass;
use crate::feature::Feature;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::validation::{
    ALPHA_CLASS_SERVED, ANNOTATIONS_VALID, BETA_CLASS_SERVED, CLASS_NAME, CLASS_NAMESPACE, CLASS_SERVED,
    HANDLER_IS_A_LABEL, LABELS_VALID, TOLERATION_TWICE,
};
use crate::trace::{Mark, Step};

/// Every error of the class, in the order of its fields.
#[must_use]
pub fn errors(class: &RuntimeClass, cluster: &Cluster) -> Vec<FieldError> {
    let mut errors = metadata(class);
    let handler = At::new(&HANDLER_IS_A_LABEL, "handler", class.handler.as_ref().map_or(class.span, |h| h.span));
    errors.extend(handler.invalid_each(class.handler(), names::dns_label(class.handler(), cluster.release)));
    if let Some(overhead) = &class.overhead
        && cluster.has(Feature::PodOverhead)
    {
        errors.extend(resources::limits(overhead.pod_fixed.as_ref(), "overhead", overhead.span, cluster.release));
    }
    if let Some(scheduling) = &class.scheduling {
        let selector = scheduling.node_selector.iter().flatten();
        let entries = selector.map(|l| (l.key.value.as_str(), l.key.span, l.value.value.as_str(), l.value.span));
        errors.extend(labels(&LABELS_VALID, entries, "scheduling.nodeSelector"));
        let path = "scheduling.tolerations";
        // Kubernetes prints the field's name twice here.
        errors.extend(tolerations(&scheduling.tolerations, &format!("{path}.tolerations"), cluster.release));
        errors.extend(repeated(class, path));
    }
    errors
}

fn repeated(class: &RuntimeClass, path: &str) -> Vec<FieldError> {
    let list = class.tolerations();
    let same = |index: usize| {
        let same = |a: &crate::api::scheduling::Toleration, b: &crate::api::scheduling::Toleration| {
            (a.key(), a.operator(), a.value(), a.effect()) == (b.key(), b.operator(), b.value(), b.effect())
        };
        list.get(index).is_some_and(|entry| list.iter().take(index).any(|earlier| same(earlier, entry)))
    };
    let repeated = list.iter().enumerate().filter(|(index, _)| same(*index));
    let error = |(index, entry): (usize, &crate::api::scheduling::Toleration)| {
        At::new(&TOLERATION_TWICE, format!("{path}[{index}]"), entry.span).error(
            ErrorType::Duplicate,
            BadValue::Dump,
            "",
        )
    };
    repeated.map(error).collect()
}

/// Upstream: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go ValidateObjectMetaAccessor. A name is made
/// from generateName before validation, so only an object without both lacks one.
fn metadata(class: &RuntimeClass) -> Vec<FieldError> {
    let metadata = &class.metadata;
    let mut errors = name(metadata, class.span, &CLASS_NAME);
    if let Some(namespace) = metadata.namespace.as_ref().filter(|namespace| !namespace.value.is_empty()) {
        let at = At::new(&CLASS_NAMESPACE, "metadata.namespace", namespace.span);
        errors.push(at.error(ErrorType::Forbidden, BadValue::None, "not allowed on this type"));
    }
    let entries =
        metadata.labels.iter().map(|(key, value)| (key.as_str(), value.span, value.value.as_str(), value.span));
    errors.extend(labels(&LABELS_VALID, entries, "metadata.labels"));
    for (key, value) in &metadata.annotations {
        let at = At::new(&ANNOTATIONS_VALID, "metadata.annotations", value.span);
        errors.extend(at.invalid_each(key, names::qualified_name(&key.to_lowercase())));
    }
    errors
}

/// Whether the API server takes the class in the version in which it is written.
#[must_use]
pub fn served(class: &RuntimeClass, cluster: &Cluster) -> Step {
    let version = class.api_version.rsplit('/').next().unwrap_or_default();
    let gone = |rule: &Rule| rule.until.is_some_and(|until| until.holds_in(cluster.release));
    let release = cluster.release;
    let (rule, mark, finding) = match version {
        "v1" => (&CLASS_SERVED, Mark::Yes, format!("{release} serves node.k8s.io/v1.")),
        "v1beta1" if gone(&BETA_CLASS_SERVED) => {
            let finding = format!("{release} no longer serves node.k8s.io/v1beta1: write node.k8s.io/v1.");
            (&BETA_CLASS_SERVED, Mark::No, finding)
        }
        "v1beta1" => {
            (&BETA_CLASS_SERVED, Mark::Yes, format!("{release} still serves node.k8s.io/v1beta1; v1.25 does not."))
        }
        "v1alpha1" if gone(&ALPHA_CLASS_SERVED) => {
            let finding = format!(
                "{release} no longer has node.k8s.io/v1alpha1: write node.k8s.io/v1, with handler, overhead and scheduling outside of spec."
            );
            (&ALPHA_CLASS_SERVED, Mark::No, finding)
        }
        "v1alpha1" => {
            let finding = format!(
                "{release} serves node.k8s.io/v1alpha1 only if its --runtime-config says so: write node.k8s.io/v1."
            );
            (&ALPHA_CLASS_SERVED, Mark::No, finding)
        }
        other => {
            (&CLASS_SERVED, Mark::No, format!("There is no version `{other}` of RuntimeClass: write node.k8s.io/v1."))
        }
    };
    Step::new(rule, mark, finding).at(class.span)
}
