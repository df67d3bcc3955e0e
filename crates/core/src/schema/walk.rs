//! Walks an object beside its definition: the strict JSON decoder of the API server (sigs.k8s.io/json).

use crate::release::Release;
use crate::schema::error::{Class, DecodeError};
use crate::schema::nearest::nearest;
use crate::schema::scalar;
use crate::schema::table::{Definition, Field, Leaf, Shape, definition};
use podwhy_source::{Entry, Format, Map, Names, Node, Span, Value};

/// The real decoder stops counting here.
const MOST_STRICT_ERRORS: usize = 100;

/// A step of a path.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Field(&'static str),
    Key(&'a str),
    Index(usize),
}

/// What was found while walking one object.
pub struct Walk<'a> {
    format: Format,
    release: Release,
    path: Vec<Segment<'a>>,
    /// The objects around the present place, each with how much of the path leads to it.
    around: Vec<(&'static Definition, usize)>,
    /// Unknown fields, and duplicate ones in JSON.
    pub strict: Vec<DecodeError>,
    /// The first value that does not fit: the API server reports this one alone.
    pub fatal: Option<DecodeError>,
    /// Whether a type that reads itself has ended the decoding: its error is the one that is reported, whatever did not
    /// fit before.
    ended: bool,
}

impl<'a> Walk<'a> {
    pub fn new(format: Format, release: Release) -> Self {
        Self { format, release, path: Vec::new(), around: Vec::new(), strict: Vec::new(), fatal: None, ended: false }
    }

    /// Decodes an object, leniently where that is possible: unknown fields are dropped, of equal keys the last counts,
    /// null becomes what Kubernetes makes of it, quantities and times take their canonical form.
    pub fn object(&mut self, map: &'a Map, span: Span, fields: &'static Definition) -> Node {
        let mut out = Map::default();
        let mut seen = Names::default();
        self.around.push((fields, self.path.len()));
        for entry in in_decoding_order(map, self.format) {
            let known = fields.field(&entry.key);
            match known.filter(|field| field.life.includes(self.release)) {
                Some(field) => {
                    self.path.push(Segment::Field(field.name));
                    self.check_duplicate(&mut seen, field.name, entry);
                    if let Some(value) = self.field(field, &entry.value) {
                        put(&mut out, entry, value);
                    }
                    self.path.pop();
                }
                None => self.unknown_field(entry, known, fields),
            }
        }
        self.around.pop();
        Node::new(span, Value::Map(out))
    }

