use podwhy_core::pulls::backoff::{BackOff, crash_loop_message, restarts};
use podwhy_core::release::{Cluster, Release};
use podwhy_core::time::Duration;
use serde_json::{Value, json};

const POD: &str = "web-0_default(11111111-2222-3333-4444-555555555555)";

pub fn run(input: &Value, release: Release) -> Value {
    if input["kind"] == "image_pull" { image_pulls(&input["attempts"]) } else { crash_loop(input, release) }
}

fn crash_loop(input: &Value, release: Release) -> Value {
    let runs: Vec<Duration> = input["runs_for_seconds"].as_array().into_iter().flatten().map(seconds).collect();
    let restarts = restarts(BackOff::for_restarts(&Cluster::of(release), None), &runs);
    let shown = restarts.iter().map(|restart| {
        let mut shown = json!({
            "exit_at": restart.exit_at.as_secs_f64(),
            "restart_at": restart.restart_at.as_secs_f64(),
            "waited": restart.waited.as_secs_f64(),
            "next_back_off": restart.next_wait.as_secs_f64(),
        });
        if restart.waited > Duration::ZERO {
            shown["message"] = json!(crash_loop_message(restart.waited, "main", POD));
        }
        shown
    });
    json!({ "restarts": shown.collect::<Vec<_>>() })
}

fn image_pulls(attempts: &Value) -> Value {
    let mut back_off = BackOff::for_images();
    let attempts = attempts.as_array().into_iter().flatten().map(|attempt| {
        let at = seconds(&attempt["at"]);
        if back_off.waits_since_update("image", at).is_some() {
            json!({ "at": attempt["at"], "outcome": "back_off" })
        } else if attempt["fails"] == true {
            let wait = back_off.fail("image", at, at);
            let next = (at + wait).as_secs_f64();
            let wait = wait.as_secs_f64();
            json!({ "at": attempt["at"], "outcome": "pulled_and_failed", "back_off": wait, "next_allowed_at": next })
        } else {
            back_off.forget_expired(at);
            json!({ "at": attempt["at"], "outcome": "pulled" })
        }
    });
    json!({ "attempts": attempts.collect::<Vec<_>>() })
}

fn seconds(value: &Value) -> Duration {
    Duration::from_secs_f64(value.as_f64().unwrap_or_default())
}
