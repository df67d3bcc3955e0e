//! `cargo xtask serve`: the page on this machine, built anew when a file changes.

use crate::{Outcome, install, machine};
use std::process::ExitCode;

/// Further arguments go to `trunk serve`.
pub fn run(arguments: &[String]) -> Outcome {
    install::page_tools()?;
    println!("serve: the page comes up at http://127.0.0.1:8080 (end with Ctrl+C)");
    machine::run_command(machine::command("trunk", &["serve"]).args(arguments))?;
    Ok(ExitCode::SUCCESS)
}
