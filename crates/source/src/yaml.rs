//! One YAML document as Kubernetes reads it (sigs.k8s.io/yaml on go-yaml v2), with byte positions.
//!
//! The grammar is granit-parser's; the meaning of scalars, merge keys and map keys is go-yaml's. Only the first
//! document of the text is read: what follows `...` is passed over without a word, as Kubernetes does.

use crate::budget::Budget;
use crate::error::{ReadError, ReadErrorKind};
use crate::node::{Entry, Map, Node, Number, Value};
use crate::scalar::{self, Tag};
use crate::span::{InputId, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};
use std::borrow::Cow;

/// What is left of a [`Budget`] while the documents of a text are read one after another.
#[derive(Clone, Debug)]
pub struct Allowance {
    nodes: usize,
    alias_nodes: usize,
    depth: usize,
}

impl Allowance {
    /// The whole budget.
    #[must_use]
    pub fn new(budget: &Budget) -> Self {
        Self { nodes: budget.nodes, alias_nodes: budget.alias_nodes, depth: budget.depth }
    }
}

/// Reads the first document of `text`, which begins at byte `offset` of `input`. `Ok(None)`: there is none.
///
/// # Errors
/// The first place at which the text is no YAML, says something that JSON cannot, or exceeds the allowance.
pub fn parse(text: &str, input: InputId, offset: usize, allowance: &mut Allowance) -> Result<Option<Node>, ReadError> {
    if let Some((at, bad)) = text.char_indices().find(|(at, c)| !is_allowed(*c, *at)) {
        let message = format!("the character U+{:04X} may not stand in YAML", u32::from(bad));
        let span = Span::new(input, offset + at, offset + at + bad.len_utf8());
        return Err(ReadError::new(ReadErrorKind::Syntax, message, span)
            .with_help("Remove it; it is often invisible. Binary data belongs into base64."));
    }
    // The grammar of libyaml lets `!` stand inside a tag and granit-parser does not: put something harmless there.
    let mut text = Cow::Borrowed(text);
    let mut retries = (4 << 20) / text.len().max(1 << 16);
    loop {
        let before = allowance.clone();
        match Builder::new(&text, input, offset, allowance).build() {
            Err(Failure::Tag(at, error)) => {
                let Some(masked) = mask_tag(&text, at).filter(|_| retries > 0) else { return Err(error) };
                text = Cow::Owned(masked);
                retries -= 1;
                *allowance = before;
            }
            Err(Failure::Read(error)) => return Err(error),
            Ok(node) => return Ok(node),
        }
    }
}

/// The characters that YAML 1.1 lets stand in a text (libyaml's reader); a byte order mark only at the beginning.
fn is_allowed(c: char, at: usize) -> bool {
    match c {
        ' '..='~' | '\n' | '\r' | '\t' | '\u{85}' => true,
        '\u{feff}' => at == 0,
        _ => matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'),
    }
}

/// The text with every `!` replaced that stands in the tag at `at` behind its handle; `None` if there is none.
fn mask_tag(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at..)?;
    let token = rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c)).next()?;
    let name = token.strip_prefix('!')?;
    let handle = match name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
        Some(end) if name.get(end..)?.starts_with('!') => end + 2,
        _ => 1,
    };
    let suffix = token.get(handle..)?;
    if !suffix.contains('!') {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    masked.push_str(text.get(..at + handle)?);
    masked.push_str(&suffix.replace('!', "x"));
    masked.push_str(text.get(at + token.len()..)?);
    Some(masked)
}

enum Failure {
    /// The tag at this byte of the text does not parse.
    Tag(usize, ReadError),
    Read(ReadError),
}

enum Content {
    List(Vec<Node>),
    Map { map: Map, key: Option<Key> },
}

/// A key that waits for its value.
enum Key {
    Text(String, Span),
    Merge(Span),
}

/// A list or map that is still open.
struct Frame {
    content: Content,
    start: usize,
    end: usize,
    flow: bool,
    anchor: usize,
    /// Values counted before this one, to know how many it holds in the end.
    counted_before: usize,
    /// Levels of nesting below this one so far.
    height: usize,
}

/// A complete value that an anchor names.
struct Anchored {
    node: Node,
    count: usize,
    height: usize,
}