    /// A field's value; `None` where it is null and the field keeps its zero value.
    fn field(&mut self, field: &Field, node: &'a Node) -> Option<Node> {
        match (field.shape, &node.value) {
            (Shape::One, _) => self.value(field.leaf, node),
            (_, Value::Null) => None,
            (Shape::List, Value::List(items)) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Segment::Index(index));
                    out.push(self.element(field.leaf, item));
                    self.path.pop();
                }
                Some(Node::new(node.span, Value::List(out)))
            }
            (Shape::Map, Value::Map(map)) => {
                let mut out = Map::default();
                let mut seen = Names::default();
                for entry in in_decoding_order(map, self.format) {
                    self.path.push(Segment::Key(&entry.key));
                    self.check_duplicate(&mut seen, &entry.key, entry);
                    let value = self.element(field.leaf, &entry.value);
                    put(&mut out, entry, value);
                    self.path.pop();
                }
                Some(Node::new(node.span, Value::Map(out)))
            }
            (shape, _) => {
                let wanted = if shape == Shape::List { "a list" } else { "an object" };
                let help =
                    if shape == Shape::List { "Begin each element with `- `, or write [ ] around them." } else { "" };
                let message = format!("expected {wanted}, found {}", node.kind_name());
                self.fail(Class::WrongType, message, help, node.span);
                None
            }
        }
    }

    /// A member of a list or map: null gives its zero value, so that the other members keep their places.
    fn element(&mut self, leaf: Leaf, node: &'a Node) -> Node {
        self.value(leaf, node).unwrap_or_else(|| {
            let zero = if matches!(leaf, Leaf::Object(_)) { Value::Map(Map::default()) } else { Value::Null };
            Node::new(node.span, zero)
        })
    }

    fn value(&mut self, leaf: Leaf, node: &'a Node) -> Option<Node> {
        let Leaf::Object(name) = leaf else {
            return match scalar::read(leaf, node, self.format) {
                Ok(Value::Null) => None,
                Ok(value) => Some(Node::new(node.span, value)),
                Err(misfit) => {
                    let reads_itself = matches!(leaf, Leaf::Quantity | Leaf::Time | Leaf::IntOrText);
                    if reads_itself && !self.ended {
                        self.fatal = None;
                    }
                    self.fail(misfit.class, misfit.message, misfit.help, node.span);
                    self.ended |= reads_itself;
                    None
                }
            };
        };
        match (&node.value, definition(name)) {
            (Value::Null, _) => None,
            (Value::Map(map), Some(fields)) => Some(self.object(map, node.span, fields)),
            _ => {
                let misfit = scalar::wrong_type(leaf, node);
                self.fail(misfit.class, misfit.message, misfit.help, node.span);
                None
            }
        }
    }

    fn fail(&mut self, class: Class, message: String, help: &str, span: Span) {
        if self.fatal.is_none() {
            let place = self.place();
            let field = self.fields();
            let message = if place.is_empty() { message } else { format!("`{place}`: {message}") };
            let error = DecodeError::new(class, message, span).with_help(help);
            self.fatal = Some(DecodeError { path: field, place, ..error });
        }
    }

    fn unknown_field(&mut self, entry: &'a Entry, known: Option<&Field>, fields: &'static Definition) {
        if self.strict.len() >= MOST_STRICT_ERRORS {
            return;
        }
        self.path.push(Segment::Key(&entry.key));
        let place = self.place();
        self.path.pop();
        let (message, help) = match known {
            Some(field) => (
                format!("`{}` is unknown in {}; it exists {}", entry.key, self.release, field.life.words()),
                String::new(),
            ),
            None => (format!("unknown field `{place}`"), self.proposal(&entry.key, fields)),
        };
        let error = DecodeError::new(Class::UnknownField, message, entry.key_span).with_help(help);
        self.put_strict(DecodeError { path: place.clone(), place, ..error });
    }

    /// The same text is told once.
    fn put_strict(&mut self, error: DecodeError) {
        let same = |other: &DecodeError| other.class == error.class && other.path == error.path;
        if !self.strict.iter().any(same) {
            self.strict.push(error);
        }
    }

    /// What may have been meant by an unknown field: another name, or another level.
    fn proposal(&self, key: &str, fields: &'static Definition) -> String {
        if let Some(odd) = key.chars().find(|letter| !letter.is_ascii() && letter.is_whitespace()) {
            let code = u32::from(odd);
            return format!(
                "The key has a space in it that is none for YAML (U+{code:04X}, as web pages and word processors write it): put an ordinary one there."
            );
        }
        let here = || fields.fields.iter().filter(|field| field.life.includes(self.release));
        if let Some(name) = nearest(key, here().map(|field| field.name)) {
            return format!("Did you mean `{name}`?");
        }
        let below = here().find(|field| match (field.shape, field.leaf) {
            (Shape::One, Leaf::Object(name)) if field.name != "status" => {
                definition(name).is_some_and(|inner| inner.field(key).is_some())
            }
            _ => false,
        });
        if let Some(field) = below {
            return format!("`{key}` belongs under `{}`: indent it further.", field.name);
        }
        let mut above = self.around.iter().rev().skip(1);
        match above.find(|(definition, _)| definition.field(key).is_some()) {
            Some((_, 0)) => format!("`{key}` belongs to the outermost level: indent it less."),
            Some((_, length)) => format!("`{key}` belongs to `{}`: indent it less.", self.place_of(*length)),
            None => String::new(),
        }
    }

    /// JSON keeps duplicate keys up to here; those of YAML are found in the tree before (`decode::duplicate_keys`).
    fn check_duplicate(&mut self, seen: &mut Names<'a>, name: &'a str, entry: &Entry) {
        if self.format != Format::Json {
            return;
        }
        if !seen.add(name).1 && self.strict.len() < MOST_STRICT_ERRORS {
            let place = self.place();
            let message = format!("`{place}` is set twice");
            let error =
                DecodeError::new(Class::DuplicateKey, message, entry.key_span).with_help("The last one counts.");
            self.put_strict(DecodeError { path: place.clone(), key: entry.key.clone(), place, ..error });
        }
    }

    /// The path with indices.
    fn place(&self) -> String {
        self.place_of(self.path.len())
    }

    fn place_of(&self, length: usize) -> String {
        let mut text = String::new();
        for segment in self.path.iter().take(length) {
            match segment {
                Segment::Index(index) => text.push_str(&format!("[{index}]")),
                Segment::Field(name) => push_name(&mut text, name),
                Segment::Key(name) => push_name(&mut text, name),
            }
        }
        text
    }

    /// The path of fields alone.
    fn fields(&self) -> String {
        let mut text = String::new();
        for segment in &self.path {
            if let Segment::Field(name) = segment {
                push_name(&mut text, name);
            }
        }
        text
    }
}

fn push_name(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push('.');
    }
    text.push_str(name);
}

/// Sets a key under the same name and place as it is written.
fn put(map: &mut Map, entry: &Entry, value: Node) {
    map.entries.push(Entry { key: entry.key.clone(), key_span: entry.key_span, value });
}

/// The entries as the JSON decoder meets them. YAML has become JSON with sorted keys on the way, and of equal keys the
/// last one is left.
pub fn in_decoding_order(map: &Map, format: Format) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = map.entries.iter().collect();
    if format == Format::Yaml {
        entries.reverse();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries.dedup_by(|a, b| a.key == b.key);
    }
    entries
}
