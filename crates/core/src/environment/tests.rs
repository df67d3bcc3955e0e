use super::expansion::expand;
use super::{EnvValue, Environment, World, container_environment};
use crate::api::node::Node;
use crate::api::{ConfigMap, Object, Secret, Service, pods_of};
use crate::feature::Feature;
use crate::release::{Cluster, Release};
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn object(text: &str) -> Object {
    Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())
}

const SECRET: &str = r#"{"metadata":{"name":"s"},"stringData":{"password":"hunter2"}}"#;
const CONFIG_MAP: &str = r#"{"metadata":{"name":"c"},"data":{"a":"$(B)","1x":"one"}}"#;
const SERVICE: &str = r#"{"metadata":{"name":"db"},"spec":{"clusterIP":"10.0.0.9","ports":[{"port":5432}]}}"#;
const NODE: &str = r#"{"metadata":{"name":"n1"},"status":{"allocatable":{"cpu":"3500m","memory":"1Gi"},
    "addresses":[{"type":"ExternalIP","address":"203.0.113.1"},{"type":"InternalIP","address":"10.1.1.1"},
    {"type":"InternalIP","address":"fd00::1"}]}}"#;

/// The environment of the container `a`, whose fields besides the name are given, in a pod with these fields.
fn environment(container: &str, spec: &str, cluster: &Cluster) -> Environment {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"web","labels":{{"b":"2","a":"1"}}}},
        "spec":{{"containers":[{{"name":"a"{container}}}]{spec}}}}}"#
    );
    let pod = pods_of(&object(&text)).remove(0);
    let (secrets, maps) = ([Secret::read(&object(SECRET))], [ConfigMap::read(&object(CONFIG_MAP))]);
    let (services, node) = ([Service::read(&object(SERVICE))], Node::read(&object(NODE)));
    let world = World {
        config_maps: &maps,
        secrets: &secrets,
        services: &services,
        node: Some(&node),
        pod_ips: &["10.2.2.2".to_owned(), "fd00::2".to_owned()],
        complete: true,
        cluster_domain: "cluster.local",
        cluster_dns: &[],
    };
    container_environment(&pod, &pod.containers[0], &world, cluster)
}

fn at(minor: u8) -> Cluster {
    Cluster::of(Release::minor_unchecked(minor))
}

