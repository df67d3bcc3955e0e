//! Changes of the texts that were given: found by the places of values, so that everything else stays as it is
//! written, comments and order included. What cannot be changed with certainty is not changed.

use crate::session::Session;
use crate::trace::Written;
use podwhy_source::{Budget, Entry, InputId, Map, Node, Span, Value, document};
use serde::Serialize;
use std::cell::OnceCell;

/// One change: the bytes `start..end` of a text give way to `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The text, as its position in the session.
    pub input: InputId,
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// What stands there afterwards.
    pub text: String,
}

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, as an order: "Leave the tag out".
    pub title: String,
    /// The edits, all of which are made; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of these edits; `None` if there are none.
    #[must_use]
    pub fn new(title: impl Into<String>, edits: impl IntoIterator<Item = Edit>) -> Option<Self> {
        let edits: Vec<Edit> = edits.into_iter().collect();
        (!edits.is_empty()).then(|| Self { title: title.into(), edits })
    }
}

/// `text`, which is the session's text `input`, after those of the edits that are about it.
#[must_use]
pub fn apply(text: &str, input: InputId, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.input == input).collect();
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let (mut out, mut reached) = (String::new(), 0);
    for edit in edits {
        out.push_str(text.get(reached..edit.start as usize).unwrap_or_default());
        out.push_str(&edit.text);
        reached = edit.end as usize;
    }
    out.push_str(text.get(reached..).unwrap_or_default());
    out
}

/// The texts that were given; they are read for changes only when a change is looked for.
#[derive(Debug)]
pub struct Texts<'a> {
    session: &'a Session,
    trees: Vec<OnceCell<Vec<Tree>>>,
}

/// A document that can be read.
#[derive(Debug)]
struct Tree {
    root: Node,
    /// Whether anchors put it together.
    anchored: bool,
}

/// A value on the way to a place: the object or list around it, and which of its entries it is.
#[derive(Clone, Copy)]
struct Around<'n> {
    parent: &'n Node,
    index: usize,
}

impl<'a> Texts<'a> {
    /// The texts of a session.
    #[must_use]
    pub fn new(session: &'a Session) -> Self {
        Self { session, trees: session.inputs.iter().map(|_| OnceCell::new()).collect() }
    }

