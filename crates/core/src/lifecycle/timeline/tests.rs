use super::*;
use crate::api::{Object, pods_of};
use crate::release::Release;
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn simulate(spec: &str, scenario: &Scenario, minor: u8) -> Timeline {
    let text = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"web-0"}},"spec":{spec}}}"#);
    let object = Object::read(parse(&text, Place::Within(InputId(0), 0)).unwrap());
    timeline(&pods_of(&object)[0], scenario, &Cluster::of(Release::from_minor(minor).unwrap()))
}

fn times(entries: &[(&str, ContainerDurations)]) -> Scenario {
    let containers = entries.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect();
    Scenario { durations: Durations { containers, ..Durations::default() }, ..Scenario::default() }
}

fn plain() -> ContainerDurations {
    ContainerDurations { start: 1_000, post_start: 0, pre_stop: 0, stop: 1_000, ..ContainerDurations::default() }
}

fn at(timeline: &Timeline, kind: MomentKind, container: &str) -> Option<Millis> {
    let found = timeline.moments.iter().find(|m| m.kind == kind && m.container.as_deref() == Some(container));
    let end = timeline.moments.iter().find(|m| m.kind == MomentKind::End)?.at;
    found.map(|moment| moment.at - end)
}

/// The documentation's example: 60 s of grace, a hook of 55 s, a process that needs 10 s.
const EXAMPLE: &str = r#"{"terminationGracePeriodSeconds":60,"containers":[{"name":"app","lifecycle":{"preStop":{"exec":{"command":["drain"]}}}}]}"#;

fn example(pre_stop: i64) -> Scenario {
    times(&[("app", ContainerDurations { pre_stop, stop: 10_000, ..plain() })])
}

#[test]
fn the_documentations_example() {
    let picture = simulate(EXAMPLE, &example(55_000), 34);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(55_000));
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(60_000));
    let sentence = &picture.sentences[0];
    assert_eq!(
        sentence.text,
        "preStop takes 55 s of the 60 s grace. The process has 5 s between SIGTERM and KILL but needs 10 s: it is killed at 60 s."
    );
    assert!(sentence.fix.contains("terminationGracePeriodSeconds: 65"), "{}", sentence.fix);
    let band = picture.grace.unwrap();
    assert_eq!(band.end - band.start, 60_000);
}

#[test]
fn a_hook_beyond_the_grace_moves_the_kill_by_two_seconds() {
    let picture = simulate(EXAMPLE, &example(70_000), 34);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(60_000));
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(62_000));
}

#[test]
fn the_doubled_grace_is_marked() {
    let slow = times(&[("app", ContainerDurations { pre_stop: 70_000, stop: 90_000, ..plain() })]);
    for (minor, killed, unverified) in
        [(20, 62_000, false), (22, 120_000, true), (27, 120_000, true), (28, 62_000, false)]
    {
        let picture = simulate(EXAMPLE, &slow, minor);
        assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(killed), "v1.{minor}");
        assert_eq!(picture.unverified, unverified, "v1.{minor}");
    }
}

const EVERYTHING: &str = r#"{"initContainers":[
    {"name":"i1"},
    {"name":"s1","restartPolicy":"Always","startupProbe":{"exec":{"command":["true"]}}},
    {"name":"i2"},
    {"name":"s2","restartPolicy":"Always"}],
  "containers":[{"name":"a","lifecycle":{"postStart":{"exec":{"command":["x"]}}}},{"name":"b"},{"name":"c"}]}"#;

fn everything() -> Scenario {
    times(&[
        ("i1", ContainerDurations { start: 2_000, ..plain() }),
        ("s1", ContainerDurations { start: 3_000, stop: 400, ..plain() }),
        ("i2", ContainerDurations { start: 1_000, ..plain() }),
        ("s2", ContainerDurations { stop: 1_400, ..plain() }),
        ("a", ContainerDurations { post_start: 4_000, stop: 2_300, ..plain() }),
        ("b", plain()),
        ("c", ContainerDurations { stop: 4_300, ..plain() }),
    ])
}

#[test]
fn every_lane_starts_and_stops_in_its_order() {
    let picture = simulate(EVERYTHING, &everything(), 34);
    let names: Vec<_> = picture.lanes.iter().map(|lane| lane.container.as_str()).collect();
    assert_eq!(names, ["i1", "s1", "i2", "s2", "a", "b", "c"]);
    let starts: Vec<_> = picture.lanes.iter().map(|lane| lane.segments[0].end).collect();
    // i1 runs 1..3, s1's startup probe succeeds at 6, i2 runs 6..7, s2 is not waited for, a's hook holds b and c.
    assert_eq!(starts, [1_000, 3_000, 6_000, 7_000, 7_000, 11_000, 11_000]);
    assert_eq!(at(&picture, MomentKind::Exit, "c"), Some(4_300));
    assert_eq!(at(&picture, MomentKind::Term, "s2"), Some(4_300));
    assert_eq!(at(&picture, MomentKind::Term, "s1"), Some(5_700));
    assert_eq!(at(&picture, MomentKind::Exit, "s1"), Some(6_100));
    let states: Vec<_> = picture.states.iter().map(|state| (state.at, state.status.as_deref())).collect();
    assert_eq!(
        states,
        [
            (0, Some("Init:0/4")),
            (3_000, Some("Init:1/4")),
            (6_000, Some("Init:2/4")),
            (7_000, Some("PodInitializing")),
            (11_000, Some("Running")),
            (22_000, Some("Terminating")),
            (28_100, None),
        ]
    );
}

