//! What is worth knowing about a key whatever the image: what it can never match, and what it matches beyond what was
//! meant; and what of a text the kubelet does not read.

use crate::credentials::docker_config::{DockerConfig, Format, masked_key};
use crate::credentials::go_url::{self, Url};
use crate::credentials::key::{Key, Source};
use crate::credentials::keyring::Lookup;
use crate::credentials::url_match::{Element, shown};
use crate::rule::{DocNote, Rule, credentials as rules};
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use serde::Serialize;

/// One remark about a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What kind of remark.
    pub kind: AdviceKind,
    /// Whether it means that the key serves no image at all.
    pub never_matches: bool,
    /// The remark in words, with its place.
    pub step: Step,
    /// The documentation's claim that may have led there.
    pub note: Option<&'static DocNote>,
}

/// The kinds of remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// The key is no URL and is dropped.
    Invalid,
    /// The entry has neither user nor password and is tried all the same.
    EmptyCredential,
    /// Something from `?` or `#` on was cut off.
    QueryCut,
    /// The key has a scheme other than http and https.
    OtherScheme,
    /// The path has a letter that no image's path has: a tag, a digest, a `*`, a capital letter.
    PathLetter,
    /// The host has only one label and cannot be an image's registry.
    HostIsNoRegistry,
    /// A name of Docker Hub's servers that no image's registry has.
    HubAlias,
    /// `index.docker.io` with a path: Docker Hub's images count as `docker.io`.
    HubPath,
    /// The host has a class of characters.
    DependsOnGoBuild,
    /// The path is a plain prefix and also serves repositories whose name goes on.
    PathIsPrefix,
    /// The path ends with a slash and does not serve the repository of exactly that name.
    PathEndsWithSlash,
    /// The kubelet does not read this field.
    IgnoredField,
    /// A later entry or a null replaces this one.
    Replaced,
    /// The text has the form of the other kind of file.
    OtherFormat,
}

/// Names under which people know Docker Hub, and which are no registry of an image.
const HUB_ALIASES: &[&[u8]] = &[b"registry-1.docker.io", b"registry.hub.docker.com", b"hub.docker.com", b"*.docker.io"];

/// Remarks about a key. `url` is the key without its scheme if it is a URL, `host` and `path` what counts of it.
pub(super) fn of_key(key: &Key, url: Option<&Url>, host: &[u8], path: &[u8]) -> Vec<Advice> {
    let mut list = List { key, found: Vec::new() };
    list.empty_credential();
    let Some(url) = url else {
        let note = key.written.contains(['?', '[', '\\', '^']).then_some(&rules::NOTE_GLOB_SYNTAX);
        list.never(
            AdviceKind::Invalid,
            &rules::KEY_INVALID,
            "This key is no URL, so the kubelet drops it.".to_owned(),
            note,
        );
        return list.found;
    };
    if url.had_query {
        let finding = format!("Only what stands before `?` or `#` counts: `{}`.", shown(&[host, path].concat()));
        list.push(AdviceKind::QueryCut, &rules::KEY_NORMALISED, finding, Some(&rules::NOTE_GLOB_SYNTAX));
    }
    if url.refused_by_newer_go {
        let finding =
            "Brackets in the host work only in kubelets built with an older Go; newer ones drop the key.".to_owned();
        list.push(AdviceKind::DependsOnGoBuild, &rules::GO_BUILD, finding, Some(&rules::NOTE_GLOB_SYNTAX));
    }
    list.host(host, path);
    list.path(path);
    list.found
}

/// Remarks about a text as a whole: fields that are not read, entries that are replaced, the wrong form.
#[must_use]
pub fn of_config(config: &DockerConfig, format: Format) -> Vec<Advice> {
    let remark = |kind, rule, finding: String, span: Span| {
        let step = Step::new(rule, Mark::Note, finding).at(span);
        Advice { kind, never_matches: false, step, note: None }
    };
    let mut found = Vec::new();
    for field in &config.ignored {
        let (finding, note) = match field.name.as_str() {
            "credsStore" | "credHelpers" => {
                (format!("The kubelet does not read {} and asks no credential helper.", field.name), None)
            }
            name if name.eq_ignore_ascii_case("HttpHeaders") => {
                ("The kubelet reads HttpHeaders and throws them away.".to_owned(), Some(&rules::NOTE_HTTP_HEADERS))
            }
            name => (format!("The kubelet does not read `{name}`."), None),
        };
        let advice = remark(AdviceKind::IgnoredField, &rules::CONFIG_FIELDS, finding, field.span);
        found.push(Advice { note, ..advice });
    }
    for entry in &config.entries {
        for field in &entry.ignored {
            let finding = format!("The kubelet does not read `{}` of `{}`.", field.name, masked_key(&entry.key));
            found.push(remark(AdviceKind::IgnoredField, &rules::CONFIG_FIELDS, finding, field.span));
        }
    }
    for entry in &config.replaced {
        let finding = format!("This entry for `{}` does not count: a later one replaces it.", masked_key(&entry.key));
        found.push(remark(AdviceKind::Replaced, &rules::CONFIG_FIELDS, finding, entry.key_span));
    }
    let nested = config.entries.iter().find(|entry| format == Format::DockerCfg && entry.key == "auths");
    if let Some(entry) = nested {
        let finding = "A .dockercfg has no `auths`; here it counts as the name of a registry. This text has the form of a config.json.".to_owned();
        found.push(remark(AdviceKind::OtherFormat, &rules::CONFIG_FIELDS, finding, entry.key_span));
    }
    let flat = config.ignored.iter().find(|field| field.name.contains('.'));
    if let (Format::DockerConfigJson, true, Some(field)) = (format, config.entries.is_empty(), flat) {
        let finding = "A config.json has its entries under `auths`; this text has the form of a .dockercfg and gives no credentials.".to_owned();
        found.push(remark(AdviceKind::OtherFormat, &rules::CONFIG_FIELDS, finding, field.span));
    }
    found
}

