//! What a YAML scalar means to Kubernetes: the rules of go-yaml v2 (sigs.k8s.io/yaml), which are YAML 1.1 with
//! exceptions. Numbers in base 60 and dates stay texts.

use crate::float::{self, Shortest};
use crate::node::{Number, Value};

/// The tag written before a node, as far as it changes what a scalar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// None is written.
    None,
    /// `!` alone: the scalar is read as if it were plain, even in quotes.
    NonSpecific,
    /// `!!str`
    Str,
    /// `!!bool`
    Bool,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!null`
    Null,
    /// `!!timestamp`
    Timestamp,
    /// `!!binary`
    Binary,
    /// `!!merge`
    Merge,
    /// Any other: the scalar is a text.
    Other,
}

impl Tag {
    /// The tag for what follows `tag:yaml.org,2002:`.
    #[must_use]
    pub fn core(suffix: &str) -> Self {
        match suffix {
            "str" => Self::Str,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "null" => Self::Null,
            "timestamp" => Self::Timestamp,
            "binary" => Self::Binary,
            "merge" => Self::Merge,
            _ => Self::Other,
        }
    }
}

/// The value of a scalar. `plain` says that it is written without quotes and not as a block.
///
/// # Errors
/// The tag demands a type that the text does not have; the text is a sentence that says so.
pub fn resolve(tag: Tag, plain: bool, text: &str) -> Result<Value, String> {
    let as_text = || Value::Text(text.to_owned());
    let refuse = |wanted: &str| Err(format!("the tag `!!{wanted}` does not fit the value it stands before"));
    match tag {
        Tag::None if !plain => Ok(as_text()),
        Tag::None | Tag::NonSpecific => Ok(untagged(text)),
        Tag::Str | Tag::Other | Tag::Merge => Ok(as_text()),
        Tag::Bool => match untagged(text) {
            value @ Value::Bool(_) => Ok(value),
            _ => refuse("bool"),
        },
        Tag::Int => match untagged(text) {
            value @ Value::Number(Number::Int(_) | Number::UInt(_)) => Ok(value),
            _ => refuse("int"),
        },
        Tag::Float => match untagged(text) {
            Value::Number(Number::Int(value)) => Ok(Value::Number(Number::Float(value as f64))),
            value @ Value::Number(Number::Float(_)) => Ok(value),
            _ => refuse("float"),
        },
        Tag::Null => match untagged(text) {
            Value::Null => Ok(Value::Null),
            _ => refuse("null"),
        },
        Tag::Timestamp if looks_like_timestamp(text) => Ok(as_text()),
        Tag::Timestamp => refuse("timestamp"),
        Tag::Binary => match decode_base64(text) {
            Some(bytes) => Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned())),
            None => Err("the value after `!!binary` is no valid base64".to_owned()),
        },
    }
}

/// Whether a plain scalar is the merge key.
#[must_use]
pub fn is_merge_key(tag: Tag, plain: bool, text: &str) -> bool {
    text == "<<" && (tag == Tag::Merge || (plain && matches!(tag, Tag::None | Tag::NonSpecific)))
}

fn untagged(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Value::Number(Number::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Value::Number(Number::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Value::Number(Number::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    let number = match text.as_bytes().first() {
        Some(b'.') => decimal(text),
        Some(b'0'..=b'9' | b'+' | b'-') => {
            let digits: String = text.chars().filter(|c| *c != '_').collect();
            integer(&digits).or_else(|| decimal(&digits))
        }
        _ => None,
    };
    number.map_or_else(|| Value::Text(text.to_owned()), Value::Number)
}

/// An integer in Go's notation: decimal, `0x`, `0o`, `0b`, or octal after a plain `0`.
fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)?),
        Some(b'+') => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        Some(two) if two.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(magnitude).map(Number::Int);
    }
    // Go tries the unsigned form only where no sign is written.
    match i64::try_from(magnitude) {
        Ok(value) => Some(Number::Int(value)),
        Err(_) if text.starts_with('+') => None,
        Err(_) => Some(Number::UInt(magnitude)),
    }
}

/// A decimal float; `None` also where it is too large, as in Go, so that the text stays a text.
fn decimal(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if !(digits(whole) && digits(fraction) && exponent_fits) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    float::parse(text).filter(|value| value.is_finite()).map(Number::Float)
}

/// The shape of go-yaml's timestamps: a date, alone or followed by a time.
fn looks_like_timestamp(text: &str) -> bool {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let numbers = |text: &str, mark: char, lengths: &[std::ops::RangeInclusive<usize>]| {
        let parts: Vec<&str> = text.split(mark).collect();
        parts.len() == lengths.len()
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    numbers(date, '-', &[4..=4, 1..=2, 1..=2])
        && rest.is_none_or(|time| {
            let clock = time.split(['Z', '+', '-', '.']).next().unwrap_or_default();
            numbers(clock, ':', &[1..=2, 1..=2, 1..=2])
        })
}

/// Standard base64 with padding; line breaks are passed over, as Go does.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut count, mut padding) = (0_u32, 0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(digit);
        count += 1;
        if count.is_multiple_of(4) {
            out.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
            bits = 0;
        }
    }
    match (count % 4, padding) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(out)
}

/// A map key as a text, the way sigs.k8s.io/yaml turns one into JSON. `None`: there is no JSON key for it.
#[must_use]
pub fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(Number::Int(value)) => Some(value.to_string()),
        Value::Number(Number::Float(value)) => Some(float_key(*value)),
        Value::Number(Number::UInt(_)) | Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)` with YAML's names for what is not finite.
