//! Places in block YAML, by indentation alone.

use super::flow;
use super::place::{At, DEEPEST, Entries, Place, Step};
use std::ops::Range;

/// Nobody indents further than this; what is proposed there would be blanks for the most part.
const FURTHEST: usize = 1_000;

/// One line, taken apart. Columns are bytes from the beginning of the line.
#[derive(Debug)]
struct Line<'a> {
    /// Where the line begins in the document.
    start: usize,
    text: &'a str,
    /// The first column that is no blank.
    indent: usize,
    /// The columns of the dashes that begin elements.
    dashes: Vec<usize>,
    /// The column behind the dashes.
    content: usize,
    /// The key that stands there, without quotes, and the columns of the key and of what is behind its colon.
    key: Option<(&'a str, Range<usize>, usize)>,
}

impl<'a> Line<'a> {
    fn read(start: usize, text: &'a str) -> Self {
        let text = text.trim_end_matches(['\n', '\r']);
        let blanks = |from: usize| text.bytes().skip(from).take_while(|byte| *byte == b' ').count();
        let indent = blanks(0);
        let (mut content, mut dashes) = (indent, Vec::new());
        while dashes.len() <= DEEPEST {
            let rest = text.get(content..).unwrap_or_default();
            if rest != "-" && !rest.starts_with("- ") {
                break;
            }
            dashes.push(content);
            content += 1 + blanks(content + 1);
        }
        let mut line = Self { start, text, indent, dashes, content, key: None };
        line.key = line.read_key();
        line
    }

    fn read_key(&self) -> Option<(&'a str, Range<usize>, usize)> {
        let rest = self.text.get(self.content..)?;
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (name, length) = match quote {
            Some(quote) => {
                let inside = rest.get(1..)?;
                let length = inside.find(quote)?;
                (inside.get(..length)?, length + 2)
            }
            None => {
                if rest.starts_with(['#', '{', '[', '|', '>', '&', '*', '!', '%', '@', '`']) {
                    return None;
                }
                let colons = rest.match_indices(':').map(|(at, _)| at);
                let ends = |at: &usize| matches!(rest.as_bytes().get(at + 1), None | Some(b' '));
                let length =
                    colons.take_while(|at| !rest.get(..*at).is_some_and(|key| key.contains(" #"))).find(ends)?;
                (rest.get(..length)?.trim_end(), length)
            }
        };
        let behind = rest.get(length..)?;
        let colon =
            length + behind.find(':').filter(|at| behind.get(..*at).is_some_and(|gap| gap.trim().is_empty()))?;
        let range = self.content..self.content + length;
        Some((name, range, self.content + colon + 1))
    }

    /// Whether nothing counts on it.
    fn is_empty(&self) -> bool {
        let rest = self.text.trim_start();
        rest.is_empty() || rest.starts_with('#')
    }

    /// What stands behind the key, without comment, anchor and tag; and its column.
    fn value(&self) -> (&'a str, usize) {
        let Some((.., behind)) = &self.key else { return ("", self.text.len()) };
        let (mut at, mut value) = (*behind, self.text.get(*behind..).unwrap_or_default());
        loop {
            let trimmed = value.trim_start();
            at += value.len() - trimmed.len();
            value = trimmed;
            if !value.starts_with(['&', '!']) {
                break;
            }
            let length = value.find(' ').unwrap_or(value.len());
            at += length;
            value = value.get(length..).unwrap_or_default();
        }
        (without_comment(value), at)
    }
}

fn without_comment(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let end = if value.starts_with(['"', '\'']) { None } else { value.find(" #") };
    value.get(..end.unwrap_or(value.len())).unwrap_or_default().trim_end()
}

fn lines(document: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut lines = Vec::new();
    for text in document.split_inclusive('\n') {
        lines.push(Line::read(at, text));
        at += text.len();
    }
    if document.is_empty() || document.ends_with('\n') {
        lines.push(Line::read(at, ""));
    }
    lines
}

