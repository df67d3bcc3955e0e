//! `cargo xtask test`: every check and every test, in the order in which a failure is cheapest to learn.

use crate::{Outcome, build, conformance, install, machine, size, tidy};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

type Step = (&'static str, fn() -> Outcome);

const STEPS: &[Step] = &[
    ("format", format),
    ("tools", tools),
    ("tidy", || tidy::run(&[])),
    ("clippy", || cargo(&["clippy", "--workspace", "--exclude", PAGE, "--all-targets", "--", "-D", "warnings"])),
    ("clippy of the page", || {
        cargo(&["clippy", "--package", PAGE, "--target", WASM, "--all-targets", "--", "-D", "warnings"])
    }),
    ("native tests", || cargo(&["test", "--workspace", "--exclude", PAGE])),
    ("conformance", || conformance::run(&[])),
    ("tests of the page's parts in Chromium", component_tests),
    ("release build", || build::run(&[])),
    ("size", || size::run(&[])),
    ("end-to-end tests in Chromium", end_to_end_tests),
];

const PAGE: &str = "podwhy-web";
const WASM: &str = "wasm32-unknown-unknown";

/// Runs the steps and stops at the first that fails.
pub fn run(_: &[String]) -> Outcome {
    let mut times = Vec::new();
    for (number, (name, step)) in STEPS.iter().enumerate() {
        println!("\n== {}/{} {name}", number + 1, STEPS.len());
        let start = Instant::now();
        let outcome = step().map_err(|problem| format!("{name}: {problem}"))?;
        if outcome != ExitCode::SUCCESS {
            return Err(format!("{name} failed; what is wrong stands above"));
        }
        times.push((name, start.elapsed()));
    }
    println!("\nAll steps passed:");
    for (name, time) in times {
        println!("  {:>6.1} s  {name}", time.as_secs_f64());
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo(arguments: &[&str]) -> Outcome {
    machine::run("cargo", arguments).map(|()| ExitCode::SUCCESS)
}

fn format() -> Outcome {
    cargo(&["fmt", "--all", "--check"])?;
    // The rules of advice are declared by a macro, which rustfmt does not follow.
    let rules = files("crates/core/src/advice", ".rs")?;
    let mut rustfmt = machine::command("rustfmt", &["--check", "--edition", "2024"]);
    machine::run_command(rustfmt.args(rules))?;
    Ok(ExitCode::SUCCESS)
}

/// The files of a folder whose names end so, in order.
fn files(folder: &str, end: &str) -> Result<Vec<PathBuf>, String> {
    let folder = machine::root().join(folder);
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(end));
    files.sort();
    Ok(files)
}

fn tools() -> Outcome {
    install::page_tools()?;
    let found = install::browser()?;
    println!("browser: {}, driver: {}", found.browser.display(), found.driver.display());
    Ok(ExitCode::SUCCESS)
}

fn component_tests() -> Outcome {
    let found = install::browser()?;
    let mut cargo = machine::command("cargo", &["test", "--package", PAGE, "--target", WASM]);
    machine::run_command(cargo.env("CHROMEDRIVER", found.driver))?;
    Ok(ExitCode::SUCCESS)
}

fn end_to_end_tests() -> Outcome {
    let found = install::browser()?;
    let mut node = machine::command("node", &["--test", "--test-reporter=spec", "--test-timeout=600000"]);
    machine::run_command(node.args(files("tests/e2e", ".test.mjs")?).env("CHROMIUM", found.browser))?;
    Ok(ExitCode::SUCCESS)
}
