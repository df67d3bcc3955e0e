//! Places in the TOML of a container runtime: headers of tables, keys and values. They are found line by line, as the
//! text is broken while somebody writes.

use super::{Completions, Hover, Item};
use crate::runtime::layout::{Holds, Key, Table, tables};
use crate::session::files::is_marker;
use podwhy_source::{InputId, Node, toml};
use std::ops::Range;

/// What is being written at an offset.
enum At {
    /// The path between the brackets of a header; whether the closing one is there.
    Header(bool),
    /// A key; whether its `=` is there.
    Key(bool),
    /// The value of a key.
    Value(String),
}

/// Where an offset stands.
struct Place<'a> {
    /// The file around it: what stands between lines that begin another one.
    file: &'a str,
    /// The path of the table that it is in.
    table: Vec<String>,
    /// The keys that the table has in other lines.
    keys: Vec<&'a str>,
    at: At,
    /// The word, in bytes of the whole text, and the same with its quotes.
    word: Range<usize>,
    token: Range<usize>,
}

fn find(text: &str, offset: usize) -> Option<Place<'_>> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line.trim_end_matches(['\n', '\r'])));
        at += line.len();
    }
    let here = lines.iter().position(|(at, _)| *at == start);
    let index = here.unwrap_or(lines.len());
    let before = lines.get(..index)?;
    let behind = lines.get(index + 1..).unwrap_or_default();
    let line = here.and_then(|at| lines.get(at)).map_or("", |(_, line)| *line);
    if line.trim_start().starts_with('#') || offset > start + line.len() {
        return None;
    }
    let begin = before.iter().rposition(|(_, line)| is_marker(line)).map_or(0, |at| at + 1);
    let above = before.get(begin..)?;
    let header = above.iter().rposition(|(_, line)| header(line).is_some());
    let table = header.and_then(|at| self::header(above.get(at)?.1)).map(path).unwrap_or_default();
    let ends = |(_, line): &&(usize, &str)| header_or_marker(line);
    let inside = above.get(header.map_or(0, |at| at + 1)..)?.iter().chain(behind.iter().take_while(|line| !ends(line)));
    let keys = inside.filter_map(|(_, line)| Some(line.split_once('=')?.0.trim())).collect();
    let end = behind.iter().find(|(_, line)| is_marker(line)).map_or(text.len(), |(at, _)| *at);
    let file = text.get(before.get(begin).map_or(start, |(at, _)| *at)..end)?;
    let (at, word, token) = within(line, offset - start)?;
    let moved = |range: Range<usize>| start + range.start..start + range.end;
    Some(Place { file, table, keys, at, word: moved(word), token: moved(token) })
}

/// What is being written at a column of a line, and the columns of the word there, without and with quotes.
fn within(line: &str, column: usize) -> Option<(At, Range<usize>, Range<usize>)> {
    let blanks = |from: usize| from + line.get(from..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let begin = blanks(0);
    if line.get(begin..)?.starts_with('[') {
        let inside = blanks(begin + 1);
        let closing = line.rfind(']').filter(|at| *at >= inside);
        let word = inside..closing.unwrap_or(line.trim_end().len().max(inside));
        let fits = word.start <= column && column <= word.end;
        return fits.then(|| (At::Header(closing.is_some()), word.clone(), word));
    }
    let equals = line.find('=');
    let Some(equals) = equals.filter(|equals| column > *equals) else {
        let written = line.get(begin..equals.unwrap_or(line.len()))?.trim_end().len();
        let word = if column < begin || written == 0 { column..column } else { begin..begin + written };
        let fits = column <= word.end && (word.start == begin || line.trim().is_empty());
        return fits.then(|| (At::Key(equals.is_some()), word.clone(), word));
    };
    let key = line.get(..equals)?.trim().to_owned();
    let begin = blanks(equals + 1);
    let written = line.get(begin..)?.trim_end();
    let quoted = usize::from(written.starts_with(['"', '\'']));
    let closed = usize::from(quoted == 1 && written.len() > 1 && written.ends_with(['"', '\'']));
    let token = if written.is_empty() { column..column } else { begin..begin + written.len() };
    let word = token.start + quoted..token.end - closed;
    let fits = word.start <= column && column <= word.end && !written.contains('#');
    fits.then_some((At::Value(key), word, token))
}

/// What stands between the brackets of a header.
fn header(line: &str) -> Option<&str> {
    line.trim().strip_prefix('[')?.split_once(']').map(|(path, _)| path)
}

fn header_or_marker(line: &str) -> bool {
    header(line).is_some() || is_marker(line)
}

/// The keys of a path, without their quotes.
fn path(header: &str) -> Vec<String> {
    let mut keys = vec![String::new()];
    let mut quote = None;
    for letter in header.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            ('.', None) => keys.push(String::new()),
            (letter, None) if letter.is_whitespace() => {}
            (letter, _) => keys.last_mut().into_iter().for_each(|key| key.push(letter)),
        }
    }
    keys
}