struct Builder<'a, 'b> {
    text: &'a str,
    input: InputId,
    offset: usize,
    allowance: &'b mut Allowance,
    counted: usize,
    frames: Vec<Frame>,
    /// By number; the parser counts them from 1.
    anchors: Vec<Option<Anchored>>,
    root: Option<Node>,
    /// What go-yaml would refuse after parsing; a syntax error further down comes before it.
    refused: Option<ReadError>,
    /// What JSON cannot say; comes last.
    unsayable: Option<ReadError>,
}

impl<'a, 'b> Builder<'a, 'b> {
    fn new(text: &'a str, input: InputId, offset: usize, allowance: &'b mut Allowance) -> Self {
        Self {
            text,
            input,
            offset,
            allowance,
            counted: 0,
            frames: Vec::new(),
            anchors: Vec::new(),
            root: None,
            refused: None,
            unsayable: None,
        }
    }

    fn build(mut self) -> Result<Option<Node>, Failure> {
        let mut options = Options::default();
        options.flow_nesting_limit = self.allowance.depth;
        options.block_nesting_limit = self.allowance.depth;
        let text = self.text;
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, place) = match next {
                Ok(event) => event,
                Err(error) => return Err(self.syntax_error(&error)),
            };
            let start = place.start.byte_offset().unwrap_or(text.len());
            let end = place.end.byte_offset().unwrap_or(start);
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    self.count(1, start, end)?;
                    let tag = tag.as_deref().map_or(Tag::None, tag_of);
                    self.scalar(&value, style, tag, anchor, start, end)?;
                }
                Event::SequenceStart(style, anchor, _) => {
                    let start = if style == StructureStyle::Block { self.dash_before(start) } else { start };
                    self.open(Content::List(Vec::new()), style, anchor, start, end)?;
                }
                Event::MappingStart(style, anchor, _) => {
                    self.open(Content::Map { map: Map::default(), key: None }, style, anchor, start, end)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
                Event::Alias(id) => self.alias(id, start, end)?,
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        match self.refused.or(self.unsayable) {
            Some(error) => Err(Failure::Read(error)),
            None => Ok(self.root),
        }
    }

    /// Where a block list begins whose first element is at `start`: the parser passes over the dash of a list that is
    /// not indented.
    fn dash_before(&self, start: usize) -> usize {
        let (before, rest) = self.text.split_at_checked(start).unwrap_or((self.text, ""));
        let dash = before.trim_end().strip_suffix('-').filter(|_| !rest.starts_with('-'));
        dash.map_or(start, str::len)
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tag: Tag,
        anchor: usize,
        start: usize,
        end: usize,
    ) -> Result<(), Failure> {
        let plain = style == ScalarStyle::Plain;
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let written = self.text.get(start..end).unwrap_or_default();
        let end = if quoted { end } else { start + written.trim_end().len() };
        let span = self.span(start, end);
        if scalar::is_merge_key(tag, plain, value)
            && let Some(Frame { content: Content::Map { key: key @ None, .. }, .. }) = self.frames.last_mut()
        {
            *key = Some(Key::Merge(span));
            return Ok(());
        }
        let value = scalar::resolve(tag, plain, value).unwrap_or_else(|problem| {
            self.refuse(&problem, span);
            Value::Null
        });
        let node = Node::new(span, value);
        self.anchor(anchor, &node, 1, 0)?;
        self.complete(node, end, 0);
        Ok(())
    }

    fn open(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        start: usize,
        end: usize,
    ) -> Result<(), Failure> {
        if self.frames.len() >= self.allowance.depth {
            return Err(Failure::Read(self.too_deep(start, end)));
        }
        let counted_before = self.counted;
        self.count(1, start, end)?;
        let flow = style == StructureStyle::Flow;
        self.frames.push(Frame { content, start, end, flow, anchor, counted_before, height: 0 });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Failure> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        // A block has no closing mark: it ends where its last value does.
        let end = if frame.flow { end } else { frame.end };
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map { map, .. } => Value::Map(map),
        };
        let node = Node::new(self.span(frame.start, end), value);
        let height = frame.height + 1;
        self.anchor(frame.anchor, &node, self.counted - frame.counted_before, height)?;
        self.complete(node, end, height);
        Ok(())
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), Failure> {
        let span = self.span(start, end);
        let Some(Some(target)) = self.anchors.get(id) else {
            // The anchor's value is still open: it would contain itself.
            self.refuse("this alias stands inside the very value that its anchor names", span);
            self.complete(Node::new(span, Value::Null), end, 0);
            return Ok(());
        };
        let (count, height) = (target.count, target.height);
        if self.frames.len() + height > self.allowance.depth {
            return Err(Failure::Read(self.too_deep(start, end)));
        }
        self.spend_alias_nodes(count, span)?;
        let node = self.anchors.get(id).and_then(|target| Some(target.as_ref()?.node.clone()));
        self.count(count, start, end)?;
        if let Some(node) = node {
            self.complete(node, end, height);
        }
        Ok(())
    }

    /// Keeps a copy of a complete value under its anchor (0 is none).
    fn anchor(&mut self, anchor: usize, node: &Node, count: usize, height: usize) -> Result<(), Failure> {
        if anchor != 0 {
            self.spend_alias_nodes(count, node.span)?;
            self.anchors.resize_with(self.anchors.len().max(anchor + 1), || None);
            if let Some(place) = self.anchors.get_mut(anchor) {
                *place = Some(Anchored { node: node.clone(), count, height });
            }
        }
        Ok(())
    }

    /// Puts a complete value where it belongs. `end` is where its text ends, which for an alias is not its span.
    fn complete(&mut self, node: Node, end: usize, height: usize) {
        let Some(mut frame) = self.frames.pop() else {
            self.root = Some(node);
            if let Some(Node { span, value: Value::Number(Number::Float(value)) }) = &self.root {
                let (span, value) = (*span, *value);
                self.check_finite(value, span);
            }
            return;
        };
        frame.end = frame.end.max(end);
        frame.height = frame.height.max(height);
        let is_key = matches!(frame.content, Content::Map { key: None, .. });
        if let (false, Value::Number(Number::Float(value))) = (is_key, &node.value) {
            self.check_finite(*value, node.span);
        }
        match &mut frame.content {
            Content::List(items) => items.push(node),
            Content::Map { map, key } => match key.take() {
                None => *key = Some(self.key(&node)),
                Some(Key::Text(key, key_span)) => map.entries.push(Entry { key, key_span, value: node }),
                Some(Key::Merge(span)) => self.merge(map, node, span),
            },
        }
        self.frames.push(frame);
    }

    fn key(&mut self, node: &Node) -> Key {
        let text = scalar::key_text(&node.value).unwrap_or_else(|| {
            match node.value {
                Value::List(_) | Value::Map(_) => self.refuse("a list or an object cannot be a key", node.span),
                _ => {
                    let message = format!("{} cannot be a key in JSON", node.kind_name());
                    self.unsayable.get_or_insert(
                        ReadError::new(ReadErrorKind::Value, message, node.span)
                            .with_help("Put it in quotes if it is meant as a text."),
                    );
                }
            }
            String::new()
        });
        Key::Text(text, node.span)
    }

    /// `<<`: the entries of another map, or of several, the last one first as go-yaml takes them.
    fn merge(&mut self, map: &mut Map, node: Node, key: Span) {
        const WRONG: &str = "what follows `<<` must be a map or a list of maps";
        match node.value {
            Value::Map(other) => map.entries.extend(other.entries),
            Value::List(items) => {
                for item in items.into_iter().rev() {
                    match item.value {
                        Value::Map(other) => map.entries.extend(other.entries),
                        _ => self.refuse(WRONG, item.span),
                    }
                }
            }
            _ => self.refuse(WRONG, key),
        }
    }

    fn check_finite(&mut self, value: f64, span: Span) {
        if !value.is_finite() {
            let message = "infinity and not-a-number cannot be written in JSON, so Kubernetes refuses them";
            self.unsayable.get_or_insert(
                ReadError::new(ReadErrorKind::Value, message, span)
                    .with_help("Put it in quotes if it is meant as a text."),
            );
        }
    }

    fn refuse(&mut self, message: &str, span: Span) {
        self.refused.get_or_insert(ReadError::new(ReadErrorKind::Syntax, message, span));
    }

    fn count(&mut self, count: usize, start: usize, end: usize) -> Result<(), Failure> {
        self.counted += count;
        match self.allowance.nodes.checked_sub(count) {
            Some(left) => self.allowance.nodes = left,
            None => {
                let message = "reading stops here: the text holds more values than are read";
                let error = ReadError::new(ReadErrorKind::Budget, message, self.span(start, end));
                return Err(Failure::Read(error.with_help("Paste fewer objects at once.")));
            }
        }
        Ok(())
    }

    fn spend_alias_nodes(&mut self, count: usize, span: Span) -> Result<(), Failure> {
        match self.allowance.alias_nodes.checked_sub(count) {
            Some(left) => self.allowance.alias_nodes = left,
            None => {
                let message = "reading stops here: anchors and aliases multiply the text too much";
                let error = ReadError::new(ReadErrorKind::Budget, message, span);
                return Err(Failure::Read(error.with_help("Kubernetes refuses excessive aliasing as well.")));
            }
        }
        Ok(())
    }

    fn too_deep(&self, start: usize, end: usize) -> ReadError {
        let message = format!("reading stops here: nested deeper than {} levels", self.allowance.depth);
        ReadError::new(ReadErrorKind::Budget, message, self.span(start, end))
    }

    fn syntax_error(&self, error: &granit_parser::ScanError) -> Failure {
        use granit_parser::ErrorKind as E;
        let start = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = self.span(start, start + width);
        if *error.kind() == E::RecursionLimitExceeded {
            return Failure::Read(self.too_deep(start, start + width));
        }
        let (message, help) = explain(error.kind());
        let message = if message.is_empty() { error.info() } else { message.to_owned() };
        let read = ReadError::new(ReadErrorKind::Syntax, message, span).with_help(help);
        match error.kind() {
            E::MissingTagUri | E::InvalidTagTerminator | E::InvalidGlobalTagCharacter | E::UndeclaredTagHandle => {
                Failure::Tag(start, read)
            }
            _ => Failure::Read(read),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.input, self.offset + start, self.offset + end)
    }
}

