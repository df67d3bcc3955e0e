//! The union of a pod's tolerations and its class's, in which an entry that another one covers is dropped.

use crate::api::scheduling::Toleration;
use crate::rule::admission::{COVERED_TOLERATION, MERGED_TOLERATIONS, TOLERATION_WITHOUT_OPERATOR};
use crate::trace::{Mark, Step};
use serde::Serialize;

/// Whose list an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The pod's own.
    Pod,
    /// The RuntimeClass's `scheduling.tolerations`.
    RuntimeClass,
}

impl Side {
    /// The owner in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Pod => "the pod's",
            Self::RuntimeClass => "the class's",
        }
    }
}

/// Why one toleration covers another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Both say the same.
    Identical,
    /// The covering one has no key and `Exists`: it tolerates every key and value.
    EveryKey,
    /// The covering one has the same key and `Exists`: it tolerates every value of it.
    EveryValue,
    /// Same key and value, and the covered one is written with `Equal`.
    SameValue,
}

impl Cover {
    /// The reason in words, after "because".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Identical => "both say the same",
            Self::EveryKey => "`Exists` without a key tolerates every taint",
            Self::EveryValue => "`Exists` tolerates every value of the key",
            Self::SameValue => "key and value are the same and its effect reaches at least as far",
        }
    }
}

/// Why one toleration does not cover another. The first test that fails counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// The keys differ.
    Key,
    /// The effects differ, and the wider one's is not empty.
    Effect,
    /// It tolerates `NoExecute` for a shorter time.
    Seconds,
    /// All else agrees, but the narrower one has no operator: only a literal `Equal` is recognised.
    NoOperator,
    /// The values differ, or the narrower one says `Exists`.
    Value,
    /// The wider one's operator is unknown.
    UnknownOperator,
}

/// Whether `wide` covers `narrow`, and why or why not. Upstream: pkg/util/tolerations/tolerations.go isSuperset.
///
/// # Errors
/// The first test that fails.
pub fn covers(wide: &Toleration, narrow: &Toleration) -> Result<Cover, Gap> {
    if wide.same_as(narrow) {
        return Ok(Cover::Identical);
    }
    let every_key = wide.key().is_empty() && wide.operator() == "Exists";
    if wide.key() != narrow.key() && !every_key {
        return Err(Gap::Key);
    }
    if wide.effect() != narrow.effect() && !wide.effect().is_empty() {
        return Err(Gap::Effect);
    }
    let shorter = |seconds: i64| narrow.seconds().is_none_or(|narrow| narrow > seconds);
    if wide.effect() == "NoExecute" && wide.seconds().is_some_and(shorter) {
        return Err(Gap::Seconds);
    }
    match wide.operator() {
        "Exists" if every_key => Ok(Cover::EveryKey),
        "Exists" => Ok(Cover::EveryValue),
        "" | "Equal" if wide.value() != narrow.value() => Err(Gap::Value),
        "" | "Equal" => match narrow.operator() {
            "Equal" => Ok(Cover::SameValue),
            "" => Err(Gap::NoOperator),
            _ => Err(Gap::Value),
        },
        _ => Err(Gap::UnknownOperator),
    }
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It stands in the union.
    Kept,
    /// Dropped: the entry at the index `by` of [`Merge::entries`] covers it.
    Covered {
        /// Index of the covering entry.
        by: usize,
        /// Why it covers.
        why: Cover,
    },
}

/// One entry of the two lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The toleration as written.
    pub toleration: Toleration,
    /// Whose it is.
    pub side: Side,
    /// Its place in that list, from 0.
    pub index: usize,
    /// What became of it.
    pub fate: Fate,
}

/// Both lists, pod's first, and what became of each entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// All entries in the order in which they are looked at.
    pub entries: Vec<Entry>,
}

/// Merges two lists: an entry is dropped if one that was kept before covers it, or a different one that comes later.
/// Upstream: pkg/util/tolerations/tolerations.go MergeTolerations.
#[must_use]
pub fn merge(pod: &[Toleration], class: &[Toleration]) -> Merge {
    let side = |side: Side, list: &[Toleration]| -> Vec<Entry> {
        let entry = |(index, toleration): (usize, &Toleration)| Entry {
            toleration: toleration.clone(),
            side,
            index,
            fate: Fate::Kept,
        };
        list.iter().enumerate().map(entry).collect()
    };
    let all = [side(Side::Pod, pod), side(Side::RuntimeClass, class)].concat();
    let mut entries: Vec<Entry> = Vec::with_capacity(all.len());
    for (at, entry) in all.iter().enumerate() {
        let cover = |(by, wide): (usize, &Entry)| {
            covers(&wide.toleration, &entry.toleration).ok().map(|why| Fate::Covered { by, why })
        };
        let earlier = entries.iter().enumerate().filter(|(_, wide)| wide.fate == Fate::Kept);
        let later = all.iter().enumerate().skip(at + 1).filter(|(_, wide)| !wide.toleration.same_as(&entry.toleration));
        let fate = earlier.chain(later).find_map(cover).unwrap_or(Fate::Kept);
        entries.push(Entry { fate, ..entry.clone() });
    }
    Merge { entries }
}

