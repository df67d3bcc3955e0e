use super::*;
use crate::api::{Object, Pod, pods_of};
use crate::lifecycle::handler::Run;
use crate::report::Tone;
use crate::scenario::life::{Cause, ContainerLife, HookLife};
use podwhy_source::InputId;
use podwhy_source::json::{Place, parse};

fn pod(spec: &str) -> Pod {
    let text = format!(r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"web-0"}},"spec":{spec}}}"#);
    let object = Object::read(parse(&text, Place::Within(InputId(0), 0)).unwrap());
    pods_of(&object).remove(0)
}

fn simulate(spec: &str, life: &PodLife, minor: u8) -> Timeline {
    let cluster = Cluster::of(Release::from_minor(minor).unwrap());
    let pod = pod(spec);
    timeline(&Setting { pod: &pod, name: "web-0", life, images: &[], cluster: &cluster, max_restart_period: None })
}

fn ms(length: i64) -> Option<Duration> {
    Some(Duration::from_millis(length))
}

fn hook(takes: i64) -> HookLife {
    HookLife { takes: ms(takes), ..HookLife::default() }
}

fn plain(name: &str) -> ContainerLife {
    let (post_start, pre_stop) = (hook(0), hook(0));
    let container = name.to_owned();
    ContainerLife { container, start: ms(1_000), post_start, pre_stop, stop: ms(1_000), exit_code: None }
}

fn life(containers: Vec<ContainerLife>) -> PodLife {
    PodLife { containers, ..PodLife::default() }
}

/// When it happens, counted from the beginning of the end.
fn at(timeline: &Timeline, kind: MomentKind, container: &str) -> Option<Millis> {
    let found = timeline.moments.iter().find(|m| m.kind == kind && m.container.as_deref() == Some(container));
    let end = timeline.ends_at?;
    found.map(|moment| moment.at - end)
}

fn statuses(timeline: &Timeline) -> Vec<(Millis, &str)> {
    timeline.states.iter().map(|state| (state.at, state.shown.as_ref().map_or("", |shown| &shown.status))).collect()
}

fn lane<'t>(timeline: &'t Timeline, name: &str) -> &'t Lane {
    timeline.lanes.iter().find(|lane| lane.name == name).unwrap()
}

fn reasons(timeline: &Timeline) -> Vec<(i64, &str)> {
    timeline.events.iter().map(|event| (event.at.whole_secs(), event.reason.as_str())).collect()
}

/// The documentation's example: 60 s of grace, a hook of 55 s, a process that needs 10 s.
const EXAMPLE: &str = r#"{"terminationGracePeriodSeconds":60,"containers":[{"name":"app","lifecycle":{"preStop":{"exec":{"command":["drain"]}}}}]}"#;

fn example(pre_stop: i64) -> PodLife {
    life(vec![ContainerLife { pre_stop: hook(pre_stop), stop: ms(10_000), ..plain("app") }])
}