struct List<'a> {
    key: &'a Key,
    found: Vec<Advice>,
}

impl List<'_> {
    fn empty_credential(&mut self) {
        if self.key.credential.is_empty() {
            let finding = "This entry has neither user nor password, as a credential store leaves it; where it matches it is tried, and an attempt without credentials is not made.".to_owned();
            self.push(AdviceKind::EmptyCredential, &rules::EMPTY_ENTRY, finding, None);
        }
    }

    fn host(&mut self, host: &[u8], path: &[u8]) {
        let (name, port) = go_url::split_port(host);
        let other_scheme =
            self.key.written.split_once("://").filter(|(scheme, _)| !matches!(*scheme, "http" | "https"));
        if let (Some((scheme, _)), b"") = (other_scheme, port)
            && host.strip_suffix(b":") == Some(scheme.as_bytes())
        {
            let finding = format!(
                "Only http:// and https:// in small letters are dropped, so the host of this key is `{scheme}`."
            );
            self.never(AdviceKind::OtherScheme, &rules::KEY_NORMALISED, finding, None);
        } else if name == b"index.docker.io" && !path.is_empty() {
            let finding = if path == b"/v1" || path == b"/v2" {
                format!("`{0}` is dropped only with a slash after it: write `{0}/`.", shown(path))
            } else {
                "The images of Docker Hub count as docker.io/…, and index.docker.io stands for them only without a path; write docker.io with the path.".to_owned()
            };
            self.never(AdviceKind::HubPath, &rules::HUB_FALLBACK, finding, None);
        } else if HUB_ALIASES.contains(&host) {
            let finding = format!(
                "`{}` does not stand for Docker Hub; write https://index.docker.io/v1/ or docker.io.",
                shown(host)
            );
            self.push(AdviceKind::HubAlias, &rules::HUB_FALLBACK, finding, None);
        } else if port.is_empty() && is_no_registry(name) {
            let finding = format!(
                "`{}` is no registry of an image: a registry has a dot or a port, or is localhost.",
                shown(name)
            );
            self.never(AdviceKind::HostIsNoRegistry, &rules::NEVER_MATCHES, finding, None);
        }
    }

    fn path(&mut self, path: &[u8]) {
        let Some((_, last)) = path.split_last().map(|(last, rest)| (rest, last)) else { return };
        let strange =
            path.iter().find(|byte| !byte.is_ascii_lowercase() && !byte.is_ascii_digit() && !b"/._-".contains(byte));
        if let Some(strange) = strange {
            let (finding, note) = match strange {
                b':' => ("A key with a tag serves no image: images are looked up without their tag.", None),
                b'@' => ("A key with a digest serves no image: images are looked up without their digest.", None),
                b'*' => (
                    "A `*` in the path is a plain character that no image has, so the key serves none; leave it out.",
                    Some(&rules::NOTE_GLOB_IN_PATH),
                ),
                b'A'..=b'Z' => ("No image has capital letters in its path, so the key serves none.", None),
                _ => ("The path has a character that no image's path has, so the key serves none.", None),
            };
            self.never(AdviceKind::PathLetter, &rules::NEVER_MATCHES, finding.to_owned(), note);
        } else if path.windows(2).any(|pair| pair == b"//") {
            let finding = "No image has two slashes in a row in its path, so the key serves none.".to_owned();
            self.never(AdviceKind::PathLetter, &rules::NEVER_MATCHES, finding, None);
        } else if *last == b'/' {
            let finding = format!(
                "The path is a plain prefix: the repository `{}` itself, without the slash, is not served.",
                shown(path.strip_suffix(b"/").unwrap_or(path))
            );
            self.push(AdviceKind::PathEndsWithSlash, &rules::PATH_PREFIX, finding, Some(&rules::NOTE_PATH_PREFIX));
        } else {
            let finding =
                format!("The path is a plain prefix: the key also serves `{0}2` and `{0}-private`.", shown(path));
            self.push(AdviceKind::PathIsPrefix, &rules::PATH_PREFIX, finding, Some(&rules::NOTE_PATH_PREFIX));
        }
    }

    fn never(&mut self, kind: AdviceKind, rule: &'static Rule, finding: String, note: Option<&'static DocNote>) {
        self.add(kind, true, Step::new(rule, Mark::No, finding), note);
    }

    fn push(&mut self, kind: AdviceKind, rule: &'static Rule, finding: String, note: Option<&'static DocNote>) {
        self.add(kind, false, Step::new(rule, Mark::Note, finding), note);
    }

    fn add(&mut self, kind: AdviceKind, never_matches: bool, step: Step, note: Option<&'static DocNote>) {
        self.found.push(Advice { kind, never_matches, step: step.at(self.key.span), note });
    }
}

