//! From a place to what the API says about it.

use super::place::{At, Entries, Place, Step};
use super::scenario;
use crate::release::Release;
use crate::schema::kinds;
use crate::schema::table::{self, Definition, Field, Leaf, Shape};
use crate::session::InputKind;
use std::sync::OnceLock;

/// The kubelet's kinds, which no API server decodes.
static CONFIGURATIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/configuration-fields.txt"));
/// Lines of definition, field and allowed values.
static ALLOWED: &str = include_str!(concat!(env!("OUT_DIR"), "/allowed-values.txt"));

/// A registry credentials file (kubelet, pkg/credentialprovider/config.go), in the form of the field table.
static DOCKER: &str = "\
DockerAuth
 auth string
 email string
 identitytoken string
 password string
 registrytoken string
 username string
DockerConfig
 auths {DockerAuth
 credHelpers {string
 credsStore string
";

/// Something in the structure of an object: one value, a list or a map, and what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether it is a list or a map.
    pub shape: Shape,
    /// What it, or each of its elements, is.
    pub leaf: Leaf,
    /// The field that says so, and the definition that has the field.
    pub field: Option<(&'static str, &'static Field)>,
}

impl Target {
    fn object(name: &'static str) -> Self {
        Self { shape: Shape::One, leaf: Leaf::Object(name), field: None }
    }

    /// The fields, where it is an object.
    pub fn definition(&self) -> Option<(&'static str, &'static Definition)> {
        match self {
            Self { shape: Shape::One, leaf: Leaf::Object(name), .. } => Some((name, definition(name)?)),
            _ => None,
        }
    }

    /// The same for one element of a list, or one value of a map.
    pub fn element(self) -> Self {
        Self { shape: Shape::One, ..self }
    }

    /// What may be written there, where the API has a closed set.
    pub fn allowed(&self) -> Vec<&'static str> {
        match (self.leaf, self.field) {
            (Leaf::Bool, _) => vec!["true", "false"],
            (Leaf::Text, Some((owner, field))) if is_scenario(owner) => scenario::allowed(owner, field.name),
            (Leaf::Text, Some((owner, field))) => allowed(owner, field.name),
            _ => Vec::new(),
        }
    }

    /// In words: "list of Container", "quantity".
    pub fn words(&self) -> String {
        let leaf = match self.leaf {
            Leaf::Text => "text",
            Leaf::Bool => "true or false",
            Leaf::Int32 | Leaf::Int64 => "whole number",
            Leaf::Time => "time",
            Leaf::Quantity => "quantity",
            Leaf::IntOrText => "whole number or text",
            Leaf::Bytes => "base64",
            Leaf::Any => "anything",
            Leaf::Object(name) => plain_name(name),
        };
        match self.shape {
            Shape::One => leaf.to_owned(),
            Shape::List => format!("list of {leaf}"),
            Shape::Map => format!("map of {leaf}"),
        }
    }
}

/// Whether an object belongs to a scenario, not to the API.
fn is_scenario(owner: &str) -> bool {
    owner.starts_with("scenario.")
}

/// A definition's name as people know it: without its version.
pub fn plain_name(name: &str) -> &str {
    let name = name.strip_prefix("config.").or(name.strip_prefix("scenario.")).unwrap_or(name);
    let name = name.strip_prefix("Core").unwrap_or(name);
    let Some(rest) = name.strip_prefix('V') else { return name };
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let rest = rest.strip_prefix("alpha").or_else(|| rest.strip_prefix("beta")).unwrap_or(rest);
    rest.trim_start_matches(|letter: char| letter.is_ascii_digit())
}

/// The definition of this name, among the API's and those of files.
pub fn definition(name: &str) -> Option<&'static Definition> {
    static FILES: OnceLock<Vec<(&'static str, Definition)>> = OnceLock::new();
    let files =
        FILES.get_or_init(|| table::read(CONFIGURATIONS.lines().chain(DOCKER.lines()).chain(scenario::FIELDS.lines())));
    table::definition(name).or_else(|| files.iter().find(|(known, _)| *known == name).map(|(_, found)| found))
}

