//! Events, and how a component counts them together before it sends them.

use crate::release::Release;
use crate::rule::events as rules;
use crate::time::{Duration, TokenBucket};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// How an event is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum EventType {
    /// Nothing to worry about.
    Normal,
    /// Something went wrong.
    Warning,
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        })
    }
}

/// Something that a component reports about an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When, since the start of what is simulated.
    pub at: Duration,
    /// `type`.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// `reason`: one word.
    pub reason: String,
    /// `message`: the sentence.
    pub message: String,
    /// The object that it is about: a pod's name.
    pub object: String,
    /// The part of the object, such as `spec.containers{web}`; empty for the whole.
    pub field_path: String,
}

/// An event as the API server holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredEvent {
    /// The event that it was created from. Its `at` is the first time, its message the latest.
    pub event: Event,
    /// How often it was seen.
    pub count: u32,
    /// When it was last seen.
    pub last: Duration,
}

/// What became of a reported event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recorded {
    /// It became a new event.
    Created,
    /// It raised the count of one that was there.
    Counted,
    /// The spam filter held it back.
    Dropped,
}

impl Recorded {
    /// One word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Counted => "counted",
            Self::Dropped => "dropped",
        }
    }
}

/// From so many different messages on, similar events are combined.
const MAX_EVENTS: usize = 10;
/// A longer pause than this starts a new group of similar events.
const MAX_INTERVAL: Duration = Duration::from_secs(600);
/// So many events about an object are sent at once.
const SPAM_BURST: i64 = 25;
/// After that, one more each time this has passed.
const SPAM_INTERVAL: Duration = Duration::from_secs(300);
/// What stands before the latest message of a combined event.
const COMBINED: &str = "(combined from similar events): ";

/// The messages seen lately of one object, type and reason.
struct Similar {
    /// Oldest first; never more than [`MAX_EVENTS`].
    messages: Vec<String>,
    last: Duration,
}

/// What the component remembers of an event that it has counted.
#[derive(Clone, Copy)]
struct Observed {
    count: u32,
    first: Duration,
    /// The name under which it was, or would have been, created.
    name: usize,
}

/// One component's recorder, with the server that it writes to.
///
/// Equal events are counted, similar ones combined, and what then is too much for an object is dropped. Left out:
/// events expire on a server after an hour, and the recorder forgets all but the last 4,096 keys. Where the real
/// recorder forgets one of ten messages at random, the oldest is forgotten here.
/// Source: k8s.io/client-go/tools/record EventCorrelator.EventCorrelate, recordToSink.
pub struct EventRecorder {
    release: Release,
    similar: BTreeMap<String, Similar>,
    observed: BTreeMap<String, Observed>,
    budgets: BTreeMap<String, TokenBucket>,
    /// Every event ever named, by name; those that were dropped at first are not stored yet.
    stored: Vec<(usize, StoredEvent)>,
    names: usize,
}

impl EventRecorder {
    /// A recorder of this release that has seen nothing.
    #[must_use]
    pub fn new(release: Release) -> Self {
        Self {
            release,
            similar: BTreeMap::new(),
            observed: BTreeMap::new(),
            budgets: BTreeMap::new(),
            stored: Vec::new(),
            names: 0,
        }
    }

    /// Reports an event; events come in the order of their times.
    pub fn record(&mut self, event: &Event) -> Recorded {
        let (event, key) = self.aggregate(event);
        self.names += 1;
        let fresh = Observed { count: 0, first: event.at, name: self.names };
        let mut observed = self.observed.get(&key).copied().unwrap_or(fresh);
        observed.count = observed.count.saturating_add(1);
        self.observed.insert(key, observed);
        if !self.within_budget(&event) {
            return Recorded::Dropped;
        }
        let existing = self.stored.iter_mut().find(|(name, _)| *name == observed.name && observed.count > 1);
        let recorded = if let Some((_, stored)) = existing {
            stored.count = observed.count;
            stored.last = event.at;
            stored.event.message.clone_from(&event.message);
            Recorded::Counted
        } else {
            let stored = StoredEvent {
                event: Event { at: observed.first, ..event.clone() },
                count: observed.count,
                last: event.at,
            };
            self.stored.push((observed.name, stored));
            Recorded::Created
        };
        // The server's answer is remembered under the full key, also for a combined event.
        self.observed.insert(full_key(&event), observed);
        recorded
    }

    /// What the server holds, in the order of creation.
    pub fn stored(&self) -> impl Iterator<Item = &StoredEvent> {
        self.stored.iter().map(|(_, stored)| stored)
    }

