//! Which kinds are decoded, which ones Kubernetes knows besides, and whose business the rest is.

use crate::schema::table::{Definition, definition};

/// The kinds that have a field table: group, version, kind, definition.
const DECODED: &[(&str, &str, &str, &str)] = &[
    ("", "v1", "Pod", "V1Pod"),
    ("", "v1", "PodTemplate", "V1PodTemplate"),
    ("", "v1", "ReplicationController", "V1ReplicationController"),
    ("", "v1", "Secret", "V1Secret"),
    ("", "v1", "ServiceAccount", "V1ServiceAccount"),
    ("", "v1", "ConfigMap", "V1ConfigMap"),
    ("", "v1", "Service", "V1Service"),
    ("", "v1", "Node", "V1Node"),
    ("", "v1", "Namespace", "V1Namespace"),
    ("", "v1", "LimitRange", "V1LimitRange"),
    ("apps", "v1", "Deployment", "V1Deployment"),
    ("apps", "v1", "StatefulSet", "V1StatefulSet"),
    ("apps", "v1", "DaemonSet", "V1DaemonSet"),
    ("apps", "v1", "ReplicaSet", "V1ReplicaSet"),
    ("batch", "v1", "Job", "V1Job"),
    ("batch", "v1", "CronJob", "V1CronJob"),
    ("batch", "v1beta1", "CronJob", "V1beta1CronJob"),
    ("node.k8s.io", "v1", "RuntimeClass", "V1RuntimeClass"),
    ("node.k8s.io", "v1beta1", "RuntimeClass", "V1beta1RuntimeClass"),
    ("node.k8s.io", "v1alpha1", "RuntimeClass", "V1alpha1RuntimeClass"),
    ("scheduling.k8s.io", "v1", "PriorityClass", "V1PriorityClass"),
];

/// The kinds of Kubernetes' own API groups that have no field table here: group, versions of any release, kinds.
const BUILT_IN: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &["v1"],
        &[
            "Binding",
            "ComponentStatus",
            "Endpoints",
            "Event",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "ResourceQuota",
            "PodStatusResult",
            "RangeAllocation",
            "Status",
        ],
    ),
    ("apps", &["v1"], &["ControllerRevision"]),
    (
        "apps",
        &["v1beta1", "v1beta2"],
        &["ControllerRevision", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Scale"],
    ),
    ("autoscaling", &["v1", "v2", "v2beta1", "v2beta2"], &["HorizontalPodAutoscaler"]),
    ("autoscaling", &["v1"], &["Scale"]),
    ("batch", &["v1beta1"], &["JobTemplate"]),
    ("policy", &["v1", "v1beta1"], &["PodDisruptionBudget", "Eviction"]),
    ("policy", &["v1beta1"], &["PodSecurityPolicy"]),
    (
        "admissionregistration.k8s.io",
        &["v1", "v1beta1"],
        &["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    ),
    (
        "admissionregistration.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
        ],
    ),
    ("apiextensions.k8s.io", &["v1", "v1beta1"], &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["v1", "v1beta1"], &["APIService"]),
    ("authentication.k8s.io", &["v1", "v1beta1", "v1alpha1"], &["TokenReview", "TokenRequest", "SelfSubjectReview"]),
    (
        "authorization.k8s.io",
        &["v1", "v1beta1"],
        &["SubjectAccessReview", "LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview"],
    ),
    ("certificates.k8s.io", &["v1", "v1beta1"], &["CertificateSigningRequest"]),
    ("certificates.k8s.io", &["v1beta1", "v1alpha1"], &["ClusterTrustBundle", "PodCertificateRequest"]),
    ("coordination.k8s.io", &["v1", "v1beta1"], &["Lease"]),
    ("coordination.k8s.io", &["v1beta1", "v1alpha1", "v1alpha2"], &["LeaseCandidate"]),
    ("discovery.k8s.io", &["v1", "v1beta1"], &["EndpointSlice"]),
    ("events.k8s.io", &["v1", "v1beta1"], &["Event"]),
    (
        "flowcontrol.apiserver.k8s.io",
        &["v1", "v1beta3", "v1beta2", "v1beta1", "v1alpha1"],
        &["FlowSchema", "PriorityLevelConfiguration"],
    ),
    ("internal.apiserver.k8s.io", &["v1alpha1"], &["StorageVersion"]),
    ("networking.k8s.io", &["v1", "v1beta1"], &["Ingress", "IngressClass", "IPAddress", "ServiceCIDR"]),
    ("networking.k8s.io", &["v1alpha1"], &["ClusterCIDR", "IPAddress", "ServiceCIDR"]),
    ("networking.k8s.io", &["v1"], &["NetworkPolicy"]),
    (
        "rbac.authorization.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
    ),
    (
        "resource.k8s.io",
        &["v1", "v1beta2", "v1beta1", "v1alpha3", "v1alpha2", "v1alpha1"],
        &["ResourceClaim", "ResourceClaimTemplate", "ResourceClass", "ResourceSlice", "DeviceClass", "DeviceTaintRule"],
    ),
    ("scheduling.k8s.io", &["v1beta1", "v1alpha1"], &["PriorityClass"]),
    ("scheduling.k8s.io", &["v1alpha1", "v1alpha2", "v1alpha3"], &["Workload", "PodGroup"]),
    (
        "storage.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode", "CSIStorageCapacity", "VolumeAttributesClass"],
    ),
    (
        "extensions",
        &["v1beta1"],
        &["Ingress", "Deployment", "DaemonSet", "ReplicaSet", "NetworkPolicy", "PodSecurityPolicy"],
    ),
    ("storagemigration.k8s.io", &["v1beta1", "v1alpha1"], &["StorageVersionMigration"]),
];

