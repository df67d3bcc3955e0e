//! What the scanner finds in a text, and what it complains of.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    StreamEnd,
    /// `%YAML`; its version is no longer of interest.
    Version,
    /// `%TAG`: the handle is the name, what it stands for the text.
    TagDirective,
    DocumentStart,
    DocumentEnd,
    /// A block list begins here; nothing is written for it, nor for the next two.
    BlockList,
    BlockMap,
    BlockEnd,
    FlowList,
    FlowListEnd,
    FlowMap,
    FlowMapEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `?`, or what stands before a key without it.
    Key,
    /// `:`
    Value,
    Alias,
    Anchor,
    /// The handle is the name, the rest the text.
    Tag,
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes.
    Quoted,
    /// A scalar behind `|` or `>`.
    Block,
}

/// One token and where it stands, in bytes.
#[derive(Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// The name of an anchor or alias, or a tag's handle.
    pub name: &'a str,
    /// A scalar's value, or the rest of a tag.
    pub text: String,
}

/// Why a text is no YAML: where, what, and what to look at (or nothing).
#[derive(Debug)]
pub(super) struct Problem {
    pub at: usize,
    pub message: &'static str,
    pub help: &'static str,
}

pub(super) type Result<T> = std::result::Result<T, Problem>;
