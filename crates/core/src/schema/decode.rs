//! Strict decoding of one document, as the API server's universal decoder does it (apimachinery,
//! pkg/runtime/serializer/json), release by release.

use crate::api::Object;
use crate::release::Release;
use crate::schema::error::{Class, DecodeError};
use crate::schema::kinds::{self, Known};
use crate::schema::table::{Definition, definition};
use crate::schema::walk::{Walk, in_decoding_order};
use podwhy_source::{Document, Entry, Format, Map, Names, Node, Span, Value};

/// What becomes of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was decoded; its objects are evaluated, unless an error forbids it.
    Decoded,
    /// One of Kubernetes' own kinds that is not evaluated here.
    BuiltIn,
    /// A kind of another group, such as a custom resource or a program's configuration: not evaluated.
    Foreign,
    /// It cannot be decoded.
    Refused,
}

/// A decoded document.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// `apiVersion` as far as it could be read.
    pub api_version: String,
    /// `kind` as far as it could be read.
    pub kind: String,
    /// What becomes of it.
    pub status: Status,
    /// The document's object as the API server understands it: without unknown fields and nulls, quantities canonical.
    /// For a kind that is not evaluated, as written.
    pub node: Option<Node>,
    /// The objects to evaluate: the object itself, or the usable items of a list.
    pub objects: Vec<Object>,
    /// What a list's items that are not evaluated are: `apiVersion`, `kind`, and whose kind it is.
    pub skipped: Vec<Decoded>,
    /// Everything that is wrong with it, in the order of the real decoder.
    pub errors: Vec<DecodeError>,
}

