use super::*;
use crate::evaluate::whole::effective::{Fate, Scalar};
use crate::release::Release;
use crate::report::Tone;
use crate::session::{Input, InputKind, Session};
use podwhy_source::LineIndex;

fn whole_in(minor: u8, texts: &[(InputKind, &str)]) -> Whole {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    let cluster = Cluster::of(Release::from_minor(minor).unwrap());
    Whole::of(Session { inputs: inputs.collect(), cluster, ..Session::default() })
}

fn whole(manifests: &str) -> Whole {
    whole_in(34, &[(InputKind::Manifests, manifests)])
}

/// The line of a place in the first text.
fn line(text: &str, span: Span) -> u32 {
    LineIndex::new(text).line_of(span.start)
}

fn problem<'a>(whole: &'a Whole, code: &str) -> &'a Diagnostic {
    let found = whole.report.problems.iter().find(|problem| problem.code == code);
    found.unwrap_or_else(|| panic!("{code}: {:?}", whole.report.problems))
}

const CLASS: &str = "apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
overhead: {podFixed: {cpu: 250m, memory: 120Mi}}
scheduling:
  nodeSelector: {runtime: gvisor}
  tolerations:
  - {key: runtime, operator: Equal, value: gvisor, effect: NoSchedule}
---
";

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  runtimeClassName: gvisor
  nodeSelector: {disk: ssd}
  tolerations:
  - {key: gpu, operator: Exists}
  containers:
  - name: main
    image: nginx:1.27
    resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}
---
";

const NODES: &str = "apiVersion: v1
kind: Node
metadata: {name: good, labels: {runtime: gvisor, disk: ssd}}
spec: {taints: [{key: runtime, value: gvisor, effect: NoSchedule}]}
status: {allocatable: {cpu: '2', memory: 4Gi, pods: '10'}}
---
apiVersion: v1
kind: Node
metadata: {name: plain, labels: {disk: ssd}}
status: {allocatable: {cpu: '2', memory: 4Gi, pods: '10'}}
---
";

#[test]
fn the_pod_meets_its_class_and_its_node() {
    let text = [CLASS, POD, NODES].concat();
    let whole = whole(&text);
    assert_eq!(whole.report.problems, []);
    let placement = whole.placement(0).unwrap();
    assert_eq!(
        placement.verdict.text,
        "1 of 2 nodes takes the pod: `good`, which then runs with the handler `runsc` of RuntimeClass `gvisor`."
    );
    assert_eq!((placement.verdict.tone, placement.status.as_str()), (Tone::Fine, "ContainerCreating"));
    let keys: Vec<(&str, bool, bool)> =
        placement.selector.iter().map(|e| (e.key.as_str(), e.pod.is_some(), e.class.is_some())).collect();
    assert_eq!(keys, [("disk", true, false), ("runtime", false, true)]);
    let cpu = placement.resources.requests.iter().find(|sum| sum.resource == "cpu").unwrap();
    assert_eq!((cpu.total.to_string().as_str(), cpu.parts.len()), ("350m", 2));
    let memory = placement.resources.limits.iter().find(|sum| sum.resource == "memory").unwrap();
    assert_eq!(memory.total.to_string(), "184Mi");
    let plain = &placement.fit.as_ref().unwrap().nodes[1];
    let step = plain.failures().flat_map(|verdict| &verdict.steps).find(|step| step.mark == crate::trace::Mark::No);
    assert_eq!(line(&text, step.unwrap().at.unwrap()), 7, "the class's line says what the node lacks");
}

