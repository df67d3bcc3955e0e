//! Tests of decoding: what people are told, release by release, and that no text breaks it.

use crate::release::Release;
use crate::schema::{Class, Decoded, Status, decode_document};
use podwhy_source::json::{self, Place};
use podwhy_source::{Budget, Diagnostic, InputId, Node, Value, document};

fn all(text: &str, minor: u8) -> Vec<Decoded> {
    let release = Release::from_minor(minor).unwrap();
    let read = document::read(InputId(0), text, &Budget::default());
    read.documents.iter().map(|document| decode_document(document, release)).collect()
}

fn one(text: &str, minor: u8) -> Decoded {
    let mut decoded = all(text, minor);
    assert_eq!(decoded.len(), 1, "{text:?}");
    decoded.remove(0)
}

/// The only problem of a text.
fn problem(text: &str, minor: u8) -> Diagnostic {
    let decoded = one(text, minor);
    assert_eq!(decoded.errors.len(), 1, "{:?}", decoded.errors);
    decoded.errors[0].diagnostic()
}

#[test]
fn an_unknown_field_names_what_was_meant() {
    let pod = |line: &str| format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    {line}\n");
    for (line, key, help) in [
        ("imagePullPolcy: Always", "imagePullPolcy", "Did you mean `imagePullPolicy`?"),
        ("Image: b", "Image", "Did you mean `image`?"),
        ("nodeSelector: {}", "nodeSelector", "`nodeSelector` belongs to `spec`: indent it less."),
        ("requests: {}", "requests", "`requests` belongs under `resources`: indent it further."),
        ("zz: 1", "zz", ""),
    ] {
        let text = pod(line);
        let problem = problem(&text, 34);
        assert_eq!((problem.code, problem.help.as_str()), ("unknown-field", help), "{line}");
        assert_eq!(problem.path, format!("spec.containers[0].{key}"));
        assert_eq!(problem.span.unwrap().slice(&text), key);
    }
}

#[test]
fn a_field_of_a_later_release_says_so() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    resizePolicy: []\n";
    assert!(one(text, 27).is_ok());
    let problem = problem(text, 26);
    assert_eq!(problem.message, "`resizePolicy` is unknown in v1.26; it exists since v1.27");
    assert_eq!(one(text, 26).objects.len(), 1, "an unknown field leaves the object usable");
}

#[test]
fn kinds_come_and_go_with_releases() {
    let cron = |version: &str| format!("apiVersion: batch/{version}\nkind: CronJob\n");
    assert_eq!(one(&cron("v1"), 20).errors[0].class, Class::UnknownKind);
    assert!(one(&cron("v1"), 21).is_ok());
    let old = one(&cron("v1beta1"), 25);
    assert_eq!((old.errors[0].class, old.objects.len()), (Class::NotServed, 1));
    assert!(one(&cron("v1beta1"), 24).is_ok());
}

#[test]
fn kinds_that_are_not_evaluated_are_no_errors() {
    for (text, status) in [
        ("apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {x: 1}\n", Status::BuiltIn),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", Status::Foreign),
        ("apiVersion: example.com/v1\nkind: Pod\n", Status::Foreign),
    ] {
        let decoded = one(text, 34);
        assert_eq!((decoded.status, decoded.is_ok(), decoded.objects.len()), (status, true, 0), "{text}");
    }
    let wrong = problem("apiVersion: v1\nkind: Deployment\n", 34);
    assert_eq!(wrong.message, "there is no kind `Deployment` in `v1`");
    assert_eq!(wrong.help, "Did you mean kind `Deployment` of `apps/v1`?");
}

#[test]
fn lists_give_their_items_and_one_bad_item_leaves_the_others() {
    let text = "\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a}}
- {apiVersion: v1, kind: Pod, metadata: {name: 5}}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: Role}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
";
    let decoded = one(text, 34);
    let names: Vec<&str> = decoded.objects.iter().map(|object| object.metadata.name()).collect();
    assert_eq!(names, ["a", "c"]);
    assert_eq!(decoded.skipped[0].kind, "Role");
    assert_eq!(decoded.errors[0].diagnostic().path, "items[1].metadata.name");

    let typed = one("apiVersion: v1\nkind: PodList\nmetadata: {}\nitems:\n- metadata: {name: a}\n  spc: {}\n", 34);
    assert_eq!((typed.objects[0].kind.as_str(), typed.objects[0].metadata.name()), ("Pod", "a"));
    assert_eq!(typed.errors[0].path, "items[0].spc");
}

#[test]
fn duplicates_are_told_with_their_place_and_the_last_one_counts() {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  name: b\n";
    let json = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"a\", \"name\": \"b\"}}";
    for text in [yaml, json] {
        let decoded = one(text, 34);
        assert_eq!(decoded.errors[0].class, Class::DuplicateKey);
        assert_eq!(decoded.errors[0].diagnostic().path, "metadata.name");
        assert_eq!(decoded.objects[0].metadata.name(), "b");
    }
}

