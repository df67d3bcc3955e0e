use super::objects::{object, objects};
use super::tolerations_merge::toleration;
use crate::compare::agree;
use podwhy_core::admission::Request;
use podwhy_core::admission::runtime_class::{Pass, admit};
use podwhy_core::api::{RuntimeClass, pods_of};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let classes: Vec<_> = objects(&input["runtime_classes"]).iter().filter_map(RuntimeClass::of).collect();
    match admit(&pod, &classes, &Request::CREATE, &Cluster::of(release)).outcome {
        Ok(admitted) => {
            let entry = |key: &str, value: &str| (key.to_owned(), json!(value));
            let labels = admitted.node_selector.iter().map(|label| &label.value);
            let selector: Map<_, _> = labels.map(|label| entry(&label.key.value, &label.value.value)).collect();
            let overhead: Map<_, _> =
                admitted.overhead.iter().map(|(name, amount)| entry(name, &amount.value.to_string())).collect();
            let tolerations: Vec<_> = admitted.tolerations.iter().map(|field| toleration(&field.value)).collect();
            json!({"allowed": true, "pod": {"nodeSelector": selector, "tolerations": tolerations, "overhead": overhead}})
        }
        Err(refused) => {
            let stage = match refused.pass {
                Pass::Mutating => "mutating",
                Pass::Validating => "validating",
            };
            let mut errors: Vec<_> = refused.refusals.iter().map(|refusal| refusal.message.clone()).collect();
            errors.sort();
            match errors.as_slice() {
                [error] => json!({"allowed": false, "stage": stage, "error": error}),
                _ => json!({"allowed": false, "stage": stage, "error_one_of": errors}),
            }
        }
    }
}

/// Any one of the texts in `error_one_of` is a right answer, and so is any choice of them.
pub fn agrees(expect: &Value, actual: &Value) -> bool {
    let Some(texts) = expect["error_one_of"].as_array() else { return agree(expect, actual) };
    let given = match &actual["error_one_of"] {
        Value::Array(given) => given.clone(),
        _ => vec![actual["error"].clone()],
    };
    ["allowed", "stage"].iter().all(|key| expect[key] == actual[key]) && given.iter().all(|text| texts.contains(text))
}