#[test]
fn a_sleep_in_a_hooks_command_says_how_long_it_takes() {
    let spec = |command: &str| {
        format!(r#"{{"containers":[{{"name":"app","lifecycle":{{"preStop":{{"exec":{{"command":{command}}}}}}}}}]}}"#)
    };
    let unsaid = ContainerLife { pre_stop: HookLife::default(), stop: ms(20_000), ..plain("app") };
    for command in [r#"["sleep","25"]"#, r#"["/bin/sh","-c","nginx -s quit; sleep 25"]"#] {
        let picture = simulate(&spec(command), &life(vec![unsaid.clone()]), 34);
        assert_eq!(at(&picture, MomentKind::Term, "app"), Some(25_000), "{command}");
        assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(30_000), "{command}");
        assert!(picture.assumptions.iter().any(|assumption| assumption.text.contains("the `sleep` in its command")));
    }
    // What the scenario says goes before it, and what nobody can know is taken as always.
    let said = life(vec![ContainerLife { pre_stop: hook(3_000), ..unsaid.clone() }]);
    assert_eq!(at(&simulate(&spec(r#"["sleep","25"]"#), &said, 34), MomentKind::Term, "app"), Some(3_000));
    let picture = simulate(&spec(r#"["sh","-c","while busy; do sleep 1; done"]"#), &life(vec![unsaid]), 34);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(5_000));
}

#[test]
fn the_documentations_example() {
    let picture = simulate(EXAMPLE, &example(55_000), 34);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(55_000));
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(60_000));
    assert_eq!(picture.verdict.tone, Tone::Fails);
    assert_eq!(
        picture.verdict.text,
        "preStop takes 55 s of the 60 s grace. The process has 5 s between SIGTERM and KILL but needs 10 s: it is killed at 60 s."
    );
    assert!(picture.fix.contains("terminationGracePeriodSeconds: 65"), "{}", picture.fix);
    let band = picture.grace.unwrap();
    assert_eq!(band.end - band.start, 60_000);
    // Sandbox 1 s, start 1 s, ten seconds of life, 60 s of grace.
    assert_eq!(
        statuses(&picture),
        [(0, "ContainerCreating"), (1_000, "Running"), (2_000, "Running"), (12_000, "Terminating"), (72_000, "")]
    );
    let ready: Vec<_> =
        picture.states.iter().filter_map(|state| state.shown.as_ref()).map(|s| s.ready.as_str()).collect();
    assert_eq!(ready, ["0/1", "0/1", "1/1", "1/1"]);
    assert_eq!(picture.state_at(71_999).unwrap().phase, "Running");
    let knobs: Vec<_> = lane(&picture, "app").knobs.iter().map(|knob| (knob.kind, knob.from, knob.takes)).collect();
    assert_eq!(
        knobs,
        [
            (KnobKind::Start, Some(1_000), 1_000),
            (KnobKind::PreStop, Some(12_000), 55_000),
            (KnobKind::Stop, Some(67_000), 10_000),
        ]
    );
    let edit = picture.edit.as_ref().unwrap();
    assert_eq!(edit.text, "65");
    let longer = EXAMPLE.replace(":60,", ":65,");
    let fixed = simulate(&longer, &example(55_000), 34);
    assert_eq!(fixed.verdict.text, "Everything ends by itself: the last process is gone after 65 s of the 65 s grace.");
}

#[test]
fn a_hook_beyond_the_grace_moves_the_kill_by_two_seconds() {
    let picture = simulate(EXAMPLE, &example(70_000), 34);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(60_000));
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(62_000));
    let app = lane(&picture, "app");
    let beyond: Vec<_> =
        app.segments.iter().filter(|s| s.what == What::PreStopBeyond).map(|s| s.end - s.start).collect();
    assert_eq!(beyond, [10_000]);
}

#[test]
fn the_doubled_grace_is_marked() {
    let slow = life(vec![ContainerLife { pre_stop: hook(70_000), stop: ms(90_000), ..plain("app") }]);
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

fn everything() -> PodLife {
    life(vec![
        ContainerLife { start: ms(2_000), ..plain("i1") },
        ContainerLife { start: ms(3_000), stop: ms(400), ..plain("s1") },
        plain("i2"),
        ContainerLife { stop: ms(1_400), ..plain("s2") },
        ContainerLife { post_start: hook(4_000), stop: ms(2_300), ..plain("a") },
        plain("b"),
        ContainerLife { stop: ms(4_300), ..plain("c") },
    ])
}

/// Two init containers, two sidecars, three containers: every lane, every time, every STATUS.
#[test]
fn every_lane_starts_and_stops_in_its_order() {
    let picture = simulate(EVERYTHING, &everything(), 34);
    let names: Vec<_> = picture.lanes.iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["sandbox", "i1", "s1", "i2", "s2", "a", "b", "c"]);
    let starts: Vec<_> = picture.lanes.iter().skip(1).map(|lane| lane.segments[0].end).collect();
    // i1 runs 1..3, s1's startup probe succeeds at 6, i2 runs 6..7, s2 is not waited for, a's hook holds b and c.
    assert_eq!(starts, [1_000, 3_000, 6_000, 7_000, 7_000, 11_000, 11_000]);
    let ready: Vec<_> = picture
        .moments
        .iter()
        .filter(|moment| moment.kind == MomentKind::Ready)
        .map(|moment| (moment.at, moment.container.as_deref().unwrap()))
        .collect();
    assert_eq!(ready, [(6_000, "s1"), (8_000, "s2"), (11_000, "a"), (12_000, "b"), (12_000, "c")]);
    // The end begins at 22 s: everybody's stop begins, sidecars' signals wait, and come in reverse.
    assert_eq!(picture.ends_at, Some(22_000));
    for (name, term, exit) in
        [("a", 0, 2_300), ("b", 0, 1_000), ("c", 0, 4_300), ("s2", 4_300, 5_700), ("s1", 5_700, 6_100)]
    {
        assert_eq!(at(&picture, MomentKind::Term, name), Some(term), "{name}");
        assert_eq!(at(&picture, MomentKind::Exit, name), Some(exit), "{name}");
    }
    assert_eq!(
        statuses(&picture),
        [
            (0, "Init:0/4"),
            (3_000, "Init:1/4"),
            (6_000, "Init:2/4"),
            (7_000, "Init:3/4"),
            // s2 has started at 7 s as well, but the sync that runs a's hook reports nothing before its end.
            (11_000, "Running"),
            (12_000, "Running"),
            (22_000, "Terminating"),
            (28_100, ""),
        ]
    );
    assert_eq!(picture.state_at(11_500).unwrap().ready, "3/5");
    let events: Vec<_> = picture.events.iter().filter(|event| event.reason == "Killing").collect();
    assert_eq!(events.len(), 5);
    let table = picture.describe_events_at(28_100);
    assert!(table.contains("Killing  6s "), "{table}");
}

/// 25 events about one object are sent at once, and then one in five minutes.
#[test]
fn a_pod_of_many_containers_loses_its_last_events() {
    let names: Vec<_> = (0..12).map(|number| format!(r#"{{"name":"c{number}"}}"#)).collect();
    let spec = format!(r#"{{"containers":[{}]}}"#, names.join(","));
    let picture = simulate(&spec, &PodLife::default(), 34);
    assert_eq!(picture.events.len(), 36);
    let held_back = picture.held_back_at(picture.end);
    assert_eq!(held_back.len(), 11);
    assert!(held_back.iter().all(|event| event.reason == "Killing"));
    assert_eq!(picture.describe_events_at(picture.end).matches("Killing").count(), 1);
    assert!(picture.held_back_at(picture.ends_at.unwrap() - 1).is_empty());
}

#[test]
fn without_sidecars_the_pod_waits_for_their_end() {
    let picture = simulate(EVERYTHING, &everything(), 20);
    assert!(picture.diagnostics.iter().any(|problem| problem.code == "no-sidecars"));
    assert!(picture.lanes.iter().all(|lane| lane.kind != LaneKind::Container(Kind::Sidecar)));
}

#[test]
fn no_length_breaks_the_picture() {
    let lengths = [i64::MIN, -1, 0, 1, i64::MAX];
    for length in lengths.map(Duration::from_nanos) {
        let given = Some(length);
        let mut life = example(55_000);
        (life.sandbox, life.lives_for, life.kubelet_restart, life.ends_at) = (given, given, given, given);
        for container in &mut life.containers {
            (container.start, container.stop, container.exit_code) = (given, given, Some(length.nanos()));
            (container.post_start.takes, container.pre_stop.takes) = (given, given);
        }
        for grace in [i64::MIN, -1, 0, i64::MAX] {
            let spec = EXAMPLE.replace(":60,", &format!(":{grace},"));
            life.grace_period = Some(grace);
            for minor in 20..=36 {
                for (_, end) in Cause::ALL {
                    life.end = Some(*end);
                    let picture = simulate(&spec, &life, minor);
                    assert_eq!(picture.lanes.len(), 2);
                    assert!(picture.lanes.iter().flat_map(|lane| &lane.segments).all(|s| s.start < s.end));
                }
            }
        }
    }
}

#[test]
fn a_failing_post_start_hook_ends_in_back_off() {
    let spec = r#"{"containers":[{"name":"a","lifecycle":{"postStart":{"exec":{"command":["x"]}},"preStop":{"sleep":{"seconds":2}}}}]}"#;
    let fails = HookLife { exit_code: Some(1), output: Some("boom".to_owned()), ..hook(1_000) };
    let mut life = life(vec![ContainerLife { post_start: fails, ..plain("a") }]);
    life.end = Some(Cause::Never);
    let picture = simulate(spec, &life, 34);
    let first: Vec<_> = reasons(&picture).into_iter().take(5).collect();
    assert_eq!(first, [(1, "Created"), (1, "Started"), (2, "FailedPostStartHook"), (2, "Killing"), (5, "Created")]);
    // The kill runs preStop (2 s) and the process needs 1 s: each start takes 4 s, and waits 0, 10 and 20 s.
    let starts: Vec<_> = reasons(&picture).into_iter().filter(|(_, reason)| *reason == "Started").collect();
    assert_eq!(starts.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 5, 19, 43]);
    assert_eq!(
        statuses(&picture)[..4],
        [
            (0, "ContainerCreating"),
            (5_000, "PostStartHookError"),
            // RESTARTS goes from 0 to 1.
            (9_000, "PostStartHookError"),
            (10_000, "CrashLoopBackOff"),
        ]
    );
    assert_eq!(picture.state_at(30_000).unwrap().restarts, "2");
    // Each sync of the wait says it again, and kubectl counts.
    let table = picture.describe_events_at(42_000);
    assert!(table.contains("(x3 over "), "{table}");
    let report = &picture.hooks[0];
    let failure = report.failure.as_ref().unwrap();
    assert_eq!((failure.error.as_str(), report.delivered.len()), ("command 'x' exited with 1: boom", 4));
    assert_eq!(picture.verdict.tone, Tone::Fails);

    life.containers[0].exit_code = Some(0);
    let on_failure = spec.replacen('{', r#"{"restartPolicy":"OnFailure","#, 1);
    let picture = simulate(&on_failure, &life, 34);
    assert_eq!(picture.states.last().unwrap().shown.as_ref().unwrap().status, "Completed");
}

#[test]
fn a_restarted_kubelet_delivers_the_hook_again() {
    let mut life = example(20_000);
    life.kubelet_restart = ms(10_000);
    let picture = simulate(EXAMPLE, &life, 34);
    let app = lane(&picture, "app");
    assert_eq!(app.segments.iter().filter(|segment| segment.what == What::PreStop).count(), 2);
    assert_eq!(picture.hooks[0].delivered.len(), 2);
    assert_eq!(at(&picture, MomentKind::Term, "app"), Some(30_000));
    assert!(picture.sentences[0].text.contains("gets SIGTERM at 30 s"), "{}", picture.sentences[0].text);
    assert!(picture.describe_events_at(picture.end).contains("(x2 over "));
    assert_eq!(picture.verdict.tone, Tone::Look);
}

#[test]
fn a_receiver_that_is_down_is_asked_once() {
    let spec = r#"{"containers":[{"name":"a","ports":[{"name":"web","containerPort":8080}],
        "lifecycle":{"preStop":{"httpGet":{"port":"web","path":"/drain"}}}}]}"#;
    let mut life = life(vec![ContainerLife { pre_stop: HookLife { down: true, ..HookLife::default() }, ..plain("a") }]);
    let picture = simulate(spec, &life, 34);
    let report = &picture.hooks[0];
    assert_eq!((report.delivered.len(), report.takes), (1, 0));
    assert_eq!(
        report.failure.as_ref().unwrap().error,
        "Get \"http://10.0.0.1:8080/drain\": dial tcp 10.0.0.1:8080: connect: connection refused"
    );
    assert_eq!(picture.events.iter().filter(|event| event.reason == "FailedPreStopHook").count(), 1);
    assert_eq!(at(&picture, MomentKind::Term, "a"), Some(0));

    life.containers[0].pre_stop = HookLife { status: Some(500), ..hook(3_000) };
    let picture = simulate(spec, &life, 34);
    assert_eq!(picture.hooks[0].failure, None, "nobody looks at the status");
    assert_eq!(at(&picture, MomentKind::Term, "a"), Some(3_000));

    life.containers[0].pre_stop = HookLife { plain_http: true, ..hook(0) };
    let https = spec.replace(r#""path""#, r#""scheme":"HTTPS","path""#);
    for (minor, times) in [(24, 0), (25, 1), (34, 1)] {
        let picture = simulate(&https, &life, minor);
        let count = picture.events.iter().filter(|event| event.reason == "LifecycleHTTPFallback").count();
        assert_eq!(count, times, "v1.{minor}");
    }
    let Run::HttpGet { url, .. } = &simulate(&https, &life, 24).hooks[0].run else { panic!() };
    assert_eq!(url, "http://10.0.0.1:8080//drain");
}

#[test]
fn a_failed_probe_stops_one_container_and_starts_it_again() {
    let spec = r#"{"containers":[{"name":"a","livenessProbe":{"terminationGracePeriodSeconds":3,"httpGet":{"port":80}}},{"name":"b"}]}"#;
    let mut life = life(vec![ContainerLife { stop: ms(9_000), ..plain("a") }, plain("b")]);
    (life.end, life.lives_for) = (Some(Cause::LivenessProbe), ms(30_000));
    let picture = simulate(spec, &life, 34);
    assert_eq!(at(&picture, MomentKind::Kill, "a"), Some(3_000));
    assert_eq!(at(&picture, MomentKind::Kill, "b"), None);
    let shown = picture.states.last().unwrap().shown.as_ref().unwrap();
    assert_eq!((shown.status.as_str(), shown.restarts.as_str(), shown.ready.as_str()), ("Running", "1", "2/2"));
    assert!(picture.events.iter().any(|event| event.message == "Container a failed liveness probe, will be restarted"));
    let table = picture.describe_events_at(picture.end);
    assert!(table.contains("(x3 over "), "the probe failed three times: {table}");
    assert!(table.contains("Liveness probe failed: HTTP probe failed with statuscode: 503"), "{table}");
}

#[test]
fn a_startup_probe_that_fails_never_lets_the_container_be_ready() {
    let spec = r#"{"containers":[{"name":"a","startupProbe":{"periodSeconds":5,"failureThreshold":2,"terminationGracePeriodSeconds":1}}]}"#;
    let mut life = life(vec![plain("a")]);
    life.end = Some(Cause::StartupProbe);
    let picture = simulate(spec, &life, 34);
    assert_eq!(picture.ends_at, Some(6_000), "looked at when it starts at 1 s, and 5 s later");
    assert!(!picture.moments.iter().any(|moment| moment.kind == MomentKind::Ready));
    assert!(picture.states.iter().all(|state| state.shown.as_ref().unwrap().ready == "0/1"));
}

#[test]
fn a_container_that_ends_by_itself_gets_no_hook() {
    let mut life = example(5_000);
    (life.end, life.containers[0].exit_code) = (Some(Cause::Exit), Some(3));
    let picture = simulate(EXAMPLE, &life, 34);
    assert!(picture.hooks[0].delivered.is_empty());
    assert!(picture.verdict.text.contains("with code 3"), "{}", picture.verdict.text);
    assert!(picture.moments.iter().all(|moment| moment.kind != MomentKind::Term));
    let never = EXAMPLE.replacen('{', r#"{"restartPolicy":"Never","#, 1);
    let picture = simulate(&never, &life, 34);
    let shown = picture.states.last().unwrap().shown.clone().unwrap();
    assert_eq!((shown.status.as_str(), shown.phase), ("Error", "Failed"));
}

#[test]
fn the_last_containers_end_takes_the_sidecars_along() {
    let spec = r#"{"restartPolicy":"Never","initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}"#;
    let mut life = life(vec![plain("s"), plain("a")]);
    life.end = Some(Cause::Exit);
    let picture = simulate(spec, &life, 34);
    assert_eq!(at(&picture, MomentKind::Term, "s"), Some(0));
    let shown = picture.states.last().unwrap().shown.clone().unwrap();
    assert_eq!(shown.phase, "Succeeded");
}

#[test]
fn an_evicted_pod_keeps_its_phase_until_its_containers_have_ended() {
    let mut life = example(5_000);
    life.end = Some(Cause::Eviction);
    let phases = |minor| {
        let picture = simulate(EXAMPLE, &life, minor);
        let begun = picture.ends_at.unwrap();
        let shown = |at| picture.state_at(at).map(|shown| (shown.phase, shown.status.clone())).unwrap();
        (shown(begun + 500), shown(picture.end))
    };
    let running = ("Running", "Running".to_owned());
    assert_eq!(phases(34), (running, ("Failed", "Error".to_owned())), "the container's own end hides the reason");
    let evicted = ("Failed", "Evicted".to_owned());
    assert_eq!(phases(20), (evicted.clone(), evicted));
}

#[test]
fn a_forced_deletion_takes_the_object_at_once() {
    let mut life = example(5_000);
    life.force = true;
    let picture = simulate(EXAMPLE, &life, 34);
    assert_eq!(picture.state_at(picture.ends_at.unwrap()), None);
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(3_000), "1 s for the hook, then 2 s");
    // Without --force kubectl turns 0 into 1.
    (life.force, life.grace_period) = (false, Some(0));
    let picture = simulate(EXAMPLE, &life, 34);
    assert_eq!(picture.state_at(picture.ends_at.unwrap()).unwrap().status, "Terminating");
    assert_eq!(at(&picture, MomentKind::Kill, "app"), Some(3_000));
}

#[test]
fn an_init_container_that_fails_holds_everything() {
    let mut life = everything();
    life.containers[0].exit_code = Some(1);
    let picture = simulate(EVERYTHING, &life, 34);
    assert!(picture.verdict.text.starts_with("The pod never gets beyond `i1`"), "{}", picture.verdict.text);
    let shown: Vec<&str> = statuses(&picture).into_iter().map(|(_, status)| status).collect();
    assert!(shown.contains(&"Init:CrashLoopBackOff"), "{shown:?}");
    let never = EVERYTHING.replacen('{', r#"{"restartPolicy":"Never","#, 1);
    life.end = Some(Cause::Never);
    let last = simulate(&never, &life, 34).states.pop().unwrap().shown.unwrap();
    assert_eq!((last.status.as_str(), last.phase), ("Init:Error", "Failed"));
}

#[test]
fn images_are_pulled_before_the_process_starts() {
    let text = r#"{"volumes":[{"name":"v","image":{"reference":"data"}}],"containers":[{"name":"a"}]}"#;
    let pod = pod(text);
    let image = |path: &str, name: &str, of_volume| Image {
        path: path.to_owned(),
        name: name.to_owned(),
        of_volume,
        takes: Duration::from_secs(5),
        ..Image::default()
    };
    let images = [image("spec.volumes[0]", "v", true), image("spec.containers[0]", "a", false)];
    let starts = |minor| {
        let cluster = Cluster::of(Release::from_minor(minor).unwrap());
        let life = PodLife::default();
        let setting = Setting {
            pod: &pod,
            name: "web-0",
            life: &life,
            images: &images,
            cluster: &cluster,
            max_restart_period: None,
        };
        let picture = timeline(&setting);
        let names: Vec<_> = picture.lanes.iter().map(|lane| lane.name.clone()).collect();
        let of = |what| lane(&picture, "a").segments.iter().find(|segment| segment.what == what).map(|s| s.start);
        (names.len(), of(What::Pulling), of(What::Starting))
    };
    assert_eq!(starts(36), (3, Some(6_000), Some(11_000)));
    assert_eq!(starts(20), (2, Some(1_000), Some(6_000)), "the API server drops the volume's image");
}

#[test]
fn more_containers_than_a_screen_holds_and_names_that_nobody_has() {
    let names: Vec<_> = (0..5_000).map(|number| format!(r#"{{"name":"c{number}"}}"#)).collect();
    let spec = format!(r#"{{"containers":[{}]}}"#, names.join(","));
    let mut life = life(vec![plain("nobody")]);
    (life.end, life.container) = (Some(Cause::StartupProbe), Some("nobody".to_owned()));
    let picture = simulate(&spec, &life, 34);
    let codes: Vec<_> = picture.diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["many-containers", "no-such-container", "no-such-container"]);
    assert_eq!(picture.lanes.len(), 201);
}

#[test]
fn what_would_fix_a_kill_depends_on_who_gives_the_grace() {
    let mut life = example(55_000);
    let mut fix = |end, grace| {
        (life.end, life.grace_period) = (Some(end), grace);
        simulate(EXAMPLE, &life, 34).fix
    };
    assert!(fix(Cause::Deletion, Some(30)).contains("--grace-period=65"));
    assert!(fix(Cause::Eviction, None).contains("the kubelet decides"));
    assert!(fix(Cause::LivenessProbe, None).contains("terminationGracePeriodSeconds: 65"));
}

#[test]
fn a_deletion_waits_for_a_hanging_post_start_hook() {
    let spec = r#"{"terminationGracePeriodSeconds":30,"containers":[
        {"name":"a","lifecycle":{"postStart":{"exec":{"command":["wait"]}}}},{"name":"b"}]}"#;
    let mut life = life(vec![ContainerLife { post_start: hook(100_000), ..plain("a") }, plain("b")]);
    life.ends_at = ms(30_000);
    let picture = simulate(spec, &life, 34);
    // The sandbox takes a second; the hook runs from 1 to 101 s, and the same sync starts the container behind it.
    // At 101 s the kubelet reports again: the phase is Running then.
    let seen = [(0, "ContainerCreating"), (30_000, "Terminating"), (101_000, "Terminating"), (102_000, "")];
    assert_eq!(statuses(&picture), seen);
    let told = [(1, "Created"), (1, "Started"), (101, "Created"), (101, "Started"), (101, "Killing"), (101, "Killing")];
    assert_eq!(reasons(&picture), told);
    assert_eq!(picture.ends_at, Some(30_000));
    assert_eq!(at(&picture, MomentKind::Term, "a"), Some(71_000));
    assert_eq!(picture.verdict.tone, Tone::Look);
    let text = &picture.verdict.text;
    assert!(text.contains("while postStart of `a` runs") && text.contains("waits 71 s"), "{text}");
    // Without a hook in the way it is stopped at once.
    life.containers[0].post_start = hook(1_000);
    let prompt = simulate(spec, &life, 34);
    assert_eq!(at(&prompt, MomentKind::Term, "a"), Some(0));
    assert_eq!(prompt.verdict.tone, Tone::Fine, "{}", prompt.verdict.text);
}

#[test]
fn what_a_deletion_overtakes_is_never_started() {
    let spec = r#"{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]}"#;
    let mut life = life(vec![ContainerLife { start: ms(10_000), ..plain("i") }]);
    life.ends_at = ms(5_000);
    let picture = simulate(spec, &life, 34);
    assert_eq!(reasons(&picture), [(1, "Created"), (1, "Started"), (5, "Killing")]);
    assert_eq!(at(&picture, MomentKind::Term, "i"), Some(0));
    let runs = |name: &str| lane(&picture, name).segments.iter().any(|segment| segment.what != What::Waiting);
    assert!(runs("i") && !runs("j") && !runs("a"));
    assert_eq!(statuses(&picture).last(), Some(&(6_000, "")));
}

#[test]
fn how_late_a_restart_may_be_is_said() {
    let spec = r#"{"containers":[{"name":"a","lifecycle":{"postStart":{"exec":{"command":["x"]}}}}]}"#;
    let fails = HookLife { exit_code: Some(1), ..hook(1_000) };
    let life = life(vec![ContainerLife { post_start: fails, ..plain("a") }]);
    let told = |minor, words: &str| {
        simulate(spec, &life, minor).assumptions.iter().any(|assumption| assumption.text.contains(words))
    };
    assert!(told(34, "up to 15 s later") && told(35, "half as long again"));
    assert!(!simulate(EXAMPLE, &example(5_000), 34).assumptions.iter().any(|taken| taken.key == "syncAfterError"));
}
