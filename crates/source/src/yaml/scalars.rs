//! Scalars, tags and directives: the tokens that hold text.

use super::scanner::Scanner;
use super::tokens::{Kind, Problem, Result};

impl<'a> Scanner<'a> {
    /// A scalar without quotes. Its lines are joined; in a block they must stand further right than the block.
    pub(super) fn plain_scalar(&mut self) -> Result<()> {
        self.save_key()?;
        let start = self.here.at;
        let mut end = start;
        let mut text = String::new();
        let mut gap = Gap::default();
        loop {
            if self.document_indicator().is_some() || self.byte(0) == b'#' {
                break;
            }
            let word = self.here.at;
            while !(self.is_end(0) || self.byte(0) == b':' && self.is_end(1)) {
                if self.in_flow() && b",?[]{}".contains(&self.byte(0)) {
                    break;
                }
                self.skip();
            }
            if self.here.at > word {
                gap.join(&mut text);
                text.push_str(self.since(word));
                end = self.here.at;
            }
            if !(self.is_blank(0) || self.break_length(0) > 0) {
                break;
            }
            while self.is_blank(0) || self.break_length(0) > 0 {
                if self.byte(0) == b'\t' && gap.has_break() && self.here.column <= self.indent {
                    return self.problem("a tab cannot be used for indentation", "Use blanks.");
                }
                self.pass_gap(&mut gap);
            }
            if !self.in_flow() && self.here.column <= self.indent {
                break;
            }
        }
        if gap.has_break() {
            self.allow_key();
        }
        self.push(Kind::Plain, start, "", text);
        self.end_last_at(end);
        Ok(())
    }

    /// A scalar in quotes of either kind.
    pub(super) fn quoted_scalar(&mut self, quote: u8) -> Result<()> {
        let start = self.here.at;
        let mut text = String::new();
        self.skip();
        loop {
            if self.document_indicator().is_some() || self.byte(0) == 0 {
                let message = "a quoted text begins here and never ends";
                return Err(Problem { at: start, message, help: "Add the closing quote." });
            }
            let mut gap = Gap::default();
            while !self.is_end(0) {
                let byte = self.byte(0);
                if byte == quote {
                    if quote == b'"' || self.byte(1) != b'\'' {
                        break;
                    }
                    self.skip();
                } else if byte == b'\\' && quote == b'"' {
                    self.skip();
                    if self.break_length(0) > 0 {
                        self.skip_line();
                        gap.escaped = true;
                        break;
                    }
                    text.push(self.escape()?);
                    continue;
                }
                let from = self.here.at;
                self.skip();
                text.push_str(self.since(from));
            }
            if self.byte(0) == quote {
                break;
            }
            while self.is_blank(0) || self.break_length(0) > 0 {
                self.pass_gap(&mut gap);
            }
            gap.join(&mut text);
        }
        self.skip();
        self.push(Kind::Quoted, start, "", text);
        Ok(())
    }

