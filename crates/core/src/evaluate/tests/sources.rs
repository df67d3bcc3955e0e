//! Where credentials come from, and where what is assumed can be changed.

use crate::evaluate::Whole;
use crate::release::{Cluster, Release};
use crate::scenario::ScenarioPlace;
use crate::session::{Input, InputKind, Session};
use crate::simulation::sources::CredentialSources;
use crate::use_cases::UseCase;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: 'eu.gcr.io/team/app:1'}]}\n";
const PLUG_IN: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: CredentialProviderConfig\nproviders:
- {name: gcr, matchImages: ['*.gcr.io'], apiVersion: credentialprovider.kubelet.k8s.io/v1beta1, defaultCacheDuration: 1h}
---
apiVersion: credentialprovider.kubelet.k8s.io/v1beta1\nkind: CredentialProviderResponse\ncacheKeyType: Image
auth: {eu.gcr.io: {username: plugin, password: p}}\n";

fn whole(minor: u8, texts: &[(InputKind, &str)]) -> Whole {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    let cluster = Cluster::of(Release::minor_unchecked(minor));
    Whole::of(Session { cluster, inputs: inputs.collect(), ..Session::default() })
}

fn sources(minor: u8, texts: &[(InputKind, &str)]) -> CredentialSources {
    whole(minor, texts).credential_sources(0).unwrap()
}

#[test]
fn plug_ins_have_a_turn_of_their_own_from_1_33_on() {
    let turns = |minor| {
        let found = sources(minor, &[(InputKind::Manifests, POD), (InputKind::CredentialProviders, PLUG_IN)]);
        found.sources.iter().map(|source| source.turn).collect::<Vec<_>>()
    };
    assert_eq!(turns(32), [1, 2, 2, 2], "pull secrets, then file, cloud and plug-ins together");
    assert_eq!(turns(33), [1, 2, 2, 3]);
}

#[test]
fn each_source_says_what_it_has() {
    let told = |minor, texts: &[(InputKind, &str)], name: &str| {
        let found = sources(minor, texts);
        let source = found.sources.into_iter().find(|source| source.name.starts_with(name));
        source.map(|source| source.steps.iter().map(|step| step.finding.clone()).collect::<Vec<_>>().join(" "))
    };
    let texts = [(InputKind::Manifests, POD), (InputKind::CredentialProviders, PLUG_IN)];
    let file = told(34, &texts, "The node").unwrap();
    // Four folders, each looked through for config.json and then for .dockercfg.
    assert!(file.starts_with("No file is given. The kubelet looks at `/var/lib/kubelet/config.json`, "), "{file}");
    assert_eq!(
        told(34, &texts, "Credential provider").unwrap(),
        "`gcr` fits by `*.gcr.io`, is executed and answers; that is kept for this image, for 1h0m0s."
    );
    assert!(told(25, &texts, "Cloud").unwrap().contains("by itself, until v1.31"));
    assert_eq!(told(34, &texts[..1], "Credential provider"), None, "there is none");
    let alpha = PLUG_IN.replace("v1beta1", "v1alpha1");
    let older = [texts[0], (InputKind::CredentialProviders, alpha.as_str())];
    assert!(told(22, &older, "Credential provider").unwrap().contains("KubeletCredentialProviders is off"));
    let failing = [texts[0], texts[1], (InputKind::Scenario, "failingPlugins: [gcr]")];
    assert!(told(34, &failing, "Credential provider").unwrap().contains("gives nothing that can be used"));
    let unanswered = PLUG_IN.split("---").next().unwrap();
    let unknown = [texts[0], (InputKind::CredentialProviders, unanswered)];
    assert!(told(34, &unknown, "Credential provider").unwrap().contains("what it answers is not known here"));
}

