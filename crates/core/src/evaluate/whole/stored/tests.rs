use super::*;
use crate::evaluate::whole::effective::{Fate, Part};
use crate::feature::Feature;
use crate::release::{AdmissionPlugin, Cluster, Release};
use crate::session::{Input, InputKind, Session};

fn whole(text: &str, cluster: Cluster) -> Whole {
    let input = Input { kind: InputKind::Manifests, name: "pod.yaml".to_owned(), text: text.to_owned() };
    Whole::of(Session { cluster, inputs: vec![input], ..Session::default() })
}

fn stored(text: &str) -> Stored {
    whole(text, Cluster::default()).stored(0).unwrap()
}

fn changed(stored: &Stored) -> Vec<(String, String)> {
    let rule = |part: &Part| match &part.origin {
        Origin::Defaulted { rule, .. } | Origin::Merged { rule, .. } => rule.id.to_owned(),
        other => format!("{other:?}"),
    };
    stored.effective.changes().into_iter().map(|(path, part)| (path, rule(part))).collect()
}

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: a\n    image: x:1\n";

#[test]
fn every_added_value_has_its_rule() {
    let stored = stored(POD);
    let changed = changed(&stored);
    let rule = |path: &str| changed.iter().find(|(known, _)| known == path).map(|(_, rule)| rule.as_str());
    for (path, id) in [
        ("metadata.namespace", "defaulting.namespace"),
        ("spec.restartPolicy", "defaulting.restart-policy"),
        ("spec.serviceAccountName", "admission.service-account-name"),
        ("spec.serviceAccount", "admission.service-account-name"),
        ("spec.volumes", "admission.token-volume"),
        ("spec.containers[0].volumeMounts", "admission.token-volume"),
        ("spec.tolerations", "admission.default-toleration-seconds"),
        ("spec.priority", "admission.priority"),
    ] {
        assert_eq!(rule(path), Some(id), "{path} in {changed:?}");
    }
    assert!(rule("spec.containers[0].imagePullPolicy").is_some_and(|rule| rule.starts_with("image.")));
    assert!(changed.iter().all(|(_, rule)| rule.contains('.') && !rule.contains("Assumed")), "{changed:?}");
    assert!(stored.verdict.text.starts_with("v1.34 stores Pod `web` with "), "{}", stored.verdict.text);
}

#[test]
fn a_class_brings_selector_tolerations_and_overhead() {
    let text = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata:\n  name: gvisor\nhandler: runsc\noverhead:\n  podFixed:\n    cpu: 250m\n\
        scheduling:\n  nodeSelector:\n    runtime: gvisor\n  tolerations:\n  - operator: Exists\n---\n";
    let pod =
        POD.replace("spec:\n", "spec:\n  runtimeClassName: gvisor\n  tolerations:\n  - key: a\n    operator: Exists\n");
    let stored = stored(&format!("{text}{pod}"));
    let changed = changed(&stored);
    let paths: Vec<&str> = changed.iter().map(|(path, _)| path.as_str()).collect();
    for path in ["spec.nodeSelector", "spec.overhead"] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    let changes = stored.effective.changes();
    let removed =
        changes.iter().filter(|(path, part)| path.starts_with("spec.tolerations[") && part.fate == Fate::Removed);
    assert_eq!(removed.count(), 1, "the class tolerates everything, so the pod's own goes: {paths:?}");
    assert_eq!(stored.node.get_path(&["spec", "tolerations"]).and_then(Node::as_list).map(<[Node]>::len), Some(1));
}

#[test]
fn a_template_becomes_a_pod() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  selector: {}\n  template:\n    spec:\n      containers:\n      - name: a\n        image: x\n";
    let stored = stored(text);
    let json = serde_json::to_value(stored.effective.manifest()).unwrap();
    assert_eq!((&json["apiVersion"], &json["kind"]), (&"v1".into(), &"Pod".into()));
    assert_eq!(json["metadata"]["namespace"], "shop");
    assert_eq!(json["spec"]["containers"][0]["imagePullPolicy"], "Always");
    assert!(changed(&stored).iter().all(|(_, rule)| !rule.contains("Assumed")), "{:?}", changed(&stored));
}

#[test]
fn always_pull_images_changes_what_is_written() {
    let mut cluster = Cluster::default();
    cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
    let text = POD.replace("image: x:1", "image: x:1\n    imagePullPolicy: Never");
    let stored = whole(&text, cluster).stored(0).unwrap();
    let changes = stored.effective.changes();
    let (_, policy) = changes.iter().find(|(path, _)| path == "spec.containers[0].imagePullPolicy").unwrap();
    assert_eq!(policy.fate, Fate::Changed { was: "Never".to_owned() });
}

