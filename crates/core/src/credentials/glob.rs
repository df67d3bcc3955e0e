//! One label of a key against one label of an image: Go's `filepath.Match`, as far as a host can hold its syntax.
//!
//! A host that `net/url` accepts has no `?`, `\`, `^` or `/`, so only `*` and plain classes are left.

/// The pattern is not well-formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadPattern;

/// What stands between two stars.
struct Chunk<'a> {
    after_star: bool,
    text: &'a [u8],
}

enum Token {
    Byte(u8),
    Class(Vec<(char, char)>),
}

/// Whether `name` fits `pattern`. Takes time proportional to the product of their lengths at most. What stands behind
/// the first chunk that does not fit is not looked at, so it may be malformed.
pub(super) fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    let chunks = chunks(pattern);
    let mut name = name;
    for (at, chunk) in chunks.iter().enumerate() {
        let last = at + 1 == chunks.len();
        if chunk.text.is_empty() && last {
            return Ok(true);
        }
        let tokens = tokens(chunk.text)?;
        let skips = if chunk.after_star { name.len() } else { 0 };
        let found = (0..=skips).find_map(|skip| {
            let rest = strip_from(name.get(skip..)?, &tokens)?;
            // The last chunk must use up the name; an earlier one takes the first place that fits.
            (!last || rest.is_empty()).then_some(rest)
        });
        match found {
            Some(rest) => name = rest,
            None => return Ok(false),
        }
    }
    Ok(name.is_empty())
}

/// What is left of `name` after these tokens, if it begins with them.
fn strip_from<'a>(name: &'a [u8], tokens: &[Token]) -> Option<&'a [u8]> {
    let mut rest = name;
    for token in tokens {
        rest = match token {
            Token::Byte(byte) => rest.strip_prefix(std::slice::from_ref(byte))?,
            Token::Class(ranges) => {
                let (letter, after) = first_char(rest)?;
                ranges.iter().any(|(low, high)| (low..=high).contains(&&letter)).then_some(after)?
            }
        };
    }
    Some(rest)
}

fn chunks(pattern: &[u8]) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let stars = rest.iter().take_while(|byte| **byte == b'*').count();
        rest = rest.get(stars..).unwrap_or_default();
        let mut in_class = false;
        let end = rest.iter().position(|byte| {
            match byte {
                b'[' => in_class = true,
                b']' => in_class = false,
                _ => {}
            }
            *byte == b'*' && !in_class
        });
        let (text, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or_default();
        chunks.push(Chunk { after_star: stars > 0, text });
        rest = after;
    }
    chunks
}

fn tokens(chunk: &[u8]) -> Result<Vec<Token>, BadPattern> {
    let mut tokens = Vec::with_capacity(chunk.len());
    let mut rest = chunk;
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'[' {
            let (ranges, after) = class(after)?;
            tokens.push(Token::Class(ranges));
            rest = after;
        } else {
            tokens.push(Token::Byte(*byte));
            rest = after;
        }
    }
    Ok(tokens)
}

/// The ranges of a class and what follows its `]`.
type Class<'a> = (Vec<(char, char)>, &'a [u8]);

fn class(text: &[u8]) -> Result<Class<'_>, BadPattern> {
    let mut ranges = Vec::new();
    let mut rest = text;
    loop {
        if let (Some(after), false) = (rest.strip_prefix(b"]"), ranges.is_empty()) {
            return Ok((ranges, after));
        }
        let (low, after) = class_char(rest)?;
        let (high, after) = match after.strip_prefix(b"-") {
            Some(after) => class_char(after)?,
            None => (low, after),
        };
        ranges.push((low, high));
        rest = after;
    }
}

fn class_char(text: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    match text.first() {
        None | Some(b'-' | b']') => Err(BadPattern),
        Some(_) => {
            let (letter, rest) = first_char(text).ok_or(BadPattern)?;
            let broken = letter == char::REPLACEMENT_CHARACTER && text.len() - rest.len() == 1;
            if broken || rest.is_empty() { Err(BadPattern) } else { Ok((letter, rest)) }
        }
    }
}

/// The first character; a byte that begins none counts as U+FFFD, as in Go.
fn first_char(text: &[u8]) -> Option<(char, &[u8])> {
    let (_, after_one) = text.split_first()?;
    let decoded = (1..=4).find_map(|width| {
        let letter = std::str::from_utf8(text.get(..width)?).ok()?.chars().next()?;
        Some((letter, text.get(width..)?))
    });
    Some(decoded.unwrap_or((char::REPLACEMENT_CHARACTER, after_one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, name: &str) -> Result<bool, BadPattern> {
        matches(pattern.as_bytes(), name.as_bytes())
    }

    #[test]
    fn stars() {
        for (pattern, name) in
            [("*", ""), ("*", "reg"), ("**", "x"), ("r*g", "rg"), ("*-eu", "a-eu-eu"), ("a*b*c", "abxbc")]
        {
            assert_eq!(check(pattern, name), Ok(true), "{pattern} {name}");
        }
        for (pattern, name) in [("", "a"), ("a", ""), ("a*", "b"), ("*a", "ab"), ("a*b", "a"), ("ab", "a")] {
            assert_eq!(check(pattern, name), Ok(false), "{pattern} {name}");
        }
    }

    #[test]
    fn classes() {
        assert_eq!(check("r[0-9]", "r5"), Ok(true));
        assert_eq!(check("r[0-9]", "rx"), Ok(false));
        assert_eq!(check("[!x]", "!"), Ok(true));
        assert_eq!(check("[ä-ü]x", "öx"), Ok(true));
        for bad in ["[", "[a", "[]", "[-a]", "[a-]", "x[]]y", "a[b"] {
            assert_eq!(check(bad, "a"), Err(BadPattern), "{bad}");
        }
    }

    #[test]
    fn a_bad_class_behind_a_chunk_that_does_not_fit_is_not_seen() {
        // filepath.Match: only the chunk at hand is read, so `reg[a]` fails before `[` is reached.
        assert_eq!(check("reg[a]*[", "reg[a]*["), Ok(false));
        assert_eq!(check("rega*[", "rega"), Err(BadPattern));
        assert_eq!(check("*x*[", "reg"), Ok(false));
        assert_eq!(check("x[", "reg"), Err(BadPattern));
    }

    #[test]
    fn hostile_patterns_take_little_time() {
        let pattern = "*a".repeat(20_000);
        assert_eq!(check(&pattern, &"a".repeat(255)), Ok(false));
    }
}
