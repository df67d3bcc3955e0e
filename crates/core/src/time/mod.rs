//! Lengths of time and points in time, as Go's `time` package counts, reads and writes them.
//!
//! Nothing here asks a clock: a simulation says what time it is.

mod timestamp;
mod token_bucket;

pub use timestamp::Timestamp;
pub use token_bucket::TokenBucket;

use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::{Add, Sub};

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A signed length of time in nanoseconds: Go's `time.Duration`. Sums saturate at about 292 years.
///
/// As a point in simulated time it counts from the simulation's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(MILLISECOND))
    }

    /// So many seconds.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// So many seconds, rounded to the nanosecond; what is out of range saturates, no number is zero.
    #[must_use]
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self((seconds * SECOND as f64).round() as i64)
    }

    /// The length in nanoseconds.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// The length in seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / SECOND as f64
    }

    /// The whole seconds in it, rounded towards zero.
    #[must_use]
    pub const fn whole_secs(self) -> i64 {
        self.0 / SECOND
    }

    /// The same length `factor` times.
    #[must_use]
    pub const fn times(self, factor: i64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// Cut towards zero to a multiple of a millisecond.
    #[must_use]
    pub const fn truncated_to_millis(self) -> Self {
        Self(self.0 - self.0 % MILLISECOND)
    }

    /// Reads what Go's `time.ParseDuration` reads: `300ms`, `-1.5h`, `2h45m`, `0`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        if rest == "0" {
            return Some(Self::ZERO);
        }
        if rest.is_empty() {
            return None;
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (part, after) = parse_part(rest)?;
            total = total.checked_add(part).filter(|sum| *sum <= 1 << 63)?;
            rest = after;
        }
        if negative {
            return Some(Self(0_i64.checked_sub_unsigned(total)?));
        }
        Some(Self(i64::try_from(total).ok()?))
    }
}

/// One number with its unit, in nanoseconds, and what follows it.
fn parse_part(text: &str) -> Option<(u64, &str)> {
    let digits_end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (whole, mut rest) = text.split_at_checked(digits_end(text))?;
    let mut fraction = "";
    if let Some(after) = rest.strip_prefix('.') {
        (fraction, rest) = after.split_at_checked(digits_end(after))?;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let unit_end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(unit_end)?;
    let unit = match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => MICROSECOND,
        "ms" => MILLISECOND,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        _ => return None,
    };
    let unit = u64::try_from(unit).ok()?;
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let whole = whole.checked_mul(unit)?;
    // Digits that no longer fit are dropped, as Go drops them.
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in fraction.bytes().map(|byte| u64::from(byte - b'0')) {
        match value.checked_mul(10).and_then(|shifted| shifted.checked_add(digit)).filter(|sum| *sum <= 1 << 63) {
            Some(sum) => (value, scale) = (sum, scale * 10.0),
            None => break,
        }
    }
    Some((whole.checked_add((value as f64 * (unit as f64 / scale)) as u64)?, rest))
}

impl Add for Duration {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// As Go prints it: `0s`, `1.5s`, `2m0s`, `250ms`, `-1h0m5s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let length = self.0.unsigned_abs();
        let (second, minute) = (SECOND.unsigned_abs(), MINUTE.unsigned_abs());
        if length == 0 {
            return f.write_str("0s");
        }
        if length < second {
            return match length {
                0..1_000 => write!(f, "{length}ns"),
                1_000..1_000_000 => with_fraction(f, length, MICROSECOND.unsigned_abs(), "\u{b5}s"),
                _ => with_fraction(f, length, MILLISECOND.unsigned_abs(), "ms"),
            };
        }
        let minutes = length / minute;
        if minutes >= 60 {
            write!(f, "{}h", minutes / 60)?;
        }
        if minutes > 0 {
            write!(f, "{}m", minutes % 60)?;
        }
        with_fraction(f, length % minute, second, "s")
    }
}

fn with_fraction(f: &mut fmt::Formatter<'_>, length: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", length / unit)?;
    let rest = length % unit;
    if rest > 0 {
        let width = unit.checked_ilog10().unwrap_or_default() as usize;
        let digits = format!("{rest:0width$}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    f.write_str(name)
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_go_does() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1\u{b5}s"),
            (2_200_000, "2.2ms"),
            (3_300_000_000, "3.3s"),
            (300 * SECOND, "5m0s"),
            (4 * MINUTE + 5_001_000_000, "4m5.001s"),
            (5 * HOUR + 6 * MINUTE + 7_001_000_000, "5h6m7.001s"),
            (-5 * SECOND, "-5s"),
            (i64::MAX, "2562047h47m16.854775807s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(Duration(nanos).to_string(), text);
        }
    }

    #[test]
    fn reads_as_go_does() {
        for (text, nanos) in [
            ("0", 0),
            ("5s", 5 * SECOND),
            ("-5s", -5 * SECOND),
            ("+5s", 5 * SECOND),
            ("5.6s", 5_600_000_000),
            (".5s", 500_000_000),
            ("5.s", 5 * SECOND),
            ("1.004s", 1_004_000_000),
            ("3h30m", 3 * HOUR + 30 * MINUTE),
            ("10.5s4m", 4 * MINUTE + 10_500_000_000),
            ("12\u{b5}s", 12_000),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
            ("0.100000000000000000000h", 6 * MINUTE),
            ("0.9223372036854775807h", 3_320_413_933_267),
        ] {
            assert_eq!(Duration::parse(text), Some(Duration(nanos)), "{text}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in
            ["", "3", "-", "s", ".", "-.", ".s", "+.s", "1d", "1 s", "9223372036854775808ns", "3000000h", "5x", "1s "]
        {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }
}
