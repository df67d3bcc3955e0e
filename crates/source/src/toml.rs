//! TOML to the same tree, with every value's place and every error.
//!
//! The library splits the text into tables, keys and values; here they become one tree. Errors do not stop the
//! reading: what is sound is in the tree.

use crate::diagnostic::Diagnostic;
use crate::float;
use crate::node::{Entry, Map, Node, Number, Value};
use crate::span::{InputId, Span};
use std::collections::BTreeMap;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, RecursionGuard, parse_document};
use toml_parser::{ErrorSink, ParseError, Source};

/// Bytes of text that are read; nothing is read of a longer text. Configuration files of a runtime have some kilobytes.
pub const MAX_BYTES: usize = 4 << 20;

/// Levels of nesting that are kept, whether brackets, headers or dotted keys make them.
pub const MAX_DEPTH: usize = 100;

/// Reads a TOML document. The tree holds everything that could be read; dates stand in it as texts.
#[must_use]
pub fn parse(text: &str, input: InputId) -> (Node, Vec<Diagnostic>) {
    let place = |start: usize, end: usize| Span::new(input, start, end);
    if text.len() > MAX_BYTES {
        let problem = "The TOML text is too long to be read here.".to_owned();
        let nothing = Node::new(place(0, 0), Value::Map(Map::default()));
        return (nothing, vec![Diagnostic::error("too-large", problem, place(0, 0))]);
    }
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut builder = Builder::new(source);
    let mut errors: Vec<ParseError> = Vec::new();
    parse_document(&tokens, &mut RecursionGuard::new(&mut builder, MAX_DEPTH as u32), &mut errors);
    let span = place(0, text.len());
    let tree = Node::new(span, Value::Map(builder.map(0, input)));
    let diagnostic = |error: ParseError| {
        let at = error.unexpected().or(error.context()).map_or((0, 0), |at| (at.start(), at.end()));
        let (start, end) = on_boundaries(text, at);
        Diagnostic::error("toml-syntax", format!("The TOML is not valid: {}.", error.description()), place(start, end))
    };
    (tree, errors.into_iter().map(diagnostic).collect())
}

/// The nearest range that lies in the text on character boundaries.
fn on_boundaries(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (floor(start), floor(end))
}

type Range = toml_parser::Span;

/// How a table came about; decides what may be added to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A longer header names it on the way.
    Implied,
    /// Its own header.
    Header,
    /// A dotted key.
    Dotted,
    /// Braces.
    Inline,
}

struct Table {
    kind: Kind,
    /// Levels above it.
    depth: usize,
    span: Range,
    items: Vec<(String, Range, Item)>,
    index: BTreeMap<String, usize>,
}

enum Item {
    Table(usize),
    /// The tables under a `[[header]]`.
    Tables(Vec<usize>),
    List(Range, Vec<Item>),
    Scalar(Range, Value),
}

/// What a bracket or brace has opened.
enum Open {
    List {
        span: Range,
        items: Vec<Item>,
        keys: Vec<(String, Range)>,
        depth: usize,
    },
    /// The table, and the key that waits for the table as its value.
    Table(usize, Vec<(String, Range)>),
}

struct Builder<'s> {
    source: Source<'s>,
    tables: Vec<Table>,
    /// The table of the last header.
    current: usize,
    /// Where the header begins, while its keys are read.
    header: Option<Range>,
    keys: Vec<(String, Range)>,
    open: Vec<Open>,
}

impl<'s> Builder<'s> {
    fn new(source: Source<'s>) -> Self {
        let root = Table {
            kind: Kind::Header,
            depth: 0,
            span: Range::new_unchecked(0, 0),
            items: Vec::new(),
            index: BTreeMap::new(),
        };
        Self { source, tables: vec![root], current: 0, header: None, keys: Vec::new(), open: Vec::new() }
    }

    fn new_table(&mut self, kind: Kind, depth: usize, span: Range) -> usize {
        self.tables.push(Table { kind, depth, span, items: Vec::new(), index: BTreeMap::new() });
        self.tables.len() - 1
    }

    fn depth(&self, table: usize) -> usize {
        self.tables.get(table).map_or(0, |table| table.depth)
    }

    /// Levels above a value that begins now.
    fn depth_here(&self) -> usize {
        self.keys.len()
            + match self.open.last() {
                Some(Open::List { depth, .. }) => depth + 1,
                Some(Open::Table(table, _)) => self.depth(*table),
                None => self.depth(self.current),
            }
    }

    fn kind(&self, table: usize) -> Kind {
        self.tables.get(table).map_or(Kind::Inline, |table| table.kind)
    }

