//! Makes the gallery's index out of its files: a line for each example, with name, group, title, question and
//! further words to search for between tabs. The files themselves stand beside the page and are fetched when they are opened.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=gallery");
    let mut lines = Vec::new();
    for group in entries(Path::new("gallery")) {
        for file in entries(&group) {
            println!("cargo::rerun-if-changed={}", file.display());
            let text = std::fs::read_to_string(&file).expect("a readable example");
            let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            let field = |name: &str| {
                line(name).unwrap_or_else(|| panic!("{} has no {name}", file.display())).replace('\t', " ")
            };
            let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
            lines.push(
                [name, field("group"), field("title"), field("question"), line("keywords").unwrap_or_default().into()]
                    .join("\t"),
            );
        }
    }
    let out = std::env::var_os("OUT_DIR").expect("Cargo says where to write");
    std::fs::write(Path::new(&out).join("gallery.txt"), lines.join("\n")).expect("a writable folder");
}

/// What stands in a folder, by name.
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let found = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = found.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}
