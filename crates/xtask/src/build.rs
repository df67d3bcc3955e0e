//! `cargo xtask build`: the static site in dist/, fit for any static host under any base path.

use crate::{Outcome, install, machine};
use std::process::ExitCode;

/// Builds the standard library together with the page: for size, and so that a panic stops the program at once instead
/// of composing a message first. A tenth of the download. Cargo calls this unstable; the pinned toolchain makes it the
/// same everywhere, and a plain `trunk build` works without it.
const SMALL_STD: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort"),
];

/// Further arguments go to `trunk build`.
pub fn run(arguments: &[String]) -> Outcome {
    install::page_tools()?;
    install::std_source()?;
    println!("build: the static site in dist/");
    let mut trunk = machine::command("trunk", &["build", "--release"]);
    machine::run_command(trunk.args(arguments).envs(SMALL_STD))?;
    machine::run("node", &["web/shrink.mjs"])?;
    Ok(ExitCode::SUCCESS)
}