#[test]
fn a_refused_pod_is_not_stored_and_odd_shapes_are_answered() {
    let refused = stored(&POD.replace("image: x:1", "image: x:1\n    imagePullPolicy: Sometimes"));
    assert!(refused.refused.is_some() && refused.verdict.tone == Tone::Fails, "{:?}", refused.verdict);
    let unknown = stored(&POD.replace("spec:\n", "spec:\n  runtimeClassName: gone\n"));
    assert!(unknown.refused.is_none() && unknown.verdict.tone == Tone::Look, "the cluster may have the class");
    for text in [
        "kind: Pod\napiVersion: v1\nspec: []\n",
        "kind: Pod\napiVersion: v1\n",
        "kind: Pod\napiVersion: v1\nspec:\n  containers: 5\n",
    ] {
        let whole = whole(text, Cluster::of(Release::OLDEST));
        for position in 0..whole.report.pods.len() {
            assert!(whole.stored(position).is_some(), "{text}");
        }
    }
}

/// The paths that were taken out, with the rules that did.
fn dropped(text: &str, minor: u8, off: &[Feature]) -> Vec<(String, String)> {
    let mut cluster = Cluster::of(Release::from_minor(minor).unwrap());
    off.iter().for_each(|gate| cluster.gates.insert(*gate, false));
    let stored = whole(text, cluster).stored(0).unwrap();
    let removed: Vec<String> = stored
        .effective
        .changes()
        .into_iter()
        .filter(|(_, part)| part.fate == Fate::Removed)
        .map(|(path, part)| {
            assert!(part.origin.span().is_some_and(|span| span == part.span), "{path} is told at its line");
            path
        })
        .collect();
    if !removed.is_empty() && stored.refused.is_none() {
        assert!(stored.verdict.text.contains("feature gates are off"), "{}", stored.verdict.text);
    }
    changed(&stored).into_iter().filter(|(path, _)| removed.contains(path)).collect()
}

#[test]
fn fields_whose_gate_is_off_are_dropped() {
    let with = |line: &str| POD.replace("spec:\n", &format!("spec:\n{line}"));
    let one = |text: &str, minor, off: &[Feature]| {
        let found = dropped(text, minor, off);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    };
    let said = |path: &str, rule: &str| (path.to_owned(), rule.to_owned());
    let override_ = with("  hostnameOverride: other\n");
    assert_eq!(one(&override_, 34, &[]), said("spec.hostnameOverride", "api.hostname-override-dropped"));
    assert_eq!(dropped(&override_, 35, &[]), []);
    let resources = with("  resources: {limits: {cpu: 1}}\n");
    assert_eq!(one(&resources, 33, &[]), said("spec.resources", "api.pod-resources-dropped"));
    let init = with("  initContainers:\n  - {name: s, image: 'x:1', restartPolicy: Always}\n");
    assert_eq!(one(&init, 28, &[]), said("spec.initContainers[0].restartPolicy", "api.sidecars-dropped"));
    assert_eq!(dropped(&init, 34, &[]), [], "its gate for restart rules is off, and Always belongs to sidecars");
    let rules = with("").replace("image: x:1", "image: x:1\n    restartPolicy: Never");
    assert_eq!(one(&rules, 34, &[]), said("spec.containers[0].restartPolicy", "api.restart-rules-dropped"));
    let signal =
        with("  os: {name: linux}\n").replace("image: x:1", "image: x:1\n    lifecycle: {stopSignal: SIGUSR1}");
    assert_eq!(one(&signal, 34, &[]), said("spec.containers[0].lifecycle", "api.stop-signal-dropped"));
    let sleep = with("").replace(
        "image: x:1",
        "image: x:1\n    lifecycle: {preStop: {sleep: {seconds: 5}}, postStart: {exec: {command: [a]}}}",
    );
    assert_eq!(one(&sleep, 29, &[]), said("spec.containers[0].lifecycle.preStop", "api.sleep-dropped"));
    assert_eq!(one(&sleep, 33, &[Feature::PodLifecycleSleepAction]).1, "api.sleep-dropped", "switched off");
    let grace = with("").replace(
        "image: x:1",
        "image: x:1\n    livenessProbe: {exec: {command: [a]}, terminationGracePeriodSeconds: 5}",
    );
    let path = "spec.containers[0].livenessProbe.terminationGracePeriodSeconds";
    assert_eq!(one(&grace, 24, &[]), said(path, "api.probe-grace-dropped"));
    let file = with("").replace(
        "image: x:1",
        "image: x:1\n    env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k}}}]",
    );
    assert_eq!(one(&file, 34, &[]), said("spec.containers[0].env[0].valueFrom.fileKeyRef", "api.file-key-dropped"));
}

