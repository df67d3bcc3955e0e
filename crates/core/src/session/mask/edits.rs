//! Values of a document replaced in its text, everything between them kept to the letter.

use crate::quote::quote_json;
use podwhy_source::{Budget, Document, Format, InputId, Span, Value, document};
use std::collections::BTreeMap;

/// The replacements of one document.
#[derive(Debug)]
pub(super) struct Edits<'t> {
    text: &'t str,
    /// Where the document begins in the text that spans count from.
    offset: u32,
    format: Format,
    list: Vec<(usize, usize, String)>,
    /// The same by the places of the values, not yet as text.
    pub values: BTreeMap<Span, String>,
    /// Whether comments go too: they may repeat what is replaced.
    pub without_comments: bool,
}

impl<'t> Edits<'t> {
    pub fn new(text: &'t str, offset: u32, format: Format) -> Self {
        Self { text, offset, format, list: Vec::new(), values: BTreeMap::new(), without_comments: false }
    }

    /// Puts a text in the place of a value.
    pub fn put(&mut self, span: Span, value: &str) {
        let (from, written) = match (self.format, self.block(span)) {
            (Format::Json, _) => (span, quote_json(value)),
            (Format::Yaml, Some((header, indent))) => {
                let lines = value.trim_end_matches('\n').replace('\n', &format!("\n{indent}"));
                (Span { start: span.start.saturating_add(header), ..span }, lines)
            }
            (Format::Yaml, None) => (span, yaml(value)),
        };
        self.note(span, value);
        self.replace(from, &written);
    }

    /// Of a text in block form, which begins with its `|` or `>`: how many bytes stand before its first line's words,
    /// and the white space before each line. `None` for any other value.
    fn block(&self, span: Span) -> Option<(u32, &str)> {
        let place = |at: u32| at.checked_sub(self.offset).map(|at| at as usize);
        let text = self.text.get(place(span.start)?..place(span.end)?).filter(|text| text.starts_with(['|', '>']))?;
        let (header, lines) = text.split_once('\n')?;
        let first = lines.trim_start_matches('\n');
        let indent = first.get(..first.len() - first.trim_start_matches(' ').len())?;
        let before = header.len() + 1 + (lines.len() - first.len()) + indent.len();
        Some((u32::try_from(before).ok()?, indent))
    }

    /// Puts a value as it is written in the place of another.
    pub fn put_raw(&mut self, span: Span, written: &str) {
        self.note(span, written);
        self.replace(span, written);
    }

    fn note(&mut self, span: Span, value: &str) {
        self.values.entry(span).or_insert_with(|| value.to_owned());
    }

    fn replace(&mut self, span: Span, written: &str) {
        let place = |at: u32| at.checked_sub(self.offset).map(|at| at as usize);
        let (Some(start), Some(end)) = (place(span.start), place(span.end)) else { return };
        let Some(before) = self.text.get(start..end) else { return };
        // A text in block form reaches to the end of its last line, or beyond.
        let kept = before.len() - before.trim_end().len();
        self.list.push((start, end - kept, written.to_owned()));
    }

    /// The text with every replacement made. Of two for one place, as aliases give, the first counts.
    pub fn apply(&self) -> String {
        let mut list: Vec<&(usize, usize, String)> = self.list.iter().collect();
        list.sort_by_key(|(start, ..)| *start);
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for (start, end, written) in list {
            if let Some(between) = self.text.get(at..*start).filter(|_| *start >= at) {
                out.push_str(between);
                out.push_str(written);
                at = *end;
            }
        }
        out.push_str(self.text.get(at..).unwrap_or_default());
        out
    }
}

/// A text as a value of YAML on one line: bare where it cannot be taken for anything else.
fn yaml(text: &str) -> String {
    let bare = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+/=".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit() || b"-=".contains(&byte));
    if bare { text.to_owned() } else { quote_json(text) }
}

/// A document of YAML without what its comments say; JSON has none.
pub(super) fn commentless(text: &str, format: Format) -> String {
    let read = document::read(InputId(0), text, &Budget::default());
    let [Document { content: Ok(node), .. }] = read.documents.as_slice() else { return text.to_owned() };
    if format == Format::Json {
        return text.to_owned();
    }
    let mut spans = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match &node.value {
            Value::List(items) => waiting.extend(items),
            Value::Map(map) => {
                spans.extend(map.entries.iter().map(|entry| entry.key_span));
                waiting.extend(map.entries.iter().map(|entry| &entry.value));
            }
            _ => spans.push(node.span),
        }
    }
    spans.sort();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if let Some(gap) = text.get(at..span.start as usize) {
            gap_without_comments(gap, &mut out);
            out.push_str(span.slice(text));
            at = span.end as usize;
        }
    }
    gap_without_comments(text.get(at..).unwrap_or_default(), &mut out);
    out
}

/// What stands between two values: a `#` there begins a comment at a line's beginning or after white space.
fn gap_without_comments(gap: &str, out: &mut String) {
    for line in gap.split_inclusive('\n') {
        let comment = line.char_indices().find(|(at, letter)| {
            *letter == '#' && line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
        });
        let Some((at, _)) = comment else {
            out.push_str(line);
            continue;
        };
        out.push_str(line.get(..=at).unwrap_or_default());
        let end = line.len() - line.trim_end_matches(['\n', '\r']).len();
        out.push_str(line.get(line.len() - end..).unwrap_or_default());
    }
}