fn tag_of(tag: &granit_parser::Tag) -> Tag {
    match tag.suffix_in_namespace("tag:yaml.org,2002:") {
        Some(name) => Tag::core(&name),
        None if format!("{}{}", tag.handle(), tag.suffix()) == "!" => Tag::NonSpecific,
        None => Tag::Other,
    }
}

/// The frequent mistakes in plain words: what is wrong, and what to look at. Empty: the parser's own words will do.
fn explain(kind: &granit_parser::ErrorKind) -> (&'static str, &'static str) {
    use granit_parser::ErrorKind as E;
    match kind {
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed => (
            "a key with `:` cannot stand here",
            "Compare the indentation with the lines above, and put a value that contains `: ` in quotes.",
        ),
        E::ExpectedBlockMappingKey | E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "expected a key followed by `:`",
            "Either a `:` is missing or the line is indented differently from its neighbours.",
        ),
        E::ExpectedBlockSequenceEntry | E::BlockSequenceEntryNotAllowed => (
            "a list element cannot stand here",
            "Compare the indentation of the `-` with the other elements of the list.",
        ),
        E::TabInBlockIndentation | E::TabInIndentation | E::TabNotAllowed | E::TabInPlainScalar => {
            ("a tab cannot be used for indentation", "Use blanks.")
        }
        E::UnexpectedCharacter { .. } => ("a value cannot begin with this character", "Put the value in quotes."),
        E::UnclosedQuotedScalar => ("a quoted text begins here and never ends", "Add the closing quote."),
        E::UnclosedFlowCollection { open: '{' } => ("a `{` opens here and is never closed", "Add the closing `}`."),
        E::UnclosedFlowCollection { .. } => ("a `[` opens here and is never closed", "Add the closing `]`."),
        E::UnknownAnchor => {
            ("no anchor of this name stands before this alias", "A value that begins with `*` needs quotes.")
        }
        E::InvalidIndentation => ("this line is indented in a way that fits nothing above it", ""),
        _ => ("", ""),
    }
}
