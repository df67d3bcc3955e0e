use podwhy_core::events::{Event, EventRecorder, EventType, StoredEvent};
use podwhy_core::release::Release;
use podwhy_core::time::Duration;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let mut recorder = EventRecorder::new(release);
    let events: Vec<Event> = input["events"].as_array().into_iter().flatten().map(event).collect();
    let outcomes: Vec<&str> = events.iter().map(|event| recorder.record(event).word()).collect();
    json!({ "outcomes": outcomes, "stored": recorder.stored().map(shown).collect::<Vec<_>>() })
}

fn event(event: &Value) -> Event {
    let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
    Event {
        at: Duration::from_secs_f64(event["at_seconds"].as_f64().unwrap_or_default()),
        kind: if event["type"] == "Normal" { EventType::Normal } else { EventType::Warning },
        reason: text("reason"),
        message: text("message"),
        object: text("object"),
        field_path: text("field_path"),
    }
}

fn shown(stored: &StoredEvent) -> Value {
    let mut shown = json!({
        "object": stored.event.object,
        "type": stored.event.kind.to_string(),
        "reason": stored.event.reason,
        "message": stored.event.message,
        "count": stored.count,
        "first_at": stored.event.at.as_secs_f64(),
        "last_at": stored.last.as_secs_f64(),
    });
    if !stored.event.field_path.is_empty() {
        shown["field_path"] = json!(stored.event.field_path);
    }
    shown
}
