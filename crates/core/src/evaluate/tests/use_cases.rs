//! The four use cases of pull credentials.

use crate::evaluate::Whole;
use crate::release::AdmissionPlugin;
use crate::release::{Cluster, Release};
use crate::session::{Input, InputKind, Session};
use crate::use_cases::{FindingKind, Inspection, UseCase, inspect};

fn ask(case: UseCase, always_pull: bool, manifests: &str, node: &str) -> Inspection {
    let mut cluster = Cluster::of(Release::DEFAULT);
    if always_pull {
        cluster.switched_plugins.insert(AdmissionPlugin::AlwaysPullImages);
    }
    let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
    let inputs = vec![input(InputKind::Manifests, manifests), input(InputKind::NodeConfig, node)];
    inspect(&Whole::of(Session { cluster, inputs, ..Session::default() }).report, case)
}

fn pod(namespace: &str, image: &str, secret: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: {namespace}}}\nspec:\n  imagePullSecrets: [{secret}]\n  containers: [{{name: app, image: '{image}'}}]\n"
    )
}

fn secret(namespace: &str, key: &str, user: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: reg, namespace: {namespace}}}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  \
         .dockerconfigjson: '{{\"auths\": {{\"{key}\": {{\"username\": \"{user}\", \"password\": \"x\"}}}}}}'\n"
    )
}

const REG: &str = "{name: reg}";
const NODE: &str = r#"{"auths": {"reg.io": {"username": "node", "password": "x"}}}"#;

fn kinds(inspection: &Inspection) -> Vec<(FindingKind, &'static str)> {
    inspection.findings.iter().map(|finding| (finding.kind, finding.step.rule.id)).collect()
}

#[test]
fn open_images() {
    assert_eq!(ask(UseCase::Open, false, &pod("a", "nginx:1.27", ""), "").findings, []);
    let bad = ask(UseCase::Open, false, &format!("{}{}", pod("a", "nginx", REG), secret("a", "reg.io", "u")), "");
    assert_eq!(
        kinds(&bad),
        [
            (FindingKind::Unsafe, "credentials.latest-in-production"),
            (FindingKind::Needless, "credentials.secret-fits-no-image"),
            (FindingKind::Needless, "credentials.use-case-open"),
        ]
    );
    assert_eq!(bad.manifest, "");
}

#[test]
fn proprietary_images_for_all() {
    let good = ask(UseCase::VisibleToAll, false, &pod("a", "reg.io/app:1", ""), NODE);
    assert_eq!(good.findings, []);
    let bad = ask(UseCase::VisibleToAll, false, &pod("a", "reg.io/app:1", REG), "");
    assert_eq!(
        kinds(&bad),
        [(FindingKind::Missing, "credentials.secret-missing"), (FindingKind::Missing, "credentials.use-case-node")]
    );
    // What it shows does it.
    let file = bad.manifest.lines().find(|line| line.starts_with('{')).unwrap();
    assert_eq!(ask(UseCase::VisibleToAll, false, &pod("a", "reg.io/app:1", ""), file).findings, []);
}

#[test]
fn strict_access() {
    let manifests = format!("{}{}", pod("a", "reg.io/app:1", REG), secret("a", "reg.io", "u"));
    assert_eq!(ask(UseCase::Strict, true, &manifests, "").findings, []);
    let elsewhere = format!("{}{}", pod("a", "reg.io/app:1", REG), secret("b", "reg.io", "u"));
    let bad = ask(UseCase::Strict, false, &elsewhere, NODE);
    assert_eq!(
        kinds(&bad),
        [
            (FindingKind::Unsafe, "credentials.always-pull-on-shared-nodes"),
            (FindingKind::Unsafe, "credentials.use-case-secret"),
            (FindingKind::Missing, "credentials.secret-missing"),
            (FindingKind::Missing, "credentials.use-case-secret"),
        ]
    );
    assert!(bad.findings[2].step.finding.contains("namespace `b`"));
    let prefix = format!("{}{}", pod("a", "reg.io/team/app:1", REG), secret("a", "reg.io/team", "u"));
    assert_eq!(
        kinds(&ask(UseCase::Strict, true, &prefix, "")),
        [(FindingKind::Unsafe, "credentials.key-offered-further")]
    );
}

#[test]
fn tenants_with_registries_of_their_own() {
    let tenant = |name: &str, key: &str, user: &str| {
        format!("{}{}", pod(name, &format!("reg.io/{name}/app:1"), REG), secret(name, key, user))
    };
    let good = format!("{}{}", tenant("a", "reg.io/a/", "ua"), tenant("b", "reg.io/b/", "ub"));
    assert_eq!(ask(UseCase::Tenants, true, &good, "").findings, []);
    let bad = format!("{}{}", tenant("a", "reg.io", "u"), tenant("b", "reg.io/b/", "u"));
    let inspection = ask(UseCase::Tenants, true, &bad, "");
    let told: Vec<&str> = inspection.findings.iter().map(|finding| finding.step.finding.as_str()).collect();
    assert_eq!(
        told,
        [
            "The credential of `a` for `reg.io` also fits `reg.io/b/app:1`, which another tenant uses.",
            "`b` and `a` have the same user and password, so neither keeps the other out.",
        ]
    );
    assert!(inspection.manifest.contains("namespace: b\nimagePullSecrets:\n- name: b-registry"));
}

#[test]
fn the_manifest_that_is_shown_does_it() {
    let pods = format!("{}{}", pod("a", "a.reg.io/app:1", ""), pod("b", "b.reg.io/app:1", ""));
    let manifest = ask(UseCase::Tenants, true, &pods, "").manifest;
    // The ServiceAccount brings the pull secret; users and passwords are still to be filled in.
    let filled = manifest.replacen("USER", "other", 1);
    assert_eq!(ask(UseCase::Tenants, true, &format!("{pods}---\n{filled}"), "").findings, []);
}

#[test]
fn what_is_meant_is_guessed_from_what_is_given() {
    let likely = |manifests: &str, scenario: &str| {
        let input = |kind, text: &str| Input { kind, name: String::new(), text: text.to_owned() };
        let inputs = vec![input(InputKind::Manifests, manifests), input(InputKind::Scenario, scenario)];
        Whole::of(Session { inputs, ..Session::default() }).likely_use_case()
    };
    assert_eq!(likely(&pod("a", "nginx:1", ""), ""), UseCase::Open);
    assert_eq!(likely(&pod("a", "reg.io/app:1", ""), ""), UseCase::VisibleToAll);
    assert_eq!(likely(&pod("a", "reg.io/app:1", REG), ""), UseCase::Strict);
    let two = format!("{}{}", pod("a", "reg.io/a:1", REG), pod("b", "reg.io/b:1", REG));
    assert_eq!(likely(&two, ""), UseCase::Tenants);
    assert_eq!(likely(&two, "registries: [{registry: reg.io, open: true}]"), UseCase::Open);
}
