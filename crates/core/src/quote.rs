//! Texts in double quotes, as Kubernetes prints them.

/// The text as Go's `strconv.Quote` (the verb `%q`) writes it, as it stands in error messages.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Rust's debug form escapes it, Go does not.
            '\'' => out.push(c),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            _ if is_printable(c) => out.push(c),
            _ if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ if c <= '\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// The text as Go's `encoding/json` writes it: `<`, `>`, `&` and the two line separators of Unicode are escaped.
#[must_use]
pub fn quote_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Go's `strconv.IsPrint`. Rust escapes the same characters in a text's debug form, except that it also escapes a
/// combining mark that has nothing to stand on: so the character is asked for behind a letter.
fn is_printable(c: char) -> bool {
    let mut bytes = [0; 5];
    let Some((letter, rest)) = bytes.split_first_mut() else { return false };
    *letter = b'a';
    let length = 1 + c.encode_utf8(rest).len();
    let text = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote("a\"\\\n\u{7f}\u{0}"), r#""a\"\\\n\x7f\x00""#);
        assert_eq!(quote("镜像 é e\u{301} 😀"), "\"镜像 é e\u{301} 😀\"");
        assert_eq!(quote("\u{200b}\u{a0}\u{feff}\u{e0001}"), r#""\u200b\u00a0\ufeff\U000e0001""#);
        assert_eq!(quote("'"), "\"'\"");
    }
}