    fn item(&self, table: usize, key: &str) -> Option<&Item> {
        let table = self.tables.get(table)?;
        table.items.get(*table.index.get(key)?).map(|(_, _, item)| item)
    }

    fn insert(&mut self, table: usize, (key, range): (String, Range), item: Item) {
        if let Some(table) = self.tables.get_mut(table) {
            table.index.insert(key.clone(), table.items.len());
            table.items.push((key, range, item));
        }
    }

    /// The table under `key`, made if it is not there. `None` if something else is, or a table that is closed.
    fn step(&mut self, table: usize, key: &(String, Range), kind: Kind) -> Option<usize> {
        match self.item(table, &key.0) {
            None => {
                let made = self.new_table(kind, self.depth(table) + 1, key.1);
                self.insert(table, key.clone(), Item::Table(made));
                Some(made)
            }
            Some(Item::Table(found)) => {
                let found = *found;
                let closed = match kind {
                    // A dotted key may only add to tables that dotted keys have made.
                    Kind::Dotted => self.kind(found) != Kind::Dotted,
                    _ => self.kind(found) == Kind::Inline,
                };
                (!closed).then_some(found)
            }
            Some(Item::Tables(found)) if kind == Kind::Implied => found.last().copied(),
            Some(_) => None,
        }
    }

    /// Walks all keys but the last. `None` (and an error) where that is not possible.
    fn walk(&mut self, from: usize, kind: Kind, error: &mut dyn ErrorSink) -> Option<(usize, (String, Range))> {
        let mut keys = std::mem::take(&mut self.keys);
        let last = keys.pop()?;
        if self.depth(from) + keys.len() >= MAX_DEPTH {
            error.report_error(ParseError::new("it is nested too deeply to be read here").with_unexpected(last.1));
            return None;
        }
        let mut table = from;
        for key in keys {
            let Some(next) = self.step(table, &key, kind) else {
                let problem = format!("the key `{}` cannot be added to here", key.0);
                error.report_error(ParseError::new(problem).with_unexpected(key.1));
                return None;
            };
            table = next;
        }
        Some((table, last))
    }

    /// A header ends whatever was left open.
    fn begin_header(&mut self, span: Range) {
        self.keys.clear();
        self.open.clear();
        self.header = Some(span);
    }

    fn open_header(&mut self, end: Range, is_list: bool, error: &mut dyn ErrorSink) {
        let Some(start) = self.header.take() else { return };
        let span = start.append(end);
        // What follows belongs to this header, even where the header cannot be used.
        self.current = self.new_table(Kind::Header, self.keys.len(), span);
        let Some((table, last)) = self.walk(0, Kind::Implied, error) else { return };
        let new = self.current;
        let slot = self.tables.get(table).and_then(|table| table.index.get(&last.0).copied());
        let Some(slot) = slot else {
            self.insert(table, last, if is_list { Item::Tables(vec![new]) } else { Item::Table(new) });
            return;
        };
        let found = match self.item(table, &last.0) {
            Some(Item::Table(found)) if !is_list && self.kind(*found) == Kind::Implied => Some(*found),
            _ => None,
        };
        if let Some(found) = found {
            self.current = found;
            if let Some(table) = self.tables.get_mut(found) {
                table.kind = Kind::Header;
                table.span = span;
            }
            if let Some((_, range, _)) = self.tables.get_mut(table).and_then(|table| table.items.get_mut(slot)) {
                *range = last.1;
            }
            return;
        }
        if let Some((_, _, Item::Tables(list))) = self.tables.get_mut(table).and_then(|table| table.items.get_mut(slot))
            && is_list
        {
            list.push(new);
            return;
        }
        error.report_error(ParseError::new(format!("`{}` is there already", last.0)).with_unexpected(last.1));
    }

    /// Puts a finished value where it belongs: into the open list, or under the keys that were read.
    fn value(&mut self, item: Item, error: &mut dyn ErrorSink) {
        let table = match self.open.last_mut() {
            Some(Open::List { items, .. }) => {
                items.push(item);
                return;
            }
            Some(Open::Table(table, _)) => *table,
            None => self.current,
        };
        let Some((table, last)) = self.walk(table, Kind::Dotted, error) else { return };
        if self.item(table, &last.0).is_some() {
            error.report_error(ParseError::new(format!("the key `{}` stands twice", last.0)).with_unexpected(last.1));
            return;
        }
        self.insert(table, last, item);
    }

    /// The table as the tree has it. As deep as the text: [`MAX_DEPTH`] bounds keys and brackets.
    fn map(&self, table: usize, input: InputId) -> Map {
        let items = self.tables.get(table).map(|table| table.items.as_slice()).unwrap_or_default();
        let entry = |(key, range, item): &(String, Range, Item)| {
            let value = self.node(item, input);
            Entry { key: key.clone(), key_span: place(input, *range), value }
        };
        Map { entries: items.iter().map(entry).collect() }
    }

