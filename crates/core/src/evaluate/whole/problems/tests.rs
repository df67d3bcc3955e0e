use super::*;
use crate::advice::{RULES, apply};
use crate::quote::quote;
use crate::release::{Cluster, Release};
use crate::session::{Input, Session};
use podwhy_source::{Budget, InputId, Value, document};
use std::collections::BTreeMap;

fn session(text: &str) -> Session {
    let input = Input { kind: InputKind::Manifests, name: String::new(), text: text.to_owned() };
    Session { inputs: vec![input], ..Session::default() }
}

fn problems(session: &Session) -> Vec<Problem> {
    Whole::of(session.clone()).problems()
}

fn codes(session: &Session) -> BTreeMap<&'static str, usize> {
    let mut codes = BTreeMap::new();
    for problem in problems(session) {
        *codes.entry(problem.diagnostic.code).or_default() += 1;
    }
    codes
}

fn fixed(session: &Session, fix: &Fix) -> Session {
    let mut session = session.clone();
    for (index, input) in session.inputs.iter_mut().enumerate() {
        input.text = apply(&input.text, InputId(u16::try_from(index).unwrap()), &fix.edits);
    }
    session
}

#[test]
fn each_rule_finds_its_example_and_leaves_the_other_alone() {
    for rule in RULES {
        let example = (rule.example)();
        let speaks_of = |session: &Session| {
            let list = problems(session);
            let known = |problem: &Problem| {
                problem.diagnostic.code == rule.id
                    || (problem.fix.is_some() || problem.diagnostic.severity == Severity::Error)
                        && rule.mends.contains(&problem.diagnostic.code)
            };
            assert!(!list.iter().any(|problem| problem.diagnostic.code == "yaml-syntax"), "{}: {list:#?}", rule.id);
            list.iter().any(known)
        };
        assert!(speaks_of(&example.bad), "{} does not find it: {:#?}", rule.id, problems(&example.bad));
        assert!(!speaks_of(&example.good), "{} finds it: {:#?}", rule.id, problems(&example.good));
    }
}

/// Every fix for `session` is made, each for itself: its problem is gone, and nothing new has come. Gives their number.
fn mended(before: &Session) -> usize {
    let known = codes(before);
    let list = problems(before);
    let fixes = list.iter().filter_map(|problem| Some((problem.diagnostic.code, problem.fix.as_ref()?)));
    let mut count = 0;
    for (code, fix) in fixes {
        count += 1;
        let after = fixed(before, fix);
        let now = codes(&after);
        let told = || format!("{code}: {fix:?} gives\n{}", after.inputs[0].text);
        let count = |codes: &BTreeMap<&'static str, usize>, code| codes.get(code).copied().unwrap_or(0);
        assert!(count(&now, code) < count(&known, code), "is still there: {}", told());
        for (code, number) in &now {
            assert!(*number <= count(&known, code), "new: {code}: {}", told());
        }
    }
    count
}

#[test]
fn every_fix_mends_its_problem_and_brings_no_new_one() {
    let fixes: usize = RULES
        .iter()
        .map(|rule| {
            let example = (rule.example)();
            mended(&example.bad) + mended(&example.good)
        })
        .sum();
    assert!(fixes > 30, "{fixes}");
}

/// The value as JSON, on one line or with a line for each entry.
fn json(node: &podwhy_source::Node, lines: bool) -> String {
    let (open, between) = if lines { ("\n", ",\n") } else { ("", ", ") };
    match &node.value {
        Value::Map(map) => {
            let entry = |entry: &podwhy_source::Entry| format!("{}: {}", quote(&entry.key), json(&entry.value, lines));
            format!("{{{open}{}{open}}}", map.entries.iter().map(entry).collect::<Vec<_>>().join(between))
        }
        Value::List(list) => {
            format!("[{open}{}{open}]", list.iter().map(|item| json(item, lines)).collect::<Vec<_>>().join(between))
        }
        Value::Text(text) => quote(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
    }
}

#[test]
fn fixes_mend_json_too() {
    let mut fixes = 0;
    for rule in RULES {
        for lines in [false, true] {
            let mut session = (rule.example)().bad;
            let text = &mut session.inputs[0].text;
            let read = document::read(InputId(0), text, &Budget::default()).documents;
            *text = read
                .iter()
                .map(|document| json(document.content.as_ref().unwrap(), lines))
                .collect::<Vec<_>>()
                .join("\n---\n");
            fixes += mended(&session);
        }
    }
    assert!(fixes > 50, "{fixes}");
}

#[test]
fn a_misspelt_field_is_mended_in_one_click() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: main\n    img: app:1\n    image: app:1\n    imagepullpolicy: Never\n";
    let before = session(text);
    let list = problems(&before);
    let fix =
        list.iter().find(|problem| problem.diagnostic.path.ends_with("imagepullpolicy")).unwrap().fix.as_ref().unwrap();
    let after = fixed(&before, fix);
    assert!(after.inputs[0].text.contains("    imagePullPolicy: Never\n"), "{}", after.inputs[0].text);
}

