//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy can see.
//!
//! Each check pushes lines `file:line: what is wrong and what to do`; none of them builds anything.

use crate::{Outcome, install, machine};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

/// A tracked text file: its path from the top folder, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The lines with their numbers, up to the tests at the end of the file; comments are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines
            .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_rust_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder) && self.path.ends_with(".rs")
    }
}

/// Runs every check and prints what they found.
pub fn run(_: &[String]) -> Outcome {
    let files = tracked()?;
    let mut problems = Vec::new();
    for file in &files {
        check_arrows(file, &mut problems);
        check_core_words(file, &mut problems);
        check_web_words(file, &mut problems);
        check_hosts(file, &mut problems);
    }
    check_classes(&files, &mut problems);
    check_machine_paths(&files, &mut problems);
    check_gloo(&machine::read("Cargo.lock")?, &mut problems);
    check_first_example(&mut problems)?;
    check_wasm_bindgen(&mut problems)?;
    for problem in &problems {
        println!("{problem}");
    }
    println!("tidy: {} files, {} problems", files.len(), problems.len());
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The static page shows the first example before the program, which knows it from its file, has arrived.
fn check_first_example(problems: &mut Vec<String>) -> Result<(), String> {
    let (page, example) = (machine::read("index.html")?, machine::read("web/src/examples/wrong-key.yaml")?);
    if !page.contains(&format!(">{}</textarea>", example)) {
        problems.push("index.html: #text-manifests does not hold web/src/examples/wrong-key.yaml".to_owned());
    }
    Ok(())
}

/// Every text file that git knows or would add.
fn tracked() -> Result<Vec<File>, String> {
    let list = machine::ask("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let list = list.ok_or("git cannot list the files of the project")?;
    let read = |path: &str| Some(File { path: path.to_owned(), text: machine::read(path).ok()? });
    Ok(list.lines().filter_map(read).collect())
}

/// The modules of core in the order in which they may use each other: a module uses those of its own row and above.
/// The first rows are the words that all rules share; then comes the pod's life. `image` stands before admission
/// because the API server sets the default pull policy, which it reads off the image's name, before it admits a pod.
const ROWS: &[&[&str]] = &[
    &["quote", "go_bool", "go_url", "quantity", "time"],
    &["feature", "release"],
    &["rule"],
    &["trace", "events"],
    &["api"],
    &["schema"],
    &["session"],
    &["image"],
    &["defaulting"],
    &["validation"],
    &["admission"],
    &["scheduling"],
    &["runtime"],
    &["credentials"],
    &["pulls"],
    &["environment"],
    &["lifecycle"],
    &["kubectl"],
    &["scenario"],
    &["complete"],
    &["advice"],
    &["report", "simulation", "timeline", "use_cases", "verdict"],
    &["evaluate"],
];

fn check_arrows(file: &File, problems: &mut Vec<String>) {
    const CORE: &str = "crates/core/src/";
    let Some(place) = file.path.strip_prefix(CORE).filter(|place| place.ends_with(".rs") && *place != "lib.rs") else {
        return;
    };
    let module = place.split(['/', '.']).next().unwrap_or_default();
    let row = |name: &str| ROWS.iter().position(|row| row.contains(&name));
    let Some(own) = row(module) else {
        // Said once for each module, at its first file.
        if place == format!("{module}.rs") || place == format!("{module}/mod.rs") {
            problems.push(format!(
                "{}:1: `{module}` has no row in ROWS of crates/xtask/src/tidy.rs; give it one",
                file.path
            ));
        }
        return;
    };
    for (line, text) in file.code() {
        for used in text.split("crate::").skip(1).flat_map(first_names) {
            if row(used).is_some_and(|used| used > own) {
                problems.push(format!(
                    "{}:{line}: `{module}` uses `{used}`, which comes later in the pod's life (ROWS in \
                     crates/xtask/src/tidy.rs): move what both need to the earlier one",
                    file.path
                ));
            }
        }
    }
}

/// The module names right after `crate::`: one, or those of a `{a::X, b}` on the same line.
fn first_names(rest: &str) -> Vec<&str> {
    let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match rest.strip_prefix('{') {
        Some(list) => list.split(',').map(str::trim).map(|part| &part[..name(part)]).collect(),
        None => vec![&rest[..name(rest)]],
    }
}

/// Words that would mean that the rules know how they are shown.
const SHOWN: &[&str] = &["html!", "<div", "<span", "<code", "<br", "class=", "css", "rgb(", "colour", "color", "aria-"];

fn check_core_words(file: &File, problems: &mut Vec<String>) {
    if !file.is_rust_in("crates/core/src/") && !file.is_rust_in("crates/source/src/") {
        return;
    }
    for (line, text) in file.code() {
        for word in SHOWN.iter().filter(|word| text.contains(**word)) {
            problems.push(format!("{}:{line}: `{word}`: how something looks belongs into web/", file.path));
        }
    }
}

/// What would mean that the page knows a rule: a certain release, a place in Kubernetes' code or documentation.
const RULED: &[&str] = &[
    "Release::from_minor(",
    "Release::parse(\"",
    "minor_unchecked(",
    ".minor() <",
    ".minor() >",
    "pkg/kubelet",
    "pkg/apis",
    "pkg/credentialprovider",
    "staging/src/",
    "plugin/pkg/",
    "kubernetes.io/docs/",
];

fn check_web_words(file: &File, problems: &mut Vec<String>) {
    if !file.is_rust_in("web/src/") {
        return;
    }
    for (line, text) in file.code() {
        for word in RULED.iter().filter(|word| text.contains(**word)) {
            problems
                .push(format!("{}:{line}: `{word}`: what a release does, and why, comes from the report", file.path));
        }
    }
}

/// Nobody's package registry is written down: Cargo.lock names its standard source, and nothing else names any.
fn check_hosts(file: &File, problems: &mut Vec<String>) {
    const STANDARD: &str = concat!("source = \"registry+https://github.com/rust-lang/crates.io", "-index\"");
    const HOSTS: &[&str] = &[
        concat!("registry.", "npmjs"),
        concat!("registry.", "yarnpkg"),
        concat!("npm.pkg.", "github"),
        concat!("static.", "crates.io"),
        concat!("index.", "crates.io"),
        concat!("crates.io", "-index"),
        concat!("\"resolved\"", ": \"http"),
    ];
    for (index, text) in file.text.lines().enumerate() {
        let known = file.path == "Cargo.lock" && text == STANDARD;
        if !known && HOSTS.iter().any(|host| text.contains(host)) {
            problems.push(format!(
                "{}:{}: a package registry's address; leave it to the machine",
                file.path,
                index + 1
            ));
        }
    }
}

/// No folder of the machine that builds stands in the project.
fn check_machine_paths(files: &[File], problems: &mut Vec<String>) {
    let root = machine::root();
    let home = std::env::home_dir();
    let tools = [".cargo", ".rustup", ".npm"].iter().filter_map(|name| Some(home.as_ref()?.join(name)));
    // The folder that holds the project counts too, unless it is one that every machine has, such as /home.
    let folders = root.parent().filter(|parent| parent.components().count() > 2).into_iter().map(Path::to_owned);
    let paths: Vec<String> =
        std::iter::once(root.clone()).chain(folders).chain(tools).map(|path| format!("{}/", path.display())).collect();
    for file in files {
        for (index, text) in file.text.lines().enumerate() {
            if let Some(path) = paths.iter().find(|path| text.contains(*path)) {
                problems.push(format!("{}:{}: `{path}` is a folder of this machine", file.path, index + 1));
            }
        }
    }
}

/// The words of a text: runs of what a class may be made of.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
}

/// A style for a class that no source of the page writes is dead.
fn check_classes(files: &[File], problems: &mut Vec<String>) {
    let is_source = |path: &str| {
        let ends = [".rs", ".js", ".html"].iter().any(|end| path.ends_with(end));
        ends && (path.starts_with("web/") || path.starts_with("crates/core/src/") || path == "index.html")
    };
    let written: BTreeSet<&str> =
        files.iter().filter(|file| is_source(&file.path)).flat_map(|file| words(&file.text)).collect();
    for file in files.iter().filter(|file| file.path.starts_with("web/styles/") && file.path.ends_with(".css")) {
        for (index, text) in file.text.lines().enumerate() {
            let selectors = text.split('}').filter_map(|rule| Some(rule.split_once('{')?.0));
            let classes =
                selectors.flat_map(|selector| selector.split('.').skip(1)).filter_map(|rest| words(rest).next());
            let begins = |class: &&str| class.starts_with(|c: char| c.is_ascii_alphabetic());
            for class in classes.filter(begins).filter(|class| !written.contains(class)) {
                problems.push(format!("{}:{}: nothing has the class `{class}`", file.path, index + 1));
            }
        }
    }
}

/// Two versions of gloo mean a dozen crates twice in the download.
fn check_gloo(lock: &str, problems: &mut Vec<String>) {
    let lines: Vec<_> = lock.lines().enumerate().filter(|(_, line)| *line == "name = \"gloo\"").collect();
    if let [_, (index, _), ..] = lines.as_slice() {
        problems.push(format!("Cargo.lock:{}: gloo is there twice; use the version that yew uses", index + 1));
    }
}

/// The command line writes the code that the crate expects only when both are of one version.
fn check_wasm_bindgen(problems: &mut Vec<String>) -> Result<(), String> {
    let pinned = install::wasm_bindgen_version()?;
    let answer = machine::ask("wasm-bindgen", &["--version"]);
    let installed = answer.as_deref().and_then(|text| text.split(' ').nth(1)).unwrap_or("none");
    if installed != pinned {
        problems.push(format!(
            "web/Cargo.toml:1: wasm-bindgen {pinned} is pinned, the command line is {installed}; `cargo xtask build` \
             installs the right one"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(check: fn(&File, &mut Vec<String>), path: &str, text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        check(&File { path: path.to_owned(), text: text.to_owned() }, &mut problems);
        problems
    }

    #[test]
    fn a_stage_may_not_use_a_later_one() {
        let early = "crates/core/src/admission/mod.rs";
        let found = problems(check_arrows, early, "use crate::rule::Rule;\nuse crate::{api::Pod, credentials::Key};\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("crates/core/src/admission/mod.rs:2: `admission` uses `credentials`"));
        assert!(problems(check_arrows, "crates/core/src/credentials/mod.rs", "use crate::admission::X;").is_empty());
        assert!(problems(check_arrows, early, "#[cfg(test)]\nmod tests { use crate::lifecycle::X; }").is_empty());
    }

    #[test]
    fn a_new_module_needs_a_row() {
        assert!(problems(check_arrows, "crates/core/src/news.rs", "")[0].contains("`news` has no row"));
    }

    #[test]
    fn the_page_names_no_release_and_the_rules_know_no_html() {
        assert_eq!(
            problems(check_web_words, "web/src/app.rs", "if Release::from_minor(33) <= Some(release) {}").len(),
            1
        );
        assert!(
            problems(check_web_words, "web/src/app.rs", "Release::all().find(|release| *release > chosen)").is_empty()
        );
        assert_eq!(problems(check_core_words, "crates/core/src/image/mod.rs", "let x = \"<span>\";").len(), 1);
    }

    #[test]
    fn a_class_that_nothing_has_is_dead() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let css = ".a-b > .gone:hover, .c { margin: .5em } @media (x) { .d-e { top: 0 } }\n";
        let mut found = Vec::new();
        let source = file("web/src/app.rs", "class=\"a-b c\" { classes!(\"d-e\") }");
        check_classes(&[file("web/styles/base.css", css), source], &mut found);
        assert_eq!(found, ["web/styles/base.css:1: nothing has the class `gone`"]);
    }

    #[test]
    fn an_address_of_a_registry_is_found_in_a_lock_file() {
        let line = concat!("      \"resolved\"", ": \"https://mirror.example/a.tgz\",");
        assert_eq!(problems(check_hosts, "package-lock.json", line).len(), 1);
        assert!(problems(check_hosts, "package-lock.json", "  \"version\": \"1.0.0\",").is_empty());
    }
}
