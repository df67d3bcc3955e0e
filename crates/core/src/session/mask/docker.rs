//! Files of registry credentials without their passwords: registries, user names and their order stay.

use super::Mask;
use super::edits::Edits;
use super::names::says_secret;
use podwhy_source::base64::{self, Padding};
use podwhy_source::json::{Place, parse};
use podwhy_source::{Entry, Format, InputId, Map, Node};

/// The text of a file inside a Secret. What is no JSON still is none.
pub(super) fn text(text: &str, legacy: bool, mask: &mut Mask) -> String {
    match parse(text, Place::Within(InputId(0), 0)) {
        Ok(node) => {
            let mut edits = Edits::new(text, 0, Format::Json);
            match node.as_map() {
                Some(map) if legacy => entries(map, &mut edits, mask),
                Some(_) => file(&node, &mut edits, mask),
                None => mask.everything(&node, &mut edits),
            }
            edits.apply()
        }
        Err(_) => mask.placeholder(text),
    }
}

/// A `config.json`, a `.dockercfg`, or the answer of a plug-in, which has its credentials under `auth`.
pub(super) fn file(node: &Node, edits: &mut Edits, mask: &mut Mask) {
    let Some(map) = node.as_map() else { return mask.everything(node, edits) };
    // Go's reader takes names in any case.
    let is = |entry: &Entry, name: &str| entry.key.eq_ignore_ascii_case(name);
    let holds = |entry: &Entry| is(entry, "auths") || is(entry, "auth");
    if !map.entries.iter().any(holds) {
        return entries(map, edits, mask);
    }
    for entry in &map.entries {
        match entry.value.as_map() {
            Some(auths) if holds(entry) => entries(auths, edits, mask),
            _ if holds(entry) || is(entry, "HttpHeaders") || says_secret(&entry.key) => {
                mask.everything(&entry.value, edits);
            }
            _ => {}
        }
    }
}

/// Entries by registry.
fn entries(map: &Map, edits: &mut Edits, mask: &mut Mask) {
    for entry in map.entries.iter().flat_map(|entry| entry.value.as_map()).flat_map(|map| &map.entries) {
        let text = entry.value.as_text();
        match entry.key.to_ascii_lowercase().as_str() {
            "username" | "email" | "serveraddress" => {}
            "auth" => match text.and_then(|text| auth(text, mask)) {
                Some(hidden) => edits.put(entry.value.span, &hidden),
                None => mask.everything(&entry.value, edits),
            },
            _ => mask.everything(&entry.value, edits),
        }
    }
}

/// User and password as base64; `None` for what cannot be decoded, whose placeholder cannot be either.
fn auth(text: &str, mask: &mut Mask) -> Option<String> {
    let padded = base64::decode(text, Padding::Required);
    let raw = padded.is_none();
    let decoded = padded.or_else(|| base64::decode(text, Padding::Forbidden))?;
    let decoded = String::from_utf8_lossy(&decoded).into_owned();
    let hidden = match decoded.split_once(':') {
        Some((user, password)) => format!("{user}:{}", mask.placeholder(password)),
        None => mask.placeholder(&decoded),
    };
    let encoded = base64::encode(hidden);
    Some(if raw { encoded.trim_end_matches('=').to_owned() } else { encoded })
}