impl Merge {
    /// The union, in order.
    pub fn tolerations(&self) -> impl Iterator<Item = &Toleration> {
        self.entries.iter().filter(|entry| entry.fate == Fate::Kept).map(|entry| &entry.toleration)
    }

    /// The entry itself, and the one that covers it, where it was dropped.
    pub fn dropped(&self) -> impl Iterator<Item = (&Entry, &Entry, Cover)> {
        self.entries.iter().filter_map(|entry| match entry.fate {
            Fate::Covered { by, why } => Some((entry, self.entries.get(by)?, why)),
            Fate::Kept => None,
        })
    }

    /// Entries that stay only because they have no operator, each with the one that would cover an `Equal`.
    pub fn without_operator(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        let kept = || self.entries.iter().filter(|entry| entry.fate == Fate::Kept);
        kept().filter_map(move |entry| {
            let near = |wide: &&Entry| covers(&wide.toleration, &entry.toleration) == Err(Gap::NoOperator);
            Some((entry, kept().find(near)?))
        })
    }

    /// The reasons: what came together, which entry covers which, and which look equal but are not.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let count = |side| self.entries.iter().filter(|entry| entry.side == side).count();
        let counted = |number: usize| match number {
            1 => "1 toleration".to_owned(),
            number => format!("{number} tolerations"),
        };
        let mut steps = Vec::new();
        if count(Side::RuntimeClass) > 0 {
            let finding = format!(
                "The pod brings {} and the class {}; {} remain.",
                counted(count(Side::Pod)),
                counted(count(Side::RuntimeClass)),
                self.tolerations().count()
            );
            steps.push(Step::new(&MERGED_TOLERATIONS, Mark::Note, finding));
        }
        steps.extend(self.dropped().map(|(entry, by, why)| {
            let finding = format!(
                "{} `{}` is dropped: {} `{}` covers it, because {}.",
                capital(entry.side.words()),
                entry.toleration.words(),
                by.side.words(),
                by.toleration.words(),
                why.words()
            );
            Step::new(&COVERED_TOLERATION, Mark::Note, finding).at(entry.toleration.span).because(by.toleration.span)
        }));
        steps.extend(self.without_operator().map(|(entry, by)| {
            let finding = format!(
                "{} `{}` stays beside {} `{}`: it has no operator, and only one written as `Equal` would be covered.",
                capital(entry.side.words()),
                entry.toleration.words(),
                by.side.words(),
                by.toleration.words()
            );
            Step::new(&TOLERATION_WITHOUT_OPERATOR, Mark::Note, finding)
                .at(entry.toleration.span)
                .because(by.toleration.span)
        }));
        steps
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::json::{Place, parse};
    use podwhy_source::{InputId, Node};

    fn read(text: &str) -> Vec<Toleration> {
        let place = Place::Within(InputId(0), 0);
        let list: Node = parse(text, place).unwrap();
        list.as_list().unwrap().iter().map(Toleration::read).collect()
    }

    fn check(pod: &str, class: &str, expect: &[&str]) -> Merge {
        let merge = merge(&read(pod), &read(class));
        assert_eq!(merge.tolerations().map(Toleration::words).collect::<Vec<_>>(), expect);
        merge
    }

    #[test]
    fn a_wider_entry_of_the_class_replaces_the_pods() {
        let merge = check(
            r#"[{"key":"gpu","operator":"Equal","value":"a100","effect":"NoSchedule"}]"#,
            r#"[{"key":"gpu","operator":"Exists"}]"#,
            &["gpu"],
        );
        let (entry, by, why) = merge.dropped().next().unwrap();
        assert_eq!((entry.side, by.side, why), (Side::Pod, Side::RuntimeClass, Cover::EveryValue));
        assert!(
            merge.steps().iter().any(|step| step.finding.starts_with("The pod's `gpu=a100:NoSchedule` is dropped"))
        );
    }

    #[test]
    fn an_entry_without_operator_is_not_one_with_equal() {
        let bare = r#"[{"key":"gpu","value":"a"}]"#;
        let equal = r#"[{"key":"gpu","operator":"Equal","value":"a"}]"#;
        let merge = check(bare, equal, &["gpu=a"]);
        assert_eq!(merge.dropped().next().unwrap().0.side, Side::RuntimeClass, "a bare entry covers an Equal one");
        let narrow = r#"[{"key":"gpu","value":"a","effect":"NoSchedule"}]"#;
        let merge = check(narrow, equal, &["gpu=a:NoSchedule", "gpu=a"]);
        assert_eq!(merge.without_operator().count(), 1);
    }

    #[test]
    fn a_shorter_toleration_of_no_execute_does_not_cover() {
        let short = r#"[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":5}]"#;
        let long = r#"[{"key":"a","operator":"Exists","effect":"NoExecute"}]"#;
        check(short, long, &["a:NoExecute"]);
        assert_eq!(covers(&read(short)[0], &read(long)[0]), Err(Gap::Seconds));
    }
}