/// Whether a host without port can be no image's registry: splitDockerDomain takes such a name for a path.
fn is_no_registry(host: &[u8]) -> bool {
    // A capital letter makes a registry of it for newer parsers; a pattern may fit localhost.
    host != b"localhost" && !host.iter().any(|byte| b".:*[".contains(byte) || byte.is_ascii_uppercase())
}

/// The disagreements between documentation and code that bear on a look-up.
pub(super) fn notes(keys: &[Key], lookup: &Lookup) -> Vec<&'static DocNote> {
    let mut notes: Vec<&'static DocNote> = Vec::new();
    let mut add = |applies: bool, note: &'static DocNote| {
        if applies && !notes.contains(&note) {
            notes.push(note);
        }
    };
    for (key, cell) in keys.iter().zip(&lookup.cells) {
        let failed_at = cell.comparison.as_ref().and_then(|found| found.failed_at);
        let host = key.normalised.as_deref().unwrap_or_default().split('/').next().unwrap_or_default();
        add(failed_at == Some(Element::LabelCount) && host.contains('*'), &rules::NOTE_STAR_ACROSS_DOTS);
        for advice in &key.advice {
            // A prefix matters where it serves the image, everything else wherever it stands.
            let bears = advice.kind != AdviceKind::PathIsPrefix || failed_at.is_none();
            if let (true, Some(note)) = (bears, advice.note) {
                add(true, note);
            }
        }
    }
    let sources: Vec<&Source> = lookup.attempts().map(|attempt| &attempt.source).collect();
    let of_node = sources.iter().filter(|source| ***source == Source::NodeFile).count();
    add(sources.len() > 1, &rules::NOTE_FIXED_ORDER);
    add(of_node > 0 && of_node < sources.len(), &rules::NOTE_MERGED);
    let mut of_secrets = sources.iter().filter(|source| ***source != Source::NodeFile);
    let first = of_secrets.next();
    add(of_secrets.any(|source| Some(source) != first), &rules::NOTE_VIRTUAL_CONFIG);
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::docker_config::parse;
    use podwhy_source::InputId;
    use podwhy_source::json::Place;

    fn check(text: &str, format: Format) -> Vec<(AdviceKind, String)> {
        let config = parse(text, format, Place::Within(InputId(0), 0)).unwrap();
        of_config(&config, format).into_iter().map(|advice| (advice.kind, advice.step.finding)).collect()
    }

    #[test]
    fn what_the_kubelet_does_not_read_is_said() {
        let text = r#"{"auths":{"r.io":{"identitytoken":"t"}},"credsStore":"desktop","HttpHeaders":{}}"#;
        assert_eq!(
            check(text, Format::DockerConfigJson),
            [
                (
                    AdviceKind::IgnoredField,
                    "The kubelet does not read credsStore and asks no credential helper.".to_owned()
                ),
                (AdviceKind::IgnoredField, "The kubelet reads HttpHeaders and throws them away.".to_owned()),
                (AdviceKind::IgnoredField, "The kubelet does not read `identitytoken` of `r.io`.".to_owned()),
            ]
        );
    }

    #[test]
    fn a_text_of_the_other_form_is_recognised() {
        let kinds = |text, format| check(text, format).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert!(kinds(r#"{"r.io":{}}"#, Format::DockerConfigJson).contains(&AdviceKind::OtherFormat));
        assert!(kinds(r#"{"auths":{"r.io":{}}}"#, Format::DockerCfg).contains(&AdviceKind::OtherFormat));
        assert_eq!(kinds(r#"{"auths":{"r.io":{}}}"#, Format::DockerConfigJson), []);
    }

    #[test]
    fn an_entry_that_is_replaced_is_pointed_at() {
        let text = r#"{"auths":{"r.io":{},"r.io":{}}}"#;
        assert_eq!(
            check(text, Format::DockerConfigJson),
            [(AdviceKind::Replaced, "This entry for `r.io` does not count: a later one replaces it.".to_owned())]
        );
    }
}
