//! Variables with their values and where these come from.

use crate::rule::environment::SERVICE_VARIABLES;
use crate::trace::Step;
use podwhy_source::Span;
use serde::{Serialize, Serializer};
use std::fmt;

/// A text that may hold a secret (what a Secret holds, or what the variable's name says to be one), and parts that nobody knows before the container starts. Neither `Debug`
/// nor serialising shows a Secret's text.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvValue {
    text: String,
    secret: bool,
    later: bool,
}

/// What stands for a Secret's text.
const MASK: &str = "••••";

impl EnvValue {
    /// A text that may be shown.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, false)
    }

    /// A text; `secret` says that some of it is a secret.
    #[must_use]
    pub fn new(text: impl Into<String>, secret: bool) -> Self {
        Self { text: text.into(), secret, later: false }
    }

    /// A text with parts that are known only when the container starts: each stands as [`placeholder`] makes it.
    #[must_use]
    pub fn later(text: impl Into<String>) -> Self {
        Self { text: text.into(), secret: false, later: true }
    }

    /// The same text, where `also` says that parts of it are known only when the container starts.
    #[must_use]
    pub fn or_later(mut self, also: bool) -> Self {
        self.later |= also;
        self
    }

    /// The same text, where `also` says that some of it is a secret; an empty one is none.
    #[must_use]
    pub fn or_secret(mut self, also: bool) -> Self {
        self.secret |= also && !self.text.is_empty();
        self
    }

    /// Whether some of it is known only when the container starts.
    #[must_use]
    pub fn is_later(&self) -> bool {
        self.later
    }

    /// Whether some of it is a secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// The text itself, for the container; show it only to somebody who asked for this very value.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The text, or dots in place of a secret one.
    #[must_use]
    pub fn masked(&self) -> &str {
        if self.secret { MASK } else { &self.text }
    }
}

/// Bytes as a text: each byte that is no UTF-8 becomes a replacement character of its own, as Go shows it.
pub(super) fn go_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// What stands in a text for something that is known only when the container starts.
#[must_use]
pub fn placeholder(what: &str) -> String {
    format!("‹{what}›")
}

/// Whether a text is nothing but what [`placeholder`] makes.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    text.starts_with('‹') && text.ends_with('›')
}

impl fmt::Debug for EnvValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

impl Serialize for EnvValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.masked())
    }
}

/// What gives a variable its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Source {
    /// `value`.
    Value,
    /// A key of a ConfigMap.
    ConfigMap {
        /// The ConfigMap.
        name: String,
        /// The key.
        key: String,
        /// Whether all of the ConfigMap's keys become variables.
        whole: bool,
    },
    /// A key of a Secret.
    Secret {
        /// The Secret.
        name: String,
        /// The key.
        key: String,
        /// Whether all of the Secret's keys become variables.
        whole: bool,
    },
    /// A field of the pod.
    Field {
        /// Its path.
        path: String,
    },
    /// An amount of a container.
    Resource {
        /// The container.
        container: String,
        /// The amount, such as `limits.cpu`.
        resource: String,
    },
    /// A key in a file that another container writes.
    File {
        /// The volume.
        volume: String,
        /// The file in it.
        path: String,
        /// The key in the file.
        key: String,
    },
    /// A service.
    Service {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// `valueFrom` without a source.
    Nothing,
}

impl Source {
    /// The source in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Value => "the value that is written".to_owned(),
            Self::ConfigMap { name, key, .. } => format!("key `{key}` of ConfigMap `{name}`"),
            Self::Secret { name, key, .. } => format!("key `{key}` of Secret `{name}`"),
            Self::Field { path } => format!("the pod's field {path}"),
            Self::Resource { container, resource } => format!("{resource} of container `{container}`"),
            Self::File { volume, path, key } => format!("key `{key}` in the file {path} of volume `{volume}`"),
            Self::Service { namespace, name } => format!("Service `{name}` in namespace `{namespace}`"),
            Self::Nothing => "a valueFrom that names no source".to_owned(),
        }
    }
}

/// A value that lost to a later one of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overridden {
    /// What would have given the value.
    pub source: Source,
    /// Where it stands.
    pub span: Span,
}

/// A variable of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: EnvValue,
    /// Whether some of the value is known only when the container starts; those parts stand between `‹` and `›`.
    #[serde(skip_serializing_if = "is_false")]
    pub later: bool,
    /// Whether the value is only taken for granted: what it comes from is not given.
    #[serde(skip_serializing_if = "is_false")]
    pub assumed: bool,
    /// Values that the kubelet may give as well, by chance: several services define the name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_values: Vec<String>,
    /// What gives the value.
    pub source: Source,
    /// Where it is asked for: the entry of `env` or `envFrom`, or the service.
    pub span: Span,
    /// Where the value itself stands, if it is written somewhere.
    pub value_span: Option<Span>,
    /// What it replaced, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Overridden>,
    /// Names in `$(…)` that nothing defines, so that they stay as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unresolved: Vec<String>,
    /// How it came about. It is not written out where the source says it all: of hundreds of services, many times over.
    #[serde(skip_serializing_if = "says_no_more")]
    pub trace: Vec<Step>,
}

#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !*value
}

fn says_no_more(trace: &[Step]) -> bool {
    trace.iter().all(|step| step.rule.id == SERVICE_VARIABLES.id)
}
