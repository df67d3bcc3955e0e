//! Places in the text that the user sees.

use serde::Serialize;

/// One of the texts that were given: the manifests, the node's `config.json`, a stored object.
///
/// The number is the text's index in the session's list of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct InputId(pub u16);

/// A range of bytes, end exclusive, in one of the input texts. Always on character boundaries of that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The text that the range lies in.
    pub input: InputId,
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `input`; offsets beyond 4 GiB saturate (budgets refuse such texts long before).
    #[must_use]
    pub fn new(input: InputId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { input, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest range that covers both. `other` must lie in the same input; otherwise `self` is returned.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.input != other.input {
            return self;
        }
        Self { input: self.input, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text in the range, or `""` where the range does not lie in `text`.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Where the lines of one text begin. Built once for a text, then each look-up is a binary search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Reads the line starts of `text`; only `\n` ends a line.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| clamp(at + 1)));
        Self { starts, length: clamp(text.len()) }
    }

    /// How many lines the text has; a text without a line break has one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The line (from 1) that holds the byte `offset`; offsets beyond the end belong to the last line.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(after).unwrap_or(u32::MAX)
    }

    /// The byte at which `line` (from 1) begins; the text's end for lines that it does not have.
    #[must_use]
    pub fn start_of(&self, line: u32) -> u32 {
        self.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let text = "a: ä\nb: 1\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 3);
        let newline = u32::try_from(text.find('\n').unwrap()).unwrap();
        assert_eq!([0, newline, newline + 1, 9999].map(|at| index.line_of(at)), [1, 1, 2, 3]);
        assert_eq!([1, 2, 3, 9].map(|line| index.start_of(line)), [0, 6, 11, 11]);
    }

    #[test]
    fn slices_outside_the_text_are_empty() {
        assert_eq!(Span::new(InputId(0), 1, 3).slice("abc"), "bc");
        assert_eq!(Span::new(InputId(0), 2, 9).slice("abc"), "");
    }
}
