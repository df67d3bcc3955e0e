use super::objects::node;
use podwhy_core::api::lifecycle::ContainerLifecycle;
use podwhy_core::lifecycle::start_order::{
    Member, Pod, ProbeResult, RestartPolicy, Sandbox, State, Status, compute_pod_actions,
};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let spec = &input["pod"]["spec"];
    let list = |key: &str| spec[key].as_array().cloned().unwrap_or_default();
    let (init, main) = (list("initContainers"), list("containers"));
    let read = |containers: &[Value]| -> Vec<ContainerLifecycle> {
        containers.iter().map(|container| ContainerLifecycle::read(&node(container))).collect()
    };
    let (init_lifecycles, main_lifecycles) = (read(&init), read(&main));
    let members = |containers: &'_ [Value], lifecycles: &'_ [ContainerLifecycle]| -> Vec<(String, Option<Status>)> {
        let name = |container: &Value| container["name"].as_str().unwrap_or_default().to_owned();
        containers.iter().zip(lifecycles).map(|(c, _)| (name(c), status(&input["statuses"], &name(c)))).collect()
    };
    let init_members = members(&init, &init_lifecycles);
    let main_members = members(&main, &main_lifecycles);
    let pod = Pod {
        restart_policy: RestartPolicy::read(spec["restartPolicy"].as_str().unwrap_or_default()),
        deleted: input["pod"]["metadata"]["deletionTimestamp"].is_string(),
        host_network: spec["hostNetwork"] == json!(true),
        sandbox: input["sandbox"].is_object().then(|| Sandbox {
            ready: input["sandbox"]["ready"] == json!(true),
            attempt: input["sandbox"]["attempt"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
            has_ip: input["sandbox"]["has_ip"] != json!(false),
            host_network: false,
        }),
        init_containers: init_members.iter().zip(&init_lifecycles).map(|(m, l)| member(m, l, true)).collect(),
        containers: main_members.iter().zip(&main_lifecycles).map(|(m, l)| member(m, l, false)).collect(),
    };
    serde_json::to_value(compute_pod_actions(&pod, &Cluster::of(release)).outcome).expect("plain data")
}

fn member<'a>(known: &'a (String, Option<Status>), lifecycle: &'a ContainerLifecycle, init: bool) -> Member<'a> {
    Member::new(&known.0, lifecycle, init, known.1.clone())
}

fn status(statuses: &Value, name: &str) -> Option<Status> {
    let status = statuses.as_array()?.iter().find(|status| status["name"] == json!(name))?;
    let probe = |key: &str| match status[key].as_str() {
        Some("success") => Some(ProbeResult::Success),
        Some("failure") => Some(ProbeResult::Failure),
        _ => None,
    };
    Some(Status {
        state: match status["state"].as_str() {
            Some("created") => State::Created,
            Some("running") => State::Running,
            Some("exited") => State::Exited,
            _ => State::Unknown,
        },
        exit_code: status["exit_code"].as_i64().unwrap_or_default(),
        reason: status["reason"].as_str().unwrap_or_default().to_owned(),
        definition_changed: status["definition_changed"] == json!(true),
        liveness: probe("liveness"),
        startup: probe("startup"),
    })
}
