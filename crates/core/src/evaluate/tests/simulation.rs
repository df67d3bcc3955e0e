//! A node's pulls over time.

use crate::evaluate::Whole;
use crate::pulls::verification::VerificationPolicy;
use crate::release::{Cluster, Release};
use crate::report::Report;
use crate::report::Tone;
use crate::session::{Input, InputKind, Session};
use crate::simulation::outcome::Round;
use crate::simulation::simulate;
use crate::time::Duration;

fn report(minor: u8, texts: &[(InputKind, &str)]) -> Report {
    let inputs = texts.iter().map(|(kind, text)| Input { kind: *kind, name: String::new(), text: (*text).to_owned() });
    let cluster = Cluster::of(Release::minor_unchecked(minor));
    Whole::of(Session { cluster, inputs: inputs.collect(), ..Session::default() }).report
}

fn pod(name: &str, image: &str, more: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers: [{{name: {name}, image: '{image}'}}]\n{more}"
    )
}

fn secret(name: &str, server: &str, user: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  \
         .dockerconfigjson: '{{\"auths\": {{\"{server}\": {{\"username\": \"{user}\", \"password\": \"pw-{user}\"}}}}}}'\n"
    )
}

fn seconds(length: Duration) -> i64 {
    length.whole_secs()
}

fn first(report: &Report) -> &Round {
    report.pods[0].pull.as_ref().unwrap().first[0].as_ref().unwrap()
}

const SECRETS: &str = "  imagePullSecrets: [{name: own}]\n";

/// Who gives a key that all but matches means a private image: it is denied to who comes without credentials.
#[test]
fn a_key_that_all_but_matches_makes_an_image_private() {
    let first_of = |server: &str, image: &str, scenario: &str| {
        let manifests = format!("{}{}", pod("web", image, SECRETS), secret("own", server, "own"));
        let report = report(34, &[(InputKind::Manifests, &manifests), (InputKind::Scenario, scenario)]);
        let pull = report.pods[0].pull.clone().unwrap();
        (pull.first[0].as_ref().unwrap().ok, pull.verdict.tone, pull.verdict.text, pull.assumptions)
    };
    let near = [
        ("reg.example.com", "reg.example.com:5000/team/app:1"),
        ("reg.example.com/other", "reg.example.com/team/app:1"),
        ("reg.exmaple.com", "reg.example.com/team/app:1"),
    ];
    for (server, image) in near {
        let (ok, tone, text, assumptions) = first_of(server, image, "");
        assert!(!ok && tone == Tone::Fails, "{server} {image}: {text}");
        assert!(assumptions.iter().any(|assumption| assumption.text.contains("all but matches")), "{assumptions:?}");
        let open =
            "registries: [{registry: 'reg.example.com:5000', open: true}, {registry: reg.example.com, open: true}]";
        let (ok, tone, ..) = first_of(server, image, open);
        assert!(ok && tone == Tone::Fine, "{server} {image}");
        let (ok, tone, ..) =
            first_of(server, image, &open.replace("open: true", "answers: [{anonymous: true, answer: ok}]"));
        assert!(ok && tone == Tone::Fine, "{server} {image}");
    }
    // A key for somewhere else says nothing about this image: it may be open, and the sentence says what hangs on it.
    let (ok, tone, text, _) = first_of("other.example", "quay.io/team/app:1", "");
    assert!(ok && tone == Tone::Look && text.contains("If `quay.io/team/app:1` is private, it is denied"), "{text}");
    let (ok, tone, ..) =
        first_of("other.example", "quay.io/team/app:1", "registries: [{registry: quay.io, open: false}]");
    assert!(!ok && tone == Tone::Fails);
    // Everybody knows that the official images are open.
    let (ok, tone, ..) = first_of("docker.io/team", "nginx:1", "");
    assert!(ok && tone == Tone::Fine);
}

