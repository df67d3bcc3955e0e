//! Image references: what a name stands for, and why another one stands for nothing.
//!
//! Upstream: distribution's reference library (`ParseNormalizedNamed`), pkg/util/parsers `ParseImageName` and the
//! kubelet's `applyDefaultImageTag`.

use super::grammar::{self, DigestProblem, Mismatch, Parts};
pub use super::invalid::{InvalidReference, MAX_NAME, Problem};
use crate::release::{Release, Since};
use crate::rule::image as rules;
use crate::trace::{Change, Decision, Mark, Step, Written};
use podwhy_source::Span;
use serde::Serialize;
use std::ops::Range;

const DOCKER_HUB: &str = "docker.io";
const DOCKER_INDEX: &str = "index.docker.io";
const LIBRARY: &str = "library/";
/// The tag of a reference that has neither tag nor digest.
pub const DEFAULT_TAG: &str = "latest";

/// The library that reads image names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Grammar {
    /// github.com/docker/distribution, the older one.
    DockerDistribution,
    /// github.com/distribution/reference, the newer one.
    DistributionReference,
}

impl Grammar {
    /// The library that the components of a release are built with.
    #[must_use]
    pub fn of(release: Release) -> Self {
        if rules::NEWER_GRAMMAR.since.is_some_and(|since| since.holds_in(release)) {
            Self::DistributionReference
        } else {
            Self::DockerDistribution
        }
    }
}

/// A kind of part of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The registry's host, with its port.
    Registry,
    /// The repository's path in the registry.
    Path,
    /// The tag.
    Tag,
    /// The digest.
    Digest,
}

impl Kind {
    /// The part in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Path => "path",
            Self::Tag => "tag",
            Self::Digest => "digest",
        }
    }
}

/// A part of a reference: its value, and the bytes of the written image that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The value that counts, such as `docker.io` or `library/nginx`.
    pub value: String,
    /// Which bytes of the image as written say so; `None` for a part that is implied.
    pub written: Option<Range<usize>>,
}

impl Part {
    /// Whether nothing that is written says so.
    #[must_use]
    pub fn is_implied(&self) -> bool {
        self.written.is_none()
    }
}

/// A valid image reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The image as written.
    pub image: String,
    /// The registry: `docker.io` where none is written, and for `index.docker.io`. Empty in the odd case that the
    /// first component looked like a registry and is none (`a_b.c/d`): the path then holds everything.
    pub registry: Part,
    /// The path in the registry, with `library/` where that is implied. The written range leaves `library/` out.
    pub path: Part,
    /// Whether `library/` was put before the path.
    pub library_implied: bool,
    /// The tag: `latest` where neither tag nor digest is written, `None` where only a digest is.
    pub tag: Option<Part>,
    /// The digest, with its algorithm.
    pub digest: Option<Part>,
}

impl Reference {
    /// The normalised name without tag and digest, which credentials are looked up with.
    #[must_use]
    pub fn name(&self) -> String {
        if self.registry.value.is_empty() {
            self.path.value.clone()
        } else {
            format!("{}/{}", self.registry.value, self.path.value)
        }
    }

    /// The short name without tag and digest: `docker.io` and `library/` are left out.
    #[must_use]
    pub fn familiar(&self) -> String {
        if self.registry.value != DOCKER_HUB {
            return self.name();
        }
        let official = self.path.value.strip_prefix(LIBRARY).filter(|path| !path.contains('/'));
        official.unwrap_or(&self.path.value).to_owned()
    }

    /// The short name with the tag and the digest that are written.
    #[must_use]
    pub fn familiar_string(&self) -> String {
        let mut name = self.familiar();
        if let Some(tag) = self.tag.as_ref().filter(|tag| !tag.is_implied()) {
            name.push(':');
            name.push_str(&tag.value);
        }
        if let Some(digest) = &self.digest {
            name.push('@');
            name.push_str(&digest.value);
        }
        name
    }

    /// What the kubelet asks the container runtime for: the image as written, and `:latest` behind it when it has
    /// neither tag nor digest. Upstream: pkg/kubelet/images/image_manager.go applyDefaultImageTag.
    #[must_use]
    pub fn pulled_as(&self) -> String {
        match &self.tag {
            Some(tag) if tag.is_implied() => format!("{}:{}", self.image, tag.value),
            _ => self.image.clone(),
        }
    }
}

