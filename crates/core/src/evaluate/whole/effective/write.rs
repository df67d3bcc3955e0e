//! The tree as a manifest: for a serialiser, and line by line with who says what.

use super::{Content, Line, Manifest, Part, Scalar};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

impl Serialize for Manifest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.content {
            Content::Scalar(scalar) => scalar.serialize(serializer),
            Content::List(items) => {
                let mut list = serializer.serialize_seq(None)?;
                for item in items.iter().filter(|item| !item.is_removed()) {
                    list.serialize_element(&Manifest(item))?;
                }
                list.end()
            }
            Content::Map(fields) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, field) in fields.iter().filter(|(_, field)| !field.is_removed()) {
                    map.serialize_entry(key, &Manifest(field))?;
                }
                map.end()
            }
        }
    }
}

/// Writes the tree line by line.
pub(super) struct Writer<'a> {
    pub write: &'a dyn Fn(&Scalar) -> String,
    pub lines: Vec<Line>,
}

impl Writer<'_> {
    /// A list or an object on lines of its own. `dash` stands before its first line, in place of the indentation.
    pub fn block(&mut self, part: &Part, indent: usize, dash: Option<&str>) {
        let mut dash = dash.map(str::to_owned);
        let mut start = |indent: usize| dash.take().unwrap_or_else(|| " ".repeat(indent));
        match &part.content {
            Content::Scalar(_) => self.value(part, start(indent), indent),
            Content::List(items) => {
                for item in items {
                    let dash = format!("{}- ", start(indent));
                    self.element(item, indent, &dash);
                }
            }
            Content::Map(fields) => {
                for (key, field) in fields {
                    let key = (self.write)(&Scalar::Text(key.clone()));
                    let key = format!("{}{}:", start(indent), key.trim_end());
                    self.field(field, key, indent);
                }
            }
        }
    }

    fn element(&mut self, item: &Part, indent: usize, dash: &str) {
        if fits_a_line(item) {
            self.value(item, dash.to_owned(), indent + 2);
        } else {
            self.block(item, indent + 2, Some(dash));
        }
    }

    fn field(&mut self, field: &Part, key: String, indent: usize) {
        if fits_a_line(field) {
            return self.value(field, format!("{key} "), indent + 2);
        }
        self.line(field, key);
        // Lists stand as far left as their key.
        let indent = if matches!(field.content, Content::List(_)) { indent } else { indent + 2 };
        self.block(field, indent, None);
    }

    /// A value behind what its line begins with.
    fn value(&mut self, part: &Part, before: String, indent: usize) {
        let text = match &part.content {
            Content::Scalar(scalar) => (self.write)(scalar),
            Content::List(_) => "[]".to_owned(),
            Content::Map(_) => "{}".to_owned(),
        };
        let mut lines = text.trim_end_matches('\n').lines();
        self.line(part, format!("{before}{}", lines.next().unwrap_or_default()));
        for line in lines {
            // A block of text comes indented by two already.
            let text =
                if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(indent.saturating_sub(2))) };
            self.lines.push(Line { text, origin: None, fate: part.fate.clone(), span: None });
        }
    }

    fn line(&mut self, part: &Part, text: String) {
        let origin = Some(part.origin.clone());
        self.lines.push(Line { text, origin, fate: part.fate.clone(), span: Some(part.span) });
    }
}

fn fits_a_line(part: &Part) -> bool {
    match &part.content {
        Content::Scalar(_) => true,
        Content::List(items) => items.is_empty(),
        Content::Map(fields) => fields.is_empty(),
    }
}
