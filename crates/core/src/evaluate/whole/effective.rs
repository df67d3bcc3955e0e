//! A pod as the cluster holds it: every value with who says so, in the shape of the manifest.
//!
//! The tree is the difference of two: the pod as written, and the pod after the API server has filled in and admission
//! has changed it. What each of them did is told by its record ([`Addition`] for values, [`Removal`] for list elements).

mod compare;
mod write;

use super::Whole;
use crate::api::pods_of;
use crate::defaulting::Addition;
use crate::rule::Rule;
use crate::schema::decode_document;
use crate::trace::Origin;
use compare::Comparison;
use podwhy_source::{Budget, Node, Number, Span, document};
use serde::Serialize;
use std::collections::BTreeMap;
use write::Writer;

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
#[expect(missing_docs)]
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

    /// The same with other texts in the place of single values that were written, by where they stand.
    #[must_use]
    pub fn with_values(&self, values: &BTreeMap<Span, String>) -> Self {
        let mut changed = self.clone();
        changed.root.put_values(values);
        changed
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

impl Part {
    fn put_values(&mut self, values: &BTreeMap<Span, String>) {
        match &mut self.content {
            Content::Scalar(scalar) => {
                if let Some(value) = values.get(&self.span).filter(|_| self.fate != Fate::Added) {
                    *scalar = Scalar::Text(value.clone());
                }
            }
            Content::List(items) => items.iter_mut().for_each(|item| item.put_values(values)),
            Content::Map(fields) => fields.iter_mut().for_each(|(_, field)| field.put_values(values)),
        }
    }

    fn is_removed(&self) -> bool {
        self.fate == Fate::Removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::admission::{CLASS_SELECTOR, COVERED_TOLERATION};
    use crate::rule::defaulting::RESTART_POLICY;
    use podwhy_source::json::{Place, parse};
    use podwhy_source::{InputId, Value};

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
