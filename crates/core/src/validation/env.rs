//! Variables of containers. Upstream: pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom and what they
//! call.

use super::containers::text;
use super::field_path::{convert, subscript};
use super::{At, FieldError, names};
use crate::api::env::{EnvFrom, EnvVar, FieldRef, FileRef, KeyRef, ObjectRef, ResourceRef, ValueFrom};
use crate::feature::Feature;
use crate::quantity::Quantity;
use crate::release::Cluster;
use crate::rule::Rule;
use crate::rule::validation as rules;
use crate::trace::Written;
use podwhy_source::Span;

/// Fields of the pod that a variable may hold, sorted.
const FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Amounts that a variable may hold, sorted.
const AMOUNTS: &[&str] = &[
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// Divisors of everything that is counted in bytes.
const BYTE_DIVISORS: &[&str] = &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/// The errors of the list `env`.
pub(super) fn variables(list: &[EnvVar], path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for variable in list {
        let path = format!("{path}[{}]", variable.index);
        let at = field(&rules::ENV_NAME, &path, "name", variable.name.as_ref(), variable.span);
        if variable.name().is_empty() {
            errors.push(at.required());
        } else {
            errors.extend(at.invalid_each(variable.name(), names::env_name(variable.name(), cluster)));
        }
        if let Some(from) = &variable.value_from {
            errors.extend(value_from(from, variable, &format!("{path}.valueFrom"), cluster));
        }
    }
    errors
}

fn value_from(from: &ValueFrom, variable: &EnvVar, path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut sources = 0;
    if let Some(reference) = &from.field {
        sources += 1;
        errors.extend(field_ref(reference, &format!("{path}.fieldRef"), cluster));
    }
    if let Some(reference) = &from.resource {
        sources += 1;
        errors.extend(resource_ref(reference, &format!("{path}.resourceFieldRef"), cluster));
    }
    if let Some(reference) = &from.config_map {
        sources += 1;
        errors.extend(key_ref(reference, &format!("{path}.configMapKeyRef")));
    }
    if let Some(reference) = &from.secret {
        sources += 1;
        errors.extend(key_ref(reference, &format!("{path}.secretKeyRef")));
    }
    let files = cluster.has(Feature::EnvFiles);
    if let Some(reference) = from.file.as_ref().filter(|_| files) {
        sources += 1;
        errors.extend(file_ref(reference, &format!("{path}.fileKeyRef")));
    }
    let at = At::new(&rules::ENV_ONE_SOURCE, path, from.span);
    if sources == 0 {
        let kinds = if files {
            "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        } else {
            "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        };
        errors.push(at.invalid("", format!("must specify one of: {kinds}")));
    } else if !variable.value().is_empty() {
        errors.push(at.invalid("", "may not be specified when `value` is not empty"));
    } else if sources > 1 {
        errors.push(at.invalid("", "may not have more than one field specified at a time"));
    }
    errors
}

fn field_ref(reference: &FieldRef, path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let version = reference.api_version.as_ref().map_or("", |version| &version.value);
    let version = if version.is_empty() { "v1" } else { version };
    let written = text(reference.field_path.as_ref());
    let at = field(&rules::ENV_FIELD, path, "fieldPath", reference.field_path.as_ref(), reference.span);
    if written.is_empty() {
        return vec![at.required()];
    }
    let converted = match convert(version, written, cluster) {
        Ok(converted) => converted,
        Err(message) => return vec![at.invalid(written, format!("error converting fieldPath: {message}"))],
    };
    if let Some((object, key)) = subscript(converted) {
        let name = if object == "metadata.annotations" { key.to_lowercase() } else { key.to_owned() };
        // Older releases look at small letters too, and tell of the key as it is written.
        let told = if rules::ENV_ANNOTATION_LOWERED.holds_in(cluster.release) { &name } else { key };
        let span = reference.field_path.as_ref().map_or(reference.span, |path| path.span);
        let at = At::new(&rules::ENV_FIELD, path, span);
        return at.invalid_each(told, names::qualified_name(&name)).collect();
    }
    let host_ips = cluster.has(Feature::PodHostIPs);
    let fields: Vec<&str> = FIELDS.iter().copied().filter(|field| host_ips || *field != "status.hostIPs").collect();
    if fields.contains(&converted) { Vec::new() } else { vec![at.not_supported(converted, &fields)] }
}

fn resource_ref(reference: &ResourceRef, path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let resource = text(reference.resource.as_ref());
    let huge_pages = resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-");
    let at = field(&rules::ENV_RESOURCE, path, "resource", reference.resource.as_ref(), reference.span);
    let mut errors = Vec::new();
    if resource.is_empty() {
        errors.push(at.required());
    } else if !(AMOUNTS.contains(&resource) || huge_pages && rules::ENV_HUGE_PAGES.holds_in(cluster.release)) {
        errors.push(at.not_supported(resource, AMOUNTS));
    }
    let divisor = reference.divisor.as_ref().and_then(|divisor| Quantity::parse(&divisor.value).ok());
    let Some(divisor) = divisor.filter(|divisor| divisor.sign() != 0).map(|divisor| divisor.to_string()) else {
        return errors;
    };
    let bytes = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
    let (allowed, values, kind): (&[&str], &str, &str) = match resource {
        "limits.cpu" | "requests.cpu" => (&["1m", "1"], "1m and 1", "cpu"),
        "limits.memory" | "requests.memory" => (BYTE_DIVISORS, bytes, "memory"),
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => (BYTE_DIVISORS, bytes, "local ephemeral storage"),
        _ if huge_pages => (BYTE_DIVISORS, bytes, "hugepages"),
        _ => return errors,
    };
    if !allowed.contains(&divisor.as_str()) {
        let at = field(&rules::ENV_DIVISOR, path, "divisor", reference.divisor.as_ref(), reference.span);
        let detail = format!("only divisor's values {values} are supported with the {kind} resource");
        errors.push(at.invalid(resource, detail));
    }
    errors
}

fn key_ref(reference: &KeyRef, path: &str) -> Vec<FieldError> {
    let name = field(&rules::ENV_OBJECT_NAME, path, "name", reference.name.as_ref(), reference.span);
    let mut errors: Vec<FieldError> =
        name.invalid_each(reference.name(), names::dns_subdomain(reference.name())).collect();
    let key = field(&rules::ENV_KEY, path, "key", reference.key.as_ref(), reference.span);
    if reference.key().is_empty() {
        errors.push(key.required());
    } else {
        errors.extend(key.invalid_each(reference.key(), names::config_map_key(reference.key())));
    }
    errors
}

fn file_ref(reference: &FileRef, path: &str) -> Vec<FieldError> {
    let fields = [("key", &reference.key), ("volumeName", &reference.volume_name), ("path", &reference.path)];
    let missing = fields.into_iter().filter(|(_, written)| text(written.as_ref()).is_empty());
    missing
        .map(|(name, written)| field(&rules::ENV_FILE, path, name, written.as_ref(), reference.span).required())
        .collect()
}

/// The errors of the list `envFrom`.
pub(super) fn sources(list: &[EnvFrom], path: &str, cluster: &Cluster) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for from in list {
        let entry = format!("{path}[{}]", from.index);
        if !from.prefix().is_empty() {
            let at = field(&rules::ENV_NAME, &entry, "prefix", from.prefix.as_ref(), from.span);
            errors.extend(at.invalid_each(from.prefix(), names::env_name(from.prefix(), cluster)));
        }
        let references = [("configMapRef", &from.config_map), ("secretRef", &from.secret)];
        let written: Vec<_> =
            references.into_iter().filter_map(|(key, reference)| Some((key, reference.as_ref()?))).collect();
        errors.extend(written.iter().flat_map(|(key, reference)| object_ref(reference, &format!("{entry}.{key}"))));
        // Kubernetes names the list here, and not the entry.
        let at = At::new(&rules::ENV_ONE_SOURCE, path, from.span);
        match written.len() {
            0 => errors.push(at.invalid("", "must specify one of: `configMapRef` or `secretRef`")),
            1 => {}
            _ => errors.push(at.invalid("", "may not have more than one field specified at a time")),
        }
    }
    errors
}

fn object_ref(reference: &ObjectRef, path: &str) -> Vec<FieldError> {
    let at = field(&rules::ENV_OBJECT_NAME, path, "name", reference.name.as_ref(), reference.span);
    if reference.name().is_empty() {
        return vec![at.required()];
    }
    // The real code takes the name for one that something is added to.
    at.invalid_each(reference.name(), names::dns_subdomain_prefix(reference.name())).collect()
}

/// A field with its place, or that of the object which lacks it.
fn field(rule: &'static Rule, path: &str, name: &str, written: Option<&Written<String>>, object: Span) -> At {
    At::new(rule, format!("{path}.{name}"), written.map_or(object, |written| written.span))
}