/// The four policies against the four ways in which an image may have come to the node.
#[test]
fn verification_policies_against_how_the_image_came() {
    let manifests = format!(
        "{}{}{}",
        pod("web", "reg.io/team/app:v1", SECRETS),
        secret("own", "reg.io", "own"),
        secret("other", "reg.io", "other")
    );
    let uses = |came_by: &str| {
        VerificationPolicy::NAMES.map(|policy| {
            let list =
                if policy == "NeverVerifyAllowlistedImages" { "preloadedImagesVerificationAllowlist: [reg.io/x]" } else { "" };
            let config = format!(
                "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nimagePullCredentialsVerificationPolicy: {policy}\n{list}\n"
            );
            let scenario = format!("nodes: [{{name: node-1, images: [{{image: 'reg.io/team/app:v1', {came_by}}}]}}]");
            let report = report(
                35,
                &[(InputKind::Manifests, &manifests), (InputKind::KubeletConfig, &config), (InputKind::Scenario, &scenario)],
            );
            assert_eq!(report.node.as_ref().unwrap().kubelet.refuses, []);
            first(&report).pulling_since.is_none()
        })
    };
    assert_eq!(uses("cameBy: preloaded"), [true, true, false, false]);
    assert_eq!(uses("cameBy: anonymous"), [true; 4]);
    assert_eq!(uses("secret: default/own"), [true; 4]);
    assert_eq!(uses("secret: default/other"), [true, false, false, false]);
}

#[test]
fn an_image_of_another_pod_is_pulled_again_from_1_35_on() {
    let manifests = pod("web", "reg.io/team/app:v1", "");
    let scenario = "nodes: [{name: node-1, images: [{image: 'reg.io/team/app:v1', secret: team/reg}]}]
registries: [{registry: reg.io, answers: [{anonymous: true, answer: denied}]}]";
    let texts = [(InputKind::Manifests, manifests.as_str()), (InputKind::Scenario, scenario)];
    let older = report(32, &texts);
    let newer = report(35, &texts);
    assert!(first(&older).ok && !first(&newer).ok);
    assert_eq!(older.pods[0].pull.as_ref().unwrap().verdict.tone, Tone::Fine);
    assert!(newer.pods[0].pull.as_ref().unwrap().verdict.text.contains("ErrImagePull"));
    for (report, words) in [(&older, "lets every pod"), (&newer, "has to")] {
        assert!(first(report).trace.iter().any(|step| step.finding.contains(words)), "{words}");
        assert_eq!(first(report).changes[0].since.to_string(), "in v1.35");
    }
    let message = &older.pods[0];
    let events = simulate(&older, 0).unwrap().events;
    assert_eq!(events[0].message, "Container image \"reg.io/team/app:v1\" already present on machine", "{message:?}");
}

/// Images of 20, 2, 3 and 1 seconds, asked for a second after each other.
fn schedule(config: &str) -> Vec<(i64, i64)> {
    let names = ["big", "b", "c", "d"];
    let manifests: String = names.iter().map(|name| pod(name, &format!("{name}:1"), "")).collect();
    let takes = [("big", 20), ("b", 2), ("c", 3), ("d", 1)];
    let images: Vec<String> =
        takes.iter().map(|(name, takes)| format!("{{image: '{name}:1', takes: {takes}s}}")).collect();
    let pods: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("{{pod: {name}, at: {at}s}}")).collect();
    let scenario = format!("images: [{}]\npods: [{}]", images.join(", "), pods.join(", "));
    let config = format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{config}\n");
    let texts = [
        (InputKind::Manifests, manifests.as_str()),
        (InputKind::KubeletConfig, &config),
        (InputKind::Scenario, &scenario),
    ];
    let simulated = simulate(&report(34, &texts), 0).unwrap();
    let time = |at: Option<Duration>| seconds(at.unwrap());
    simulated.queue.iter().map(|pull| (time(pull.started_at), time(pull.ended_at))).collect()
}

#[test]
fn three_queues() {
    // Every pod needs a second for its sandbox.
    assert_eq!(schedule(""), [(1, 21), (21, 23), (23, 26), (26, 27)]);
    assert_eq!(schedule("maxParallelImagePulls: 2"), [(1, 21), (2, 4), (4, 7), (7, 8)]);
    assert_eq!(schedule("serializeImagePulls: false"), [(1, 21), (2, 4), (3, 6), (4, 5)]);
}