#[test]
fn image_volumes_go_with_their_mounts() {
    let text = POD
        .replace("spec:\n", "spec:\n  volumes: [{name: v, image: {reference: 'y:1'}}, {name: e, emptyDir: {}}]\n")
        .replace("image: x:1", "image: x:1\n    volumeMounts: [{name: v, mountPath: /v}]");
    let found = dropped(&text, 33, &[]);
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["spec.containers[0].volumeMounts[0]", "spec.volumes[0]"]);
    assert!(found.iter().all(|(_, rule)| rule == "api.image-volumes-dropped"), "{found:?}");
    assert_eq!(dropped(&text, 35, &[]), []);
}

const CLASSES: &str = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\npreemptionPolicy: Never\n---\n\
apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: usual}\nvalue: 7\nglobalDefault: true\n---\n";

/// The priority, the class and the preemption policy as they are stored.
fn priority(stored: &Stored) -> (i64, String, String) {
    let text = |key: &str| {
        let value = stored.node.get_path(&["spec", key]).and_then(Node::as_text);
        value.unwrap_or_default().to_owned()
    };
    let value = stored.node.get_path(&["spec", "priority"]).and_then(Node::as_int).unwrap_or(-1);
    (value, text("priorityClassName"), text("preemptionPolicy"))
}

#[test]
fn a_priority_class_gives_its_value_with_its_line() {
    let with = |line: &str| POD.replace("spec:\n", &format!("spec:\n{line}"));
    let gives = |value: i64, class: &str, policy: &str| (value, class.to_owned(), policy.to_owned());
    let named = stored(&[CLASSES, &with("  priorityClassName: high\n")].concat());
    assert_eq!(priority(&named), gives(1000, "high", "Never"));
    let changes = named.effective.changes();
    let (_, part) = changes.iter().find(|(path, _)| path == "spec.priority").unwrap();
    assert_eq!(part.origin.span().unwrap().slice(CLASSES), "1000", "the line that says so");
    let default = stored(&[CLASSES, POD].concat());
    assert_eq!(priority(&default), gives(7, "usual", "PreemptLowerPriority"));
    let lower = CLASSES.replace("name: high}\nvalue: 1000", "name: low}\nvalue: 3\nglobalDefault: true");
    assert_eq!(priority(&stored(&[&lower, POD].concat())).1, "low", "of several the lowest");
    let system = stored(&with("  priorityClassName: system-node-critical\n"));
    assert_eq!(priority(&system), gives(2_000_001_000, "system-node-critical", "PreemptLowerPriority"));
    assert_eq!(priority(&stored(POD)), gives(0, "", "PreemptLowerPriority"));
}

#[test]
fn an_unknown_priority_class_may_be_in_the_cluster_and_a_wrong_number_is_refused() {
    let with = |line: &str| POD.replace("spec:\n", &format!("spec:\n{line}"));
    let unknown = stored(&with("  priorityClassName: gone\n"));
    assert!(unknown.refused.is_none() && unknown.verdict.tone == Tone::Look, "{:?}", unknown.verdict);
    let words = "pods \"web\" is forbidden: no PriorityClass with name gone was found";
    assert!(unknown.trace.iter().any(|step| step.finding.contains(words)), "{:?}", unknown.trace);
    assert!(unknown.verdict.text.ends_with("Its PriorityClass is not given, so what that would add is not here."));
    let text = [CLASSES, &with("  priorityClassName: high\n  priority: 5\n")].concat();
    let wrong = whole(&text, Cluster::default());
    let refused = wrong.stored(0).unwrap().refused.unwrap();
    assert_eq!(
        refused.message,
        "pods \"web\" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name"
    );
    assert_eq!(refused.span.unwrap().slice(&text), "5");
    assert!(wrong.pulls(0).unwrap().held.is_some(), "no view starts it");
    let policy =
        stored(&[CLASSES, &with("  priorityClassName: high\n  preemptionPolicy: PreemptLowerPriority\n")].concat());
    assert!(policy.refused.unwrap().message.contains("computed Never from"));
    let same = stored(&[CLASSES, &with("  priorityClassName: high\n  priority: 1000\n")].concat());
    assert!(same.refused.is_none());
}