fn env(list: &str) -> Environment {
    environment(&format!(r#","env":[{list}]"#), "", &Cluster::default())
}

/// The value of the variable `V`, which has this source.
fn from(source: &str) -> String {
    let found = env(&format!(r#"{{"name":"V","valueFrom":{source}}}"#));
    match found.error() {
        Some(error) => error.message.clone(),
        None => found.variable("V").unwrap().value.reveal().to_owned(),
    }
}

#[test]
fn references_are_replaced_once_and_escapes_are_undone() {
    let values = [("A", EnvValue::plain("$(B)")), ("B", EnvValue::plain("b"))];
    let text = |input: &str| {
        let expanded = expand(input, |name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value));
        expanded.value.reveal().to_owned()
    };
    for (input, output) in [
        ("$(A)", "$(B)"),
        ("$$(A)", "$(A)"),
        ("$$$(B)", "$b"),
        ("$(C)", "$(C)"),
        ("$(B", "$(B"),
        ("$B $", "$B $"),
        ("$", "$"),
        ("", ""),
        ("ä$(B)ö", "äbö"),
        ("$($(B))", "$($(B))"),
    ] {
        assert_eq!(text(input), output, "{input}");
    }
    assert_eq!(text("$é"), "$Ã\u{fffd}", "a character after a lone dollar falls apart, as in Kubernetes");
}

#[test]
fn a_name_says_that_its_value_is_a_secret() {
    let found = environment(
        r#","env":[{"name":"DB_PASSWORD","value":"hunter3"},{"name":"URL","value":"x:$(DB_PASSWORD)@db"},{"name":"API_TOKEN","value":""},
        {"name":"TOKEN_OF","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"HOST","value":"db"}]"#,
        "",
        &Cluster::default(),
    );
    let secret = |name: &str| found.variable(name).unwrap().value.is_secret();
    assert!(secret("DB_PASSWORD") && secret("URL"), "what is made of a secret is one");
    assert!(!secret("API_TOKEN") && !secret("TOKEN_OF") && !secret("HOST"));
    let printed = format!("{found:?}") + &serde_json::to_string(&found).unwrap();
    assert!(!printed.contains("hunter3"), "{printed}");
}

#[test]
fn what_touches_a_secret_is_never_printed() {
    let found = environment(
        r#","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"s","key":"password"}}},{"name":"URL","value":"x:$(P)@db"}],
        "envFrom":[{"prefix":"S_","secretRef":{"name":"s"}}],"command":["login","$(URL)"],"args":["$(S_password)"]"#,
        "",
        &Cluster::default(),
    );
    assert_eq!(found.error(), None);
    assert_eq!(found.variable("URL").unwrap().value.reveal(), "x:hunter2@db");
    assert_eq!(found.command[1].reveal(), "x:hunter2@db");
    assert!(!found.command[0].is_secret() && found.args[0].is_secret());
    let printed = format!("{found:?}") + &serde_json::to_string(&found).unwrap();
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn later_definitions_replace_earlier_ones_and_say_so() {
    let found = environment(
        r#","env":[{"name":"a","value":"1"},{"name":"a","value":"$(a)2"},{"name":"DB_PORT","value":"mine"}],
        "envFrom":[{"configMapRef":{"name":"c"}}]"#,
        "",
        &Cluster::default(),
    );
    let a = found.variable("a").unwrap();
    assert_eq!(a.value.reveal(), "12");
    assert_eq!(a.overrides.len(), 2);
    assert_eq!(found.variable("DB_PORT").unwrap().overrides.len(), 1);
    assert_eq!(found.variables.iter().filter(|variable| variable.name == "DB_PORT").count(), 1);
}

#[test]
fn circles_and_self_references_stay_as_they_are() {
    let found = env(r#"{"name":"A","value":"$(B)"},{"name":"B","value":"$(A)"},{"name":"C","value":"$(C)"}"#);
    let value = |name| found.variable(name).unwrap().value.reveal().to_owned();
    assert_eq!((value("A").as_str(), value("B").as_str(), value("C").as_str()), ("$(B)", "$(B)", "$(C)"));
    assert_eq!(found.variable("A").unwrap().unresolved, ["B"]);
    assert!(found.variable("C").unwrap().trace[0].finding.contains("refers to itself"));
}

#[test]
fn everything_is_resolved_beside_what_cannot_be() {
    let found =
        env(r#"{"name":"A","valueFrom":{"configMapKeyRef":{"name":"gone","key":"k"}}},{"name":"B","value":"b"},
        {"name":"C","valueFrom":{"secretKeyRef":{"name":"s","key":"gone"}}},
        {"name":"D","valueFrom":{"secretKeyRef":{"name":"gone","key":"k","optional":true}}}"#);
    let messages: Vec<_> = found.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, [r#"configmap "gone" not found"#, "couldn't find key gone in Secret default/s"]);
    assert_eq!(found.error(), found.errors.first());
    assert!(found.variable("B").is_some() && found.variable("D").is_none());
    assert_eq!(found.left_out.len(), 1);
}

#[test]
fn names_that_are_not_valid_are_skipped_up_to_a_release() {
    let container = r#","envFrom":[{"configMapRef":{"name":"c"}}]"#;
    let older = environment(container, "", &at(20));
    assert!(older.variable("1x").is_none());
    assert!(older.events[0].message.starts_with("Keys [1x] from the EnvFrom configMap default/c were skipped"));
    let newer = environment(container, "", &at(32));
    assert!(newer.variable("1x").is_some() && newer.events.is_empty());
    assert_eq!(newer.variable("a").unwrap().value.reveal(), "$(B)", "never expanded");
}

#[test]
fn fields_of_the_pod() {
    for (path, value) in [
        ("metadata.name", "web"),
        ("metadata.labels", "a=\"1\"\nb=\"2\""),
        ("metadata.labels['b']", "2"),
        ("metadata.labels['c']", ""),
        ("spec.nodeName", "n1"),
        ("spec.host", "n1"),
        ("status.hostIP", "10.1.1.1"),
        ("status.hostIPs", "10.1.1.1,fd00::1"),
        ("status.podIP", "10.2.2.2"),
        ("status.podIPs", "10.2.2.2,fd00::2"),
        ("status.phase", "unsupported fieldPath: status.phase"),
        ("spec.x['y']", "field label does not support subscript: spec.x['y']"),
        ("spec.x", "field label not supported: spec.x"),
    ] {
        assert_eq!(from(&format!(r#"{{"fieldRef":{{"fieldPath":"{path}"}}}}"#)), value, "{path}");
    }
    let old = r#"{"fieldRef":{"apiVersion":"v2","fieldPath":"metadata.name"}}"#;
    assert_eq!(from(old), "unsupported pod version: v2");
}

#[test]
fn amounts_of_containers() {
    for (reference, value) in [
        (r#""resource":"limits.cpu""#, "4"),
        (r#""resource":"limits.cpu","divisor":"1m""#, "3500"),
        (r#""resource":"limits.memory","divisor":"1Mi""#, "1024"),
        (r#""resource":"requests.memory""#, "0"),
        (r#""resource":"limits.hugepages-2Mi""#, "0"),
        (r#""resource":"limits.pods""#, "unsupported container resource : limits.pods"),
        (r#""resource":"limits.cpu","containerName":"b""#, "container b not found"),
    ] {
        assert_eq!(from(&format!(r#"{{"resourceFieldRef":{{{reference}}}}}"#)), value, "{reference}");
    }
    let found = env(r#"{"name":"V","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}"#);
    assert!(found.variable("V").unwrap().trace.iter().any(|step| step.finding.contains("the node can give")));
}

#[test]
fn a_variable_from_a_file_is_known_only_at_the_start() {
    let container = r#","env":[{"name":"V","valueFrom":{"fileKeyRef":{"volumeName":"v","path":"f","key":"k"}}}]"#;
    let found = environment(container, r#","volumes":[{"name":"v"}]"#, &at(35));
    assert_eq!(found.variable("V").unwrap().value, EnvValue::later("‹k in f›"));
    let message = environment(container, "", &at(35)).errors.remove(0).message;
    assert_eq!(message, r#"cannot find the volume "v" referenced by FileKeyRef"#);
    let before = environment(container, r#","volumes":[{"name":"v"}]"#, &at(33));
    assert_eq!(before.variable("V").unwrap().value, EnvValue::plain(""), "the field is not known");
}

#[test]
fn names_of_the_pod() {
    let name = |spec: &str, cluster: &Cluster| {
        let found = environment("", spec, cluster);
        match found.hostname {
            Some(name) => (name.hostname.unwrap(), name.domain),
            None => (found.errors[0].message.clone(), String::new()),
        }
    };
    let pair = |name: &str, domain: &str| (name.to_owned(), domain.to_owned());
    assert_eq!(name("", &at(34)), pair("web", ""));
    assert_eq!(name(r#","hostNetwork":true"#, &at(34)), pair("n1", ""));
    let domain = "sub.default.svc.cluster.local";
    assert_eq!(name(r#","subdomain":"sub""#, &at(34)), pair("web", domain));
    let full = r#","hostname":"db","subdomain":"sub","setHostnameAsFQDN":true"#;
    assert_eq!(name(full, &at(34)), pair("db.sub.default.svc.cluster.local", domain));
    let long = format!(r#","hostname":"{}","subdomain":"sub","setHostnameAsFQDN":true"#, "h".repeat(40));
    assert!(name(&long, &at(34)).0.ends_with("is too long (64 characters is the max, 70 characters requested)"));
    let over = r#","hostname":"db","hostnameOverride":"a.b""#;
    assert_eq!(name(over, &at(35)), pair("a.b", ""));
    assert_eq!(name(over, &at(34)), pair("db", ""), "the gate is off");
    let mut cluster = at(34);
    cluster.gates.insert(Feature::HostnameOverride, true);
    assert_eq!(name(over, &cluster), pair("a.b", ""));
}

#[test]
fn services_need_links_and_an_address() {
    let off = environment("", r#","enableServiceLinks":false"#, &Cluster::default());
    assert!(off.variables.is_empty());
    let on = env("");
    assert_eq!(on.variable("DB_SERVICE_HOST").unwrap().value, EnvValue::plain("10.0.0.9"));
    assert_eq!(on.variable("DB_PORT").unwrap().value, EnvValue::plain("tcp://10.0.0.9:5432"));
}

#[test]
fn the_limit_of_the_pod_stands_in_before_the_nodes_amount() {
    let ask = r#","env":[{"name":"V","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}}]"#;
    let of = |limits: &str, minor: u8| {
        let spec = format!(r#","resources":{{"limits":{{{limits}}}}}"#);
        environment(ask, &spec, &at(minor)).variable("V").unwrap().value.reveal().to_owned()
    };
    assert_eq!(of(r#""cpu":"2""#, 34), "2000");
    assert_eq!(of(r#""cpu":"2""#, 33), "3500", "kubelet_resources.go looked at the node alone");
    assert_eq!(of(r#""cpu":"0""#, 34), "3500");
    assert_eq!(of(r#""memory":"1Gi""#, 34), "3500");
}

#[test]
fn quotients_beyond_64_bits_become_the_smallest_number() {
    let memory = |limit: &str| {
        let container = format!(
            r#","resources":{{"limits":{{"memory":"{limit}"}}}},"env":[{{"name":"V","valueFrom":{{"resourceFieldRef":{{"resource":"limits.memory"}}}}}}]"#
        );
        environment(&container, "", &at(32)).variable("V").unwrap().value.reveal().to_owned()
    };
    // 2^63 - 1 rounds to 2^63 as a float, which no int64 holds.
    assert_eq!(memory("9Ei"), i64::MIN.to_string());
    assert_eq!(memory("1E"), "1000000000000000000");
    assert_eq!(memory("10E"), "0", "amount.go AsScaledInt64 gives 0 beyond 64 bits");
}

#[test]
fn each_byte_that_is_no_text_is_shown_by_itself() {
    assert_eq!(super::value::go_text(b"a\xe2\x82b\xff"), "a\u{fffd}\u{fffd}b\u{fffd}");
    assert_eq!(expand("$\u{20ac}", |_| None).value.reveal(), "$\u{e2}\u{fffd}\u{fffd}");
}
