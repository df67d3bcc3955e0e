use podwhy_core::events::Event;
use podwhy_core::pulls::backoff::BackOff;
use podwhy_core::pulls::manager::{Access, ImageManager, Presence, PullError, PulledImage, Sync};
use podwhy_core::release::{Cluster, Release};
use podwhy_core::time::Duration;
use serde_json::{Value, json};

/// How long every pull takes here, as it is printed; the suite puts `<duration>` in its place.
const TOOK: (Duration, &str) = (Duration::from_secs(7), "7s");

pub fn run(input: &Value, release: Release) -> Value {
    let seconds = |key: &str, default| Duration::from_secs(input[key].as_i64().unwrap_or(default));
    let back_off = BackOff::new(seconds("backoff_base_seconds", 10), seconds("backoff_max_seconds", 300));
    let qps = input["registry_pull_qps"].as_f64().unwrap_or_default();
    let burst = input["registry_burst"].as_i64().unwrap_or_default();
    let mut manager = ImageManager::new(Cluster::of(release), back_off, qps, burst);
    let steps = input["steps"].as_array().into_iter().flatten().map(|step| {
        let text = |key: &str| step[key].as_str().or(input[key].as_str()).unwrap_or_default();
        let presence = match step["inspect_error"].as_str() {
            Some(error) => Presence::InspectFails(error.to_owned()),
            None if step["present"] == true => Presence::Present(Access::Granted),
            None => Presence::Absent,
        };
        let millis = step["at_seconds"].as_i64().unwrap_or_default() * 1_000 + step["at_millis"].as_i64().unwrap_or(0);
        let sync = Sync {
            at: Duration::from_millis(millis),
            pod_name: "",
            pod_uid: text("pod_uid"),
            field_path: "",
            image: text("image"),
            policy: text("imagePullPolicy"),
            presence: &presence,
            look_up_error: None,
        };
        let pulled = pull(text("pull"), input["image_size"].as_u64().unwrap_or_default());
        let ensured = manager.ensure(&sync, &pulled);
        let mut shown = json!({
            "at_seconds": step["at_seconds"],
            "result": ensured.reason.map(|reason| reason.to_string()).unwrap_or_default(),
            "message": ensured.message,
            "events": ensured.events.iter().map(event).collect::<Vec<_>>(),
            "pulled": ensured.pulled_as.is_some(),
            "inspected": ensured.inspected,
        });
        if let Some(pulled_as) = ensured.pulled_as {
            shown["pulled_as"] = json!(pulled_as);
        }
        if !step["at_millis"].is_null() {
            shown["at_millis"] = step["at_millis"].clone();
        }
        shown
    });
    json!({ "steps": steps.collect::<Vec<_>>() })
}

fn pull(answer: &str, size: u64) -> Result<PulledImage, PullError> {
    let (kind, text) = answer.split_once(": ").unwrap_or((answer, ""));
    let with = |name: &str| if text.is_empty() { name.to_owned() } else { format!("{name}: {text}") };
    match kind {
        "ok" => Ok(PulledImage { size, took: TOOK.0, waited: Duration::ZERO }),
        "registry_unavailable" => {
            Err(PullError { text: with("RegistryUnavailable"), is_registry_unavailable: text.is_empty() })
        }
        "signature_validation_failed" => Err(PullError::of(with("SignatureValidationFailed"))),
        _ => Err(PullError::of(text)),
    }
}

fn event(event: &Event) -> Value {
    let message = match event.message.split_once(&format!(" in {}", TOOK.1)) {
        Some((before, after)) if event.reason == "Pulled" => {
            format!(
                "{before} in <duration>{}",
                after.replace(&format!("({} including", TOOK.1), "(<duration> including")
            )
        }
        _ => event.message.clone(),
    };
    json!({ "type": event.kind.to_string(), "reason": event.reason, "message": message })
}