/// What can be written at the byte `offset`.
pub fn complete(text: &str, offset: usize) -> Completions {
    let Some(place) = find(text, offset) else { return Completions::default() };
    let tree = toml::parse(place.file, InputId(0)).0;
    let tables = tables(tree.get("version").and_then(Node::as_int));
    let here = || tables.iter().find(|table| table.is_at(&place.table));
    let items = match &place.at {
        At::Header(closed) => headers(&tables, |header| if *closed { header } else { header + "]" }),
        At::Key(has_value) => {
            let free = |key: &&Key| !place.keys.contains(&key.name);
            let keys = here().map(|table| table.keys).unwrap_or_default().iter().filter(free);
            let mut items: Vec<Item> = keys.map(|key| key_item(key, *has_value)).collect();
            if !has_value {
                items.extend(headers(&tables, |header| format!("[{header}]")));
            }
            items
        }
        At::Value(key) => {
            let key = here().and_then(|table| table.keys.iter().find(|known| known.name == key));
            key.map(|key| values(key, here(), &tree)).unwrap_or_default()
        }
    };
    Completions { word: place.word, token: place.token, items }
}

/// Headers as `write` writes them; the name of a handler is written next.
fn headers(tables: &[Table], write: impl Fn(String) -> String) -> Vec<Item> {
    let tables = tables.iter().filter(|table| !table.path.is_empty());
    let item = |table: &Table| {
        let insert = write(table.header());
        let back = usize::from(table.of_handler && insert.ends_with(']'));
        let detail = if table.of_handler { "one handler" } else { "table" };
        Item { label: table.header(), detail: detail.to_owned(), info: String::new(), insert, back }
    };
    tables.map(item).collect()
}

fn key_item(key: &Key, has_value: bool) -> Item {
    let name = key.name;
    let (insert, back) = match key.holds {
        _ if has_value => (name.to_owned(), 0),
        Holds::Text | Holds::Handler => (format!("{name} = \"\""), 1),
        Holds::Number => (format!("{name} = "), 0),
        Holds::Texts => (format!("{name} = [\"\"]"), 2),
    };
    Item { label: name.to_owned(), detail: words(key.holds).to_owned(), info: key.about.to_owned(), insert, back }
}

fn words(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::Handler => "name of a handler",
        Holds::Number => "whole number",
        Holds::Texts => "list of text",
    }
}

/// The usual values of a key; of one that names a handler, the handlers whose tables the file has.
fn values(key: &Key, table: Option<&Table>, tree: &Node) -> Vec<Item> {
    let quoted = |value: &str| if key.holds == Holds::Number { value.to_owned() } else { format!("\"{value}\"") };
    let item = |value: &str| Item {
        label: value.to_owned(),
        detail: String::new(),
        info: String::new(),
        insert: quoted(value),
        back: 0,
    };
    let handlers = table.filter(|_| key.holds == Holds::Handler).and_then(|table| {
        let way: Vec<&str> = table.path.iter().copied().chain(["runtimes"]).collect();
        tree.get_path(&way)?.as_map()
    });
    let named = handlers.into_iter().flat_map(|map| &map.entries).map(|entry| entry.key.as_str());
    key.values.iter().copied().chain(named).map(item).collect()
}

