use super::*;
use crate::environment::mounts::Maker;
use crate::release::{Cluster, Release};
use crate::report::Tone;
use crate::session::{Input, InputKind, Session};

fn at(texts: &[(InputKind, &str)], minor: u8) -> Whole {
    let input =
        |(kind, text): &(InputKind, &str)| Input { kind: *kind, name: "x".to_owned(), text: (*text).to_owned() };
    let cluster = Cluster::of(Release::minor_unchecked(minor));
    Whole::of(Session { cluster, inputs: texts.iter().map(input).collect(), ..Session::default() })
}

fn environment(text: &str) -> PodEnvironment {
    at(&[(InputKind::Manifests, text)], 34).environment(0).unwrap()
}

/// A pod with one container `app` with these fields, and these of the spec.
fn pod(container: &str, spec: &str) -> String {
    format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"web\"}},\
         \"spec\":{{\"containers\":[{{\"name\":\"app\",\"image\":\"x:1\"{container}}}]{spec}}}}}"
    )
}

fn value(found: &PodEnvironment, name: &str) -> String {
    found.containers[0]
        .environment
        .variable(name)
        .map(|variable| variable.value.reveal().to_owned())
        .unwrap_or_default()
}

#[test]
fn the_api_servers_service_is_there_without_being_pasted() {
    let found = environment(&pod("", ""));
    assert_eq!(value(&found, "KUBERNETES_SERVICE_HOST"), "10.96.0.1");
    assert_eq!(value(&found, "KUBERNETES_PORT_443_TCP"), "tcp://10.96.0.1:443");
    assert!(found.containers[0].environment.variables.iter().all(|variable| variable.assumed));
    assert!(found.assumptions.iter().any(|assumption| assumption.text.contains("10.96.0.1")));
    let own = "apiVersion: v1\nkind: Service\nmetadata:\n  name: kubernetes\nspec:\n  clusterIP: 10.0.0.1\n  ports:\n  - port: 6443\n---\n";
    let found = environment(&format!("{own}{}", pod("", ",\"enableServiceLinks\":false")));
    assert_eq!(value(&found, "KUBERNETES_SERVICE_HOST"), "10.0.0.1");
    assert!(found.assumptions.iter().all(|assumption| !assumption.text.contains("kubernetes")));
}

