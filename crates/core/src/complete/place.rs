//! Where an offset stands in the structure of a document, found without reading the document: who types has broken
//! text most of the time.

use super::{block, flow};
use std::ops::Range;

/// Deeper structures are not looked into.
pub const DEEPEST: usize = 64;

/// A step from the outermost object inwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an element of a list.
    Item,
}

/// The scalars of one object as they are written, with their keys; keys of other values have an empty text.
pub type Entries = Vec<(String, String)>;

/// What is being written at the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// A key of the object at the end of the steps (or, where a list of plain values is, an element).
    Key,
    /// The value at the end of the steps.
    Value,
}

/// Where an offset stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The way from the outermost object.
    pub steps: Vec<Step>,
    /// The objects on the way: one for each step's beginning, and the one at the end. Lists have no entries.
    pub levels: Vec<Entries>,
    /// What is being written.
    pub at: At,
    /// The word at the offset, without quotes.
    pub word: Range<usize>,
    /// The same with its quotes.
    pub token: Range<usize>,
    /// Whether a colon stands behind the word already.
    pub has_colon: bool,
    /// The column at which the word begins, for what is written below it.
    pub column: usize,
    /// Whether it stands between brackets, as in JSON.
    pub in_flow: bool,
    /// Whether keys and texts are quoted there.
    pub quotes: bool,
}

/// The document around `offset` in a text: what stands between separator lines.
pub fn document(text: &str, offset: usize) -> Range<usize> {
    let (mut begin, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            if at >= offset {
                return begin..at;
            }
            begin = at + line.len();
        }
        at += line.len();
    }
    begin.min(text.len())..text.len()
}

/// Finds the place of `offset`; `None` where nothing can be said, as inside comments and texts of several lines.
pub fn find(text: &str, offset: usize) -> Option<Place> {
    let range = document(text, offset);
    let document = text.get(range.clone())?;
    let offset = offset.checked_sub(range.start).filter(|offset| document.is_char_boundary(*offset))?;
    let lead = document.len() - document.trim_start().len();
    let is_json = document.get(lead..)?.starts_with('{');
    let mut place = if is_json && offset > lead {
        let outside = flow::Outside { steps: Vec::new(), levels: Vec::new() };
        flow::find(document, lead, offset, outside)?
    } else {
        block::find(document, offset)?
    };
    place.quotes = is_json;
    let moved = |range: &Range<usize>, by: usize| range.start + by..range.end + by;
    place.word = moved(&place.word, range.start);
    place.token = moved(&place.token, range.start);
    Some(place)
}
