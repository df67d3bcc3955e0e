//! What libyaml reads otherwise than today's YAML, and the forms that scalars have.

use super::{Allowance, parse};
use crate::budget::Budget;
use crate::node::{Node, Number, Value};
use crate::span::InputId;

/// The document as JSON, or `!` and the text at which it breaks off.
fn read(text: &str) -> String {
    match parse(text, InputId(0), 0, &mut Allowance::new(&Budget::default())) {
        Ok(node) => node.map_or_else(|| "nothing".to_owned(), |node| json(&node)),
        Err(error) => format!("!{}", error.span.slice(text)),
    }
}

fn json(node: &Node) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(Number::Int(value)) => value.to_string(),
        Value::Number(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", joined(items.iter().map(json).collect())),
        Value::Map(map) => {
            let pairs = map.entries.iter().map(|entry| format!("{:?}:{}", entry.key, json(&entry.value)));
            format!("{{{}}}", joined(pairs.collect()))
        }
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(read(text), *expected, "{text:?}");
    }
}

#[test]
fn a_colon_between_brackets() {
    check(&[
        ("[a: b]", r#"[{"a":"b"}]"#),
        ("{a: https://x/y}", r#"{"a":"https://x/y"}"#),
        ("{a:1}", r#"{"a:1":null}"#),
        ("{\"a\":1}", r#"{"a":1}"#),
        ("{a, b: , c}", r#"{"a":null,"b":null,"c":null}"#),
        ("[a, b,]", r#"["a","b"]"#),
        ("[::1]", "!:"),
        ("{? a : b, ? c}", r#"{"a":"b","c":null}"#),
        ("[a\n: b]", "!:"),
    ]);
}

#[test]
fn lists_and_maps_in_blocks() {
    check(&[
        ("a:\n- 1\n-\n- - 2\n  - 3\nb:", r#"{"a":[1,null,[2,3]],"b":null}"#),
        ("- a: 1\n  b: 2\n- c", r#"[{"a":1,"b":2},"c"]"#),
        ("? a\n: b\n? c", r#"{"a":"b","c":null}"#),
        ("? - a\n: b", "!- a"),
        ("a: b: c", "!:"),
        ("a: - b", "!-"),
        ("a: 1\n b: 2", "!:"),
        ("a:\n    b: 1\n  c: 2", "!c"),
        ("a: 1\nb\n", "!b"),
        ("\ta: 1", "!\t"),
        ("-\ta", "!\t"),
    ]);
}

#[test]
fn scalars_over_several_lines() {
    check(&[
        ("a: b\n  c\n\n  d\ne: f", r#"{"a":"b c\nd","e":"f"}"#),
        ("a: 'it''s\n\n  b '", r#"{"a":"it's\nb "}"#),
        ("\"a\\\n   b\\tc\\x41\\u00e9\\ \\\"\"", r#""ab\tcAé \"""#),
        ("\"\\/\"", "!/"),
        ("\"\\q\"", "!q"),
        ("\"\\ud83d\\ude00\"", "!d"),
        ("a: |\n  b\n   c\n\n\nd: 1", r#"{"a":"b\n c\n","d":1}"#),
        ("a: |-\n  b\n", r#"{"a":"b"}"#),
        ("a: |+\n  b\n\n", r#"{"a":"b\n\n"}"#),
        ("a: |1-\n  b\n", r#"{"a":" b"}"#),
        ("a: >\n  b\n  c\n\n  d\n   e\n  f\n", r#"{"a":"b c\nd\n e\nf\n"}"#),
        ("a: |", r#"{"a":""}"#),
        ("a: |\n  b", r#"{"a":"b\n"}"#),
        ("a: |\n\tb", "!\t"),
        ("a: | b", "!b"),
        ("a b: c#d #e", r#"{"a b":"c#d"}"#),
    ]);
}

#[test]
fn tags_anchors_and_directives() {
    check(&[
        ("a: !!str 1", r#"{"a":"1"}"#),
        ("a: ! '1'", r#"{"a":1}"#),
        ("a: !<tag:yaml.org,2002:int> '7'", r#"{"a":7}"#),
        ("%TAG !x! tag:yaml.org,2002:\n--- !x!str 1", r#""1""#),
        ("a: !x!y 1", "!!"),
        ("%YAML 1.2\n---\na", "!\n"),
        ("%YAML 1.1\n---\na", r#""a""#),
        ("a: &x [1]\nb: *x", r#"{"a":[1],"b":[1]}"#),
        ("a: &x\nb: *x", r#"{"a":null,"b":null}"#),
        ("&x a: *x", r#"{"a":"a"}"#),
        ("a: *x", "!*"),
        ("a: *.io", "!."),
    ]);
}

#[test]
fn a_key_is_short_and_stands_on_one_line() {
    let long = "k".repeat(1025);
    check(&[(&format!("{long}: 1"), "!:"), ("a\nb: 1", "!:"), ("\"a\nb\": 1", "!:")]);
    assert!(read(&format!("{}: 1", "k".repeat(1024))).ends_with(":1}"));
}