#[test]
fn what_can_be_mended_by_a_change_of_the_text_says_how() {
    let has_fix = |rule: &&&crate::advice::AdviceRule| {
        let list = problems(&(rule.example)().bad);
        let known =
            |problem: &Problem| problem.diagnostic.code == rule.id || rule.mends.contains(&problem.diagnostic.code);
        list.iter().any(|problem| known(problem) && problem.fix.is_some())
    };
    let without: Vec<&str> = RULES.iter().filter(|rule| !has_fix(rule)).map(|rule| rule.id).collect();
    // Each of these needs to be thought about: another image, another order, another place for the work.
    let expected = [
        "latest-tag",
        "idle-pull-secret",
        "registry-twice",
        "short-lived-token",
        "credential-store",
        "https-hook",
        "http-post-start",
        "post-start-waits",
        "pre-stop-at-end",
        "variable-name",
        "variable-namespace",
        "sub-path",
    ];
    assert_eq!(without, expected);
}

#[test]
fn an_error_is_told_once_with_its_path_and_its_line() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: main\n    imagePullPolicy: always\n";
    let list = problems(&session(text));
    let told: Vec<_> = list
        .iter()
        .map(|problem| (problem.source, problem.diagnostic.path.as_str(), problem.diagnostic.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Source::Validation, "spec.containers[0].image", "Required value"),
            (
                Source::Validation,
                "spec.containers[0].imagePullPolicy",
                "Unsupported value: \"always\": supported values: \"Always\", \"IfNotPresent\", \"Never\""
            ),
        ]
    );
    assert_eq!(list[1].diagnostic.span.unwrap().slice(text), "always");
}

#[test]
fn decoding_validation_admission_and_advice_stand_in_one_list_errors_first() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  serviceAccountName: nobody\n  overhead: {cpu: 1}\n  restartPolicy: Sometimes\n  containers:\n  - name: main\n    image: nginx\n    img: x\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: other}\n";
    let list = problems(&session(text));
    let sources: Vec<Source> = list.iter().map(|problem| problem.source).collect();
    for source in [Source::Decoding, Source::Validation, Source::Admission, Source::Advice] {
        assert!(sources.contains(&source), "{source:?}: {list:#?}");
    }
    let severities: Vec<Severity> = list.iter().map(|problem| problem.diagnostic.severity).collect();
    assert!(severities.is_sorted(), "{severities:?}");
}

#[test]
fn a_pod_without_containers_is_told_once() {
    let list = problems(&session("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n"));
    let codes: Vec<_> = list.iter().map(|problem| problem.diagnostic.code).collect();
    assert_eq!(codes, ["validation.containers-required"]);
}

#[test]
fn every_release_advises_and_every_place_lies_in_its_text() {
    for rule in RULES {
        let example = (rule.example)();
        for release in Release::all() {
            let mut session = example.bad.clone();
            session.cluster = Cluster { release, ..session.cluster };
            for problem in problems(&session) {
                let span = problem.diagnostic.span.unwrap();
                let text = &session.input(span.input).unwrap().text;
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{release}: {problem:?}");
            }
        }
    }
}

#[test]
fn thousands_of_problems_do_not_take_long() {
    let pod = |index: usize| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{index}}}\nspec:\n  overhead: {{cpu: 1}}\n  containers: [{{name: a, image: nginx, imagePullPolicy: always, lifecycle: {{postStart: {{tcpSocket: {{port: 1}}}}}}}}]\n"
        )
    };
    let text: String = (0..2000).map(pod).collect();
    let names: String = (0..3000).map(|index| format!("    - {{name: N{index}, value: '$(M{index})'}}\n")).collect();
    let text = format!(
        "{text}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: env}}\nspec:\n  containers:\n  - name: a\n    image: a:1\n    env:\n{names}"
    );
    let whole = Whole::of(session(&text));
    let started = std::time::Instant::now();
    assert!(whole.problems().len() > 9000);
    // Far more than it takes, and far less than work that grows with the square.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
