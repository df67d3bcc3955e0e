//! What can be written at a place in a text, what stands there, and how a problem is mended: for an editor.
//!
//! All of it works while the text is broken, as it is most of the time while somebody types: places are found by
//! indentation and brackets ([`place`]), and the field table says the rest.

mod block;
mod fix;
mod flow;
mod names;
mod place;
mod scenario;
mod target;
mod toml;

#[cfg(test)]
mod tests;

use crate::release::Release;
use crate::schema::nearest::nearest;
use crate::schema::table::{Field, Leaf, Shape};
use crate::session::InputKind;
pub use fix::{Fix, fixes};
use names::Wanted;
use place::{At, Place};
use serde::Serialize;
use std::ops::Range;
use target::{Found, Target, kinds_of, plain_name, resolve};

/// What can be written at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completions {
    /// The word at the place, in bytes; what is before the place narrows the items down.
    pub word: Range<usize>,
    /// What an item replaces: the word with its quotes.
    pub token: Range<usize>,
    /// What fits, the most useful first.
    pub items: Vec<Item>,
}

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is called, and what it is found by.
    pub label: String,
    /// A word or two beside it: its type, where a name comes from.
    pub detail: String,
    /// More about it; may be empty.
    pub info: String,
    /// What is written.
    pub insert: String,
    /// How many characters before the end of it one goes on writing.
    pub back: usize,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hover {
    /// The word that this is about, in bytes.
    pub word: Range<usize>,
    /// The field and its type.
    pub title: String,
    /// Sentences about it.
    pub lines: Vec<String>,
}

/// What can be written at the byte `offset` of `text`, which is a text of this kind, in `release`.
///
/// Names of Secrets and the like are those of the documents in `text` that can be read.
#[must_use]
pub fn complete(text: &str, offset: usize, input: InputKind, release: Release) -> Completions {
    if input == InputKind::RuntimeConfig {
        return toml::complete(text, offset);
    }
    let Some(place) = place::find(text, offset) else { return Completions::default() };
    let items = match resolve(&place, input, release) {
        Some(Found::NoKind) => without_kind(&place, input, release),
        Some(Found::Known(target)) => known(text, &place, target, input, release),
        None => Vec::new(),
    };
    Completions { word: place.word, token: place.token, items }
}

fn known(text: &str, place: &Place, target: Target, input: InputKind, release: Release) -> Vec<Item> {
    match place.at {
        At::Key => match (target.shape, target.definition()) {
            (Shape::One, Some(_)) => fields(place, target, release, ""),
            // An empty line below the key of a list: its first element.
            (Shape::List, _) if !place.in_flow && target.element().definition().is_some() => {
                fields(place, target.element(), release, "- ")
            }
            (Shape::One, None) => values(text, place, target, input, release),
            _ => Vec::new(),
        },
        At::Value => values(text, place, target, input, release),
    }
}

/// The fields of the object that is being written, required ones first.
fn fields(place: &Place, target: Target, release: Release, before: &str) -> Vec<Item> {
    let Some((owner, definition)) = target.definition() else { return Vec::new() };
    let written = place.levels.last().map(Vec::as_slice).unwrap_or_default();
    let free = |field: &&Field| !written.iter().any(|(key, _)| key == field.name);
    let here = definition.fields.iter().filter(|field| field.life.includes(release)).filter(free);
    let mut fields: Vec<&'static Field> = here.collect();
    let outermost = |field: &Field| FIRST.iter().position(|name| *name == field.name).unwrap_or(FIRST.len());
    let habit = |field: &Field| place.steps.is_empty().then(|| outermost(field));
    fields.sort_by_key(|field| (habit(field), !field.required, FILLED_IN.contains(&field.name)));
    fields.into_iter().map(|field| field_item(place, owner, field, before)).collect()
}

/// What an object begins with, by habit.
const FIRST: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// Fields that the cluster fills in; nobody writes them by hand.
const FILLED_IN: &[&str] = &[
    "clusterName",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "status",
    "uid",
];

fn field_item(place: &Place, owner: &'static str, field: &'static Field, before: &str) -> Item {
    let target = Target { shape: field.shape, leaf: field.leaf, field: Some((owner, field)) };
    let (insert, back) = field_text(place, field, before);
    Item { label: field.name.to_owned(), detail: target.words(), info: about(&target).join("\n"), insert, back }
}