/// Reads an image reference as the given library does.
///
/// # Errors
/// Why the library refuses the text.
pub fn parse(image: &str, grammar: Grammar) -> Result<Reference, InvalidReference> {
    let refuse = |problem, place| Err(InvalidReference { image: image.to_owned(), grammar, problem, place });
    if image.len() == 64 && image.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return refuse(Problem::Hexadecimal, None);
    }
    let (written_registry, rest) = split_registry(image, grammar);
    let registry = written_registry.filter(|name| *name != DOCKER_INDEX).unwrap_or(DOCKER_HUB);
    let library_implied = registry == DOCKER_HUB && !rest.contains('/');
    let library = if library_implied { LIBRARY } else { "" };

    let remote = format!("{library}{}", rest.split_once(':').map_or(rest, |(remote, _)| remote));
    let rest_at = image.len() - rest.len();
    if !grammar::is_lower(&remote) {
        let end = rest_at + rest.find(':').unwrap_or(rest.len());
        return refuse(Problem::UppercasePath(remote), Some(rest_at..end));
    }

    // The written text is the full one without what is implied: so a place in the one becomes a place in the other.
    let full = format!("{registry}/{library}{rest}");
    let implied = registry.len() + 1 + library.len();
    let written_at = |at: usize| match written_registry {
        Some(name) if at <= registry.len() => at.min(name.len()),
        _ => rest_at + at.saturating_sub(implied),
    };
    let written = |range: &Range<usize>| written_at(range.start)..written_at(range.end);
    let Parts { registry: registry_range, path, tag, digest } = match grammar::split(&full, grammar) {
        Ok(parts) => parts,
        Err(Mismatch { .. }) if grammar::split(&grammar::to_lower(&full), grammar).is_ok() => {
            return refuse(Problem::UppercaseName, None);
        }
        Err(Mismatch { kind, range }) => return refuse(Problem::Malformed(kind), Some(written(&range))),
    };
    let counted = match grammar {
        Grammar::DockerDistribution => path.end,
        Grammar::DistributionReference => path.len(),
    };
    if counted > MAX_NAME {
        return refuse(Problem::TooLong, Some(written(&path)));
    }
    let value = |range: &Range<usize>| full.get(range.clone()).unwrap_or_default().to_owned();
    let part = |range: Range<usize>| Part { value: value(&range), written: Some(written(&range)) };
    if let Some(range) = &digest
        && let Err(problem) = grammar::check_digest(&value(range))
    {
        let problem = match problem {
            DigestProblem::Format => Problem::DigestCase,
            DigestProblem::Length => Problem::DigestLength,
            DigestProblem::Unsupported => Problem::DigestAlgorithm,
        };
        return refuse(problem, Some(written(range)));
    }
    let implied_tag = digest.is_none().then(|| Part { value: DEFAULT_TAG.to_owned(), written: None });
    Ok(Reference {
        image: image.to_owned(),
        path: part(path),
        registry: Part {
            value: value(&registry_range),
            written: written_registry.filter(|_| !registry_range.is_empty()).map(|name| 0..name.len()),
        },
        library_implied,
        tag: tag.map(part).or(implied_tag),
        digest: digest.map(part),
    })
}

/// What is written as the registry, if anything is, and the text behind it. Upstream: splitDockerDomain.
fn split_registry(image: &str, grammar: Grammar) -> (Option<&str>, &str) {
    match image.split_once('/') {
        Some((first, rest)) if names_registry(first, grammar) => (Some(first), rest),
        _ => (None, image),
    }
}

fn names_registry(first: &str, grammar: Grammar) -> bool {
    let in_upper_case = || grammar == Grammar::DistributionReference && !grammar::is_lower(first);
    first.contains(['.', ':']) || first == "localhost" || in_upper_case()
}

/// Where a range of a written text stands in its document, as far as that can be told without the document: a scalar
/// with escapes or line breaks gives the whole value's place.
#[must_use]
pub fn sub_span(text: &Written<String>, range: &Range<usize>) -> Span {
    let span = text.span;
    let quotes = match (span.end as usize).saturating_sub(span.start as usize).checked_sub(text.value.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return span,
    };
    let start = span.start as usize + quotes;
    Span::new(span.input, start + range.start, start + range.end)
}

/// Reads a container's or volume's image as the components of `release` do, with a step for each part.
#[must_use]
pub fn read(image: &Written<String>, release: Release) -> Decision<Result<Reference, InvalidReference>> {
    let outcome = parse(&image.value, Grammar::of(release));
    let mut trace = match &outcome {
        Ok(reference) => steps(reference, image),
        Err(error) => {
            let place = error.place.as_ref().map_or(image.span, |place| sub_span(image, place));
            vec![
                Step::new(&rules::INVALID_NAME, Mark::No, format!("`{}` is no image name: {error}.", image.value))
                    .at(place),
            ]
        }
    };
    trace.extend(unverified(image, release));
    Decision { outcome, trace }
}