#[test]
fn values_take_the_form_in_which_the_server_hands_them_out() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  nodeSelector: {a: ~}\n  terminationGracePeriodSeconds: 036\n  \
                containers:\n  - resources: {limits: {cpu: 0.5, memory: 1024Ki}}\n    env: ~\n";
    let decoded = one(text, 34);
    let spec = decoded.node.as_ref().unwrap().get("spec").unwrap();
    assert_eq!(spec.get_path(&["nodeSelector", "a"]).unwrap().as_text(), Some(""));
    assert_eq!(spec.get("terminationGracePeriodSeconds").unwrap().as_int(), Some(30));
    let container = &spec.get("containers").unwrap().as_list().unwrap()[0];
    let limits = container.get_path(&["resources", "limits"]).unwrap();
    assert_eq!(limits.get("cpu").unwrap().as_text(), Some("500m"));
    assert_eq!(limits.get("memory").unwrap().as_text(), Some("1Mi"));
    assert!(container.get("env").is_none());
}

#[test]
fn secrets_stay_secret_in_messages() {
    let text = "apiVersion: v1\nkind: Secret\ndata:\n  password: hunter2!\n";
    let problem = problem(text, 34);
    assert_eq!(problem.code, "bad-base64");
    assert!(!format!("{problem:?}").contains("hunter2"));
}

/// The same numbers on every run (Knuth's generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Truncated, mutilated and joined versions of the conformance cases' texts: nothing panics, and every place that
/// comes out lies within the text, on boundaries of characters.
#[test]
fn no_text_breaks_reading_or_decoding() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/manifest-decode.jsonl");
    let cases = std::fs::read_to_string(file).unwrap();
    let read_case = |line| json::parse(line, Place::Within(InputId(0), 0)).unwrap();
    let texts: Vec<String> = cases
        .lines()
        .map(|line| read_case(line).get_path(&["input", "yaml"]).unwrap().as_text().unwrap().to_owned())
        .collect();
    let pieces = [
        "\u{feff}",
        "\r\n",
        "\t",
        "---\n",
        "...\n",
        "- ",
        "&a ",
        "*a",
        "<<: *a\n",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|\n",
        ": ",
        "!",
        "!!int ",
        "ä",
        "😀",
        "\u{0}",
        "cat <<EOF\n",
        "EOF\n",
        "$ ls\n",
        "? ",
        "#",
        "%",
        "1e99",
        "~",
    ];
    let mut dice = Dice(1);
    for round in 0..4000 {
        let mut text = texts[round % texts.len()].clone();
        for _ in 0..dice.below(4) {
            let at = boundary(&text, dice.below(text.len() + 1));
            match dice.below(4) {
                0 => text.truncate(at),
                1 => text.insert_str(at, pieces[dice.below(pieces.len())]),
                2 => text.replace_range(at..boundary(&text, (at + dice.below(12)).min(text.len())).max(at), ""),
                _ => text.insert_str(at, &texts[dice.below(texts.len())]),
            }
        }
        check_places(&text);
    }
}

fn check_places(text: &str) {
    let fits = |start: u32, end: u32| start <= end && text.get(start as usize..end as usize).is_some();
    let read = document::read(InputId(0), text, &Budget::default());
    for document in &read.documents {
        assert!(fits(document.span.start, document.span.end), "{text:?}");
        if let Ok(node) = &document.content {
            every_node(node, &mut |node| assert!(fits(node.span.start, node.span.end), "{text:?}: {:?}", node.span));
        }
        for release in [Release::OLDEST, Release::NEWEST] {
            for error in decode_document(document, release).errors {
                assert!(fits(error.span.start, error.span.end), "{text:?}: {error:?}");
            }
        }
    }
    for note in &read.notes {
        assert!(note.span.is_some_and(|span| fits(span.start, span.end)), "{text:?}");
    }
}

fn every_node(node: &Node, look: &mut impl FnMut(&Node)) {
    look(node);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| every_node(item, look)),
        Value::Map(map) => map.entries.iter().for_each(|entry| every_node(&entry.value, look)),
        _ => {}
    }
}

#[test]
fn a_space_that_is_none_for_yaml_is_named() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n\u{a0}\u{a0}name: web\nspec: {containers: []}\n";
    let decoded = one(text, 34);
    assert!(decoded.errors.iter().any(|error| error.help.contains("U+00A0")), "{:?}", decoded.errors);
}

/// A type with its own UnmarshalJSON hands its error out at once (decode.go literalStore); all others are saved, and the
/// first of them counts (saveError).
#[test]
fn what_reads_itself_ends_the_decoding() {
    let pod = |line: &str| format!("apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: abc\n  nodeName: 1\n{line}");
    let found = |line: &str| {
        let decoded = one(&pod(line), 32);
        decoded.errors.iter().map(|error| (error.class, error.path.clone())).collect::<Vec<_>>()
    };
    assert_eq!(found(""), [(Class::WrongType, "spec.hostNetwork".to_owned())]);
    assert_eq!(found("  overhead: {cpu: x}\n")[0].0, Class::BadQuantity);
    assert_eq!(found("  overhead: {cpu: x}\nmetadata: {creationTimestamp: x}\n")[0].0, Class::BadTime);
}

/// kubernetes_patch.go saveStrictError keeps each text once.
#[test]
fn the_same_strict_error_is_told_once() {
    let text = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","name":"b","name":"c","x":1,"x":2}}"#;
    let classes: Vec<Class> = one(text, 32).errors.iter().map(|error| error.class).collect();
    assert_eq!(classes, [Class::DuplicateKey, Class::UnknownField]);
}
