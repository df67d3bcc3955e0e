//! What an image's name points at.

use crate::evaluate::Whole;
use crate::report::Report;
use crate::session::{Input, InputKind, Session};
use crate::simulation::points_at::{PointsAt, points_at};
use crate::simulation::simulate;

const NODES: &str = "---\napiVersion: v1\nkind: Node\nmetadata: {name: small, labels: {kubernetes.io/arch: arm64}}\n";
const POD: &str = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: 'reg.io/app:v1'}]}\n";

fn ask(manifests: &str, scenario: &str) -> (Report, PointsAt) {
    let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
    let inputs = vec![input(InputKind::Manifests, manifests), input(InputKind::Scenario, scenario)];
    let report = Whole::of(Session { inputs, ..Session::default() }).report;
    assert!(report.problems.iter().all(|problem| problem.code != "scenario-unknown"), "{:?}", report.problems);
    let points_at = points_at(&report, 0, 0).unwrap();
    (report, points_at)
}

fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

#[test]
fn an_index_without_the_nodes_platform() {
    let manifests = format!("{POD}{NODES}");
    let scenario = |platforms| format!("images: [{{image: 'reg.io/app:v1', platforms: [{platforms}]}}]");
    let (report, without) = ask(&manifests, &scenario("linux/amd64, windows/arm64"));
    assert_eq!((without.nodes[0].architecture.as_str(), &without.nodes[0].platform), ("arm64", &None));
    let message = &simulate(&report, 0).unwrap().containers[0].rounds[0].message;
    assert_eq!(
        message,
        "rpc error: code = NotFound desc = failed to pull and unpack image \"reg.io/app:v1\": no match for platform in manifest: not found"
    );
    let (report, with) = ask(&manifests, &scenario("linux/amd64, linux/arm64/v8"));
    assert_eq!(with.nodes[0].platform.as_deref(), Some("linux/arm64/v8"));
    assert!(simulate(&report, 0).unwrap().containers[0].rounds[0].ok);
    assert_eq!(with.assumptions.iter().filter(|taken| taken.key.starts_with("nodes")).count(), 0);
}

#[test]
fn a_tag_that_moves() {
    let (a, b) = (digest('a'), digest('b'));
    let scenario = format!("images: [{{image: 'reg.io/app:v1', digest: '{a}', moves: [{{at: 60s, digest: '{b}'}}]}}]");
    let (_, points_at) = ask(POD, &scenario);
    let digests = |at: usize| -> Vec<Option<&str>> {
        points_at.moved[at].starts.iter().map(|start| start.digest.as_deref()).collect()
    };
    let (a, b) = (Some(a.as_str()), Some(b.as_str()));
    assert_eq!(digests(0), [a, b, b], "Always: a start after the move runs the new one everywhere");
    assert_eq!(digests(1), [a, a, b], "IfNotPresent: the first node keeps the old one");
    assert_eq!(digests(2), [None, None, None], "Never");
    let edit = points_at.with_digest.unwrap();
    assert_eq!(edit.span.slice(POD), "reg.io/app:v1");
    assert_eq!(edit.text, format!("reg.io/app:v1@{}", a.unwrap()));
    // Naming the digest ends it.
    let (_, named) = ask(&POD.replace("reg.io/app:v1", &edit.text), &scenario);
    assert_eq!((named.moved, named.with_digest), (Vec::new(), None));
}

#[test]
fn old_names_carry_an_architecture() {
    let (_, named) = ask(&POD.replace("app:v1", "app-arm64:v1"), "{}");
    assert!(named.trace[0].finding.contains("arm64"));
    assert_eq!(ask(POD, "{}").1.trace, []);
}
