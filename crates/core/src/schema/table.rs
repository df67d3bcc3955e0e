//! The field table of the API, read once from the text that the build made of `data/api-fields.json`.

use crate::release::Release;
use std::sync::OnceLock;

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/api-fields.txt"));

/// What kubectl writes around several objects (meta/v1 `ListMeta`), and the list of anything (core/v1 `List`).
static LISTS: &str = "\
ListMeta
 continue string
 remainingItemCount int64
 resourceVersion string
 selfLink string
List
 apiVersion string
 items [any
 kind string
 metadata ListMeta
";

/// From which release until which (both inclusive) something is part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The first release that has it; the oldest that can be chosen also stands for everything before.
    pub since: Release,
    /// The last release that has it, if it went away.
    pub until: Option<Release>,
}

impl Life {
    /// Whether `release` has it.
    #[must_use]
    pub fn includes(self, release: Release) -> bool {
        release >= self.since && self.until.is_none_or(|until| release <= until)
    }

    /// When it exists, to follow a word such as "it exists": `since v1.28`, `until v1.24`.
    #[must_use]
    pub fn words(self) -> String {
        match self.until {
            Some(until) if self.since > Release::OLDEST => format!("from {} to {until}", self.since),
            Some(until) => format!("until {until}"),
            None => format!("since {}", self.since),
        }
    }
}

/// What a single value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs)]
pub enum Leaf {
    Text,
    Bool,
    Int32,
    Int64,
    /// An RFC 3339 time in a text.
    Time,
    Quantity,
    IntOrText,
    /// Base64 in a text.
    Bytes,
    /// Any JSON.
    Any,
    /// An object with the fields of this definition.
    Object(&'static str),
}

/// How values are held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// A list of them.
    List,
    /// An object whose keys are free.
    Map,
}

/// One field of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The JSON name.
    pub name: &'static str,
    /// Whether it is a list or a map.
    pub shape: Shape,
    /// What the value, or each of them, must be.
    pub leaf: Leaf,
    /// Whether the API's description calls it required. Decoding does not ask; validation does.
    pub required: bool,
    /// When it is part of the API.
    pub life: Life,
}

/// An object's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// When the whole object is part of the API.
    pub life: Life,
    /// The fields, sorted by name.
    pub fields: Vec<Field>,
}

impl Definition {
    /// The field of this very name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The definition of this name, such as `V1PodSpec`.
#[must_use]
pub fn definition(name: &str) -> Option<&'static Definition> {
    static TABLE: OnceLock<Vec<(String, Definition)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| with_typed_lists(read(TEXT.lines().chain(LISTS.lines()))));
    let at = table.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
    table.get(at).map(|(_, definition)| definition)
}

/// Reads definitions in the form of the table's text (see build.rs).
pub(crate) fn read(lines: impl Iterator<Item = &'static str>) -> Vec<(&'static str, Definition)> {
    let mut table: Vec<(&'static str, Definition)> = Vec::new();
    for line in lines {
        if let Some(line) = line.strip_prefix(' ') {
            let (text, life) = split_life(line);
            if let (Some((_, definition)), Some((name, kind))) = (table.last_mut(), text.split_once(' ')) {
                let (kind, required) = kind.strip_suffix('!').map_or((kind, false), |kind| (kind, true));
                let (shape, leaf) = read_type(kind);
                definition.fields.push(Field { name, shape, leaf, required, life });
            }
        } else {
            let (name, life) = split_life(line);
            table.push((name, Definition { life, fields: Vec::new() }));
        }
    }
    table
}

/// Adds for every kind the list of that kind: `V1PodList` beside `V1Pod`. The result is sorted by name.
fn with_typed_lists(table: Vec<(&'static str, Definition)>) -> Vec<(String, Definition)> {
    let list = table.iter().find(|(name, _)| *name == "List").map(|(_, list)| list.fields.clone()).unwrap_or_default();
    let mut all = Vec::with_capacity(2 * table.len());
    for (name, definition) in table {
        if name != "List" && definition.field("kind").is_some() && definition.field("metadata").is_some() {
            let mut fields = list.clone();
            for field in fields.iter_mut().filter(|field| field.name == "items") {
                field.leaf = Leaf::Object(name);
            }
            all.push((format!("{name}List"), Definition { life: definition.life, fields }));
        }
        all.push((name.to_owned(), definition));
    }
    all.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    all
}

fn split_life(text: &'static str) -> (&'static str, Life) {
    let (text, life) = text.split_once('@').unwrap_or((text, ""));
    let (since, until) = life.split_once('-').unwrap_or((life, ""));
    let minor = |text: &str| text.parse().ok().map(Release::minor_unchecked);
    (text, Life { since: minor(since).unwrap_or(Release::OLDEST), until: minor(until) })
}

fn read_type(text: &'static str) -> (Shape, Leaf) {
    let (shape, name) = match (text.strip_prefix('['), text.strip_prefix('{')) {
        (Some(item), _) => (Shape::List, item),
        (_, Some(value)) => (Shape::Map, value),
        _ => (Shape::One, text),
    };
    let leaf = match name {
        "string" => Leaf::Text,
        "bool" => Leaf::Bool,
        "int32" => Leaf::Int32,
        "int64" => Leaf::Int64,
        "time" => Leaf::Time,
        "quantity" => Leaf::Quantity,
        "int-or-string" => Leaf::IntOrText,
        "bytes" => Leaf::Bytes,
        "any" => Leaf::Any,
        name => Leaf::Object(name),
    };
    (shape, leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_complete_in_itself() {
        for name in TEXT.lines().filter(|line| !line.starts_with(' ')).map(|line| split_life(line).0) {
            for field in &definition(name).unwrap().fields {
                if let Leaf::Object(target) = field.leaf {
                    assert!(definition(target).is_some(), "{name}.{} is of the unknown type {target}", field.name);
                }
            }
        }
    }

    #[test]
    fn fields_know_their_type_and_their_releases() {
        let container = definition("V1Container").unwrap();
        let image = container.field("image").unwrap();
        assert_eq!((image.shape, image.leaf), (Shape::One, Leaf::Text));
        assert_eq!(container.field("env").unwrap().leaf, Leaf::Object("V1EnvVar"));
        assert!(container.field("name").unwrap().required && !image.required);
        let policy = container.field("resizePolicy").unwrap();
        assert!(!policy.life.includes(Release::minor_unchecked(26)));
        assert!(policy.life.includes(Release::minor_unchecked(27)));
        assert_eq!(policy.life.words(), "since v1.27");
        let cluster_name = definition("V1ObjectMeta").unwrap().field("clusterName").unwrap();
        assert_eq!(cluster_name.life.words(), "until v1.24");
        assert_eq!(definition("V1Secret").unwrap().field("data").unwrap().shape, Shape::Map);
    }

    #[test]
    fn the_kubelets_configuration_is_not_in_it() {
        assert_eq!(definition("config.KubeletConfiguration"), None);
    }
}
