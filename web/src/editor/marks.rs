//! What stands beside the lines: problems, and the places that an open explanation speaks of.

use crate::evaluation::Evaluation;
use crate::parts::mark::Sign;
use crate::places::Evidence;
use podwhy_core::session::InputKind;
use podwhy_source::{LineIndex, Severity, Span};
use yew::AttrValue;

/// One mark beside a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineMark {
    /// Its shape and colour; `None` for a place of an explanation, which shows `number` instead.
    pub sign: Option<Sign>,
    /// The number of the step that speaks of the line.
    pub number: usize,
    /// What it says.
    pub title: AttrValue,
}

/// Every mark of one text, by line (from 1), and the ranges to light up behind the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// The line of each mark, in order.
    lines: Vec<u32>,
    marks: Vec<LineMark>,
    ranges: Vec<Span>,
}

impl Marks {
    /// The marks of the text `kind`, whose lines are `lines`.
    pub fn of(kind: InputKind, lines: &LineIndex, evaluation: &Evaluation, evidence: &[Evidence]) -> Self {
        let mut found: Vec<(u32, LineMark)> = Vec::new();
        let mut ranges = Vec::new();
        for piece in evidence.iter().filter(|piece| piece.kind == kind) {
            let mark = LineMark { sign: None, number: piece.number, title: piece.title.clone() };
            found.push((lines.line_of(piece.span.start), mark));
            ranges.push(piece.span);
        }
        for problem in evaluation.problems.iter() {
            let Some(span) = problem.span.filter(|span| evaluation.texts.kind_of(span.input) == Some(kind)) else {
                continue;
            };
            let mark =
                LineMark { sign: Some(problem.severity.into()), number: 0, title: problem.message.clone().into() };
            found.push((lines.line_of(span.start), mark));
        }
        found.sort_by_key(|(line, _)| *line);
        let (lines, marks) = found.into_iter().unzip();
        Self { lines, marks, ranges }
    }

    /// The marks beside `line`, in the order in which they matter.
    pub fn at(&self, line: u32) -> &[LineMark] {
        let first = self.lines.partition_point(|other| *other < line);
        let behind = self.lines.partition_point(|other| *other <= line);
        self.marks.get(first..behind).unwrap_or_default()
    }

    /// The parts of the bytes `start..end` that are lit up, in order and without overlap.
    pub fn lit(&self, start: u32, end: u32) -> Vec<(u32, u32)> {
        let inside = |span: &Span| (span.start.max(start), span.end.min(end));
        let mut parts: Vec<_> = self.ranges.iter().map(inside).filter(|(from, to)| from < to).collect();
        parts.sort_unstable();
        let mut reached = start;
        parts.retain_mut(|(from, to)| {
            *from = (*from).max(reached);
            reached = reached.max(*to);
            from < to
        });
        parts
    }
}

/// The marks of the text `kind` for the code editor, which reads them in web/editor/marks.js: the length of the text that
/// they are about, then a record for each of sign, start, end, code, message and help, all places in bytes.
pub fn written(kind: InputKind, evaluation: &Evaluation, evidence: &[Evidence]) -> AttrValue {
    let mut out = evaluation.texts.get(kind).as_str().len().to_string();
    let mut add = |sign: &str, span: Span, words: [&str; 3]| {
        let places = [sign, &span.start.to_string(), &span.end.to_string()];
        out.push('\u{1e}');
        out.push_str(&[&places[..], &words[..]].concat().join("\u{1f}"));
    };
    for piece in evidence.iter().filter(|piece| piece.kind == kind) {
        add(&piece.number.to_string(), piece.span, ["", &piece.title, ""]);
    }
    for problem in evaluation.problems.iter() {
        let Some(span) = problem.span.filter(|span| evaluation.texts.kind_of(span.input) == Some(kind)) else {
            continue;
        };
        let sign = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        add(sign, span, [problem.code, &problem.message, &problem.help]);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;

    #[test]
    fn lit_parts_do_not_overlap() {
        let span = |start, end| Span::new(InputId(0), start, end);
        let marks = Marks { ranges: vec![span(5, 9), span(0, 6), span(7, 8), span(20, 30)], ..Marks::default() };
        assert_eq!(marks.lit(2, 25), [(2, 6), (6, 9), (20, 25)]);
        assert_eq!(marks.lit(9, 20), []);
    }
}
