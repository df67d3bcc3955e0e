//! `cargo xtask build`: the static site in dist/, fit for any static host under any base path.

use crate::{Outcome, install, machine};
use std::process::ExitCode;

/// Further arguments go to `trunk build`.
pub fn run(arguments: &[String]) -> Outcome {
    install::page_tools()?;
    println!("build: the static site in dist/");
    machine::run_command(machine::command("trunk", &["build", "--release"]).args(arguments))?;
    Ok(ExitCode::SUCCESS)
}
