//! How much of a hostile text is read before reading stops with a plain message.

/// Limits that hold for one text. Every limit is far above what people paste and far below what hurts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of text that are read; documents that end beyond are refused.
    pub bytes: usize,
    /// Values of all documents together, after aliases have been replaced by what they stand for.
    pub nodes: usize,
    /// Levels of nesting. Dropping and copying a tree recurse, and a browser's stack is small.
    pub depth: usize,
    /// Values that aliases add, all documents together.
    pub alias_nodes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 8 << 20, nodes: 1_000_000, depth: 200, alias_nodes: 100_000 }
    }
}
