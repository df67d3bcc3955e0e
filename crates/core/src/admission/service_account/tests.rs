use super::*;
use crate::api::pods_of;
use crate::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn object(text: &str) -> Object {
    Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())
}

fn pod(spec: &str) -> Pod {
    let text =
        format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"web","namespace":"team"}},"spec":{spec}}}"#);
    pods_of(&object(&text)).remove(0)
}

fn account(name: &str, namespace: &str, rest: &str) -> ServiceAccount {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"ServiceAccount","metadata":{{"name":"{name}","namespace":"{namespace}"}}{rest}}}"#
    );
    ServiceAccount::of(&object(&text)).unwrap()
}

/// Account, pull secrets and findings, with only these accounts given and others possible.
fn check(pod: &Pod, accounts: &[ServiceAccount]) -> (String, Vec<String>, Vec<String>) {
    let known = Known::some(accounts);
    let decision = admit(pod, &known, &Request::CREATE, &Cluster::of(Release::DEFAULT));
    let admitted = decision.outcome.unwrap();
    let secrets = admitted.pull_secrets.into_iter().map(|secret| secret.value).collect();
    (admitted.account, secrets, decision.trace.into_iter().map(|step| step.finding).collect())
}

const REG: &str = r#","imagePullSecrets":[{"name":"reg"},{"name":"two"}]"#;