/// A plug-in is executed where credentials are looked up, and only there.
#[test]
fn a_plug_in_that_is_not_asked_is_not_executed() {
    let told = |minor: u8, pod: &str, scenario: &str| {
        let texts =
            [(InputKind::Manifests, pod), (InputKind::CredentialProviders, PLUG_IN), (InputKind::Scenario, scenario)];
        let found = sources(minor, &texts);
        let source = found.sources.into_iter().find(|source| source.name.starts_with("Credential provider")).unwrap();
        source.steps.iter().map(|step| step.finding.clone()).collect::<Vec<_>>().join(" ")
    };
    let there = "nodes: [{name: node-1, images: [{image: 'eu.gcr.io/team/app:1'}]}]";
    let needless = "`app` needs no pull of `eu.gcr.io/team/app:1`, so no plug-in is asked.";
    assert_eq!(told(32, POD, there), needless);
    assert!(told(33, POD, there).contains("is executed"), "v1.33 looks up credentials all the same");
    assert_eq!(told(35, POD, there), needless, "what was put there is not verified");
    let pulled = there.replace("app:1'}", "app:1', secret: default/own}");
    assert!(told(35, POD, &pulled).contains("is executed"), "the record has to be compared");
    let never = POD.replace("app:1'}", "app:1', imagePullPolicy: Never}");
    assert_eq!(told(32, &never, "{}"), needless);
    let other = POD.replace("eu.gcr.io", "quay.io");
    let none = told(34, &other, "{}");
    assert!(none.contains("so it is not asked") && !none.contains("is executed"), "{none}");
    let refused = POD.replace("spec: {", "spec: {restartPolicy: Sometimes, ");
    assert!(told(34, &refused, "{}").starts_with("No kubelet comes to an image of this pod."));
}

#[test]
fn every_assumption_is_changed_somewhere() {
    let whole = whole(
        34,
        &[
            (InputKind::Manifests, POD),
            (InputKind::Scenario, "registries: [{registry: eu.gcr.io, answers: [{answer: denied, until: 20s}]}]"),
        ],
    );
    let mut assumptions = whole.pulls(0).unwrap().assumptions;
    assumptions.extend(whole.points_at(0, 0).unwrap().assumptions);
    assumptions.extend(whole.use_case(UseCase::Strict).assumptions);
    let place = |wanted: ScenarioPlace| assumptions.iter().any(|taken| taken.place() == Some(wanted));
    for wanted in [
        ScenarioPlace::NodeOfPod("default/web"),
        ScenarioPlace::ImagesOfNode("node-1"),
        ScenarioPlace::ArchitectureOfNode("node-1"),
        ScenarioPlace::AnswersOf("eu.gcr.io"),
        ScenarioPlace::OpenOf("eu.gcr.io"),
        ScenarioPlace::PlatformsOf("eu.gcr.io/team/app:1"),
        ScenarioPlace::SyncAfterError,
    ] {
        assert!(place(wanted), "{wanted:?}: {assumptions:?}");
    }
    assert!(assumptions.iter().all(|taken| taken.place().is_some()), "{assumptions:?}");
}

#[test]
fn what_is_said_is_not_assumed() {
    let scenario = "syncAfterError: 15s
nodes: [{name: node-1, architecture: arm64}]
pods: [{pod: web, node: node-1}]
registries: [{registry: eu.gcr.io, open: true, answers: [{answer: denied, takes: 1s}]}]
images: [{image: 'eu.gcr.io/team/app:1', platforms: [linux/arm64]}]";
    let whole = whole(34, &[(InputKind::Manifests, POD), (InputKind::Scenario, scenario)]);
    assert!(whole.report.problems.iter().all(|problem| !problem.code.starts_with("scenario")), "{whole:?}");
    let pulls = whole.pulls(0).unwrap();
    let left: Vec<&str> = pulls.assumptions.iter().map(|taken| taken.key.as_str()).collect();
    assert_eq!(left, ["nodes[node-1].images"]);
    assert_eq!(whole.points_at(0, 0).unwrap().assumptions, []);
    assert_eq!(whole.use_case(UseCase::Strict).assumptions, []);
    // The pull of second 1 fails at 2; the worker notices the sandbox, then looks again 15 s later.
    let looks: Vec<i64> = pulls.containers[0].rounds.iter().map(|round| round.at.whole_secs()).collect();
    assert_eq!(looks[..4], [1, 2, 17, 33]);
}

#[test]
fn the_kubelet_looks_again_within_its_bounds() {
    for (text, told) in [("syncAfterError: 9s", 1), ("syncAfterError: 16s", 1), ("syncAfterError: 10s", 0)] {
        let whole = whole(34, &[(InputKind::Manifests, POD), (InputKind::Scenario, text)]);
        let problems = whole.report.problems.iter().filter(|problem| problem.code == "scenario-unknown");
        assert_eq!(problems.count(), told, "{text}");
    }
}
