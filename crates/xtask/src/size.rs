//! `cargo xtask size`: what a first visit downloads, held against the project's limits: before the first answers, and
//! later, when the page is idle.

use crate::{Outcome, machine};
use std::path::Path;
use std::process::ExitCode;

/// How large something may be: bytes after brotli at quality 11.
struct Limit {
    what: &'static str,
    most: u64,
}

/// The program that gives the first answers. Its constants are a file of their own (web/shrink.mjs).
const WASM: Limit = Limit { what: "wasm of the first answers", most: 200_000 };
/// Everything that the first answers need, the program's constants too.
const FIRST: Limit = Limit { what: "everything for the first answers", most: 250_000 };
/// The code editor, which comes when the page is idle.
const EDITOR: Limit = Limit { what: "code editor", most: 130_000 };
/// Both together.
const WITH_EDITOR: Limit = Limit { what: "everything with the code editor", most: 420_000 };
/// The kinds of files that are counted.
const KINDS: &[&str] = &["html", "css", "js", "wasm", "bin"];

/// Node brings a brotli of its own, so that nothing else must be installed.
const BROTLI: &str = "
const { brotliCompressSync, constants } = require('node:zlib');
const { readFileSync } = require('node:fs');
for (const file of process.argv.slice(1)) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  console.log(brotliCompressSync(readFileSync(file), { params }).length);
}";

/// Prints a table of the files in dist/ and fails when a limit is passed.
pub fn run(_: &[String]) -> Outcome {
    let dist = machine::root().join("dist");
    let mut files = Vec::new();
    collect(&dist, &mut files)?;
    files.sort();
    let index = machine::read("dist/index.html")?;
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let sizes = machine::ask("node", &[&["-e", BROTLI, "--"], names.as_slice()].concat())
        .ok_or("node cannot compress the files in dist/")?;
    let (mut first, mut wasm, mut editor) = (0, 0, 0);
    let (mut at_once, mut later) = (String::new(), String::new());
    for (file, size) in files.iter().zip(sizes.lines()) {
        let size: u64 = size.parse().map_err(|_| format!("node gave no size for {file}: {size}"))?;
        let raw = std::fs::metadata(file).map_err(|error| format!("{file}: {error}"))?.len();
        let name = file.rsplit_once("/dist/").map_or(file.as_str(), |(_, name)| name);
        let line = format!("{raw:>9} {size:>9}  {name}\n");
        if name == "index.html" || asks_for(&index, name) {
            first += size;
            wasm += if name.ends_with(".wasm") { size } else { 0 };
            at_once.push_str(&line);
        } else {
            // The second program has no limit: nobody waits for it before the first answers.
            editor += if name.starts_with("editor-") && name.ends_with(".js") { size } else { 0 };
            later.push_str(&line);
        }
    }
    println!("{:>9} {:>9}  bytes, as they are and with brotli at quality 11", "raw", "brotli");
    println!("for the first answers:\n{at_once}later:\n{later}");
    let limits = [(&WASM, wasm), (&FIRST, first), (&EDITOR, editor), (&WITH_EDITOR, first + editor)];
    let good = limits.map(|(limit, size)| within(limit, size));
    Ok(if good.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether the page asks for the file at once: by a script or a link, and not by what it only remembers (`content=`).
fn asks_for(index: &str, name: &str) -> bool {
    ["href", "src"].iter().any(|attribute| {
        ["", "\"", "./", "\"./"].iter().any(|before| index.contains(&format!("{attribute}={before}{name}")))
    })
}

fn within(limit: &Limit, size: u64) -> bool {
    let Limit { what, most } = limit;
    let (good, word) = match size {
        0 => (false, "nothing there".to_owned()),
        _ if size <= *most => (true, "good".to_owned()),
        _ => (false, format!("TOO LARGE by {} bytes", size - most)),
    };
    println!("{what}: {size} bytes, at most {most}: {word}");
    good
}

fn collect(folder: &Path, files: &mut Vec<String>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}; `cargo xtask build` writes it", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| KINDS.contains(&kind)) {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}
