//! The grammar of image references, in both versions: which text is a name, a tag, a digest. Every test reads its
//! text once, so any input takes linear time.

use super::reference::{Grammar, Kind};
use std::ops::Range;

/// The parts of a full reference `registry/path[:tag][@digest]`, as ranges of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The registry; empty if the first component can only be read as part of the path.
    pub registry: Range<usize>,
    pub path: Range<usize>,
    pub tag: Option<Range<usize>>,
    pub digest: Option<Range<usize>>,
}

/// The part that breaks the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// Splits a full reference into its parts. A name holds no `@`, and a `:` only in the registry; a tag holds no `/`: so
/// there is one way to split.
pub(super) fn split(full: &str, grammar: Grammar) -> Result<Parts, Mismatch> {
    let (named, digest) = match full.split_once('@') {
        Some((named, _)) => (named, Some(named.len() + 1..full.len())),
        None => (full, None),
    };
    let last_slash = named.rfind('/').unwrap_or(0);
    let colon = named.get(last_slash..).and_then(|last| last.find(':')).map(|at| last_slash + at);
    let name = colon.and_then(|colon| named.get(..colon)).unwrap_or(named);
    let tag = colon.map(|colon| colon + 1..named.len());

    let (first, rest) = name.split_once('/').unwrap_or((name, ""));
    let (registry, path) = if is_registry(first, grammar) && is_path(rest) {
        (0..first.len(), first.len() + 1..name.len())
    } else if is_path(name) {
        (0..0, 0..name.len())
    } else if is_registry(first, grammar) {
        return Err(Mismatch { kind: Kind::Path, range: (first.len() + 1).min(name.len())..name.len() });
    } else {
        return Err(Mismatch { kind: Kind::Registry, range: 0..first.len() });
    };
    let text = |range: &Range<usize>| full.get(range.clone()).unwrap_or_default();
    if let Some(range) = tag.as_ref().filter(|range| !is_tag(text(range))) {
        return Err(Mismatch { kind: Kind::Tag, range: range.clone() });
    }
    if let Some(range) = digest.as_ref().filter(|range| !is_digest(text(range))) {
        return Err(Mismatch { kind: Kind::Digest, range: range.clone() });
    }
    Ok(Parts { registry, path, tag, digest })
}

/// A host with an optional port: labels of letters, digits and inner hyphens joined by dots; in the newer grammar also
/// hexadecimal digits and colons in brackets.
fn is_registry(text: &str, grammar: Grammar) -> bool {
    if let Some(inner) = text.strip_prefix('[') {
        let Some((address, port)) = inner.split_once(']') else { return false };
        return grammar == Grammar::DistributionReference
            && !address.is_empty()
            && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    port.is_none_or(is_port) && host.split('.').all(is_label)
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_path_component)
}

/// Runs of lower-case letters and digits, joined by one dot, one or two underscores or any number of hyphens.
fn is_path_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(plain)
        && text.ends_with(plain)
        && text
            .split(plain)
            .filter(|separator| !separator.is_empty())
            .all(|separator| matches!(separator, "." | "_" | "__") || separator.bytes().all(|b| b == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

/// Algorithm, colon, at least 32 hexadecimal digits; whether the algorithm exists is looked at later.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let component = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(component)
        && encoded.len() >= 32
        && encoded.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What go-digest says about a text that the grammar takes for a digest. Upstream: github.com/opencontainers/go-digest
/// Digest.Validate.
pub(super) fn check_digest(text: &str) -> Result<(), DigestProblem> {
    let (algorithm, encoded) = text.split_once(':').unwrap_or_default();
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ if algorithm.bytes().any(|b| b.is_ascii_uppercase()) => return Err(DigestProblem::Format),
        _ => return Err(DigestProblem::Unsupported),
    };
    if encoded.len() != length {
        return Err(DigestProblem::Length);
    }
    if encoded.bytes().any(|b| b.is_ascii_uppercase()) { Err(DigestProblem::Format) } else { Ok(()) }
}

/// Why a digest is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DigestProblem {
    Format,
    Length,
    Unsupported,
}

/// Go's `strings.ToLower`, which always turns one character into one.
pub(super) fn to_lower(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// Whether Go's `strings.ToLower` leaves the text alone.
pub(super) fn is_lower(text: &str) -> bool {
    text.chars().all(|c| lower(c) == c)
}

fn lower(c: char) -> char {
    // Only U+0130 has a lower-case form of two characters; Go takes the first of them.
    c.to_lowercase().next().unwrap_or(c)
}
