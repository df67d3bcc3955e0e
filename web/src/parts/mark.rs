//! The marks: a shape, a colour and a word, so that none of them is needed alone.

use crate::prelude::*;
use podwhy_core::trace;
use podwhy_source::Severity;

/// What a mark says, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A problem that Kubernetes refuses.
    Error,
    /// Allowed, and likely not meant.
    Warning,
    /// Worth knowing.
    Info,
    /// A test that failed.
    No,
    /// A test that held.
    Yes,
    /// Something was found or changed.
    Note,
}

impl Sign {
    /// The word for who does not see the shape.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::No => "no",
            Self::Yes => "yes",
            Self::Note => "note",
        }
    }

    /// The outline around the sign, and the sign in it.
    fn shape(self) -> (&'static str, &'static str) {
        const ROUND: &str = "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z";
        match self {
            Self::Error => ("M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2Z", "M8 4.6v4M8 10.9v.5"),
            Self::Warning => ("M8 1.8 15 14H1Z", "M8 6v3.6M8 11.6v.5"),
            Self::Info => (
                "M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5Z",
                "M8 7.2v4M8 4.6v.5",
            ),
            Self::No => (ROUND, "m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"),
            Self::Yes => (ROUND, "m4.9 8.2 2.2 2.2 4-4.6"),
            Self::Note => ("", "M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z"),
        }
    }
}

impl From<Severity> for Sign {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

impl From<trace::Mark> for Sign {
    fn from(mark: trace::Mark) -> Self {
        match mark {
            trace::Mark::Yes => Self::Yes,
            trace::Mark::No => Self::No,
            trace::Mark::Note => Self::Note,
        }
    }
}

/// The shape in its colour, with its word for screen readers.
pub fn mark(sign: Sign) -> Html {
    let (outline, inside) = sign.shape();
    html! {
        <span class={classes!("mark", sign.word())}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path class="mark-outline" d={outline} />
                <path class="mark-sign" d={inside} />
            </svg>
            <span class="unseen">{ sign.word() }{ ": " }</span>
        </span>
    }
}
