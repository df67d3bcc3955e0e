//! The files of one or more nodes, in one text or several. A comment line `# file: PATH` begins another file, a comment
//! line `# node: NAME` the files of the node of that name; what stands before them belongs to every node that has no
//! files of its own.

use super::handlers::{File, Handlers, read, reading_order};
use crate::release::Cluster;
use crate::session::files::marker;
use podwhy_source::{Diagnostic, InputId, Span, toml};
use serde::Serialize;

/// What a file is called that nothing names.
const UNNAMED: &str = "config.toml";

/// A text that was given.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its number in the session.
    pub input: InputId,
    /// What it is called; a name that ends as these files do is the name of its first file.
    pub name: &'a str,
    /// The text itself.
    pub text: &'a str,
}

/// The configuration of a node's runtime, or of the runtime of every node that has none of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeRuntime {
    /// The node; `None` for all that are not named.
    pub node: Option<String>,
    /// The names of its files in the order in which the runtime reads them, and where they begin.
    pub files: Vec<(String, Span)>,
    /// What they define.
    pub handlers: Handlers,
}

/// A file on its way to its reader.
struct Piece {
    node: Option<String>,
    name: String,
    /// The file's text, at the same place as in the whole text: everything before it is blank.
    text: String,
    span: Span,
}

impl Piece {
    fn input(&self) -> InputId {
        self.span.input
    }
}

/// Reads every runtime that the texts configure. The files of containerd and of CRI-O are two runtimes, even of one node.
#[must_use]
pub fn runtimes(texts: &[Given], cluster: &Cluster) -> (Vec<NodeRuntime>, Vec<Diagnostic>) {
    let mut runtimes = Vec::new();
    let mut problems = Vec::new();
    let pieces: Vec<Piece> = texts.iter().flat_map(split).collect();
    let mut groups: Vec<(Option<&str>, bool, Vec<&Piece>)> = Vec::new();
    for piece in &pieces {
        let (node, crio) = (piece.node.as_deref(), piece.is_crio());
        match groups.iter_mut().find(|(other, kind, _)| *other == node && *kind == crio) {
            Some((_, _, group)) => group.push(piece),
            None => groups.push((node, crio, vec![piece])),
        }
    }
    for (node, _, mut group) in groups {
        group.sort_by(|a, b| reading_order(&a.name).cmp(&reading_order(&b.name)));
        let files: Vec<File> =
            group.iter().map(|piece| File { name: &piece.name, text: &piece.text, input: piece.input() }).collect();
        let (handlers, found) = read(&files, cluster);
        // Without its CRI plug-in containerd has no handlers, and that is told already.
        let disabled = found.iter().any(|problem| problem.code == "cri-disabled");
        problems.extend(found);
        let files: Vec<(String, Span)> = group.iter().map(|piece| (piece.name.clone(), piece.span)).collect();
        match handlers {
            Some(handlers) => runtimes.push(NodeRuntime { node: node.map(str::to_owned), files, handlers }),
            None if disabled => {}
            None => problems.extend(files.first().map(|(name, span)| not_a_configuration(name, *span))),
        }
    }
    (runtimes, problems)
}

fn not_a_configuration(name: &str, span: Span) -> Diagnostic {
    let message = format!(
        "`{name}` is no configuration of containerd or CRI-O: it has neither `version` nor `plugins` nor `crio`."
    );
    Diagnostic::warning("no-runtime-config", message, Span { end: span.start, ..span }).with_help(
        "Paste containerd's config.toml or CRI-O's crio.conf; a comment line `# file: PATH` begins a further file.",
    )
}

impl Piece {
    fn is_crio(&self) -> bool {
        toml::parse(&self.text, self.input()).0.get("crio").is_some() || self.name.contains("crio")
    }
}

