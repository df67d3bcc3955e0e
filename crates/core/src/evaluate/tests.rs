mod arrival;
mod points_at;
mod simulation;
mod sources;
mod use_cases;

use super::*;
use crate::release::{AdmissionPlugin, Cluster, Release};
use crate::report::{DocumentState, ImageUser, Tone};
use crate::session::{Input, InputKind};

fn session(texts: &[(InputKind, &str)]) -> Session {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    Session { inputs: inputs.collect(), ..Session::default() }
}

fn ask(texts: &[(InputKind, &str)]) -> Report {
    evaluate(&session(texts))
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: main\n    image: my-registry.io/images/app:1.4\n";

#[test]
fn nothing_given_is_answered_with_nothing() {
    let report = ask(&[(InputKind::Manifests, ""), (InputKind::NodeConfig, " \n")]);
    assert_eq!((report.documents.len(), report.pods.len(), report.problems.len()), (0, 0, 0));
}

#[test]
fn a_pod_meets_the_nodes_file() {
    let config = r#"{"auths": {"my-registry.io": {"auth": "dTpw"}, "other.io": {"auth": "dTpw"}}}"#;
    let report = ask(&[(InputKind::Manifests, POD), (InputKind::NodeConfig, config)]);
    let container = &report.pods[0].containers[0];
    assert_eq!(
        container.verdict.text,
        "`my-registry.io/images/app:1.4` is pulled if the node does not have it (IfNotPresent), with the credential for `my-registry.io` of the node's file."
    );
    assert_eq!(container.verdict.tone, Tone::Fine);
    let lookup = container.lookup.as_ref().unwrap();
    assert_eq!(lookup.attempts().map(|attempt| attempt.written.as_str()).collect::<Vec<_>>(), ["my-registry.io"]);
}

#[test]
fn an_image_volume_says_that_nothing_forces_its_policy() {
    let pod = format!("{POD}  volumes: [{{name: v, image: {{reference: 'reg.io/data:1'}}}}]\n");
    let noted = |plugin: bool| {
        let mut session = session(&[(InputKind::Manifests, &pod)]);
        if plugin {
            session.cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
        }
        let report = evaluate(&session);
        let volume = report.pods[0].containers.iter().find(|one| one.user == ImageUser::ImageVolume).unwrap();
        volume.notes.iter().any(|note| note.id == "admission.note-image-volumes")
    };
    assert_eq!([noted(true), noted(false)], [true, false]);
}

#[test]
fn one_broken_document_leaves_the_others_answered() {
    let text = format!("{POD}---\nkind: [\n---\n{}", POD.replace("web", "api"));
    let report = ask(&[(InputKind::Manifests, &text)]);
    assert_eq!(report.pods.iter().map(|pod| pod.name.as_str()).collect::<Vec<_>>(), ["web", "api"]);
    assert_eq!(report.documents[1].state, DocumentState::Broken);
    assert_eq!(report.pods[1].document, 2);
    assert_eq!(report.problems.len(), 1);
}

#[test]
fn a_file_in_the_home_directory_needs_a_home() {
    let config = r#"{"auths": {"my-registry.io": {"auth": "dTpw"}}}"#;
    let mut session = session(&[(InputKind::Manifests, POD), (InputKind::NodeConfig, config)]);
    session.kubelet.node_config = "/root/.docker/config.json".to_owned();
    let report = evaluate(&session);
    assert!(!report.node_file.read);
    assert!(report.problems.iter().any(|problem| problem.code == "node-file-not-read"));
    assert!(report.pods[0].containers[0].lookup.as_ref().unwrap().anonymous);
    session.kubelet.home = Some("/root".to_owned());
    assert!(evaluate(&session).node_file.read);
}

#[test]
fn an_update_keeps_the_stored_policy() {
    let deployment = |image: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n      containers: [{{name: main, image: {image}}}]\n"
        )
    };
    let (new, stored) = (deployment("nginx:latest"), deployment("nginx:1.25"));
    let report = ask(&[(InputKind::Manifests, &new), (InputKind::Stored, &stored)]);
    assert_eq!(report.pods.len(), 1);
    assert_eq!(report.pods[0].containers[0].policy.outcome.name(), "IfNotPresent");
    assert_eq!(ask(&[(InputKind::Manifests, &new)]).pods[0].containers[0].policy.outcome.name(), "Always");
}

