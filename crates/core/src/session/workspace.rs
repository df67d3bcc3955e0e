//! A session in one plain text: what an example of the gallery, a link and a saved file are made of.
//!
//! ```text
//! podwhy: 1
//! title: A key without the port
//! release: v1.34
//! gates: ImageVolume=true
//! view: credentials
//! === manifests
//! kind: Pod
//! …
//!
//! === answer
//! says: the port must be equal
//! never says: with the credential
//! ```
//!
//! Above, one setting a line; below, the texts under their kinds' words, each followed by one line end of its own. A
//! line of a text that itself begins with `===` has a `\` in front. What an example must be answered stands last.

use super::{Input, InputKind, KubeletPaths, Session};
use crate::feature::Feature;
use crate::release::{AdmissionPlugin, Release};
use std::fmt;

/// The form of the text; it grows when a word changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// What begins a text.
const RULE: &str = "===";
/// The word of the part that holds what must be answered.
const ANSWER: &str = "answer";

/// A session, what is looked at, and, for an example, what it asks and what it must be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// What it shows, in a few words.
    pub title: String,
    /// The topic that it belongs to.
    pub group: String,
    /// What someone asks who meets it.
    pub question: String,
    /// Further words by which people search for it; for an example.
    pub keywords: String,
    /// Addresses of the threads and documents that it comes from.
    pub sources: Vec<String>,
    /// The cluster and the texts.
    pub session: Session,
    /// The view that is open, in the page's word for it.
    pub view: String,
    /// The pod that is looked at, as `name` or `namespace/name`.
    pub pod: String,
    /// What the answer must say.
    pub says: Vec<String>,
    /// What the answer must not say.
    pub never_says: Vec<String>,
}

/// Why a text is no workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceError {
    /// It does not begin with `podwhy:` and a number.
    Foreign,
    /// It was written by a newer version of the program.
    Newer(u32),
    /// A line, from 1, that cannot be understood, and why.
    Line(usize, String),
}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("It is no workspace of Podwhy."),
            Self::Newer(version) => {
                write!(f, "It was written by a newer Podwhy (form {version}; this one reads up to form {VERSION}).")
            }
            Self::Line(line, why) => write!(f, "Line {line}: {why}."),
        }
    }
}

impl Workspace {
    /// The text of one kind; `""` if none is given.
    #[must_use]
    pub fn text(&self, kind: InputKind) -> &str {
        self.session.inputs_of(kind).next().map_or("", |(_, input)| input.text.as_str())
    }

    /// Whether a text means to be a workspace: of this version or another one.
    #[must_use]
    pub fn is_begun_by(text: &str) -> bool {
        field(text.split('\n').next().unwrap_or_default())
            .is_some_and(|(key, value)| key == "podwhy" && value.parse::<u32>().is_ok())
    }

    /// Reads what [`Workspace::write`] wrote, or what someone wrote by hand.
    ///
    /// # Errors
    /// The first line that cannot be understood. A workspace is read as a whole or not at all: half a session would
    /// give answers that nobody asked for.
    pub fn read(text: &str) -> Result<Self, WorkspaceError> {
        let mut workspace = Self::default();
        let mut lines = text.split('\n').enumerate();
        let version = lines.next().and_then(|(_, first)| field(first)).filter(|(key, _)| *key == "podwhy");
        match version.and_then(|(_, value)| value.parse().ok()) {
            Some(1..=VERSION) => {}
            Some(newer @ 2..) => return Err(WorkspaceError::Newer(newer)),
            _ => return Err(WorkspaceError::Foreign),
        }
        let mut part: Option<(Option<InputKind>, Vec<String>)> = None;
        for (index, line) in lines {
            let at = |why: String| WorkspaceError::Line(index + 1, why);
            if let Some(word) = heading(line) {
                if let Some((kind, lines)) = part.take() {
                    workspace.take(kind, &lines);
                }
                let kind = InputKind::of_word(word);
                if kind.is_none() && word != ANSWER {
                    return Err(at(format!("no text is called `{word}`")));
                }
                part = Some((kind, Vec::new()));
                continue;
            }
            match &mut part {
                None => workspace.setting(line).map_err(at)?,
                Some((Some(_), lines)) => lines.push(unescaped(line).to_owned()),
                Some((None, _)) => workspace.expected(line).map_err(at)?,
            }
        }
        if let Some((kind, mut lines)) = part {
            // The last text's own line end is followed by nothing.
            if lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
            workspace.take(kind, &lines);
        }
        Ok(workspace)
    }

