use podwhy_core::credentials::kubectl_args::run as kubectl;
use podwhy_core::release::Release;
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let args: Vec<String> =
        input["args"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let read = |path: &str| {
        let name = path.strip_prefix("./").unwrap_or(path);
        input["files"].get(name).and_then(Value::as_str).map(|text| text.as_bytes().to_vec())
    };
    match kubectl(&args, read, release) {
        Ok(secret) => {
            let secret: Value = serde_json::from_str(&secret.json()).expect("the output is JSON");
            json!({"secret": secret})
        }
        Err(error) => json!({"error": error, "exit_code": 1}),
    }
}
