use super::*;
use podwhy_source::InputId;

const HEX: &str = "4d34c31265eda781e7ac40ae7b963dd2a935b83b2e4ecb1e84a5ef6ec0ac4d04";

fn old(image: &str) -> Result<Reference, InvalidReference> {
    parse(image, Grammar::DockerDistribution)
}

fn new(image: &str) -> Result<Reference, InvalidReference> {
    parse(image, Grammar::DistributionReference)
}

/// Each part with what is written of it.
fn parts(image: &str) -> [(String, String); 4] {
    let reference = new(image).unwrap();
    let show = |part: Option<&Part>| {
        let part = part.cloned().unwrap_or(Part { value: String::new(), written: None });
        let written = part.written.map_or("-", |range| image.get(range).unwrap()).to_owned();
        (part.value, written)
    };
    [
        show(Some(&reference.registry)),
        show(Some(&reference.path)),
        show(reference.tag.as_ref()),
        show(reference.digest.as_ref()),
    ]
}

fn pairs(expected: [(&str, &str); 4]) -> [(String, String); 4] {
    expected.map(|(value, written)| (value.to_owned(), written.to_owned()))
}

#[test]
fn every_part_knows_what_is_written_of_it() {
    assert_eq!(parts("nginx"), pairs([("docker.io", "-"), ("library/nginx", "nginx"), ("latest", "-"), ("", "-")]));
    assert_eq!(
        parts("reg.example.com:5000/team/app:1.0"),
        pairs([("reg.example.com:5000", "reg.example.com:5000"), ("team/app", "team/app"), ("1.0", "1.0"), ("", "-")])
    );
    let digest = format!("sha256:{HEX}");
    assert_eq!(
        parts(&format!("index.docker.io/nginx:latest@{digest}")),
        pairs([("docker.io", "index.docker.io"), ("library/nginx", "nginx"), ("latest", "latest"), (&digest, &digest)])
    );
    // The host is none, so everything is the path.
    assert_eq!(parts("a_b.c/d:1"), pairs([("", "-"), ("a_b.c/d", "a_b.c/d"), ("1", "1"), ("", "-")]));
}

#[test]
fn a_port_without_a_slash_is_a_tag() {
    let reference = new("localhost:5000").unwrap();
    assert_eq!(
        (reference.name().as_str(), reference.tag.unwrap().value.as_str()),
        ("docker.io/library/localhost", "5000")
    );
}

#[test]
fn the_runtime_gets_the_image_as_written_with_at_most_a_tag_behind_it() {
    assert_eq!(new("docker.io/nginx").unwrap().pulled_as(), "docker.io/nginx:latest");
    assert_eq!(new("nginx:1").unwrap().pulled_as(), "nginx:1");
    let with_digest = format!("nginx@sha256:{HEX}");
    let reference = new(&with_digest).unwrap();
    assert_eq!((reference.pulled_as(), reference.tag), (with_digest, None));
}

#[test]
fn the_limit_counts_the_host_in_the_older_library_alone() {
    let image = format!("registry.example.com/{}", "a".repeat(250));
    assert_eq!(old(&image).unwrap_err().reference_error(), "repository name must not be more than 255 characters");
    assert!(new(&image).is_ok());
    assert!(new(&format!("r.io/{}", "a".repeat(255))).is_ok());
    assert!(new(&format!("r.io/{}", "a".repeat(256))).is_err());
}

#[test]
fn digests_are_looked_at_after_the_grammar() {
    let digits = |count: usize| HEX.get(..count).unwrap();
    let problem = |image: &str| new(image).unwrap_err().problem;
    assert_eq!(problem(&format!("x@sha256:{}", digits(32))), Problem::DigestLength);
    assert_eq!(problem(&format!("x@sha256:{}", digits(31))), Problem::Malformed(Kind::Digest));
    assert_eq!(problem(&format!("x@md5:{}", digits(32))), Problem::DigestAlgorithm);
    assert_eq!(problem(&format!("x@sha256:{}", HEX.to_uppercase())), Problem::DigestCase);
    // Before the first colon everything counts as the name, which must be lower case.
    assert_eq!(problem(&format!("x@SHA256:{HEX}")), Problem::UppercasePath("library/x@SHA256".to_owned()));
    assert_eq!(problem(&format!("x:1@SHA256:{HEX}")), Problem::DigestCase);
}

