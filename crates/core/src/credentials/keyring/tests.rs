use super::*;
use crate::api::{Object, Secret};
use crate::credentials::advice::AdviceKind;
use crate::credentials::docker_config::{Format, parse};
use crate::credentials::secrets::resolve;
use crate::trace::Written;
use podwhy_source::InputId;
use podwhy_source::json::{self, Place};

/// A configuration in which each key has its own user: u0, u1 and so on.
fn auths(keys: &[&str]) -> String {
    let entry = |(at, key): (usize, &&str)| format!(r#""{key}":{{"username":"u{at}","password":"p{at}"}}"#);
    let entries: Vec<String> = keys.iter().enumerate().map(entry).collect();
    format!(r#"{{"auths":{{{}}}}}"#, entries.join(","))
}

fn node(keys: &[&str]) -> DockerConfig {
    parse(&auths(keys), Format::DockerConfigJson, Place::Within(InputId(1), 0)).unwrap()
}

/// Pull secrets s0, s1, ... that hold these texts.
fn secrets(texts: &[String]) -> Vec<PullSecret> {
    let mut given = Vec::new();
    let mut names = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let text = text.replace('"', "\\\"");
        let secret = format!(
            r#"{{"metadata":{{"name":"s{at}"}},"type":"kubernetes.io/dockerconfigjson","stringData":{{".dockerconfigjson":"{text}"}}}}"#
        );
        given.push(Secret::read(&Object::read(json::parse(&secret, Place::Within(InputId(0), 0)).unwrap())));
        names.push(Written { value: format!("s{at}"), span: Span::new(InputId(0), 0, 0) });
    }
    resolve(&names, "default", &given)
}

fn of_node(keys: &[&str], repository: &str) -> Lookup {
    Keyrings::new(&[], Some(&node(keys))).lookup(repository)
}

fn tried(lookup: &Lookup) -> Vec<&str> {
    lookup.attempts().map(|attempt| attempt.written.as_str()).collect()
}

#[test]
fn keys_that_match_and_keys_that_do_not() {
    for key in [
        "reg1.io/",
        "http://reg1.io",
        "https://reg1.io/v1/",
        "https://reg1.io/v2/",
        "reg1.io/v1/team",
        "user@reg1.io",
        "*.*",
    ] {
        assert_eq!(tried(&of_node(&[key], "reg1.io/team/x")), [key]);
    }
    for key in [
        "*",
        "REG1.io",
        "reg1.io:443",
        "reg1.io/v1",
        "reg1.io/v2",
        "reg1.io/v3/",
        "reg1.io//",
        "reg1.io/*/x",
        "*.io:5000",
        "ftp://reg1.io",
        "HTTPS://reg1.io",
    ] {
        let lookup = of_node(&[key], "reg1.io/team/x");
        assert!(lookup.attempts.is_empty() && lookup.anonymous, "{key}");
    }
}

#[test]
fn the_longer_of_nested_keys_goes_first() {
    let lookup = of_node(&["reg1.io/team", "reg1.io", "*.io", "reg1.io/team/x"], "reg1.io/team/x");
    assert_eq!(tried(&lookup), ["reg1.io/team/x", "reg1.io/team", "reg1.io", "*.io"]);
    assert_eq!(lookup.cells[1].verdict, Verdict::Tried { attempt: 3 });
    assert!(lookup.notes.contains(&&rules::NOTE_FIXED_ORDER));
}

#[test]
fn spellings_of_docker_hub() {
    for key in ["docker.io", "index.docker.io", "https://index.docker.io/v1/", "https://index.docker.io/v2/"] {
        assert_eq!(tried(&of_node(&[key], "docker.io/library/nginx")), [key]);
    }
    for key in [
        "https://index.docker.io/v1",
        "registry-1.docker.io",
        "hub.docker.com",
        "registry.hub.docker.com",
        "*.docker.io",
    ] {
        let keyrings = Keyrings::new(&[], Some(&node(&[key])));
        assert!(keyrings.lookup("docker.io/library/nginx").anonymous, "{key}");
        let kinds: Vec<_> = keyrings.keys()[0].advice.iter().map(|advice| advice.kind).collect();
        assert!(kinds.contains(&AdviceKind::HubAlias) || kinds.contains(&AdviceKind::HubPath), "{key}: {kinds:?}");
    }
    // A plain prefix serves even half a name.
    assert_eq!(tried(&of_node(&["docker.io/libr"], "docker.io/library/nginx")), ["docker.io/libr"]);
}

#[test]
fn the_hub_key_is_hidden_by_a_direct_match_in_its_own_keyring_only() {
    let hub = "https://index.docker.io/v1/";
    let lookup = of_node(&["docker.io", hub], "docker.io/library/nginx");
    assert_eq!(tried(&lookup), ["docker.io"]);
    assert_eq!(lookup.cells[1].verdict, Verdict::Hidden);
    let keyrings = Keyrings::new(&secrets(&[auths(&[hub])]), Some(&node(&["docker.io", hub])));
    let lookup = keyrings.lookup("docker.io/library/nginx");
    assert_eq!(tried(&lookup), [hub, "docker.io"]);
    assert_eq!(lookup.cells[0].verdict, Verdict::TriedForHub { attempt: 1 });
}

#[test]
fn the_hub_credential_is_offered_to_localhost_without_port() {
    assert_eq!(tried(&of_node(&["index.docker.io"], "localhost/foo")), ["index.docker.io"]);
    assert!(of_node(&["index.docker.io"], "localhost:5000/foo").anonymous);
}

#[test]
fn secrets_come_before_the_node_and_equal_keys_stay_apart() {
    let keyrings = Keyrings::new(&secrets(&[auths(&["r.io"]), auths(&["r.io"])]), Some(&node(&["r.io/team", "r.io"])));
    let lookup = keyrings.lookup("r.io/team/app");
    let sources: Vec<_> = lookup.attempts().map(|attempt| attempt.source.clone()).collect();
    let secret = |position: usize| Source::Secret { position, name: format!("s{position}") };
    assert_eq!(sources, [secret(0), secret(1), Source::NodeFile, Source::NodeFile]);
    let repeats: Vec<_> = lookup.attempts().map(|attempt| attempt.repeats).collect();
    assert_eq!(repeats, [None, Some(1), Some(1), None]);
    for note in [&rules::NOTE_MERGED, &rules::NOTE_VIRTUAL_CONFIG, &rules::NOTE_FIXED_ORDER] {
        assert!(lookup.notes.contains(&note), "{}", note.id);
    }
}

#[test]
fn two_spellings_of_one_key_come_in_random_order() {
    let lookup = of_node(&["https://r.io", "r.io/v1/", "r.io/x"], "r.io/x/app");
    let groups: Vec<_> = lookup.attempts.iter().map(|group| (group.unordered, group.attempts.len())).collect();
    assert_eq!(groups, [(false, 1), (true, 2)]);
    let step = lookup.trace.iter().find(|step| step.rule == &rules::KEY_ORDER_RANDOM).unwrap();
    assert_eq!(
        step.finding,
        "`https://r.io` and `r.io/v1/` come to the same key; which of them is tried first changes from pull to pull."
    );
    assert_eq!(step.because.len(), 2);
}

#[test]
fn a_malformed_secret_prevents_every_attempt() {
    let broken = r#"{"auths":{"other.io":{"auth":"%"}}}"#.to_owned();
    let keyrings = Keyrings::new(&secrets(&[auths(&["r.io"]), broken]), Some(&node(&["r.io", "x.io"])));
    let lookup = keyrings.lookup("r.io/app");
    assert!(lookup.attempts.is_empty() && !lookup.anonymous && lookup.blocked.is_some());
    let verdicts: Vec<_> = lookup.cells.iter().map(|cell| cell.verdict).collect();
    assert_eq!(verdicts, [Verdict::Blocked, Verdict::Blocked, Verdict::NoMatch]);
}

#[test]
fn an_empty_entry_is_tried_and_forbids_the_anonymous_attempt() {
    let config = parse(r#"{"auths":{"r.io":{}}}"#, Format::DockerConfigJson, Place::Within(InputId(1), 0)).unwrap();
    let keyrings = Keyrings::new(&[], Some(&config));
    let lookup = keyrings.lookup("r.io/app");
    assert!(!lookup.anonymous && lookup.attempts().count() == 1);
    assert!(keyrings.keys()[0].advice.iter().any(|advice| advice.kind == AdviceKind::EmptyCredential));
}

#[test]
fn a_cell_tells_the_whole_way_from_the_written_key() {
    let lookup = of_node(&["https://r.io/v1/team"], "r.io/team/app");
    let findings: Vec<_> = lookup.cells[0].trace.iter().map(|step| step.finding.as_str()).collect();
    assert_eq!(
        findings,
        [
            "`https://` is dropped.",
            "`/v1` at the beginning of the path is dropped.",
            "The key counts as `r.io/team`.",
            "Neither names a port.",
            "`r.io` and `r.io` have 2 labels each.",
            "The image's path `/team/app` begins with the key's path `/team`.",
            "Host name, part 1: both are `r`.",
            "Host name, part 2: both are `io`.",
            "The key matches; its credential is attempt 1.",
        ]
    );
    assert!(lookup.cells[0].trace.iter().all(|step| step.at.is_some()));
}

#[test]
fn invalid_keys_are_dropped_with_the_reason() {
    let keyrings = Keyrings::new(&[], Some(&node(&["reg io", "[a-c].io"])));
    let lookup = keyrings.lookup("reg.io/app");
    assert!(lookup.cells.iter().all(|cell| cell.verdict == Verdict::Dropped && cell.comparison.is_none()));
    assert_eq!(
        lookup.cells[0].trace[0].finding,
        "`reg io` is no host with a path: a blank may not stand in a host. The kubelet drops this entry."
    );
    assert!(lookup.notes.contains(&&rules::NOTE_GLOB_SYNTAX));
}

#[test]
fn keys_that_serve_no_image_say_why() {
    for (key, kind) in [
        ("reg.io/app:1", AdviceKind::PathLetter),
        ("reg.io/app@sha256", AdviceKind::PathLetter),
        ("reg.io/*", AdviceKind::PathLetter),
        ("reg.io/App", AdviceKind::PathLetter),
        ("reg.io//", AdviceKind::PathLetter),
        ("library", AdviceKind::HostIsNoRegistry),
        ("ftp://reg.io", AdviceKind::OtherScheme),
        ("index.docker.io/library", AdviceKind::HubPath),
        ("reg io", AdviceKind::Invalid),
    ] {
        let keyrings = Keyrings::new(&[], Some(&node(&[key])));
        let advice = keyrings.keys()[0].advice.iter().find(|advice| advice.never_matches);
        assert_eq!(advice.map(|advice| advice.kind), Some(kind), "{key}");
    }
    for key in ["reg.io", "localhost/x", "*", "reg.io:5000/team", "*.io/a", "docker.io"] {
        let keyrings = Keyrings::new(&[], Some(&node(&[key])));
        assert!(keyrings.keys()[0].advice.iter().all(|advice| !advice.never_matches), "{key}");
    }
}

#[test]
fn the_documentations_wrong_claim_is_noted_where_it_bears() {
    let lookup = of_node(&["*my-registry.io/images"], "sub.my-registry.io/images/x");
    assert_eq!(lookup.notes, [&rules::NOTE_STAR_ACROSS_DOTS]);
    assert!(of_node(&["my-registry.io"], "my-registry.io/images/x").notes.is_empty());
    let lookup = of_node(&["my-registry.io/images"], "my-registry.io/images2/x");
    assert_eq!(lookup.notes, [&rules::NOTE_PATH_PREFIX]);
}

#[test]
fn many_keys_take_little_time() {
    let keys: Vec<String> = (0..20_000).map(|at| format!("r.io?{at}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let lookup = of_node(&keys, "r.io/app");
    assert_eq!(lookup.attempts.len(), 1);
    assert_eq!(lookup.attempts().count(), 20_000);
    assert!(lookup.cells[19_999].trace.len() < lookup.cells[0].trace.len());
}
