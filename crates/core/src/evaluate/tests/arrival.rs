//! One answer about how a pod comes to its node: of the scheduler, of the pulls, and of start and end.

use crate::evaluate::Whole;
use crate::release::{Cluster, Release};
use crate::report::Tone;
use crate::session::{Input, InputKind, Session};
use crate::time::Duration;

const NODES: &str = "apiVersion: v1
kind: Node
metadata: {name: small}
status: {allocatable: {cpu: '1', memory: 4Gi, pods: '10'}}
---
apiVersion: v1
kind: Node
metadata: {name: large}
status: {allocatable: {cpu: '4', memory: 4Gi, pods: '10'}}
---
";

fn pod(name: &str, cpu: u8, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers: [{{name: app, image: 'nginx:1.25', resources: {{requests: {{cpu: {cpu}}}}}}}]\n{more}---\n"
    )
}

fn whole(texts: &[(InputKind, &str)]) -> Whole {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    let cluster = Cluster::of(Release::minor_unchecked(34));
    Whole::of(Session { cluster, inputs: inputs.collect(), ..Session::default() })
}

fn manifests(parts: &[&str]) -> Whole {
    whole(&[(InputKind::Manifests, &parts.concat())])
}

const LATE: Duration = Duration::from_secs(60);

/// What both simulations say of the first pod: STATUS, events and the beginning of what follows otherwise.
fn held(whole: &Whole) -> (String, String, &'static str) {
    let (pulls, played) = (whole.pulls(0).unwrap(), whole.lifecycle(0).unwrap());
    assert_eq!(pulls.held, played.held);
    let held = pulls.held.unwrap();
    assert!(pulls.verdict == held.verdict && played.verdict == held.verdict);
    assert_eq!(whole.report.pods[0].pull.as_ref().map(|pull| &pull.verdict.text), {
        let there = held.shown.is_some();
        there.then_some(&held.verdict.text)
    });
    let table = held.describe_events_at(LATE, pulls.release).unwrap_or_default();
    (held.get_pods_at("web", LATE), table, held.otherwise)
}

#[test]
fn a_pod_that_no_given_node_takes_stays_pending_everywhere() {
    let whole = manifests(&[&pod("web", 8, ""), NODES]);
    let (pods, events, otherwise) = held(&whole);
    assert_eq!(pods, "NAME   READY   STATUS    RESTARTS   AGE\nweb    0/1     Pending   0          60s\n");
    assert!(events.contains("FailedScheduling"), "{events}");
    assert!(events.contains("default-scheduler  0/2 nodes are available: 2 Insufficient cpu."), "{events}");
    assert!(!events.contains("Successfully assigned"), "{events}");
    assert_eq!(otherwise, "If a node took the pod");
    let pulls = whole.pulls(0).unwrap();
    assert_eq!(pulls.verdict, whole.placement(0).unwrap().verdict);
    assert!(pulls.containers[0].rounds[0].ok && pulls.simulated.tone == Tone::Fine, "what would follow is still there");
}

#[test]
fn the_pod_runs_on_the_node_that_takes_it() {
    let whole = manifests(&[&pod("web", 2, ""), NODES]);
    let pulls = whole.pulls(0).unwrap();
    assert_eq!((pulls.node.as_str(), &pulls.held), ("large", &None));
    assert!(pulls.describe_events_at(LATE).contains("Successfully assigned default/web to large"));
    assert!(pulls.assumptions.iter().all(|taken| !taken.key.ends_with(".node")), "{:?}", pulls.assumptions);
    let either = manifests(&[&pod("web", 1, ""), NODES]).pulls(0).unwrap();
    assert_eq!(either.node, "small");
    assert!(either.assumptions[0].text.contains("1 more"), "{:?}", either.assumptions);
}

#[test]
fn pods_that_are_held_pull_for_nobody_else() {
    let whole =
        manifests(&[&pod("web", 1, ""), &pod("big", 8, ""), &pod("bad", 1, "  restartPolicy: Sometimes\n"), NODES]);
    assert_eq!(whole.pulls(0).unwrap().queue.len(), 1);
    assert_eq!(whole.pulls(1).unwrap().queue.len(), 2, "if a node took it");
}

#[test]
fn of_a_refused_pod_there_is_nothing_to_see() {
    let whole = manifests(&[&pod("web", 1, "  restartPolicy: Sometimes\n"), NODES]);
    let (pods, events, otherwise) = held(&whole);
    assert_eq!(pods, "Error from server (NotFound): pods \"web\" not found\n");
    assert_eq!((events.as_str(), otherwise), ("", "If the API server took the pod"));
    let verdict = whole.pulls(0).unwrap().verdict;
    assert!(
        verdict.text.starts_with("The API server refuses the pod, so it never exists: spec.restartPolicy: "),
        "{verdict:?}"
    );
    assert!(whole.lifecycle(0).unwrap().lanes.len() > 1);
    let placement = whole.placement(0).unwrap();
    assert_eq!((&placement.verdict, placement.status.as_str()), (&verdict, ""));
    assert!(placement.as_if.unwrap().starts_with("Once that is mended: All 2 nodes take the pod"));
}