    fn take(&mut self, kind: Option<InputKind>, lines: &[String]) {
        if let Some(kind) = kind {
            self.session.inputs.push(Input { kind, name: kind.word().to_owned(), text: lines.join("\n") });
        }
    }

    fn setting(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let (key, value) = field(line).ok_or_else(|| format!("`{line}` is no setting"))?;
        let text = value.to_owned();
        match key {
            "title" => self.title = text,
            "group" => self.group = text,
            "question" => self.question = text,
            "keywords" => self.keywords = text,
            "source" => self.sources.push(text),
            "view" => self.view = text,
            "pod" => self.pod = text,
            "release" => {
                let release = Release::parse(value);
                self.session.cluster.release = release.ok_or_else(|| format!("`{value}` is no release known here"))?;
            }
            "gates" => {
                for gate in value.split_whitespace() {
                    let (name, on) = gate.split_once('=').unwrap_or((gate, ""));
                    let feature =
                        Feature::by_name(name).ok_or_else(|| format!("no feature gate is called `{name}`"))?;
                    let on = on.parse().map_err(|_| format!("`{gate}` is neither true nor false"))?;
                    self.session.cluster.gates.insert(feature, on);
                }
            }
            "switched plug-ins" => {
                for name in value.split_whitespace() {
                    let plugin = AdmissionPlugin::ALL.iter().find(|plugin| plugin.name() == name);
                    let plugin = plugin.ok_or_else(|| format!("no admission plug-in is called `{name}`"))?;
                    self.session.cluster.switched_plugins.insert(*plugin);
                }
            }
            "root dir" => self.session.kubelet.root_dir = text,
            "working dir" => self.session.kubelet.working_dir = text,
            "home" => self.session.kubelet.home = Some(text),
            "node config" => self.session.kubelet.node_config = text,
            _ => return Err(format!("no setting is called `{key}`")),
        }
        Ok(())
    }

    fn expected(&mut self, line: &str) -> Result<(), String> {
        match field(line) {
            _ if line.trim().is_empty() => {}
            Some(("says", sentence)) => self.says.push(sentence.to_owned()),
            Some(("never says", sentence)) => self.never_says.push(sentence.to_owned()),
            _ => return Err(format!("`{line}` neither `says` nor `never says` anything")),
        }
        Ok(())
    }

    /// The text that [`Workspace::read`] reads; settings at their default and texts that are not given are left out.
    /// The text names the kinds of the inputs and not the inputs: of two of one kind both stand, in their order.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("podwhy: {VERSION}\n");
        let mut line = |key: &str, value: &str| {
            if !value.is_empty() {
                // A setting is one line; a line end in it would begin another one.
                let value = value.replace(['\n', '\r'], " ");
                out.push_str(&format!("{key}: {value}\n"));
            }
        };
        for (key, value) in
            [("title", &self.title), ("group", &self.group), ("question", &self.question), ("keywords", &self.keywords)]
        {
            line(key, value);
        }
        self.sources.iter().for_each(|source| line("source", source));
        let cluster = &self.session.cluster;
        line("release", &cluster.release.to_string());
        let gates: Vec<String> = cluster.gates.iter().map(|(gate, on)| format!("{}={on}", gate.name())).collect();
        line("gates", &gates.join(" "));
        let plugins: Vec<&str> = cluster.switched_plugins.iter().map(|plugin| plugin.name()).collect();
        line("switched plug-ins", &plugins.join(" "));
        let (paths, usual) = (&self.session.kubelet, KubeletPaths::default());
        for (key, path, usual) in [
            ("root dir", &paths.root_dir, &usual.root_dir),
            ("working dir", &paths.working_dir, &usual.working_dir),
            ("node config", &paths.node_config, &usual.node_config),
        ] {
            if path != usual {
                line(key, path);
            }
        }
        line("home", paths.home.as_deref().unwrap_or_default());
        line("view", &self.view);
        line("pod", &self.pod);
        for input in &self.session.inputs {
            out.push_str(&format!("{RULE} {}\n", input.kind.word()));
            for part in input.text.split_inclusive('\n') {
                if part.trim_start_matches('\\').starts_with(RULE) {
                    out.push('\\');
                }
                out.push_str(part);
            }
            out.push('\n');
        }
        if !self.says.is_empty() || !self.never_says.is_empty() {
            out.push_str(&format!("{RULE} {ANSWER}\n"));
            for (key, sentences) in [("says", &self.says), ("never says", &self.never_says)] {
                sentences.iter().for_each(|sentence| out.push_str(&format!("{key}: {sentence}\n")));
            }
        }
        out
    }
}