/// Three containers, two credentials that match, the first of them denied.
#[test]
fn attempts_events_and_status_of_three_containers() {
    let manifests = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  imagePullSecrets: [{{name: a}}, {{name: b}}]\n  containers:\n\
         \x20 - {{name: one, image: 'reg.io/team/one:1'}}\n  - {{name: two, image: 'reg.io/team/two:1'}}\n  - {{name: three, image: 'reg.io/team/three:1'}}\n{}{}",
        secret("a", "reg.io/team", "first"),
        secret("b", "reg.io", "second")
    );
    let scenario = "registries:
- registry: reg.io/team/three
  answers: [{answer: denied, text: no such thing, takes: 1s}]
- registry: reg.io
  answers: [{user: first, answer: denied, text: denied, takes: 1s}, {user: second, answer: ok, takes: 3s}]
images: [{image: 'reg.io/team/one:1', size: 1234}]";
    let simulated =
        simulate(&report(34, &[(InputKind::Manifests, &manifests), (InputKind::Scenario, scenario)]), 0).unwrap();
    let one = &simulated.containers[0].rounds[0];
    let users: Vec<_> = one.attempts.iter().map(|attempt| attempt.user.as_deref().unwrap()).collect();
    assert_eq!(users, ["first", "second"]);
    let keys: Vec<_> = one.attempts.iter().map(|attempt| attempt.key.as_deref().unwrap()).collect();
    assert_eq!(keys, ["reg.io/team", "reg.io"]);
    let times: Vec<_> =
        one.attempts.iter().map(|attempt| (seconds(attempt.started_at), seconds(attempt.ended_at))).collect();
    assert_eq!(times, [(1, 2), (2, 5)]);
    let three = &simulated.containers[2].rounds;
    assert_eq!((seconds(three[0].at), seconds(three[0].ended_at)), (9, 11));
    assert_eq!(three[0].message, "no such thing", "equal errors are one");
    // The start of the sandbox and of the containers wakes the worker again: the back-off of 10 s still runs.
    assert_eq!(three[1].message, "Back-off pulling image \"reg.io/team/three:1\": ErrImagePull: no such thing");
    assert_eq!(three[0].back_off_until.map(seconds), Some(21));

    let status = |at| {
        simulated
            .moment_at(Duration::from_secs(at))
            .map(|moment| (moment.ready.as_str(), moment.status.as_str()))
            .unwrap()
    };
    assert_eq!(status(0), ("0/3", "ContainerCreating"));
    assert_eq!(status(10), ("0/3", "ContainerCreating"), "nothing is reported before the worker looks again");
    assert_eq!(status(13), ("2/3", "ErrImagePull"));
    assert_eq!(status(26), ("2/3", "ImagePullBackOff"));

    assert_eq!(
        simulated.get_pods_at(Duration::from_secs(13)),
        "NAME   READY   STATUS         RESTARTS   AGE\nweb    2/3     ErrImagePull   0          13s\n"
    );
    let table = simulated.describe_events_at(Duration::from_secs(12));
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    assert_eq!(
        lines[3..],
        [
            "  Normal   Scheduled  12s   default-scheduler  Successfully assigned default/web to node-1",
            "  Normal   Pulling    11s   kubelet            Pulling image \"reg.io/team/one:1\"",
            "  Normal   Pulled     7s    kubelet            Successfully pulled image \"reg.io/team/one:1\" in 4s (4s including waiting). Image size: 1234 bytes.",
            "  Normal   Created    7s    kubelet            Created container: one",
            "  Normal   Started    7s    kubelet            Started container one",
            "  Normal   Pulling    7s    kubelet            Pulling image \"reg.io/team/two:1\"",
            "  Normal   Pulled     3s    kubelet            Successfully pulled image \"reg.io/team/two:1\" in 4s (4s including waiting). Image size: 50000000 bytes.",
            "  Normal   Created    3s    kubelet            Created container: two",
            "  Normal   Started    3s    kubelet            Started container two",
            "  Normal   Pulling    3s    kubelet            Pulling image \"reg.io/team/three:1\"",
            "  Warning  Failed     1s    kubelet            Failed to pull image \"reg.io/team/three:1\": no such thing",
            "  Warning  Failed     1s    kubelet            Error: ErrImagePull",
            "  Normal   BackOff    0s    kubelet            Back-off pulling image \"reg.io/team/three:1\"",
            "  Warning  Failed     0s    kubelet            Error: ImagePullBackOff",
        ],
        "{table}"
    );
}

