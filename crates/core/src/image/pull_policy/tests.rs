use super::*;
use crate::api::{Object, pods_of};
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse as parse_json};

fn pod_of(text: &str) -> Pod {
    pods_of(&Object::read(parse_json(text, Place::Within(InputId(0), 0)).unwrap())).remove(0)
}

fn pod(spec: &str) -> Pod {
    pod_of(&format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#))
}

fn container(fields: &str) -> Pod {
    pod(&format!(r#"{{"containers":[{{"name":"a",{fields}}}]}}"#))
}

fn cluster(minor: u8) -> Cluster {
    Cluster::of(Release::from_minor(minor).unwrap())
}

/// The policy, the rules at work, and the last finding.
fn check(pod: &Pod, stored: Option<&Pod>) -> (String, Vec<&'static str>, String) {
    let decision = decide_pod(pod, stored, &cluster(34)).remove(0);
    let last = decision.trace.last().unwrap().finding.clone();
    (decision.outcome.name().to_owned(), decision.trace.iter().map(|step| step.rule.id).collect(), last)
}

const DIGEST: &str = "sha256:4d34c31265eda781e7ac40ae7b963dd2a935b83b2e4ecb1e84a5ef6ec0ac4d04";

#[test]
fn the_tag_alone_decides() {
    let cases = [
        ("nginx".to_owned(), "Always", "`nginx` has neither tag nor digest, so its tag is `latest`: `Always`."),
        ("nginx:latest".to_owned(), "Always", "The tag is `latest`: `Always`."),
        ("nginx:1.14.2".to_owned(), "IfNotPresent", "The tag is `1.14.2` and not `latest`: `IfNotPresent`."),
        (
            "nginx:Latest".to_owned(),
            "IfNotPresent",
            "The tag is `Latest`; only `latest` in lower case gives `Always`: `IfNotPresent`.",
        ),
        (
            format!("nginx@{DIGEST}"),
            "IfNotPresent",
            "There is a digest and no tag, which is not the tag `latest`: `IfNotPresent`.",
        ),
        (
            format!("nginx:latest@{DIGEST}"),
            "Always",
            "The tag is `latest`: `Always`. That a digest is written too changes nothing.",
        ),
        (
            "Nginx:latest".to_owned(),
            "IfNotPresent",
            "`Nginx:latest` cannot be read as an image name (the repository's name holds upper-case letters), so no tag \
             `latest` is found in it: `IfNotPresent`. The API server accepts it, and the kubelet will refuse it.",
        ),
    ];
    for (image, policy, finding) in cases {
        let (actual, rules, last) = check(&container(&format!(r#""image":"{image}""#)), None);
        assert_eq!((actual.as_str(), last.as_str()), (policy, finding));
        assert_eq!(rules[0], "image.policy-absent");
    }
}

#[test]
fn a_step_points_at_the_tag_itself() {
    let text = r#"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"reg.io/app:latest"}]}}"#;
    let decision = decide(&pod_of(text).containers[0], None, &cluster(34));
    assert_eq!(decision.trace[1].at.unwrap().slice(text), "latest");
}

#[test]
fn a_written_policy_stays_whatever_the_tag() {
    let written = container(r#""image":"nginx:latest","imagePullPolicy":"Never""#);
    assert_eq!(
        check(&written, None),
        ("Never".to_owned(), vec!["image.policy-written"], "`Never` is written, so it stays.".to_owned())
    );
    let wrong = container(r#""image":"nginx:latest","imagePullPolicy":"always""#);
    assert_eq!(check(&wrong, None).1, ["image.policy-unsupported"]);
    let empty = container(r#""image":"nginx:1","imagePullPolicy":"""#);
    assert_eq!(check(&empty, None).0, "IfNotPresent");
}

#[test]
fn an_update_keeps_what_is_stored() {
    let stored = container(r#""image":"nginx:latest","imagePullPolicy":"Always""#);
    let (policy, rules, finding) = check(&container(r#""image":"nginx:1.14.2""#), Some(&stored));
    assert_eq!(policy, "Always");
    assert_eq!(rules, ["image.policy-absent", "image.policy-written", "image.policy-set-once"]);
    let expected = "The update does not write the field, so the stored `Always` stays. A new object with `nginx:1.14.2` \
                    would get `IfNotPresent`.";
    assert!(finding.starts_with(expected), "{finding}");

    let writes = container(r#""image":"nginx:1.14.2","imagePullPolicy":"Never""#);
    assert_eq!(check(&writes, Some(&stored)).0, "Never");
    let other = pod(r#"{"containers":[{"name":"b","image":"x","imagePullPolicy":"Never"}]}"#);
    assert_eq!(check(&container(r#""image":"nginx""#), Some(&other)).0, "Always", "a container of another name");
}

#[test]
fn a_stored_object_without_a_policy_got_its_own_default() {
    let stored = container(r#""image":"nginx:1.14.2""#);
    assert_eq!(check(&container(r#""image":"nginx""#), Some(&stored)).0, "IfNotPresent");
}

#[test]
fn image_volumes_follow_their_gate() {
    let pod = pod(r#"{"volumes":[{"name":"v","image":{"reference":"data:latest"}},{"name":"e","emptyDir":{}}]}"#);
    let outcome = |minor| decide_volume(&pod.volumes[0], None, &cluster(minor)).unwrap().outcome;
    assert_eq!(outcome(30), None);
    assert_eq!(outcome(34), None, "beta and off");
    assert_eq!(outcome(35), Some(PullPolicy::Always));
    let mut switched = cluster(31);
    switched.gates.insert(Feature::ImageVolume, true);
    assert_eq!(decide_volume(&pod.volumes[0], None, &switched).unwrap().outcome, Some(PullPolicy::Always));
    assert_eq!(decide_volume(&pod.volumes[1], None, &cluster(35)), None);
}

#[test]
fn errors_of_image_volumes_name_their_own_fields() {
    let pod = pod(r#"{"volumes":[{"name":"v","image":{"pullPolicy":"always"}}]}"#);
    let errors: Vec<_> = api_errors(&pod, &[], &cluster(36)).into_iter().map(|e| (e.path, e.help)).collect();
    assert_eq!(errors[0].0, "spec.volumes[0].image.reference");
    assert_eq!(errors[1].0, "spec.volumes[0].image.pullPolicy");
    assert_eq!(errors[1].1, "Letter case and white space count: write `Always`.");
    assert_eq!(api_errors(&pod, &[], &cluster(34)), []);
}

#[test]
fn white_space_is_refused_in_a_pod_and_not_in_a_template() {
    let template = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
        "spec":{"template":{"spec":{"containers":[{"name":"a","image":"nginx "}]}}}}"#;
    let deployment = pod_of(template);
    assert_eq!(api_errors(&deployment, &[PullPolicy::IfNotPresent], &cluster(34)), []);
    let [warning] = warnings(&deployment).try_into().unwrap();
    assert_eq!(warning.path, "spec.template.spec.containers[0].image");
    let pod = container(r#""image":"nginx ""#);
    assert_eq!(api_errors(&pod, &[PullPolicy::IfNotPresent], &cluster(34)).len(), 1);
    assert_eq!(warnings(&pod), []);
}

#[test]
fn a_policy_that_hangs_on_the_reader_of_names_changed_with_it() {
    let change = |fields| super::change(&container(fields).containers[0]);
    let change_of = change(r#""image":"Team/app:latest""#).unwrap();
    assert_eq!(change_of.before, "`Team/app:latest` without a pull policy gets `IfNotPresent`");
    assert_eq!(change_of.after, "`Team/app:latest` without a pull policy gets `Always`");
    assert_eq!(change(r#""image":"Team/app:1""#), None, "the name changed, the policy did not");
    assert_eq!(change(r#""image":"Team/app:latest","imagePullPolicy":"Never""#), None);
}
