//! The pod as the API server stores it.

use super::Page;
use podwhy_core::evaluate::Whole;
use podwhy_core::evaluate::whole::effective::{Content, Fate, Part};
use podwhy_core::trace::Origin;
use serde_json::{Value, json};

/// Every value that defaulting or admission added, changed or took out, with its rule.
pub fn section(whole: &Whole, pod: usize, out: &mut Page) {
    let Some(stored) = whole.stored(pod) else { return };
    out.heading("As the API server stores it");
    out.verdict(4, &stored.verdict);
    for (path, part) in stored.effective.changes() {
        let place = out.place(part.origin.span());
        let what = match &part.fate {
            Fate::Kept => continue,
            Fate::Added => format!("+ {path}{}", value(part)),
            Fate::Changed { was } => format!("~ {path}{} instead of {was}", value(part)),
            Fate::Removed => format!("- {path}{}", value(part)),
        };
        out.line(4, &format!("{what}{place}"));
        if let Some(rule) = rule(part) {
            out.line(6, rule.title);
        }
    }
    out.line(4, "What admission found");
    out.steps(6, &stored.trace);
}

/// The plain object, and what differs from what is written.
pub fn value_of(whole: &Whole, pod: usize) -> Value {
    let Some(stored) = whole.stored(pod) else { return Value::Null };
    let changes: Vec<Value> = stored
        .effective
        .changes()
        .into_iter()
        .map(|(path, part)| json!({"path": path, "fate": part.fate, "rule": rule(part).map(|rule| rule.id), "from": part.origin.span()}))
        .collect();
    json!({
        "verdict": stored.verdict,
        "refused": stored.refused,
        "manifest": stored.effective.manifest(),
        "changes": changes,
        "trace": stored.trace,
    })
}

fn rule(part: &Part) -> Option<&'static podwhy_core::rule::Rule> {
    match part.origin {
        Origin::Defaulted { rule, .. } | Origin::Merged { rule, .. } => Some(rule),
        Origin::Written(_) | Origin::Assumed => None,
    }
}

/// A single value behind its path; lists and objects are told by their path alone.
fn value(part: &Part) -> String {
    match &part.content {
        Content::Scalar(scalar) => format!(": {}", scalar.words()),
        Content::List(items) if items.is_empty() => ": []".to_owned(),
        Content::Map(fields) if fields.is_empty() => ": {}".to_owned(),
        Content::List(_) | Content::Map(_) => String::new(),
    }
}
