use super::stops::{hook, millis, seconds, stopped};
use podwhy_core::api::lifecycle::Handler;
use podwhy_core::lifecycle::grace::{Graces, KillReason};
use podwhy_core::lifecycle::handler::{self, Answer, HookFailure, Target};
use podwhy_core::lifecycle::post_start::{Starting, start};
use podwhy_core::lifecycle::termination::{Killing, Process, kill};
use podwhy_core::lifecycle::{Event, EventType};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Map, Value, json};

const NAME: &str = "main";

pub fn run(input: &Value, release: Release) -> Value {
    let cluster = Cluster::of(release);
    let graces = Graces {
        pod: input["pod_grace_seconds"].as_i64(),
        deletion: input["deletion_grace_seconds"].as_i64(),
        probe: input["probe_grace_seconds"].as_i64(),
        grace_override: input["grace_override_seconds"].as_i64(),
    };
    let pre_stop = hook(&input["pre_stop"], failure(&input["pre_stop"], "pre-stop", &cluster));
    let stop_takes = millis(&input["stop_takes_seconds"]);
    let process = Process { name: NAME, pre_stop: pre_stop.as_ref(), stop_takes, signal: "SIGTERM" };
    let reason = match input["reason"].as_str() {
        Some("delete") => KillReason::Deletion,
        Some("evict") => KillReason::Eviction,
        Some("liveness_probe") => KillReason::LivenessProbe,
        Some("startup_probe") => KillReason::StartupProbe,
        Some("definition_changed") => KillReason::DefinitionChanged,
        _ => {
            let post_start = hook(&input["post_start"], failure(&input["post_start"], "post-start", &cluster));
            let starting = Starting { process, graces, post_start: post_start.as_ref(), at: 0 };
            return started(&starting, input, &cluster);
        }
    };
    let message = reason.message("Container", NAME, true);
    let killed = kill(&Killing { process, graces, reason, message, at: 0 }, &cluster).outcome;
    let mut result = stopped(&killed, &input["pre_stop"]);
    result.insert("events".to_owned(), events(&killed.events));
    Value::Object(result)
}

fn started(starting: &Starting<'_>, input: &Value, cluster: &Cluster) -> Value {
    let started = start(starting, cluster).outcome;
    let mut result = started.stopped.as_ref().map_or_else(Map::new, |killed| stopped(killed, &input["pre_stop"]));
    result.entry("killed").or_insert(json!(false));
    let pulled = "Container image \"busybox:1.36\" already present on machine";
    let mut all = vec![Event::new(0, EventType::Normal, "Pulled", pulled, NAME)];
    all.extend(started.events);
    result.insert("events".to_owned(), events(&all));
    result.insert("error".to_owned(), json!(started.error));
    result.insert("message".to_owned(), json!(started.message));
    // A sleep hook cannot be seen from outside.
    let visible = input["post_start"]["kind"] != json!("sleep");
    if let Some((began, ended)) = started.post_start.filter(|_| visible) {
        result.insert("post_start_started_at".to_owned(), seconds(began));
        result.insert("post_start_ended_at".to_owned(), seconds(ended));
    }
    Value::Object(result)
}

fn events(events: &[Event]) -> Value {
    let event = |event: &Event| json!({"at": seconds(event.at), "type": event.kind.to_string(), "reason": event.reason, "message": event.message});
    events.iter().map(event).collect()
}

/// How the suite's hooks fail: the command with code 1, the request because nobody listens.
fn failure(hook: &Value, path: &str, cluster: &Cluster) -> Option<HookFailure> {
    if hook["fails"] != json!(true) {
        return None;
    }
    let (handler, answer) = match hook["kind"].as_str() {
        Some("exec") => (
            json!({"exec": {"command": ["/bin/sh", "-c", format!("/hooks/{path}.sh")]}}),
            Answer::Exit { output: "boom\n".to_owned(), code: 1 },
        ),
        _ => (
            json!({"httpGet": {"port": 8080, "path": format!("/{path}")}}),
            Answer::Failure("dial tcp 10.1.2.3:8080: connect: connection refused".to_owned()),
        ),
    };
    let target = Target {
        pod: "web-0",
        namespace: "default",
        uid: "11111111-2222-3333-4444-555555555555",
        container: NAME,
        ports: &[],
        pod_ip: Some("10.1.2.3"),
    };
    handler::run(&Handler::read(&super::objects::node(&handler)), &target, &answer, cluster).outcome.failure
}
