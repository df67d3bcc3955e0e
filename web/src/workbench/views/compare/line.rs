//! One line of an answer beside the one that stands in its place: its mark as a sign, and what differs set apart.

use crate::parts::mark::{Sign, mark};
use crate::parts::step_list::words;
use crate::prelude::*;
use crate::workbench::parts::verdict::sign;
use podwhy::text::{LineMark, split_mark};

/// The line; `other` is what the other answer says in its place.
pub fn line(text: &str, other: Option<&str>) -> Html {
    let (written, text) = split_mark(text);
    let (start, end) = other.map_or((0, 0), |other| shared(text, split_mark(other).1));
    let rest = text.len() - end;
    // Without anything in common there is nothing to set apart.
    let changed = text.get(start..rest).filter(|_| start + end > 0);
    html! {
        <>
            if let Some(written) = written {
                { mark(sign_of(written)) }
            }
            <span>
                if let Some(changed) = changed {
                    { words(&text[..start]) }<strong>{ words(changed) }</strong>{ words(&text[rest..]) }
                } else {
                    { words(text) }
                }
            </span>
        </>
    }
}

fn sign_of(mark: LineMark) -> Sign {
    match mark {
        LineMark::Tone(tone) => sign(tone),
        LineMark::Step(mark) => mark.into(),
    }
}

/// How many bytes both begin with, and how many both end with, in whole words; what stands between backticks counts as
/// one word.
fn shared(text: &str, other: &str) -> (usize, usize) {
    let (ours, theirs) = (pieces(text), pieces(other));
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = ours.iter().zip(&theirs).take_while(same).count();
    let most = ours.len().min(theirs.len()) - before;
    let after = ours.iter().rev().zip(theirs.iter().rev()).take(most).take_while(same).count();
    let bytes = |pieces: &[&str]| pieces.iter().map(|piece| piece.len()).sum();
    (bytes(&ours[..before]), bytes(&ours[ours.len() - after..]))
}

/// The words with the space behind each.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        quoted ^= letter == '`';
        if letter == ' ' && !quoted {
            pieces.push(&text[start..=at]);
            start = at + 1;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn only_what_differs_is_set_apart() {
        let parts = |one: &str, other: &str| {
            let (start, end) = shared(one, other);
            (one[..start].to_owned(), one[start..one.len() - end].to_owned(), one[one.len() - end..].to_owned())
        };
        let split = |one: &str, changed: &str, rest: &str| (one.to_owned(), changed.to_owned(), rest.to_owned());
        assert_eq!(parts("waits 10 s here", "waits 20 s here"), split("waits ", "10 ", "s here"));
        assert_eq!(parts("is `a b` now", "is `a c` now"), split("is ", "`a b` ", "now"));
        assert_eq!(parts("the same", "the same"), split("the same", "", ""));
        assert_eq!(parts("a a", "a"), split("", "a ", "a"));
        assert_eq!(parts("", "x"), split("", "", ""));
    }
}
