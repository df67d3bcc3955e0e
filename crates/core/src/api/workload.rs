//! Where pods stand in the objects that make them.

use super::Object;
use super::pod::{Owner, Pod};

/// What makes pods from a template: API group, kind, and the keys on the way to the template.
type Workload = (&'static str, &'static str, &'static [&'static str]);

/// `extensions` held the first versions of some kinds; that they are served no longer is decoding's business.
const WORKLOADS: &[Workload] = &[
    ("apps", "Deployment", &["spec", "template"]),
    ("apps", "StatefulSet", &["spec", "template"]),
    ("apps", "DaemonSet", &["spec", "template"]),
    ("apps", "ReplicaSet", &["spec", "template"]),
    ("extensions", "Deployment", &["spec", "template"]),
    ("extensions", "DaemonSet", &["spec", "template"]),
    ("extensions", "ReplicaSet", &["spec", "template"]),
    ("", "ReplicationController", &["spec", "template"]),
    ("", "PodTemplate", &["template"]),
    ("batch", "Job", &["spec", "template"]),
    ("batch", "CronJob", &["spec", "jobTemplate", "spec", "template"]),
];

/// The pods that an object is or makes: the Pod itself, or the pod of a workload's template. Empty for other kinds,
/// and for a workload that has no template.
#[must_use]
pub fn pods_of(object: &Object) -> Vec<Pod> {
    if object.group().is_empty() && object.kind == "Pod" {
        return vec![Pod::read(&object.node, None, "spec", object.metadata.namespace())];
    }
    let workload = WORKLOADS.iter().find(|(group, kind, _)| object.group() == *group && object.kind == *kind);
    let Some((_, kind, keys)) = workload else { return Vec::new() };
    let Some(template) = object.node.get_path(keys).filter(|template| template.as_map().is_some()) else {
        return Vec::new();
    };
    let selector = object.node.get_path(&["spec", "selector"]).cloned();
    let owner = Owner { kind, name: object.metadata.name().to_owned(), span: object.span(), selector };
    let spec_path = format!("{}.spec", keys.join("."));
    vec![Pod::read(template, Some(owner), &spec_path, object.metadata.namespace())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::container::Role;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn object(text: &str) -> Object {
        Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())
    }

    #[test]
    fn a_cron_jobs_template_lies_two_specs_deep() {
        for version in ["batch/v1", "batch/v1beta1"] {
            let pods = pods_of(&object(&format!(
                r#"{{"apiVersion":"{version}","kind":"CronJob","metadata":{{"name":"nightly","namespace":"ops"}},
                "spec":{{"jobTemplate":{{"spec":{{"template":{{"spec":{{"containers":[{{"name":"a","image":"x"}}]}}}}}}}}}}}}"#
            )));
            let [pod] = pods.as_slice() else { panic!("{version}: one pod") };
            assert_eq!(pod.owner.as_ref().map(|owner| (owner.kind, owner.name.as_str())), Some(("CronJob", "nightly")));
            assert_eq!(pod.namespace, "ops");
            assert_eq!(pod.containers[0].path, "spec.jobTemplate.spec.template.spec.containers[0]");
        }
    }

    #[test]
    fn kinds_of_other_groups_hold_no_pods() {
        let text = r#"{"apiVersion":"example.com/v1","kind":"Deployment","spec":{"template":{"spec":{}}}}"#;
        assert_eq!(pods_of(&object(text)), []);
        assert_eq!(pods_of(&object(r#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{}}"#)), []);
    }

    #[test]
    fn containers_come_in_the_order_in_which_the_kubelet_starts_them_with_their_roles() {
        let text = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{
            "containers":[{"name":"c"}],
            "ephemeralContainers":[{"name":"e"}],
            "initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}]}}"#;
        let pods = pods_of(&object(text));
        let roles: Vec<_> = pods[0].containers.iter().map(|c| (c.name(), c.role, c.path.as_str())).collect();
        assert_eq!(
            roles,
            [
                ("i", Role::Init, "spec.initContainers[0]"),
                ("s", Role::Sidecar, "spec.initContainers[1]"),
                ("c", Role::Container, "spec.containers[0]"),
                ("e", Role::Ephemeral, "spec.ephemeralContainers[0]"),
            ]
        );
    }

    #[test]
    fn what_has_the_wrong_type_counts_as_absent() {
        let text = r#"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[5,{"image":7,"imagePullPolicy":null}],
            "imagePullSecrets":[{},{"name":"a"},"b",null],"volumes":{"a":1},"serviceAccountName":[]}}"#;
        let pods = pods_of(&object(text));
        let pod = &pods[0];
        assert_eq!(pod.containers.len(), 1);
        assert_eq!(pod.containers[0].path, "spec.containers[1]");
        assert_eq!((pod.containers[0].image(), &pod.containers[0].image_pull_policy), ("", &None));
        assert_eq!(pod.image_pull_secrets.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["", "a", ""]);
        assert_eq!(pod.image_pull_secrets[0].span.slice(text), "{}");
        assert_eq!(pod.service_account(), None);
    }
}
