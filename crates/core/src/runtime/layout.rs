//! The tables of a runtime's configuration that are read here, and the keys in them: for who writes one. The reader is
//! [`super::handlers`]; a test holds the two against each other.

use super::handlers::CONTAINERD_PLUGINS;
use crate::quote::quote;

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// The name of a handler, which has a table of its own.
    Handler,
    /// A whole number.
    Number,
    /// A list of texts.
    Texts,
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// What it is for, as a sentence.
    pub about: &'static str,
    /// What is usually written there.
    pub values: &'static [&'static str],
}

const fn key(name: &'static str, holds: Holds, about: &'static str, values: &'static [&'static str]) -> Key {
    Key { name, holds, about, values }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The keys on the way to it; a handler's table has the handler's name behind them.
    pub path: Vec<&'static str>,
    /// Whether it is one handler's.
    pub of_handler: bool,
    /// Its keys.
    pub keys: &'static [Key],
}

impl Table {
    /// The path as it is written in a header, without the brackets; a handler's name is still to follow.
    #[must_use]
    pub fn header(&self) -> String {
        let is_bare = |key: &str| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let written = |key: &&str| if is_bare(key) { (*key).to_owned() } else { quote(key) };
        let mut header = self.path.iter().map(written).collect::<Vec<_>>().join(".");
        header.extend(self.of_handler.then_some('.'));
        header
    }

    /// Whether it is the table at this path.
    #[must_use]
    pub fn is_at<S: AsRef<str>>(&self, path: &[S]) -> bool {
        path.len() == self.path.len() + usize::from(self.of_handler)
            && self.path.iter().zip(path).all(|(key, other)| *key == other.as_ref())
    }
}

const DEFAULT: &str = "The handler of pods without a RuntimeClass.";

const FILE: &[Key] = &[
    key("version", Holds::Number, "The layout of this file: 3 since containerd 2.0, 2 before.", &["3", "2"]),
    key(
        "disabled_plugins",
        Holds::Texts,
        "Plug-ins that are not loaded; without `cri` no kubelet can use containerd.",
        &[],
    ),
];
const CONTAINERD: &[Key] = &[key("default_runtime_name", Holds::Handler, DEFAULT, &[])];
const CONTAINERD_HANDLER: &[Key] = &[key(
    "runtime_type",
    Holds::Text,
    "The shim that runs the handler's containers.",
    &["io.containerd.runc.v2", "io.containerd.runsc.v1", "io.containerd.kata.v2"],
)];
const CRIO: &[Key] = &[key("default_runtime", Holds::Handler, DEFAULT, &[])];
const CRIO_HANDLER: &[Key] = &[
    key("runtime_path", Holds::Text, "The program that runs the handler's containers.", &[]),
    key(
        "runtime_type",
        Holds::Text,
        "What the program is: `oci` for runc and its like, `vm` for one with a virtual machine.",
        &["oci", "vm"],
    ),
];

/// The tables of a file, those of the layout `version` first.
#[must_use]
pub fn tables(version: Option<i64>) -> Vec<Table> {
    let table = |path: &[&'static str], of_handler, keys| Table { path: path.to_vec(), of_handler, keys };
    let mut layouts: Vec<(i64, &'static str)> = CONTAINERD_PLUGINS.into_iter().rev().collect();
    layouts.sort_by_key(|(layout, _)| version != Some(*layout));
    let mut all = vec![table(&[], false, FILE)];
    for (_, plugin) in layouts {
        all.push(table(&["plugins", plugin, "containerd"], false, CONTAINERD));
        all.push(table(&["plugins", plugin, "containerd", "runtimes"], true, CONTAINERD_HANDLER));
    }
    all.push(table(&["crio", "runtime"], false, CRIO));
    all.push(table(&["crio", "runtime", "runtimes"], true, CRIO_HANDLER));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Cluster;
    use crate::runtime::handlers::{File, Runtime, read, snippet};
    use podwhy_source::InputId;

    /// What the reader makes of a text, as a text to compare; the same answer for what it does not read.
    fn answer(text: &str) -> String {
        let file = File { name: "config.toml", text, input: InputId(0) };
        let (handlers, problems) = read(&[file], &Cluster::default());
        let handlers = handlers.map(|found| {
            let names: Vec<_> =
                found.handlers.iter().map(|one| (one.name.value.clone(), one.runtime_type.clone())).collect();
            (found.runtime, names, found.default.value)
        });
        format!("{handlers:?} {:?}", problems.iter().map(|problem| problem.code).collect::<Vec<_>>())
    }

    #[test]
    fn every_table_and_key_is_read() {
        // Which program runs the containers is nobody's question here, but a handler of CRI-O without it is none.
        let unread = ["runtime_path"];
        let layout_of = |table: &Table| {
            CONTAINERD_PLUGINS.iter().find(|(_, plugin)| table.path.contains(plugin)).map_or(2, |(layout, _)| *layout)
        };
        for table in tables(None) {
            let version = format!("version = {}\n", layout_of(&table));
            let header = match table.header() {
                none if none.is_empty() => String::new(),
                header if table.of_handler => format!("[{header}kata]\n"),
                header => format!("[{header}]\n"),
            };
            let empty = answer(&format!("{version}{header}"));
            assert_eq!(empty.contains("kata"), table.of_handler, "{header}");
            for key in table.keys.iter().filter(|key| !unread.contains(&key.name)) {
                let value = match key.holds {
                    Holds::Text | Holds::Handler => "\"x\"",
                    Holds::Number => "3",
                    Holds::Texts => "[\"cri\"]",
                };
                let before = if key.name == "version" { String::new() } else { version.clone() };
                let written = answer(&format!("{before}{header}{} = {value}\n", key.name));
                assert_ne!(written, empty, "{header}{}", key.name);
            }
        }
    }

    #[test]
    fn the_lines_for_a_new_handler_have_only_known_keys() {
        for runtime in [Runtime::Containerd(2), Runtime::Containerd(3), Runtime::CriO] {
            let text = snippet(runtime, "kata");
            let (header, keys) = text.split_once('\n').unwrap();
            let table = tables(None).into_iter().find(|table| header == format!("[{}kata]", table.header())).unwrap();
            for line in keys.lines() {
                let name = line.split_once('=').unwrap().0.trim();
                assert!(table.of_handler && table.keys.iter().any(|key| key.name == name), "{line}");
            }
        }
    }
}
