//! `cargo xtask conformance [--cases DIR] [SUITE...]`: builds the runner of `tests/conformance` and becomes it.

use crate::{Outcome, machine};
use std::process::{Command, ExitCode, Stdio};

/// Passes the arguments and the exit code on. The runner is started itself and not through `cargo test`, so that its
/// sum is the last line, and in the caller's folder, so that DIR means what the caller sees.
pub fn run(arguments: &[String]) -> Outcome {
    let status = Command::new(runner()?).args(arguments).status();
    let code = status.map_err(|error| format!("cannot start the runner: {error}"))?.code();
    Ok(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Builds the runner and returns the path that Cargo reports for it.
fn runner() -> Result<String, String> {
    let arguments = ["test", "--quiet", "--package", "podwhy-tests", "--test", "conformance", "--no-run"];
    let mut cargo = machine::command("cargo", &arguments);
    let output = cargo.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err("the runner does not compile".to_owned());
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let path =
        messages.lines().filter_map(|line| line.split_once("\"executable\":\"")?.1.split('"').next()).next_back();
    path.map(|path| path.replace(r"\\", r"\")).ok_or_else(|| "cargo named no runner".to_owned())
}
