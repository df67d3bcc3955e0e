//! Texts that nobody would write: whatever is pasted, there is an answer, its places lie in the text, and the same
//! text gives the same answer.

use podwhy_core::evaluate::evaluate;
use podwhy_core::release::{Cluster, Release};
use podwhy_core::report::Report;
use podwhy_core::session::{Input, InputKind, Session};
use std::path::PathBuf;

/// Numbers that look random and are the same at every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Pieces that go into texts where they do not belong.
const PIECES: &[&str] = &[
    "",
    "\n---\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\0",
    "ä",
    "😀",
    "{",
    "[",
    "]",
    "}",
    "\"",
    "'",
    ": ",
    "- ",
    "|\n",
    ">\n",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "? ",
    "#",
    "%YAML 1.1\n",
    "...\n",
    "null",
    "~",
    "1e999",
    "-0x1",
    "\u{2028}",
    "@",
    "sha256:",
    "/",
    "//",
    ":",
    "*",
    "image: ",
    "imagePullSecrets: [{name: s}]",
    "kind: List\nitems:\n",
    "auths",
    "{\"auths\":{\"*.io\":{}}}",
    "<<EOF\n",
    "EOF\n",
];

fn texts() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let values = |file: &str, path: fn(&serde_json::Value) -> Option<String>| -> Vec<String> {
        read(file).lines().filter_map(|line| path(&serde_json::from_str(line).unwrap())).collect()
    };
    let mut texts = values("manifest-decode.jsonl", |case| case["input"]["yaml"].as_str().map(str::to_owned));
    texts.extend(values("config-json.jsonl", |case| case["input"]["text"].as_str().map(str::to_owned)));
    texts.extend(values("pod-validation.jsonl", |case| Some(case["input"]["pod"].to_string())));
    texts.extend(values("service-account-admission.jsonl", |case| {
        let objects = [&case["input"]["pod"], &case["input"]["service_accounts"][0]].map(|object| object.to_string());
        Some(objects.join("\n---\n"))
    }));
    texts
}

fn mutated(text: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = text.chars().take(4000).collect();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(letters.len() + 1);
        let until = (at + numbers.below(12)).min(letters.len());
        let piece = PIECES[numbers.below(PIECES.len())];
        match numbers.below(3) {
            0 => drop(letters.splice(at..until, piece.chars())),
            1 => drop(letters.splice(at..at, piece.chars())),
            _ => letters.truncate(at),
        }
    }
    letters.into_iter().collect()
}

fn ask(manifests: &str, node_config: &str, stored: &str, release: Release) -> (Session, Report) {
    let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
    let session = Session {
        cluster: Cluster::of(release),
        inputs: vec![
            input(InputKind::Manifests, manifests),
            input(InputKind::NodeConfig, node_config),
            input(InputKind::Stored, stored),
        ],
        ..Session::default()
    };
    let report = evaluate(&session);
    (session, report)
}

fn check(session: &Session, report: &Report) {
    for problem in &report.problems {
        let Some(span) = problem.span else { continue };
        let text = &session.input(span.input).expect("an input").text;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{problem:?} lies outside {text:?}");
        assert!(!problem.message.is_empty(), "{problem:?} says nothing");
    }
}

#[test]
fn whatever_is_pasted_there_is_an_answer() {
    let texts = texts();
    assert!(texts.len() > 500, "only {} texts to start from", texts.len());
    let mut numbers = Numbers(20_201_208);
    for round in 0..20 {
        for text in &texts {
            let manifests = mutated(text, &mut numbers);
            let other = mutated(&texts[numbers.below(texts.len())], &mut numbers);
            let release = Release::all().nth(numbers.below(17)).unwrap();
            let (session, report) = ask(&manifests, &other, &other, release);
            check(&session, &report);
            if round == 0 {
                assert_eq!(ask(&manifests, &other, &other, release).1, report, "the same text, another answer");
            }
        }
    }
}

#[test]
fn depth_width_and_aliases_are_bounded() {
    let bomb = ('b'..='j').fold("a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, letter| {
        let before = char::from(u8::try_from(letter).unwrap() - 1);
        format!("{text}{letter}: &{letter} [{}]\n", format!("*{before}, ").repeat(9))
    });
    for (text, what) in [
        ("- ".repeat(1_000_000), "a million list marks"),
        ("[".repeat(1_000_000), "a million open lists"),
        ("{\"a\":".repeat(1_000_000), "a million open objects"),
        (format!("{}1{}", "{\"a\":".repeat(9_000), "}".repeat(9_000)), "nine thousand levels of JSON"),
        (bomb, "an alias bomb"),
        ("? ".repeat(200_000), "keys of keys"),
        ("kind: List\nitems:\n- ".repeat(300), "lists of lists"),
        ("&a ".repeat(100_000), "anchors"),
        ("!!!!! ".repeat(100_000), "tags"),
    ] {
        let (session, report) = ask(&text, &text, "", Release::DEFAULT);
        check(&session, &report);
        assert!(!report.problems.is_empty(), "{what}: nothing is said");
    }
}
