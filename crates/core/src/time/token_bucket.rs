//! A limit on how often something may happen.

use super::Duration;

/// So many at once, and one more each time an interval has passed; unused ones are saved up to the first number.
///
/// Source: k8s.io/client-go/util/flowcontrol/throttle.go tokenBucketRateLimiter.TryAccept.
#[derive(Clone, Debug)]
pub struct TokenBucket {
    /// What one costs, as time saved.
    interval: Duration,
    full: Duration,
    saved: Duration,
    last: Option<Duration>,
}

impl TokenBucket {
    /// A full bucket of `burst`, with one more for each `interval`.
    #[must_use]
    pub fn new(interval: Duration, burst: i64) -> Self {
        let full = interval.times(burst);
        Self { interval, full, saved: full, last: None }
    }

    /// A full bucket of `burst`, with `per_second` more in a second.
    #[must_use]
    pub fn per_second(per_second: f64, burst: i64) -> Self {
        Self::new(Duration::from_secs_f64(1.0 / per_second), burst)
    }

    /// Takes one at `now`, if there is one.
    pub fn take(&mut self, now: Duration) -> bool {
        let last = self.last.unwrap_or(now);
        self.saved = (self.saved + (now - last).max(Duration::ZERO)).min(self.full);
        self.last = Some(last.max(now));
        let enough = self.saved >= self.interval;
        if enough {
            self.saved = self.saved - self.interval;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_one_for_each_interval() {
        let mut bucket = TokenBucket::per_second(5.0, 2);
        let mut take = |millis| bucket.take(Duration::from_millis(millis));
        assert_eq!(
            [take(0), take(0), take(0), take(199), take(200), take(201)],
            [true, true, false, false, true, false]
        );
        assert_eq!([take(9_000), take(9_000), take(9_000)], [true, true, false], "no more than the burst is saved");
    }

    #[test]
    fn a_burst_of_nothing_refuses_everything() {
        assert!(!TokenBucket::per_second(2_000.0, 0).take(Duration::ZERO));
    }
}
