//! Every manifest and credentials file that the five editions of the documentation show, as files under `editions/`,
//! and what Kubernetes really does with them. Where an edition claims otherwise, the code of Kubernetes wins, and the
//! report must say that the documentation disagrees.

use podwhy_core::evaluate::evaluate;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::report::{DocumentState, Report};
use podwhy_core::session::{Input, InputKind, Session};
use podwhy_source::Severity;
use std::path::PathBuf;

const EDITIONS: [&str; 5] = ["v1.20", "v1.21", "v1.26", "v1.28", "v1.29"];

/// What an edition shows. Each text stands once, in the folder of the first edition that has it.
fn read(edition: &str, name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/docs/editions");
    let own = EDITIONS.iter().position(|one| *one == edition).expect("one of the editions");
    let texts = EDITIONS[..=own].iter().rev().map(|edition| folder.join(edition).join(name));
    let path = texts.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{edition} does not show {name}"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn ask(edition: &str, manifests: &str, node_config: &str) -> Report {
    let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
    evaluate(&Session {
        cluster: Cluster::of(Release::parse(edition).unwrap()),
        inputs: vec![input(InputKind::Manifests, manifests), input(InputKind::NodeConfig, node_config)],
        ..Session::default()
    })
}

fn pod_of(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, image: \"{image}\"}}]}}\n"
    )
}

/// The keys that are tried for an image, in order.
fn tried(edition: &str, config: &str, image: &str) -> Vec<String> {
    let report = ask(edition, &pod_of(image), &read(edition, config));
    let lookup = report.pods[0].containers[0].lookup.as_ref().unwrap();
    assert_eq!(lookup.anonymous, lookup.attempts().count() == 0, "{edition} {image}");
    lookup.attempts().map(|attempt| attempt.written.clone()).collect()
}

/// The ids of the disagreements between documentation and code that the first container's answer names.
fn notes(report: &Report) -> Vec<&'static str> {
    report.pods[0].containers[0].notes.iter().map(|note| note.id).collect()
}

#[test]
fn a_star_does_not_cross_a_dot_whatever_the_older_editions_say() {
    for edition in ["v1.20", "v1.21", "v1.26"] {
        for image in ["my-registry.io/images", "my-registry.io/images/my-image", "my-registry.io/images/another-image"]
        {
            assert_eq!(tried(edition, "wildcard.config.json", image), ["*my-registry.io/images"], "{edition} {image}");
        }
        for image in ["sub.my-registry.io/images/my-image", "a.sub.my-registry.io/images/my-image"] {
            assert!(tried(edition, "wildcard.config.json", image).is_empty(), "{edition} {image}");
            let report = ask(edition, &pod_of(image), &read(edition, "wildcard.config.json"));
            assert!(notes(&report).iter().any(|id| id.contains("star")), "{edition}: {:?}", notes(&report));
        }
    }
}

#[test]
fn the_newer_editions_wildcard_examples_are_right() {
    for edition in ["v1.28", "v1.29"] {
        for image in ["my-registry.io/images", "my-registry.io/images/my-image", "my-registry.io/images/another-image"]
        {
            assert_eq!(tried(edition, "wildcard.config.json", image), ["my-registry.io/images"], "{edition} {image}");
        }
        let sub = tried(edition, "wildcard.config.json", "sub.my-registry.io/images/my-image");
        assert_eq!(sub, ["*.my-registry.io/images"]);
        for image in ["a.sub.my-registry.io/images/my-image", "a.b.sub.my-registry.io/images/my-image"] {
            assert!(tried(edition, "wildcard.config.json", image).is_empty(), "{edition} {image}");
        }
    }
}

#[test]
fn of_nested_paths_the_longer_is_tried_first_and_nothing_after_them() {
    for edition in EDITIONS {
        let image = "my-registry.io/images/subpath/my-image";
        let keys = ["my-registry.io/images/subpath", "my-registry.io/images"];
        assert_eq!(tried(edition, "subpath.config.json", image), keys, "{edition}");
    }
}

#[test]
fn paths_are_plain_prefixes_in_every_edition() {
    for edition in EDITIONS {
        assert_eq!(tried(edition, "subpath.config.json", "my-registry.io/images-private/x"), ["my-registry.io/images"]);
    }
}

#[test]
fn the_pod_inside_the_here_document_is_found_and_said_so() {
    for edition in EDITIONS {
        let report = ask(edition, &read(edition, "image-pull-secret.sh"), "");
        let pods: Vec<_> = report.pods.iter().map(|pod| (pod.name.as_str(), pod.namespace.as_str())).collect();
        assert_eq!(pods, [("foo", "awesomeapps")], "{edition}");
        let found: Vec<_> = report.problems.iter().filter(|problem| problem.code == "shell-lines").collect();
        assert_eq!(found.len(), 2, "{edition}: {:?}", report.problems);
        assert!(found[0].message.contains("here-document that starts at line 1"), "{}", found[0].message);

        let container = &report.pods[0].containers[0];
        let lookup = container.lookup.as_ref().unwrap();
        assert_eq!(lookup.repository, "docker.io/janedoe/awesomeapp");
        assert_eq!(container.policy.outcome.name(), "IfNotPresent");
        assert!(lookup.anonymous, "the Secret was not pasted, so nothing matches");
        assert!(report.problems.iter().any(|problem| problem.code == "pull-secret-missing"), "{edition}");
        assert!(report.problems.iter().all(|problem| problem.severity != Severity::Error), "{:?}", report.problems);
    }
}

#[test]
fn a_kustomization_is_listed_and_is_no_error() {
    for edition in EDITIONS {
        let report = ask(edition, &read(edition, "image-pull-secret.sh"), "");
        let states: Vec<_> = report.documents.iter().map(|document| document.state).collect();
        assert_eq!(states, [DocumentState::Evaluated, DocumentState::NotEvaluated], "{edition}");
    }
}

#[test]
fn a_shell_variable_that_was_not_replaced_is_no_image_name() {
    for edition in ["v1.20", "v1.21"] {
        let report = ask(edition, &read(edition, "private-image-test.sh"), "");
        let container = &report.pods[0].containers[0];
        assert_eq!(report.pods[0].name, "private-image-test-1");
        assert_eq!(container.policy.outcome.name(), "Always");
        assert!(container.verdict.text.contains("InvalidImageName"), "{}", container.verdict.text);
        let problem = report.problems.iter().find(|problem| problem.code == "invalid-image-name").unwrap();
        assert!(problem.help.contains("variable"), "{}", problem.help);
        let with_image = read(edition, "private-image-test.sh").replace("$PRIVATE_IMAGE_NAME", "user/privaterepo:v1");
        let report = ask(edition, &with_image, r#"{"auths": {"https://index.docker.io/v1/": {"auth": "dTpw"}}}"#);
        let lookup = report.pods[0].containers[0].lookup.as_ref().unwrap();
        assert_eq!(lookup.attempts().count(), 1, "{edition}: the key that docker login writes stands for Docker Hub");
    }
}

#[test]
fn a_runtime_class_and_its_pod_decode_without_an_error() {
    for edition in EDITIONS {
        for file in ["runtime-class.yaml", "runtime-class-pod.yaml"] {
            let report = ask(edition, &read(edition, file), "");
            assert_eq!(report.documents.len(), 1, "{edition} {file}");
            let errors: Vec<_> = report.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{edition} {file}: {errors:?}");
        }
    }
}