    /// What stands at a place.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'a str {
        self.session.input(span.input).map_or("", |input| span.slice(&input.text))
    }

    /// Everything from the beginning of a place to the end of its text.
    #[must_use]
    pub fn onward(&self, span: Span) -> Span {
        Span::new(span.input, span.start as usize, self.text(span.input).len())
    }

    fn text(&self, input: InputId) -> &'a str {
        self.session.input(input).map_or("", |input| input.text.as_str())
    }

    /// The object or list that stands exactly here, as it was read.
    #[must_use]
    pub fn node(&self, span: Span) -> Option<&Node> {
        self.way(span)?.last().map(|(node, _)| *node)
    }

    /// The text that is the value which stands exactly here.
    #[must_use]
    pub fn text_at(&self, span: Span) -> Option<String> {
        Some(self.node(span)?.as_text()?.to_owned())
    }

    /// The nodes from a document's root to the one that stands here, each with what is around it. `None` where texts are
    /// put together by anchors: a change would be one in several places.
    fn way(&self, span: Span) -> Option<Vec<(&Node, Option<Around<'_>>)>> {
        let cell = self.trees.get(usize::from(span.input.0))?;
        let trees = cell.get_or_init(|| {
            let read = document::read(span.input, self.text(span.input), &Budget::default());
            let roots = read.documents.into_iter().filter_map(|document| document.content.ok());
            let anchored = |root: &Node| {
                let text = self.slice(root.span);
                [": &", "- &", ": *", "- *"].iter().any(|anchor| text.contains(anchor))
            };
            roots.map(|root| Tree { anchored: anchored(&root), root }).collect()
        });
        // Documents stand in their order.
        let behind = trees.partition_point(|tree| tree.root.span.start <= span.start);
        let tree = trees.get(behind.checked_sub(1)?)?;
        let root = Some(&tree.root).filter(|root| contains(root.span, span) && !tree.anchored)?;
        let mut way: Vec<(&Node, Option<Around>)> = vec![(root, None)];
        let mut here = root;
        while here.span != span {
            let inside = |node: &&Node| contains(node.span, span) && contains(here.span, node.span);
            let (index, node) = match &here.value {
                Value::Map(map) => map.entries.iter().map(|entry| &entry.value).enumerate().find(|(_, n)| inside(n))?,
                Value::List(items) => items.iter().enumerate().find(|(_, n)| inside(n))?,
                _ => return None,
            };
            way.push((node, Some(Around { parent: here, index })));
            here = node;
        }
        Some(way)
    }

    /// The place of the object that is so many objects and lists above this one: 1 for the one around it.
    #[must_use]
    pub fn above(&self, span: Span, levels: usize) -> Option<Span> {
        let way = self.way(span)?;
        way.get(way.len().checked_sub(levels + 1)?).map(|(node, _)| node.span)
    }

    /// Another text in place of a written one, in the quotes that it has.
    #[must_use]
    pub fn replace(&self, written: &Written<String>, new: &str) -> Option<Edit> {
        let slice = self.slice(written.span);
        let quote = ['"', '\''].into_iter().find(|quote| slice.starts_with(*quote) && slice.len() > 1);
        let inner = match quote {
            Some(quote) => slice.strip_prefix(quote)?.strip_suffix(quote)?,
            None => slice,
        };
        let plain =
            |text: &str| !text.is_empty() && !text.contains(['"', '\'', '\\', '\n', '#', '{', '}', ',', '&', '*']);
        if inner != written.value || !plain(new) || inner.contains(['\\', '\n']) {
            return None;
        }
        let quotes = quote.map(String::from).unwrap_or_default();
        Some(edit(written.span, format!("{quotes}{new}{quotes}")))
    }

    /// Another number in place of a written one.
    #[must_use]
    pub fn replace_number(&self, written: &Written<i64>, new: i64) -> Option<Edit> {
        let same = self.slice(written.span) == written.value.to_string();
        same.then(|| edit(written.span, new.to_string()))
    }

    /// Something else in place of the first `old` in what stands here.
    #[must_use]
    pub fn replace_within(&self, span: Span, old: &str, new: &str) -> Option<Edit> {
        let at = span.start as usize + self.slice(span).find(old)?;
        Some(edit(Span::new(span.input, at, at + old.len()), new.to_owned()))
    }

    /// Another key in place of the one whose value stands here.
    #[must_use]
    pub fn rename(&self, value: Span, new: &str) -> Option<Edit> {
        let entry = self.entry(value)?;
        let quotes = if self.slice(entry.key_span).starts_with('"') { "\"" } else { "" };
        Some(edit(entry.key_span, format!("{quotes}{new}{quotes}")))
    }

    /// Another entry in place of the one whose value stands here. `json` is the value as JSON of plain words.
    #[must_use]
    pub fn replace_entry(&self, value: Span, key: &str, json: &str) -> Option<Edit> {
        let entry = self.entry(value)?;
        let quoted = self.slice(entry.key_span).starts_with('"');
        Some(edit(entry.key_span.to(value), written(key, json, quoted)))
    }

    fn entry(&self, value: Span) -> Option<&Entry> {
        let way = self.way(value)?;
        let (_, around) = way.last()?;
        let Around { parent, index } = (*around)?;
        parent.as_map()?.entries.get(index)
    }

    /// Takes out the entry or element whose value stands here.
    #[must_use]
    pub fn remove(&self, value: Span) -> Option<Edit> {
        let way = self.way(value)?;
        let (_, around) = way.last()?;
        self.remove_at((*around)?)
    }

    /// Takes out the entry whose value stands here, or the whole of what would be empty without it.
    #[must_use]
    pub fn remove_all(&self, value: Span) -> Option<Edit> {
        let way = self.way(value)?;
        let lone = |around: &Around| match &around.parent.value {
            Value::Map(map) => map.entries.len() == 1,
            Value::List(items) => items.len() == 1,
            _ => false,
        };
        let around = way.iter().rev().filter_map(|(_, around)| *around).find(|around| !lone(around))?;
        self.remove_at(around)
    }

    fn remove_at(&self, Around { parent, index }: Around) -> Option<Edit> {
        let spans: Vec<Span> = match &parent.value {
            Value::Map(map) => map.entries.iter().map(whole).collect(),
            Value::List(items) => items.iter().map(|item| item.span).collect(),
            _ => return None,
        };
        let span = *spans.get(index)?;
        let next = spans.get(index + 1);
        let text = self.text(span.input);
        if self.slice(parent.span).starts_with(['{', '[']) {
            let before = index.checked_sub(1).and_then(|index| spans.get(index));
            let range = match (next, before) {
                (Some(next), _) => Span { end: next.start, ..span },
                (None, Some(before)) => Span { start: before.end, ..span },
                (None, None) => span,
            };
            return Some(edit(range, String::new()));
        }
        if spans.len() == 1 {
            return None;
        }
        let line = line_start(text, span.start as usize);
        let prefix = text.get(line..span.start as usize)?;
        let is_element = parent.as_list().is_some();
        let expected = if is_element { prefix.trim() == "-" } else { prefix.trim().is_empty() };
        if expected {
            let end = text.get(span.end as usize..)?.find('\n').map_or(text.len(), |at| span.end as usize + at + 1);
            return Some(edit(Span::new(span.input, line, end), String::new()));
        }
        // The first entry of an object that stands behind a dash: the next one takes its place.
        let next = next.filter(|_| !is_element && prefix.trim() == "-")?;
        Some(edit(Span { end: next.start, ..span }, String::new()))
    }

    /// A new entry in the object that stands here, behind the entry `after` or at its end. `json` is the value as JSON of
    /// plain words. `None` if the key is there.
    #[must_use]
    pub fn insert(&self, object: Span, after: &str, key: &str, json: &str) -> Option<Edit> {
        let map: &Map = self.node(object)?.as_map()?;
        if map.entry(key).is_some() {
            return None;
        }
        let entry = map.entry(after).or(map.entries.last())?;
        let quoted = self.slice(entry.key_span).starts_with('"');
        let new = written(key, json, quoted);
        self.behind(object, whole(entry), |indent| format!("{indent}{new}"), &new)
    }

    /// A new element at the end of the list that stands here. `json` is the value as JSON of plain words.
    #[must_use]
    pub fn append(&self, list: Span, json: &str) -> Option<Edit> {
        let last = self.node(list)?.as_list()?.last()?;
        let quoted = self.slice(last.span).contains('"');
        let new = value(json, quoted);
        let text = self.text(list.input);
        let line = line_start(text, last.span.start as usize);
        let dash = text.get(line..last.span.start as usize)?.find('-');
        let in_block = |indent: &str| {
            let outer = indent.get(..dash.unwrap_or(0)).unwrap_or_default();
            format!("{outer}- {}", new.trim_start_matches('{').trim_end_matches('}'))
        };
        self.behind(list, last.span, in_block, &new)
    }

    /// Puts something behind `last`, which is in the object or list `parent`: on a line of its own, or after a comma.
    fn behind(&self, parent: Span, last: Span, block: impl Fn(&str) -> String, flow: &str) -> Option<Edit> {
        let text = self.text(parent.input);
        if self.slice(parent).starts_with(['{', '[']) {
            return Some(edit(Span { start: last.end, ..last }, format!(", {flow}")));
        }
        let start = last.start as usize;
        let before = text.get(line_start(text, start)..start)?;
        if !before.bytes().all(|byte| byte == b' ' || byte == b'-') {
            return None;
        }
        let rest = text.get(last.end as usize..)?;
        let line_end = last.end as usize + rest.find(['\r', '\n']).unwrap_or(rest.len());
        let indent = " ".repeat(before.len());
        Some(edit(Span::new(parent.input, line_end, line_end), format!("\n{}", block(&indent))))
    }
}

