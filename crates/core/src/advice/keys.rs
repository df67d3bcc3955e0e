//! Keys of credentials, for the rules about them: each key once, with every image that it was held against.

use super::{Ask, Edit};
use crate::credentials::key::Key;
use crate::credentials::keyring::{Cell, Lookup};
use crate::trace::Written;
use podwhy_source::Span;
use podwhy_source::base64::{self, Padding};
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

    /// Whether the key serves no image although some image could have it.
    pub fn is_idle(&self) -> bool {
        !self.serves() && !self.key.advice.iter().any(|advice| advice.never_matches)
    }

    /// The path that counts, without its first slash; `""` for a key without one.
    pub fn path(&self) -> &str {
        self.key.normalised.as_deref().and_then(|key| key.split_once('/')).map_or("", |(_, path)| path)
    }

    /// The repositories that no key at all serves, of those that this one was held against.
    pub fn unserved(&self) -> impl Iterator<Item = &str> {
        let unserved = self.lookups.iter().filter(|(lookup, _)| lookup.anonymous);
        unserved.map(|(lookup, _)| lookup.repository.as_str())
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
        let (old, new) = (format!("\"{old}\""), format!("\"{new}\""));
        let once = |text: &str| text.matches(old.as_str()).count() == 1;
        let plain = || once(ask.texts.slice(span)).then(|| ask.texts.replace_within(span, &old, &new))?;
        whole.or_else(plain).or_else(|| {
            // Under `data` that text is base64.
            let value = ask.texts.text_at(span)?;
            let config = String::from_utf8(base64::decode(&value, Padding::Required)?).ok()?;
            let encoded = once(&config).then(|| base64::encode(config.replacen(&old, &new, 1)))?;
            ask.texts.replace(&Written { value, span }, &encoded)
        })
    }
}

/// Whether the key matches the image.
pub(super) fn matched(cell: &Cell) -> bool {
    cell.comparison.as_ref().is_some_and(|comparison| comparison.matched)
}

#[cfg(test)]
mod tests {
    use crate::advice::apply;
    use crate::advice::example::{container, manifests};
    use crate::evaluate::Whole;
    use podwhy_source::{InputId, base64};

    #[test]
    fn a_key_in_base64_is_rewritten_and_nothing_else() {
        let text = |key: &str, quote: &str| {
            let config =
                format!("{{ \"auths\": {{\n \"{key}\" : {{\"username\":\"reg.io\",\"password\":\"p\"}}}} }}\n");
            let pod = container("image: reg.io:5000/team/app:1")
                .replace("spec:\n", "spec:\n  imagePullSecrets: [{name: s}]\n");
            format!(
                "{pod}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {quote}{}{quote} # mine\n",
                base64::encode(config)
            )
        };
        for (code, old, new) in [
            ("key-port", "https://reg.io", "https://reg.io:5000"),
            ("key-path", "reg.io:5000/other", "reg.io:5000"),
            ("key-never-matches", "reg.io:5000/*", "reg.io:5000"),
        ] {
            for quote in ["", "\"", "'"] {
                let before = text(old, quote);
                let problems = Whole::of(manifests(before.clone())).problems();
                let fix =
                    problems.iter().find(|problem| problem.diagnostic.code == code).and_then(|one| one.fix.as_ref());
                let after = fix.map(|fix| apply(&before, InputId(0), &fix.edits));
                assert_eq!(after, Some(text(new, quote)), "{code}");
            }
        }
    }
}