#[test]
fn the_manifest_shows_what_the_class_changed() {
    use crate::rule::admission::{CLASS_OVERHEAD, CLASS_SELECTOR, MERGED_TOLERATIONS};
    let text = [CLASS, POD].concat();
    let effective = whole(&text).stored(0).unwrap().effective;
    let of_class = |origin: &crate::trace::Origin| {
        let rules = [&CLASS_OVERHEAD, &CLASS_SELECTOR, &MERGED_TOLERATIONS];
        matches!(origin, crate::trace::Origin::Merged { rule, .. } if rules.contains(rule))
    };
    let changes = effective.changes();
    let told: Vec<(&str, u32)> = changes
        .iter()
        .filter(|(_, part)| of_class(&part.origin))
        .map(|(path, part)| (path.as_str(), line(&text, part.origin.span().unwrap())))
        .collect();
    // The plug-in DefaultTolerationSeconds comes before RuntimeClass.
    assert_eq!(told, [("spec.nodeSelector.runtime", 7), ("spec.overhead", 5), ("spec.tolerations[3]", 9)]);
    let lines = effective.lines(&Scalar::words);
    let added: Vec<&str> = lines
        .iter()
        .filter(|line| line.fate == Fate::Added && line.origin.as_ref().is_some_and(of_class))
        .map(|line| line.text.trim())
        .collect();
    assert_eq!(
        added,
        [
            "runtime: gvisor",
            "overhead:",
            "cpu: 250m",
            "memory: 120Mi",
            "- effect: NoSchedule",
            "key: runtime",
            "operator: Equal",
            "value: gvisor"
        ]
    );
}

#[test]
fn a_covered_toleration_of_the_pod_is_struck_out() {
    let pod = POD
        .replace("{key: gpu, operator: Exists}", "{key: runtime, operator: Equal, value: gvisor, effect: NoSchedule}");
    let class = CLASS.replace(
        "{key: runtime, operator: Equal, value: gvisor, effect: NoSchedule}",
        "{key: runtime, operator: Exists}",
    );
    let text = [class, pod].concat();
    let effective = whole(&text).stored(0).unwrap().effective;
    let changes = effective.changes();
    let gone = changes.iter().find(|(_, part)| part.fate == Fate::Removed).unwrap();
    assert_eq!(gone.0, "spec.tolerations[0]");
    assert_eq!(line(&text, gone.1.origin.span().unwrap()), 9);
}

#[test]
fn a_conflict_is_told_at_both_lines_and_no_node_is_asked() {
    let text = [CLASS, POD, NODES].concat().replace("{disk: ssd}\n  tol", "{runtime: runc}\n  tol");
    let whole = whole(&text);
    let placement = whole.placement(0).unwrap();
    let refusal = placement.refused.unwrap();
    assert_eq!(
        refusal.message,
        "pods \"web\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[runtime] = gvisor; pod.spec.nodeSelector[runtime] = runc"
    );
    let entry = placement.selector.iter().find(|entry| entry.is_conflict()).unwrap();
    assert_eq!(line(&text, entry.pod.as_ref().unwrap().span()), 16);
    assert_eq!(line(&text, entry.class.as_ref().unwrap().span()), 7);
    assert!(placement.fit.is_none() && placement.verdict.tone == Tone::Fails);
    assert_eq!(line(&text, problem(&whole, "runtime-class-refuses").span.unwrap()), 16);
    assert!(whole.report.pods[0].refused.is_some());
}

#[test]
fn a_class_that_is_not_given_may_be_in_the_cluster() {
    let whole = whole(POD);
    let placement = whole.placement(0).unwrap();
    assert!(
        placement.verdict.text.contains("pod rejected: RuntimeClass \"gvisor\" not found"),
        "{}",
        placement.verdict.text
    );
    assert!(whole.report.pods[0].refused.is_none(), "the other answers go on");
    let doubt = "refuses the pod unless the cluster has a RuntimeClass `gvisor`, which is not given.";
    let (pulls, played) = (whole.pulls(0).unwrap(), whole.lifecycle(0).unwrap());
    for verdict in [&placement.verdict, &pulls.verdict, &played.verdict] {
        assert!(verdict.tone == Tone::Look && verdict.text.contains(doubt), "{verdict:?}");
    }
    assert_eq!(line(POD, problem(&whole, "runtime-class-missing").span.unwrap()), 5);
    assert!(placement.notes.iter().any(|note| note.id == "admission.note-class-missing"));
}

