//! A pod as the cluster holds it: every value with who says so, in the shape of the manifest.
//!
//! The tree is the difference of two: the pod as written, and the pod after the API server has filled in and admission
//! has changed it. What each of them did is told by its record ([`Addition`] for values, [`Removal`] for list elements).

use super::Whole;
use crate::api::pods_of;
use crate::defaulting::Addition;
use crate::rule::{Rule, Stage};
use crate::schema::decode_document;
use crate::trace::Origin;
use podwhy_source::{Budget, Map, Node, Number, Span, Value, document};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// An element of a list that admission took out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// Where the element stands.
    pub span: Span,
    /// The rule that took it out.
    pub rule: &'static Rule,
    /// What made the rule do so.
    pub because: Option<Span>,
}

/// What became of a value on its way into the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is as written.
    Kept,
    /// It was not written.
    Added,
    /// It was written otherwise.
    Changed {
        /// As written, in one line.
        was: String,
    },
    /// It was written and is gone.
    Removed,
}

/// A value of the manifest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What it holds.
    pub content: Content,
    /// Who says so; of a removed value, who removed it.
    pub origin: Origin,
    /// What became of it; inside an added or removed value everything is added or removed.
    pub fate: Fate,
    /// Where it is written; for a value that came from elsewhere, where it stands there.
    pub span: Span,
}

/// What a value holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A single value.
    Scalar(Scalar),
    /// The elements of a list, removed ones among them.
    List(Vec<Part>),
    /// The fields of an object by name, removed ones among them.
    Map(Vec<(String, Part)>),
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Text(String),
}

impl Scalar {
    /// The value in one line, without quotes.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::UInt(value) => value.to_string(),
            Self::Float(value) => Number::Float(*value).to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A pod as the cluster holds it. Its [`Serialize`] writes the marks and origins too; [`Effective::manifest`] is the
/// plain object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effective {
    /// The whole object.
    pub root: Part,
}

/// The plain object, without removed parts and without marks, for a writer of YAML or JSON.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'a>(&'a Part);

/// One line of the manifest as YAML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The line, indented as serde_yaml does.
    pub text: String,
    /// Who says so, where the line begins a value.
    pub origin: Option<Origin>,
    /// What became of it.
    pub fate: Fate,
    /// Where the value is written.
    pub span: Option<Span>,
}

impl Effective {
    /// The pod `stored`, which came about from `written` by these changes.
    #[must_use]
    pub fn of(written: &Node, stored: &Node, additions: &[Addition], removals: &[Removal], path: &str) -> Self {
        let comparison = Comparison { additions, removals };
        Self { root: comparison.part(Some(written), stored, path, None) }
    }

    /// The object alone.
    #[must_use]
    pub fn manifest(&self) -> Manifest<'_> {
        Manifest(&self.root)
    }

    /// The manifest line by line. `write` gives a key or a single value as YAML, such as serde_yaml does; what it needs
    /// several lines for is indented. Without the removed lines the text is what serde_yaml writes of
    /// [`Effective::manifest`].
    #[must_use]
    pub fn lines(&self, write: &dyn Fn(&Scalar) -> String) -> Vec<Line> {
        let mut writer = Writer { write, lines: Vec::new() };
        writer.block(&self.root, 0, None);
        writer.lines
    }

    /// Every value that was added, changed or removed, with its path, outermost first.
    #[must_use]
    pub fn changes(&self) -> Vec<(String, &Part)> {
        let mut changes = Vec::new();
        collect(&self.root, &mut String::new(), &mut changes);
        changes
    }
}

impl Whole {
    /// The object that holds `metadata` and `spec` of the pod at this position of [`crate::report::Report::pods`], as it
    /// was decoded: a Pod, or a workload's template. The first answers keep no such tree, so the document is read again.
    #[must_use]
    pub fn source(&self, position: usize) -> Option<Node> {
        let (index, pod) = self.given.pods.get(position)?;
        let place = self.report.documents.get(*index)?;
        let text = &self.session.input(place.input)?.text;
        let read = document::read_at(place.span, text, &Budget::default())?;
        let decoded = decode_document(&read, self.session.cluster.release);
        let is_pod = |object: &&crate::api::Object| pods_of(object).iter().any(|found| found.span == pod.span);
        let object = decoded.objects.iter().find(is_pod)?;
        let keys: Vec<&str> = pod.spec_path.split('.').collect();
        let (_, template) = keys.split_last()?;
        object.node.get_path(template).cloned()
    }
}

