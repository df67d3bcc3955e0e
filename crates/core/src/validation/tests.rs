//! Pods that the API server refuses.

use super::pod::errors;
use crate::api::{Object, pods_of};
use crate::feature::Feature;
use crate::release::{Cluster, Release};
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn at(minor: u8) -> Cluster {
    Cluster::of(Release::minor_unchecked(minor))
}

fn messages_of(text: &str, cluster: &Cluster) -> Vec<String> {
    let pod = pods_of(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())).remove(0);
    let errors = errors(&pod, cluster);
    for error in &errors {
        assert!(!error.span.slice(text).is_empty(), "{error:?} has no place");
    }
    errors.iter().map(|error| error.message().unwrap_or_else(|| format!("{}: {}", error.field, error.detail))).collect()
}

/// The messages for a pod with this container and these other fields of its spec.
fn messages(container: &str, spec: &str, cluster: &Cluster) -> Vec<String> {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},
        "spec":{{"containers":[{{"name":"a","image":"x"{container}}}]{spec}}}}}"#
    );
    messages_of(&text, cluster)
}

#[test]
fn a_plain_pod_is_good_in_every_release() {
    for release in Release::all() {
        assert_eq!(messages("", "", &Cluster::of(release)), [""; 0], "{release}");
    }
}

#[test]
fn a_pod_needs_containers() {
    let text = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{}}"#;
    assert_eq!(messages_of(text, &at(34)), ["spec.containers: Required value"]);
}