#[test]
fn a_template_is_refused_by_an_event() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      runtimeClassName: none\n      containers: [{name: a, image: x}]\n";
    let placement = whole(deployment).placement(0).unwrap();
    let event = &placement.events[0];
    assert_eq!((event.reason.as_str(), event.object.as_str()), ("FailedCreate", "ReplicaSet of Deployment `api`"));
    assert_eq!(
        event.message,
        "Error creating: pods \"api-\" is forbidden: pod rejected: RuntimeClass \"none\" not found"
    );
}

#[test]
fn three_nodes_are_assumed_where_none_is_given() {
    let whole = whole(POD.replace("  runtimeClassName: gvisor\n", "").as_str());
    let placement = whole.placement(0).unwrap();
    let fit = placement.fit.as_ref().unwrap();
    assert_eq!(
        fit.message.as_deref(),
        Some("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.")
    );
    assert!(placement.assumptions.iter().any(|assumption| assumption.text.starts_with("No Node was given.")));
    assert_eq!((placement.verdict.tone, placement.status.as_str(), placement.events.len()), (Tone::Look, "", 0));
    assert!(placement.verdict.text.contains("none is given") && placement.verdict.text.contains("disk"));
    assert!(placement.advice.iter().all(|advice| advice.commands.is_empty()), "nobody has these nodes");
    let spans = fit.nodes.iter().flat_map(|node| &node.verdicts).flat_map(|verdict| &verdict.steps);
    assert!(spans.flat_map(|step| step.at.iter().chain(&step.because)).all(|span| span.input.0 == 0));
}

#[test]
fn bound_pods_take_room() {
    let bound = |name: &str| {
        POD.replace("{name: web}", &format!("{{name: {name}}}"))
            .replace("  runtimeClassName: gvisor\n", "  nodeName: plain\n")
            .replace("cpu: 100m", "cpu: '1'")
    };
    let pod = POD.replace("  runtimeClassName: gvisor\n", "").replace("cpu: 100m", "cpu: 500m");
    let text = [NODES, &bound("a"), &bound("b"), &pod].concat();
    let whole = whole(&text);
    let placement = whole.placement(2).unwrap();
    let message = placement.fit.unwrap().message.unwrap();
    assert_eq!(
        message,
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {runtime: gvisor}."
    );
    let first = whole.placement(0).unwrap();
    assert_eq!(first.bound.as_ref().unwrap().reason, None, "{first:?}");
    assert_eq!(whole.placements().nodes[1].bound, 2);
}

#[test]
fn a_kubelet_refuses_what_is_bound_to_it_and_does_not_fit() {
    let pod = POD.replace("  runtimeClassName: gvisor\n", "  nodeName: plain\n").replace("cpu: 100m", "cpu: '8'");
    let placement = whole(&[NODES, &pod].concat()).placement(0).unwrap();
    assert_eq!(placement.bound.unwrap().reason.as_deref(), Some("OutOfcpu"));
    assert_eq!(placement.status, "OutOfcpu");
}

#[test]
fn an_unknown_handler_keeps_the_pod_pending() {
    let config = "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\nruntime_type = 'io.containerd.runc.v2'\n";
    let texts = [(InputKind::Manifests, [CLASS, POD, NODES].concat()), (InputKind::RuntimeConfig, config.to_owned())];
    let texts: Vec<(InputKind, &str)> = texts.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
    let whole = whole_in(34, &texts);
    let placement = whole.placement(0).unwrap();
    assert_eq!(placement.verdict.tone, Tone::Fails);
    assert_eq!(placement.events[0].reason, "FailedCreatePodSandBox");
    assert!(placement.events[0].message.ends_with("no runtime for \"runsc\" is configured"));
    assert_eq!(placement.snippets.len(), 3);
    assert!(placement.notes.iter().any(|note| note.id == "runtime.note-unknown-handler"));
    assert!(placement.notes.iter().any(|note| note.id == "validation.note-class-fields"), "the class has an overhead");
    let per_node = format!(
        "{config}# node: good\nversion = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]\nruntime_type = 'io.containerd.runsc.v1'\n[plugins.'io.containerd.cri.v1.runtime'.containerd]\ndefault_runtime_name = 'runsc'\n"
    );
    let whole = whole_in(34, &[texts[0], (InputKind::RuntimeConfig, &per_node)]);
    assert_eq!(whole.placement(0).unwrap().verdict.tone, Tone::Fine, "the node that remains has the handler");
}