/// A field as it is written, with what has to follow it.
fn field_text(place: &Place, field: &Field, before: &str) -> (String, usize) {
    let name = field.name;
    if place.in_flow {
        let name = if place.quotes { format!("\"{name}\"") } else { name.to_owned() };
        let (value, back) = match (field.shape, field.leaf) {
            (Shape::Map, _) | (Shape::One, Leaf::Object(_)) => ("{}", 1),
            (Shape::List, _) => ("[]", 1),
            (Shape::One, Leaf::Text | Leaf::Time | Leaf::Quantity | Leaf::Bytes) if place.quotes => ("\"\"", 1),
            _ => ("", 0),
        };
        return if place.has_colon { (name, 0) } else { (format!("{name}: {value}"), back) };
    }
    if place.has_colon {
        return (name.to_owned(), 0);
    }
    let indent = " ".repeat(place.column + before.len() + 2);
    let text = match (field.shape, field.leaf) {
        (Shape::List, _) => format!("{before}{name}:\n{indent}- "),
        (Shape::Map, _) | (Shape::One, Leaf::Object(_)) => format!("{before}{name}:\n{indent}"),
        _ => format!("{before}{name}: "),
    };
    (text, 0)
}

/// The values that fit: those of a closed set, and names that the text gives.
fn values(text: &str, place: &Place, target: Target, input: InputKind, release: Release) -> Vec<Item> {
    if target.shape != Shape::One {
        return Vec::new();
    }
    if let Some(items) = kind_values(place, input, release) {
        return items;
    }
    let is_text = target.leaf == Leaf::Text;
    let mut items: Vec<Item> =
        target.allowed().into_iter().map(|value| value_item(place, value, String::new(), is_text)).collect();
    if let Some(wanted) = names::wanted(place).filter(|_| is_text) {
        let names = names::names(text, wanted, place);
        items.extend(names.into_iter().map(|(name, beside)| value_item(place, &name, beside, true)));
    }
    items
}

fn value_item(place: &Place, value: &str, detail: String, is_text: bool) -> Item {
    let quote = is_text && (place.quotes || place.word != place.token || needs_quotes(value));
    let insert = if quote { format!("\"{value}\"") } else { value.to_owned() };
    Item { label: value.to_owned(), detail, info: String::new(), insert, back: 0 }
}

/// Whether YAML reads this word as something else than a text.
fn needs_quotes(value: &str) -> bool {
    let word = value.to_ascii_lowercase();
    matches!(word.as_str(), "" | "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~" | "y" | "n")
        || word.starts_with(|first: char| first.is_ascii_digit() || "+-.&*!|>%@`\"'#{}[],?:".contains(first))
            && word.chars().all(|letter| letter.is_ascii_digit() || "+-._ex".contains(letter))
        || word.contains(": ")
        || word.contains(" #")
}

/// `apiVersion` and `kind`: what goes with the other one of the two.
fn kind_values(place: &Place, input: InputKind, release: Release) -> Option<Vec<Item>> {
    let place::Step::Key(field) = place.steps.last()? else { return None };
    let siblings = place.levels.iter().rev().nth(1)?;
    let beside = |key| target::entry(siblings, key);
    let outermost = place.steps.len() == 1 || !beside("kind").is_empty() || !beside("apiVersion").is_empty();
    if !outermost || !matches!(field.as_str(), "apiVersion" | "kind") {
        return None;
    }
    let served = |(.., name): &(String, &'static str, &'static str)| {
        target::definition(name).is_some_and(|definition| definition.life.includes(release))
    };
    let kinds: Vec<_> = kinds_of(input).into_iter().filter(served).collect();
    let fits = |known: &str, written: &str| written.is_empty() || known == written;
    let mut items: Vec<Item> = Vec::new();
    for (version, kind, _) in &kinds {
        let (value, detail) = if field == "kind" {
            // A kind in another version is offered too: the version can still be changed.
            (*kind, version.clone())
        } else if fits(kind, beside("kind")) {
            (version.as_str(), String::new())
        } else {
            continue;
        };
        if !items.iter().any(|item| item.label == value) {
            items.push(value_item(place, value, detail, true));
        }
    }
    if field == "kind" {
        let fitting = |item: &Item| fits(&item.detail, beside("apiVersion"));
        items.sort_by_key(|item| !fitting(item));
    }
    Some(items)
}

