//! Who pulls and who waits: the puller of a node.

use crate::release::Release;
use crate::rule::pulls as rules;
use crate::time::Duration;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A node's settings for pulls at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Puller {
    /// `serializeImagePulls`.
    pub serialize: bool,
    /// `maxParallelImagePulls`; values below 1 and releases that do not know the field set no limit.
    pub max_parallel: Option<i64>,
}

/// An image that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it is asked for.
    pub at: Duration,
    /// How long the runtime needs.
    pub takes: Duration,
}

/// When the runtime pulls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pull {
    /// When the runtime is asked.
    pub started_at: Duration,
    /// When it answers.
    pub ended_at: Duration,
}

impl Puller {
    /// How many images are pulled at a time; `None` is no limit.
    #[must_use]
    pub fn slots(self, release: Release) -> Option<usize> {
        if self.serialize {
            return Some(1);
        }
        let limit = self.max_parallel.filter(|limit| *limit >= 1 && rules::PARALLEL_LIMIT.holds_in(release))?;
        Some(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// When each image is pulled, in the order of the requests: first come, first served. Requests of the same moment
    /// keep their order (the kubelet gives none).
    ///
    /// Source: pkg/kubelet/images/puller.go serialImagePuller, parallelImagePuller.
    #[must_use]
    pub fn schedule(self, release: Release, requests: &[Request]) -> Vec<Pull> {
        let slots = self.slots(release).map_or(requests.len(), |slots| slots.min(requests.len()));
        let mut free_at: BinaryHeap<Reverse<Duration>> = BinaryHeap::new();
        let mut pulls: Vec<(usize, Pull)> = Vec::with_capacity(requests.len());
        let mut arrivals: Vec<(usize, &Request)> = requests.iter().enumerate().collect();
        arrivals.sort_by_key(|(_, request)| request.at);
        for (at, request) in arrivals {
            let free = if free_at.len() < slots { None } else { free_at.pop().map(|Reverse(time)| time) };
            let started_at = free.map_or(request.at, |free| free.max(request.at));
            let ended_at = started_at + request.takes;
            free_at.push(Reverse(ended_at));
            pulls.push((at, Pull { started_at, ended_at }));
        }
        pulls.sort_by_key(|(at, _)| *at);
        pulls.into_iter().map(|(_, pull)| pull).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(puller: Puller, release: Release) -> Vec<i64> {
        let request = |(at, takes)| Request { at: Duration::from_secs(at), takes: Duration::from_secs(takes) };
        let requests = [(0, 20), (1, 2), (2, 3), (3, 1)].map(request);
        puller.schedule(release, &requests).iter().map(|pull| pull.started_at.whole_secs()).collect()
    }

    #[test]
    fn serial_pulls_wait_for_the_one_before() {
        let puller = Puller { serialize: true, max_parallel: Some(5) };
        assert_eq!(starts(puller, Release::DEFAULT), [0, 20, 22, 25]);
    }

    #[test]
    fn a_limit_of_two_lets_small_images_pass_a_big_one() {
        let puller = Puller { serialize: false, max_parallel: Some(2) };
        assert_eq!(starts(puller, Release::DEFAULT), [0, 1, 3, 6]);
        assert_eq!(starts(puller, Release::OLDEST), [0, 1, 2, 3], "the field does not exist yet");
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        for max_parallel in [None, Some(0), Some(-1)] {
            assert_eq!(starts(Puller { serialize: false, max_parallel }, Release::DEFAULT), [0, 1, 2, 3]);
        }
    }
}
