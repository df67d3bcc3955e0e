//! The manifest's lines as they are drawn: which were added by whom, and where the reason of each stands.

use podwhy_core::evaluate::whole::effective::{Fate, Line};
use podwhy_core::rule::{Rule, Stage};
use podwhy_core::trace::Origin;
use podwhy_source::Span;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Written,
    Defaulting,
    Admission,
    Controller,
    Changed,
    Removed,
}

impl Kind {
    /// The sign before the line, and the same in words.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Written => ("", ""),
            Self::Defaulting => ("+", "filled in"),
            Self::Admission => ("+", "added by admission"),
            Self::Controller => ("+", "added by the controller"),
            Self::Changed => ("~", "changed"),
            Self::Removed => ("−", "taken out"),
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Defaulting => "defaulting",
            Self::Admission => "admission",
            Self::Controller => "controller",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// Why the lines from here on are as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Who: "defaulting", "admission", "controller", or a "feature gate" that is off.
    pub label: &'static str,
    pub rule: &'static Rule,
    /// The place that made the rule do so.
    pub because: Option<Span>,
    pub fate: Fate,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub text: String,
    pub kind: Kind,
    /// On the first line of each addition.
    pub block: Option<Block>,
}

/// How the additions of a stage are drawn, and the word on them.
fn of_stage(stage: Stage) -> (Kind, &'static str) {
    match stage {
        Stage::Admission => (Kind::Admission, "admission"),
        Stage::Controllers => (Kind::Controller, "controller"),
        Stage::Api => (Kind::Removed, "feature gate"),
        _ => (Kind::Defaulting, "defaulting"),
    }
}

/// The lines with their marks. What stands below an addition belongs to it and has no reason of its own.
pub fn rows(lines: &[Line]) -> Vec<Row> {
    // The reason and the indentation of the addition that the line before belongs to.
    let mut around: Option<((usize, bool), &'static Rule, Fate)> = None;
    let row = |line: &Line| {
        let told = match &line.origin {
            Some(Origin::Defaulted { rule, because }) => Some((*rule, *because)),
            Some(Origin::Merged { rule, from }) => Some((*rule, *from)),
            _ => None,
        };
        let kind = match (&line.fate, told) {
            (Fate::Kept, _) => Kind::Written,
            (Fate::Removed, _) => Kind::Removed,
            (Fate::Changed { .. }, _) => Kind::Changed,
            (Fate::Added, Some((rule, _))) => of_stage(rule.stage).0,
            // A further line of a value with several.
            (Fate::Added, None) => around.as_ref().map_or(Kind::Admission, |(_, rule, _)| of_stage(rule.stage).0),
        };
        let here = place(&line.text);
        let block = told.filter(|_| kind != Kind::Written).and_then(|(rule, because)| {
            let within = around.as_ref().is_some_and(|(start, known, fate)| {
                inside(here, *start) && std::ptr::eq(*known, rule) && *fate == line.fate
            });
            if within {
                return None;
            }
            around = Some((here, rule, line.fate.clone()));
            Some(Block { label: of_stage(rule.stage).1, rule, because, fate: line.fate.clone() })
        });
        if kind == Kind::Written {
            around = None;
        }
        Row { text: line.text.clone(), kind, block }
    };
    lines.iter().map(row).collect()
}

/// Which lines are shown when only differences are: those that differ, and above each what it stands in.
pub fn differing(rows: &[Row]) -> Vec<bool> {
    let mut shown: Vec<bool> = rows.iter().map(|row| row.kind != Kind::Written).collect();
    for index in 0..rows.len() {
        if rows.get(index).is_none_or(|row| row.block.is_none()) {
            continue;
        }
        let (mut indent, mut in_list) = rows.get(index).map(|row| place(&row.text)).unwrap_or_default();
        for above in (0..index).rev() {
            let Some(row) = rows.get(above) else { break };
            let (own, dash) = place(&row.text);
            // An element stands as far left as the key of its list.
            if own < indent || in_list && own == indent && !dash {
                if let Some(shown) = shown.get_mut(above) {
                    *shown = true;
                }
                (indent, in_list) = (own, dash);
            }
        }
    }
    shown
}

/// Whether a line belongs to an addition that begins at `start`. A list's elements stand as far left as its key.
fn inside(here: (usize, bool), start: (usize, bool)) -> bool {
    here.0 > start.0 || here.0 == start.0 && here.1 && !start.1
}

/// How far a line is indented, and whether it begins an element of a list.
fn place(text: &str) -> (usize, bool) {
    let rest = text.trim_start_matches(' ');
    (text.len() - rest.len(), rest.starts_with("- "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_core::rule::admission::TOKEN_VOLUME;
    use podwhy_core::rule::defaulting::RESTART_POLICY;

    #[test]
    fn only_the_first_line_of_an_addition_has_its_reason() {
        let line =
            |text: &str, origin: Option<Origin>, fate: Fate| Line { text: text.to_owned(), origin, fate, span: None };
        let token = || Some(Origin::Merged { rule: &TOKEN_VOLUME, from: None });
        let lines = [
            line("spec:", None, Fate::Kept),
            line("  volumes:", token(), Fate::Added),
            line("  - name: a", token(), Fate::Added),
            line("    projected:", token(), Fate::Added),
            line("  - name: b", token(), Fate::Added),
            line("  mounts:", None, Fate::Kept),
            line("  - mountPath: /x", token(), Fate::Added),
            line("    name: a", token(), Fate::Added),
            line(
                "  restartPolicy: Always",
                Some(Origin::Defaulted { rule: &RESTART_POLICY, because: None }),
                Fate::Added,
            ),
        ];
        let rows = rows(&lines);
        let reasons: Vec<bool> = rows.iter().map(|row| row.block.is_some()).collect();
        assert_eq!(reasons, [false, true, false, false, false, false, true, false, true]);
        assert_eq!(rows[8].kind, Kind::Defaulting);
    }

    #[test]
    fn a_difference_is_shown_with_what_it_stands_in() {
        let row = |text: &str, kind| Row {
            text: text.to_owned(),
            kind,
            block: (kind != Kind::Written).then_some(Block {
                label: "defaulting",
                rule: &RESTART_POLICY,
                because: None,
                fate: Fate::Added,
            }),
        };
        let rows = [
            row("metadata:", Kind::Written),
            row("  name: a", Kind::Written),
            row("spec:", Kind::Written),
            row("  containers:", Kind::Written),
            row("  - name: a", Kind::Written),
            row("    image: x", Kind::Written),
            row("  - name: b", Kind::Written),
            row("    image: y", Kind::Written),
            row("    imagePullPolicy: Always", Kind::Defaulting),
        ];
        assert_eq!(differing(&rows), [false, false, true, true, false, false, true, false, true]);
    }
}