/// What an object begins with while nothing says what it is.
fn without_kind(place: &Place, input: InputKind, release: Release) -> Vec<Item> {
    if place.at == At::Value {
        return kind_values(place, input, release).unwrap_or_default();
    }
    // Which fields it has depends on its kind; these are of every kind.
    let any =
        kinds_of(input).into_iter().next().and_then(|(.., name)| target::definition(name).map(|found| (name, found)));
    let Some((owner, definition)) = any else { return Vec::new() };
    let written = place.levels.first().map(Vec::as_slice).unwrap_or_default();
    let free = |name: &&&str| !written.iter().any(|(key, _)| key == **name);
    let fields = FIRST.iter().take(3).filter(free).filter_map(|name| definition.field(name));
    fields.map(|field| field_item(place, owner, field, "")).collect()
}

/// What the table says about a field: when, whether required, which values.
fn about(target: &Target) -> Vec<String> {
    let Some((owner, field)) = target.field else { return Vec::new() };
    let mut lines = Vec::new();
    if field.required {
        lines.push("Required.".to_owned());
    }
    let since = field.life.since > Release::OLDEST;
    if !owner.starts_with("config.") && (since || field.life.until.is_some()) {
        let words = field.life.words();
        lines.push(format!("Part of the API {words}."));
    }
    let allowed = target.allowed();
    if target.leaf == Leaf::Text && !allowed.is_empty() {
        lines.push(format!("One of {}.", allowed.join(", ")));
    }
    lines
}

/// What stands at the byte `offset` of `text`; `None` where the field table says nothing about it.
#[must_use]
pub fn hover(text: &str, offset: usize, input: InputKind, release: Release) -> Option<Hover> {
    if input == InputKind::RuntimeConfig {
        return toml::hover(text, offset);
    }
    let place = place::find(text, offset)?;
    let word = text.get(place.word.clone()).filter(|word| !word.is_empty())?;
    let Found::Known(target) = resolve(&place, input, release)? else { return None };
    if place.at == At::Key && (target.shape, place.has_colon) == (Shape::One, true) {
        let (owner, definition) = target.definition()?;
        let field = definition.field(word).filter(|field| field.life.includes(release));
        let Some(field) = field else { return Some(unknown(word, owner, definition, release, place.word.clone())) };
        let target = Target { shape: field.shape, leaf: field.leaf, field: Some((owner, field)) };
        let mut lines = vec![format!("Field of {}.", plain_name(owner))];
        lines.extend(about(&target));
        let title = format!("{}: {}", field.name, target.words());
        return Some(Hover { word: place.word, title, lines });
    }
    let (owner, field) = target.field?;
    let mut lines = about(&target);
    if let Some(Wanted::Object(kind)) = names::wanted(&place) {
        let names = names::names(text, Wanted::Object(kind), &place);
        let known = names.iter().any(|(name, _)| name == word);
        let words = if known { "is in this text" } else { "is not in this text" };
        lines.push(format!("{kind} `{word}` {words}."));
    }
    let title = format!("{}.{}: {}", plain_name(owner), field.name, target.words());
    Some(Hover { word: place.word, title, lines })
}

fn unknown(
    word: &str,
    owner: &str,
    definition: &crate::schema::Definition,
    release: Release,
    range: Range<usize>,
) -> Hover {
    let lines = match definition.field(word) {
        Some(field) => vec![format!("Unknown in {release}; it exists {}.", field.life.words())],
        None => {
            let known = definition.fields.iter().filter(|field| field.life.includes(release));
            let meant = nearest(word, known.map(|field| field.name));
            let meant = meant.map(|name| format!("Did you mean {name}?"));
            std::iter::once(format!("{} has no such field in {release}.", plain_name(owner))).chain(meant).collect()
        }
    };
    Hover { word: range, title: word.chars().take(80).collect(), lines }
}