#[test]
fn an_outage_ends_and_the_next_try_succeeds() {
    let scenario = "registries: [{registry: docker.io, answers: [{answer: unavailable, takes: 1s, until: 60s}]}]";
    let tries = |minor| {
        let manifests = pod("web", "nginx:1", "");
        let report = report(minor, &[(InputKind::Manifests, &manifests), (InputKind::Scenario, scenario)]);
        let simulated = simulate(&report, 0).unwrap();
        let rounds = &simulated.containers[0].rounds;
        assert!(rounds.last().unwrap().ok);
        assert_eq!(simulated.moments.last().unwrap().status, "Running");
        let pulls = rounds.iter().filter(|round| round.pulling_since.is_some());
        (rounds[0].reason.unwrap().to_string(), pulls.map(|round| seconds(round.at)).collect::<Vec<_>>())
    };
    // Fails at 2, waits 10: looked at again 12 s after each look.
    assert_eq!(tries(34), ("RegistryUnavailable".to_owned(), vec![1, 14, 39, 88]));
    assert_eq!(tries(20).0, "ErrImagePull");
    // From 1.35 on the worker wakes at the very end of the back-off.
    assert_eq!(tries(35).1, [1, 12, 33, 74]);
}

#[test]
fn init_containers_and_image_volumes_come_first() {
    let manifests = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:
  volumes: [{name: data, image: {reference: 'data:1'}}]
  initContainers: [{name: init, image: 'init:1'}, {name: side, image: 'side:1', restartPolicy: Always}]
  containers: [{name: app, image: 'app:1', volumeMounts: [{name: data, mountPath: /d}]}]\n";
    let report = report(35, &[(InputKind::Manifests, manifests)]);
    let simulated = simulate(&report, 0).unwrap();
    let order: Vec<(&str, i64)> =
        simulated.queue.iter().map(|pull| (pull.image.as_str(), seconds(pull.started_at.unwrap()))).collect();
    assert_eq!(order, [("data:1", 1), ("init:1", 6), ("side:1", 12), ("app:1", 18)]);
    let statuses: Vec<&str> = simulated.moments.iter().map(|moment| moment.status.as_str()).collect();
    assert_eq!(statuses, ["Pending", "Init:0/2", "Init:1/2", "PodInitializing", "Running"]);
    assert_eq!(simulated.verdict.tone, Tone::Fine);
}

#[test]
fn a_container_waits_for_the_image_of_its_volume() {
    let manifests = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:
  volumes: [{name: data, image: {reference: 'data:1', pullPolicy: Never}}]
  containers: [{name: app, image: 'app:1', volumeMounts: [{name: data, mountPath: /d}]}, {name: free, image: 'app:1'}]\n";
    let simulated = simulate(&report(35, &[(InputKind::Manifests, manifests)]), 0).unwrap();
    let last = simulated.moments.last().unwrap();
    assert_eq!((last.status.as_str(), last.ready.as_str()), ("ErrImageNeverPull", "1/2"));
    assert_eq!(last.waiting[0].message, "Container image \"data:1\" is not present with pull policy of Never");
}

#[test]
fn too_many_pulls_at_once_fail_at_once() {
    let manifests: String = (0..4).map(|at| pod(&format!("p{at}"), &format!("i{at}:1"), "")).collect();
    let config = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nserializeImagePulls: false\nregistryPullQPS: 1\nregistryBurst: 3\n";
    let report = report(34, &[(InputKind::Manifests, &manifests), (InputKind::KubeletConfig, config)]);
    let messages: Vec<String> =
        report.pods.iter().map(|pod| pod.pull.as_ref().unwrap().first[0].as_ref().unwrap().message.clone()).collect();
    assert_eq!(messages, ["", "", "", "pull QPS exceeded"]);
}