#[test]
fn an_account_brings_its_pull_secret_and_a_malformed_one_fails_every_pull() {
    let text = format!(
        "{POD}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: default}}\nimagePullSecrets: [{{name: reg}}]\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {{name: reg}}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: '{{\"auths\": {{\"my-registry.io\": {{\"auth\": \"%\"}}}}}}'\n"
    );
    let report = ask(&[(InputKind::Manifests, &text)]);
    let pod = &report.pods[0];
    assert_eq!(pod.pull_secrets.len(), 1);
    assert_eq!(pod.containers[0].verdict.tone, Tone::Fails);
    assert!(
        pod.containers[0].verdict.text.contains("the Secret `reg` cannot be read"),
        "{}",
        pod.containers[0].verdict.text
    );
}

#[test]
fn every_release_answers_and_every_place_lies_in_its_text() {
    let text = format!(
        "{POD}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: b}}\nspec: {{containers: [{{name: c, image: 'MyHost/App', imagePullPolicy: always, x: 1}}]}}\n"
    );
    for release in Release::all() {
        let mut session = session(&[(InputKind::Manifests, &text)]);
        session.cluster = Cluster::of(release);
        let report = evaluate(&session);
        assert_eq!(report.pods.len(), 2, "{release}");
        assert!(report.pods[1].refused.is_some(), "{release}");
        for problem in &report.problems {
            let span = problem.span.unwrap();
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{release}: {problem:?}");
        }
    }
}

fn first(manifests: &str, config: &str) -> (Tone, String) {
    let report = ask(&[(InputKind::Manifests, manifests), (InputKind::NodeConfig, config)]);
    let verdict = &report.pods[0].containers[0].verdict;
    (verdict.tone, verdict.text.clone())
}

#[test]
fn what_looks_fine_and_is_not_says_so() {
    let (tone, text) = first(POD, r#"{"auths": {"my-registry.io": {}}, "credsStore": "desktop"}"#);
    assert_eq!(tone, Tone::Look);
    assert!(text.contains("neither user nor password"), "{text}");

    let (tone, text) = first(POD, r#"{"auths": {"my-registry.io": {"auth": "%"}}}"#);
    assert_eq!(tone, Tone::Look);
    assert!(text.contains("the node's file is there and not used"), "{text}");

    let (tone, text) = first(&POD.replace("my-registry.io/images/app:1.4", "' nginx'"), "");
    assert_eq!(tone, Tone::Fails);
    assert!(text.contains("white space"), "{text}");
}

#[test]
fn with_never_no_credentials_are_looked_up() {
    let pod = POD.replace("1.4\n", "1.4\n    imagePullPolicy: Never\n");
    let report = ask(&[(InputKind::Manifests, &pod)]);
    assert_eq!(report.pods[0].containers[0].lookup, None);
}

#[test]
fn a_pasted_secret_that_cannot_be_decoded_is_not_called_missing() {
    let text = POD.replace("spec:", "spec:\n  imagePullSecrets: [{name: reg}]")
        + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: reg}\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: '!!notb64'}\n";
    let report = ask(&[(InputKind::Manifests, &text)]);
    let finding = &report.pods[0].pull_secrets[0].reason.finding;
    assert!(finding.contains("is given and cannot be decoded"), "{finding}");
}

#[test]
fn a_stored_object_that_nothing_updates_is_named() {
    let stored = POD.replace("name: web", "name: other");
    let report = ask(&[(InputKind::Manifests, POD), (InputKind::Stored, &stored)]);
    assert!(report.problems.iter().any(|problem| problem.code == "stored-unused"), "{:?}", report.problems);
    let report = ask(&[(InputKind::Manifests, POD), (InputKind::Stored, POD)]);
    assert_eq!(report.problems, []);
}

#[test]
fn a_key_that_fails_by_path_and_host_is_told_both() {
    let report = ask(&[
        (InputKind::Manifests, POD),
        (InputKind::NodeConfig, r#"{"auths": {"quay.io/other": {"auth": "dTpw"}}}"#),
    ]);
    let lookup = report.pods[0].containers[0].lookup.as_ref().unwrap();
    let findings: Vec<_> = lookup.cells[0].trace.iter().map(|step| step.finding.as_str()).collect();
    assert!(findings.iter().any(|finding| finding.contains("The host does not fit either")), "{findings:?}");
}

#[test]
fn from_the_release_that_verifies_images_the_verdict_says_so() {
    let text = |minor: u8| {
        let mut session = session(&[(InputKind::Manifests, POD)]);
        session.cluster = Cluster::of(Release::minor_unchecked(minor));
        evaluate(&session).pods[0].containers[0].verdict.text.clone()
    };
    assert!(!text(34).contains("credentials that this pod lacks"), "{}", text(34));
    assert!(text(35).contains("credentials that this pod lacks"), "{}", text(35));
}