/// Finds the place of `offset` in a document.
pub fn find(document: &str, offset: usize) -> Option<Place> {
    let lines = lines(document);
    let index = lines.partition_point(|line| line.start <= offset).checked_sub(1)?;
    let line = lines.get(index)?;
    let column = (offset - line.start).min(line.text.len());
    let before = line.text.get(..column)?;
    if before.trim_start().starts_with('#') || before.contains(" #") && !before.contains(['"', '\'']) {
        return None;
    }
    let value = line.value();
    match &line.key {
        Some((_, key, behind)) if column > key.end => {
            // Right behind the colon no value can begin.
            if column == *behind && line.text.len() == column {
                return None;
            }
            at_value(document, &lines, index, column, value)
        }
        Some((_, key, _)) if column >= key.start => {
            let quoted = usize::from(line.text.get(key.start..)?.starts_with(['"', '\'']));
            let word = key.start + quoted..key.end - quoted;
            at_key(document, &lines, index, line.content, word, key.clone(), true, offset)
        }
        _ => {
            // An empty line, the blanks before what stands there, or a word that no colon follows yet.
            let rest = line.text.get(line.content..)?;
            let begins = if column < line.content || rest.trim().is_empty() { column } else { line.content };
            if column < line.content && !rest.trim().is_empty() {
                return None;
            }
            if begins > FURTHEST || line.dashes.last().is_some_and(|dash| begins < dash + 2) {
                return None;
            }
            if rest.starts_with(['{', '[']) {
                let mut chain = Chain::default();
                chain.climb(document, &lines, index, line.content, offset)?;
                return flow::find(document, line.start + line.content, offset, chain.outside()?);
            }
            let end = if begins == column { column } else { line.text.trim_end().len().max(column) };
            let quoted = usize::from(rest.starts_with(['"', '\'']) && end > begins);
            at_key(document, &lines, index, begins, begins + quoted..end, begins..end, false, offset)
        }
    }
}