#[test]
fn the_pods_of_an_object_that_is_refused_do_not_exist() {
    let workload = |labels: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: {labels}}}}}\n    spec:\n      containers: [{{name: a, image: nginx}}]\n"
        )
    };
    let refused = manifests(&[&workload("wep")]);
    let start = "The API server refuses the Deployment `web`, so none of its pods exists";
    let pulls = refused.pulls(0).unwrap();
    assert!(
        pulls.verdict.text.starts_with(&format!("{start}: spec.template.metadata.labels: ")),
        "{:?}",
        pulls.verdict
    );
    assert!(refused.lifecycle(0).unwrap().held.is_some());
    for verdict in [
        refused.placement(0).unwrap().verdict,
        refused.placements().pods.remove(0).verdict,
        refused.stored(0).unwrap().verdict,
        refused.environment(0).unwrap().verdict,
    ] {
        assert!(verdict.tone == Tone::Fails && verdict.text.starts_with(start), "{verdict:?}");
    }
    let told = refused.problems().remove(0);
    assert_eq!(told.diagnostic.code, "validation.workload-selector");
    let fine = manifests(&[&workload("web")]);
    assert!(fine.report.pods[0].refused.is_none());
    assert!(fine.stored(0).unwrap().verdict.text.contains("Of the Deployment itself only"));
}

#[test]
fn what_names_a_node_itself_is_checked_by_its_kubelet() {
    let (pods, events, otherwise) = held(&manifests(&[&pod("web", 2, "  nodeName: small\n"), NODES]));
    assert!(pods.contains("OutOfcpu"), "{pods}");
    assert_eq!((events.as_str(), otherwise), ("Events:  <none>\n", "If the kubelet took the pod"));
    let elsewhere = manifests(&[&pod("web", 2, "  nodeName: elsewhere\n"), NODES]);
    let pulls = elsewhere.pulls(0).unwrap();
    assert_eq!((pulls.node.as_str(), &pulls.held), ("elsewhere", &None));
    assert!(pulls.assumptions[0].text.contains("was not given"), "{:?}", pulls.assumptions);
    assert_eq!(elsewhere.placement(0).unwrap().verdict.tone, Tone::Look, "placed with the same words");
}

#[test]
fn a_sandbox_that_cannot_be_made_is_tried_again_and_again() {
    let class = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n---\n";
    let text = [&pod("web", 1, "  runtimeClassName: gvisor\n"), class, NODES].concat();
    let config = "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\nruntime_type = 'io.containerd.runc.v2'\n";
    let both = whole(&[(InputKind::Manifests, &text), (InputKind::RuntimeConfig, config)]);
    let (pods, events, otherwise) = held(&both);
    assert!(pods.contains("ContainerCreating"), "{pods}");
    assert!(events.contains("Successfully assigned default/web to small"), "{events}");
    assert!(events.contains("FailedCreatePodSandBox") && events.contains("(x6 over 60s)"), "{events}");
    assert_eq!(otherwise, "If the pod's sandbox could be made");
    let one = format!("{config}# node: large\n{}", config.replace("runc]", "runsc]"));
    let one = whole(&[(InputKind::Manifests, &text), (InputKind::RuntimeConfig, &one)]);
    let pulls = one.pulls(0).unwrap();
    assert_eq!((pulls.node.as_str(), pulls.held), ("large", None), "the node that can run it");
}

#[test]
fn what_was_not_given_holds_nothing() {
    let selects = pod("web", 1, "  nodeSelector: {disk: ssd}\n");
    let without_nodes = manifests(&[&selects]);
    assert_eq!(without_nodes.pulls(0).unwrap().held, None, "the cluster may have such a node");
    assert_eq!(without_nodes.placement(0).unwrap().verdict.tone, Tone::Look);
    let class = manifests(&[&pod("web", 1, "  runtimeClassName: gvisor\n")]);
    assert_eq!(class.pulls(0).unwrap().held, None, "the cluster may have the class");
    let scenario = "pods: [{pod: web, node: large}]";
    let put = whole(&[(InputKind::Manifests, &[selects.as_str(), NODES].concat()), (InputKind::Scenario, scenario)]);
    let pulls = put.pulls(0).unwrap();
    assert_eq!((pulls.node.as_str(), &pulls.held), ("large", &None), "the scenario decides");
    assert!(pulls.assumptions[0].text.contains("does not fit"), "{:?}", pulls.assumptions);
}