#[test]
fn dockershim_knows_one_handler() {
    let placement = whole_in(23, &[(InputKind::Manifests, &[CLASS, POD, NODES].concat())]).placement(0).unwrap();
    assert_eq!(placement.verdict.tone, Tone::Look);
    assert!(placement.verdict.text.contains("dockershim"), "{}", placement.verdict.text);
    assert!(whole(&[CLASS, POD, NODES].concat()).placement(0).unwrap().handlers.is_empty());
}

#[test]
fn a_class_tells_what_its_nodes_lack() {
    let nodes = NODES.replace("spec: {taints: [{key: runtime, value: gvisor, effect: NoSchedule}]}\n", "");
    let placements = whole(&[CLASS, POD, &nodes].concat()).placements();
    let class = &placements.classes[0];
    assert_eq!(class.pods, [0]);
    let [good, plain] = class.nodes.as_slice() else { panic!("two nodes") };
    assert!(good.chosen && !plain.chosen);
    assert_eq!(good.commands, ["kubectl taint node good runtime=gvisor:NoSchedule"]);
    assert_eq!(plain.commands, ["kubectl label node plain runtime=gvisor"]);
    assert_eq!(
        placements.pods[0].merged,
        ["label runtime=gvisor", "toleration runtime=gvisor:NoSchedule", "overhead 250m cpu, 120Mi memory"]
    );
    assert_eq!(placements.pods[0].remaining, ["good"]);
}

#[test]
fn of_two_classes_of_one_name_the_handler_decides() {
    let second = CLASS.replace("250m", "300m");
    let text = [CLASS, second.as_str(), POD].concat();
    let cpu = |whole: &Whole| whole.placement(0).unwrap().overhead[0].class.clone().unwrap().value.to_string();
    let two = whole(&text);
    assert_eq!(cpu(&two), "300m", "the last counts");
    assert_eq!(line(&text, problem(&two, "class-twice").span.unwrap()), 13);
    let text = [CLASS, &second.replace("runsc", "kata"), POD].concat();
    let two = whole(&text);
    assert_eq!(cpu(&two), "250m", "a stored class keeps its handler");
    let problem = problem(&two, "validation.class-handler-stays");
    assert_eq!(
        (line(&text, problem.span.unwrap()), problem.message.as_str()),
        (14, "Invalid value: \"kata\": field is immutable")
    );
}

#[test]
fn a_class_without_handler_is_refused_and_the_rest_is_answered() {
    let text = [&CLASS.replace("handler: runsc\n", ""), POD, NODES].concat();
    let whole = whole(&text);
    let errors: Vec<&Diagnostic> = whole.report.problems.iter().filter(|problem| problem.path == "handler").collect();
    assert_eq!(errors.len(), 1, "{:?}", whole.report.problems);
    assert_eq!(line(&text, errors[0].span.unwrap()), 1);
    let placement = whole.placement(0).unwrap();
    assert!(placement.refused.is_some() && placement.as_if.is_some());
    assert!(placement.fit.is_some(), "the nodes are asked as if the class were mended");
}

