use super::objects::node;
use crate::compare;
use podwhy_core::api::lifecycle::Handler;
use podwhy_core::api::resources::ContainerPort;
use podwhy_core::lifecycle::handler::{self, Answer, Target};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let ports = ContainerPort::read_all(&node(&input["container"]));
    let target = Target {
        pod: "web-0",
        namespace: "default",
        uid: "11111111-2222-3333-4444-555555555555",
        container: input["container"]["name"].as_str().unwrap_or_default(),
        ports: &ports,
        pod_ip: input["pod_ip"].as_str(),
    };
    let handler = Handler::read(&node(&input["handler"]));
    let outcome = handler::run(&handler, &target, &answer(input), &Cluster::of(release)).outcome;
    let mut result = serde_json::to_value(&outcome.run).expect("plain data");
    let fields = result.as_object_mut().expect("a tagged enum is an object");
    fields.remove("retried_without_tls");
    fields.insert("error".to_owned(), json!(outcome.failure.as_ref().map(|failure| &failure.error)));
    if let Some(failure) = outcome.failure {
        fields.insert("message".to_owned(), json!(failure.message));
    }
    result
}

fn answer(input: &Value) -> Answer {
    if let Some(result) = input.get("exec_result") {
        let output = result["output"].as_str().unwrap_or_default().to_owned();
        return Answer::Exit { output, code: result["exit_code"].as_i64().unwrap_or_default() };
    }
    let response = &input["response"];
    match (response["status"].as_u64(), response["error"].as_str()) {
        (Some(status), _) => Answer::Status(u16::try_from(status).unwrap_or(u16::MAX)),
        (None, Some(error)) => Answer::Failure(error.to_owned()),
        (None, None) => Answer::Success,
    }
}

/// Where `error_prefix` stands, `error` and the part of `message` up to it are all that is compared.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let Some(prefix) = expect["error_prefix"].as_str() else { return compare::agree(expect, actual) };
    let starts = |value: &Value| value["error"].as_str().is_some_and(|error| error.starts_with(prefix));
    let until = |value: &Value| {
        let message = value["message"].as_str()?;
        message.find(prefix).and_then(|at| message.get(..at + prefix.len())).map(str::to_owned)
    };
    let ignored = ["error", "message", "error_prefix"];
    starts(actual) && until(expect) == until(actual) && compare::agree_without(expect, actual, &ignored)
}