    /// The event itself, or the combined event that stands for it, with the key under which it is counted.
    fn aggregate(&mut self, event: &Event) -> (Event, String) {
        let key = similar_key(event);
        let similar = self.similar.entry(key.clone()).or_insert(Similar { messages: Vec::new(), last: event.at });
        if event.at - similar.last > MAX_INTERVAL {
            similar.messages.clear();
        }
        similar.last = event.at;
        if !similar.messages.contains(&event.message) {
            similar.messages.push(event.message.clone());
        }
        if similar.messages.len() < MAX_EVENTS {
            return (event.clone(), full_key(event));
        }
        similar.messages.remove(0);
        (Event { message: format!("{COMBINED}{}", event.message), ..event.clone() }, key)
    }

    fn within_budget(&mut self, event: &Event) -> bool {
        let mut key = event.object.clone();
        if rules::EVENT_SPAM_FILTER_PER_TYPE.holds_in(self.release) {
            key.push_str(&format!("\0{}", event.kind));
        }
        self.budgets.entry(key).or_insert_with(|| TokenBucket::new(SPAM_INTERVAL, SPAM_BURST)).take(event.at)
    }
}

/// What equal events share. The parts stand together without anything between them, so reason `Back` with the message
/// `Off x` is reason `BackOff` with ` x`, and an event without a message is the combined one of its kind. Only the
/// pod's uid parts the name and the field path from the rest. Source: events_cache.go getEventKey.
fn full_key(event: &Event) -> String {
    let Event { object, field_path, kind, reason, message, .. } = event;
    format!("{object}{field_path}\0{kind}{reason}{message}")
}

/// What similar events share. Source: events_cache.go EventAggregatorByReasonFunc.
fn similar_key(event: &Event) -> String {
    let Event { object, kind, reason, .. } = event;
    format!("{object}\0{kind}{reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, kind: EventType, message: &str) -> Event {
        Event {
            at: Duration::from_secs(at),
            kind,
            reason: "Unhealthy".to_owned(),
            message: message.to_owned(),
            object: "web-0".to_owned(),
            field_path: String::new(),
        }
    }

    fn record(events: impl IntoIterator<Item = Event>, release: Release) -> (Vec<Recorded>, Vec<StoredEvent>) {
        let mut recorder = EventRecorder::new(release);
        let outcomes = events.into_iter().map(|event| recorder.record(&event)).collect();
        (outcomes, recorder.stored().cloned().collect())
    }

    #[test]
    fn equal_events_are_counted() {
        let (outcomes, stored) = record([0, 5].map(|at| event(at, EventType::Warning, "m")), Release::DEFAULT);
        assert_eq!(outcomes, [Recorded::Created, Recorded::Counted]);
        assert_eq!((stored[0].count, stored[0].event.at, stored[0].last.whole_secs()), (2, Duration::ZERO, 5));
    }

    #[test]
    fn the_tenth_message_and_those_after_it_are_combined() {
        let events = (0..12).map(|at| event(at, EventType::Warning, &format!("m{at}")));
        let (_, stored) = record(events, Release::DEFAULT);
        assert_eq!(stored.len(), 10);
        assert_eq!((stored[9].count, stored[9].event.message.as_str()), (3, "(combined from similar events): m11"));
    }

    #[test]
    fn keys_join_their_parts_without_a_mark() {
        let with =
            |at, reason: &str, message| Event { reason: reason.to_owned(), ..event(at, EventType::Warning, message) };
        let (_, stored) = record([with(0, "BackOff", " x"), with(5, "Back", "Off x")], Release::DEFAULT);
        assert_eq!(stored.len(), 1);
        assert_eq!(
            (stored[0].count, stored[0].event.reason.as_str(), stored[0].event.message.as_str()),
            (2, "BackOff", "Off x")
        );
        let events = (0..10).map(|at| event(at, EventType::Warning, &"m".repeat(at as usize)));
        let (outcomes, stored) = record(events, Release::DEFAULT);
        assert_eq!(outcomes[9], Recorded::Counted);
        assert_eq!(
            (stored[0].count, stored[0].event.message.as_str()),
            (2, "(combined from similar events): mmmmmmmmm")
        );
    }

    #[test]
    fn old_releases_have_one_budget_for_both_types() {
        let types = [EventType::Normal, EventType::Warning];
        let events = || (0..26).flat_map(|_| types.map(|kind| event(0, kind, "m")));
        let sent =
            |release| record(events(), release).0.iter().filter(|outcome| **outcome != Recorded::Dropped).count();
        assert_eq!(sent(Release::OLDEST), 25);
        assert_eq!(sent(Release::NEWEST), 50);
    }

    #[test]
    fn what_was_dropped_first_is_created_with_its_count() {
        let mut events: Vec<Event> = (0..25).map(|_| event(0, EventType::Normal, "a")).collect();
        events.extend([event(1, EventType::Normal, "b"), event(301, EventType::Normal, "b")]);
        let (outcomes, stored) = record(events, Release::DEFAULT);
        assert_eq!(outcomes[25..], [Recorded::Dropped, Recorded::Created]);
        assert_eq!((stored[1].count, stored[1].event.at.whole_secs()), (2, 1));
    }
}
