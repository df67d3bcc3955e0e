//! What the API server refuses in an object that makes pods, as far as it is looked at here: that its selector finds the
//! pods of its template, and that they are restarted as it needs. Upstream: pkg/apis/apps/validation/validation.go,
//! pkg/apis/batch/validation/validation.go and pkg/apis/core/validation/validation.go ValidateReplicationControllerSpec.

use super::{At, BadValue, ErrorType, FieldError};
use crate::api::pod::Owner;
use crate::api::scheduling::{Label, entries, labels};
use crate::api::{Pod, list, objects, plain};
use crate::quote::quote;
use crate::release::{Cluster, Release};
use crate::rule::validation as rules;
use podwhy_source::Node;

/// The errors of the object that makes this pod, beside those of its template; none for a Pod itself.
#[must_use]
pub fn errors(pod: &Pod, cluster: &Cluster) -> Vec<FieldError> {
    let Some(owner) = &pod.owner else { return Vec::new() };
    let mut errors = selector(owner, pod, cluster.release);
    errors.extend(restart_policy(owner, pod, cluster.release));
    errors
}

fn restart_policy(owner: &Owner, pod: &Pod, release: Release) -> Option<FieldError> {
    let written = pod.lifecycle.restart_policy.as_ref().filter(|policy| !policy.value.is_empty());
    let policy = written.map_or("Always", |policy| policy.value.as_str());
    let path = format!("{}.restartPolicy", pod.spec_path);
    let span = written.map_or(pod.span, |policy| policy.span);
    match owner.kind {
        "Job" | "CronJob" => {
            let at = At::new(&rules::JOB_RESTART_POLICY, path, span);
            match policy {
                "OnFailure" | "Never" => None,
                // Defaulting has filled it in, so that what is left out and what is written cannot be told apart.
                "Always" if rules::JOB_RESTART_POLICY_REQUIRED.holds_in(release) => {
                    Some(at.error(ErrorType::Required, BadValue::None, "valid values: \"OnFailure\", \"Never\""))
                }
                other => Some(at.not_supported(other, &["OnFailure", "Never"])),
            }
        }
        "PodTemplate" => None,
        _ if policy == "Always" => None,
        _ => Some(At::new(&rules::WORKLOAD_RESTART_POLICY, path, span).not_supported(policy, &["Always"])),
    }
}

fn selector(owner: &Owner, pod: &Pod, release: Release) -> Vec<FieldError> {
    // A Job's selector is made by the API server; a CronJob's may not be written.
    if matches!(owner.kind, "Job" | "CronJob" | "PodTemplate") {
        return Vec::new();
    }
    let written = owner.selector.as_ref().filter(|selector| !selector.is_null());
    let template = pod.root_path();
    let object = template.strip_suffix(".template").unwrap_or(template);
    let at = |span| At::new(&rules::WORKLOAD_SELECTOR, format!("{object}.selector"), span);
    let mismatch = || {
        let own = &pod.metadata.labels;
        let span = own.first().map_or(pod.span, |(_, label)| label.span);
        let at = At::new(&rules::WORKLOAD_SELECTOR, format!("{template}.metadata.labels"), span);
        let labels =
            BadValue::Printed(printed(own.iter().map(|(key, label)| (key.as_str(), label.value.as_str())), release));
        at.error(ErrorType::Invalid, labels, "`selector` does not match template `labels`")
    };
    let has = |wanted: &Label| value(pod, &wanted.key.value) == Some(wanted.value.value.as_str());
    if owner.kind == "ReplicationController" {
        // Left out, it is the template's labels.
        let wanted = owner.selector.as_ref().map(entries).unwrap_or_default();
        return if wanted.iter().all(has) { Vec::new() } else { vec![mismatch()] };
    }
    let Some(written) = written else {
        let missing = (owner.kind != "DaemonSet").then(|| at(owner.span).required());
        return missing.into_iter().chain([mismatch()]).collect();
    };
    let wanted = labels(written, "matchLabels").unwrap_or_default();
    let expressions: Vec<&Node> = objects(written, "matchExpressions").map(|(_, node)| node).collect();
    if wanted.is_empty() && expressions.is_empty() {
        let kind = match owner.kind {
            "StatefulSet" => "statefulset.",
            "DaemonSet" => "daemonset",
            _ => "deployment",
        };
        let word = if owner.kind == "StatefulSet" { "not valid" } else { "invalid" };
        return vec![at(written.span).error(
            ErrorType::Invalid,
            BadValue::Dump,
            format!("empty selector is {word} for {kind}"),
        )];
    }
    let holds = wanted.iter().all(has) && expressions.iter().all(|one| expression(one, pod).unwrap_or(true));
    if holds { Vec::new() } else { vec![mismatch()] }
}

/// The value of a label of the template.
fn value<'a>(pod: &'a Pod, key: &str) -> Option<&'a str> {
    pod.metadata.labels.iter().rev().find(|(name, _)| name == key).map(|(_, label)| label.value.as_str())
}

