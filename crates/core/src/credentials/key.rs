//! One key of a configuration, cut down to what counts: `BasicDockerKeyring.Add` of
//! pkg/credentialprovider/keyring.go.

use crate::credentials::advice::{self, Advice};
use crate::credentials::docker_config::{ConfigEntry, Credential, masked_key};
use crate::credentials::go_url;
use crate::credentials::url_match::shown;
use crate::rule::credentials as rules;
use crate::trace::{Mark, Step};
use podwhy_source::Span;
use serde::Serialize;

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A pull secret.
    Secret {
        /// Its position in the list of pull secrets, from 0.
        position: usize,
        /// Its name.
        name: String,
    },
    /// The node's file.
    NodeFile,
    /// The answer of a credential provider plug-in.
    Provider {
        /// Its position in the order in which providers are asked, from 0.
        position: usize,
        /// Its name.
        name: String,
    },
}

/// A key, cut down to what counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Where it comes from.
    pub source: Source,
    /// As written, with a password before its `@` masked.
    pub written: String,
    /// Where it stands.
    pub span: Span,
    /// Host and path that count, for display; `None` if the key is invalid and dropped.
    pub normalised: Option<String>,
    /// How it was cut down, or why it was dropped.
    pub trace: Vec<Step>,
    /// What is worth knowing about this key whatever the image.
    pub advice: Vec<Advice>,
    /// What the registry is given.
    pub credential: Credential,
    /// The bytes by which keys are sorted and compared.
    #[serde(skip)]
    pub(super) index: Option<Vec<u8>>,
}

impl Key {
    /// `BasicDockerKeyring.Add`: drops the scheme, a leading /v1/ or /v2/ and a lone slash; what is no URL is dropped.
    pub(super) fn new(source: Source, entry: &ConfigEntry) -> Self {
        let written = entry.key.as_str();
        let mut key = Self {
            source,
            written: masked_key(written),
            span: entry.key_span,
            normalised: None,
            trace: Vec::new(),
            advice: Vec::new(),
            credential: entry.credential.clone(),
            index: None,
        };
        let note = |finding: String| Step::new(&rules::KEY_NORMALISED, Mark::Note, finding).at(entry.key_span);
        let scheme = ["https://", "http://"].into_iter().find(|scheme| written.starts_with(scheme));
        let rest = scheme.and_then(|scheme| written.strip_prefix(scheme)).unwrap_or(written);
        if let Some(scheme) = scheme {
            key.trace.push(note(format!("`{scheme}` is dropped.")));
        }
        let url = match go_url::parse(rest.as_bytes()) {
            Ok(url) => url,
            Err(error) => {
                let finding = format!(
                    "`{}` is no host with a path: {error}. The kubelet drops this entry.",
                    shown(key.written.as_bytes())
                );
                key.trace.push(Step::new(&rules::KEY_INVALID, Mark::No, finding).at(entry.key_span));
                key.advice = advice::of_key(&key, None, b"", b"");
                return key;
            }
        };
        if url.had_user {
            key.trace.push(note("What stands before `@` is dropped.".to_owned()));
        }
        if url.had_query {
            key.trace.push(note("Everything from `?` or `#` on is dropped: a URL's query begins there.".to_owned()));
        }
        let mut path = url.path.as_slice();
        for version in ["/v2", "/v1"] {
            // The slash after the version must be there, and stays: a lone `/v1` is an ordinary path.
            if let Some(rest) = url.path.strip_prefix(version.as_bytes()).filter(|rest| rest.starts_with(b"/")) {
                key.trace.push(note(format!("`{version}` at the beginning of the path is dropped.")));
                path = rest;
            }
        }
        if path == b"/" {
            path = b"";
        }
        let index = [url.host.as_slice(), path].concat();
        let normalised = shown(&index);
        if index != written.as_bytes() {
            key.trace.push(note(format!("The key counts as `{normalised}`.")));
        }
        key.advice = advice::of_key(&key, Some(&url), &url.host, path);
        key.normalised = Some(normalised);
        key.index = Some(index);
        key
    }
}
