use super::stops::{hook, millis, seconds, stopped};
use podwhy_core::lifecycle::grace::{Graces, KillReason};
use podwhy_core::lifecycle::pod_termination::{Ending, Kind, Member, kill_pod};
use podwhy_core::lifecycle::termination::{Hook, Process};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let list = |key: &str| input[key].as_array().cloned().unwrap_or_default();
    let containers: Vec<(Value, bool)> = list("init_containers")
        .into_iter()
        .map(|container| (container, true))
        .chain(list("containers").into_iter().map(|container| (container, false)))
        .collect();
    let hooks: Vec<Option<Hook>> = containers.iter().map(|(container, _)| hook(&container["pre_stop"], None)).collect();
    let members: Vec<Member<'_>> = containers
        .iter()
        .zip(&hooks)
        .map(|((container, init), pre_stop)| Member {
            process: Process {
                name: container["name"].as_str().unwrap_or_default(),
                pre_stop: pre_stop.as_ref(),
                stop_takes: millis(&container["stop_takes_seconds"]),
                signal: "SIGTERM",
            },
            kind: match (init, container["restart_policy"].as_str()) {
                (true, Some("Always")) => Kind::Sidecar,
                (true, _) => Kind::Init,
                (false, _) => Kind::Main,
            },
            running: container["running"] == json!(true),
            ends_at: None,
        })
        .collect();
    let grace_override = input["override"].as_i64();
    let reason = if grace_override.is_some() { KillReason::Eviction } else { KillReason::Deletion };
    let graces = Graces { pod: input["grace_seconds"].as_i64(), grace_override, ..Graces::default() };
    let ended = kill_pod(&Ending { reason, graces, members: &members, at: 0 }, &Cluster::of(release)).outcome;
    let mut result = Map::new();
    for ((container, _), outcome) in containers.iter().zip(&ended.containers) {
        if let Some(outcome) = outcome {
            let name = container["name"].as_str().unwrap_or_default().to_owned();
            result.insert(name, Value::Object(stopped(outcome, &container["pre_stop"])));
        }
    }
    json!({"containers": result, "ended_at": seconds(ended.ended)})
}