    /// What stands behind a `\`.
    fn escape(&mut self) -> Result<char> {
        let digits = match self.byte(0) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            other => {
                let value = match other {
                    b'0' => '\0',
                    b'a' => '\u{7}',
                    b'b' => '\u{8}',
                    b't' | b'\t' => '\t',
                    b'n' => '\n',
                    b'v' => '\u{b}',
                    b'f' => '\u{c}',
                    b'r' => '\r',
                    b'e' => '\u{1b}',
                    // Not the slash, though YAML 1.2 has it: go-yaml 2 reads YAML 1.1.
                    b' ' | b'"' | b'\'' | b'\\' => char::from(other),
                    b'N' => '\u{85}',
                    b'_' => '\u{a0}',
                    b'L' => '\u{2028}',
                    b'P' => '\u{2029}',
                    _ => return self.problem("there is no such escape behind `\\`", "Write `\\\\` for a single `\\`."),
                };
                self.skip();
                return Ok(value);
            }
        };
        self.skip();
        let value = self.hexadecimal(digits).and_then(char::from_u32);
        let Some(value) = value else {
            return self.problem("the escape names no character by its hexadecimal number", "");
        };
        for _ in 0..digits {
            self.skip();
        }
        Ok(value)
    }

    fn hexadecimal(&self, digits: usize) -> Option<u32> {
        (0..digits).try_fold(0, |value, at| Some(value << 4 | char::from(self.byte(at)).to_digit(16)?))
    }

    /// A scalar behind `|` or `>`.
    pub(super) fn block_scalar(&mut self, literal: bool) -> Result<()> {
        let start = self.here.at;
        self.skip();
        let (mut chomp, mut increment) = (0, 0);
        for _ in 0..2 {
            match self.byte(0) {
                b'0' => return self.problem("the indentation of a block of text is at least 1", ""),
                sign @ (b'+' | b'-') if chomp == 0 => chomp = sign,
                digit @ b'1'..=b'9' if increment == 0 => increment = digit - b'0',
                _ => break,
            }
            self.skip();
        }
        while self.is_blank(0) {
            self.skip();
        }
        self.pass_comment();
        if self.byte(0) != 0 && self.break_length(0) == 0 {
            return self.problem("the text behind `|` or `>` begins on the next line", "");
        }
        self.skip_line();
        let mut indent = match increment {
            0 => 0,
            increment => self.indent.max(0) + isize::from(increment),
        };
        let (mut text, mut line_end, mut breaks) = (String::new(), "", String::new());
        let mut end = self.block_breaks(&mut indent, &mut breaks)?;
        let mut was_blank = false;
        while self.here.column == indent && self.byte(0) != 0 {
            let is_blank = self.is_blank(0);
            if !literal && line_end == "\n" && !was_blank && !is_blank {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(line_end);
            }
            text.push_str(&breaks);
            breaks.clear();
            was_blank = is_blank;
            let line = self.here.at;
            while self.byte(0) != 0 && self.break_length(0) == 0 {
                self.skip();
            }
            text.push_str(self.since(line));
            // The end counts as a line break: Kubernetes puts one behind every line that it reads.
            line_end = self.skip_line();
            end = self.block_breaks(&mut indent, &mut breaks)?;
        }
        if chomp != b'-' {
            text.push_str(line_end);
        }
        if chomp == b'+' {
            text.push_str(&breaks);
        }
        self.push(Kind::Block, start, "", text);
        self.end_last_at(end);
        Ok(())
    }

    /// Passes the empty lines of a block and the blanks before its next line, and finds its indentation if that is not
    /// known yet (0). The end of the last line passed.
    fn block_breaks(&mut self, indent: &mut isize, breaks: &mut String) -> Result<usize> {
        let mut end = self.here.at;
        let mut widest = 0;
        loop {
            while (*indent == 0 || self.here.column < *indent) && self.byte(0) == b' ' {
                self.skip();
            }
            widest = widest.max(self.here.column);
            if (*indent == 0 || self.here.column < *indent) && self.byte(0) == b'\t' {
                return self.problem("a tab cannot be used for indentation", "Use blanks.");
            }
            if self.break_length(0) == 0 {
                break;
            }
            breaks.push_str(self.skip_line());
            end = self.here.at;
        }
        if *indent == 0 {
            *indent = widest.max(self.indent + 1).max(1);
        }
        Ok(end)
    }

    fn pass_gap(&mut self, gap: &mut Gap<'a>) {
        if self.break_length(0) > 0 {
            gap.line_break(self.skip_line());
        } else {
            let start = self.here.at;
            self.skip();
            if !gap.has_break() {
                gap.blanks.push_str(self.since(start));
            }
        }
    }

    /// `!suffix`, `!handle!suffix` or `!<whole>`.
    pub(super) fn tag(&mut self) -> Result<()> {
        let start = self.here.at;
        let mut text = String::new();
        let mut handle = "";
        if self.byte(1) == b'<' {
            self.skip();
            self.skip();
            self.tag_uri(&mut text)?;
            if text.is_empty() || self.byte(0) != b'>' {
                return self.problem("a tag in `<…>` needs a name and the closing `>`", "");
            }
            self.skip();
        } else {
            self.skip();
            let name = self.word();
            if self.byte(0) == b'!' {
                self.skip();
                handle = self.since(start);
                self.tag_uri(&mut text)?;
                if text.is_empty() {
                    return self.problem("a tag's name is missing", "A value that begins with `!` needs quotes.");
                }
            } else {
                handle = "!";
                text.push_str(name);
                self.tag_uri(&mut text)?;
            }
        }
        if !self.is_end(0) {
            return self.problem("a blank must follow a tag", "A value that begins with `!` needs quotes.");
        }
        self.push(Kind::Tag, start, handle, text);
        Ok(())
    }

    fn tag_uri(&mut self, text: &mut String) -> Result<()> {
        let mut bytes = Vec::new();
        loop {
            match self.byte(0) {
                b'%' => {
                    self.skip();
                    let Some(value) = self.hexadecimal(2).and_then(|value| u8::try_from(value).ok()) else {
                        return self.problem("two hexadecimal digits must follow `%` in a tag", "");
                    };
                    self.skip();
                    bytes.push(value);
                }
                byte if byte.is_ascii_alphanumeric() || b"-_;/?:@&=+$,.!~*'()[]".contains(&byte) => bytes.push(byte),
                _ => break,
            }
            self.skip();
        }
        match String::from_utf8(bytes) {
            Ok(more) => text.push_str(&more),
            Err(_) => return self.problem("the escapes in a tag give no text", ""),
        }
        Ok(())
    }

    /// `%YAML 1.1` or `%TAG !handle! prefix`.
    pub(super) fn directive(&mut self) -> Result<()> {
        let start = self.here.at;
        self.skip();
        let kind = match self.word() {
            "YAML" => Kind::Version,
            "TAG" => Kind::TagDirective,
            _ => {
                return self
                    .problem("there is no directive of this name", "A value that begins with `%` needs quotes.");
            }
        };
        self.pass_gap_in_line();
        let (mut name, mut text) = ("", String::new());
        if kind == Kind::Version {
            let version = self.here.at;
            while !self.is_end(0) {
                self.skip();
            }
            if self.since(version) != "1.1" {
                return self.problem("this version of YAML is unknown to Kubernetes, which reads 1.1", "");
            }
        } else {
            let from = self.here.at;
            if self.byte(0) == b'!' {
                self.skip();
                self.word();
                if self.byte(0) == b'!' {
                    self.skip();
                }
            }
            name = self.since(from);
            let blank = self.is_blank(0);
            self.pass_gap_in_line();
            self.tag_uri(&mut text)?;
            if !(blank && name.starts_with('!') && (name == "!" || name.ends_with('!')) && !text.is_empty()) {
                return self.problem("a `%TAG` needs a handle such as `!a!` and what it stands for", "");
            }
        }
        if !self.is_end(0) {
            return self.problem("something stands behind a directive", "");
        }
        self.push(kind, start, name, text);
        self.pass_gap_in_line();
        self.pass_comment();
        if self.byte(0) != 0 && self.break_length(0) == 0 {
            return self.problem("something stands behind a directive", "");
        }
        self.skip_line();
        Ok(())
    }

    fn pass_gap_in_line(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }
}

/// Blanks and line breaks between the words of a scalar: one line break counts as a blank, further ones as
/// themselves, and blanks beside a line break not at all.
#[derive(Default)]
struct Gap<'a> {
    blanks: String,
    first: Option<&'a str>,
    further: String,
    /// The first line break stands behind a `\` and counts for nothing.
    escaped: bool,
}

impl<'a> Gap<'a> {
    fn has_break(&self) -> bool {
        self.escaped || self.first.is_some()
    }

    fn line_break(&mut self, text: &'a str) {
        if self.has_break() {
            self.further.push_str(text);
        } else {
            self.first = Some(text);
        }
    }

    /// Writes what counts, and begins anew.
    fn join(&mut self, text: &mut String) {
        match self.first {
            Some("\n") if self.further.is_empty() => text.push(' '),
            Some("\n") => {}
            Some(other) => text.push_str(other),
            None if self.escaped => {}
            None => text.push_str(&self.blanks),
        }
        text.push_str(&self.further);
        *self = Self::default();
    }
}
