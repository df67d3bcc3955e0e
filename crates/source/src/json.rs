//! JSON with byte positions, accepting exactly what Go's `encoding/json` accepts.
//!
//! Duplicate keys stay in the tree, invalid UTF-16 escapes become U+FFFD, nesting deeper than 10,000 is an
//! error, and a byte order mark, comments or text after the value are refused. Reading never recurses, so
//! hostile nesting cannot exhaust the stack.

use crate::float;
use crate::node::{Entry, Map, Node, Number, Value};
use crate::span::{InputId, Span};

/// Go's limit: `encoding/json` refuses deeper nesting ("exceeded max depth").
pub const MAX_DEPTH: usize = 10_000;

/// Values nested deeper than this are checked but not kept (they read as null): nothing that Kubernetes reads
/// is nested so deep, and dropping a deep tree would recurse.
pub const KEPT_DEPTH: usize = 200;

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong, as a plain sentence without the place.
    pub message: String,
    /// The place at which reading stopped.
    pub span: Span,
}

/// Where the nodes of a parsed text point.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The text is itself an input, or a piece of it that begins at this byte.
    Within(InputId, usize),
    /// The text is hidden inside a value (base64 in a Secret): every node points at that value.
    Inside(Span),
}

impl Place {
    fn span(self, start: usize, end: usize) -> Span {
        match self {
            Place::Within(input, offset) => Span::new(input, offset + start, offset + end),
            Place::Inside(span) => span,
        }
    }
}

/// Reads one JSON value.
///
/// # Errors
/// The first place at which the text is not JSON.
pub fn parse(text: &str, place: Place) -> Result<Node, JsonError> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, place };
    let node = reader.document()?;
    reader.skip_white();
    if reader.at < reader.bytes.len() {
        return Err(reader.error("there is text after the end of the JSON value"));
    }
    Ok(node)
}