#[test]
fn without_sidecars_the_pod_waits_for_their_end() {
    let picture = simulate(EVERYTHING, &everything(), 20);
    assert!(picture.diagnostics.iter().any(|problem| problem.code == "no-sidecars"));
    assert!(picture.lanes.iter().all(|lane| lane.kind != Kind::Sidecar));
}

#[test]
fn senseless_durations_are_reported_and_the_picture_stays() {
    let absurd = ContainerDurations { start: -1, post_start: i64::MAX, pre_stop: i64::MIN, stop: i64::MAX, ..plain() };
    let mut scenario = times(&[("app", absurd)]);
    scenario.durations.live = -5;
    scenario.durations.sandbox = i64::MAX;
    scenario.kubelet_restart = Some(-1);
    let picture = simulate(EXAMPLE, &scenario, 34);
    let paths: Vec<_> = picture.diagnostics.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(
        paths,
        ["app.start", "app.stop", "app.post_start", "app.pre_stop", "sandbox", "live", "kubelet_restart"]
    );
    assert_eq!(picture.lanes.len(), 1);
    let absurd = EXAMPLE.replace(":60,", ":-9223372036854775808,");
    for minor in 20..=36 {
        for grace in [i64::MIN, -1, 0, i64::MAX] {
            scenario.end = End::DeletionWithin(grace);
            simulate(EXAMPLE, &scenario, minor);
            scenario.end = End::Eviction(grace);
            simulate(&absurd, &scenario, minor);
        }
    }
}

#[test]
fn a_failing_post_start_hook_ends_in_back_off() {
    let spec = r#"{"containers":[{"name":"a","lifecycle":{"postStart":{"exec":{"command":["x"]}},"preStop":{"sleep":{"seconds":2}}}}]}"#;
    let fails = ContainerDurations { post_start: 1_000, post_start_fails: true, ..plain() };
    let mut scenario = times(&[("a", fails)]);
    scenario.end = End::Never;
    let picture = simulate(spec, &scenario, 34);
    let reasons: Vec<_> = picture.events.iter().take(5).map(|event| event.reason).collect();
    assert_eq!(reasons, ["Created", "Started", "FailedPostStartHook", "Killing", "Created"]);
    // The kill runs preStop (2 s) and the process needs 1 s: each start takes 4 s, and waits 0, 10 and 20 s.
    let starts: Vec<_> =
        picture.events.iter().filter(|event| event.reason == "Started").map(|event| event.at).collect();
    assert_eq!(starts, [1_000, 5_000, 19_000, 43_000]);
    let states: Vec<_> = picture.states.iter().map(|state| state.status.clone().unwrap_or_default()).collect();
    assert_eq!(states[..3], ["ContainerCreating", "PostStartHookError", "CrashLoopBackOff"]);
}

#[test]
fn a_restarted_kubelet_delivers_the_hook_again() {
    let mut scenario = example(20_000);
    scenario.kubelet_restart = Some(10_000);
    let picture = simulate(EXAMPLE, &scenario, 34);
    let hooks = picture.lanes[0].segments.iter().filter(|segment| segment.what == What::PreStop).count();
    assert_eq!(hooks, 2);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(30_000));
    assert_eq!(picture.events.iter().filter(|event| event.reason == "Killing").count(), 2);
}

#[test]
fn a_failed_probe_stops_one_container_and_starts_it_again() {
    let spec = r#"{"containers":[{"name":"a","livenessProbe":{"terminationGracePeriodSeconds":3}},{"name":"b"}]}"#;
    let mut scenario = times(&[("a", ContainerDurations { stop: 9_000, ..plain() }), ("b", plain())]);
    scenario.end = End::LivenessProbe("a".to_owned());
    let picture = simulate(spec, &scenario, 34);
    assert_eq!(at(&picture, MomentKind::Kill, "a"), Some(3_000));
    assert_eq!(at(&picture, MomentKind::Kill, "b"), None);
    assert_eq!(picture.states.last().unwrap().status.as_deref(), Some("Running"));
    assert!(picture.events.iter().any(|event| event.message == "Container a failed liveness probe, will be restarted"));
}

#[test]
fn more_containers_than_a_screen_holds_and_names_that_nobody_has() {
    let names: Vec<_> = (0..5_000).map(|number| format!(r#"{{"name":"c{number}"}}"#)).collect();
    let spec = format!(r#"{{"containers":[{}]}}"#, names.join(","));
    let scenario = Scenario { end: End::StartupProbe("nobody".to_owned()), ..Scenario::default() };
    let picture = simulate(&spec, &scenario, 34);
    let codes: Vec<_> = picture.diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["many-containers", "no-such-container"]);
    assert_eq!(picture.lanes.len(), 200);
}

#[test]
fn what_would_fix_a_kill_depends_on_who_gives_the_grace() {
    let mut scenario = example(55_000);
    let mut fix = |end| {
        scenario.end = end;
        simulate(EXAMPLE, &scenario, 34).sentences[0].fix.clone()
    };
    assert!(fix(End::DeletionWithin(30)).contains("--grace-period=65"));
    assert!(fix(End::Eviction(1)).contains("the kubelet decides"));
    assert!(fix(End::LivenessProbe("app".to_owned())).contains("terminationGracePeriodSeconds: 65"));
}
