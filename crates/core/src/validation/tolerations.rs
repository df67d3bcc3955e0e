//! Tolerations of pods and classes. Upstream: pkg/apis/core/validation/validation.go ValidateTolerations.

use super::{At, BadValue, ErrorType, FieldError, names};
use crate::api::scheduling::Toleration;
use crate::release::Release;
use crate::rule::Rule;
use crate::rule::validation::{
    TOLERATION_EFFECT, TOLERATION_EXISTS_VALUE, TOLERATION_KEY, TOLERATION_NO_KEY, TOLERATION_OPERATOR,
    TOLERATION_SECONDS, TOLERATION_VALUE,
};
use crate::trace::Written;
use podwhy_source::Span;

/// The errors of a list of tolerations whose path is `path`.
#[must_use]
pub fn tolerations(list: &[Toleration], path: &str, release: Release) -> Vec<FieldError> {
    let entry = |(index, entry): (usize, &Toleration)| toleration(entry, &format!("{path}[{index}]"), release);
    list.iter().enumerate().flat_map(entry).collect()
}

fn toleration(entry: &Toleration, path: &str, release: Release) -> Vec<FieldError> {
    let at = |rule: &'static Rule, field: &str, written: Option<&Written<String>>| {
        At::new(rule, format!("{path}.{field}"), written.map_or(entry.span, |written| written.span))
    };
    let (key, operator, value, effect) =
        (entry.key.as_ref(), entry.operator.as_ref(), entry.value.as_ref(), entry.effect.as_ref());
    let mut errors = Vec::new();
    if !entry.key().is_empty() {
        errors.extend(at(&TOLERATION_KEY, "key", key).invalid_each(entry.key(), names::qualified_name(entry.key())));
    } else if entry.operator() != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        errors.push(at(&TOLERATION_NO_KEY, "operator", operator).invalid(entry.operator(), detail));
    }
    if let Some(seconds) = &entry.seconds
        && entry.effect() != "NoExecute"
    {
        let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        let error = at(&TOLERATION_SECONDS, "effect", effect).invalid(entry.effect(), detail);
        errors.push(FieldError { span: effect.map_or(seconds.span, |effect| effect.span), ..error });
    }
    match entry.operator() {
        "" | "Equal" => {
            let complaints = names::label_value(entry.value());
            if !complaints.is_empty() {
                errors.push(at(&TOLERATION_VALUE, "operator", value).invalid(entry.value(), complaints.join(";")));
            }
        }
        "Exists" if entry.value().is_empty() => {}
        "Exists" => {
            let at = at(&TOLERATION_EXISTS_VALUE, "operator", value);
            let shown = if TOLERATION_EXISTS_VALUE.holds_in(release) {
                BadValue::Text(entry.value().to_owned())
            } else {
                BadValue::Dump
            };
            errors.push(at.error(ErrorType::Invalid, shown, "value must be empty when `operator` is 'Exists'"));
        }
        other => {
            errors.push(at(&TOLERATION_OPERATOR, "operator", operator).not_supported(other, &["Equal", "Exists"]));
        }
    }
    if !matches!(entry.effect(), "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        let supported = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        errors.push(at(&TOLERATION_EFFECT, "effect", effect).not_supported(entry.effect(), &supported));
    }
    errors
}

/// Errors about labels, in which the key and the value of each entry are checked. Upstream:
/// staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go ValidateLabels.
pub(super) fn labels<'a>(
    rule: &'static Rule,
    entries: impl Iterator<Item = (&'a str, Span, &'a str, Span)>,
    path: &str,
) -> Vec<FieldError> {
    let entry = |(key, key_span, value, value_span): (&str, Span, &str, Span)| {
        let keys = At::new(rule, path, key_span).invalid_each(key, names::qualified_name(key)).collect::<Vec<_>>();
        let values = At::new(rule, path, value_span).invalid_each(value, names::label_value(value)).collect();
        [keys, values].concat()
    };
    entries.flat_map(entry).collect()
}
