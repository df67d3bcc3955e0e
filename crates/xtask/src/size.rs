//! `cargo xtask size`: what a first visit downloads, held against the project's limits: before the first answers, and
//! later, when the page is idle.

use crate::{Outcome, machine};
use std::path::Path;
use std::process::ExitCode;

/// How large something may be: bytes after brotli at quality 11.
struct Limit {
    what: &'static str,
    /// Where the project wants to be.
    goal: u64,
    /// What fails the check. While it lies above the goal it is the size that was reached, and it only ever goes down.
    ceiling: u64,
}

/// The program alone.
const WASM: Limit = Limit { what: "wasm", goal: 200_000, ceiling: 283_000 };
/// Everything that the first answers need.
const PAGE: Limit = Limit { what: "everything", goal: 250_000, ceiling: 299_000 };
/// The code editor, which comes when the page is idle.
const EDITOR: Limit = Limit { what: "code editor", goal: 130_000, ceiling: 130_000 };
/// Both together.
const WITH_EDITOR: Limit = Limit { what: "everything with the code editor", goal: 420_000, ceiling: 425_000 };
/// The kinds of files that are counted.
const KINDS: &[&str] = &["html", "css", "js", "wasm"];

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
    let mut files = Vec::new();
    collect(&machine::root().join("dist"), &mut files)?;
    files.sort();
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let sizes = machine::ask("node", &[&["-e", BROTLI, "--"], names.as_slice()].concat())
        .ok_or("node cannot compress the files in dist/")?;
    let (mut page, mut wasm, mut editor) = (0, 0, 0);
    println!("{:>9} {:>9}  bytes, as they are and with brotli at quality 11", "raw", "brotli");
    for (file, size) in files.iter().zip(sizes.lines()) {
        let size: u64 = size.parse().map_err(|_| format!("node gave no size for {file}: {size}"))?;
        let raw = std::fs::metadata(file).map_err(|error| format!("{file}: {error}"))?.len();
        let name = file.rsplit_once("/dist/").map_or(file.as_str(), |(_, name)| name);
        let is_wasm = name.ends_with(".wasm");
        match name {
            // The second program has no limit: nobody waits for it before the first answers.
            _ if name.starts_with("workbench") => {}
            _ if name.starts_with("editor-") && name.ends_with(".js") => editor += size,
            _ => (page, wasm) = (page + size, if is_wasm { wasm + size } else { wasm }),
        }
        println!("{raw:>9} {size:>9}  {name}");
    }
    let limits = [(&WASM, wasm), (&PAGE, page), (&EDITOR, editor), (&WITH_EDITOR, page + editor)];
    let good = limits.map(|(limit, size)| within(limit, size));
    Ok(if good.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn within(limit: &Limit, size: u64) -> bool {
    let Limit { what, goal, ceiling } = limit;
    let good = size > 0 && size <= *ceiling;
    let word = match good {
        _ if size == 0 => "nothing there".to_owned(),
        true if size <= *goal => "good".to_owned(),
        true => format!("NOT YET THERE, {} bytes over the goal; the check fails above {ceiling}", size - goal),
        false => format!("TOO LARGE, {} bytes more than before", size - ceiling),
    };
    println!("{what}: {size} bytes, goal {goal}: {word}");
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
