use super::*;

fn last(key: &str, image: &str) -> (Option<Element>, String) {
    let result = urls_match(key, image, None);
    assert_eq!(result.matched, result.failed_at.is_none());
    (result.failed_at, result.trace.last().unwrap().finding.clone())
}

#[test]
fn typical_failures_say_what_decided() {
    for (key, image, element, finding) in [
        (
            "*my-registry.io/images",
            "sub.my-registry.io/images/x",
            Element::LabelCount,
            "`*my-registry.io` has 2 labels, `sub.my-registry.io` has 3; a `*` stays within one label and never stands for a dot.",
        ),
        (
            "*",
            "reg.io/x",
            Element::LabelCount,
            "`*` has 1 label, `reg.io` has 2; a `*` stays within one label and never stands for a dot.",
        ),
        ("io", "reg.io/x", Element::LabelCount, "`io` has 1 label, `reg.io` has 2."),
        (
            "reg.io",
            "reg.io:5000/x",
            Element::Port,
            "The image's registry has the port 5000, the key names none; write the port into the key.",
        ),
        (
            "reg.io:443",
            "reg.io/x",
            Element::Port,
            "The key names the port 443, the image none; ports compare as text, so not even 443 goes without saying.",
        ),
        (
            "reg.io/app",
            "reg.io/other",
            Element::Path,
            "The image's path `/other` does not begin with the key's path `/app`.",
        ),
        (
            "reg.io/app/",
            "reg.io/app",
            Element::Path,
            "The key's path `/app/` ends with a slash, the image's path is `/app` without one.",
        ),
        (
            "reg.io/*",
            "reg.io/app",
            Element::Path,
            "The image's path `/app` does not begin with `/*`; a `*` in a path is a plain character.",
        ),
        ("a.*.io", "b.x.io/app", Element::Label(0), "Host name, part 1: the image's `b` is not the key's `a`."),
        (
            "k*.io",
            "quay.io/app",
            Element::Label(0),
            "Host name, part 1: the image's `quay` does not fit the key's `k*`.",
        ),
        (
            "REG.io",
            "reg.io/app",
            Element::Label(0),
            "Host name, part 1: the image's `reg` is not the key's `REG`; capital letters count.",
        ),
        (
            "x[]]y.io",
            "x]y.io",
            Element::Label(0),
            "Host name, part 1: the class of characters in `x[]]y` is malformed, so the key matches nothing.",
        ),
        (
            "reg io",
            "reg.io",
            Element::Key,
            "`reg io` cannot be read as host and path: a blank may not stand in a host.",
        ),
        (
            "[abc].io",
            "a.io",
            Element::Key,
            "`[abc].io` cannot be read as host and path: a host that begins with `[` is read as an IPv6 address, and `.io` may not follow it.",
        ),
    ] {
        assert_eq!(last(key, image), (Some(element), finding.to_owned()), "{key} {image}");
    }
}

#[test]
fn the_grid_shows_every_element() {
    let grid = urls_match("*.reg.io/team", "a.b.reg.io/team/x", None).grid.unwrap();
    let column =
        |at: usize| (grid.labels[at].key.as_deref(), grid.labels[at].image.as_deref(), grid.labels[at].outcome);
    assert_eq!(column(0), (None, Some("a"), Outcome::NoPartner));
    assert_eq!(column(1), (Some("*"), Some("b"), Outcome::NotReached));
    assert_eq!(grid.port.outcome, Outcome::Equal);
    assert_eq!(grid.path.outcome, Outcome::NotReached);

    let grid = urls_match("*.reg.io/team", "a.reg.io/team/x", None).grid.unwrap();
    let outcomes: Vec<_> = grid.labels.iter().map(|label| label.outcome).collect();
    assert_eq!(outcomes, [Outcome::Glob, Outcome::Equal, Outcome::Equal]);
    assert_eq!(grid.path.outcome, Outcome::Prefix);
}

#[test]
fn a_path_that_ends_inside_a_name_is_pointed_out() {
    let result = urls_match("my-registry.io/images", "my-registry.io/images2/x", None);
    assert!(result.matched);
    assert!(result.trace.iter().any(|step| step.finding.ends_with("the key ends in the middle of a name.")));
}

#[test]
fn measured_pairs() {
    for key in ["*.*", "user@reg1.io", "reg1.io/"] {
        assert!(urls_match(key, "reg1.io/team/x", None).matched, "{key}");
    }
    for key in ["*", "REG1.io", "reg1.io:443", "reg1.io/v3/", "reg1.io//", "reg1.io/*/x", "*.io:5000", "ftp://reg1.io"]
    {
        assert!(!urls_match(key, "reg1.io/team/x", None).matched, "{key}");
    }
}

#[test]
fn classes_depend_on_the_build() {
    let result = urls_match("r[0-9].io", "r5.io/x", None);
    assert!(result.matched && result.depends_on_go_build);
    assert!(!urls_match("*.io", "r5.io/x", None).depends_on_go_build);
}

#[test]
fn a_wildcard_with_too_few_labels_is_told_how_many_it_needs() {
    let found = urls_match("*.azurecr.io", "myreg.eu.azurecr.io/x", None);
    let finding = &found.trace.last().unwrap().finding;
    assert!(finding.ends_with("Write `*.*.azurecr.io`, or the whole host."), "{finding}");
    let found = urls_match("*.azurecr.io", "a.b.gcr.io/x", None);
    let finding = &found.trace.last().unwrap().finding;
    assert!(!finding.contains("Write"), "{finding}");
}
