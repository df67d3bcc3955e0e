//! From a place in a report to a line on the screen. Everything below the app reaches it as a context.

use crate::prelude::*;
use crate::texts::Texts;
use podwhy_core::release::Release;
use podwhy_core::session::InputKind;
use podwhy_core::trace::Step;
use podwhy_source::Span;
use std::rc::Rc;

/// A place in a text that an open explanation speaks of; its number stands beside the step and beside the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The text it lies in.
    pub kind: InputKind,
    /// The bytes.
    pub span: Span,
    /// The number of the step that names it, from 1.
    pub number: usize,
    /// What the step says.
    pub title: AttrValue,
}

/// What is to be shown beside the answers.
pub enum Shown {
    /// A place: its text is opened, the place selected and scrolled to.
    Place(InputKind, Span),
    /// The places of an opened explanation, in place of those of the one before.
    Evidence(Rc<[Evidence]>),
}

/// The texts that the report on the screen is about, and the way to show a place in them.
#[derive(Clone, PartialEq)]
pub struct Places {
    texts: Texts,
    release: Release,
    show: Callback<Shown>,
}

impl Places {
    /// Places in `texts`, the ones that were evaluated.
    pub fn new(texts: Texts, release: Release, show: Callback<Shown>) -> Self {
        Self { texts, release, show }
    }

    /// The same way to places in other texts: those that an older answer was given for.
    #[must_use]
    pub fn with_texts(&self, texts: Texts) -> Self {
        Self { texts, ..self.clone() }
    }

    /// The chosen release.
    pub fn release(&self) -> Release {
        self.release
    }

    /// The text that a span lies in, and its first line (from 1).
    pub fn line(&self, span: Span) -> Option<(InputKind, u32)> {
        let kind = self.texts.kind_of(span.input)?;
        Some((kind, self.texts.get(kind).lines().line_of(span.start)))
    }

    /// Shows a place: opens its text, selects it, scrolls to it and moves the focus there.
    pub fn reveal(&self, span: Span) {
        if let Some(kind) = self.texts.kind_of(span.input) {
            self.show.emit(Shown::Place(kind, span));
        }
    }

    /// Marks the places of an opened explanation beside the text; nothing else moves. An empty list takes the marks away.
    pub fn mark(&self, steps: &[Step]) {
        let places = steps
            .iter()
            .enumerate()
            .flat_map(|(index, step)| step.at.iter().chain(&step.because).map(move |span| (index + 1, *span, step)));
        let evidence: Rc<[Evidence]> = places
            .filter_map(|(number, span, step)| {
                let kind = self.texts.kind_of(span.input)?;
                Some(Evidence { kind, span, number, title: step.finding.clone().into() })
            })
            .collect();
        self.show.emit(Shown::Evidence(evidence));
    }
}
