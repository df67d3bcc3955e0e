//! A scenario that is written as YAML is read back as the same value.

use podwhy_core::evaluate::Whole;
use podwhy_core::scenario::Scenario;
use podwhy_core::session::{Input, InputKind, Session};

fn read(text: &str) -> Scenario {
    let input = Input { kind: InputKind::Scenario, name: "scenario".to_owned(), text: text.to_owned() };
    let report = Whole::of(Session { inputs: vec![input], ..Session::default() }).report;
    let unread = |code: &str| code == "scenario-contradiction" || code == "node-text";
    let mut problems = report.problems.iter();
    assert!(!problems.any(|problem| unread(problem.code)), "{text}\n{:?}", report.problems);
    report.node.unwrap().scenario.scenario
}

/// Every field has a value, and the texts are such as YAML reads as something else when they are not quoted.
const FULL: &str = r#"
version: 1
nodes:
- name: "on"
  architecture: "386"
  images:
  - {image: 'nginx:1.25', cameBy: preloaded, digest: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
  - {image: 'reg.io/a:1', cameBy: anonymous, inspectError: "no: # such\nthing"}
  - {image: 'reg.io/b:1', cameBy: node}
  - {image: 'reg.io/c:1', cameBy: secret, secret: team/reg}
  - {image: 'reg.io/d:1', cameBy: serviceAccount, serviceAccount: team/robot}
  pulls:
  - {image: big, at: 1500ms, takes: 1h2m3.5s}
  - {image: small, at: 0s}
- name: bare
pods:
- {pod: default/web, node: "on", at: 2s}
- {pod: "017", at: 3s}
registries:
- registry: reg.io:5000
  open: false
  answers:
  - {user: "yes", answer: denied, takes: 500ms, from: 1s, until: 30s, text: " spaces & 'quotes' \"both\" "}
  - {anonymous: true, answer: notFound}
  - {anonymous: false, answer: unavailable}
  - {answer: signatureRefused}
- registry: open.io
  open: true
images:
- image: 'nginx:1.25'
  size: 52000000
  takes: 12s
  digest: "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  platforms: [linux/amd64, linux/arm/v7]
  moves: [{at: 60s, digest: "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"}]
failingPlugins: [ecr, "null", "~", "1e3", "0x10", "2001-01-01", "-"]
syncAfterError: 11s
bytesPerSecond: 25000000
"#;

#[test]
fn a_full_scenario_is_the_same_after_writing_and_reading() {
    let scenario = read(FULL);
    assert_eq!(scenario.failing_plugins.len(), 7);
    let written = serde_yaml::to_string(&scenario).unwrap();
    assert_eq!(read(&written), scenario, "{written}");
    assert_eq!(serde_yaml::to_string(&read(&written)).unwrap(), written);
}

#[test]
fn an_empty_scenario_is_short() {
    let written = serde_yaml::to_string(&Scenario::default()).unwrap();
    assert_eq!(written, "version: 1\n");
    assert_eq!(read(&written), Scenario::default());
}

#[test]
fn a_lines_mark_is_split_off() {
    use podwhy::text::{LineMark, split_mark};
    use podwhy_core::{report::Tone, trace::Mark};
    assert_eq!(split_mark("[look] Why"), (Some(LineMark::Tone(Tone::Look)), "Why"));
    assert_eq!(split_mark(". a"), (Some(LineMark::Step(Mark::Note)), "a"));
    assert_eq!(split_mark("-x"), (None, "-x"));
}