fn collect<'a>(part: &'a Part, path: &mut String, changes: &mut Vec<(String, &'a Part)>) {
    if part.fate != Fate::Kept {
        changes.push((path.clone(), part));
        return;
    }
    let length = path.len();
    match &part.content {
        Content::Scalar(_) => {}
        Content::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                collect(item, path, changes);
                path.truncate(length);
            }
        }
        Content::Map(fields) => {
            for (key, field) in fields {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
                collect(field, path, changes);
                path.truncate(length);
            }
        }
    }
}

struct Comparison<'a> {
    additions: &'a [Addition],
    removals: &'a [Removal],
}

impl Comparison<'_> {
    /// The value at `path`; `around` is who added what it stands in.
    fn part(&self, written: Option<&Node>, stored: &Node, path: &str, around: Option<&Origin>) -> Part {
        let told = self.told(path);
        let (fate, origin) = match written {
            Some(written) if is_scalar(stored) && written.value != stored.value => {
                let origin = told.unwrap_or(Origin::Written(written.span));
                (Fate::Changed { was: words(written) }, origin)
            }
            Some(written) => (Fate::Kept, Origin::Written(written.span)),
            None => (Fate::Added, told.or_else(|| around.cloned()).unwrap_or(Origin::Assumed)),
        };
        let within = (fate == Fate::Added).then_some(&origin);
        let content = match &stored.value {
            Value::List(items) => {
                let before = written.and_then(Node::as_list).unwrap_or_default();
                Content::List(self.list(before, items, path, within))
            }
            Value::Map(map) => Content::Map(self.map(written.and_then(Node::as_map), map, path, within)),
            _ => Content::Scalar(scalar(stored)),
        };
        Part { content, origin, fate, span: stored.span }
    }

    fn map(&self, written: Option<&Map>, stored: &Map, path: &str, around: Option<&Origin>) -> Vec<(String, Part)> {
        let field = |entry: &podwhy_source::Entry| {
            let before = written.and_then(|map| map.get(&entry.key));
            let path = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
            (entry.key.clone(), self.part(before, &entry.value, &path, around))
        };
        let mut fields: Vec<(String, Part)> = stored.entries.iter().map(field).collect();
        for entry in written.map(|map| map.entries.as_slice()).unwrap_or_default() {
            if stored.get(&entry.key).is_none() && !fields.iter().any(|(key, _)| *key == entry.key) {
                fields.push((entry.key.clone(), self.removed(&entry.value)));
            }
        }
        // As `kubectl get -o yaml` prints them.
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        fields
    }

    /// Elements keep the place where they stand, so that is what tells which is which.
    fn list(&self, written: &[Node], stored: &[Node], path: &str, around: Option<&Origin>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut left = written;
        for (index, item) in stored.iter().enumerate() {
            let before = left.iter().position(|other| other.span == item.span);
            if let Some(found) = before {
                let (gone, rest) = left.split_at(found);
                parts.extend(gone.iter().map(|gone| self.removed(gone)));
                left = rest;
            }
            let own = before.and_then(|_| left.split_first());
            parts.push(self.part(own.map(|(own, _)| own), item, &format!("{path}[{index}]"), around));
            left = own.map_or(left, |(_, rest)| rest);
        }
        let end = parts.iter().rposition(|part| part.fate == Fate::Kept).map_or(0, |last| last + 1);
        parts.splice(end..end, left.iter().map(|gone| self.removed(gone)));
        parts
    }

    fn removed(&self, node: &Node) -> Part {
        let told = self.removals.iter().find(|removal| removal.span == node.span);
        let origin = told.map_or(Origin::Assumed, |told| Origin::Merged { rule: told.rule, from: told.because });
        gone(node, &origin)
    }

    fn told(&self, path: &str) -> Option<Origin> {
        // What was done last counts.
        let told = self.additions.iter().rev().find(|addition| addition.path == path)?;
        Some(match told.rule.stage {
            Stage::Admission => Origin::Merged { rule: told.rule, from: told.because },
            _ => Origin::Defaulted { rule: told.rule, because: told.because },
        })
    }
}

fn gone(node: &Node, origin: &Origin) -> Part {
    let content = match &node.value {
        Value::List(items) => Content::List(items.iter().map(|item| gone(item, origin)).collect()),
        Value::Map(map) => {
            Content::Map(map.entries.iter().map(|entry| (entry.key.clone(), gone(&entry.value, origin))).collect())
        }
        _ => Content::Scalar(scalar(node)),
    };
    Part { content, origin: origin.clone(), fate: Fate::Removed, span: node.span }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::List(_) | Value::Map(_))
}