fn float_key(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let shortest = Shortest::from(value);
    if (-4..6).contains(&shortest.exponent) {
        return shortest.positional();
    }
    let sign = if shortest.exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", shortest.mantissa(), shortest.exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Value {
        resolve(Tag::None, true, text).unwrap()
    }

    fn int(value: i64) -> Value {
        Value::Number(Number::Int(value))
    }

    #[test]
    fn booleans_of_yaml_1_1() {
        for text in ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"] {
            assert_eq!(plain(text), Value::Bool(true), "{text}");
        }
        for text in ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"] {
            assert_eq!(plain(text), Value::Bool(false), "{text}");
        }
        for text in ["yEs", "tRUE", "oN", "NaN", "inf", "nul", "NIL", "e1", "-", "+", ".", "..", "0x", "1e", "--1"] {
            assert_eq!(plain(text), Value::Text(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn integers_in_every_notation() {
        for (text, value) in [
            ("017", 15),
            ("0o17", 15),
            ("0x1F", 31),
            ("-0x10", -16),
            ("0b11", 3),
            ("-0b11", -3),
            ("+1", 1),
            ("00", 0),
            ("1_000", 1000),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(plain(text), int(value), "{text}");
        }
        assert_eq!(plain("18446744073709551615"), Value::Number(Number::UInt(u64::MAX)));
    }

    #[test]
    fn floats_and_what_only_looks_like_one() {
        for (text, value) in [("08", 8.0), ("1.", 1.0), (".5", 0.5), ("1.e+3", 1000.0), ("1E3", 1000.0), ("-.5", -0.5)]
        {
            assert_eq!(plain(text), Value::Number(Number::Float(value)), "{text}");
        }
        for text in ["1e400", "190:20:30", "12:30", "2024-01-02", "1.2.3", "1-2", ".5_0", "Infinity"] {
            assert_eq!(plain(text), Value::Text(text.to_owned()), "{text}");
        }
        assert_eq!(plain("-.INF"), Value::Number(Number::Float(f64::NEG_INFINITY)));
    }

    #[test]
    fn null_has_five_spellings() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Value::Null, "{text}");
        }
    }

    #[test]
    fn quotes_and_tags_decide_before_the_text_does() {
        assert_eq!(resolve(Tag::None, false, "yes"), Ok(Value::Text("yes".to_owned())));
        assert_eq!(resolve(Tag::Str, true, "yes"), Ok(Value::Text("yes".to_owned())));
        assert_eq!(resolve(Tag::Bool, false, "true"), Ok(Value::Bool(true)));
        assert_eq!(resolve(Tag::Float, true, "5"), Ok(Value::Number(Number::Float(5.0))));
        assert_eq!(resolve(Tag::Other, true, "5"), Ok(Value::Text("5".to_owned())));
        assert_eq!(resolve(Tag::NonSpecific, false, "5"), Ok(int(5)));
        assert_eq!(resolve(Tag::Binary, true, "YWJj"), Ok(Value::Text("abc".to_owned())));
        for (tag, text) in
            [(Tag::Int, "a"), (Tag::Bool, "1"), (Tag::Null, "x"), (Tag::Binary, "!"), (Tag::Timestamp, "x")]
        {
            assert!(resolve(tag, true, text).is_err(), "{tag:?} {text}");
        }
        assert!(resolve(Tag::Timestamp, true, "2024-01-02T03:04:05Z").is_ok());
    }

    #[test]
    fn keys_become_texts() {
        for (text, key) in
            [("1", "1"), ("1e3", "1000"), ("1e6", "1e+06"), ("1.5", "1.5"), ("yes", "true"), (".inf", ".inf")]
        {
            assert_eq!(key_text(&plain(text)).as_deref(), Some(key), "{text}");
        }
        assert_eq!(key_text(&Value::Null), None);
    }
}
