//! Paths of a pod's fields in the downward API. Upstream: pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel and
//! pkg/fieldpath/fieldpath.go SplitMaybeSubscriptedPath.

use crate::feature::Feature;
use crate::release::Cluster;

/// A path with a key in brackets, such as `metadata.labels['app']`: the path before, and the key.
#[must_use]
pub fn subscript(path: &str) -> Option<(&str, &str)> {
    let (path, key) = path.strip_suffix("']")?.split_once("['")?;
    (!path.is_empty()).then_some((path, key))
}

/// The path that a reference means, by its version.
///
/// # Errors
/// There is no such field; the text is Kubernetes' own.
pub fn convert<'p>(version: &str, path: &'p str, cluster: &Cluster) -> Result<&'p str, String> {
    if version != "v1" {
        return Err(format!("unsupported pod version: {version}"));
    }
    if let Some((object, _)) = subscript(path) {
        return match object {
            "metadata.annotations" | "metadata.labels" => Ok(path),
            _ => Err(format!("field label does not support subscript: {path}")),
        };
    }
    match path {
        "metadata.annotations"
        | "metadata.labels"
        | "metadata.name"
        | "metadata.namespace"
        | "metadata.uid"
        | "spec.nodeName"
        | "spec.restartPolicy"
        | "spec.serviceAccountName"
        | "spec.schedulerName"
        | "status.phase"
        | "status.hostIP"
        | "status.podIP"
        | "status.podIPs" => Ok(path),
        "status.hostIPs" if cluster.has(Feature::PodHostIPs) => Ok(path),
        "spec.host" => Ok("spec.nodeName"),
        _ => Err(format!("field label not supported: {path}")),
    }
}
