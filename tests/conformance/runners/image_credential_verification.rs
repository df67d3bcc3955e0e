use podwhy_core::feature::Feature;
use podwhy_core::pulls::backoff::BackOff;
use podwhy_core::pulls::manager::{Access, Ensured, ImageManager, Presence, PullError, PulledImage, Sync};
use podwhy_core::pulls::record::{
    PullSecretIdentity, PullServiceAccount, PulledRecord, PulledWith, RecordedCredentials,
};
use podwhy_core::pulls::verification::{Check, PodCredentials, Remembered, VerificationPolicy, check, record_pull};
use podwhy_core::release::{Cluster, Release};
use podwhy_core::time::Duration;
use serde_json::{Map, Value, json};

pub fn run(input: &Value, release: Release) -> Value {
    let allowlist: Vec<String> = list(&input["allowlist"], text);
    let policy = match VerificationPolicy::new(&text(&input["policy"]), &allowlist, release) {
        Ok(policy) => policy,
        Err(error) => return json!({"error": error, "error_stage": "policy"}),
    };
    let image = text(&input["image"]);
    let remembered = remembered(input);
    let credentials = PodCredentials {
        secrets: list(&input["pod_secrets"], secret),
        service_account: Some(&input["pod_service_account"]).filter(|account| !account.is_null()).map(account),
    };
    let error = input["credentials_error"].as_str();
    let known = error.map_or(Ok(&credentials), Err);
    let checked = (input["present"] == true).then(|| check(&policy, &image, &remembered, known, release));
    let mut answer = json!({
        "must_attempt_pull": checked.as_ref().is_none_or(Check::must_pull),
        "credentials_looked_up": checked.as_ref().is_some_and(|checked| checked.looked_up),
    });
    if let Some(checked) = &checked {
        answer["check_result"] = json!(checked.result.word());
        if let Some(error) = &checked.error {
            answer["error"] = json!(error);
        }
        if let Some(record) = &checked.record_after {
            answer["record_after"] = shown_record(record);
        }
    }
    let ensured = ensure(input, checked.as_ref(), error, release);
    answer["message"] = json!(ensured.message);
    answer["kubelet_result"] = json!(match (&ensured.pulled_as, ensured.reason) {
        (Some(_), None) => "pull".to_owned(),
        (Some(_), Some(_)) => "pull_failed".to_owned(),
        (None, Some(reason)) => reason.to_string(),
        (None, None) if ensured.ok => "use".to_owned(),
        (None, None) => "error".to_owned(),
    });
    if !input["pull"].is_null() && ensured.pulled_as.is_some() {
        let with = match &input["pull"]["with"] {
            Value::Number(index) => PulledWith::Secret(
                credentials.secrets[usize::try_from(index.as_u64().unwrap_or_default()).unwrap_or(0)].clone(),
            ),
            Value::String(_) => PulledWith::ServiceAccount(credentials.service_account.clone().unwrap_or_default()),
            _ => PulledWith::Node,
        };
        let after = if ensured.ok { record_pull(&remembered, &image, &with, release) } else { None };
        answer["record_after_pull"] = after.as_ref().map_or(json!("unchanged"), shown_record);
        answer["intent_after_pull"] = json!(false);
    }
    answer
}

fn ensure(input: &Value, checked: Option<&Check>, look_up_error: Option<&str>, release: Release) -> Ensured {
    let mut cluster = Cluster::of(release);
    cluster.gates.insert(Feature::KubeletEnsureSecretPulledImages, true);
    let presence = match checked {
        None => Presence::Absent,
        Some(Check { error: Some(error), .. }) => Presence::Present(Access::LookupFails(error.clone())),
        Some(checked) if checked.must_pull() => Presence::Present(Access::MustPull),
        Some(_) => Presence::Present(Access::Granted),
    };
    let pull = match input["pull"]["error"].as_str() {
        Some(error) => Err(PullError::of(error)),
        None => Ok(PulledImage { size: 0, took: Duration::ZERO, waited: Duration::ZERO }),
    };
    let sync = Sync {
        at: Duration::ZERO,
        pod_name: "",
        pod_uid: "",
        field_path: "",
        image: input["image"].as_str().unwrap_or_default(),
        policy: input["image_pull_policy"].as_str().unwrap_or_default(),
        presence: &presence,
        look_up_error,
    };
    ImageManager::new(cluster, BackOff::for_images(), 0.0, 0).ensure(&sync, &pull)
}

fn remembered(input: &Value) -> Remembered {
    if input["record_unreadable"] == true {
        return Remembered::Unreadable;
    }
    let Some(mapping) = input["record"]["credential_mapping"].as_object() else {
        return if input["intent"] == true { Remembered::Intent } else { Remembered::Nothing };
    };
    let entry = |(name, value): (&String, &Value)| {
        let credentials = RecordedCredentials {
            node_pods_accessible: value["node_pods_accessible"] == true,
            secrets: list(&value["kubernetes_secrets"], secret),
            service_accounts: list(&value["kubernetes_service_accounts"], account),
        };
        (name.clone(), credentials)
    };
    Remembered::Record(PulledRecord { credentials: mapping.iter().map(entry).collect() })
}

fn shown_record(record: &PulledRecord) -> Value {
    let entry = |(name, entry): (&String, &RecordedCredentials)| {
        let mut shown = Map::new();
        if entry.node_pods_accessible {
            shown.insert("node_pods_accessible".to_owned(), json!(true));
        }
        if !entry.secrets.is_empty() {
            let secrets = entry.secrets.iter().map(|secret| {
                json!({
                    "uid": secret.uid, "namespace": secret.namespace, "name": secret.name,
                    "credential_hash": secret.credential_hash,
                })
            });
            shown.insert("kubernetes_secrets".to_owned(), secrets.collect());
        }
        if !entry.service_accounts.is_empty() {
            let accounts = entry
                .service_accounts
                .iter()
                .map(|account| json!({"uid": account.uid, "namespace": account.namespace, "name": account.name}));
            shown.insert("kubernetes_service_accounts".to_owned(), accounts.collect());
        }
        (name.clone(), Value::Object(shown))
    };
    json!({ "credential_mapping": record.credentials.iter().map(entry).collect::<Map<_, _>>() })
}

fn secret(value: &Value) -> PullSecretIdentity {
    PullSecretIdentity {
        uid: text(&value["uid"]),
        namespace: text(&value["namespace"]),
        name: text(&value["name"]),
        credential_hash: text(&value["credential_hash"]),
    }
}

fn account(value: &Value) -> PullServiceAccount {
    PullServiceAccount { uid: text(&value["uid"]), namespace: text(&value["namespace"]), name: text(&value["name"]) }
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().into_iter().flatten().map(read).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
