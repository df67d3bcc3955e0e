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
    let output = podwhy(&["explain", "-f", &file("v1.29/image-pull-secret.sh"), "--release", "1.32"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Kubernetes v1.32"), "{text}");
    assert!(text.contains("Pod `foo` in namespace awesomeapps"), "{text}");
    assert!(text.contains("Pull policy IfNotPresent"), "{text}");
    assert!(text.contains("image-pull-secret.sh:2"), "a place names its file and line: {text}");
}

#[test]
fn json_and_yaml_are_the_same_report_without_a_password() {
    let config = file("v1.29/subpath.config.json");
    let arguments = ["explain", "-f", &file("v1.29/image-pull-secret.sh"), "--node-config", &config, "-o"];
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