#[test]
fn the_accounts_pull_secrets_are_copied_if_the_pod_lists_none() {
    let accounts = [account("default", "team", REG)];
    let (name, secrets, findings) = check(&pod(r#"{"containers":[]}"#), &accounts);
    assert_eq!((name.as_str(), secrets), ("default", vec!["reg".to_owned(), "two".to_owned()]));
    assert_eq!(
        findings,
        [
            "The pod names no service account, so it runs as `default`.",
            "ServiceAccount `default` of namespace `team` is given.",
            "The pod lists no pull secrets, so those of ServiceAccount `default` are copied into it: `reg`, `two`. Later changes of the account do not reach the pod.",
        ]
    );
}

#[test]
fn copied_secrets_know_where_they_stand_in_the_account() {
    let accounts = [account("default", "team", REG)];
    let known = Known::all(&accounts, &[]);
    let pod = pod(r#"{"automountServiceAccountToken":false}"#);
    let admitted = admit(&pod, &known, &Request::CREATE, &Cluster::of(Release::DEFAULT)).outcome.unwrap();
    let from = Some(accounts[0].image_pull_secrets[0].span);
    assert_eq!(admitted.pull_secrets[0].origin, Origin::Merged { rule: &rules::ACCOUNT_PULL_SECRETS, from });
    assert_eq!(admitted.account_span, Some(accounts[0].metadata.name.as_ref().unwrap().span));
}

#[test]
fn own_pull_secrets_switch_the_accounts_off() {
    let (_, secrets, findings) =
        check(&pod(r#"{"imagePullSecrets":[{"name":"own"}]}"#), &[account("default", "team", REG)]);
    assert_eq!(secrets, ["own"]);
    let expected =
        "The pod lists pull secrets itself, so those of ServiceAccount `default` (`reg`, `two`) are not added.";
    assert_eq!(findings[2], expected);
    assert_eq!(check(&pod(r#"{"imagePullSecrets":[{}]}"#), &[account("default", "team", REG)]).1, [""]);
}

#[test]
fn an_account_that_is_not_given_is_assumed_and_said_so() {
    let (name, secrets, findings) = check(&pod(r#"{"serviceAccountName":"bot"}"#), &[account("bot", "other", REG)]);
    assert_eq!((name.as_str(), secrets), ("bot", vec![]));
    assert_eq!(
        findings[1],
        "ServiceAccount `bot` of namespace `team` is not given here: it is taken to exist and to have no pull secrets. If it \
         does not exist, the pod is refused. The one that is given is in namespace `other` and does not count."
    );
    assert_eq!(findings[2], "The pod lists no pull secrets, and none are known of ServiceAccount `bot`.");
}

#[test]
fn the_old_field_loses() {
    let pod = pod(r#"{"serviceAccountName":"bot","serviceAccount":"old"}"#);
    let (name, _, findings) = check(&pod, &[]);
    assert_eq!(name, "bot");
    assert_eq!(
        findings[0],
        "The pod runs as `bot`: `serviceAccountName` counts, and the old field `serviceAccount` (`old`) does not."
    );
}

#[test]
fn without_the_plugin_nothing_is_copied() {
    let mut cluster = Cluster::of(Release::DEFAULT);
    cluster.switched_plugins.insert(AdmissionPlugin::ServiceAccount);
    let accounts = [account("default", "team", REG)];
    let known = Known::some(&accounts);
    let admitted = admit(&pod("{}"), &known, &Request::CREATE, &cluster).outcome.unwrap();
    assert_eq!((admitted.account.as_str(), admitted.pull_secrets), ("", vec![]));
}

#[test]
fn a_pod_may_not_name_what_a_limiting_account_does_not_list() {
    let text = r#"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"team",
        "annotations":{"kubernetes.io/enforce-mountable-secrets":"T"}},"secrets":[{"name":"ok"}]}"#;
    let accounts = [ServiceAccount::of(&object(text)).unwrap()];
    let known = Known::some(&accounts);
    let refusal = |pod: &Pod, minor| {
        let cluster = Cluster::of(Release::from_minor(minor).unwrap());
        admit(pod, &known, &Request::CREATE, &cluster).outcome.map(|_| ()).map_err(|refusal| refusal.message)
    };
    let init = pod(
        r#"{"initContainers":[{"name":"i","env":[{"name":"E","valueFrom":{"secretKeyRef":{"name":"db","key":"k"}}}]}]}"#,
    );
    assert_eq!(
        refusal(&init, 34),
        Err("pods \"web\" is forbidden: init container i with envVar E referencing secret.secretName=\"db\" is not allowed \
             because service account default does not reference that secret"
            .to_owned())
    );
    let env_from =
        pod(r#"{"containers":[{"name":"c","envFrom":[{"secretRef":{"name":"db"}},{"secretRef":{"name":"ok"}}]}]}"#);
    assert_eq!(refusal(&env_from, 20), Ok(()));
    assert!(refusal(&env_from, 32).is_err());
    let cluster = Cluster::of(Release::DEFAULT);
    let [change] = changes(&env_from, &known, &Request::CREATE, &cluster).try_into().unwrap();
    assert!(change.after.starts_with("the pod is refused: container c with envFrom"), "{}", change.after);
    assert_eq!(changes(&init, &known, &Request::CREATE, &cluster), [], "refused everywhere");
    let volume = pod(
        r#"{"volumes":[{"name":"v","secret":{"secretName":"ok"}},{"name":"p","projected":{"sources":[{"secret":{"name":"db"}}]}}]}"#,
    );
    assert_eq!(refusal(&volume, 34), Ok(()), "projected volumes are not looked at");
}

#[test]
fn a_mirror_pod_may_name_no_secret_of_any_volume() {
    let mirror = |spec: &str| {
        let text = format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"m","annotations":{{"kubernetes.io/config.mirror":"x"}}}},"spec":{spec}}}"#
        );
        pods_of(&object(&text)).remove(0)
    };
    let refusal = |spec: &str, minor| {
        let known = Known::all(&[], &[]);
        let cluster = Cluster::of(Release::from_minor(minor).unwrap());
        admit(&mirror(spec), &known, &Request::CREATE, &cluster).outcome.map(|_| ()).map_err(|refusal| refusal.message)
    };
    let secrets = Err("pods \"m\" is forbidden: a mirror pod may not reference secrets".to_owned());
    assert_eq!(refusal(r#"{"volumes":[{"rbd":{"secretRef":{"name":"s"}}}]}"#, 34), secrets);
    assert_eq!(refusal(r#"{"volumes":[{"csi":{"nodePublishSecretRef":{"name":"s"}}}]}"#, 34), secrets);
    assert_eq!(refusal(r#"{"volumes":[{"azureFile":{"shareName":"s"}}]}"#, 20), Ok(()));
    assert_eq!(refusal(r#"{"imagePullSecrets":[{}]}"#, 20), secrets);
    assert_eq!(refusal(r#"{"imagePullSecrets":[{}]}"#, 21), Ok(()));
    assert_eq!(
        refusal(r#"{"volumes":[{"projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}]}"#, 34),
        Err("pods \"m\" is forbidden: a mirror pod may not use ServiceAccountToken volume projections".to_owned())
    );
}

#[test]
fn an_earlier_accounts_token_does_not_count() {
    let text = r#"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"team","uid":"new"},
        "secrets":[{"name":"tok"}]}"#;
    let accounts = [ServiceAccount::of(&object(text)).unwrap()];
    let code = |uid: &str, minor| {
        let secrets = [object(&format!(
            r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"tok","namespace":"team","annotations":
            {{"kubernetes.io/service-account.name":"default","kubernetes.io/service-account.uid":"{uid}"}}}},
            "type":"kubernetes.io/service-account-token"}}"#
        ))];
        let known = Known::all(&accounts, &secrets);
        let cluster = Cluster::of(Release::from_minor(minor).unwrap());
        admit(&pod("{}"), &known, &Request::CREATE, &cluster).outcome.err().map(|refusal| refusal.code)
    };
    assert_eq!((code("old", 20), code("new", 20), code("", 20), code("old", 21)), (Some(500), None, None, None));
}