/// An object or list that is still open.
enum Open {
    List { start: usize, items: Vec<Node> },
    Map { start: usize, map: Map, key: String, key_span: Span },
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    place: Place,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, JsonError> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            // A value begins here, or an empty list or object ends here.
            self.skip_white();
            let start = self.at;
            let mut done = match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    self.check_depth(open.len())?;
                    self.skip_white();
                    if self.peek() == Some(b'}') {
                        self.at += 1;
                        self.node(start, Value::Map(Map::default()))
                    } else {
                        let (key, key_span) = self.key()?;
                        open.push(Open::Map { start, map: Map::default(), key, key_span });
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    self.check_depth(open.len())?;
                    self.skip_white();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        self.node(start, Value::List(Vec::new()))
                    } else {
                        open.push(Open::List { start, items: Vec::new() });
                        continue;
                    }
                }
                _ => self.scalar()?,
            };
            // The value is complete; close whatever it completes.
            loop {
                let depth = open.len();
                if depth > KEPT_DEPTH {
                    done.value = Value::Null;
                }
                let Some(top) = open.pop() else { return Ok(done) };
                self.skip_white();
                let next = self.peek();
                match top {
                    Open::List { start, mut items } => {
                        items.push(done);
                        match next {
                            Some(b',') => {
                                self.at += 1;
                                open.push(Open::List { start, items });
                                break;
                            }
                            Some(b']') => {
                                self.at += 1;
                                done = self.node(start, Value::List(items));
                            }
                            _ => return Err(self.error("expected `,` or `]` after a list element")),
                        }
                    }
                    Open::Map { start, mut map, key, key_span } => {
                        map.entries.push(Entry { key, key_span, value: done });
                        match next {
                            Some(b',') => {
                                self.at += 1;
                                self.skip_white();
                                let (key, key_span) = self.key()?;
                                open.push(Open::Map { start, map, key, key_span });
                                break;
                            }
                            Some(b'}') => {
                                self.at += 1;
                                done = self.node(start, Value::Map(map));
                            }
                            _ => return Err(self.error("expected `,` or `}` after a value")),
                        }
                    }
                }
            }
        }
    }

    fn key(&mut self) -> Result<(String, Span), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key in double quotes"));
        }
        let start = self.at;
        let key = self.string()?;
        let span = self.place.span(start, self.at);
        self.skip_white();
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:` after a key"));
        }
        self.at += 1;
        Ok((key, span))
    }

    fn scalar(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.string()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(_) => return Err(self.error("expected a value")),
            None => return Err(self.error("the text ends in the middle of a JSON value")),
        };
        Ok(self.node(start, value))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.error("expected a value; texts stand in double quotes"))
        }
    }

    fn number(&mut self) -> Result<Number, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return Err(self.error("expected a digit"));
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            whole = false;
            if self.digits() == 0 {
                return Err(self.error("expected a digit after the decimal point"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            whole = false;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.error("expected a digit in the exponent"));
            }
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if whole {
            if let Ok(value) = written.parse() {
                return Ok(Number::Int(value));
            }
            if let Ok(value) = written.parse() {
                return Ok(Number::UInt(value));
            }
        }
        Ok(Number::Float(float::parse(written).unwrap_or(f64::INFINITY)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.rest().find(['"', '\\']).unwrap_or(self.rest().len());
            let piece = self.rest().get(..plain).unwrap_or_default();
            if let Some(bad) = piece.find(|c: char| c < ' ') {
                self.at += bad;
                return Err(self.error("a control character in a text must be written as an escape"));
            }
            out.push_str(piece);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(_) => out.push(self.escape()?),
                None => return Err(self.error("the text ends inside a quoted text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let escape = self.bytes.get(self.at + 1).copied();
        let plain = match escape {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex(self.at + 2)?;
                self.at += 6;
                // A surrogate pair is two escapes; a lone half reads as U+FFFD, as in Go.
                if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                    let second = self.hex(self.at + 2)?;
                    if (0xdc00..0xe000).contains(&second) {
                        self.at += 6;
                        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            _ => return Err(self.error("unknown escape in a quoted text")),
        };
        self.at += 2;
        Ok(plain)
    }

    fn hex(&self, at: usize) -> Result<u32, JsonError> {
        self.text
            .get(at..at + 4)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.error("expected four hexadecimal digits after \\u"))
    }

    fn check_depth(&self, depth: usize) -> Result<(), JsonError> {
        if depth >= MAX_DEPTH { Err(self.error("nested deeper than 10,000 levels")) } else { Ok(()) }
    }

    fn node(&self, start: usize, value: Value) -> Node {
        Node::new(self.place.span(start, self.at), value)
    }

    fn skip_white(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, message: &str) -> JsonError {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        JsonError { message: message.to_owned(), span: self.place.span(self.at, self.at + width) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, JsonError> {
        parse(text, Place::Within(InputId(0), 0))
    }

    #[test]
    fn keeps_order_duplicates_and_places() {
        let text = r#"{"b": 1, "a": [true, null], "b": "x"}"#;
        let node = read(text).unwrap();
        let map = node.as_map().unwrap();
        assert_eq!(map.entries.iter().map(|e| e.key.as_str()).collect::<Vec<_>>(), ["b", "a", "b"]);
        assert_eq!(map.get("b").unwrap().as_text(), Some("x"));
        assert_eq!(map.get("a").unwrap().span.slice(text), "[true, null]");
    }

    #[test]
    fn reads_escapes_as_go_does() {
        assert_eq!(read(r#""😀\ud83dx\u00e4""#).unwrap().as_text(), Some("😀\u{fffd}xä"));
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in [
            "",
            "\u{feff}{}",
            "{} x",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            "+1",
            "'a'",
            "\"\n\"",
            "nul",
            "\"\\x\"",
            "[",
            "{\"a\"}",
        ] {
            assert!(read(text).is_err(), "{text:?} was read");
        }
    }

    #[test]
    fn numbers_take_the_smallest_form_that_holds_them() {
        assert_eq!(read("18446744073709551615").unwrap().value, Value::Number(Number::UInt(u64::MAX)));
        assert_eq!(read("-5").unwrap().value, Value::Number(Number::Int(-5)));
        assert_eq!(read("3e1").unwrap().as_int(), Some(30));
    }

    #[test]
    fn deep_nesting_is_an_error_only_beyond_the_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(MAX_DEPTH)).is_ok());
        assert!(read(&nested(MAX_DEPTH + 1)).is_err());
        assert!(read(&"[".repeat(1_000_000)).is_err());
    }
}