#[test]
fn a_service_that_was_not_applied_yet_gets_an_address() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: my-db\nspec:\n  ports:\n  - port: 5432\n---\n";
    let found = environment(&format!("{service}{}", pod(r#","env":[{"name":"URL","value":"$(MY_DB_PORT)/x"}]"#, "")));
    assert_eq!(value(&found, "MY_DB_SERVICE_PORT"), "5432");
    assert_eq!(value(&found, "URL"), "tcp://‹clusterIP of my-db›:5432/x");
    let later = |name: &str| found.containers[0].environment.variable(name).unwrap().later;
    assert!(later("URL") && later("MY_DB_SERVICE_HOST") && !later("MY_DB_SERVICE_PORT"));
    let headless = service.replace("spec:\n", "spec:\n  clusterIP: None\n");
    let found = environment(&format!("{headless}{}", pod("", "")));
    assert_eq!(value(&found, "MY_DB_SERVICE_PORT"), "");
    assert!(found.services[0].step.finding.contains("headless"));
}

#[test]
fn what_only_the_running_pod_knows_is_told_as_such() {
    let env = r#","env":[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
        {"name":"UID","valueFrom":{"fieldRef":{"fieldPath":"metadata.uid"}}},
        {"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}},
        {"name":"SA","valueFrom":{"fieldRef":{"fieldPath":"spec.serviceAccountName"}}},
        {"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}},
        {"name":"ADDR","value":"$(IP):80"}]"#;
    let found = environment(&pod(env, ""));
    assert_eq!(value(&found, "ADDR"), "‹status.podIP›:80");
    assert_eq!((value(&found, "UID").as_str(), value(&found, "NODE").as_str()), ("‹metadata.uid›", "‹spec.nodeName›"));
    assert_eq!(value(&found, "CPU"), "‹allocatable cpu of the node›");
    assert_eq!(value(&found, "SA"), "default", "admission has filled it in");
    let status = pod(env, "").replace(r#""spec":"#, r#""status":{"podIPs":[{"ip":"10.1.2.3"}]},"spec":"#);
    assert_eq!(value(&environment(&status), "ADDR"), "10.1.2.3:80");
    let node = "apiVersion: v1\nkind: Node\nmetadata:\n  name: n7\nstatus:\n  allocatable:\n    cpu: 3500m\n---\n";
    let found = environment(&format!("{node}{}", pod(env, "")));
    assert_eq!((value(&found, "NODE").as_str(), value(&found, "CPU").as_str()), ("n7", "4"));
}

#[test]
fn a_missing_secret_is_told_in_the_kubelets_words() {
    let env = r#","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}]"#;
    let found = environment(&pod(env, ""));
    assert_eq!(found.verdict.tone, Tone::Look, "the cluster may have it");
    assert!(found.verdict.text.contains(
        r#"CreateContainerConfigError, unless the cluster has what is not given here: secret "db" not found"#
    ));
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  user: u\n---\n";
    let found = environment(&format!("{secret}{}", pod(env, "")));
    assert_eq!(found.verdict.tone, Tone::Fails);
    assert_eq!(
        found.verdict.text,
        "`app` waits with CreateContainerConfigError: couldn't find key password in Secret default/db."
    );
    let elsewhere = secret.replace("name: db", "name: db\n  namespace: other");
    let found = environment(&format!("{elsewhere}{}", pod(env, "")));
    assert_eq!(found.verdict.tone, Tone::Fails, "it is given, and in the wrong namespace");
    assert!(found.containers[0].environment.errors[0].step.finding.contains("`other`"));
}

#[test]
fn the_last_of_several_objects_counts() {
    let map =
        |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  k: {value}\n---\n");
    let env = r#","envFrom":[{"configMapRef":{"name":"c"}}]"#;
    let found = environment(&format!("{}{}{}", map("one"), map("two"), pod(env, "")));
    assert_eq!(value(&found, "k"), "two");
}

#[test]
fn secrets_stay_out_of_what_is_written() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: hunter2\n---\n";
    let env = r#","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}},{"name":"URL","value":"x$(P)"}],
        "volumeMounts":[{"name":"v","mountPath":"/s"},{"name":"v","mountPath":"/t","subPathExpr":"$(P)"}]"#;
    let found =
        environment(&format!("{secret}{}", pod(env, r#","volumes":[{"name":"v","secret":{"secretName":"db"}}]"#)));
    let printed = format!("{found:?}") + &serde_json::to_string(&found).unwrap();
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn names_of_templates_and_hosts() {
    let deployment = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"}],"subdomain":"s","setHostnameAsFQDN":true}}}}"#;
    let found = environment(deployment);
    assert_eq!(found.hostname.name.as_deref(), Some("web-‹hash›-‹random›.s.default.svc.cluster.local"));
    assert!(found.assumptions.iter().any(|assumption| assumption.text.contains("cluster.local")));
    let kubelet = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nclusterDomain: corp.test\n";
    let whole = at(&[(InputKind::Manifests, deployment), (InputKind::KubeletConfig, kubelet)], 34);
    let found = whole.environment(0).unwrap();
    assert_eq!(found.hostname.domain, "s.default.svc.corp.test");
    let host = environment(&pod("", r#","hostNetwork":true"#));
    assert_eq!(host.hostname.name.as_deref(), Some("‹the node's name›"));
    let long = format!(r#","hostname":"{}","subdomain":"sub","setHostnameAsFQDN":true"#, "h".repeat(40));
    let found = environment(&pod("", &long));
    assert!(found.verdict.text.contains("FailedCreatePodSandBox"), "{}", found.verdict.text);
}

#[test]
fn the_file_system_mount_by_mount() {
    let container = r#","volumeMounts":[{"name":"data","mountPath":"/data/"},{"name":"cfg","mountPath":"/data/etc"},
        {"name":"data","mountPath":"/data","subPath":"a"},{"name":"cfg","mountPath":"/one","subPath":"k1"}]"#;
    let spec = r#","volumes":[{"name":"data","emptyDir":{}},{"name":"cfg","configMap":{"name":"c"}}]"#;
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  k1: one\n  k2: two\n---\n";
    let found = environment(&format!("{map}{}", pod(container, spec)));
    let mounts = &found.containers[0].files.mounts;
    let at = |path: &str| mounts.iter().find(|mount| mount.path == path).unwrap();
    assert!(at("/data/").hidden && !at("/data").hidden, "the later of two at one path is seen");
    assert_eq!(at("/data/etc").inside.as_deref(), Some("/data"));
    assert!(at("/data/etc").read_only && !at("/data").read_only);
    let files = |path: &str| at(path).files.as_ref().unwrap().iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    assert_eq!(
        (files("/data/etc"), files("/one")),
        (vec!["/data/etc/k1".to_owned(), "/data/etc/k2".to_owned()], vec!["/one".to_owned()])
    );
    assert!(at("/one").trace.iter().any(|step| step.finding.contains("stays as it is")));
    let token = at("/var/run/secrets/kubernetes.io/serviceaccount");
    assert_eq!((token.maker, token.read_only), (Maker::Admission, true));
    assert_eq!(token.files.as_ref().unwrap().len(), 3);
    assert_eq!(at("/etc/hosts").maker, Maker::Kubelet);
    assert!(at("/etc/hosts").content.contains(&"‹status.podIP›\tweb".to_owned()));
    assert!(at("/etc/resolv.conf").content[0].starts_with("search default.svc.cluster.local"));
    assert_eq!(at("/dev/termination-log").maker, Maker::Kubelet);
    assert!(found.verdict.text.contains("1 of its mounts cannot be seen"), "{}", found.verdict.text);
}

#[test]
fn volumes_that_keep_the_pod_from_starting() {
    let spec = r#","volumes":[{"name":"cfg","configMap":{"name":"c","items":[{"key":"gone","path":"p"}]}}]"#;
    let missing = environment(&pod("", spec));
    assert!(missing.verdict.text.contains(r#"MountVolume.SetUp failed for volume "cfg" : configmap "c" not found"#));
    assert_eq!(missing.verdict.tone, Tone::Look);
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  k: x\n---\n";
    let found = environment(&format!("{map}{}", pod("", spec)));
    assert_eq!(found.verdict.tone, Tone::Fails);
    assert!(found.verdict.text.contains("references non-existent config key: gone"), "{}", found.verdict.text);
}

#[test]
fn sub_path_expressions_need_their_variables() {
    let container = r#","env":[{"name":"A","value":"x"}],"volumeMounts":[{"name":"d","mountPath":"/a","subPathExpr":"$(A)/y"},
        {"name":"d","mountPath":"/b","subPathExpr":"$(GONE)"}]"#;
    let found = environment(&pod(container, r#","volumes":[{"name":"d","emptyDir":{}}]"#));
    let files = &found.containers[0].files;
    assert_eq!(files.mounts.iter().find(|mount| mount.path == "/a").unwrap().sub_path, "x/y");
    assert!(
        found.verdict.text.contains("CreateContainerConfigError: missing value for GONE"),
        "{}",
        found.verdict.text
    );
}

#[test]
fn dns_on_the_hosts_network_is_the_nodes() {
    let found = environment(&pod("", r#","hostNetwork":true"#));
    let resolv = found.containers[0].files.mounts.iter().find(|mount| mount.path == "/etc/resolv.conf").unwrap();
    assert!(resolv.trace[0].finding.contains("ClusterFirstWithHostNet"));
}

#[test]
fn a_variable_above_the_kernels_limit_keeps_the_process_from_starting() {
    let value = "x".repeat(140_000);
    let found = environment(&pod(&format!(r#","env":[{{"name":"BIG","value":"{value}"}}]"#), ""));
    assert!(found.verdict.text.contains("`app` fails to start: argument list too long. `BIG` has 140005 bytes"));
    let many: Vec<String> =
        (0..30).map(|index| format!(r#"{{"name":"V{index}","value":"{}"}}"#, "x".repeat(100_000))).collect();
    let found = environment(&pod(&format!(r#","env":[{}]"#, many.join(",")), ""));
    assert_eq!(found.verdict.tone, Tone::Look, "{}", found.verdict.text);
}

#[test]
fn the_runtime_leaves_its_files_out_where_a_volume_is_mounted() {
    let container = r#","volumeMounts":[{"name":"m","mountPath":"/dev/shm/"}],"volumeDevices":[{"name":"d","devicePath":"/dev/xvda"}]"#;
    let spec = r#","volumes":[{"name":"m","emptyDir":{"medium":"Memory"}},{"name":"d","persistentVolumeClaim":{"claimName":"c"}}]"#;
    let found = environment(&pod(container, spec));
    let mounts = &found.containers[0].files.mounts;
    let at = |path: &str| mounts.iter().filter(|mount| mount.path.trim_end_matches('/') == path).collect::<Vec<_>>();
    assert_eq!(at("/dev/shm").len(), 1);
    assert_eq!(at("/dev/shm")[0].maker, Maker::Written);
    assert!(at("/dev/xvda")[0].words.contains("block device"));
    assert_eq!(at("/etc/hostname")[0].content, ["web"]);
}

#[test]
fn the_secret_of_an_accounts_token_is_taken_to_be_there() {
    let found = at(&[(InputKind::Manifests, &pod("", ""))], 20).environment(0).unwrap();
    assert_eq!(found.verdict.tone, Tone::Fine, "{:?}", found.verdict);
    assert!(
        found.assumptions.iter().any(|taken| taken.text.contains("default-token-xxxxx")),
        "{:?}",
        found.assumptions
    );
    let newer = at(&[(InputKind::Manifests, &pod("", ""))], 21).environment(0).unwrap();
    assert!(newer.assumptions.iter().all(|taken| !taken.text.contains("-token-")));
    let own = r#","volumes":[{"name":"v","secret":{"secretName":"mine"}}]"#;
    let found = at(&[(InputKind::Manifests, &pod("", own))], 20).environment(0).unwrap();
    assert!(found.verdict.text.contains(r#"secret "mine" not found"#), "{:?}", found.verdict);
}

fn shows(played: &crate::timeline::Timeline, ready: &str, status: &str) -> bool {
    played
        .states
        .iter()
        .filter_map(|state| state.shown.as_ref())
        .any(|shown| shown.ready == ready && shown.status == status)
}

#[test]
fn a_container_that_cannot_be_configured_waits_in_every_view() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  a: x\n---\n";
    let key = r#","env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"conf","key":"b"}}}]"#;
    let of_secret = r#","envFrom":[{"secretRef":{"name":"db"}}]"#;
    let error = "couldn't find key b in ConfigMap default/conf";
    for (text, error, tone) in [
        (format!("{map}{}", pod(key, "")), error, Tone::Fails),
        (pod(of_secret, ""), r#"secret "db" not found"#, Tone::Look),
    ] {
        let whole = at(&[(InputKind::Manifests, &text)], 34);
        let late = crate::time::Duration::from_secs(60);
        let pulls = whole.pulls(0).unwrap();
        assert!(pulls.get_pods_at(late).contains("0/1     CreateContainerConfigError"), "{}", pulls.get_pods_at(late));
        let events = pulls.describe_events_at(late);
        assert!(events.contains(&format!("Error: {error}")) && !events.contains("Started"), "{events}");
        assert!(pulls.verdict.tone == tone && pulls.verdict.text.contains(error), "{:?}", pulls.verdict);
        assert_eq!(whole.report.pods[0].pull.as_ref().unwrap().verdict, pulls.verdict);

        let played = whole.lifecycle(0).unwrap();
        assert!(shows(&played, "0/1", "CreateContainerConfigError"), "{:?}", played.states);
        let events = played.describe_events_at(30_000);
        assert!(events.contains(&format!("Error: {error}")) && !events.contains("Started"), "{events}");
        assert!(played.verdict.tone == tone && played.verdict.text.contains(error), "{:?}", played.verdict);

        let first = &whole.problems()[0].diagnostic;
        assert_eq!(first.severity, podwhy_source::Severity::Error);
        assert_eq!(first.message, format!("`app` waits with CreateContainerConfigError: {error}"));
    }
}

#[test]
fn behind_an_init_container_that_cannot_be_configured_nothing_starts() {
    let spec = r#","initContainers":[{"name":"first","image":"x:1","envFrom":[{"configMapRef":{"name":"gone"}}]}]"#;
    let whole = at(&[(InputKind::Manifests, &pod("", spec))], 34);
    let late = crate::time::Duration::from_secs(60);
    let pulls = whole.pulls(0).unwrap();
    assert!(pulls.get_pods_at(late).contains("Init:CreateContainerConfigError"), "{}", pulls.get_pods_at(late));
    let played = whole.lifecycle(0).unwrap();
    assert!(shows(&played, "0/1", "Init:CreateContainerConfigError"), "{:?}", played.states);
    assert!(played.verdict.text.contains("never gets beyond `first`"), "{:?}", played.verdict);
    assert!(!played.describe_events_at(60_000).contains("Started"));
}

#[test]
fn beside_a_container_that_cannot_be_configured_the_others_run() {
    let both = pod("", "").replace(
        r#"{"name":"app""#,
        r#"{"name":"broken","image":"x:1","envFrom":[{"configMapRef":{"name":"gone"}}]},{"name":"app""#,
    );
    let whole = at(&[(InputKind::Manifests, &both)], 34);
    let late = crate::time::Duration::from_secs(60);
    assert!(whole.pulls(0).unwrap().get_pods_at(late).contains("1/2     CreateContainerConfigError"));
    let played = whole.lifecycle(0).unwrap();
    assert!(shows(&played, "1/2", "CreateContainerConfigError"), "{:?}", played.states);
    assert!(played.describe_events_at(30_000).contains("Started"));
}