/// `key: value`, both without the space around them.
fn field(line: &str) -> Option<(&str, &str)> {
    line.split_once(':').map(|(key, value)| (key.trim(), value.trim()))
}

/// The word of a line that begins a text.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix(RULE)?.strip_prefix(' ').map(str::trim)
}

/// A line of a text without the `\` that keeps it from being a heading.
fn unescaped(line: &str) -> &str {
    match line.strip_prefix('\\') {
        Some(rest) if rest.trim_start_matches('\\').starts_with(RULE) => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: InputKind, text: &str) -> Input {
        Input { kind, name: kind.word().to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_is_written_is_read_back_to_the_last_byte() {
        let mut workspace = Workspace { title: "A: b".to_owned(), pod: "team/web".to_owned(), ..Workspace::default() };
        workspace.session.cluster.release = Release::OLDEST;
        workspace.session.cluster.gates.insert(Feature::ImageVolume, true);
        workspace.session.cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
        workspace.session.kubelet.home = Some("/root".to_owned());
        workspace.session.kubelet.node_config = "/.dockercfg".to_owned();
        for (kind, text) in [
            (InputKind::Manifests, "kind: Pod\n=== answer\n\\=== stored\n\n"),
            (InputKind::NodeConfig, "{}"),
            (InputKind::Stored, ""),
            (InputKind::Scenario, "\n"),
            (InputKind::RuntimeConfig, "a\r\n\\x\n==="),
        ] {
            workspace.session.inputs.push(input(kind, text));
        }
        workspace.sources.push("https://example.com/1".to_owned());
        workspace.says.push("Back-off pulling image \"x\": y".to_owned());
        workspace.never_says.push("no".to_owned());
        assert_eq!(Workspace::read(&workspace.write()), Ok(workspace));
        assert_eq!(Workspace::read(&Workspace::default().write()), Ok(Workspace::default()));
    }

    #[test]
    fn a_file_written_by_hand_has_an_empty_line_between_its_texts() {
        let text = "podwhy: 1\nrelease: 1.29\n=== manifests\nkind: Pod\n\n=== answer\nsays: a\n\nnever says: b\n";
        let workspace = Workspace::read(text).unwrap();
        assert_eq!(workspace.text(InputKind::Manifests), "kind: Pod\n");
        assert_eq!((workspace.says, workspace.never_says), (vec!["a".to_owned()], vec!["b".to_owned()]));
        assert_eq!(workspace.session.cluster.release, Release::minor_unchecked(29));
    }

    #[test]
    fn what_cannot_be_understood_is_told_and_nothing_is_taken() {
        let line = |number, text: &str| {
            let error = Workspace::read(text).unwrap_err();
            assert!(matches!(error, WorkspaceError::Line(at, _) if at == number), "{text}: {error}");
        };
        for foreign in ["", "kind: Pod", "podwhy: x", "podwhy: 0", "title: a\npodwhy: 1"] {
            assert_eq!(Workspace::read(foreign), Err(WorkspaceError::Foreign), "{foreign}");
        }
        assert_eq!(Workspace::read("podwhy: 7\nnews: 1"), Err(WorkspaceError::Newer(7)));
        assert!(
            Workspace::is_begun_by("podwhy: 7")
                && !Workspace::is_begun_by("podwhy: yes")
                && !Workspace::is_begun_by("")
        );
        line(2, "podwhy: 1\nnonsense");
        line(2, "podwhy: 1\nrelease: 1.99");
        line(2, "podwhy: 1\ngates: Nope=true");
        line(2, "podwhy: 1\ngates: ImageVolume");
        line(2, "podwhy: 1\nswitched plug-ins: X");
        line(3, "podwhy: 1\nview: x\n=== poem\n");
        line(3, "podwhy: 1\n=== answer\nmaybe\n");
    }

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        for (index, kind) in InputKind::ALL.iter().enumerate() {
            assert!(InputKind::ALL.iter().skip(index + 1).all(|other| other.word() != kind.word()));
        }
    }
}
