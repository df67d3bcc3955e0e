//! Why an answer is what it is.

use crate::release::Since;
use crate::rule::Rule;
use podwhy_source::Span;
use serde::Serialize;

/// Who says that a value is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It stands in the text.
    Written(Span),
    /// The API server filled it in.
    Defaulted {
        /// The rule that did.
        rule: &'static Rule,
        /// What in the text made it choose this value.
        because: Option<Span>,
    },
    /// Admission or another object brought it.
    Merged {
        /// The rule that did.
        rule: &'static Rule,
        /// Where the value stands.
        from: Option<Span>,
    },
    /// Nothing says so; it is taken for granted until somebody changes it.
    Assumed,
}

impl Origin {
    /// The place that says so, be it in another object.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Written(span) => Some(*span),
            Self::Defaulted { because, .. } => *because,
            Self::Merged { from, .. } => *from,
            Self::Assumed => None,
        }
    }
}

/// A value with its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field<T> {
    /// The value.
    pub value: T,
    /// Who says so.
    pub origin: Origin,
}

/// A value as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// How a step went, for the mark beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The test holds.
    Yes,
    /// The test fails; this is what decided against it.
    No,
    /// Something was found or changed; nothing was decided.
    Note,
}

/// One step on the way to a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The rule at work.
    pub rule: &'static Rule,
    /// How it went.
    pub mark: Mark,
    /// What was found, as a plain sentence about this very input.
    pub finding: String,
    /// The place that the step looks at.
    pub at: Option<Span>,
    /// Other places that led to it.
    pub because: Vec<Span>,
}

impl Step {
    /// A step with its finding. Add places with [`Step::at`] and [`Step::because`].
    #[must_use]
    pub fn new(rule: &'static Rule, mark: Mark, finding: impl ToString) -> Self {
        Self::with_finding(rule, mark, finding.to_string())
    }

    // Called from everywhere; a copy in each place would be downloaded.
    #[inline(never)]
    fn with_finding(rule: &'static Rule, mark: Mark, finding: String) -> Self {
        Self { rule, mark, finding, at: None, because: Vec::new() }
    }

    /// The same step with the place that it looks at.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.at = span.into();
        self
    }

    /// The same step with one more place that led to it.
    #[must_use]
    pub fn because(mut self, span: impl Into<Option<Span>>) -> Self {
        self.because.extend(span.into());
        self
    }
}

/// An outcome with the steps that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision<T> {
    /// What was decided.
    pub outcome: T,
    /// Why, in order.
    pub trace: Vec<Step>,
}

/// The same question answered otherwise by another release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// When the answer changed.
    pub since: Since,
    /// The older releases' answer, as a short sentence.
    pub before: String,
    /// The newer releases' answer, as a short sentence.
    pub after: String,
}