#[test]
fn templates_need_no_name_and_have_their_own_paths() {
    let text = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"template":{"spec":{
        "containers":[{"name":"A","image":" x"}]}}}}"#;
    let messages = messages_of(text, &at(34));
    assert_eq!(messages.len(), 1, "white space is for the pods: {messages:?}");
    assert!(messages[0].starts_with(r#"spec.template.spec.containers[0].name: Invalid value: "A": "#));
}

/// validateInitContainers hands checkHostPortConflicts a list of one and the path of the whole list.
#[test]
fn a_host_port_taken_twice_in_an_init_container_is_told_of_the_first() {
    let ports = r#""ports":[{"containerPort":1,"hostPort":80},{"containerPort":2,"hostPort":80}]"#;
    let spec = format!(r#","initContainers":[{{"name":"i","image":"x"}},{{"name":"j","image":"x",{ports}}}]"#);
    for minor in [20, 32, 34] {
        let told = r#"spec.initContainers[0].ports[1].hostPort: Duplicate value: "TCP//80""#;
        assert_eq!(messages("", &spec, &at(minor)), [told], "v1.{minor}");
    }
}

#[test]
fn names_are_unique_across_containers_and_init_containers() {
    let spec = r#","initContainers":[{"name":"i","image":"x"},{"name":"i","image":"x"},{"name":"a","image":"x"}]"#;
    let first = r#"spec.initContainers[1].name: Duplicate value: "i""#.to_owned();
    let second = r#"spec.initContainers[2].name: Duplicate value: "a""#.to_owned();
    assert_eq!(messages("", spec, &at(20)), [first.clone(), first.clone(), second.clone()], "looked at twice");
    assert_eq!(messages("", spec, &at(34)), [first, second]);
}

#[test]
fn hooks_are_for_containers_and_sidecars() {
    let spec = |policy: &str| {
        format!(
            r#","initContainers":[{{"name":"i","image":"x"{policy},"lifecycle":{{"preStop":{{"exec":{{"command":["a"]}}}}}}}}]"#
        )
    };
    let always = r#","restartPolicy":"Always""#;
    assert_eq!(
        messages("", &spec(""), &at(34)),
        [
            "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always"
        ]
    );
    assert_eq!(
        messages("", &spec(""), &at(20)),
        ["spec.initContainers[0].lifecycle: must not be set for init containers"]
    );
    assert_eq!(messages("", &spec(always), &at(34)), [""; 0]);
}

#[test]
fn a_sleep_is_seen_as_the_release_sees_it() {
    let sleep = |seconds: i64| format!(r#","lifecycle":{{"preStop":{{"sleep":{{"seconds":{seconds}}}}}}}"#);
    let path = "spec.containers[0].lifecycle.preStop";
    assert_eq!(messages(&sleep(5), "", &at(28)), [format!("{path}: Required value: must specify a handler type")]);
    assert_eq!(messages(&sleep(99), "", &at(29)), [""; 0], "the gate is off and the hook dropped");
    assert_eq!(messages(&sleep(30), "", &at(34)), [""; 0], "as long as the grace");
    assert_eq!(messages(&sleep(0), "", &at(34)), [""; 0]);
    let text = "must be non-negative and less than terminationGracePeriodSeconds (30)";
    assert_eq!(messages(&sleep(31), "", &at(34)), [format!("{path}.sleep: Invalid value: 31: {text}")]);
    assert_eq!(messages(&sleep(0), "", &at(31)).len(), 1);
}

#[test]
fn requests_stay_within_limits() {
    let resources =
        |requests: &str, limits: &str| format!(r#","resources":{{"requests":{{{requests}}},"limits":{{{limits}}}}}"#);
    let path = "spec.containers[0].resources";
    assert_eq!(
        messages(&resources(r#""example.com/gpu":"1""#, r#""example.com/gpu":"2""#), "", &at(34)),
        [format!(r#"{path}.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2"#)]
    );
    assert_eq!(
        messages(&resources(r#""example.com/gpu":"1""#, ""), "", &at(34)),
        [format!("{path}.limits: Required value: Limit must be set for non overcommitable resources")]
    );
    assert_eq!(messages(&resources(r#""cpu":"1""#, r#""cpu":"2""#), "", &at(34)), [""; 0]);
}

#[test]
fn claims_are_named_once_and_exist() {
    let container = r#","resources":{"claims":[{"name":"g"},{"name":"g"},{"name":"h"},{}]}"#;
    let spec = r#","resourceClaims":[{"name":"g"}]"#;
    let path = "spec.containers[0].resources.claims";
    assert_eq!(
        messages(container, spec, &at(34)),
        [
            format!(r#"{path}[1]: Duplicate value: "g""#),
            format!(r#"{path}[2]: Not found: "h": must be one of the names in pod.spec.resourceClaims: g"#),
            format!("{path}[3].name: Required value"),
        ]
    );
    assert_eq!(messages(container, spec, &at(33)), [""; 0], "dropped");
}

#[test]
fn variables_have_one_source() {
    let env = |variable: &str| format!(r#","env":[{{"name":"A",{variable}}}]"#);
    let path = "spec.containers[0].env[0].valueFrom";
    let field = r#""fieldRef":{"fieldPath":"metadata.name"}"#;
    assert_eq!(
        messages(&env(&format!(r#""value":"v","valueFrom":{{{field}}}"#)), "", &at(34)),
        [format!(r#"{path}: Invalid value: "": may not be specified when `value` is not empty"#)]
    );
    let two = format!(r#""valueFrom":{{{field},"secretKeyRef":{{"name":"s","key":"k"}}}}"#);
    assert_eq!(
        messages(&env(&two), "", &at(34)),
        [format!(r#"{path}: Invalid value: "": may not have more than one field specified at a time"#)]
    );
    let divisor = r#""valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"2"}}"#;
    assert_eq!(
        messages(&env(divisor), "", &at(34)),
        [format!(
            r#"{path}.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource"#
        )]
    );
    let pages = r#""valueFrom":{"resourceFieldRef":{"resource":"limits.hugepages-2Mi"}}"#;
    assert_eq!((messages(&env(pages), "", &at(20)).len(), messages(&env(pages), "", &at(34)).len()), (1, 0));
    let file = r#""valueFrom":{"fileKeyRef":{"volumeName":"v","path":"f"}}"#;
    assert_eq!(messages(&env(file), "", &at(35)), [format!("{path}.fileKeyRef.key: Required value")]);
    assert_eq!(messages(&env(file), "", &at(34)).len(), 1, "without the gate there is no source");
}

#[test]
fn host_ports_are_taken_once_for_protocol_and_address() {
    let ports = |ports: &str| format!(r#","ports":[{ports}]"#);
    let twice =
        r#"{"containerPort":53,"hostPort":53,"protocol":"UDP"},{"containerPort":54,"hostPort":53,"protocol":"TCP"}"#;
    assert_eq!(messages(&ports(twice), "", &at(34)), [""; 0]);
    let same = r#"{"containerPort":53},{"containerPort":53}"#;
    assert_eq!(
        messages(&ports(same), r#","hostNetwork":true"#, &at(34)),
        [r#"spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//53""#]
    );
    assert_eq!(messages(&ports(same), "", &at(34)), [""; 0]);
}

#[test]
fn restart_rules_hang_on_the_gate() {
    let container = r#","restartPolicyRules":[{"action":"Stop","exitCodes":{"operator":"Is","values":[1]}}]"#;
    assert_eq!(messages(container, "", &at(34)), [""; 0], "dropped");
    let found = messages(container, "", &at(35));
    assert_eq!(found.len(), 3);
    assert!(
        found[0].ends_with("restartPolicy: Required value: must specify restartPolicy when restart rules are used")
    );
    assert!(found[1].ends_with(r#"action: Unsupported value: "Stop": supported values: "Restart""#));
    assert!(found[2].ends_with(r#"exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn""#));
    let never = r#","restartPolicy":"Never""#;
    assert_eq!(
        messages(never, "", &at(32)),
        ["spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers"]
    );
    assert_eq!((messages(never, "", &at(27)).len(), messages(never, "", &at(35)).len()), (0, 0));
}

#[test]
fn ephemeral_containers_come_later() {
    let spec = r#","ephemeralContainers":[{"name":"e","image":"x"}]"#;
    assert_eq!(messages("", spec, &at(34)), ["spec.ephemeralContainers: Forbidden: cannot be set on create"]);
    assert_eq!(messages("", spec, &at(20)), [""; 0], "dropped");
}

#[test]
fn names_of_variables_hang_on_the_gate() {
    let env = r#","env":[{"name":"1 a","value":"v"}],"envFrom":[{"prefix":"=","secretRef":{"name":"s"}}]"#;
    assert_eq!(messages(env, "", &at(29)).len(), 2);
    assert_eq!(messages(env, "", &at(34)).len(), 1);
    let mut cluster = at(31);
    cluster.gates.insert(Feature::RelaxedEnvironmentVariableValidation, true);
    assert_eq!(messages(env, "", &cluster).len(), 1);
}

#[test]
fn odd_shapes_do_not_panic() {
    for spec in [
        "null",
        "5",
        r#"{"containers":[null,{"ports":[null],"env":[null],"envFrom":[null],"resources":5,"lifecycle":[]}]}"#,
    ] {
        messages_of(&format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#), &at(34));
    }
}

/// validateObjectFieldSelector: IsQualifiedName over the lowered key and the key as written in the error; later
/// ValidateQualifiedName, which tells of what it is given.
#[test]
fn a_bad_annotation_key_is_told_as_the_release_tells_it() {
    let env = r#","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.annotations['A B']"}}}]"#;
    let start = "spec.containers[0].env[0].valueFrom.fieldRef: Invalid value: ";
    assert!(messages(env, "", &at(20))[0].starts_with(&format!(r#"{start}"A B": "#)));
    assert!(messages(env, "", &at(34))[0].starts_with(&format!(r#"{start}"a b": "#)));
    let good = env.replace("A B", "A.B/C");
    assert_eq!(messages(&good, "", &at(20)), [""; 0]);
}

/// defaultHostNetworkPorts comes before validateContainerPorts.
#[test]
fn on_the_hosts_network_a_bad_port_is_told_twice() {
    let told = messages(r#","ports":[{"containerPort":70000}]"#, r#","hostNetwork":true"#, &at(32));
    let range = "Invalid value: 70000: must be between 1 and 65535, inclusive";
    let ports = "spec.containers[0].ports[0]";
    assert_eq!(told, [format!("{ports}.containerPort: {range}"), format!("{ports}.hostPort: {range}")]);
}

/// validateConfigMapEnvSource and validateSecretEnvSource ask for the name of something with a suffix to come, unlike
/// those of single keys.
#[test]
fn env_from_takes_names_that_end_with_a_hyphen() {
    let from = r#","envFrom":[{"configMapRef":{"name":"a-"}},{"secretRef":{"name":"B-"}}]"#;
    assert_eq!(messages(from, "", &at(32)), [""; 0]);
    let key = r#","env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"a-","key":"k"}}}]"#;
    assert_eq!(messages(key, "", &at(32)).len(), 1);
}

#[test]
fn a_whole_number_whose_thousandths_wrap_looks_like_a_fraction() {
    let fractions = |amount: &str| {
        let container = format!(r#","resources":{{"limits":{{"example.com/gpu":"{amount}"}}}}"#);
        let messages = messages(&container, "", &at(32));
        messages.iter().filter(|message| message.contains("must be an integer")).count()
    };
    assert_eq!(fractions("4"), 0);
    assert_eq!(fractions("500m"), 2, "limits and the requests that follow from them");
    // ValidateResourceQuantityValue asks for MilliValue: 10^19 modulo 2^64 is no multiple of 1000, that of 10P is 0.
    assert_eq!((fractions("10000000000000000"), fractions("10P")), (2, 0));
}