fn at_value(document: &str, lines: &[Line<'_>], index: usize, column: usize, value: (&str, usize)) -> Option<Place> {
    let line = lines.get(index)?;
    let (key, ..) = line.key.as_ref()?;
    let mut chain = Chain::default();
    chain.steps.push(Step::Key((*key).to_owned()));
    chain.levels.push(Entries::new());
    chain.climb(document, lines, index, line.content, line.start + column)?;
    let (written, at) = value;
    if written.starts_with(['{', '[']) && column > at {
        return flow::find(document, line.start + at, line.start + column, chain.outside()?);
    }
    if written.starts_with(['|', '>']) {
        return None;
    }
    let (begin, end) = if written.is_empty() { (column, column) } else { (at, at + written.len()) };
    if column < begin || column > end {
        return None;
    }
    let quoted = usize::from(written.starts_with(['"', '\'']));
    let closed = usize::from(quoted == 1 && written.len() > 1 && written.ends_with(['"', '\'']));
    let token = line.start + begin..line.start + end;
    let word = token.start + quoted..token.end - closed;
    Some(chain.place(At::Value, word, token, false, line.content))
}

#[expect(clippy::too_many_arguments)]
fn at_key(
    document: &str,
    lines: &[Line<'_>],
    index: usize,
    column: usize,
    word: Range<usize>,
    token: Range<usize>,
    has_colon: bool,
    offset: usize,
) -> Option<Place> {
    let line = lines.get(index)?;
    let mut chain = Chain::default();
    if let Some(place) = chain.climb(document, lines, index, column, offset)? {
        return Some(place);
    }
    let moved = |range: Range<usize>| line.start + range.start..line.start + range.end;
    Some(chain.place(At::Key, moved(word), moved(token), has_colon, column))
}

/// The way from a place outwards, innermost first.
#[derive(Default)]
struct Chain {
    steps: Vec<Step>,
    levels: Vec<Entries>,
}

impl Chain {
    /// Adds everything around the object that has a key at `column` of the line `index`. `None` where this is no
    /// structure that can be told; a place where the offset turns out to stand between brackets.
    fn climb(
        &mut self,
        document: &str,
        lines: &[Line<'_>],
        index: usize,
        column: usize,
        offset: usize,
    ) -> Option<Option<Place>> {
        let (mut index, mut column) = (index, column);
        while self.steps.len() <= DEEPEST {
            self.levels.push(entries(lines, index, column));
            let (first, in_list) = beginning(lines, index, column);
            let parent = if in_list {
                let mut dash = lines.get(first)?.dashes.len().checked_sub(1)?;
                let mut at = first;
                loop {
                    self.steps.push(Step::Item);
                    self.levels.push(Entries::new());
                    if self.steps.len() > DEEPEST {
                        return None;
                    }
                    match list_owner(lines, at, dash)? {
                        Owner::List(line, outer) => (at, dash) = (line, outer),
                        Owner::Key(line) => break line,
                    }
                }
            } else {
                match (0..first).rev().find(|at| lines.get(*at).is_some_and(|line| !line.is_empty())) {
                    None => return Some(None),
                    Some(at) => at,
                }
            };
            let parent_line = lines.get(parent)?;
            let (key, ..) = parent_line.key.as_ref()?;
            let (value, at) = parent_line.value();
            self.steps.push(Step::Key((*key).to_owned()));
            if value.starts_with(['{', '[']) {
                // The present line goes on with what was opened there: what was found so far means nothing.
                let mut outer = Self { steps: vec![Step::Key((*key).to_owned())], levels: vec![Entries::new()] };
                outer.climb(document, lines, parent, parent_line.content, offset)?;
                return flow::find(document, parent_line.start + at, offset, outer.outside()?).map(Some);
            }
            if !value.is_empty() {
                return None;
            }
            (index, column) = (parent, parent_line.content);
        }
        None
    }

    fn outside(self) -> Option<flow::Outside> {
        let (mut steps, mut levels) = (self.steps, self.levels);
        steps.reverse();
        levels.reverse();
        // The last level is the value's own, which the brackets replace.
        levels.pop();
        Some(flow::Outside { steps, levels })
    }

    fn place(self, at: At, word: Range<usize>, token: Range<usize>, has_colon: bool, column: usize) -> Place {
        let (mut steps, mut levels) = (self.steps, self.levels);
        steps.reverse();
        levels.reverse();
        Place { steps, levels, at, word, token, has_colon, column, in_flow: false, quotes: false }
    }
}

/// The keys of the object that has one at `column` of the line `index`.
fn entries(lines: &[Line<'_>], index: usize, column: usize) -> Entries {
    let (first, _) = beginning(lines, index, column);
    let mut entries = Entries::new();
    for (at, line) in lines.iter().enumerate().skip(first) {
        if line.is_empty() {
            continue;
        }
        if at > first && line.indent < column && at != index {
            break;
        }
        if let Some((key, ..)) = line.key.as_ref().filter(|_| line.content == column && at != index) {
            let value = line.value().0.trim_matches(['"', '\'']);
            entries.push(((*key).to_owned(), value.to_owned()));
        }
    }
    entries
}

/// The first line of the object that has a key at `column` of the line `index`, and whether it is an element of a list.
/// Where it is not, the line above that is the key that holds it.
fn beginning(lines: &[Line<'_>], index: usize, column: usize) -> (usize, bool) {
    let opens = |line: &Line<'_>| !line.dashes.is_empty() && line.content == column;
    if lines.get(index).is_some_and(|line| !line.dashes.is_empty()) {
        return (index, true);
    }
    let mut first = index;
    for (at, line) in lines.iter().enumerate().take(index).rev() {
        if line.is_empty() {
            continue;
        }
        if opens(line) {
            return (at, true);
        }
        if line.indent < column {
            break;
        }
        first = at;
    }
    (first, false)
}

/// What holds a list.
enum Owner {
    /// Another list: a line and which of its dashes.
    List(usize, usize),
    /// The key of a line.
    Key(usize),
}

/// What holds the list whose element begins at a dash of a line.
fn list_owner(lines: &[Line<'_>], index: usize, dash: usize) -> Option<Owner> {
    if let Some(outer) = dash.checked_sub(1) {
        return Some(Owner::List(index, outer));
    }
    let column = *lines.get(index)?.dashes.first()?;
    for (at, line) in lines.iter().enumerate().take(index).rev().filter(|(_, line)| !line.is_empty()) {
        match line.dashes.iter().position(|dash| *dash == column) {
            Some(0) => continue,
            Some(inner) => return Some(Owner::List(at, inner - 1)),
            None => {}
        }
        if line.indent > column {
            continue;
        }
        return (line.content <= column && line.key.is_some()).then_some(Owner::Key(at));
    }
    None
}