#[test]
fn the_broken_part_is_named() {
    let refused = |image: &str| {
        let error = new(image).unwrap_err();
        let place = error.place.clone().map_or("-", |place| image.get(place).unwrap()).to_owned();
        (error.to_string(), place)
    };
    assert_eq!(refused("r.io/app:v1:2"), ("`v1:2` is no valid tag".to_owned(), "v1:2".to_owned()));
    assert_eq!(refused("r.io:x/app"), ("`r.io:x` is no valid registry".to_owned(), "r.io:x".to_owned()));
    assert_eq!(refused("r.io/a..b:1"), ("`a..b` is no valid path".to_owned(), "a..b".to_owned()));
    assert_eq!(refused("r.io/"), ("the path is empty".to_owned(), String::new()));
    assert_eq!(refused("nginx:"), ("a tag is announced by `:` and empty".to_owned(), String::new()));
    assert_eq!(refused("x@y.z/c"), ("`y.z/c` is no valid digest".to_owned(), "y.z/c".to_owned()));
    assert_eq!(refused("").0, "it is empty");
    assert_eq!(refused(" nginx").0, "it contains white space");
    assert_eq!(
        refused("https://r.io/app").0,
        "it begins with a scheme such as `https://`, which image names do not have"
    );
}

#[test]
fn a_name_that_only_one_library_reads_changed_with_it() {
    let since = Since::between(20, 32);
    let change = change("[::1]:5000/app").unwrap();
    assert_eq!(change.since, since);
    assert_eq!(change.before, "`[::1]:5000/app` is refused: invalid reference format");
    assert_eq!(change.after, "`[::1]:5000/app` is accepted and stands for `[::1]:5000/app`");
    assert_eq!(super::change("nginx:1.27"), None);
    assert!(super::change("Nginx").is_some(), "the error's text differs");
}

#[test]
fn places_count_from_the_scalar() {
    let at = |start, end, value: &str| Written { value: value.to_owned(), span: Span::new(InputId(0), start, end) };
    assert_eq!(sub_span(&at(10, 17, "nginx:1"), &(6..7)), Span::new(InputId(0), 16, 17));
    assert_eq!(sub_span(&at(10, 19, "nginx:1"), &(6..7)), Span::new(InputId(0), 17, 18));
    assert_eq!(sub_span(&at(10, 30, "nginx:1"), &(6..7)), Span::new(InputId(0), 10, 30));
}

#[test]
fn a_long_text_is_read_once() {
    for image in
        ["a".repeat(1 << 20), "a/".repeat(1 << 19), "-".repeat(1 << 20), "a:".repeat(1 << 19), "@".repeat(1 << 20)]
    {
        assert!(old(&image).is_err());
        assert!(new(&image).is_err());
    }
}

#[test]
fn each_part_has_its_reason() {
    let image = Written { value: "team/app".to_owned(), span: Span::new(InputId(0), 0, 8) };
    let findings: Vec<_> = read(&image, Release::DEFAULT).trace.into_iter().map(|step| step.finding).collect();
    assert_eq!(
        findings,
        [
            "`team` has no dot and no port, so it is part of the path and the registry is `docker.io`.",
            "It has neither tag nor digest, so the runtime is asked for `team/app:latest`.",
        ]
    );
}

#[test]
fn between_two_verified_releases_the_doubt_is_named() {
    let last = |image: &str, minor: u8| {
        let image = Written { value: image.to_owned(), span: Span::new(InputId(0), 0, 1) };
        let decision = read(&image, Release::from_minor(minor).unwrap());
        (decision.outcome.is_ok(), decision.trace.last().unwrap().finding.clone())
    };
    let doubt =
        "Whether v1.27 reads this name as v1.20 or as v1.32 does is not verified; the answer here is that of v1.20.";
    assert_eq!(last("Foo/bar", 27), (false, doubt.to_owned()));
    assert!(last("Foo/bar", 32).0);
    assert_eq!(last("nginx:1", 27).1, "The tag is `1`.");
    assert_eq!(last("Nginx", 27).1, "`Nginx` is no image name: the repository's name holds upper-case letters.");
}
