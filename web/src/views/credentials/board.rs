//! What the view shows of one pod: its images as columns, its keys as rows, and a mark with a word for each pair.

use crate::parts::mark::Sign;
use crate::shared::Shared;
use podwhy_core::credentials::key::{Key, Source};
use podwhy_core::credentials::keyring::{Cell, Lookup, Verdict};
use podwhy_core::credentials::url_match::{Element, Grid};
use podwhy_core::report::PodReport;
use std::rc::Rc;
use yew::AttrValue;

/// How many keys become rows; a hostile file has hundreds of thousands.
const SHOWN_KEYS: usize = 300;

/// Where a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The key, as an index into the pod's keys.
    pub row: usize,
    /// The image.
    pub column: usize,
}

/// One repository that the pod needs; tags and digests make no difference to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Registry and path.
    pub repository: AttrValue,
    /// Everything that uses it, such as "web" or "init container prepare".
    pub users: AttrValue,
    /// The first container that uses it, as an index.
    container: usize,
}

/// One key and what came of it for each image, without places, so that it stays equal while the text around it moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key as written.
    pub key: AttrValue,
    /// What counts of it, where that is something else.
    pub counts_as: Option<AttrValue>,
    /// Whether it can serve no image at all.
    pub never_matches: bool,
    /// One for each column.
    pub cells: Vec<(Sign, AttrValue)>,
}

/// The keys of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The pull secret's position, or `None` for the node's file.
    pub secret: Option<usize>,
    /// The rows, as indices into the pod's keys.
    pub rows: Vec<(usize, Rc<Row>)>,
}

/// One pod, ready to be drawn.
pub struct Board {
    /// The pod.
    pub pod: Shared<PodReport>,
    /// Its images.
    pub columns: Vec<Column>,
    /// Its keys by source, in the order in which the kubelet sees them.
    pub groups: Vec<Group>,
    /// Keys beyond the ones that are drawn.
    pub left_out: usize,
}

impl Board {
    /// Orders what the report says about a pod.
    pub fn new(pod: &Shared<PodReport>) -> Self {
        let mut board = Self {
            pod: pod.clone(),
            columns: columns(pod),
            groups: Vec::new(),
            left_out: pod.keys.len().saturating_sub(SHOWN_KEYS),
        };
        let group = |secret| Group { secret, rows: Vec::new() };
        board.groups = (0..pod.pull_secrets.len()).map(|position| group(Some(position))).collect();
        if pod.keys.iter().any(|key| key.source == Source::NodeFile) {
            board.groups.push(group(None));
        }
        for (at, key) in pod.keys.iter().enumerate().take(SHOWN_KEYS) {
            let row = Rc::new(board.row(at, key));
            let secret = match &key.source {
                Source::Secret { position, .. } => Some(*position),
                Source::NodeFile | Source::Provider { .. } => None,
            };
            if let Some(group) = board.groups.iter_mut().find(|group| group.secret == secret) {
                group.rows.push((at, row));
            }
        }
        board
    }

    fn row(&self, at: usize, key: &Key) -> Row {
        Row {
            key: key.written.clone().into(),
            counts_as: key.normalised.clone().filter(|counts| *counts != key.written).map(AttrValue::from),
            never_matches: key.advice.iter().any(|advice| advice.never_matches),
            cells: (0..self.columns.len())
                .map(|column| self.cell(At { row: at, column }).map_or((Sign::Note, "".into()), mark_and_word))
                .collect(),
        }
    }

    /// What the keyrings gave for an image.
    pub fn lookup(&self, column: usize) -> Option<&Lookup> {
        let container = self.columns.get(column)?.container;
        self.pod.containers.get(container)?.lookup.as_ref()
    }

    /// One key against one image.
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.lookup(at.column)?.cells.get(at.row)
    }

    /// The cell whose trace is worth reading first: the nearest miss of an image that no key serves, or else what is
    /// tried first.
    pub fn first_cell(&self) -> Option<At> {
        let miss = (0..self.columns.len())
            .filter(|column| self.lookup(*column).is_some_and(|lookup| lookup.attempts.is_empty()))
            .filter_map(|column| self.nearest(column))
            .max_by(|(one, a), (other, b)| one.cmp(other).then(b.column.cmp(&a.column)));
        let tried = (0..self.columns.len()).find_map(|column| {
            let row = self.lookup(column)?.attempts().next()?.key;
            (row < SHOWN_KEYS).then_some(At { row, column })
        });
        match (miss, tried) {
            // A key for another registry altogether is no near miss.
            (Some((0, _)), Some(tried)) => Some(tried),
            (Some((_, miss)), _) => Some(miss),
            (None, tried) => tried,
        }
    }

    /// The key of a column that comes nearest to its image, with how near it comes.
    pub fn nearest(&self, column: usize) -> Option<(usize, At)> {
        let cells = self.lookup(column)?.cells.iter().take(SHOWN_KEYS).enumerate();
        let scored = cells.map(|(row, cell)| {
            let grid = cell.comparison.as_ref().and_then(|comparison| comparison.grid.as_ref());
            (grid.map_or(0, alike), At { row, column })
        });
        scored.max_by(|(one, a), (other, b)| one.cmp(other).then(b.row.cmp(&a.row)))
    }
}

