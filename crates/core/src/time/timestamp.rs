//! Points in time as API objects write them.

use super::Duration;

/// A point in time, to the nanosecond. The zero time of Go (year 1) is not a time here: it reads as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Seconds since 1970 began.
    seconds: i64,
    nanos: u32,
}

/// Seconds from 1970 back to the first moment of year 1, where Go's zero time stands.
const GO_ZERO: i64 = -62_135_596_800;

impl Timestamp {
    /// So many seconds after 1970 began.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// Reads an RFC 3339 time such as `2024-05-06T12:00:00Z` or `2024-05-06T12:00:00.123456+02:00`.
    /// `None` for anything else and for Go's zero time, which API objects use for "not set".
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = number(text, 4)?;
        let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
        let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
        let (hour, rest) = number(rest.strip_prefix('T')?, 2)?;
        let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
        let (second, mut rest) = number(rest.strip_prefix(':')?, 2)?;
        let mut nanos = 0;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (digits, after) = after.split_at_checked(end)?;
            nanos = format!("{digits:0<9}").get(..9)?.parse().ok().filter(|_| !digits.is_empty())?;
            rest = after;
        }
        let offset = offset(rest)?;
        let in_range = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !in_range {
            return None;
        }
        let seconds = days_before(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        Some(Self { seconds, nanos }).filter(|time| (time.seconds, time.nanos) != (GO_ZERO, 0))
    }

    /// How long after `earlier` this is; negative if it is before. Saturates as Go's `Sub` does.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanos = (i128::from(self.seconds) - i128::from(earlier.seconds)) * 1_000_000_000 + i128::from(self.nanos)
            - i128::from(earlier.nanos);
        let saturated = if nanos < 0 { i64::MIN } else { i64::MAX };
        Duration::from_nanos(i64::try_from(nanos).unwrap_or(saturated))
    }

    /// The point `length` later.
    #[must_use]
    pub fn after(self, length: Duration) -> Self {
        let nanos = i64::from(self.nanos) + length.nanos().rem_euclid(1_000_000_000);
        let seconds = length.nanos().div_euclid(1_000_000_000) + nanos / 1_000_000_000;
        Self {
            seconds: self.seconds.saturating_add(seconds),
            nanos: u32::try_from(nanos % 1_000_000_000).unwrap_or_default(),
        }
    }
}

/// Exactly `width` digits, and what follows them.
fn number(text: &str, width: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(width)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// The zone's distance from UTC in seconds.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = number(zone.strip_prefix(['+', '-'])?, 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
    (rest.is_empty() && hours <= 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let in_months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    // 719,162 days lie between the first day of year 1 and that of 1970.
    before * 365 + leap_days + in_months + day - 1 - 719_162
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_utc_offsets_and_fractions() {
        assert_eq!(Timestamp::parse("1970-01-01T00:00:00Z"), Some(Timestamp::from_unix(0)));
        assert_eq!(Timestamp::parse("2024-05-06T12:00:00Z"), Some(Timestamp::from_unix(1_714_996_800)));
        assert_eq!(Timestamp::parse("2024-05-06T14:00:00+02:00"), Timestamp::parse("2024-05-06T12:00:00Z"));
        let fine = Timestamp::parse("2024-02-29T23:59:59.25Z").unwrap();
        let later = Timestamp::parse("2024-03-01T00:00:00Z").unwrap();
        assert_eq!(later.since(fine), Duration::from_millis(750));
        assert_eq!(fine.after(Duration::from_millis(750)), later);
        assert_eq!(later.after(Duration::from_millis(-750)), fine);
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2024-05-06",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-05-06T24:00:00Z",
            "2024-05-06T12:00:00",
            "2024-05-06T12:00:00.Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn long_distances_saturate() {
        let first = Timestamp::parse("0001-01-01T00:00:01Z").unwrap();
        assert_eq!(Timestamp::from_unix(0).since(first), Duration::from_nanos(i64::MAX));
        assert_eq!(first.since(Timestamp::from_unix(0)), Duration::from_nanos(i64::MIN));
    }
}