#[test]
fn plug_ins_give_credentials_behind_the_nodes_file() {
    let manifests = pod("web", "reg.io/app:1", "");
    let providers = "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:
- {name: ecr, matchImages: [reg.io], apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1h}
---
apiVersion: credentialprovider.kubelet.k8s.io/v1\nkind: CredentialProviderResponse\ncacheKeyType: Image
auth: {reg.io/app: {username: plugin, password: p}}\n";
    let node = r#"{"auths": {"reg.io": {"username": "node", "password": "p"}}}"#;
    let users = |minor| {
        let texts = [
            (InputKind::Manifests, manifests.as_str()),
            (InputKind::CredentialProviders, providers),
            (InputKind::NodeConfig, node),
            (InputKind::Scenario, "registries: [{registry: reg.io, answers: [{answer: denied}]}]"),
        ];
        let report = report(minor, &texts);
        first(&report).attempts.iter().map(|attempt| attempt.user.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(users(32), ["plugin", "node"], "sorted together, the longer key first");
    assert_eq!(users(33), ["node", "plugin"]);
    // Among the manifests they are recognised by their kinds.
    let pasted = format!("{manifests}---\n{providers}");
    let report = report(34, &[(InputKind::Manifests, &pasted)]);
    assert_eq!(first(&report).attempts[0].user.as_deref(), Some("plugin"));
    assert_eq!(report.documents.len(), 3);
}

#[test]
fn two_plug_ins_of_one_name_end_the_kubelet() {
    let manifests = pod("web", "reg.io/app:1", "");
    let one = "- {name: ecr, matchImages: [reg.io], apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1h}\n";
    let providers =
        format!("apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n{one}{one}");
    let told = |minor| {
        let report = report(minor, &[(InputKind::Manifests, &manifests), (InputKind::CredentialProviders, &providers)]);
        let problem =
            report.problems.into_iter().find(|problem| problem.code == "credential-provider-invalid").unwrap();
        problem.message
    };
    // An old kubelet reads the file, and fails when it registers the second.
    assert!(told(28).contains("ends when it starts them"), "{}", told(28));
    assert_eq!(told(33), "providers.name: Duplicate value: \"ecr\"");
}

#[test]
fn a_plug_in_may_want_an_annotation_of_the_service_account() {
    let providers = "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:
- {name: ecr, matchImages: [reg.io], apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1h,
   tokenAttributes: {serviceAccountTokenAudience: a, cacheType: Token, requireServiceAccount: true, requiredServiceAccountAnnotationKeys: [reg.io/role]}}
---
apiVersion: credentialprovider.kubelet.k8s.io/v1\nkind: CredentialProviderResponse\ncacheKeyType: Image
auth: {reg.io: {username: plugin, password: p}}\n";
    let account = |annotations: &str| {
        format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: default, annotations: {{{annotations}}}}}\n"
        )
    };
    let user = |minor, annotations: &str| {
        let manifests = format!("{}{}", pod("web", "reg.io/app:1", ""), account(annotations));
        let report = report(minor, &[(InputKind::Manifests, &manifests), (InputKind::CredentialProviders, providers)]);
        first(&report).attempts[0].user.clone()
    };
    assert_eq!(user(34, "reg.io/role: x").as_deref(), Some("plugin"));
    assert_eq!(user(34, ""), None);
    assert_eq!(user(32, "").as_deref(), Some("plugin"), "an older kubelet does not read the field");
}

