//! Every example of the gallery (web/gallery) asks something, and says before it is run what must be answered. Here it
//! is held against what `podwhy explain` prints. What was said instead of an expected sentence is left in
//! target/gallery, to be read beside the example.

mod schema;

use podwhy_core::evaluate::Whole;
use podwhy_core::session::InputKind;
use podwhy_core::session::mask::Mask;
use podwhy_core::session::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The views that an example may open, by their names in links (web/src/state.rs).
const VIEWS: [&str; 9] =
    ["image", "credentials", "pulls", "use-cases", "placement", "lifecycle", "environment", "stored", "problems"];

/// How many things people trip over have an example of their own; its name begins with the thing's number.
const THINGS: usize = 38;

fn gallery() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("web/gallery")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

/// Every example by its name.
fn examples() -> BTreeMap<String, Workspace> {
    let mut found = BTreeMap::new();
    for group in sorted(&gallery()) {
        for path in sorted(&group) {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let example = Workspace::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a plain name").to_owned();
            assert_eq!(group.file_name().and_then(|name| name.to_str()), Some(example.group.as_str()), "{name}");
            assert!(found.insert(name.clone(), example).is_none(), "two examples are called {name}");
        }
    }
    found
}

/// The text with every run of white space as one space: sentences may stand in a table.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_example_is_answered_as_it_expects() {
    let left = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&left).expect("a folder for what was said");
    let mut failures = Vec::new();
    for (name, example) in examples() {
        let said = podwhy::text(&Whole::of(example.session.clone()));
        let flat_said = flat(&said);
        let missing = example.says.iter().filter(|sentence| !flat_said.contains(&flat(sentence)));
        let unwanted = example.never_says.iter().filter(|sentence| flat_said.contains(&flat(sentence)));
        let wrong: Vec<String> = missing
            .map(|sentence| format!("  does not say: {sentence}"))
            .chain(unwanted.map(|sentence| format!("  says: {sentence}")))
            .collect();
        let path = left.join(format!("{name}.txt"));
        if wrong.is_empty() {
            _ = std::fs::remove_file(path);
        } else {
            std::fs::write(&path, said).expect("a place for what was said");
            failures.push(format!("{name} ({})\n{}", path.display(), wrong.join("\n")));
        }
    }
    assert!(failures.is_empty(), "{} examples are answered otherwise\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_example_says_what_it_is() {
    let mut titles = BTreeMap::new();
    for (name, example) in examples() {
        assert!(
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)),
            "{name} is no plain name"
        );
        assert!(!example.title.is_empty() && !example.question.is_empty(), "{name} asks nothing");
        assert!(VIEWS.contains(&example.view.as_str()), "{name} opens the view `{}`", example.view);
        assert!(example.sources.iter().all(|source| source.starts_with("https://")), "{name}");
        assert!(!example.sources.is_empty(), "{name} comes from nowhere");
        assert!(!example.says.is_empty() && !example.never_says.is_empty(), "{name} expects nothing");
        assert!(!example.text(InputKind::Manifests).is_empty(), "{name} shows nothing");
        if let Some(other) = titles.insert(example.title.clone(), name.clone()) {
            panic!("{name} and {other} are both called “{}”", example.title);
        }
        // What stands in the example itself would be found without any answer.
        let given: Vec<&str> = example.session.inputs.iter().map(|input| input.text.as_str()).collect();
        for sentence in &example.says {
            assert!(!given.iter().any(|text| text.contains(sentence)), "{name} only repeats itself: {sentence}");
        }
    }
}

#[test]
fn what_a_link_leaves_out_changes_no_answer() {
    let fixture = include_str!("../fixtures/workspace.txt");
    let fixture = Workspace::read(fixture).expect("a workspace");
    for (name, example) in examples().into_iter().chain([("the fixture".to_owned(), fixture)]) {
        let masked = Mask::default().workspace(&example);
        let [before, after] = [&example, &masked].map(|given| podwhy::text(&Whole::of(given.session.clone())));
        assert_eq!(before.lines().count(), after.lines().count(), "{name}");
        for (before, after) in before.lines().zip(after.lines()) {
            // The value of a variable is told; that it is a placeholder now is the point.
            assert!(before == after || after.contains("hidden-"), "{name}\n{before}\n{after}");
        }
        assert_eq!(Mask::default().workspace(&masked), masked, "{name}");
    }
}

#[test]
fn each_thing_that_people_trip_over_has_an_example_of_its_own() {
    let names: Vec<String> = examples().into_keys().collect();
    assert!(names.len() >= 60, "there are only {}", names.len());
    for thing in 1..=THINGS {
        let prefix = format!("{thing:02}-");
        assert!(names.iter().any(|name| name.starts_with(&prefix)), "nothing shows {thing}");
    }
}
