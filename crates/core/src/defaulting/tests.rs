use super::{StoredPod, default_pod};
use crate::api::{Object, pods_of};
use crate::feature::Feature;
use crate::release::{Cluster, Release};
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn stored(spec: &str, cluster: &Cluster) -> StoredPod {
    let text = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#);
    let object = Object::read(parse(&text, Place::Within(InputId(0), 0)).unwrap());
    default_pod(&object.node, &pods_of(&object)[0], cluster)
}

/// The additions at `path` in the release.
fn added(spec: &str, minor: u8, path: &str) -> Option<String> {
    let stored = stored(spec, &Cluster::of(Release::minor_unchecked(minor)));
    let found = stored.additions.into_iter().filter(|addition| addition.path == path).map(|addition| addition.value);
    let found: Vec<_> = found.collect();
    assert!(found.len() < 2, "{path} twice");
    found.into_iter().next()
}

#[test]
fn every_addition_stands_in_the_tree() {
    let spec = r#"{"hostNetwork":true,"containers":[{"name":"a","image":"x","ports":[{"containerPort":80}],
        "resources":{"limits":{"cpu":"1"}},"startupProbe":{"grpc":{"port":5}}}],"volumes":[{"name":"v"}]}"#;
    let stored = stored(spec, &Cluster::default());
    assert!(stored.additions.len() > 15);
    for addition in &stored.additions {
        let mut node = Some(&stored.node);
        for part in addition.path.split('.') {
            let (key, index) = part
                .split_once('[')
                .map_or((part, None), |(key, rest)| (key, rest.trim_end_matches(']').parse::<usize>().ok()));
            node = node.and_then(|node| node.get(key));
            if let Some(index) = index {
                node = node.and_then(|node| node.as_list()).and_then(|list| list.get(index));
            }
        }
        assert!(node.is_some(), "{} is missing", addition.path);
        assert!(addition.because.is_some(), "{}", addition.path);
    }
}

#[test]
fn what_is_written_stays() {
    let spec = r#"{"restartPolicy":"Never","enableServiceLinks":false,"terminationGracePeriodSeconds":0,
        "containers":[{"name":"a","image":"x","imagePullPolicy":"Never"}]}"#;
    for path in
        ["restartPolicy", "enableServiceLinks", "terminationGracePeriodSeconds", "containers[0].imagePullPolicy"]
    {
        assert_eq!(added(spec, 34, &format!("spec.{path}")), None, "{path}");
    }
}

#[test]
fn ephemeral_containers_get_neither_host_ports_nor_requests() {
    let container = r#"{"name":"a","image":"x","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"1"}}}"#;
    let spec = format!(r#"{{"hostNetwork":true,"containers":[{container}],"ephemeralContainers":[{container}]}}"#);
    assert_eq!(added(&spec, 34, "spec.containers[0].ports[0].hostPort").as_deref(), Some("80"));
    assert_eq!(added(&spec, 34, "spec.containers[0].resources.requests.cpu").as_deref(), Some("1"));
    assert_eq!(added(&spec, 34, "spec.ephemeralContainers[0].ports[0].hostPort"), None);
    assert_eq!(added(&spec, 34, "spec.ephemeralContainers[0].resources.requests.cpu"), None);
    assert_eq!(added(&spec, 34, "spec.ephemeralContainers[0].imagePullPolicy").as_deref(), Some("Always"));
}

#[test]
fn a_volume_whose_source_the_release_does_not_know_is_an_empty_dir() {
    let spec = r#"{"containers":[],"volumes":[{"name":"v","image":{"reference":"x:1"}},{"name":"w"}]}"#;
    assert_eq!(added(spec, 20, "spec.volumes[0].emptyDir").as_deref(), Some("{}"));
    assert_eq!(added(spec, 36, "spec.volumes[0].emptyDir"), None);
    assert_eq!(added(spec, 36, "spec.volumes[0].image.pullPolicy").as_deref(), Some("IfNotPresent"));
    assert_eq!(added(spec, 36, "spec.volumes[1].emptyDir").as_deref(), Some("{}"));
}

#[test]
fn the_image_volumes_policy_hangs_on_the_gate() {
    let spec = r#"{"containers":[],"volumes":[{"name":"v","image":{"reference":"x"}}]}"#;
    let path = "spec.volumes[0].image.pullPolicy";
    assert_eq!(added(spec, 33, path), None);
    let mut cluster = Cluster::of(Release::minor_unchecked(33));
    cluster.gates.insert(Feature::ImageVolume, true);
    let stored = stored(spec, &cluster);
    assert!(stored.additions.iter().any(|addition| addition.path == path && addition.value == "Always"));
}

#[test]
fn volumes_get_modes_and_lifetimes() {
    let spec = r#"{"containers":[],"volumes":[{"name":"a","secret":{"secretName":"s"}},{"name":"b","projected":{"sources":[
        {"serviceAccountToken":{"path":"t"}},{"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}},
        {"name":"c","ephemeral":{"volumeClaimTemplate":{"spec":{"resources":{"requests":{"storage":"1.0005"}}}}}}]}"#;
    for (path, value) in [
        ("[0].secret.defaultMode", "420"),
        ("[1].projected.defaultMode", "420"),
        ("[1].projected.sources[0].serviceAccountToken.expirationSeconds", "3600"),
        ("[1].projected.sources[1].downwardAPI.items[0].fieldRef.apiVersion", "v1"),
        ("[2].ephemeral.volumeClaimTemplate.spec.volumeMode", "Filesystem"),
        ("[2].ephemeral.volumeClaimTemplate.spec.resources.requests.storage", "1001m"),
    ] {
        assert_eq!(added(spec, 32, &format!("spec.volumes{path}")).as_deref(), Some(value), "{path}");
    }
}

#[test]
fn pod_level_requests_follow_from_containers_and_limits() {
    let spec = r#"{"containers":[{"name":"a","image":"x:1","resources":{"requests":{"cpu":"300m"}}},
        {"name":"b","image":"x:1","resources":{"requests":{"cpu":"200m","example.com/x":"1"},"limits":{"hugepages-2Mi":"4Mi"}}}],
        "resources":{"limits":{"cpu":"2","memory":"1Gi"}}}"#;
    assert_eq!(added(spec, 34, "spec.resources.requests.cpu").as_deref(), Some("500m"));
    assert_eq!(added(spec, 34, "spec.resources.requests.memory").as_deref(), Some("1Gi"));
    assert_eq!(added(spec, 34, "spec.resources.limits.hugepages-2Mi").as_deref(), Some("4Mi"));
    assert_eq!(added(spec, 34, "spec.resources.requests.hugepages-2Mi").as_deref(), Some("4Mi"));
    assert_eq!(added(spec, 34, "spec.resources.requests.example.com/x"), None);
    assert_eq!(added(spec, 32, "spec.resources.requests.cpu"), None, "the gate is off");
}

#[test]
fn an_exponent_stays_one_when_it_is_rounded() {
    let spec = r#"{"containers":[{"name":"a","image":"x:1","resources":{"requests":{"cpu":"1e-5"}}}]}"#;
    assert_eq!(added(spec, 34, "spec.containers[0].resources.requests.cpu").as_deref(), Some("1e-3"));
}

#[test]
fn odd_shapes_are_left_alone() {
    for spec in ["null", "7", r#"{"containers":[null,5],"volumes":{},"initContainers":[[]]}"#] {
        stored(spec, &Cluster::default());
    }
}
