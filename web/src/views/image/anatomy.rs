//! An image's name as a row of parts, before anything is drawn.

use podwhy_core::image::reference::{Kind, Part, Problem, Reference};
use podwhy_core::image::{InvalidReference, reference::sub_span};
use podwhy_core::rule::{Rule, image as rules};
use podwhy_core::trace::{Step, Written};
use podwhy_source::Span;

/// How a part came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is written.
    Written,
    /// Nothing is written, and this is meant.
    Implied,
    /// It is written and breaks the rules.
    Wrong,
    /// It is written in a name that is none.
    Unread,
}

/// One part of a name as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What joins it to the part before: `/`, `:` or `@`.
    pub joint: &'static str,
    /// Its text.
    pub text: String,
    /// What it is: "registry", "path"; empty for text that is nothing.
    pub label: &'static str,
    /// How it came to be there.
    pub presence: Presence,
    /// Where it is written.
    pub span: Option<Span>,
    /// The rules of which one explains it, the best first.
    rules: [&'static Rule; 2],
}

impl Segment {
    /// The step of the decision that explains the part.
    pub fn step<'a>(&self, steps: &'a [Step]) -> Option<&'a Step> {
        self.rules.iter().find_map(|rule| steps.iter().find(|step| std::ptr::eq(step.rule, *rule)))
    }
}

/// The parts of a valid name, in order, with those that are implied.
pub fn of_valid(reference: &Reference, image: &Written<String>) -> Vec<Segment> {
    let segment = |joint, kind: Kind, part: &Part, rules: [&'static Rule; 2]| {
        let written = part.written.clone();
        let text = written.clone().and_then(|range| reference.image.get(range));
        Segment {
            joint,
            text: text.unwrap_or(&part.value).to_owned(),
            label: kind.words(),
            presence: if part.is_implied() { Presence::Implied } else { Presence::Written },
            span: written.map(|range| sub_span(image, &range)),
            rules,
        }
    };
    let mut segments = Vec::new();
    if !reference.registry.value.is_empty() {
        segments.push(segment("", Kind::Registry, &reference.registry, [&rules::REGISTRY_PART; 2]));
    }
    let slash = if segments.is_empty() { "" } else { "/" };
    if reference.library_implied {
        segments.push(Segment {
            joint: slash,
            text: "library".to_owned(),
            label: Kind::Path.words(),
            presence: Presence::Implied,
            span: None,
            rules: [&rules::LIBRARY_PART; 2],
        });
    }
    let slash = if segments.is_empty() { "" } else { "/" };
    segments.push(segment(slash, Kind::Path, &reference.path, [&rules::LIBRARY_PART, &rules::REGISTRY_PART]));
    segments.extend(reference.tag.iter().map(|tag| segment(":", Kind::Tag, tag, [&rules::TAG_PART; 2])));
    segments.extend(reference.digest.iter().map(|digest| segment("@", Kind::Digest, digest, [&rules::TAG_PART; 2])));
    segments
}

/// A name that is none: the text before the offending part, the part, the text behind it.
pub fn of_invalid(invalid: &InvalidReference, image: &Written<String>) -> Vec<Segment> {
    let text = &invalid.image;
    let place = invalid.place.clone().unwrap_or(0..text.len());
    let label = match &invalid.problem {
        Problem::Hexadecimal => "an image's ID",
        Problem::UppercasePath(_) => Kind::Path.words(),
        Problem::UppercaseName | Problem::TooLong => "name",
        Problem::Malformed(kind) => kind.words(),
        Problem::DigestAlgorithm | Problem::DigestLength | Problem::DigestCase => Kind::Digest.words(),
    };
    let segment = |range: std::ops::Range<usize>, label, presence| Segment {
        joint: "",
        text: visible(text.get(range.clone()).unwrap_or_default()),
        label,
        presence,
        span: Some(sub_span(image, &range)),
        rules: [&rules::INVALID_NAME; 2],
    };
    let (start, end) = (place.start, place.end);
    let around = [
        segment(0..start, "", Presence::Unread),
        segment(place, label, Presence::Wrong),
        segment(end..text.len(), "", Presence::Unread),
    ];
    around.into_iter().filter(|segment| segment.presence == Presence::Wrong || !segment.text.is_empty()).collect()
}

/// The text with its white space drawn: it is what makes such names wrong.
fn visible(text: &str) -> String {
    let letter = |letter: char| match letter {
        '\t' => '⇥',
        '\n' | '\r' => '⏎',
        space if space.is_whitespace() => '␣',
        other => other,
    };
    text.chars().map(letter).collect()
}
