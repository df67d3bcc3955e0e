//! Tests of the way from a text to its documents.

use crate::document::{self, Documents, Format};
use crate::{Budget, InputId, Node, ReadErrorKind, Value};

fn read(text: &str) -> Documents {
    document::read(InputId(0), text, &Budget::default())
}

/// The only document of a text.
fn one(text: &str) -> Node {
    let mut documents = read(text).documents;
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0).content.unwrap()
}

fn kinds(text: &str) -> Vec<Option<ReadErrorKind>> {
    read(text).documents.iter().map(|document| document.content.as_ref().err().map(|error| error.kind)).collect()
}

#[test]
fn separators_comments_and_empty_pieces() {
    assert_eq!(kinds("").len(), 0);
    assert_eq!(kinds("---\n").len(), 0);
    assert_eq!(kinds("---\n# only a comment\n---\n~\n---\n").len(), 0);
    assert_eq!(kinds("a: 1\n---   \nb: 2\n--- # note\nc: 3"), [None, None, None]);
    assert_eq!(kinds("---\n---\na: 1\n"), [None]);
}

#[test]
fn a_separator_with_a_text_stops_the_reading() {
    for text in ["a: 1\n----\nb: 2\n", "a: 1\n--- b\nc: 2\n"] {
        assert_eq!(kinds(text), [Some(ReadErrorKind::Separator)], "{text:?}");
    }
    assert_eq!(kinds("a: 1\n---\nb: 2\n---x\n"), [None, Some(ReadErrorKind::Separator)]);
}

#[test]
fn a_separator_cuts_even_a_quoted_text_and_a_broken_piece_leaves_the_others() {
    assert_eq!(kinds("a: \"x\n---\ny\"\n---\nb: 1\n"), [Some(ReadErrorKind::Syntax), None, None]);
    assert_eq!(kinds("a: [\n---\nb: 1\n"), [Some(ReadErrorKind::Syntax), None]);
}

#[test]
fn what_follows_the_end_mark_is_passed_over() {
    let node = one("a: 1\n...\nb: [\n");
    assert_eq!(node.as_map().unwrap().entries.len(), 1);
}

#[test]
fn places_are_those_of_the_text_as_given() {
    let text = "\u{feff}---\r\nä: x\r\n---\r\nb:\r\n- c: |\r\n    one\r\n    two\r\n";
    let documents = read(text).documents;
    let first = documents[0].content.as_ref().unwrap().as_map().unwrap();
    assert_eq!(first.entries[0].key_span.slice(text), "ä");
    assert_eq!(first.entries[0].value.span.slice(text), "x");
    let second = documents[1].content.as_ref().unwrap();
    let list = second.get("b").unwrap();
    assert_eq!(list.span.slice(text), "- c: |\r\n    one\r\n    two");
    let block = list.as_list().unwrap()[0].get("c").unwrap();
    assert_eq!(block.as_text(), Some("one\ntwo\n"));
    assert_eq!(documents[1].span.slice(text), "b:\r\n- c: |\r\n    one\r\n    two\r\n");
}

#[test]
fn a_list_in_a_block_begins_at_its_first_dash() {
    let text = "a:\n  - b\n  - c\nd: {e: [f]}\n";
    let node = one(text);
    assert_eq!(node.get("a").unwrap().span.slice(text), "- b\n  - c");
    assert_eq!(node.get("d").unwrap().span.slice(text), "{e: [f]}");
}

#[test]
fn json_is_read_as_json_and_flow_style_as_yaml() {
    assert_eq!(read("{\"a\": 1}\n").documents[0].format, Format::Json);
    assert_eq!(read("{a: 1}\n").documents[0].format, Format::Yaml);
    assert_eq!(kinds("{\"a\": 1"), [Some(ReadErrorKind::Json)]);
    assert_eq!(read("[{\"a\": 1}]").documents[0].format, Format::Yaml);
}

#[test]
fn aliases_and_merge_keys_bring_what_they_name() {
    let node = one("x: &x {a: 1, b: 2}\nv: *x\nz:\n  <<: *x\n  b: 3\nw:\n  <<: [*x, {c: 4}]\n");
    assert_eq!(node.get("v").unwrap().get("a").unwrap().as_int(), Some(1));
    let z = node.get("z").unwrap().as_map().unwrap();
    assert_eq!(z.entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["a", "b", "b"]);
    assert_eq!(z.get("b").unwrap().as_int(), Some(3));
    let w = node.get("w").unwrap().as_map().unwrap();
    assert_eq!(w.entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["c", "a", "b"]);
    // In quotes it is a key like any other.
    assert!(one("'<<': 1\n").get("<<").is_some());
    for text in ["a: *nobody\n", "a: &a [*a]\n", "<<: 5\n", "<<: [1]\n", "[a]: 1\n"] {
        assert_eq!(kinds(text), [Some(ReadErrorKind::Syntax)], "{text:?}");
    }
}

