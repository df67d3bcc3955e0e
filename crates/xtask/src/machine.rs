//! The machine below the chores: folders, programs, and how they are run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The top folder of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The project's text file at `path` (from the top folder), or why it cannot be read.
pub fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("cannot read {path}: {error}"))
}

/// `program`, to be run in the top folder; it finds what npm and `cargo install` brought.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    if let Some(path) = search_path() {
        command.env("PATH", path);
    }
    command
}

/// Runs a program with its output in view; an error names the whole command line.
pub fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    run_command(&mut command(program, arguments))
}

/// As [`run`], for a command that needs more than arguments.
pub fn run_command(command: &mut Command) -> Result<(), String> {
    let line = command_line(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("cannot start `{line}`: {error}")),
    }
}

/// What a program writes to its standard output, without the white space around it; `None` when it fails or is
/// missing.
pub fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of `programs` that exists: a path, or a name on PATH.
pub fn find(programs: &[&str]) -> Option<PathBuf> {
    let path = search_path()?;
    programs.iter().find_map(|program| {
        std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
    })
}

/// PATH, after the project's npm programs and before Cargo's folder of installed programs, which a fresh shell may
/// not know yet.
fn search_path() -> Option<std::ffi::OsString> {
    let mut folders = vec![root().join("node_modules/.bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    folders.extend(home.map(|home| home.join("bin")));
    std::env::join_paths(folders).ok()
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