/// What the key at the byte `offset` is for.
pub fn hover(text: &str, offset: usize) -> Option<Hover> {
    let place = find(text, offset)?;
    let name = match &place.at {
        At::Key(_) => text.get(place.word.clone())?,
        At::Value(key) => key,
        At::Header(_) => return None,
    };
    let table = tables(None).into_iter().find(|table| table.is_at(&place.table))?;
    let key = table.keys.iter().find(|key| key.name == name)?;
    let title = format!("{name}: {}", words(key.holds));
    Some(Hover { word: place.word, title, lines: vec![key.about.to_owned()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels at `|`, and the text after the item `label` was taken, with the place where one goes on.
    fn taken(marked: &str, label: &str) -> String {
        let offset = marked.find('|').unwrap();
        let mut text = marked.replacen('|', "", 1);
        let found = complete(&text, offset);
        let item = found.items.iter().find(|item| item.label == label);
        let item = item.unwrap_or_else(|| panic!("no {label} in {found:?}"));
        text.replace_range(found.token.clone(), &item.insert);
        text.insert(found.token.start + item.insert.len() - item.back, '|');
        text
    }

    fn labels(marked: &str) -> Vec<String> {
        let offset = marked.find('|').unwrap();
        complete(&marked.replacen('|', "", 1), offset).items.into_iter().map(|item| item.label).collect()
    }

    const V2: &str = "plugins.\"io.containerd.grpc.v1.cri\".containerd";

    #[test]
    fn headers_are_those_of_the_files_layout_first() {
        assert_eq!(labels("version = 2\n[|")[0], V2);
        assert_eq!(labels("version = 3\n[pl|]")[0], "plugins.\"io.containerd.cri.v1.runtime\".containerd");
        assert_eq!(taken("version = 2\n[plug|", V2), format!("version = 2\n[{V2}]|"));
        assert_eq!(taken("[cr|]\n", "crio.runtime.runtimes."), "[crio.runtime.runtimes.|]\n");
        assert_eq!(taken("[cr|", "crio.runtime.runtimes."), "[crio.runtime.runtimes.|]");
        assert_eq!(taken("|", "crio.runtime"), "[crio.runtime]|");
    }

    #[test]
    fn keys_are_those_of_the_table_that_are_not_written_yet() {
        assert_eq!(labels("|")[..2], ["version", "disabled_plugins"]);
        assert_eq!(labels("version = 2\n|")[0], "disabled_plugins");
        assert_eq!(labels("|\nversion = 2\n[crio.runtime]\n")[0], "disabled_plugins");
        assert_eq!(taken("[crio.runtime]\n  def|", "default_runtime"), "[crio.runtime]\n  default_runtime = \"|\"");
        assert_eq!(taken("[crio.runtime]\ndef| = 'x'", "default_runtime"), "[crio.runtime]\ndefault_runtime| = 'x'");
        let handler = format!("[{V2}.runtimes.'kata.qemu']\n|");
        assert_eq!(labels(&handler)[0], "runtime_type");
        assert!(labels("[crio.network]\nx|").iter().all(|label| label.contains('.')), "only headers are known there");
    }

    #[test]
    fn values_are_the_usual_ones_and_the_handlers_of_the_file() {
        assert_eq!(labels("version = |"), ["3", "2"]);
        assert_eq!(taken("version = |", "3"), "version = 3|");
        assert_eq!(labels("[crio.runtime.runtimes.kata]\nruntime_type = \"|\"\n"), ["oci", "vm"]);
        let text =
            "[crio.runtime]\ndefault_runtime = \"|\"\n[crio.runtime.runtimes.kata]\n[crio.runtime.runtimes.runc]\n";
        assert_eq!(labels(text), ["kata", "runc"]);
        assert!(taken(text, "kata").contains("default_runtime = \"kata\"|\n"));
        // Another file of the same text is another file.
        assert_eq!(
            labels(&text.replace("[crio.runtime.runtimes.runc]", "# file: b.toml\n[crio.runtime.runtimes.runc]")),
            ["kata"]
        );
    }

    #[test]
    fn nothing_is_offered_where_nothing_fits() {
        for text in ["# |", "[crio.runtime]|", "[crio.runtime]\ndefault_runtime = 'a' # |", "x = |", "|  version = 2"] {
            assert_eq!(labels(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_key_says_what_it_is_for() {
        let text = "[crio.runtime]\ndefault_runtime = 'kata'\n";
        for place in ["default", "kata"] {
            let found = hover(text, text.find(place).unwrap() + 1).unwrap();
            assert_eq!(found.title, "default_runtime: name of a handler");
        }
        assert_eq!(hover(text, 3), None);
    }

    #[test]
    fn every_place_of_every_prefix_has_an_answer() {
        let text = format!("version = 2\n# file: ä\n[{V2}]\ndefault_runtime_name = \"ä\" # x\n\r\n[[a]]\n= =\n['\n]");
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let part = text.get(..end).unwrap();
            for offset in (0..=end + 1).filter(|offset| *offset > end || text.is_char_boundary(*offset)) {
                let found = complete(part, offset);
                assert!(part.get(found.word).is_some() && part.get(found.token).is_some(), "{part:?} {offset}");
                _ = hover(part, offset);
            }
        }
    }
}
