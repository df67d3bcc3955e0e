//! `cargo xtask lighthouse`: how fast a phone would have the page, measured three times by Lighthouse. No test of CI:
//! the numbers depend on the machine.

use crate::{Outcome, build, install, machine};
use std::process::ExitCode;

/// Builds the site, measures it, and leaves the numbers in bench/lighthouse.json.
pub fn run(arguments: &[String]) -> Outcome {
    let found = install::browser()?;
    build::run(arguments)?;
    machine::run("npm", &["ci", "--prefix", "bench", "--no-audit", "--no-fund"])?;
    let mut node = machine::command("node", &["bench/lighthouse.mjs"]);
    machine::run_command(node.env("CHROMIUM", found.browser))?;
    Ok(ExitCode::SUCCESS)
}