fn scalar(node: &Node) -> Scalar {
    match &node.value {
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(Number::Int(value)) => Scalar::Int(*value),
        Value::Number(Number::UInt(value)) => Scalar::UInt(*value),
        Value::Number(Number::Float(value)) => Scalar::Float(*value),
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Null | Value::List(_) | Value::Map(_) => Scalar::Null,
    }
}

fn words(node: &Node) -> String {
    match &node.value {
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "an object".to_owned(),
        _ => scalar(node).words(),
    }
}

impl Part {
    fn is_removed(&self) -> bool {
        self.fate == Fate::Removed
    }
}

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

struct Writer<'a> {
    write: &'a dyn Fn(&Scalar) -> String,
    lines: Vec<Line>,
}

impl Writer<'_> {
    /// A list or an object on lines of its own. `dash` stands before its first line, in place of the indentation.
    fn block(&mut self, part: &Part, indent: usize, dash: Option<&str>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::admission::{CLASS_SELECTOR, COVERED_TOLERATION};
    use crate::rule::defaulting::RESTART_POLICY;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn read(text: &str, input: u16) -> Node {
        parse(text, Place::Within(InputId(input), 0)).unwrap()
    }

    fn put(node: &mut Node, key: &str, value: Node) {
        let Value::Map(map) = &mut node.value else { panic!("an object") };
        map.entries.retain(|entry| entry.key != key);
        map.entries.push(podwhy_source::Entry { key: key.to_owned(), key_span: value.span, value });
    }

    fn effective() -> Effective {
        let written = read(r#"{"spec":{"grace":5,"list":[{"key":"a"},{"key":"b"}],"empty":{}}}"#, 0);
        let mut stored = written.clone();
        let list = written.get_path(&["spec", "list"]).unwrap();
        let [first, second] = list.as_list().unwrap() else { panic!("two") };
        let added = read(r#"{"key":"c"}"#, 1);
        let removals = [Removal { span: first.span, rule: &COVERED_TOLERATION, because: Some(added.span) }];
        let rest = Node::new(list.span, Value::List(vec![second.clone(), added.clone()]));
        let Value::Map(map) = &mut stored.value else { panic!("an object") };
        let spec = &mut map.entries[0].value;
        put(spec, "list", rest);
        put(spec, "grace", Node::new(spec.span, Value::Number(Number::Int(7))));
        put(spec, "restart", Node::new(spec.span, Value::Text("Always".to_owned())));
        let addition = |path: &str, rule: &'static Rule| Addition {
            path: path.to_owned(),
            value: String::new(),
            rule,
            because: None,
        };
        let additions = [
            addition("spec.restart", &RESTART_POLICY),
            addition("spec.grace", &RESTART_POLICY),
            addition("spec.list[1]", &CLASS_SELECTOR),
        ];
        Effective::of(&written, &stored, &additions, &removals, "")
    }

    #[test]
    fn every_difference_is_marked_with_who_made_it() {
        let effective = effective();
        let changes = effective.changes();
        let told: Vec<(&str, &Fate)> = changes.iter().map(|(path, part)| (path.as_str(), &part.fate)).collect();
        assert_eq!(
            told,
            [
                ("spec.grace", &Fate::Changed { was: "5".to_owned() }),
                ("spec.list[0]", &Fate::Removed),
                ("spec.list[2]", &Fate::Added),
                ("spec.restart", &Fate::Added),
            ]
        );
        assert!(matches!(changes[1].1.origin, Origin::Merged { from: Some(_), .. }));
        assert!(matches!(changes[3].1.origin, Origin::Defaulted { .. }));
        let Content::Map(fields) = &changes[2].1.content else { panic!("an object") };
        assert_eq!(fields[0].1.origin, changes[2].1.origin, "what stands in an added value was added with it");
    }

    #[test]
    fn the_manifest_has_no_removed_parts() {
        let json = serde_json::to_string(&effective().manifest()).unwrap();
        assert_eq!(json, r#"{"spec":{"empty":{},"grace":7,"list":[{"key":"b"},{"key":"c"}],"restart":"Always"}}"#);
    }

    #[test]
    fn lines_are_yaml() {
        let lines = effective().lines(&|scalar| scalar.words());
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            text,
            [
                "spec:",
                "  empty: {}",
                "  grace: 7",
                "  list:",
                "  - key: a",
                "  - key: b",
                "  - key: c",
                "  restart: Always"
            ]
        );
        assert_eq!(lines[4].fate, Fate::Removed);
    }
}
