//! Single values: what each type of the table accepts, and the form in which the API server hands it out.

use crate::quantity::Quantity;
use crate::schema::error::Class;
use crate::schema::json_text;
use crate::schema::table::Leaf;
use podwhy_source::base64::{self, Padding};
use podwhy_source::{Format, Node, Number, Value};

/// Why a value does not fit its field. The texts hold no part of the value where it may be secret.
pub struct Misfit {
    pub class: Class,
    pub message: String,
    pub help: &'static str,
}

impl Misfit {
    fn new(class: Class, message: impl Into<String>, help: &'static str) -> Self {
        Self { class, message: message.into(), help }
    }
}

/// Reads a value of a type that is no object. Null gives the type's zero value.
pub fn read(leaf: Leaf, node: &Node, format: Format) -> Result<Value, Misfit> {
    let wrong = || Err(wrong_type(leaf, node));
    match (leaf, &node.value) {
        (Leaf::Any, value) => Ok(value.clone()),
        (Leaf::Text, Value::Text(_)) | (Leaf::Bool, Value::Bool(_)) | (Leaf::IntOrText, Value::Text(_)) => {
            Ok(node.value.clone())
        }
        (Leaf::Text, Value::Null) => Ok(Value::Text(String::new())),
        (Leaf::Int32 | Leaf::Int64 | Leaf::IntOrText, Value::Number(number)) => {
            let in_range = |value: &i64| leaf == Leaf::Int64 || i32::try_from(*value).is_ok();
            match integer(*number, format).filter(in_range) {
                Some(value) => Ok(Value::Number(Number::Int(value))),
                None => wrong(),
            }
        }
        (Leaf::IntOrText, Value::Null) => Ok(Value::Number(Number::Int(0))),
        (Leaf::Quantity, _) => quantity(node),
        (Leaf::Bytes, _) => bytes(node),
        (Leaf::Time, Value::Text(text)) => match time(text) {
            Some(text) => Ok(Value::Text(text)),
            None => Err(Misfit::new(
                Class::BadTime,
                "this is no time in the form of RFC 3339",
                "Write it like 2024-01-02T03:04:05Z.",
            )),
        },
        (Leaf::Bool | Leaf::Int32 | Leaf::Int64 | Leaf::Time, Value::Null) => Ok(Value::Null),
        _ => wrong(),
    }
}

/// An integer as the JSON decoder takes one: after YAML a float without fraction has been written as an integer,
/// in JSON itself it stands as it was written and is refused.
fn integer(number: Number, format: Format) -> Option<i64> {
    match number {
        Number::Int(value) => Some(value),
        Number::UInt(_) => None,
        Number::Float(_) if format == Format::Json => None,
        Number::Float(_) => json_text::number(number).parse().ok(),
    }
}

fn quantity(node: &Node) -> Result<Value, Misfit> {
    let parsed = match &node.value {
        Value::Null => return Ok(Value::Text("0".to_owned())),
        Value::Text(text) => Quantity::parse(text.trim()),
        Value::Number(number) => Quantity::parse(&json_text::number(*number)),
        Value::Bool(_) | Value::List(_) | Value::Map(_) => Err(crate::quantity::QuantityError::Format),
    };
    match parsed {
        Ok(quantity) => Ok(Value::Text(quantity.to_string())),
        Err(error) => Err(Misfit::new(
            Class::BadQuantity,
            format!("this is no quantity: {error}"),
            "A quantity is a number with a suffix such as 250m, 1.5, 64Mi or 2G, without a blank.",
        )),
    }
}

fn bytes(node: &Node) -> Result<Value, Misfit> {
    let decoded = match &node.value {
        Value::Null => Some(Vec::new()),
        Value::Text(text) => base64::decode(text, Padding::Required),
        // Go also reads bytes from a list of numbers.
        Value::List(items) => {
            let byte = |item: &Node| match item.is_null() {
                true => Some(0),
                false => item.as_int().and_then(|value| u8::try_from(value).ok()),
            };
            let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
            return bytes.map(|bytes| Value::Text(base64::encode(bytes))).ok_or_else(|| wrong_type(Leaf::Bytes, node));
        }
        _ => return Err(wrong_type(Leaf::Bytes, node)),
    };
    match decoded {
        Some(bytes) => Ok(Value::Text(base64::encode(bytes))),
        None => Err(Misfit::new(
            Class::BadBase64,
            "this is no valid base64",
            "A Secret takes plain text under `stringData`; values under `data` must be base64.",
        )),
    }
}

/// The sentence for a value of the wrong JSON type.
pub fn wrong_type(leaf: Leaf, node: &Node) -> Misfit {
    let wanted = match leaf {
        Leaf::Text => "a text",
        Leaf::Bool => "a boolean (true or false)",
        Leaf::Int32 => "a whole number of 32 bits",
        Leaf::Int64 => "a whole number of 64 bits",
        Leaf::Time => "a time in a text",
        Leaf::Quantity => "a quantity",
        Leaf::IntOrText => "a whole number or a text",
        Leaf::Bytes => "base64 in a text",
        Leaf::Any => "a value",
        Leaf::Object(_) => "an object",
    };
    let help = match (leaf, &node.value) {
        (Leaf::Text | Leaf::Bytes, Value::Bool(_)) => {
            "Put it in quotes: without them yes, no, on, off, y, n, true and false are booleans."
        }
        (Leaf::Text | Leaf::Bytes, Value::Number(_)) => "Put the number in quotes.",
        (Leaf::Bool | Leaf::Int32 | Leaf::Int64, Value::Text(_)) => "Remove the quotes, if there are any.",
        _ => "",
    };
    Misfit::new(Class::WrongType, format!("expected {wanted}, found {}", node.kind_name()), help)
}

/// A time in UTC without fraction, as the API server writes it; `None` if `text` is no RFC 3339 time for Go.
fn time(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked(10)?;
    let fixed = |text: &str, length: usize| {
        (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<i64>().ok())?
    };
    let mut date = date.split('-');
    let (year, month, day) = (fixed(date.next()?, 4)?, fixed(date.next()?, 2)?, fixed(date.next()?, 2)?);
    let rest = rest.strip_prefix('T')?;
    let (hour, rest) = rest.split_once(':')?;
    // Go takes an hour of one digit as well.
    let hour = fixed(hour, 2).or_else(|| fixed(hour, 1))?;
    let (minute, rest) = rest.split_once(':')?;
    let minute = fixed(minute, 2)?;
    let (second, rest) = rest.split_at_checked(2)?;
    let second = fixed(second, 2)?;
    let zone = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => rest,
    };
    let offset = if zone == "Z" {
        0
    } else {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
        let (hours, minutes) = (fixed(hours, 2)?, fixed(minutes, 2)?);
        (hours <= 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))?
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last_day = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last_day).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let minutes = days_from_civil(year, month, day) * 1440 + hour * 60 + minute - offset;
    let (year, month, day) = civil_from_days(minutes.div_euclid(1440));
    let minute_of_day = minutes.rem_euclid(1440);
    let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Days since 1970-01-01, counting years from March so that the leap day is the last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The date of a day since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year_of_era + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_given_in_utc() {
        for (text, expected) in [
            ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
            ("2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"),
            ("2024-02-29T23:30:00.25-00:45", "2024-03-01T00:15:00Z"),
            ("2024-01-02T3:04:05Z", "2024-01-02T03:04:05Z"),
        ] {
            assert_eq!(time(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2024-01-02",
            "2023-02-29T00:00:00Z",
            "2024-01-02T24:00:00Z",
            "2024-01-02t03:04:05Z",
            "2024-01-02T03:04:05",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
