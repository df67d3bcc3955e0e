//! Names of objects. Upstream: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go
//! ValidateObjectMetaAccessor.

use super::{At, BadValue, ErrorType, FieldError, names};
use crate::api::Metadata;
use crate::rule::Rule;
use podwhy_source::Span;

/// The errors of the name of an object that stands at `span`. A name is made from generateName before validation, so
/// only an object without both lacks one.
pub(super) fn name(metadata: &Metadata, span: Span, rule: &'static Rule) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let generate_name = metadata.generate_name.as_ref().filter(|name| !name.value.is_empty());
    if let Some(prefix) = generate_name {
        let at = At::new(rule, "metadata.generateName", prefix.span);
        errors.extend(at.invalid_each(&prefix.value, names::dns_subdomain_prefix(&prefix.value)));
    }
    match metadata.name.as_ref().filter(|name| !name.value.is_empty()) {
        Some(name) => {
            let at = At::new(rule, "metadata.name", name.span);
            errors.extend(at.invalid_each(&name.value, names::dns_subdomain(&name.value)));
        }
        None if generate_name.is_some() => {}
        None => {
            let at = At::new(rule, "metadata.name", span);
            errors.push(at.error(ErrorType::Required, BadValue::None, "name or generateName is required"));
        }
    }
    errors
}