    fn table_node(&self, table: usize, input: InputId) -> Node {
        let map = self.map(table, input);
        let start = self.tables.get(table).map_or(Range::new_unchecked(0, 0), |table| table.span);
        let span = map.entries.iter().fold(place(input, start), |span, entry| span.to(entry.value.span));
        Node::new(span, Value::Map(map))
    }

    fn node(&self, item: &Item, input: InputId) -> Node {
        match item {
            Item::Table(table) => self.table_node(*table, input),
            Item::Tables(tables) => {
                let nodes: Vec<Node> = tables.iter().map(|table| self.table_node(*table, input)).collect();
                let all = nodes.iter().map(|node| node.span).reduce(Span::to);
                Node::new(all.unwrap_or(Span::new(input, 0, 0)), Value::List(nodes))
            }
            Item::List(range, items) => {
                let nodes = items.iter().map(|item| self.node(item, input)).collect();
                Node::new(place(input, *range), Value::List(nodes))
            }
            Item::Scalar(range, value) => Node::new(place(input, *range), value.clone()),
        }
    }
}

fn place(input: InputId, range: Range) -> Span {
    Span::new(input, range.start(), range.end())
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, span: Range, _: &mut dyn ErrorSink) {
        self.begin_header(span);
    }

    fn std_table_close(&mut self, span: Range, error: &mut dyn ErrorSink) {
        self.open_header(span, false, error);
    }

    fn array_table_open(&mut self, span: Range, _: &mut dyn ErrorSink) {
        self.begin_header(span);
    }

    fn array_table_close(&mut self, span: Range, error: &mut dyn ErrorSink) {
        self.open_header(span, true, error);
    }

    fn inline_table_open(&mut self, span: Range, _: &mut dyn ErrorSink) -> bool {
        let depth = self.depth_here();
        let table = self.new_table(Kind::Inline, depth, span);
        self.open.push(Open::Table(table, std::mem::take(&mut self.keys)));
        true
    }

    fn inline_table_close(&mut self, span: Range, error: &mut dyn ErrorSink) {
        if let Some(Open::Table(table, keys)) = self.open.pop() {
            if let Some(table) = self.tables.get_mut(table) {
                table.span = table.span.append(span);
            }
            self.keys = keys;
            self.value(Item::Table(table), error);
        }
    }

    fn array_open(&mut self, span: Range, _: &mut dyn ErrorSink) -> bool {
        let depth = self.depth_here();
        self.open.push(Open::List { span, items: Vec::new(), keys: std::mem::take(&mut self.keys), depth });
        true
    }

    fn array_close(&mut self, span: Range, error: &mut dyn ErrorSink) {
        if let Some(Open::List { span: start, items, keys, .. }) = self.open.pop() {
            self.keys = keys;
            self.value(Item::List(start.append(span), items), error);
        }
    }

    fn simple_key(&mut self, span: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = String::new();
        if let Some(raw) = self.source.get(span) {
            toml_parser::Raw::new_unchecked(raw.as_str(), encoding, span).decode_key(&mut key, error);
        }
        self.keys.push((key, span));
    }

    fn scalar(&mut self, span: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(raw) = self.source.get(span) else { return };
        let mut text = String::new();
        let kind = toml_parser::Raw::new_unchecked(raw.as_str(), encoding, span).decode_scalar(&mut text, error);
        let value = match kind {
            ScalarKind::Boolean(value) => Value::Bool(value),
            ScalarKind::String | ScalarKind::DateTime => Value::Text(text),
            ScalarKind::Float => float_value(&text).map_or(Value::Null, |float| Value::Number(Number::Float(float))),
            ScalarKind::Integer(radix) => match i64::from_str_radix(&text, radix.value()) {
                Ok(value) => Value::Number(Number::Int(value)),
                Err(_) => {
                    error.report_error(ParseError::new("the integer is too large").with_unexpected(span));
                    Value::Null
                }
            },
        };
        self.value(Item::Scalar(span, value), error);
    }

    fn newline(&mut self, _: Range, _: &mut dyn ErrorSink) {
        // A key without a value ends with its line; inside brackets lines mean nothing.
        if self.open.is_empty() {
            self.keys.clear();
        }
    }
}