/// How many labels from the right two hosts share; the last label alone (`com`) says nothing.
fn alike(grid: &Grid) -> usize {
    let same = |label: &&podwhy_core::credentials::url_match::Comparison| {
        label.key == label.image || label.key.as_ref().is_some_and(|key| key.contains('*'))
    };
    let shared = grid.labels.iter().rev().take_while(same).count();
    if shared == grid.labels.len() { shared } else { shared.saturating_sub(1) }
}

fn columns(pod: &PodReport) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (at, container) in pod.containers.iter().enumerate() {
        let Some(lookup) = &container.lookup else { continue };
        let user = match container.user.words() {
            "container" if !container.name.is_empty() => container.name.clone(),
            words => format!("{words} {}", container.name).trim_end().to_owned(),
        };
        match columns.iter_mut().find(|column| column.repository == lookup.repository) {
            Some(column) => column.users = format!("{}, {user}", column.users).into(),
            None => {
                columns.push(Column { repository: lookup.repository.clone().into(), users: user.into(), container: at })
            }
        }
    }
    columns
}

/// The mark of a cell and its word.
pub fn mark_and_word(cell: &Cell) -> (Sign, AttrValue) {
    match cell.verdict {
        Verdict::Tried { attempt } => (Sign::Yes, format!("tried {}", ordinal(attempt)).into()),
        Verdict::TriedForHub { attempt } => (Sign::Yes, format!("tried {}, as Docker Hub", ordinal(attempt)).into()),
        Verdict::Hidden => (Sign::Warning, "hidden".into()),
        Verdict::Dropped => (Sign::No, "dropped".into()),
        Verdict::Blocked => (Sign::Error, "blocked".into()),
        Verdict::NoMatch => (Sign::No, failing_word(cell.comparison.as_ref().and_then(|found| found.failed_at))),
    }
}

fn failing_word(element: Option<Element>) -> AttrValue {
    match element {
        Some(Element::Port) => "port".into(),
        Some(Element::LabelCount) => "number of labels".into(),
        Some(Element::Path) => "path".into(),
        Some(Element::Label(_)) => "host name".into(),
        Some(Element::Key | Element::Image) => "no URL".into(),
        None => "no match".into(),
    }
}

/// "1st", "2nd", "3rd", "4th" ... "11th", "21st".
pub fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// A source in words.
pub fn source_words(source: &Source) -> String {
    match source {
        Source::Secret { name, .. } => format!("Secret `{name}`"),
        Source::NodeFile => "the node's file".to_owned(),
        Source::Provider { name, .. } => format!("credential provider `{name}`"),
    }
}

/// "1 key", "2 keys".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::credentials::examples;

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        assert_eq!(
            [1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal).join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 112th"
        );
    }

    #[test]
    fn images_that_differ_only_in_their_tag_share_a_column() {
        let pod = examples::pod(
            "containers: [{name: a, image: r.io/x:1}, {name: b, image: r.io/x:2}, {name: c, image: nginx}]",
            "",
        );
        let board = Board::new(&pod);
        let columns: Vec<_> = board.columns.iter().map(|column| (&*column.repository, &*column.users)).collect();
        assert_eq!(columns, [("r.io/x", "a, b"), ("docker.io/library/nginx", "c")]);
        assert_eq!(board.first_cell(), None, "there is no key");
    }

    #[test]
    fn the_nearest_miss_is_read_first() {
        let keys = r#"{"auths": {"quay.io": {}, "hub.example.com": {}, "registry.example.com": {}}}"#;
        let pod = examples::pod("containers: [{name: a, image: 'registry.example.com:5000/x'}]", keys);
        assert_eq!(Board::new(&pod).first_cell(), Some(At { row: 2, column: 0 }));
    }

    #[test]
    fn what_is_tried_comes_before_a_key_for_something_else() {
        let keys = r#"{"auths": {"quay.io": {}}}"#;
        let pod = examples::pod("containers: [{name: a, image: nginx}, {name: b, image: quay.io/x}]", keys);
        assert_eq!(Board::new(&pod).first_cell(), Some(At { row: 0, column: 1 }));
    }
}