/// Two pods pull one after another; how often the plug-in is executed depends on whom its answer is kept for.
#[test]
fn answers_to_tokens_are_kept_for_the_account_or_the_pod() {
    let executed = |cache: &str, second: &str| {
        let providers = format!(
            "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:
- {{name: ecr, matchImages: [reg.io], apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1h,
   tokenAttributes: {{serviceAccountTokenAudience: a, cacheType: {cache}, requireServiceAccount: true, optionalServiceAccountAnnotationKeys: [reg.io/role]}}}}
---
apiVersion: credentialprovider.kubelet.k8s.io/v1\nkind: CredentialProviderResponse\ncacheKeyType: Image
auth: {{reg.io: {{username: plugin, password: p}}}}\n"
        );
        let account =
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, annotations: {reg.io/role: x}}\n";
        let manifests = format!("{}{}{account}", pod("a", "reg.io/app:1", ""), pod("b", "reg.io/app:1", second));
        let texts = [
            (InputKind::Manifests, manifests.as_str()),
            (InputKind::CredentialProviders, &providers),
            (InputKind::Scenario, "registries: [{registry: reg.io, answers: [{answer: denied}]}]"),
        ];
        let report = report(34, &texts);
        let told = |pod: usize, words: &str| {
            let round = report.pods[pod].pull.as_ref().unwrap().first[0].as_ref().unwrap();
            round.trace.iter().any(|step| step.finding.contains(words))
        };
        assert!(told(0, "for the audience `a`, with the annotations `reg.io/role`"));
        assert!(told(0, "is executed"));
        told(1, "is executed")
    };
    assert!(!executed("ServiceAccount", ""), "kept for the account");
    assert!(executed("ServiceAccount", "  serviceAccountName: other\n"), "another account");
    assert!(executed("Token", ""), "each pod has a token of its own");
}

#[test]
fn what_is_wrong_leaves_the_rest_simulated() {
    let manifests = format!("{}{}", pod("a", "nginx", ""), pod("b", "NGINX", ""));
    let config = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxParallelImagePulls: 0\n";
    let texts = [
        (InputKind::Manifests, manifests.as_str()),
        (InputKind::KubeletConfig, config),
        (InputKind::Scenario, "nodes: 5\npods: [{pod: nobody, node: x}]\nimages: [{image: nginx, takes: 7s}]"),
    ];
    for release in Release::all() {
        let report = report(release.minor(), &texts);
        assert_eq!(report.pods[0].pull.as_ref().unwrap().first[0].as_ref().unwrap().ended_at, Duration::from_secs(8));
        assert!(report.pods[1].pull.as_ref().unwrap().verdict.text.contains("InvalidImageName"));
        assert_eq!(
            report.node.as_ref().unwrap().kubelet.refuses.len(),
            usize::from(release.minor() >= 27),
            "{release}"
        );
        let codes = |code| report.problems.iter().filter(|problem| problem.code == code).count();
        assert_eq!(codes("scenario-unknown"), 2);
        assert!(simulate(&report, 1).unwrap().moments.iter().any(|moment| moment.status == "InvalidImageName"));
        assert_eq!(simulate(&report, 9), None);
    }
}

#[test]
fn a_size_takes_as_long_as_the_line_needs() {
    let manifests = pod("web", "reg.io/app:1", "");
    let took = |scenario: &str| {
        let report = report(34, &[(InputKind::Manifests, &manifests), (InputKind::Scenario, scenario)]);
        let pull = report.pods[0].pull.clone().unwrap();
        let assumed = pull.assumptions.iter().any(|taken| taken.key == "bytesPerSecond");
        (seconds(pull.first[0].as_ref().unwrap().ended_at) - 1, assumed)
    };
    let image = |facts: &str| format!("images: [{{image: 'reg.io/app:1', {facts}}}]\n");
    assert_eq!(took(""), (5, false));
    assert_eq!(took(&image("size: 300M")), (30, true));
    assert_eq!(took(&image("size: 300M, takes: 4s")), (4, false));
    assert_eq!(took(&format!("{}bytesPerSecond: 100M", image("size: 300M"))), (3, false));
    let answered = "registries: [{registry: reg.io, answers: [{answer: ok}]}]";
    assert_eq!(took(&format!("{}{answered}", image("size: 300M"))), (30, true));
    assert_eq!(took("bytesPerSecond: 0"), (5, false));
}