#[test]
fn keys_become_texts_or_are_refused() {
    let node = one("1: a\n1.5: b\ntrue: c\n2024-01-01: d\n? e\n: f\n");
    let keys: Vec<&str> = node.as_map().unwrap().entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["1", "1.5", "true", "2024-01-01", "e"]);
    assert_eq!(kinds("~: a\n"), [Some(ReadErrorKind::Value)]);
    assert_eq!(kinds("a: .nan\n"), [Some(ReadErrorKind::Value)]);
    // A syntax error further down comes first, as in go-yaml.
    assert_eq!(kinds("a: .nan\nb: [\n"), [Some(ReadErrorKind::Syntax)]);
}

#[test]
fn tags_of_libyaml_may_hold_exclamation_marks() {
    assert_eq!(one("k: !!!!\n").get("k").unwrap().as_text(), Some(""));
    assert_eq!(one("k: !!a!b c!d\n").get("k").unwrap().as_text(), Some("c!d"));
    assert_eq!(kinds("k: !!\n"), [Some(ReadErrorKind::Syntax)]);
}

#[test]
fn characters_that_yaml_forbids_are_named() {
    for (text, bad) in [("a: \u{0}\n", "\u{0}"), ("a: b\u{7f}\n", "\u{7f}"), ("a: b\u{feff}\n", "\u{feff}")] {
        let documents = read(text).documents;
        let error = documents[0].content.as_ref().unwrap_err();
        assert_eq!((error.kind, error.span.slice(text)), (ReadErrorKind::Syntax, bad), "{text:?}");
    }
}

#[test]
fn every_limit_of_the_budget_ends_in_a_plain_error() {
    let bomb = (1..9).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        let alias = format!("*a{}", n - 1);
        format!("{text}a{n}: &a{n} [{}]\n", vec![alias; 10].join(", "))
    });
    let cases = [
        "- ".repeat(1_000_000),
        "[".repeat(1_000_000),
        "{a: ".repeat(300_000),
        "? ".repeat(100_000),
        bomb,
        "- a\n".repeat(1_100_000),
        (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
    ];
    for text in cases {
        let shown = text.get(..20).unwrap();
        let documents = read(&text).documents;
        let error = documents[0].content.as_ref().unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::Budget, "{shown:?}: {error:?}");
    }
}

#[test]
fn documents_before_the_byte_limit_are_read() {
    let text = format!("a: 1\n---\nb: {}\n", "x".repeat(10 << 20));
    assert_eq!(kinds(&text), [None, Some(ReadErrorKind::Budget)]);
}

#[test]
fn an_aliased_tree_counts_its_depth() {
    let deep = format!("a: &a {}x{}\n", "[".repeat(150), "]".repeat(150));
    assert_eq!(kinds(&deep), [None]);
    let deeper = format!("{deep}b: {}*a{}\n", "[".repeat(100), "]".repeat(100));
    assert_eq!(kinds(&deeper), [Some(ReadErrorKind::Budget)]);
}

#[test]
fn manifests_inside_here_documents_are_found() {
    let text = "cat <<EOF > pod.yaml\na: 1\n---\nb: 2\nEOF\nkubectl apply -f pod.yaml\n";
    let found = read(text);
    assert_eq!(found.documents.len(), 2);
    assert_eq!(found.documents[0].content.as_ref().unwrap().span.slice(text), "a: 1");
    assert_eq!(
        found.notes[0].message,
        "Read the manifest inside the here-document that starts at line 1; the shell lines around it are not evaluated."
    );
    for text in [
        "kubectl apply -f - <<'EOF'\na: 1\nEOF\n",
        "$ cat <<\"END\" | kubectl create -f -\r\na: 1\r\nEND\r\npod/a created\r\n",
        "# create it\ncat <<-EOF >> ./kustomization.yaml\nresources:\n- a.yaml\n\tEOF\n",
        "$ cat pod.yaml\na: 1\n$ kubectl apply -f pod.yaml\npod/a created\n",
        "cat <<EOF > pod.yaml\na: 1\n",
    ] {
        let found = read(text);
        assert_eq!((found.documents.len(), found.notes.len()), (1, 1), "{text:?}: {found:?}");
        assert!(matches!(found.documents[0].content.as_ref().unwrap().value, Value::Map(_)), "{text:?}");
    }
}

#[test]
fn here_documents_with_something_else_are_passed_over() {
    let text = "cat <<EOF > run.sh\necho hello\nEOF\ncat <<EOF > pod.yaml\na: 1\nEOF\n";
    assert_eq!(read(text).documents.len(), 1);
    // A here-string is no here-document, and a text without shell lines is left as it is.
    assert_eq!(read("cat <<<EOF\nhello\n").notes.len(), 0);
    assert_eq!(read("just a sentence\n").notes.len(), 0);
}

#[test]
fn a_manifest_with_a_script_in_a_block_is_never_cut_up() {
    let block = "a:\n  script: |\n    cat <<EOF > x.yaml\n    b: 1\n    EOF\n    kubectl apply -f x.yaml\n";
    assert!(read(block).notes.is_empty());
    assert_eq!(read(block).documents.len(), 1);
    // Not even while the manifest around it is broken.
    let broken = format!("{block}c: [\n");
    assert!(read(&broken).notes.is_empty());
    assert_eq!(kinds(&broken), [Some(ReadErrorKind::Syntax)]);
}
