//! Columns as Go's `text/tabwriter` aligns them with kubectl's settings.

/// Blanks between the widest cell of a column and the next column.
const PADDING: usize = 2;

/// One line: its cells, of which only those before the last stand in a column.
struct Line<'a> {
    cells: Vec<&'a str>,
    /// The line ended with a form feed: columns do not reach over it.
    breaks: bool,
}

impl Line<'_> {
    fn columns(&self) -> usize {
        self.cells.len().saturating_sub(1)
    }
}

/// Aligns `text`: tabs and vertical tabs end a cell, line feeds and form feeds end a line (both print as `\n`).
///
/// A column is a run of consecutive lines that have a cell there; its width is that of its widest cell plus two
/// blanks, counted in characters. The last cell of a line belongs to no column, so a line of one cell, or a form
/// feed, ends every column above it. Source: Go text/tabwriter, minimum width 0, padding 2 with blanks, no flags, as
/// k8s.io/kubectl/pkg/describe tabbedString sets it.
#[must_use]
pub fn align(text: &str) -> String {
    let lines = split(text);
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|line| Vec::with_capacity(line.columns())).collect();
    let mut open: Vec<usize> = (0..lines.len()).collect();
    for column in 0.. {
        open.retain(|line| lines.get(*line).is_some_and(|line| line.columns() > column));
        if open.is_empty() {
            break;
        }
        let joined =
            |above: &usize, below: &usize| *below == above + 1 && lines.get(*above).is_some_and(|line| !line.breaks);
        for run in open.chunk_by(joined) {
            let cell = |line: &usize| lines.get(*line).and_then(|line| line.cells.get(column));
            let width = run.iter().filter_map(cell).map(|cell| cell.chars().count()).max().unwrap_or_default();
            for line in run {
                if let Some(widths) = widths.get_mut(*line) {
                    widths.push(width + PADDING);
                }
            }
        }
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (at, (line, widths)) in lines.iter().zip(&widths).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (column, cell) in line.cells.iter().enumerate() {
            out.push_str(cell);
            let width = widths.get(column).copied().unwrap_or_default();
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
        }
    }
    out
}

fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\t', '\u{b}', '\n', '\u{c}']) {
        let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        cells.push(cell);
        let mut characters = after.chars();
        if let Some(ending @ ('\n' | '\u{c}')) = characters.next() {
            lines.push(Line { cells: std::mem::take(&mut cells), breaks: ending == '\u{c}' });
        }
        rest = characters.as_str();
    }
    cells.push(rest);
    lines.push(Line { cells, breaks: false });
    lines
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(align("a\tb\nccc\td\n"), "a    b\nccc  d\n");
        assert_eq!(align("ü\tb\ncc\td"), "ü   b\ncc  d");
    }

    #[test]
    fn a_line_of_one_cell_and_a_form_feed_end_the_columns() {
        assert_eq!(align("long\tx\nplain\na\tx\n"), "long  x\nplain\na  x\n");
        assert_eq!(align("long\tx\u{c}a\tx\n"), "long  x\na  x\n");
    }

    #[test]
    fn the_last_cell_stands_in_no_column() {
        assert_eq!(align("a\tlong\n b\tc\td\n"), "a   long\n b  c  d\n");
        assert_eq!(align("a\t\nb\t\n"), "a  \nb  \n");
    }

    #[test]
    fn many_tabs_take_no_stack() {
        assert_eq!(align(&"\t".repeat(200_000)).len(), 400_000);
    }
}