#[test]
fn a_pasted_status_says_what_the_registry_answers() {
    let status = |reason: &str, message: &str| {
        format!(
            "{}status:\n  phase: Pending\n  containerStatuses:\n  - name: web\n    state:\n      waiting:\n        reason: {reason}\n        message: '{message}'\n",
            pod("web", "reg.example.com/app:1", "")
        )
    };
    let told = |reason: &str, message: &str| {
        let report = report(34, &[(InputKind::Manifests, &status(reason, message))]);
        let pull = report.pods[0].pull.clone().unwrap();
        let line = pull.assumptions.iter().any(|taken| taken.text.contains("the pasted status says so on line"));
        (pull.verdict.tone, pull.first[0].clone().unwrap().attempts[0].result.clone(), line)
    };
    let text = "rpc error: code = NotFound desc = no such tag";
    let failed = (Tone::Fails, Err(text.to_owned()), true);
    assert_eq!(told("ErrImagePull", text), failed);
    let back_off = format!("Back-off pulling image \"reg.example.com/app:1\": ErrImagePull: {text}");
    assert_eq!(told("ImagePullBackOff", &back_off), failed);
    let (tone, result, line) = told("ImagePullBackOff", "Back-off pulling image \"reg.example.com/app:1\"");
    assert!(tone == Tone::Fails && result.is_err() && line);
    let (tone, result, line) = told("CrashLoopBackOff", "back-off 10s restarting failed container");
    assert!(tone == Tone::Fine && result.is_ok() && !line);
}

#[test]
fn amazons_registry_gives_nothing_to_strangers() {
    let manifests = pod("web", "1.dkr.ecr.eu-west-1.amazonaws.com/app:1", "");
    let told = |minor| {
        let pull = report(minor, &[(InputKind::Manifests, &manifests)]).pods[0].pull.clone().unwrap();
        (pull.verdict.tone, pull.assumptions.iter().map(|taken| taken.text.clone()).collect::<Vec<_>>().join(" "))
    };
    let (tone, texts) = told(34);
    assert!(tone == Tone::Fails && texts.contains("gives nothing to whom it does not know"), "{texts}");
    let (tone, texts) = told(26);
    assert!(tone == Tone::Look && texts.contains("asks for credentials"), "{texts}");
}

/// An init container that fails is started again with waits, and each start asks for its image anew.
#[test]
fn restarts_of_a_failing_init_container_are_counted() {
    let manifests = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:
  initContainers: [{name: init, image: 'init:latest'}]
  containers: [{name: app, image: 'app:1'}]\n";
    let scenario = "pods: [{pod: web, life: {containers: [{container: init, exitCode: 3, start: 1s}]}}]
images: [{image: init, takes: 1s}]";
    let seen = |minor, manifests: &str| {
        let texts = [(InputKind::Manifests, manifests), (InputKind::Scenario, scenario)];
        simulate(&report(minor, &texts), 0).unwrap()
    };
    let newer = seen(35, manifests);
    // Pulled from 1 to 2, runs to 3; the first failure waits for nothing, the next ones 10 s, 20 s.
    let pulls: Vec<i64> = newer.queue.iter().map(|pull| seconds(pull.asked_at)).collect();
    assert_eq!(pulls[..4], [1, 3, 15, 37], "the policy Always asks for the image at each start");
    let row = |at| {
        let table = newer.get_pods_at(Duration::from_secs(at));
        table.lines().nth(1).unwrap().split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row(3), "0/1 Init:Error 0 3s");
    assert_eq!(row(10), "0/1 Init:CrashLoopBackOff 1 10s");
    assert_eq!(row(30), "0/1 Init:CrashLoopBackOff 2 30s");
    assert!(
        newer.describe_events_at(Duration::from_secs(10)).contains("Back-off restarting failed container init in pod")
    );
    assert!(newer.queue.iter().all(|pull| pull.image != "app:1"));
    assert_eq!(newer.verdict.tone, Tone::Fails);
    assert!(newer.verdict.text.contains("`init` has its image and fails again and again"), "{}", newer.verdict.text);
    let never = seen(34, &manifests.replace("spec:", "spec:\n  restartPolicy: Never"));
    let last = never.moments.last().unwrap();
    assert_eq!((last.status.as_str(), last.phase.as_str(), last.restarts.as_str()), ("Init:Error", "Failed", "0"));
    assert_eq!(never.queue.len(), 1);
}
