//! A text to its documents, split as Kubernetes' YAML reader splits it (apimachinery, util/yaml, `YAMLReader`).
//!
//! A line that begins with `---` separates, even inside a quoted text; after the dashes only a comment may stand.
//! A piece that is empty, null or only comments is left out, and a broken piece leaves the others readable. All
//! places are bytes of the text as given, with its carriage returns and its byte order mark.

use crate::budget::Budget;
use crate::diagnostic::Diagnostic;
use crate::error::{ReadError, ReadErrorKind};
use crate::json::{self, Place};
use crate::node::{Node, Value};
use crate::shell;
use crate::span::{InputId, LineIndex, Span};
use crate::yaml::{self, Allowance};
use std::ops::Range;

/// The language that a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON: the document begins with `{` and is valid JSON, or cannot be read either way.
    Json,
}

/// One document of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The piece between the separators.
    pub span: Span,
    /// The language that it was read as.
    pub format: Format,
    /// What it holds, or why it cannot be read.
    pub content: Result<Node, ReadError>,
}

/// All documents of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documents {
    /// The documents in written order; empty ones are left out.
    pub documents: Vec<Document>,
    /// Notes about the text as a whole, such as shell lines around the documents. The documents' own errors are not in it.
    pub notes: Vec<Diagnostic>,
}

/// Reads every document of `text`.
///
/// Where the text does not read as it stands and shell lines are found in it, the manifests between them and inside
/// their here-documents are read instead.
#[must_use]
pub fn read(input: InputId, text: &str, budget: &Budget) -> Documents {
    let plain = read_range(input, text, 0..text.len(), budget.bytes, &mut Allowance::new(budget));
    let readable = |document: &Document| match &document.content {
        Ok(node) => !matches!(node.value, Value::Text(_)),
        Err(error) => error.kind == ReadErrorKind::Budget,
    };
    if text.len() > budget.bytes || plain.iter().all(readable) {
        return Documents { documents: plain, notes: Vec::new() };
    }
    let bodies = shell::manifests(text);
    let mut allowance = Allowance::new(budget);
    let lines = LineIndex::new(text);
    let mut found = Documents::default();
    for body in bodies {
        let opener = Span::new(input, body.opener.start, body.opener.end);
        found.documents.extend(read_range(input, text, body.range, budget.bytes, &mut allowance));
        let line = lines.line_of(opener.start);
        let message = if body.here_document {
            format!(
                "Read the manifest inside the here-document that starts at line {line}; the shell lines around it are not evaluated."
            )
        } else {
            format!("Read the manifest after line {line}; the shell lines around it are not evaluated.")
        };
        found.notes.push(Diagnostic::info("shell-lines", message, opener));
    }
    if found.documents.is_empty() { Documents { documents: plain, notes: Vec::new() } } else { found }
}

/// Reads again the one document that [`read`] found at `span`, of the same text. `None` if nothing stands there.
#[must_use]
pub fn read_at(span: Span, text: &str, budget: &Budget) -> Option<Document> {
    read_piece(span.input, text, span.start as usize..span.end as usize, budget.bytes, &mut Allowance::new(budget))
}

/// Reads the documents in a range of whole lines.
fn read_range(
    input: InputId,
    text: &str,
    range: Range<usize>,
    byte_limit: usize,
    allowance: &mut Allowance,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let (mut begin, mut at) = (range.start, range.start);
    while at < range.end {
        let rest = text.get(at..range.end).unwrap_or_default();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if let Some(after) = line.strip_prefix("---") {
            let after = after.trim();
            if !(after.is_empty() || after.starts_with('#')) {
                documents.push(bad_separator(Span::new(input, at, at + line.trim_end().len())));
                return documents;
            }
            // A separator that nothing precedes belongs to the document that it opens.
            if at > begin {
                documents.extend(read_piece(input, text, begin..at, byte_limit, allowance));
                begin = at + line.len();
            }
        }
        at += line.len();
        if at > byte_limit {
            documents.push(too_long(Span::new(input, begin, begin), byte_limit));
            return documents;
        }
    }
    documents.extend(read_piece(input, text, begin..range.end, byte_limit, allowance));
    documents
}

/// Reads one piece; `None` if nothing stands in it.
fn read_piece(
    input: InputId,
    text: &str,
    range: Range<usize>,
    byte_limit: usize,
    allowance: &mut Allowance,
) -> Option<Document> {
    let span = Span::new(input, range.start, range.end);
    if range.end > byte_limit {
        return Some(too_long(Span::new(input, range.start, range.start), byte_limit));
    }
    let piece = text.get(range.clone()).unwrap_or_default();
    let json_error = if piece.trim_start().starts_with('{') {
        match json::parse(piece, Place::Within(input, range.start)) {
            Ok(node) => return Some(Document { span, format: Format::Json, content: Ok(node) }),
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let content = match (yaml::parse(piece, input, range.start, allowance), json_error) {
        (Ok(None), None) => return None,
        (Ok(Some(node)), None) if node.is_null() => return None,
        (Ok(Some(node)), _) => Ok(node),
        (Err(error), _) if error.kind == ReadErrorKind::Budget => Err(error),
        // What begins as JSON and is not YAML either: JSON's complaint is the better one.
        (_, Some(error)) => {
            let error = ReadError::new(ReadErrorKind::Json, error.message, error.span);
            return Some(Document { span, format: Format::Json, content: Err(error) });
        }
        (Err(error), None) => Err(error),
    };
    Some(Document { span, format: Format::Yaml, content })
}

fn bad_separator(span: Span) -> Document {
    let message = "a line that begins with `---` separates documents, and only a comment may follow on it";
    let error = ReadError::new(ReadErrorKind::Separator, message, span)
        .with_help("Kubernetes stops reading here: the document before this line and all after it are lost.");
    Document { span, format: Format::Yaml, content: Err(error) }
}

fn too_long(span: Span, byte_limit: usize) -> Document {
    let message = format!(
        "the document that begins here ends beyond the first {} MiB, which is all that is read",
        byte_limit >> 20
    );
    let error = ReadError::new(ReadErrorKind::Budget, message, span)
        .with_help("Documents before it are read. Paste fewer objects at once.");
    Document { span, format: Format::Yaml, content: Err(error) }
}