/// The files of a text. Pieces that hold nothing but blanks and comments are left out.
fn split(given: &Given) -> Vec<Piece> {
    let Given { input, text, .. } = *given;
    let is_file = [".toml", ".conf"].iter().any(|end| given.name.ends_with(end));
    let first = if is_file { given.name } else { UNNAMED };
    let mut pieces = Vec::new();
    let (mut node, mut name, mut start, mut at) = (None, first.to_owned(), 0, 0);
    let mut put = |node: &Option<String>, name: &str, start: usize, end: usize| {
        let body = text.get(start..end).unwrap_or_default();
        let says_something = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if body.lines().any(says_something) {
            let text = "\n".repeat(start) + body;
            let span = Span::new(input, start, end);
            pieces.push(Piece { node: node.clone(), name: name.to_owned(), text, span });
        }
    };
    for line in text.split_inclusive('\n') {
        let (begins_file, begins_node) = (marker(line, "file:"), marker(line, "node:"));
        if begins_file.is_some() || begins_node.is_some() {
            put(&node, &name, start, at);
            start = at;
        }
        if let Some(path) = begins_file {
            name = path.to_owned();
        }
        if let Some(named) = begins_node {
            node = Some(named.to_owned());
            name = UNNAMED.to_owned();
        }
        at += line.len();
    }
    put(&node, &name, start, at);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[(&str, &str)]) -> (Vec<NodeRuntime>, Vec<Diagnostic>) {
        let given = |(index, (name, text)): (usize, &(&'static str, &'static str))| Given {
            input: InputId(u16::try_from(index).unwrap()),
            name,
            text,
        };
        let texts: Vec<(&'static str, &'static str)> =
            texts.iter().map(|(name, text)| (&*name.to_string().leak(), &*text.to_string().leak())).collect();
        let given: Vec<Given> = texts.iter().enumerate().map(given).collect();
        runtimes(&given, &Cluster::default())
    }

    const TEXT: &str = "# file: /etc/crio/crio.conf.d/10-kata.conf
[crio.runtime.runtimes.kata]
runtime_path = \"/usr/bin/kata\"
# file: /etc/crio/crio.conf
[crio.runtime]
default_runtime = \"crun\"
[crio.runtime.runtimes.crun]
# node: gpu-1
version = 2
[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.nvidia]
runtime_type = 
";

    #[test]
    fn a_comment_line_begins_a_file_and_a_node() {
        let (runtimes, problems) = read(&[("Runtime", TEXT)]);
        let told: Vec<(Option<&str>, Vec<&str>, Vec<&str>)> = runtimes
            .iter()
            .map(|runtime| {
                let files = runtime.files.iter().map(|(name, _)| name.as_str()).collect();
                let handlers = runtime.handlers.handlers.iter().map(|handler| handler.name.value.as_str()).collect();
                (runtime.node.as_deref(), files, handlers)
            })
            .collect();
        assert_eq!(
            told,
            [
                (None, vec!["/etc/crio/crio.conf", "/etc/crio/crio.conf.d/10-kata.conf"], vec!["crun", "kata"]),
                (Some("gpu-1"), vec!["config.toml"], vec!["nvidia"]),
            ]
        );
        let kata = runtimes[0].handlers.find("kata").unwrap();
        assert_eq!(kata.name.origin.span().unwrap().slice(TEXT), "kata");
        let error = problems.iter().find(|problem| problem.code == "toml-syntax").unwrap();
        let line = TEXT.get(..error.span.unwrap().start as usize).unwrap().lines().count();
        assert_eq!(line, 11, "the error stands in its own line");
    }

    #[test]
    fn what_configures_no_runtime_is_told() {
        let (none, problems) = read(&[("", "answer = 42\n")]);
        assert!(none.is_empty());
        assert_eq!(problems[0].code, "no-runtime-config");
        assert_eq!(read(&[("", "# nothing\n\n")]), (Vec::new(), Vec::new()));
    }

    #[test]
    fn files_may_come_in_texts_of_their_own() {
        let drop_in = "[crio.runtime.runtimes.kata]\nruntime_path = \"/usr/bin/kata\"\n";
        let main = "[crio.runtime]\ndefault_runtime = \"runc\"\n[crio.runtime.runtimes.runc]\n";
        let (runtimes, problems) = read(&[("crio.conf.d/10-kata.conf", drop_in), ("/etc/crio/crio.conf", main)]);
        assert_eq!((problems, runtimes.len()), (Vec::new(), 1));
        assert_eq!(runtimes[0].handlers.default.value, "runc");
        assert_eq!(runtimes[0].handlers.find("kata").unwrap().name.origin.span().unwrap().input, InputId(0));
    }
}
