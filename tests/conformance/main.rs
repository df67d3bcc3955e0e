//! Runs the conformance cases: what the rules here answer, against what Kubernetes' own code answered.
//!
//! `conformance [--cases DIR] [SUITE...]`; the cases are read from `DIR/<suite>.jsonl` at run time. A line per suite,
//! then at most five failing cases of it, and at the end the sum. Exits with 1 when anything failed. A suite that is
//! asked for by name and has no runner or no file counts as failed; without names, every suite with a runner runs.

mod compare;
mod runners;

use podwhy_core::release::Release;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Answers one case: the input, the release, and what is to be compared with `expect`.
pub type Run = fn(&Value, Release) -> Value;

/// One suite: how a case is answered and how the answer is held against the expectation.
pub struct Suite {
    /// The name of the suite and of its file.
    pub name: &'static str,
    /// Answers a case.
    pub run: Run,
    /// Whether the answer (second) agrees with the expectation (first); `compare::agree` unless the suite's text
    /// says otherwise.
    pub agrees: fn(&Value, &Value) -> bool,
}

/// At most so many failing cases are printed for each suite.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    let mut cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut names = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--cases" => match arguments.next() {
                Some(folder) => cases = PathBuf::from(folder),
                None => return usage("--cases needs a folder"),
            },
            flag if flag.starts_with('-') => return usage(&format!("unknown flag {flag}")),
            name => names.push(name.to_owned()),
        }
    }
    if names.is_empty() {
        names = runners::SUITES.iter().map(|suite| suite.name.to_owned()).collect();
    }
    let (mut passed, mut failed) = (0, 0);
    for name in &names {
        let outcome = run_suite(&cases, name);
        passed += outcome.passed;
        failed += outcome.failed.len();
        println!("{name}: {} passed, {} failed", outcome.passed, outcome.failed.len());
        for failure in outcome.failed.iter().take(SHOWN) {
            println!("  {failure}");
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}\nusage: conformance [--cases DIR] [SUITE...]");
    ExitCode::from(2)
}

#[derive(Default)]
struct Outcome {
    passed: usize,
    failed: Vec<String>,
}

fn run_suite(cases: &Path, name: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(suite) = runners::SUITES.iter().find(|suite| suite.name == name) else {
        outcome.failed.push(format!("{name} has no runner"));
        return outcome;
    };
    let file = cases.join(format!("{name}.jsonl"));
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => {
            outcome.failed.push(format!("cannot read {}: {error}", file.display()));
            return outcome;
        }
    };
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Value>(line) {
            Ok(case) => run_case(suite, &case, &mut outcome),
            Err(error) => outcome.failed.push(format!("{name}.jsonl line {}: {error}", number + 1)),
        }
    }
    if outcome.passed + outcome.failed.len() == 0 {
        outcome.failed.push(format!("{} holds no case", file.display()));
    }
    outcome
}

/// A line is evaluated once for each release that it names, and passes when every one of them agrees.
fn run_case(suite: &Suite, case: &Value, outcome: &mut Outcome) {
    let id = case["id"].as_str().unwrap_or("a case without id");
    let releases: Vec<_> = case["k8s"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if releases.is_empty() {
        outcome.failed.push(format!("{id} names no release"));
        return;
    }
    for name in releases {
        let Some(release) = Release::parse(name) else {
            outcome.failed.push(format!("{id} names the unknown release {name}"));
            return;
        };
        let actual = (suite.run)(&case["input"], release);
        if !(suite.agrees)(&case["expect"], &actual) {
            outcome.failed.push(format!("{id} ({name})\n    expected {}\n    actual   {actual}", case["expect"]));
            return;
        }
    }
    outcome.passed += 1;
}
