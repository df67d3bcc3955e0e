//! Why a text is no image reference, in the words of the libraries and in plain ones.

use super::reference::{Grammar, Kind};
use crate::quote::quote;
use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// How many characters a repository's name may have.
pub const MAX_NAME: usize = 255;

/// Why a text is no image reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The whole text is 64 hexadecimal digits, which looks like an image's ID.
    Hexadecimal,
    /// The path (with `library/` where that is implied) holds upper-case letters.
    UppercasePath(String),
    /// The name would be valid in lower case.
    UppercaseName,
    /// A part does not follow the grammar.
    Malformed(Kind),
    /// The name is longer than 255 characters.
    TooLong,
    /// The digest's algorithm is not known.
    DigestAlgorithm,
    /// The digest has not as many digits as its algorithm gives.
    DigestLength,
    /// The digest has upper-case letters.
    DigestCase,
}

/// A text that is no image reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvalidReference {
    /// The image as written.
    pub image: String,
    /// The library that refused it.
    pub grammar: Grammar,
    /// Why.
    pub problem: Problem,
    /// The bytes of the image as written that break the rule; `None` when it is the whole.
    pub place: Option<Range<usize>>,
}

impl InvalidReference {
    /// The library's own error.
    #[must_use]
    pub fn reference_error(&self) -> String {
        match (&self.problem, self.grammar) {
            (Problem::Hexadecimal, _) => {
                format!("invalid repository name ({}), cannot specify 64-byte hexadecimal strings", self.image)
            }
            (Problem::UppercasePath(_), Grammar::DockerDistribution) => {
                "invalid reference format: repository name must be lowercase".to_owned()
            }
            (Problem::UppercasePath(path), Grammar::DistributionReference) => {
                format!("invalid reference format: repository name ({path}) must be lowercase")
            }
            (Problem::UppercaseName, _) => "repository name must be lowercase".to_owned(),
            (Problem::Malformed(_), _) => "invalid reference format".to_owned(),
            (Problem::TooLong, _) => format!("repository name must not be more than {MAX_NAME} characters"),
            (Problem::DigestAlgorithm, _) => "unsupported digest algorithm".to_owned(),
            (Problem::DigestLength, _) => "invalid checksum digest length".to_owned(),
            (Problem::DigestCase, _) => "invalid checksum digest format".to_owned(),
        }
    }

    /// The error of pkg/util/parsers ParseImageName.
    #[must_use]
    pub fn error(&self) -> String {
        let error = self.reference_error();
        match self.grammar {
            Grammar::DockerDistribution => format!("couldn't parse image name: {error}"),
            Grammar::DistributionReference => format!("couldn't parse image name {}: {error}", quote(&self.image)),
        }
    }

    /// The error of the kubelet's applyDefaultImageTag, which stands in the pod's events behind
    /// `Failed to apply default image tag "<image>": `.
    #[must_use]
    pub fn kubelet_error(&self) -> String {
        let what = match self.grammar {
            Grammar::DockerDistribution => "reference",
            Grammar::DistributionReference => "name",
        };
        format!("couldn't parse image {what} {}: {}", quote(&self.image), self.reference_error())
    }
}

/// Why the name is refused, in plain words that finish the sentence "`x` is no image name: ...".
impl fmt::Display for InvalidReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Hexadecimal => {
                write!(f, "64 hexadecimal digits alone are an image's ID and not a name")
            }
            Problem::UppercasePath(_) | Problem::UppercaseName => {
                write!(f, "the repository's name holds upper-case letters")
            }
            Problem::Malformed(_) if self.image.is_empty() => write!(f, "it is empty"),
            Problem::Malformed(_) if self.image.contains(char::is_whitespace) => write!(f, "it contains white space"),
            Problem::Malformed(_) if self.image.contains("://") => {
                write!(f, "it begins with a scheme such as `https://`, which image names do not have")
            }
            Problem::Malformed(kind) => {
                let part = self.place.clone().and_then(|place| self.image.get(place)).unwrap_or_default();
                match (kind, part) {
                    (Kind::Path, "") => write!(f, "the path is empty"),
                    (Kind::Tag, "") => write!(f, "a tag is announced by `:` and empty"),
                    (Kind::Tag, tag) if tag.len() > 128 => {
                        write!(f, "the tag has {} characters, and 128 are allowed", tag.chars().count())
                    }
                    (Kind::Digest, "") => write!(f, "a digest is announced by `@` and empty"),
                    (kind, part) => write!(f, "`{part}` is no valid {}", kind.words()),
                }
            }
            Problem::TooLong => write!(f, "the repository's name has more than {MAX_NAME} characters"),
            Problem::DigestAlgorithm => write!(f, "only digests of sha256, sha384 and sha512 are known"),
            Problem::DigestLength => write!(f, "the digest has not as many digits as its algorithm gives"),
            Problem::DigestCase => write!(f, "a digest is written in lower case"),
        }
    }
}