fn allowed(owner: &str, field: &str) -> Vec<&'static str> {
    let mut lines = ALLOWED.lines().map(|line| line.split('\t'));
    let found = lines.find_map(|mut words| {
        (words.next() == Some(owner) && words.next() == Some(field)).then(|| words.filter(|word| !word.is_empty()))
    });
    found.into_iter().flatten().collect()
}

/// The kinds of the kubelet's files: `apiVersion`, kind, definition.
const FILES: &[(&str, &str, &str)] = &[
    ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration", "config.KubeletConfiguration"),
    ("kubelet.config.k8s.io/v1", "CredentialProviderConfig", "config.CredentialProviderConfig"),
];

/// Every kind that a text may hold: `apiVersion`, kind, definition.
pub fn kinds_of(input: InputKind) -> Vec<(String, &'static str, &'static str)> {
    let file = |kind: &'static str| FILES.iter().filter(move |file| file.1 == kind);
    let own =
        |(version, kind, definition): &(&str, &'static str, &'static str)| ((*version).to_owned(), *kind, *definition);
    match input {
        InputKind::KubeletConfig => file("KubeletConfiguration").map(own).collect(),
        InputKind::CredentialProviders => file("CredentialProviderConfig").map(own).collect(),
        InputKind::Manifests | InputKind::Stored => kinds::decoded().collect(),
        InputKind::NodeConfig | InputKind::Scenario | InputKind::RuntimeConfig => Vec::new(),
    }
}

/// The entry under `key`, or `""`.
pub fn entry<'a>(entries: &'a Entries, key: &str) -> &'a str {
    entries.iter().rev().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
}

/// What the object with these entries is.
fn object(input: InputKind, entries: &Entries) -> Option<Target> {
    let (version, kind) = (entry(entries, "apiVersion"), entry(entries, "kind"));
    if version == "v1" && kind == "List" {
        return Some(Target::object("List"));
    }
    let all = kinds_of(input);
    let found = all.iter().find(|known| known.1 == kind && (known.0 == version || version.is_empty()));
    // A kubelet's file is what it is, said or not.
    let found = found.or_else(|| all.first().filter(|_| kind.is_empty() && all.len() == 1));
    found.map(|(.., definition)| Target::object(definition))
}

/// What a place is.
pub enum Found {
    /// The API says what it is.
    Known(Target),
    /// The outermost object, whose kind is not said yet.
    NoKind,
}

/// Goes from the outermost object to the place.
pub fn resolve(place: &Place, input: InputKind, release: Release) -> Option<Found> {
    let root = match input {
        InputKind::NodeConfig => Some(Target::object("DockerConfig")),
        InputKind::Scenario => Some(Target::object(scenario::ROOT)),
        _ => object(input, place.levels.first()?),
    };
    let Some(mut target) = root else {
        let outermost = match (place.at, place.steps.as_slice()) {
            (At::Key, []) => true,
            (At::Value, [Step::Key(key)]) => matches!(key.as_str(), "apiVersion" | "kind"),
            _ => false,
        };
        return outermost.then_some(Found::NoKind);
    };
    for (step, inside) in place.steps.iter().zip(place.levels.iter().skip(1)) {
        target = match (step, target.shape) {
            (Step::Item, Shape::List) | (Step::Key(_), Shape::Map) => target.element(),
            (Step::Key(key), Shape::One) => {
                let (owner, definition) = target.definition()?;
                let field = definition.field(key).filter(|field| field.life.includes(release))?;
                Target { shape: field.shape, leaf: field.leaf, field: Some((owner, field)) }
            }
            _ => return None,
        };
        if (target.shape, target.leaf) == (Shape::One, Leaf::Any) {
            target = object(input, inside).unwrap_or(target);
        }
    }
    Some(Found::Known(target))
}
