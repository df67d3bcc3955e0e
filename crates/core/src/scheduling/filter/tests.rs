use super::*;
use crate::api::{Object, pods_of};
use crate::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn object(text: &str) -> Object {
    Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap())
}

fn node(name: &str, spec: &str, allocatable: &str) -> Node {
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Node","metadata":{{"name":"{name}","labels":{{"disk":"ssd"}}}},"spec":{spec},"status":{{"allocatable":{allocatable}}}}}"#
    );
    Node::of(&object(&text)).unwrap()
}

fn pod(spec: &str) -> Pod {
    pods_of(&object(&format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#)))
        .remove(0)
}

fn check(minor: u8, pod: &Pod, nodes: &[Node], bound: &[Pod]) -> Fit {
    let cluster = Cluster::of(Release::from_minor(minor).unwrap());
    filter(&Candidate::as_written(pod, &cluster), &snapshot(nodes, bound, &cluster), &cluster)
}

const ROOMY: &str = r#"{"cpu":"4","memory":"8Gi","pods":"10"}"#;
const PLAIN: &str = r#"{"containers":[{"name":"a"}]}"#;

#[test]
fn each_release_names_an_untolerated_taint_in_its_own_words() {
    let nodes = [node("n", r#"{"taints":[{"key":"gpu","value":"a","effect":"NoSchedule"}]}"#, ROOMY)];
    for (minor, words) in [
        (20, "node(s) had taint {gpu: a}, that the pod didn't tolerate"),
        (34, "node(s) had untolerated taint {gpu: a}"),
        (35, "node(s) had untolerated taint(s)"),
    ] {
        let message = check(minor, &pod(PLAIN), &nodes, &[]).message.unwrap();
        assert_eq!(message, format!("0/1 nodes are available: 1 {words}."));
    }
}

#[test]
fn terms_that_leave_no_name_conflict() {
    let pod = pod(
        r#"{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[
        {"key":"metadata.name","operator":"In","values":["a"]},{"key":"metadata.name","operator":"In","values":["b"]}]}]}}}}"#,
    );
    let fit = check(34, &pod, &[node("a", "{}", ROOMY)], &[]);
    assert_eq!(fit.message.as_deref(), Some("0/1 nodes are available: pod affinity terms conflict."));
}

#[test]
fn a_requirement_that_makes_no_sense_spoils_its_term_only() {
    let terms = |terms: &str| {
        pod(&format!(
            r#"{{"affinity":{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{terms}]}}}}}}}}"#
        ))
    };
    let wrong = r#"{"matchExpressions":[{"key":"disk","operator":"In"}]}"#;
    let right = r#"{"matchExpressions":[{"key":"disk","operator":"In","values":["ssd"]}]}"#;
    assert!(check(34, &terms(wrong), &[node("a", "{}", ROOMY)], &[]).message.is_some());
    assert!(check(34, &terms(&format!("{wrong},{right}")), &[node("a", "{}", ROOMY)], &[]).message.is_none());
    assert!(check(34, &terms(""), &[node("a", "{}", ROOMY)], &[]).message.is_some());
}

#[test]
fn ended_pods_make_room_and_a_zero_request_fits_an_overcommitted_node() {
    let nodes = [node("n", "{}", r#"{"cpu":"1","memory":"1Gi","pods":"2"}"#)];
    let bound = pod(r#"{"nodeName":"n","containers":[{"name":"a","resources":{"requests":{"cpu":"2"}}}]}"#);
    let wants_memory = pod(r#"{"containers":[{"name":"a","resources":{"requests":{"memory":"1Mi"}}}]}"#);
    assert!(check(34, &wants_memory, &nodes, std::slice::from_ref(&bound)).message.is_none());
    let message = check(20, &wants_memory, &nodes, std::slice::from_ref(&bound)).message.unwrap();
    assert_eq!(message, "0/1 nodes are available: 1 Insufficient cpu.");
    let mut ended = bound.clone();
    ended.phase = Some(crate::trace::Written { value: "Succeeded".to_owned(), span: bound.span });
    assert!(check(20, &wants_memory, &nodes, &[ended.clone(), ended]).message.is_none());
    let message = check(34, &wants_memory, &nodes, &[bound.clone(), bound]).message.unwrap();
    assert_eq!(message, "0/1 nodes are available: 1 Too many pods.");
}

#[test]
fn amounts_beyond_64_bits_are_what_the_arithmetic_leaves() {
    let nodes = [node("n", "{}", ROOMY)];
    let fits = |minor: u8, cpu: &str| {
        let asks = format!(r#"{{"containers":[{{"name":"a","resources":{{"requests":{{"cpu":"{cpu}"}}}}}}]}}"#);
        check(minor, &pod(&asks), &nodes, &[]).message.is_none()
    };
    assert!(!fits(34, "9P"));
    // The thousandths of 10P are none at all, those of 10^16 + 1 wrap to a negative number.
    assert!(fits(34, "10P") && fits(34, "10000000000000001"));
    // fit.go fitsRequest: less than nothing of cpu is not compared.
    let full = [node("n", "{}", r#"{"cpu":"-5","memory":"1Gi","pods":"2"}"#)];
    let asks = pod(r#"{"containers":[{"name":"a","resources":{"requests":{"cpu":"-1"}}}]}"#);
    assert!(check(34, &asks, &full, &[]).message.is_none());
    assert!(check(20, &asks, &full, &[]).message.is_some());
}

#[test]
fn without_nodes_the_scheduler_has_its_own_message() {
    assert_eq!(check(34, &pod(PLAIN), &[], &[]).message.as_deref(), Some("no nodes available to schedule pods"));
}

#[test]
fn the_event_says_why_preemption_does_not_help() {
    let nodes =
        [node("t", r#"{"taints":[{"key":"gpu","value":"a","effect":"NoSchedule"}]}"#, ROOMY), node("n", "{}", ROOMY)];
    let asks = pod(r#"{"containers":[{"name":"a","resources":{"requests":{"cpu":"8"}}}]}"#);
    let behind = |minor| {
        let fit = check(minor, &asks, &nodes, &[]);
        let (event, message) = (fit.event().unwrap(), fit.message.unwrap());
        event.strip_prefix(&message).unwrap().to_owned()
    };
    let both = " preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.";
    assert_eq!(behind(23), "");
    assert_eq!(behind(24), both);
    assert_eq!(behind(28), format!("{both}."));
    assert_eq!(behind(33), both);
    // No other pod makes a node larger.
    assert_eq!(behind(34), " preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
}