fn float_value(text: &str) -> Option<f64> {
    match text.trim_start_matches(['+', '-']) {
        "inf" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        "inf" => Some(f64::INFINITY),
        "nan" => Some(f64::NAN),
        _ => float::parse(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Node, Vec<Diagnostic>) {
        parse(text, InputId(0))
    }

    fn sound(text: &str) -> Node {
        let (node, problems) = read(text);
        assert_eq!(problems, [], "{text}");
        node
    }

    #[test]
    fn tables_keys_and_values_know_their_places() {
        let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n  default_runtime_name = 'runc'\n";
        let tree = sound(text);
        assert_eq!(tree.get("version").and_then(Node::as_int), Some(2));
        let name = tree.get_path(&["plugins", "io.containerd.grpc.v1.cri", "containerd", "default_runtime_name"]);
        let name = name.expect("the name is read");
        assert_eq!((name.as_text(), name.span.slice(text)), (Some("runc"), "'runc'"));
        let plugins = tree.as_map().and_then(|map| map.entry("plugins")).expect("there are plugins");
        assert_eq!(plugins.key_span.slice(text), "plugins");
    }

    #[test]
    fn dotted_keys_inline_tables_lists_and_lists_of_tables() {
        let tree =
            sound("a.b.c = 1\na.b.d = [1, {x = 0x1F, y.z = true}]\n[[t]]\nn = 1\n[t.sub]\nm = 2\n[[t]]\nn = 3\n");
        assert_eq!(tree.get_path(&["a", "b", "c"]).and_then(Node::as_int), Some(1));
        let list = tree.get_path(&["a", "b", "d"]).and_then(Node::as_list).expect("a list");
        assert_eq!(list[1].get("x").and_then(Node::as_int), Some(31));
        assert_eq!(list[1].get_path(&["y", "z"]).and_then(Node::as_bool), Some(true));
        let tables = tree.get("t").and_then(Node::as_list).expect("tables");
        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].get_path(&["sub", "m"]).and_then(Node::as_int), Some(2));
    }

    #[test]
    fn strings_of_all_four_kinds() {
        let tree = sound(
            "a = \"x\\ty\"\nb = 'x\\ty'\nc = \"\"\"\none\ntwo\"\"\"\nd = '''\nraw\\n'''\ne = 1979-05-27\nf = 1.5\n",
        );
        let text = |key| tree.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        assert_eq!([text("a"), text("b"), text("c"), text("d")], ["x\ty", "x\\ty", "one\ntwo", "raw\\n"]);
        assert_eq!(text("e"), "1979-05-27");
    }

    #[test]
    fn what_stands_before_an_open_bracket_is_kept() {
        let (tree, problems) = read("[t]\na = 1\nb = [1,\n[u]\nc = 2\n");
        assert!(!problems.is_empty());
        assert_eq!(tree.get_path(&["t", "a"]).and_then(Node::as_int), Some(1));
    }

    #[test]
    fn every_error_is_told_and_the_rest_is_read() {
        let text = "a = \nb = 1\nb = 2\n[t\nc = 3\n[u]\nd = 4\n[u]\ne = zz\n";
        let (tree, problems) = read(text);
        assert_eq!(tree.get("b").and_then(Node::as_int), Some(1));
        assert_eq!(tree.get_path(&["u", "d"]).and_then(Node::as_int), Some(4));
        let places: Vec<&str> = problems.iter().filter_map(|p| p.span).map(|span| span.slice(text)).collect();
        assert!(places.contains(&"b") && places.contains(&"u"), "{problems:?}");
        assert!(problems.len() >= 5, "{problems:?}");
    }

    #[test]
    fn a_table_cannot_be_written_into_twice() {
        for text in ["a = 1\n[a]\n", "[a]\n[a]\n", "a = {}\n[a.b]\n", "[a]\nb = 1\n[[a]]\n", "[a.b]\n[a]\nb.c = 1\n"] {
            assert_eq!(read(text).1.len(), 1, "{text}");
        }
        sound("[a.b]\nx = 1\n[a]\ny = 2\n");
    }

    #[test]
    fn hostile_nesting_stops_with_an_error() {
        for text in [
            "a = ".to_owned() + &"[".repeat(50_000),
            "a = ".to_owned() + &"{b=".repeat(50_000),
            "a.".repeat(50_000) + "a = 1",
        ] {
            assert!(!read(&text).1.is_empty());
        }
        let long = "a.".repeat(60);
        let (tree, problems) = read(&format!("[{long}a]\n{long}b = 1\nc = {{ {long}d = {{ {long}e = 1 }} }}\nf = 2\n"));
        assert!(problems.len() >= 2, "{problems:?}");
        let mut node = &tree;
        for _ in 0..61 {
            node = node.get("a").expect("the header is read");
        }
        assert_eq!(node.get("f").and_then(Node::as_int), Some(2));
        let wide: String = (0..20_000).map(|n| format!("k{n} = {n}\n")).collect();
        sound(&wide);
    }
}