/// Says so where it is not known which of two answers the release gives.
fn unverified(image: &Written<String>, release: Release) -> Option<Step> {
    let Since::Between { after, by } = rules::NEWER_GRAMMAR.since.filter(|since| since.is_unverified_in(release))?
    else {
        return None;
    };
    let older = parse(&image.value, Grammar::DockerDistribution);
    let newer = parse(&image.value, Grammar::DistributionReference);
    if older.is_err() && newer.is_err() || older == newer {
        return None;
    }
    let finding = format!(
        "Whether {release} reads this name as {after} or as {by} does is not verified; the answer here is that of {after}."
    );
    Some(Step::new(&rules::NEWER_GRAMMAR, Mark::Note, finding).at(image.span))
}

fn steps(reference: &Reference, image: &Written<String>) -> Vec<Step> {
    let place = |part: &Part| part.written.as_ref().map_or(image.span, |range| sub_span(image, range));
    let registry = &reference.registry.value;
    let first = image.value.split('/').next().unwrap_or_default();
    let mut steps = vec![
        match (&reference.registry.written, registry.as_str()) {
            (Some(_), DOCKER_HUB) if first == DOCKER_INDEX => {
                Step::new(&rules::REGISTRY_PART, Mark::Note, "`index.docker.io` is the old name of `docker.io`.")
            }
            (Some(_), _) => Step::new(&rules::REGISTRY_PART, Mark::Note, format!("The registry is `{registry}`.")),
            (None, "") => {
                let finding =
                    format!("`{first}` is no host name, so it counts as part of the path and no registry is named.");
                Step::new(&rules::REGISTRY_PART, Mark::Note, finding)
            }
            (None, _) if image.value.contains('/') => {
                let finding = format!(
                    "`{first}` has no dot and no port, so it is part of the path and the registry is `docker.io`."
                );
                Step::new(&rules::REGISTRY_PART, Mark::Note, finding)
            }
            (None, _) => Step::new(&rules::REGISTRY_PART, Mark::Note, "No registry is written, so it is `docker.io`."),
        }
        .at(place(&reference.registry)),
    ];
    if reference.library_implied {
        let finding = format!("The path is one word, so it becomes `{}`.", reference.path.value);
        steps.push(Step::new(&rules::LIBRARY_PART, Mark::Note, finding).at(place(&reference.path)));
    }
    steps.push(match (&reference.tag, &reference.digest) {
        (Some(tag), _) if tag.is_implied() => {
            let finding =
                format!("It has neither tag nor digest, so the runtime is asked for `{}`.", reference.pulled_as());
            Step::new(&rules::TAG_PART, Mark::Note, finding).at(image.span)
        }
        (Some(tag), Some(digest)) => {
            let finding = format!("The tag is `{}`, and the digest says which content is meant.", tag.value);
            Step::new(&rules::TAG_PART, Mark::Note, finding).at(place(tag)).because(place(digest))
        }
        (Some(tag), None) => {
            Step::new(&rules::TAG_PART, Mark::Note, format!("The tag is `{}`.", tag.value)).at(place(tag))
        }
        (None, digest) => {
            let at = digest.as_ref().map_or(image.span, place);
            Step::new(&rules::TAG_PART, Mark::Note, "Only a digest is written, so there is no tag, not even `latest`.")
                .at(at)
        }
    });
    steps
}

/// Where the two libraries answer otherwise: whether the name is valid, what it stands for, or the error's text.
#[must_use]
pub fn change(image: &str) -> Option<Change> {
    let since = rules::NEWER_GRAMMAR.since?;
    let before = parse(image, Grammar::DockerDistribution);
    let after = parse(image, Grammar::DistributionReference);
    // Two refusals may differ in nothing but what the kubelet writes around the library's error.
    let both_refuse = before.is_err() && after.is_err();
    let words = |outcome: &Result<Reference, InvalidReference>| match outcome {
        Ok(reference) => format!("`{image}` is accepted and stands for `{}`", reference.name()),
        Err(error) if both_refuse => format!("`{image}` is refused: {}", error.kubelet_error()),
        Err(error) => format!("`{image}` is refused: {}", error.reference_error()),
    };
    let same = match (&before, &after) {
        (Ok(before), Ok(after)) => before == after,
        (Err(before), Err(after)) => before.kubelet_error() == after.kubelet_error(),
        _ => false,
    };
    (!same).then(|| Change { since, before: words(&before), after: words(&after) })
}

#[cfg(test)]
mod tests;
