use crate::compare::agree;
use podwhy_core::credentials::url_match::{Element, Outcome, urls_match};
use podwhy_core::release::Release;
use serde_json::{Value, json};

pub fn run(input: &Value, _release: Release) -> Value {
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let found = urls_match(text("pattern"), text("image"), None);
    let malformed = |at: usize| {
        let label = found.grid.as_ref().and_then(|grid| grid.labels.get(at));
        label.is_some_and(|label| label.outcome == Outcome::BadPattern)
    };
    let failed = match found.failed_at {
        Some(Element::Key | Element::Image) => true,
        Some(Element::Label(at)) => malformed(at),
        _ => false,
    };
    if failed { json!({"match": false, "error": "any"}) } else { json!({"match": found.matched}) }
}

/// The texts of errors are Go's own: only agree that there is one.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    agree(&expect["match"], &actual["match"]) && expect.get("error").is_some() == actual.get("error").is_some()
}
