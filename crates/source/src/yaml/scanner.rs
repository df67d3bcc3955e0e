//! The text to tokens, by the rules of libyaml's scanner, which Kubernetes' reader is a translation of.
//!
//! Whether a scalar is a key shows only at the `:` behind it. Until then its place is remembered, and its token waits.

use super::tokens::{Kind, Problem, Result, Token};

/// How far behind the beginning of a key its `:` may stand, in characters.
const LONGEST_KEY: usize = 1024;

/// A place in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// In bytes.
    pub at: usize,
    /// In characters from the beginning of the text.
    index: usize,
    line: usize,
    /// In characters from the beginning of the line.
    pub column: isize,
}

/// Something that is a key if a `:` follows.
#[derive(Clone, Copy)]
struct PossibleKey {
    mark: Mark,
    /// The number of its token, counted from the text's beginning.
    token: usize,
    /// It stands where nothing else than a key can.
    required: bool,
}

/// Reads tokens one after another.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) here: Mark,
    /// Tokens that are read; those before `head` are taken.
    tokens: Vec<Token<'a>>,
    head: usize,
    /// How many were taken and are no longer in `tokens`.
    gone: usize,
    /// The column of the innermost block, -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    key_allowed: bool,
    /// The last possible key outside of all flow collections, and in each open one.
    keys: Vec<Option<PossibleKey>>,
    /// The token for the end was read.
    ended: bool,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        // A byte order mark takes no column.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self {
            text,
            here: Mark { at, ..Mark::default() },
            tokens: Vec::new(),
            head: 0,
            gone: 0,
            indent: -1,
            indents: Vec::new(),
            key_allowed: true,
            keys: vec![None],
            ended: false,
        }
    }

    /// The next token; behind the last one it is the end of the stream for ever.
    pub fn next(&mut self) -> Result<Token<'a>> {
        while self.needs_more()? {
            self.fetch()?;
        }
        let end = self.token(Kind::StreamEnd, self.here.at);
        let Some(token) = self.tokens.get_mut(self.head) else { return Ok(end) };
        let token = std::mem::replace(token, end);
        self.head += 1;
        if self.head == self.tokens.len() {
            self.gone += self.head;
            self.head = 0;
            self.tokens.clear();
        }
        Ok(token)
    }

    /// Whether the first token that waits may still turn out to stand behind the beginning of a key.
    fn needs_more(&mut self) -> Result<bool> {
        if self.tokens.is_empty() {
            return Ok(!self.ended);
        }
        self.drop_stale_keys()?;
        let next = self.gone + self.head;
        Ok(self.keys.iter().flatten().any(|key| key.token == next))
    }

    /// Reads at least one token.
    fn fetch(&mut self) -> Result<()> {
        self.pass_blanks();
        self.drop_stale_keys()?;
        self.close_blocks(self.here.column);
        let first = self.byte(0);
        if self.here.column == 0 {
            if let Some(indicator) = self.document_indicator() {
                self.leave_everything()?;
                return self.indicator(indicator, 3);
            }
            if first == b'%' {
                self.leave_everything()?;
                return self.directive();
            }
        }
        let in_flow = self.in_flow();
        let alone = self.is_end(1);
        match first {
            0 => {
                // As if a new line began: no key stands open behind the end.
                self.here.column = 0;
                self.here.line += 1;
                self.leave_everything()?;
                self.ended = true;
                self.indicator(Kind::StreamEnd, 0)
            }
            b'[' => self.open_flow(Kind::FlowList),
            b'{' => self.open_flow(Kind::FlowMap),
            b']' => self.close_flow(Kind::FlowListEnd),
            b'}' => self.close_flow(Kind::FlowMapEnd),
            b',' => {
                self.forget_key()?;
                self.key_allowed = true;
                self.indicator(Kind::FlowEntry, 1)
            }
            b'-' if alone => self.block_entry(),
            b'?' if in_flow || alone => self.key(),
            b':' if in_flow || alone => self.value(),
            b'*' => self.anchor(Kind::Alias),
            b'&' => self.anchor(Kind::Anchor),
            b'!' => {
                self.save_key()?;
                self.tag()
            }
            b'|' | b'>' if !in_flow => {
                self.forget_key()?;
                self.key_allowed = true;
                self.block_scalar(first == b'|')
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.quoted_scalar(first)
            }
            b'-' if !self.is_blank(1) => self.plain_scalar(),
            b'?' | b':' if !in_flow => self.plain_scalar(),
            b'\t' => self.problem("a tab cannot be used for indentation", "Use blanks."),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                self.problem("a value cannot begin with this character", "Put the value in quotes.")
            }
            _ => self.plain_scalar(),
        }
    }

    /// Goes to where the next token begins. Tabs may not indent: where a key may stand they stay and are refused.
    fn pass_blanks(&mut self) {
        loop {
            while self.byte(0) == b' ' || (self.byte(0) == b'\t' && (self.in_flow() || !self.key_allowed)) {
                self.skip();
            }
            self.pass_comment();
            if self.break_length(0) == 0 {
                return;
            }
            self.skip_line();
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    pub(super) fn pass_comment(&mut self) {
        if self.byte(0) == b'#' {
            while self.byte(0) != 0 && self.break_length(0) == 0 {
                self.skip();
            }
        }
    }

    /// `---` or `...` at the beginning of a line.
    pub(super) fn document_indicator(&self) -> Option<Kind> {
        let kind = match self.rest().get(..3) {
            Some("---") => Kind::DocumentStart,
            Some("...") => Kind::DocumentEnd,
            _ => return None,
        };
        (self.here.column == 0 && self.is_end(3)).then_some(kind)
    }

    /// Before anything that stands between documents.
    fn leave_everything(&mut self) -> Result<()> {
        self.close_blocks(-1);
        self.key_allowed = false;
        self.forget_key()
    }

    fn open_flow(&mut self, kind: Kind) -> Result<()> {
        self.save_key()?;
        self.keys.push(None);
        self.key_allowed = true;
        self.indicator(kind, 1)
    }

    fn close_flow(&mut self, kind: Kind) -> Result<()> {
        self.forget_key()?;
        if self.in_flow() {
            self.keys.pop();
        }
        self.key_allowed = false;
        self.indicator(kind, 1)
    }

    fn block_entry(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.problem(
                    "a list element cannot stand here",
                    "Compare the indentation of the `-` with the other elements of the list.",
                );
            }
            self.open_block(Kind::BlockList, self.here, self.gone + self.tokens.len());
        }
        self.forget_key()?;
        self.key_allowed = true;
        self.indicator(Kind::BlockEntry, 1)
    }

    fn key(&mut self) -> Result<()> {
        self.open_block_map()?;
        self.forget_key()?;
        self.key_allowed = !self.in_flow();
        self.indicator(Kind::Key, 1)
    }

    fn value(&mut self) -> Result<()> {
        match self.keys.last_mut().and_then(Option::take) {
            Some(PossibleKey { mark, token, .. }) => {
                let key = self.token(Kind::Key, mark.at);
                self.insert(token, key);
                self.open_block(Kind::BlockMap, mark, token);
                self.key_allowed = false;
            }
            None => {
                self.open_block_map()?;
                self.key_allowed = !self.in_flow();
            }
        }
        self.indicator(Kind::Value, 1)
    }

    /// Before a `?`, or a `:` that no key on the same line belongs to.
    fn open_block_map(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.problem(
                    "a key with `:` cannot stand here",
                    "Compare the indentation with the lines above, and put a value that contains `: ` in quotes.",
                );
            }
            self.open_block(Kind::BlockMap, self.here, self.gone + self.tokens.len());
        }
        Ok(())
    }

    /// A block begins where something stands further to the right than the block around it.
    fn open_block(&mut self, kind: Kind, mark: Mark, number: usize) {
        if !self.in_flow() && self.indent < mark.column {
            self.indents.push(self.indent);
            self.indent = mark.column;
            let token = self.token(kind, mark.at);
            self.insert(number, token);
        }
    }

    /// Blocks end where something stands further to the left.
    fn close_blocks(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            let token = self.token(Kind::BlockEnd, self.here.at);
            self.tokens.push(token);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn anchor(&mut self, kind: Kind) -> Result<()> {
        self.save_key()?;
        let start = self.here.at;
        self.skip();
        let name = self.word();
        if name.is_empty() || !(self.is_end(0) || b"?:,]}%@`".contains(&self.byte(0))) {
            return self.problem(
                "the name behind `&` or `*` is made of letters, digits, `-` and `_`",
                "A value that begins with `*` or `&` needs quotes.",
            );
        }
        self.push(kind, start, name, String::new());
        Ok(())
    }

    /// Letters, digits, `-` and `_`.
    pub(super) fn word(&mut self) -> &'a str {
        let start = self.here.at;
        while self.byte(0).is_ascii_alphanumeric() || matches!(self.byte(0), b'-' | b'_') {
            self.skip();
        }
        self.since(start)
    }

    /// Remembers that what begins here may be a key.
    pub(super) fn save_key(&mut self) -> Result<()> {
        if self.key_allowed {
            let required = !self.in_flow() && self.indent == self.here.column;
            self.forget_key()?;
            let key = PossibleKey { mark: self.here, token: self.gone + self.tokens.len(), required };
            if let Some(last) = self.keys.last_mut() {
                *last = Some(key);
            }
        }
        self.key_allowed = false;
        Ok(())
    }

    /// What was a possible key is none.
    fn forget_key(&mut self) -> Result<()> {
        match self.keys.last_mut().and_then(Option::take) {
            Some(key) if key.required => no_colon(&key),
            _ => Ok(()),
        }
    }

    /// A key stands on one line with its `:`, and not too far from it.
    fn drop_stale_keys(&mut self) -> Result<()> {
        for place in &mut self.keys {
            if let Some(key) = *place
                && (key.mark.line < self.here.line || key.mark.index + LONGEST_KEY < self.here.index)
            {
                if key.required {
                    return no_colon(&key);
                }
                *place = None;
            }
        }
        Ok(())
    }

    /// A scalar that goes over lines lets a key stand behind it.
    pub(super) fn allow_key(&mut self) {
        self.key_allowed = true;
    }

    /// Whether this stands between brackets or braces.
    pub(super) fn in_flow(&self) -> bool {
        self.keys.len() > 1
    }

    fn token(&self, kind: Kind, start: usize) -> Token<'a> {
        Token { kind, start, end: start, name: "", text: String::new() }
    }

    fn insert(&mut self, number: usize, token: Token<'a>) {
        self.tokens.insert((number - self.gone).min(self.tokens.len()), token);
    }

    /// A token that ends here.
    pub(super) fn push(&mut self, kind: Kind, start: usize, name: &'a str, text: String) {
        self.tokens.push(Token { kind, start, end: self.here.at, name, text });
    }

    /// The last token ends before where this is.
    pub(super) fn end_last_at(&mut self, end: usize) {
        if let Some(token) = self.tokens.last_mut() {
            token.end = end;
        }
    }

    /// A token of so many characters.
    fn indicator(&mut self, kind: Kind, length: usize) -> Result<()> {
        let start = self.here.at;
        for _ in 0..length {
            self.skip();
        }
        self.push(kind, start, "", String::new());
        Ok(())
    }

    pub(super) fn problem<T>(&self, message: &'static str, help: &'static str) -> Result<T> {
        Err(Problem { at: self.here.at, message, help })
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.here.at..).unwrap_or_default()
    }

    /// What was passed since `start`.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.here.at).unwrap_or_default()
    }

    /// The byte so far ahead; 0 is the end, since it may not stand in a text.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.here.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// How many bytes the line break there has; 0 if there is none.
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\r' | b'\n' => 1,
            // U+0085, U+2028 and U+2029.
            0xc2 if self.byte(ahead + 1) == 0x85 => 2,
            0xe2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    /// Whether a blank, a line break or the end stands there.
    pub(super) fn is_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_blank(ahead) || self.break_length(ahead) > 0
    }

    /// Passes one character.
    pub(super) fn skip(&mut self) {
        self.here.at += 1;
        while self.byte(0) & 0xc0 == 0x80 {
            self.here.at += 1;
        }
        self.here.index += 1;
        self.here.column += 1;
    }

    /// Passes one line break, if one is here, and says how it counts in a scalar.
    pub(super) fn skip_line(&mut self) -> &'a str {
        let start = self.here.at;
        let length = self.break_length(0);
        self.here.at += length;
        self.here.index += length.min(2);
        self.here.line += 1;
        self.here.column = 0;
        if length == 3 { self.since(start) } else { "\n" }
    }
}

fn no_colon(key: &PossibleKey) -> Result<()> {
    let help = "Either a `:` is missing or the line is indented differently from its neighbours.";
    Err(Problem { at: key.mark.at, message: "expected a key followed by `:`", help })
}
