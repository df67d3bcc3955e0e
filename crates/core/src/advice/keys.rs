//! Keys of credentials, for the rules about them: each key once, with every image that it was held against.

use super::{Ask, Edit};
use crate::credentials::key::Key;
use crate::credentials::keyring::{Cell, Lookup};
use crate::trace::Written;
use podwhy_source::Span;
use std::collections::BTreeMap;

/// A key with its look-ups.
pub(super) struct AskedKey<'a> {
    pub key: &'a Key,
    pub lookups: Vec<(&'a Lookup, &'a Cell)>,
}

/// Every key of every pod's secrets and of the node's file, in the order in which they are met.
pub(super) fn every<'a>(ask: &Ask<'a>) -> Vec<AskedKey<'a>> {
    let mut keys: Vec<AskedKey> = Vec::new();
    let mut places: BTreeMap<(Span, &str), usize> = BTreeMap::new();
    for asked in &ask.pods {
        for (index, key) in asked.keys.iter().enumerate() {
            let at = *places.entry((key.span, &key.written)).or_insert_with(|| {
                keys.push(AskedKey { key, lookups: Vec::new() });
                keys.len() - 1
            });
            let lookups = asked.images.iter().filter_map(|image| image.lookup);
            let cells = lookups.filter_map(|lookup| Some((lookup, lookup.cells.get(index)?)));
            if let Some(known) = keys.get_mut(at) {
                known.lookups.extend(cells);
            }
        }
    }
    keys
}

impl AskedKey<'_> {
    /// Whether the key serves any image.
    pub fn serves(&self) -> bool {
        self.lookups.iter().any(|(_, cell)| matched(cell))
    }

    /// The host that counts, with its port.
    pub fn host(&self) -> &str {
        self.key.normalised.as_deref().unwrap_or_default().split('/').next().unwrap_or_default()
    }

    /// The change that gives the key another text, where the key stands in plain text and no other key has that text.
    pub fn rewritten(&self, ask: &Ask, new: &str) -> Option<Edit> {
        let (old, span) = (&self.key.written, self.key.span);
        let taken = ask.pods.iter().flat_map(|asked| asked.keys).any(|key| key.written == new);
        if taken || old == new {
            return None;
        }
        let whole = ask.texts.replace(&Written { value: old.clone(), span }, new);
        // Inside a Secret the key is somewhere in the text that holds it.
        whole.or_else(|| {
            let quoted = format!("\"{old}\"");
            let once = ask.texts.slice(span).matches(quoted.as_str()).count() == 1;
            once.then(|| ask.texts.replace_within(span, &quoted, &format!("\"{new}\"")))?
        })
    }
}

/// Whether the key matches the image.
pub(super) fn matched(cell: &Cell) -> bool {
    cell.comparison.as_ref().is_some_and(|comparison| comparison.matched)
}
