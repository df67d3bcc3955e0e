//! One-click fixes: edits that do what a problem's help says.

use super::place::{self, At};
use super::target::{Found, resolve};
use crate::release::Release;
use crate::schema::kinds;
use crate::schema::nearest::nearest;
use crate::schema::table::{Leaf, Shape};
use crate::session::InputKind;
use serde::Serialize;
use std::ops::Range;

/// One edit that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, as the words on a button.
    pub title: String,
    /// The bytes that it replaces.
    pub range: Range<usize>,
    /// What it puts there.
    pub insert: String,
}

impl Fix {
    fn new(title: impl Into<String>, range: Range<usize>, insert: impl Into<String>) -> Self {
        Self { title: title.into(), range, insert: insert.into() }
    }
}

/// The edits that mend the problem `code` at `range` of `text`; none where no edit is certain enough.
#[must_use]
pub fn fixes(text: &str, code: &str, range: Range<usize>, input: InputKind, release: Release) -> Vec<Fix> {
    let found = match code {
        "unknown-field" => known_field(text, range, input, release),
        "duplicate-key" => without_line(text, range),
        "wrong-type" => right_type(text, range, input, release),
        "unknown-kind" | "not-served" => known_kind(text, range, release),
        "bad-separator" => Some(Fix::new("Leave only the dashes", range, "---")),
        _ => None,
    };
    found.into_iter().collect()
}

/// The known field whose name is nearest.
fn known_field(text: &str, range: Range<usize>, input: InputKind, release: Release) -> Option<Fix> {
    let place = place::find(text, range.start + usize::from(text.get(range.clone())?.starts_with(['"', '\''])))?;
    let Found::Known(target) = resolve(&place, input, release)? else { return None };
    let (_, definition) = target.definition()?;
    let here = place.levels.last()?;
    let free = definition.fields.iter().filter(|field| field.life.includes(release));
    let free = free.map(|field| field.name).filter(|name| !here.iter().any(|(key, _)| key == name));
    let name = nearest(text.get(place.word.clone())?, free)?;
    Some(Fix::new(format!("Change to {name}"), place.word, name))
}

/// Takes a line away that holds one key with its value.
fn without_line(text: &str, range: Range<usize>) -> Option<Fix> {
    let begin = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
    let length = text.get(begin..)?.find('\n').map_or(text.len() - begin, |at| at + 1);
    let line = text.get(begin..begin + length)?;
    let (before, value) = line.split_once(':')?;
    let alone = !before.contains(['-', '{', ',']) && !value.trim().is_empty() && !value.contains(['{', '[', '|', '>']);
    alone.then(|| Fix::new("Remove this line", begin..begin + length, ""))
}

/// Quotes around what must be a text, and none around what must not.
fn right_type(text: &str, range: Range<usize>, input: InputKind, release: Release) -> Option<Fix> {
    let place = place::find(text, range.start + usize::from(text.get(range.clone())?.starts_with(['"', '\''])))?;
    let Found::Known(target) = resolve(&place, input, release)? else { return None };
    let word = text.get(place.word.clone())?;
    let is_quoted = place.word != place.token;
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    match (target.shape, target.leaf) {
        (Shape::One, Leaf::Text) if !is_quoted && place.at == At::Value && !word.is_empty() => {
            Some(Fix::new("Put it in quotes", place.token.clone(), format!("\"{word}\"")))
        }
        (Shape::One, Leaf::Int32 | Leaf::Int64) if is_quoted && is_number => {
            Some(Fix::new("Remove the quotes", place.token.clone(), word))
        }
        (Shape::One, Leaf::Bool) if is_quoted && matches!(word, "true" | "false") => {
            Some(Fix::new("Remove the quotes", place.token.clone(), word))
        }
        _ => None,
    }
}

/// The kind that was meant, in a version that the release serves.
fn known_kind(text: &str, range: Range<usize>, release: Release) -> Option<Fix> {
    let place = place::find(text, range.start + usize::from(text.get(range.clone())?.starts_with(['"', '\''])))?;
    let written = text.get(place.word.clone())?;
    let root = place.levels.iter().rev().nth(1)?;
    let kind = super::target::entry(root, "kind");
    // The entry that is being looked at is none of its own siblings.
    let kind = if kind.is_empty() { written } else { kind };
    let served = kinds::decoded().find(|(version, name, definition)| {
        let life = crate::schema::definition(definition).map(|definition| definition.life);
        *name == kind && version != written && life.is_some_and(|life| life.includes(release))
    });
    if let Some((version, ..)) = served.filter(|_| kind != written) {
        return Some(Fix::new(format!("Change to {version}"), place.word, version));
    }
    let (_, name) = kinds::nearest(written).filter(|_| kind == written)?;
    (name != written).then(|| Fix::new(format!("Change to {name}"), place.word, name))
}
