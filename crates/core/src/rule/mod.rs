//! What Kubernetes does, each rule written once: the page, the command line and the documentation show these words.
//!
//! Each file here holds the rules of one stage. A [`DocNote`] is a claim of the documentation that the code does
//! not keep; it is shown only where it bears on what was pasted.

pub mod admission;
pub mod api;
pub mod controllers;
pub mod credentials;
pub mod defaulting;
pub mod environment;
pub mod events;
pub mod image;
pub mod lifecycle;
pub(crate) mod pages;
pub mod pulls;
pub mod runtime;
pub mod scheduling;
pub mod validation;

use crate::release::{Release, Since};
use serde::Serialize;

/// The stage of a pod's life that a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Reading what was pasted, as the API server reads it.
    Api,
    /// What the API server fills in and admission changes.
    Admission,
    /// Image names and pull policies.
    Image,
    /// Which credentials the kubelet finds and in which order it tries them.
    Credentials,
    /// Pulls on the node: when they are made, what they fail with, how long they wait.
    Pulls,
    /// What is printed: columns and events.
    Events,
    /// Hooks, starts and stops of containers.
    Lifecycle,
    /// What the API server refuses in an object's fields.
    Validation,
    /// What the API server fills in.
    Defaulting,
    /// What controllers make of templates.
    Controllers,
    /// What the container sees of the world: variables, arguments, its own name.
    Environment,
    /// On which nodes a pod may run.
    Scheduling,
    /// What the node's container runtime does.
    Runtime,
}

/// A page of the documentation, and the heading on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DocLink {
    /// The page below `https://kubernetes.io/docs/`, with a closing slash: `concepts/containers/images/`.
    pub page: &'static str,
    /// The heading's anchor, without `#`; empty for the whole page.
    pub heading: &'static str,
}

impl DocLink {
    /// The page's full address.
    #[must_use]
    pub fn url(&self) -> String {
        let separator = if self.heading.is_empty() { "" } else { "#" };
        format!("https://kubernetes.io/docs/{}{separator}{}", self.page, self.heading)
    }
}

/// One thing that Kubernetes does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// A stable name, `stage.what`.
    pub id: &'static str,
    /// The rule in one plain sentence.
    pub title: &'static str,
    /// Where in a pod's life it acts.
    pub stage: Stage,
    /// Where the documentation speaks of it.
    pub doc: Option<DocLink>,
    /// The file and function of Kubernetes that does it.
    pub upstream: &'static str,
    /// Since when, where it was not always so.
    pub since: Option<Since>,
    /// Until when, where it is no longer so: the change that ended it.
    pub until: Option<Since>,
}

impl Rule {
    /// Whether a component of `release` acts by it.
    #[must_use]
    pub fn holds_in(&self, release: Release) -> bool {
        self.since.is_none_or(|since| since.holds_in(release))
            && !self.until.is_some_and(|until| until.holds_in(release))
    }
}

/// A claim of the documentation that the code does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DocNote {
    /// A stable name.
    pub id: &'static str,
    /// What the documentation says, in our words.
    pub claim: &'static str,
    /// What Kubernetes really does.
    pub truth: &'static str,
    /// The editions that make the claim, such as `v1.20, v1.21 and v1.26`, or `all`.
    pub editions: &'static str,
    /// The page that makes it.
    pub doc: DocLink,
    /// Where the truth can be seen: a function of Kubernetes or an issue's address.
    pub evidence: &'static str,
}

/// Every rule, stage by stage.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        api::RULES,
        admission::RULES,
        image::RULES,
        credentials::RULES,
        pulls::RULES,
        events::RULES,
        lifecycle::RULES,
        validation::RULES,
        defaulting::RULES,
        controllers::RULES,
        environment::RULES,
        scheduling::RULES,
        runtime::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Declares rules as constants, and the table that lists them.
macro_rules! rules {
    ($stage:ident; $($name:ident { id: $id:literal, title: $title:literal, doc: $doc:expr, upstream: $upstream:literal $(, since: $since:expr)? $(, until: $until:expr)? $(,)? })*) => {
        $(
            #[doc = $title]
            pub static $name: crate::rule::Rule = crate::rule::Rule {
                id: $id,
                title: $title,
                stage: crate::rule::Stage::$stage,
                doc: $doc,
                upstream: $upstream,
                since: rules!(@when $($since)?),
                until: rules!(@when $($until)?),
            };
        )*
        /// The rules of this stage.
        pub static RULES: &[&crate::rule::Rule] = &[$(&$name),*];
    };
    (@when $when:expr) => { Some($when) };
    (@when) => { None };
}

/// Declares disagreements between documentation and code, and the table that lists them.
macro_rules! doc_notes {
    ($($name:ident { id: $id:literal, claim: $claim:literal, truth: $truth:literal, editions: $editions:literal, doc: $doc:expr, evidence: $evidence:literal $(,)? })*) => {
        $(
            #[doc = $truth]
            pub static $name: crate::rule::DocNote = crate::rule::DocNote {
                id: $id, claim: $claim, truth: $truth, editions: $editions, doc: $doc, evidence: $evidence,
            };
        )*
        /// The disagreements of this stage.
        pub static DOC_NOTES: &[&crate::rule::DocNote] = &[$(&$name),*];
    };
}
pub(crate) use {doc_notes, rules};

/// A page and a heading, for the tables.
pub(crate) const fn doc(page: &'static str, heading: &'static str) -> Option<DocLink> {
    Some(DocLink { page, heading })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every disagreement between documentation and code.
    fn documentation_notes() -> impl Iterator<Item = &'static DocNote> {
        [
            admission::DOC_NOTES,
            image::DOC_NOTES,
            credentials::DOC_NOTES,
            environment::DOC_NOTES,
            lifecycle::DOC_NOTES,
            validation::DOC_NOTES,
            runtime::DOC_NOTES,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    #[test]
    fn every_rule_and_note_has_a_name_of_its_own() {
        let mut seen = BTreeSet::new();
        for id in super::all().map(|rule| rule.id).chain(documentation_notes().map(|note| note.id)) {
            assert!(seen.insert(id), "{id} stands twice");
        }
    }

    #[test]
    fn every_rule_says_what_and_where() {
        for rule in super::all() {
            assert!(rule.title.ends_with('.'), "{}: the title is a sentence", rule.id);
            assert!(rule.upstream.contains('/') || rule.upstream.contains('.'), "{}: names no code", rule.id);
        }
    }
}
