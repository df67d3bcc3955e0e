use crate::evaluate::Whole;
use crate::release::{Cluster, Release};
use crate::session::{Input, InputKind, Session};
use crate::timeline::{MomentKind, Timeline, What};

fn whole(texts: &[(InputKind, &str)], minor: u8) -> Whole {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    let cluster = Cluster::of(Release::from_minor(minor).unwrap());
    Whole::of(Session { inputs: inputs.collect(), cluster, ..Session::default() })
}

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 60
  containers:
  - name: app
    image: nginx:1.25
    lifecycle: {preStop: {exec: {command: [drain]}}}
";

const SCENARIO: &str = "pods:
- pod: default/web
  life:
    containers:
    - {container: app, preStop: {takes: 55s}, stop: 10s}
";

fn after_the_end(played: &Timeline, kind: MomentKind) -> Option<u64> {
    let moment = played.moments.iter().find(|moment| moment.kind == kind)?;
    Some(moment.at - played.ends_at?)
}

#[test]
fn the_scenario_says_how_a_pod_lives() {
    let whole = whole(&[(InputKind::Manifests, POD), (InputKind::Scenario, SCENARIO)], 34);
    let played = whole.lifecycle(0).unwrap();
    assert_eq!(after_the_end(&played, MomentKind::Term), Some(55_000));
    assert_eq!(after_the_end(&played, MomentKind::Kill), Some(60_000));
    // Nobody said that the image is on the node: it is pulled first, as the simulation of pulls has it.
    let app = &played.lanes[1];
    let pulling = app.segments.iter().find(|segment| segment.what == What::Pulling).unwrap();
    assert_eq!((pulling.start, pulling.end), (1_000, 6_000));
    let table = played.describe_events_at(played.end);
    for part in [
        "Scheduled",
        "Pulling image \"nginx:1.25\"",
        "Successfully pulled image",
        "Started container app",
        "Stopping container app",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert_eq!(whole.lifecycle(1), None);
}

/// What the documentation says otherwise is told where it bears on the pod, and nowhere else.
#[test]
fn claims_of_the_documentation_stand_beside_what_they_are_about() {
    let notes = |pod: &str, scenario: &str| {
        let whole = whole(&[(InputKind::Manifests, pod), (InputKind::Scenario, scenario)], 34);
        whole.lifecycle(0).unwrap().notes.iter().map(|note| note.id).collect::<Vec<_>>()
    };
    let sleeps = |seconds: &str| POD.replace("exec: {command: [drain]}", &format!("sleep: {{seconds: {seconds}}}"));
    for (note, told, untold) in [
        ("doc.sleep-may-equal-the-grace", notes(&sleeps("60"), ""), notes(&sleeps("59"), "")),
        ("doc.terminating-is-no-phase", notes(POD, &SCENARIO.replace("55s", "70s")), notes(POD, SCENARIO)),
        (
            "doc.sample-events-are-old",
            notes(
                &POD.replace("preStop", "postStart"),
                &SCENARIO.replace("preStop: {takes: 55s}", "postStart: {exitCode: 1}"),
            ),
            notes(POD, SCENARIO),
        ),
    ] {
        assert!(told.contains(&note) && !untold.contains(&note), "{note}: {told:?}, {untold:?}");
    }
}

#[test]
fn times_can_be_tried_out_and_other_releases_asked() {
    let whole = whole(&[(InputKind::Manifests, POD), (InputKind::Scenario, SCENARIO)], 34);
    let stage = whole.life_stage(0).unwrap();
    let mut life = whole.life(0).unwrap().clone();
    life.of_mut("app").unwrap().pre_stop.takes = Some(crate::time::Duration::from_secs(70));
    let played = whole.lifecycle_with(&stage, &life).unwrap();
    assert_eq!(after_the_end(&played, MomentKind::Kill), Some(62_000));
    let older = whole.in_release(Release::from_minor(23).unwrap()).lifecycle(0).unwrap();
    assert!(older.unverified);
    // 55 s of the hook, then 60 s anew: the process ends by itself.
    assert_eq!(after_the_end(&older, MomentKind::Kill), None);
}

#[test]
fn what_is_wrong_in_the_scenario_leaves_the_picture() {
    let wrong = SCENARIO.replace("55s", "-55s").replace("10s", "soon");
    let whole = whole(&[(InputKind::Manifests, POD), (InputKind::Scenario, &wrong)], 34);
    let told: Vec<&str> =
        whole.report.problems.iter().filter_map(|problem| problem.span).map(|span| span.slice(&wrong)).collect();
    assert_eq!(told, ["-55s", "soon"]);
    let played = whole.lifecycle(0).unwrap();
    assert_eq!(after_the_end(&played, MomentKind::Term), Some(5_000), "the default counts");
}

#[test]
fn a_pod_whose_image_does_not_come_is_not_all_well() {
    let denied = "registries: [{registry: docker.io, answers: [{answer: denied}]}]";
    let whole = whole(&[(InputKind::Manifests, POD), (InputKind::Scenario, denied)], 34);
    let verdict = whole.lifecycle(0).unwrap().verdict;
    assert_eq!(verdict.tone, crate::report::Tone::Look);
    assert!(verdict.text.ends_with("That is with the image of `app`, whose first pull fails."), "{}", verdict.text);
}