impl Decoded {
    fn new(api_version: &str, kind: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            status: Status::Refused,
            node: None,
            objects: Vec::new(),
            skipped: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn refused(mut self, error: DecodeError) -> Self {
        self.errors = vec![error];
        self
    }

    /// Whether the API server of the release accepts the document as it stands.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Decodes a document, or reports why its text could not be read.
#[must_use]
pub fn decode_document(document: &Document, release: Release) -> Decoded {
    match &document.content {
        Ok(node) => decode(node, document.format, release),
        Err(error) => Decoded::new("", "").refused(
            DecodeError::new(error.kind.into(), error.message.clone(), error.span).with_help(error.help.clone()),
        ),
    }
}

/// Decodes a document's value against the API of `release`.
#[must_use]
pub fn decode(node: &Node, format: Format, release: Release) -> Decoded {
    let mut decoded = decode_object(node, format, release);
    if format == Format::Yaml && decoded.status == Status::Decoded {
        let mut duplicates = Vec::new();
        duplicate_keys(node, &mut String::new(), &mut duplicates);
        decoded.errors.splice(0..0, duplicates);
    }
    decoded
}

/// `apiVersion` and `kind`, read without regard to case as `encoding/json` does: `Kind: Pod` names the kind, and is an
/// unknown field later on.
fn type_meta(node: &Node, format: Format) -> Result<(String, String), Box<DecodeError>> {
    let Value::Map(map) = &node.value else {
        let message =
            format!("a manifest must be an object with `apiVersion` and `kind`, and this is {}", node.kind_name());
        return if node.is_null() {
            Ok((String::new(), String::new()))
        } else {
            Err(Box::new(DecodeError::new(Class::BadTypeMeta, message, node.span)))
        };
    };
    let (mut api_version, mut kind) = (String::new(), String::new());
    for entry in in_decoding_order(map, format) {
        let target = match folded(&entry.key).as_str() {
            "apiversion" => &mut api_version,
            "kind" => &mut kind,
            _ => continue,
        };
        match &entry.value.value {
            Value::Text(text) => *target = text.clone(),
            Value::Null => {}
            _ => {
                let message = format!("`{}` must be a text, and this is {}", entry.key, entry.value.kind_name());
                let error = DecodeError::new(Class::BadTypeMeta, message, entry.value.span);
                return Err(Box::new(error.with_help("Put it in quotes.")));
            }
        }
    }
    Ok((api_version, kind))
}

/// Lower case by Unicode's simple folding, as far as these two names can meet it: the Kelvin sign and the long s.
fn folded(key: &str) -> String {
    if key.len() > 16 {
        return String::new();
    }
    key.chars()
        .map(|c| match c {
            '\u{212a}' => 'k',
            '\u{17f}' => 's',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

fn decode_object(node: &Node, format: Format, release: Release) -> Decoded {
    let (api_version, kind) = match type_meta(node, format) {
        Ok(meta) => meta,
        Err(error) => return Decoded::new("", "").refused(*error),
    };
    let mut decoded = Decoded::new(&api_version, &kind);
    let refuse = |class, message: String, key: &str| {
        let span = node.as_map().and_then(|map| map.get(key)).map_or(node.span, |value| value.span);
        DecodeError::new(class, message, span)
    };
    let (group, version) = match api_version.split_once('/') {
        Some((_, version)) if version.contains('/') => {
            let message = format!("`{api_version}` is no API version: it may hold one slash");
            return decoded.refused(refuse(Class::Other, message, "apiVersion"));
        }
        Some((group, version)) => (group, version),
        None => ("", api_version.as_str()),
    };
    if kind.is_empty() {
        let error = refuse(Class::MissingKind, "`kind` is missing".to_owned(), "kind");
        return decoded.refused(error.with_help("Write for example `kind: Pod`."));
    }
    if version.is_empty() {
        let error = refuse(Class::MissingApiVersion, "`apiVersion` is missing".to_owned(), "apiVersion");
        return decoded.refused(error.with_help("Write for example `apiVersion: v1`."));
    }
    let Some(map) = node.as_map() else { return decoded };
    let written = Written { map, span: node.span, format, release };
    match kinds::look_up(group, version, &kind) {
        Known::Decoded(fields) => one(decoded, &written, fields),
        Known::List(fields) => list(decoded, &written, fields),
        Known::TypedList(item_kind, item) => typed_list(decoded, &written, item_kind, item),
        known @ (Known::BuiltIn | Known::Foreign) => {
            decoded.status = if known == Known::BuiltIn { Status::BuiltIn } else { Status::Foreign };
            decoded.node = Some(node.clone());
            decoded
        }
        Known::Unknown => {
            let message = format!("there is no kind `{kind}` in `{api_version}`");
            let help = match kinds::nearest(&kind) {
                Some((version, name)) => format!("Did you mean kind `{name}` of `{version}`?"),
                None => String::new(),
            };
            let wrong_kind = !kinds::has_version(group, version);
            let key = if wrong_kind { "apiVersion" } else { "kind" };
            decoded.refused(refuse(Class::UnknownKind, message, key).with_help(help))
        }
    }
}

/// An object as it is written, and for which release it is decoded.
struct Written<'n> {
    map: &'n Map,
    span: Span,
    format: Format,
    release: Release,
}

/// Walks the object; `None` and the error in `decoded` where a value does not fit.
fn walk(decoded: &mut Decoded, written: &Written<'_>, fields: &'static Definition) {
    let mut walk = Walk::new(written.format, written.release);
    let object = walk.object(written.map, written.span, fields);
    if let Some(error) = walk.fatal {
        decoded.errors = vec![error];
        return;
    }
    decoded.status = Status::Decoded;
    decoded.errors = walk.strict;
    decoded.node = Some(object);
}

fn one(mut decoded: Decoded, written: &Written<'_>, fields: &'static Definition) -> Decoded {
    let name = format!("`{}` of `{}`", decoded.kind, decoded.api_version);
    let Written { map, span, release, .. } = *written;
    let span = map.get("apiVersion").map_or(span, |value| value.span);
    if release < fields.life.since {
        let message = format!("{name} is unknown in {release}; it exists {}", fields.life.words());
        return decoded.refused(DecodeError::new(Class::UnknownKind, message, span));
    }
    walk(&mut decoded, written, fields);
    if decoded.status == Status::Decoded && !fields.life.includes(release) {
        let message = format!("{name} is not served in {release}; it was {}", fields.life.words());
        decoded.errors.push(DecodeError::new(Class::NotServed, message, span));
    }
    if let Some(node) = decoded.node.clone() {
        decoded.objects.push(Object {
            api_version: decoded.api_version.clone(),
            kind: decoded.kind.clone(),
            ..Object::read(node)
        });
    }
    decoded
}

/// A `List`: its items are decoded one by one, and one that fails leaves the others.
fn list(mut decoded: Decoded, written: &Written<'_>, fields: &'static Definition) -> Decoded {
    walk(&mut decoded, written, fields);
    let Some(Node { value: Value::Map(list), .. }) = &mut decoded.node else { return decoded };
    let items = list.entries.iter_mut().rev().find(|entry| entry.key == "items");
    let Some(Entry { value: Node { value: Value::List(items), .. }, .. }) = items else { return decoded };
    for (index, item) in items.iter_mut().enumerate() {
        let mut inner = decode_object(item, written.format, written.release);
        if let Some(node) = inner.node.take() {
            *item = node;
        }
        decoded.errors.extend(inner.errors.drain(..).map(|error| DecodeError { item: Some(index), ..error }));
        decoded.objects.append(&mut inner.objects);
        decoded.skipped.append(&mut inner.skipped);
        if matches!(inner.status, Status::BuiltIn | Status::Foreign) {
            decoded.skipped.push(inner);
        }
    }
    decoded
}

/// A typed list such as `PodList`: the items need no kind, and one that does not fit spoils the list.
fn typed_list(mut decoded: Decoded, written: &Written<'_>, item_kind: &str, item: &str) -> Decoded {
    let Some(fields) = definition(&format!("{item}List")) else { return decoded };
    walk(&mut decoded, written, fields);
    let items = decoded.node.as_ref().and_then(|node| node.get("items")).and_then(Node::as_list).unwrap_or_default();
    for item in items {
        let object = Object::read(item.clone());
        decoded.objects.push(Object { api_version: decoded.api_version.clone(), kind: item_kind.to_owned(), ..object });
    }
    decoded
}

/// The keys that stand twice in an object of a YAML document, in the order in which go-yaml meets them: what stands
/// inside a value before the key itself. An overridden merge key (`<<`) is one of them.
fn duplicate_keys(node: &Node, path: &mut String, found: &mut Vec<DecodeError>) {
    let before = path.len();
    match &node.value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                duplicate_keys(item, path, found);
                path.truncate(before);
            }
        }
        Value::Map(map) => {
            let mut seen = Names::default();
            for entry in &map.entries {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&entry.key);
                duplicate_keys(&entry.value, path, found);
                if !seen.add(&entry.key).1 {
                    let message = format!("`{path}` is set twice");
                    let error = DecodeError::new(Class::DuplicateKey, message, entry.key_span).with_help(
                        "The API server refuses it or takes the last one, depending on who asks. Remove one of them.",
                    );
                    found.push(DecodeError { key: entry.key.clone(), place: path.clone(), ..error });
                }
                path.truncate(before);
            }
        }
        _ => {}
    }
}
