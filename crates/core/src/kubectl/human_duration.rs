//! Ages as kubectl and the API server's tables print them.

use crate::time::{Duration, Timestamp};

/// A length of time in at most two units: `45s`, `8m20s`, `4d18h`, `<invalid>`.
///
/// Up to two seconds (exclusive) in the future count as now.
/// Source: k8s.io/apimachinery/pkg/util/duration HumanDuration.
#[must_use]
pub fn human_duration(length: Duration) -> String {
    let seconds = length.whole_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let two = |large: i64, large_unit: char, small: i64, small_unit: char| match small {
        0 => format!("{large}{large_unit}"),
        _ => format!("{large}{large_unit}{small}{small_unit}"),
    };
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 24 * 8 => two(hours / 24, 'd', hours % 24, 'h'),
        () if hours < 24 * 365 * 2 => format!("{}d", hours / 24),
        () if hours < 24 * 365 * 8 => two(hours / 24 / 365, 'y', hours / 24 % 365, 'd'),
        () => format!("{}y", hours / 24 / 365),
    }
}

/// The age at `now` of what happened at `time`: `<unknown>` if the time is not set.
///
/// Source: pkg/printers/internalversion/printers.go translateTimestampSince.
#[must_use]
pub fn age(now: Timestamp, time: Option<Timestamp>) -> String {
    time.map_or_else(|| "<unknown>".to_owned(), |time| human_duration(now.since(time)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_change_where_kubernetes_changes_them() {
        for (seconds, text) in [
            (-2, "<invalid>"),
            (-1, "0s"),
            (119, "119s"),
            (120, "2m"),
            (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (28_799, "7h59m"),
            (28_800, "8h"),
            (172_799, "47h"),
            (172_800, "2d"),
            (691_199, "7d23h"),
            (691_200, "8d"),
            (63_071_999, "729d"),
            (63_072_000, "2y"),
            (63_072_000 + 86_400, "2y1d"),
            (252_288_000, "8y"),
        ] {
            assert_eq!(human_duration(Duration::from_secs(seconds)), text);
        }
        assert_eq!(human_duration(Duration::from_millis(-1_999)), "0s");
    }
}
