//! The event table at the end of `kubectl describe pod`.

use crate::api::text;
use crate::events::{Event, EventRecorder, EventType};
use crate::kubectl::human_duration::age;
use crate::kubectl::tabwriter::align;
use crate::release::Release;
use crate::rule::events as rules;
use crate::time::{Duration, Timestamp};
use podwhy_source::Node;

/// The parts of a core/v1 Event that the table shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescribedEvent {
    /// `type`: Normal or Warning.
    pub kind: String,
    /// `reason`.
    pub reason: String,
    /// `message`.
    pub message: String,
    /// `count`.
    pub count: i64,
    /// `firstTimestamp`.
    pub first: Option<Timestamp>,
    /// `lastTimestamp`.
    pub last: Option<Timestamp>,
    /// `eventTime`, which newer components set instead.
    pub event_time: Option<Timestamp>,
    /// `series`.
    pub series: Option<Series>,
    /// `source.component`.
    pub component: String,
    /// `reportingComponent`.
    pub reporting_component: String,
}

/// `series` of an Event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// How often the event was seen.
    pub count: i64,
    /// When it was last seen.
    pub last_observed: Option<Timestamp>,
}

impl DescribedEvent {
    /// Reads an Event object; what is missing or of another type reads as empty.
    #[must_use]
    pub fn read(event: &Node) -> Self {
        let words = |node: Option<&Node>, key| node.and_then(|node| text(node, key)).map(|text| text.value);
        let time = |node: &Node, key| text(node, key).and_then(|text| Timestamp::parse(&text.value));
        let count = |node: &Node| node.get("count").and_then(Node::as_int).unwrap_or_default();
        Self {
            kind: words(Some(event), "type").unwrap_or_default(),
            reason: words(Some(event), "reason").unwrap_or_default(),
            message: words(Some(event), "message").unwrap_or_default(),
            count: count(event),
            first: time(event, "firstTimestamp"),
            last: time(event, "lastTimestamp"),
            event_time: time(event, "eventTime"),
            series: event
                .get("series")
                .map(|series| Series { count: count(series), last_observed: time(series, "lastObservedTime") }),
            component: words(event.get("source"), "component").unwrap_or_default(),
            reporting_component: words(Some(event), "reportingComponent").unwrap_or_default(),
        }
    }

    /// The cell under `Age`: how long ago, and how often since when.
    fn age_cell(&self, now: Timestamp, release: Release) -> String {
        let repeated = |last, count, first: &str| format!("{} (x{count} over {first})", age(now, last));
        if !rules::EVENT_AGE_FROM_EVENT_TIME.holds_in(release) {
            let first = age(now, self.first);
            return match self.first {
                _ if self.count > 1 => repeated(self.last, self.count, &first),
                None => age(now, self.event_time),
                Some(_) => first,
            };
        }
        let first = age(now, self.event_time.or(self.first));
        match self.series {
            Some(series) => repeated(series.last_observed, series.count, &first),
            None if self.count > 1 => repeated(self.last, self.count, &first),
            None => first,
        }
    }
}

/// The block from `Events:` to the final line feed, as the kubectl of `release` prints it.
///
/// Events are sorted by their last time alone, those without one first; equal ones keep their order. Tabs and line
/// breaks inside a message act on the table, as they do in kubectl. An empty list gives the text before kubectl
/// aligns it with the lines above.
/// Source: k8s.io/kubectl/pkg/describe/describe.go DescribeEvents.
#[must_use]
pub fn describe_events(events: &[DescribedEvent], now: Timestamp, release: Release) -> String {
    if events.is_empty() {
        return "Events:  <none>\n".to_owned();
    }
    let mut sorted: Vec<&DescribedEvent> = events.iter().collect();
    sorted.sort_by_key(|event| event.last);
    let mut table = "Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------\n".to_owned();
    for event in sorted {
        let from = if event.component.is_empty() { &event.reporting_component } else { &event.component };
        let cells = [&event.kind, &event.reason, &event.age_cell(now, release), from, event.message.trim()];
        table.push_str("  ");
        table.push_str(&cells.join("\t"));
        table.push('\n');
    }
    if rules::EVENT_TABLE_ESCAPES.holds_in(release) {
        table = table.replace('\u{1b}', "^[").replace('\r', "\\r");
    }
    align(&table)
}

/// The point in time that the beginning of a simulation is printed as.
pub const START: Timestamp = Timestamp::from_unix(1_700_000_000);

/// The scheduler's event about a pod that it bound to a node at `at`.
#[must_use]
pub fn bound(at: Duration, message: &str) -> Event {
    let (reason, message) = ("Scheduled".to_owned(), message.to_owned());
    Event { at, kind: EventType::Normal, reason, message, object: String::new(), field_path: String::new() }
}

/// The block at `at` of a simulation in which the kubelet reports `events`, counted together as it counts them, after
/// the scheduler reported its own.
#[must_use]
pub fn describe_simulated(events: &[Event], scheduler: Option<&Event>, at: Duration, release: Release) -> String {
    let mut recorder = EventRecorder::new(release);
    for event in events.iter().filter(|event| event.at <= at) {
        recorder.record(event);
    }
    let scheduler = scheduler.filter(|event| event.at <= at).map(|event| DescribedEvent {
        kind: event.kind.to_string(),
        reason: event.reason.clone(),
        message: event.message.clone(),
        event_time: Some(START.after(event.at)),
        reporting_component: "default-scheduler".to_owned(),
        ..DescribedEvent::default()
    });
    let stored = recorder.stored().map(|stored| DescribedEvent {
        kind: stored.event.kind.to_string(),
        reason: stored.event.reason.clone(),
        message: stored.event.message.clone(),
        count: i64::from(stored.count),
        first: Some(START.after(stored.event.at)),
        last: Some(START.after(stored.last)),
        component: "kubelet".to_owned(),
        ..DescribedEvent::default()
    });
    let events: Vec<DescribedEvent> = scheduler.into_iter().chain(stored).collect();
    describe_events(&events, START.after(at), release)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_000_000);

    fn ago(seconds: i64) -> Option<Timestamp> {
        Some(Timestamp::from_unix(1_000_000 - seconds))
    }

    fn pulled(message: &str) -> DescribedEvent {
        DescribedEvent {
            kind: "Normal".to_owned(),
            reason: "Pulled".to_owned(),
            message: message.to_owned(),
            count: 1,
            first: ago(5),
            last: ago(5),
            component: "kubelet".to_owned(),
            ..DescribedEvent::default()
        }
    }

    #[test]
    fn no_events_are_none() {
        assert_eq!(describe_events(&[], NOW, Release::DEFAULT), "Events:  <none>\n");
    }

    #[test]
    fn an_event_of_the_scheduler_stands_first_whatever_its_age() {
        let scheduled = DescribedEvent {
            kind: "Normal".to_owned(),
            reason: "Scheduled".to_owned(),
            event_time: ago(2),
            reporting_component: "default-scheduler".to_owned(),
            ..DescribedEvent::default()
        };
        let table = describe_events(&[pulled("a"), scheduled], NOW, Release::NEWEST);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[3].starts_with("  Normal  Scheduled  2s "), "{table}");
        assert!(lines[4].starts_with("  Normal  Pulled     5s "), "{table}");
    }

    #[test]
    fn control_characters_are_made_harmless_in_newer_releases_only() {
        let events = [pulled("red \u{1b}[31m\r.")];
        assert!(describe_events(&events, NOW, Release::NEWEST).contains("red ^[[31m\\r."));
        assert!(describe_events(&events, NOW, Release::OLDEST).contains("red \u{1b}[31m\r."));
    }
}