/// Whether an expression holds for the template's labels; `None` for one that cannot be read.
fn expression(node: &Node, pod: &Pod) -> Option<bool> {
    let value = value(pod, &plain(node, "key"));
    let is_in = || value.is_some_and(|value| list(node, "values").any(|one| one.as_text() == Some(value)));
    match plain(node, "operator").as_str() {
        "In" => Some(is_in()),
        "NotIn" => Some(!is_in()),
        "Exists" => Some(value.is_some()),
        "DoesNotExist" => Some(value.is_none()),
        _ => None,
    }
}

/// Labels as an error prints them: sorted, as Go's source or as JSON.
fn printed<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>, release: Release) -> String {
    let json = rules::VALUES_AS_JSON.holds_in(release);
    let map: std::collections::BTreeMap<&str, &str> = labels.collect();
    let entries: Vec<String> = map.iter().map(|(key, value)| format!("{}:{}", quote(key), quote(value))).collect();
    match (json, entries.is_empty()) {
        (true, true) => "null".to_owned(),
        (true, false) => format!("{{{}}}", entries.join(",")),
        (false, true) => "map[string]string(nil)".to_owned(),
        (false, false) => format!("map[string]string{{{}}}", entries.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Object, pods_of};
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn found(kind: &str, spec: &str, minor: u8) -> Vec<String> {
        let version = if kind.ends_with("Job") { "batch/v1" } else { "apps/v1" };
        let version = if kind == "ReplicationController" { "v1" } else { version };
        let text = format!(r#"{{"apiVersion":"{version}","kind":"{kind}","metadata":{{"name":"w"}},"spec":{spec}}}"#);
        let pod = pods_of(&Object::read(parse(&text, Place::Within(InputId(0), 0)).unwrap())).remove(0);
        let errors = errors(&pod, &Cluster::of(Release::minor_unchecked(minor)));
        errors
            .iter()
            .map(|error| error.message().unwrap_or_else(|| format!("{}: {}", error.field, error.detail)))
            .collect()
    }

    fn workload(selector: &str, labels: &str, policy: &str) -> String {
        format!(
            r#"{{{selector}"template":{{"metadata":{{"labels":{labels}}},"spec":{{{policy}"containers":[{{"name":"a","image":"x"}}]}}}}}}"#
        )
    }

    const APP: &str = r#""selector":{"matchLabels":{"app":"web"}},"#;

    #[test]
    fn the_selector_must_find_the_templates_labels() {
        for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] {
            assert_eq!(found(kind, &workload(APP, r#"{"app":"web","b":"c"}"#, ""), 34), [""; 0], "{kind}");
            assert_eq!(
                found(kind, &workload(APP, r#"{"b":"c","app":"wep"}"#, ""), 34),
                [
                    r#"spec.template.metadata.labels: Invalid value: {"app":"wep","b":"c"}: `selector` does not match template `labels`"#
                ],
                "{kind}"
            );
            assert_eq!(
                found(kind, &workload(APP, r#"{"app":"wep","b":"c"}"#, ""), 30),
                [
                    r#"spec.template.metadata.labels: Invalid value: map[string]string{"app":"wep", "b":"c"}: `selector` does not match template `labels`"#
                ],
                "{kind}"
            );
        }
        let mismatch =
            "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`";
        assert_eq!(found("Deployment", &workload("", "{}", ""), 34), ["spec.selector: Required value", mismatch]);
        assert_eq!(found("DaemonSet", &workload("", "{}", ""), 34), [mismatch]);
    }

    #[test]
    fn an_empty_selector_is_refused_and_expressions_count() {
        let empty = r#""selector":{},"#;
        let told = |kind: &str| found(kind, &workload(empty, r#"{"a":"b"}"#, ""), 34);
        assert_eq!(told("ReplicaSet"), ["spec.selector: empty selector is invalid for deployment"]);
        assert_eq!(told("StatefulSet"), ["spec.selector: empty selector is not valid for statefulset."]);
        let expression = r#""selector":{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]}]},"#;
        assert_eq!(found("Deployment", &workload(expression, r#"{"a":"b"}"#, ""), 34).len(), 1);
        assert_eq!(found("Deployment", &workload(expression, r#"{"a":"c"}"#, ""), 34), [""; 0]);
        let old = r#""selector":{"a":"b"},"#;
        assert_eq!(found("ReplicationController", &workload(old, r#"{"a":"c"}"#, ""), 34).len(), 1);
        assert_eq!(found("ReplicationController", &workload("", r#"{"a":"c"}"#, ""), 34), [""; 0]);
    }

    #[test]
    fn what_runs_for_ever_restarts_always_and_jobs_never_do() {
        let never = workload(APP, r#"{"app":"web"}"#, r#""restartPolicy":"Never","#);
        let unsupported = r#"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#;
        for kind in ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] {
            assert_eq!(found(kind, &never, 34), [unsupported], "{kind}");
        }
        assert_eq!(found("Job", &never, 34), [""; 0]);
        let left_out = workload("", "{}", "");
        assert_eq!(
            found("Job", &left_out, 34),
            [r#"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#]
        );
        assert_eq!(
            found("Job", &left_out, 20),
            [
                r#"spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never""#
            ]
        );
        let nightly = format!(r#"{{"schedule":"0 3 * * *","jobTemplate":{{"spec":{left_out}}}}}"#);
        assert_eq!(
            found("CronJob", &nightly, 34),
            [
                r#"spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#
            ]
        );
    }
}