/// Key and value together.
fn whole(entry: &Entry) -> Span {
    entry.key_span.to(entry.value.span)
}

fn edit(span: Span, text: String) -> Edit {
    Edit { input: span.input, start: span.start, end: span.end, text }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.input == inner.input && outer.start <= inner.start && inner.end <= outer.end
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// An entry: as JSON where the keys around it are quoted, else without quotes.
fn written(key: &str, json: &str, quoted: bool) -> String {
    let key = if quoted { format!("\"{key}\"") } else { key.to_owned() };
    format!("{key}: {}", value(json, quoted))
}

fn value(json: &str, quoted: bool) -> String {
    if quoted { json.to_owned() } else { json.replace('"', "") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Input, InputKind};

    fn session(text: &str) -> Session {
        let input = Input { kind: InputKind::Manifests, name: String::new(), text: text.to_owned() };
        Session { inputs: vec![input], ..Session::default() }
    }

    /// The text after the edit that `change` makes for the value `at`, the first of its kind in the text.
    fn after(text: &str, at: &str, change: impl Fn(&Texts, Span) -> Option<Edit>) -> Option<String> {
        let session = session(text);
        let start = text.find(at).unwrap();
        let span = Span::new(InputId(0), start, start + at.len());
        change(&Texts::new(&session), span).map(|edit| apply(text, InputId(0), &[edit]))
    }

    fn removed(text: &str, at: &str) -> Option<String> {
        after(text, at, |texts, span| texts.remove(span))
    }

    #[test]
    fn an_entry_is_taken_out_with_its_lines() {
        let text = "a: 1 # one\nb:\n  c: 2\n  d: 3\ne: 4\n";
        assert_eq!(removed(text, "1").unwrap(), "b:\n  c: 2\n  d: 3\ne: 4\n");
        assert_eq!(removed(text, "c: 2\n  d: 3").unwrap(), "a: 1 # one\ne: 4\n");
        assert_eq!(removed(text, "4").unwrap(), "a: 1 # one\nb:\n  c: 2\n  d: 3\n");
        assert_eq!(removed("a:\n  b: 1\n", "1"), None, "an object without entries would be null");
        assert_eq!(after("x: 0\na:\n  b: 1\n", "1", |texts, span| texts.remove_all(span)).unwrap(), "x: 0\n");
        assert_eq!(removed("- a: 1\n  b: 2\n", "1").unwrap(), "- b: 2\n");
        assert_eq!(removed("l:\n- a\n- b\n", "b").unwrap(), "l:\n- a\n");
    }

    #[test]
    fn an_entry_in_one_line_is_taken_out_with_its_comma() {
        assert_eq!(removed("{\"a\": 1, \"b\": 2}", "1").unwrap(), "{\"b\": 2}");
        assert_eq!(removed("{a: 1, b: 2}", "2").unwrap(), "{a: 1}");
        assert_eq!(removed("x: {a: 1}\n", "1").unwrap(), "x: {}\n");
        assert_eq!(removed("x: [a, b]\n", "a").unwrap(), "x: [b]\n");
    }

    #[test]
    fn an_entry_is_put_in_where_the_others_stand() {
        let insert = |texts: &Texts, span| texts.insert(span, "image", "imagePullPolicy", "\"Always\"");
        let text = "c:\n- name: a\n  image: x # here\n  env: []\n";
        let found = after(text, "name: a\n  image: x # here\n  env: []", insert).unwrap();
        assert_eq!(found, "c:\n- name: a\n  image: x # here\n  imagePullPolicy: Always\n  env: []\n");
        let found = after("- image: x", "image: x", insert).unwrap();
        assert_eq!(found, "- image: x\n  imagePullPolicy: Always");
        let text = "{\"image\": \"x\"}";
        assert_eq!(after(text, text, insert).unwrap(), "{\"image\": \"x\", \"imagePullPolicy\": \"Always\"}");
        assert_eq!(after("{image: x}", "{image: x}", insert).unwrap(), "{image: x, imagePullPolicy: Always}");
        let text = "image: x\nimagePullPolicy: Never\n";
        assert_eq!(after(text, text.trim(), insert), None, "the key is there");
    }

    #[test]
    fn an_element_is_put_at_the_end() {
        let append = |texts: &Texts, span| texts.append(span, "{\"name\": \"b\"}");
        assert_eq!(
            after("l:\n  - name: a\nx: 1\n", "- name: a", append).unwrap(),
            "l:\n  - name: a\n  - name: b\nx: 1\n"
        );
        assert_eq!(after("l: [{name: a}]\n", "[{name: a}]", append).unwrap(), "l: [{name: a}, {name: b}]\n");
    }

    #[test]
    fn what_anchors_put_together_is_not_changed() {
        assert_eq!(removed("a: &x\n  b: 1\n  c: 2\nd: *x\n", "1"), None);
    }

    #[test]
    fn a_text_keeps_its_quotes() {
        let replace = |value: &'static str| {
            move |texts: &Texts, span| texts.replace(&Written { value: value.to_owned(), span }, "new")
        };
        assert_eq!(after("a: 'old'\n", "'old'", replace("old")).unwrap(), "a: 'new'\n");
        assert_eq!(after("a: old\n", "old", replace("old")).unwrap(), "a: new\n");
        assert_eq!(after("a: \"o\\x6cd\"\n", "\"o\\x6cd\"", replace("old")), None);
    }
}
