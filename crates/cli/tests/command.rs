//! The command as its users call it: files and arguments in, text and exit code out.

use std::path::PathBuf;
use std::process::{Command, Output};

fn podwhy(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_podwhy")).args(arguments).output().unwrap()
}

fn file(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/docs/editions").join(name).display().to_string()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn explains_a_pod_with_the_nodes_file() {
    let output = podwhy(&["explain", "-f", &file("v1.20/image-pull-secret.sh"), "--release", "1.32"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Kubernetes v1.32"), "{text}");
    assert!(text.contains("Pod `foo` in namespace awesomeapps"), "{text}");
    assert!(text.contains("Pull policy IfNotPresent"), "{text}");
    assert!(text.contains("image-pull-secret.sh:2"), "a place names its file and line: {text}");
}

#[test]
fn json_and_yaml_are_the_same_report_without_a_password() {
    let config = file("v1.20/subpath.config.json");
    let arguments = ["explain", "-f", &file("v1.20/image-pull-secret.sh"), "--node-config", &config, "-o"];
    let json = stdout(&podwhy(&[&arguments[..], &["json"]].concat()));
    let yaml = stdout(&podwhy(&[&arguments[..], &["yaml"]].concat()));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["format"], 1);
    assert_eq!(value["pods"][0]["keys"][0]["credential"]["username"], "robot");
    assert!(yaml.contains("username: robot"), "{yaml}");
    for text in [&json, &yaml] {
        assert!(!text.contains("beep-boop") && !text.contains("Ym9vcC1iZWVw"), "a password is in the report");
    }
}

#[test]
fn a_saved_workspace_brings_its_own_cluster() {
    let example = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../web/gallery/pulls/back-off-message-in-1.20.txt")
        .display()
        .to_string();
    let text = stdout(&podwhy(&["explain", "-f", &example, "--release", "1.34"]));
    assert!(text.starts_with("Kubernetes v1.20\n") && text.contains("ImagePullBackOff"), "{text}");
}

#[test]
fn every_problem_is_told_with_who_says_so_and_what_mends_it() {
    let folder = std::env::temp_dir().join(format!("podwhy-problems-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("pod.yaml").display().to_string();
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: nginx, imagePullPolicy: always}]}}";
    std::fs::write(&path, pod).unwrap();
    let text = stdout(&podwhy(&["explain", "-f", &path]));
    for words in [
        "imagePullPolicy: Unsupported value: \"always\"",
        "[validation, image.policy-unsupported]",
        "Fix: Write `Always`.",
        "[advice, latest-tag]",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let json = stdout(&podwhy(&["explain", "-f", &path, "-o", "json"]));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["every_problem"][0]["source"], "validation");
    assert_eq!(value["every_problem"][0]["fix"]["edits"][0]["text"], "Always");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn unusable_input_exits_with_2_and_says_why() {
    for (arguments, problem) in [
        (vec!["explain", "-f", "no-such-file.yaml"], "cannot read no-such-file.yaml"),
        (vec!["explain", "-f", "x", "--release", "9"], "no release"),
        (vec![], "podwhy explain -f FILE"),
    ] {
        let output = podwhy(&arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn every_topic_is_in_every_form() {
    let folder = std::env::temp_dir().join(format!("podwhy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let pod = path(
        "pod.yaml",
        "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: 'reg.io/app:1'}]}}",
    );
    let scenario =
        path("scenario.yaml", "registries: [{registry: reg.io, answers: [{answer: denied, text: go away}]}]");
    let config = path(
        "kubelet.yaml",
        "{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, maxParallelImagePulls: 0}",
    );
    let arguments = ["explain", "-f", &pod, "--scenario", &scenario, "--kubelet-config", &config, "-o"];
    let text = stdout(&podwhy(&[&arguments[..], &["text"]].concat()));
    for words in [
        "[fails] The container `app` waits with ErrImagePull: `reg.io/app:1` fails",
        "maxParallelImagePulls 0 must be a positive number (",
        "without credentials: go away",
        "kubelet            Failed to pull image \"reg.io/app:1\": go away\n",
        "Which way to give credentials fits",
        "? The pod runs on the node `node-1`. (scenario: pods[default/web].node)",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let json = stdout(&podwhy(&[&arguments[..], &["json"]].concat()));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["topics"][0]["pulls"]["moments"][2]["status"], "ErrImagePull");
    assert_eq!(value["topics"][0]["points_at"][0]["image"], "reg.io/app:1");
    assert_eq!(value["use_cases"].as_array().unwrap().len(), 4);
    let yaml = stdout(&podwhy(&[&arguments[..], &["yaml"]].concat()));
    assert!(yaml.contains("status: ErrImagePull"), "{yaml}");
    std::fs::remove_dir_all(&folder).unwrap();
}