#[test]
fn what_cannot_be_read_is_told_at_its_line() {
    let text = [
        &CLASS.replace("120Mi", "120Zi"),
        &CLASS.replace("gvisor}\nh", "kata}\nh").replace("{runtime: gvisor}", "{'run time': gvisor}"),
        POD,
        &POD.replace("{name: web}", "{name: labels}")
            .replace("{disk: ssd}", "{disk: 'not a label'}")
            .replace("  runtimeClassName: gvisor\n", ""),
        NODES,
    ]
    .concat();
    let config = "version = 2\n[plugins\n";
    let whole = whole_in(34, &[(InputKind::Manifests, &text), (InputKind::RuntimeConfig, config)]);
    let told: Vec<(u16, u32)> = whole
        .report
        .problems
        .iter()
        .filter_map(|problem| problem.span)
        .map(|span| {
            (span.input.0, LineIndex::new(&whole.session.inputs[usize::from(span.input.0)].text).line_of(span.start))
        })
        .collect();
    for place in [(0, 5), (0, 17), (0, 25), (0, 38), (1, 2)] {
        assert!(told.contains(&place), "{place:?}: {:?}", whole.report.problems);
    }
    let web = whole.placement(0).unwrap();
    assert!(web.advice[0].text.contains("cannot be decoded"), "{:?}", web.advice);
    let labels = whole.placement(1).unwrap();
    assert!(labels.refused.unwrap().message.starts_with("Pod \"labels\" is invalid: spec.nodeSelector"));
    assert_eq!(whole.placements().nodes.len(), 2);
}

#[test]
fn old_versions_of_the_class_are_served_by_old_releases() {
    let beta = CLASS.replace("node.k8s.io/v1", "node.k8s.io/v1beta1");
    let old = whole_in(24, &[(InputKind::Manifests, &[&beta, POD, NODES].concat())]);
    assert!(old.placement(0).unwrap().refused.is_none());
    let new = whole_in(25, &[(InputKind::Manifests, &[&beta, POD, NODES].concat())]);
    assert!(new.placement(0).unwrap().refused.is_some_and(|refusal| refusal.message.contains("not found")));
    let alpha = "apiVersion: node.k8s.io/v1alpha1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nspec:\n  runtimeHandler: runsc\n---\n";
    let old = whole_in(20, &[(InputKind::Manifests, &[alpha, POD].concat())]);
    let placement = old.placement(0).unwrap();
    assert!(placement.assumptions.iter().any(|assumption| assumption.text.contains("v1alpha1")), "{placement:?}");
}

#[test]
fn a_pod_that_is_stored_keeps_what_it_has() {
    let texts = [
        (InputKind::Stored, POD.replace("  runtimeClassName: gvisor\n", "")),
        (InputKind::Manifests, [CLASS, POD, NODES].concat()),
    ];
    let texts: Vec<(InputKind, &str)> = texts.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
    let placement = whole_in(34, &texts).placement(0).unwrap();
    assert!(placement.class.is_none(), "the stored pod names none");
}

#[test]
fn nothing_given_is_answered_with_nothing() {
    let whole = whole("");
    assert!(whole.placement(0).is_none() && whole.stored(0).is_none());
    let placements = whole.placements();
    assert_eq!((placements.pods.len(), placements.classes.len(), placements.nodes.len()), (0, 0, 3));
}

#[test]
fn what_is_not_asked_is_said() {
    let pod = POD.replace("  runtimeClassName: gvisor\n", "  schedulerName: own\n  topologySpreadConstraints:\n  - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}\n  volumes:\n  - {name: data, persistentVolumeClaim: {claimName: data}}\n");
    let placement = whole(&pod).placement(0).unwrap();
    let told = |words: &str| placement.assumptions.iter().any(|assumption| assumption.text.contains(words));
    assert!(told("PodTopologySpread and VolumeBinding") && told("`own`"), "{:?}", placement.assumptions);
}

#[test]
fn many_bound_pods_are_summed_up_once() {
    let bound: String = (0..300)
        .map(|index| {
            POD.replace("{name: web}", &format!("{{name: web-{index}}}"))
                .replace("  runtimeClassName: gvisor\n", "  nodeName: plain\n")
                .replace("cpu: 100m", "cpu: 1m")
        })
        .collect();
    let placements = whole(&[NODES, &bound].concat()).placements();
    assert_eq!((placements.nodes[1].bound, placements.pods.len()), (300, 300));
    assert!(placements.pods.iter().all(|pod| pod.verdict.text.contains("OutOfpods")), "10 pods fit");
}

