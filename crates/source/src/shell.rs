//! Manifests pasted together with the shell lines around them.
//!
//! Tutorials show `cat <<EOF > pod.yaml`, the manifest, `EOF`, and prompts. Shell lines are only looked for at the
//! beginning of a line, where a block scalar's content cannot stand, and `document` asks only when the text does not
//! read as it is: an ordinary manifest with a script inside is never cut up.

use std::ops::Range;

/// A manifest between shell lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The shell line before it, without its line break.
    pub opener: Range<usize>,
    /// The manifest: whole lines of the text.
    pub range: Range<usize>,
    /// Whether it is the body of a here-document, and not just what stands between two commands.
    pub here_document: bool,
}

/// The first words that make a line at the left margin a command.
const COMMANDS: &[&str] = &[
    "cat",
    "cd",
    "curl",
    "docker",
    "echo",
    "export",
    "helm",
    "k",
    "kubectl",
    "kustomize",
    "minikube",
    "mkdir",
    "oc",
    "sudo",
    "tee",
];

/// The manifests between and inside the shell lines of `text`; none if there is no shell line.
#[must_use]
pub fn manifests(text: &str) -> Vec<Manifest> {
    let mut found = Vec::new();
    let mut lines = lines(text).peekable();
    // The last command, and where the lines that follow it begin.
    let mut after_command: Option<(Range<usize>, usize)> = None;
    while let Some((at, line)) = lines.next() {
        let Some(command) = command(line) else { continue };
        if let Some((opener, start)) = after_command.take() {
            push(&mut found, text, opener, start..at, false);
        }
        let opener = at..at + line.trim_end().len();
        let mut body_start = at + line.len();
        if let Some(delimiter) = delimiter(command) {
            let mut body_end = text.len();
            let start = body_start;
            body_start = text.len();
            for (at, line) in lines.by_ref() {
                if ends_here_document(line, &delimiter) {
                    (body_end, body_start) = (at, at + line.len());
                    break;
                }
            }
            push(&mut found, text, opener.clone(), start..body_end, true);
        }
        after_command = Some((opener, body_start));
    }
    if let Some((opener, start)) = after_command {
        push(&mut found, text, opener, start..text.len(), false);
    }
    found
}

/// The lines of a text with the byte at which each begins; line breaks included.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}

/// The command on a line, without its prompt.
fn command(line: &str) -> Option<&str> {
    let line = line.trim_end();
    if let Some(command) =
        line.strip_prefix("$ ").or_else(|| line.strip_prefix("# ").filter(|rest| names_command(rest)))
    {
        return Some(command.trim_start());
    }
    Some(line).filter(|line| names_command(line) || *line == "$")
}

fn names_command(line: &str) -> bool {
    line.split([' ', '\t']).next().is_some_and(|word| line.len() > word.len() && COMMANDS.contains(&word))
}

/// A here-document's delimiter; whether leading tabs are dropped before it is compared (`<<-`).
struct Delimiter<'a> {
    word: &'a str,
    drops_tabs: bool,
}

fn delimiter(command: &str) -> Option<Delimiter<'_>> {
    let (_, rest) = command.split_once("<<")?;
    let (drops_tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start();
    let word = match rest.chars().next()? {
        quote @ ('\'' | '"') => rest.get(1..)?.split(quote).next()?,
        '\\' => word_of(rest.get(1..)?),
        _ => word_of(rest),
    };
    // `<<<` is a here-string, and `<<` before a number shifts bits.
    let named = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    named.then_some(Delimiter { word, drops_tabs })
}

fn word_of(text: &str) -> &str {
    text.split(|c: char| c.is_whitespace() || "<>|&;()".contains(c)).next().unwrap_or_default()
}

fn ends_here_document(line: &str, delimiter: &Delimiter<'_>) -> bool {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = if delimiter.drops_tabs { line.trim_start_matches('\t') } else { line };
    line == delimiter.word
}

/// Keeps the lines in `range` if they begin as YAML or JSON does: scripts and a command's output do not.
fn push(found: &mut Vec<Manifest>, text: &str, opener: Range<usize>, range: Range<usize>, here_document: bool) {
    let first = text
        .get(range.clone())
        .unwrap_or_default()
        .lines()
        .map(str::trim_end)
        .find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'));
    if first.is_some_and(begins_manifest) {
        found.push(Manifest { opener, range, here_document });
    }
}

fn begins_manifest(line: &str) -> bool {
    let key = |line: &str| {
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "_./-\"'".contains(c))).unwrap_or(line.len());
        let rest = line.get(end..).unwrap_or_default();
        end > 0 && (rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t"))
    };
    let line = line.trim_start();
    line.starts_with("---") || line.starts_with('{') || key(line.strip_prefix("- ").unwrap_or(line))
}
