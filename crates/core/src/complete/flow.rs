//! Places between brackets: JSON, and YAML written the same way. Brackets and quotes may be missing.

use super::place::{At, DEEPEST, Entries, Place, Step};
use std::ops::Range;

/// What lies around the first bracket.
pub struct Outside {
    /// The way to the value that the bracket opens.
    pub steps: Vec<Step>,
    /// The objects on that way, without the value's own.
    pub levels: Vec<Entries>,
}

/// An open bracket.
struct Frame {
    is_list: bool,
    key: Option<String>,
    entries: Entries,
}

/// What was found at the offset.
struct Found {
    at: At,
    word: Range<usize>,
    token: Range<usize>,
    steps: Vec<Step>,
}

struct Scan<'a> {
    document: &'a str,
    offset: usize,
    frames: Vec<Frame>,
    found: Option<Found>,
    /// The entries of the frames around the offset, as far as they were closed since.
    closed: Vec<Entries>,
    /// How many of the frames around the offset are still open.
    open: usize,
}

/// Finds the place of `offset` behind the bracket at `begin`.
pub fn find(document: &str, begin: usize, offset: usize, outside: Outside) -> Option<Place> {
    let mut scan = Scan { document, offset, frames: Vec::new(), found: None, closed: Vec::new(), open: 0 };
    scan.run(begin)?;
    let mut levels = scan.closed;
    levels.extend(scan.frames.drain(..scan.open.min(scan.frames.len())).rev().map(|frame| frame.entries));
    levels.reverse();
    let found = scan.found?;
    let line = document.get(..found.word.start)?.rfind('\n').map_or(0, |at| at + 1);
    let behind = document.get(found.token.end..)?.trim_start();
    let steps = [outside.steps, found.steps].concat();
    let mut levels = [outside.levels, levels].concat();
    levels.resize(steps.len() + 1, Entries::new());
    Some(Place {
        steps,
        levels,
        at: found.at,
        has_colon: found.at == At::Key && behind.starts_with(':'),
        column: found.word.start - line,
        word: found.word,
        token: found.token,
        in_flow: true,
        quotes: false,
    })
}

impl Scan<'_> {
    /// Reads until every bracket around the offset is closed, or to the end.
    fn run(&mut self, begin: usize) -> Option<()> {
        let mut at = begin;
        while let Some(letter) = self.document.get(at..)?.chars().next() {
            if at >= self.offset && self.found.is_none() {
                self.find_at(self.offset..self.offset, self.offset..self.offset, false)?;
            }
            match letter {
                '{' | '[' => {
                    if self.frames.len() > DEEPEST {
                        return None;
                    }
                    self.frames.push(Frame { is_list: letter == '[', key: None, entries: Entries::new() });
                }
                '}' | ']' => {
                    self.close();
                    if self.frames.is_empty() {
                        break;
                    }
                }
                ',' => self.end_entry(),
                ':' | ' ' | '\t' | '\r' | '\n' => {}
                '#' if self.document.get(..at)?.ends_with([' ', '\n', '\t']) => {
                    at += self.document.get(at..)?.find('\n')?;
                    continue;
                }
                _ => {
                    at = self.token(at)?;
                    continue;
                }
            }
            at += letter.len_utf8();
        }
        if self.found.is_none() && self.offset >= at && !self.frames.is_empty() {
            self.find_at(self.offset..self.offset, self.offset..self.offset, false)?;
        }
        Some(())
    }

    fn close(&mut self) {
        self.end_entry();
        let Some(frame) = self.frames.pop() else { return };
        if self.found.is_some() && self.frames.len() < self.open {
            self.open = self.frames.len();
            self.closed.push(frame.entries);
        }
    }

    fn end_entry(&mut self) {
        if let Some(frame) = self.frames.last_mut()
            && let Some(key) = frame.key.take()
        {
            frame.entries.push((key, String::new()));
        }
    }

    /// Reads a text or a plain word that begins at `at`; returns where it ends.
    fn token(&mut self, at: usize) -> Option<usize> {
        let rest = self.document.get(at..)?;
        let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let (length, closed) = match quote {
            Some(quote) => quoted_length(rest, quote),
            None => {
                let ends = |(at, letter): &(usize, char)| match letter {
                    ',' | '{' | '}' | '[' | ']' | '\n' => true,
                    ':' => rest.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '"'])),
                    _ => false,
                };
                let length = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
                (rest.get(..length)?.trim_end().len().max(1), false)
            }
        };
        let token = at..at + length;
        let word = if quote.is_some() { at + 1..token.end - usize::from(closed) } else { token.clone() };
        let text = self.document.get(word.clone())?.to_owned();
        let is_key = self.document.get(token.end..)?.trim_start().starts_with(':');
        let here = word.start <= self.offset && self.offset <= word.end;
        if here && self.found.is_none() {
            self.find_at(word, token.clone(), is_key)?;
            // The word that is being written is none of the object's entries.
            if let Some(frame) = self.frames.last_mut() {
                frame.key = None;
            }
            return Some(token.end);
        }
        let frame = self.frames.last_mut()?;
        if frame.is_list {
            return Some(token.end);
        }
        match frame.key.take() {
            None => frame.key = Some(text),
            // A key whose value is missing, because the next line has another one.
            Some(key) if is_key => {
                frame.entries.push((key, String::new()));
                frame.key = Some(text);
            }
            Some(key) => frame.entries.push((key, text)),
        }
        Some(token.end)
    }

    fn find_at(&mut self, word: Range<usize>, token: Range<usize>, is_key: bool) -> Option<()> {
        let frame = self.frames.last()?;
        let before = self.document.get(..token.start)?.trim_end();
        let in_value = frame.key.is_some() && !is_key && before.ends_with(':');
        let mut steps = Vec::new();
        let last = self.frames.len() - 1;
        for (index, frame) in self.frames.iter().enumerate() {
            let key = frame.key.clone().filter(|_| index < last || in_value);
            match key {
                _ if frame.is_list => steps.push(Step::Item),
                Some(key) => steps.push(Step::Key(key)),
                None => {}
            }
        }
        let at = if in_value || frame.is_list { At::Value } else { At::Key };
        self.open = self.frames.len();
        self.found = Some(Found { at, word, token, steps });
        Some(())
    }
}

/// The length of a quoted text with its quotes, and whether it is closed. It ends at the end of its line at the latest.
fn quoted_length(text: &str, quote: char) -> (usize, bool) {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => return (at, false),
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if letter == quote => return (at + 1, true),
            _ => {}
        }
    }
    (text.len(), false)
}
