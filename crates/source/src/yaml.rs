//! One YAML document as Kubernetes reads it (sigs.k8s.io/yaml on go-yaml v2), with byte positions.
//!
//! The grammar is libyaml's, which go-yaml is a translation of: [`scanner`] and [`scalars`] make tokens, [`events`]
//! says what they mean. What scalars, merge keys and map keys mean is go-yaml's. Only the first document of the text
//! is read: what follows `...` is passed over without a word, as Kubernetes does.

mod events;
mod scalars;
mod scanner;
#[cfg(test)]
mod tests;
mod tokens;

use crate::budget::Budget;
use crate::error::{ReadError, ReadErrorKind};
use crate::node::{Entry, Map, Node, Number, Value};
use crate::scalar::{self, Tag};
use crate::span::{InputId, Span};
use events::{Events, What};
use tokens::Problem;

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
    Builder::new(text, input, offset, allowance).build()
}

/// The characters that YAML 1.1 lets stand in a text (libyaml's reader); a byte order mark only at the beginning.
fn is_allowed(c: char, at: usize) -> bool {
    match c {
        ' '..='~' | '\n' | '\r' | '\t' | '\u{85}' => true,
        '\u{feff}' => at == 0,
        _ => matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'),
    }
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

    fn build(mut self) -> Result<Option<Node>, ReadError> {
        let mut events = Events::new(self.text).map_err(|problem| self.syntax_error(&problem))?;
        loop {
            let event = events.next().map_err(|problem| self.syntax_error(&problem))?;
            let (start, end) = (event.start, event.end);
            match event.what {
                What::Scalar { text, plain, quoted, tag, anchor } => {
                    self.count(1, start, end)?;
                    self.scalar(&text, (plain, quoted), tag, anchor, start, end)?;
                }
                What::ListStart { flow, anchor } => self.open(Content::List(Vec::new()), flow, anchor, start, end)?,
                What::MapStart { flow, anchor } => {
                    self.open(Content::Map { map: Map::default(), key: None }, flow, anchor, start, end)?;
                }
                What::End => self.close(end)?,
                What::Alias(id) => self.alias(id, start, end)?,
                What::DocumentEnd => break,
            }
        }
        match self.refused.or(self.unsayable) {
            Some(error) => Err(error),
            None => Ok(self.root),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        (plain, quoted): (bool, bool),
        tag: Tag,
        anchor: usize,
        start: usize,
        end: usize,
    ) -> Result<(), ReadError> {
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

    fn open(&mut self, content: Content, flow: bool, anchor: usize, start: usize, end: usize) -> Result<(), ReadError> {
        if self.frames.len() >= self.allowance.depth {
            return Err(self.too_deep(start, end));
        }
        let counted_before = self.counted;
        self.count(1, start, end)?;
        self.frames.push(Frame { content, start, end, flow, anchor, counted_before, height: 0 });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), ReadError> {
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

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), ReadError> {
        let span = self.span(start, end);
        let Some(Some(target)) = self.anchors.get(id) else {
            // The anchor's value is still open: it would contain itself.
            self.refuse("this alias stands inside the very value that its anchor names", span);
            self.complete(Node::new(span, Value::Null), end, 0);
            return Ok(());
        };
        let (count, height) = (target.count, target.height);
        if self.frames.len() + height > self.allowance.depth {
            return Err(self.too_deep(start, end));
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
    fn anchor(&mut self, anchor: usize, node: &Node, count: usize, height: usize) -> Result<(), ReadError> {
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

    fn count(&mut self, count: usize, start: usize, end: usize) -> Result<(), ReadError> {
        self.counted += count;
        match self.allowance.nodes.checked_sub(count) {
            Some(left) => self.allowance.nodes = left,
            None => {
                let message = "reading stops here: the text holds more values than are read";
                let error = ReadError::new(ReadErrorKind::Budget, message, self.span(start, end));
                return Err(error.with_help("Paste fewer objects at once."));
            }
        }
        Ok(())
    }

    fn spend_alias_nodes(&mut self, count: usize, span: Span) -> Result<(), ReadError> {
        match self.allowance.alias_nodes.checked_sub(count) {
            Some(left) => self.allowance.alias_nodes = left,
            None => {
                let message = "reading stops here: anchors and aliases multiply the text too much";
                let error = ReadError::new(ReadErrorKind::Budget, message, span);
                return Err(error.with_help("Kubernetes refuses excessive aliasing as well."));
            }
        }
        Ok(())
    }

    fn too_deep(&self, start: usize, end: usize) -> ReadError {
        let message = format!("reading stops here: nested deeper than {} levels", self.allowance.depth);
        ReadError::new(ReadErrorKind::Budget, message, self.span(start, end))
    }

    fn syntax_error(&self, problem: &Problem) -> ReadError {
        let start = problem.at.min(self.text.len());
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        ReadError::new(ReadErrorKind::Syntax, problem.message, self.span(start, start + width)).with_help(problem.help)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.input, self.offset + start, self.offset + end)
    }
}
