use super::objects::{object, objects, request};
use podwhy_core::admission::service_account::{Known, admit};
use podwhy_core::api::{ServiceAccount, pods_of};
use podwhy_core::release::{Cluster, Release};
use serde_json::{Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let pod = pods_of(&object(&input["pod"])).remove(0);
    let accounts: Vec<_> = objects(&input["service_accounts"]).iter().filter_map(ServiceAccount::of).collect();
    let secrets = objects(&input["secrets"]);
    let known = Known::all(&accounts, &secrets);
    match admit(&pod, &known, &request(input), &Cluster::of(release)).outcome {
        Ok(admitted) => {
            let secrets: Vec<_> = admitted.pull_secrets.iter().map(|secret| json!({"name": secret.value})).collect();
            json!({"allowed": true, "imagePullSecrets": secrets, "serviceAccountName": admitted.account})
        }
        Err(refusal) => json!({"allowed": false, "error": refusal.message, "code": refusal.code}),
    }
}