/// Whose kind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is decoded with this definition.
    Decoded(&'static Definition),
    /// core/v1 `List`: any objects, each decoded by itself.
    List(&'static Definition),
    /// A typed list such as `PodList`: every item is of this kind and has this definition.
    TypedList(&'static str, &'static str),
    /// One of Kubernetes' own kinds that is not evaluated here.
    BuiltIn,
    /// A kind of another group: a custom resource, or the configuration of some program.
    Foreign,
    /// The group is Kubernetes' own and has no such kind: the API server refuses it.
    Unknown,
}

/// Looks a kind up.
#[must_use]
pub fn look_up(group: &str, version: &str, kind: &str) -> Known {
    let find = |kind: &str| DECODED.iter().find(|entry| (entry.0, entry.1, entry.2) == (group, version, kind));
    if let Some(found) = find(kind).and_then(|entry| definition(entry.3)) {
        return Known::Decoded(found);
    }
    if let Some(list) = definition("List").filter(|_| (group, version, kind) == ("", "v1", "List")) {
        return Known::List(list);
    }
    let item = kind.strip_suffix("List").unwrap_or(kind);
    if let Some((.., kind, definition)) = find(item) {
        return Known::TypedList(kind, definition);
    }
    let mut own = BUILT_IN.iter().filter(|entry| entry.0 == group).peekable();
    let owned = own.peek().is_some() || DECODED.iter().any(|entry| entry.0 == group);
    if own.any(|(_, versions, kinds)| versions.contains(&version) && (kinds.contains(&kind) || kinds.contains(&item))) {
        return Known::BuiltIn;
    }
    if owned { Known::Unknown } else { Known::Foreign }
}

/// Every kind that is decoded: its `apiVersion`, its name, and the name of its definition.
pub fn decoded() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    DECODED.iter().map(|(group, version, kind, definition)| (api_version(group, version), *kind, *definition))
}

fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// Whether the group has this version for any kind.
#[must_use]
pub fn has_version(group: &str, version: &str) -> bool {
    DECODED.iter().any(|entry| (entry.0, entry.1) == (group, version))
        || BUILT_IN.iter().any(|entry| entry.0 == group && entry.1.contains(&version))
}

/// The `apiVersion` and kind that was probably meant: the same kind in another group or version, or one whose name
/// is nearly the same.
#[must_use]
pub fn nearest(kind: &str) -> Option<(String, &'static str)> {
    let version = |entry: &(&str, &str, &'static str, &str)| (api_version(entry.0, entry.1), entry.2);
    if let Some(entry) = DECODED.iter().find(|entry| entry.2 == kind) {
        return Some(version(entry));
    }
    if let Some((group, versions, kinds)) = BUILT_IN.iter().find(|entry| entry.2.contains(&kind)) {
        let kind = kinds.iter().find(|name| **name == kind)?;
        return Some((format!("{group}/{}", versions.first()?).trim_start_matches('/').to_owned(), kind));
    }
    let name = super::nearest::nearest(kind, DECODED.iter().map(|entry| entry.2))?;
    DECODED.iter().find(|entry| entry.2 == name).map(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decoded_kind_has_its_definition() {
        for (group, version, kind, name) in DECODED {
            assert!(definition(name).is_some(), "{name}");
            assert!(matches!(look_up(group, version, kind), Known::Decoded(_)), "{kind}");
        }
    }

    #[test]
    fn other_kinds_are_told_apart() {
        assert_eq!(look_up("networking.k8s.io", "v1", "Ingress"), Known::BuiltIn);
        assert_eq!(look_up("rbac.authorization.k8s.io", "v1", "RoleList"), Known::BuiltIn);
        assert_eq!(look_up("", "v1", "Podd"), Known::Unknown);
        assert_eq!(look_up("apps", "v2", "Deployment"), Known::Unknown);
        assert_eq!(look_up("kustomize.config.k8s.io", "v1beta1", "Kustomization"), Known::Foreign);
        assert_eq!(look_up("kubelet.config.k8s.io", "v1", "CredentialProviderConfig"), Known::Foreign);
        assert_eq!(look_up("example.com", "v1", "Pod"), Known::Foreign);
        assert_eq!(look_up("", "v1", "PodList"), Known::TypedList("Pod", "V1Pod"));
        assert!(matches!(look_up("", "v1", "List"), Known::List(_)));
    }

    #[test]
    fn a_wrong_kind_or_version_has_a_proposal() {
        assert_eq!(nearest("Podd"), Some(("v1".to_owned(), "Pod")));
        assert_eq!(nearest("Deployment"), Some(("apps/v1".to_owned(), "Deployment")));
        assert_eq!(nearest("Ingress"), Some(("networking.k8s.io/v1".to_owned(), "Ingress")));
    }
}