#[test]
fn the_pod_is_changed_before_the_node() {
    let nodes = "apiVersion: v1\nkind: Node\nmetadata: {name: good, labels: {disk: hdd}}\nspec: {taints: [{key: team, value: red, effect: NoSchedule}]}\nstatus: {allocatable: {cpu: '4', memory: 4Gi, pods: '10'}}\n---\n";
    let whole = whole(&[POD.replace("  runtimeClassName: gvisor\n", "").as_str(), "---\n", nodes].concat());
    let advice = &whole.placement(0).unwrap().advice[0];
    assert!(advice.text.ends_with("Change the pod."), "{}", advice.text);
    assert_eq!(
        advice.change,
        "nodeSelector:\n  disk: \"hdd\"\ntolerations:\n- key: team\n  operator: Equal\n  value: \"red\"\n  effect: NoSchedule\n"
    );
    assert!(advice.caution.contains("every pod") && advice.commands.len() == 2, "{advice:?}");
}

#[test]
fn a_nodes_status_tells_its_handlers() {
    let status = "status:
  allocatable: {cpu: '2', memory: 4Gi, pods: '10'}
  nodeInfo: {containerRuntimeVersion: 'containerd://2.0.0'}
  runtimeHandlers:
  - {name: '', features: {userNamespaces: true}}
  - {name: runc, features: {userNamespaces: true, recursiveReadOnlyMounts: true}}
";
    let nodes = NODES.replacen("status: {allocatable: {cpu: '2', memory: 4Gi, pods: '10'}}\n", status, 1);
    let text = [CLASS, POD, &nodes].concat();
    let told = whole(&text).placement(0).unwrap();
    assert_eq!(told.verdict.tone, Tone::Fails, "{}", told.verdict.text);
    assert!(told.events[0].message.ends_with("no runtime for \"runsc\" is configured"));
    assert_eq!(told.handlers[0].node.as_deref(), Some("good"));
    let older = whole_in(29, &[(InputKind::Manifests, &text)]).placement(0).unwrap();
    assert_eq!(older.verdict.tone, Tone::Fine, "no such field yet");
    let with = whole(&text.replace("name: runc, features: {", "name: runsc, features: {")).placement(0).unwrap();
    assert_eq!(with.verdict.tone, Tone::Fine, "{}", with.verdict.text);
    let step = &with.handlers[0].decision.trace[0];
    assert_eq!(line(&text, step.because[0]), 33, "the line in the Node's status");
    // A file of that very node says what will be.
    let config = "# node: good\nversion = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]\nruntime_type = 'io.containerd.runsc.v1'\n[plugins.'io.containerd.cri.v1.runtime'.containerd]\ndefault_runtime_name = 'runsc'\n";
    let own = whole_in(34, &[(InputKind::Manifests, &text), (InputKind::RuntimeConfig, config)]).placement(0).unwrap();
    assert_eq!((own.verdict.tone, own.handlers.len()), (Tone::Fine, 1));
}

#[test]
fn what_a_handler_supports_is_held_against_the_pod() {
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: one}\nstatus:\n  allocatable: {cpu: '2', memory: 4Gi, pods: '10'}\n  runtimeHandlers:\n  - {name: '', features: {recursiveReadOnlyMounts: true}}\n---\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostUsers: false\n  volumes: [{name: v, emptyDir: {}}]\n  containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /v, readOnly: true, recursiveReadOnly: Enabled}]}]\n";
    let text = [node, pod].concat();
    let trace = whole(&text).placement(0).unwrap().handlers.remove(0).decision.trace;
    let told: Vec<(u32, bool)> =
        trace[1..].iter().map(|step| (line(&text, step.at.unwrap()), step.mark == crate::trace::Mark::Yes)).collect();
    assert_eq!(told, [(13, false), (15, true)]);
    assert_eq!(line(&text, trace[1].because[0]), 7, "the Node's line says so");
}
