//! The answer for one container in one sentence: what a tired engineer reads first.

use crate::credentials::keyring::{Lookup, Source};
use crate::credentials::secrets::{PullSecret, SecretState};
use crate::image::{InvalidReference, PullPolicy, Reference};
use crate::report::{Tone, Verdict};
use crate::trace::Written;

/// What the sentence is made from.
pub(crate) struct Facts<'a> {
    /// The image as written.
    pub image: Option<&'a Written<String>>,
    /// What its name means.
    pub reference: Option<&'a Result<Reference, InvalidReference>>,
    /// The pull policy.
    pub policy: &'a PullPolicy,
    /// The credentials that match.
    pub lookup: Option<&'a Lookup>,
    /// The pod's pull secrets.
    pub pull_secrets: &'a [PullSecret],
    /// Whether a node's file was given that the kubelet does not read.
    pub node_file_unread: bool,
    /// Whether the kubelet lets a pod use an image on the node only if the pod's credentials could have pulled it.
    pub verifies: bool,
}

impl Facts<'_> {
    /// The sentence and its tone.
    pub fn verdict(&self) -> Verdict {
        let fails = |text: String| Verdict { tone: Tone::Fails, text };
        let image = self.image.map_or("", |image| &image.value);
        if image.is_empty() {
            return fails("No image is written, so the API server refuses it.".to_owned());
        }
        if let PullPolicy::Other(name) = self.policy {
            return fails(format!("`{name}` is no pull policy, so the API server refuses it."));
        }
        if image.trim() != image {
            return fails(format!("`{image}` has white space around it, so the API server refuses the pod."));
        }
        let Some(Ok(_)) = self.reference else {
            return fails(format!(
                "`{image}` is no image name: it is accepted, and its container then waits with InvalidImageName."
            ));
        };
        let when = match self.policy {
            PullPolicy::Always => "is pulled at every start",
            PullPolicy::Never => {
                let free = if self.verifies { " and free for this pod" } else { "" };
                let text =
                    format!("`{image}` is never pulled: it must already be on the node{free}, or ErrImageNeverPull.");
                return Verdict { tone: Tone::Look, text };
            }
            _ if self.verifies => {
                "is pulled if the node does not have it, or has it through credentials that this pod lacks"
            }
            _ => "is pulled if the node does not have it",
        };
        let (tone, how) = self.credentials();
        let how = if tone == Tone::Look {
            format!("{how}; a private image ends in ErrImagePull and ImagePullBackOff")
        } else {
            how
        };
        Verdict { tone, text: format!("`{image}` {when} ({}), {how}.", self.policy) }
    }

    fn credentials(&self) -> (Tone, String) {
        let Some(lookup) = self.lookup else { return (Tone::Fine, "without credentials".to_owned()) };
        if lookup.blocked.is_some() {
            let named = self.pull_secrets.iter().find(|secret| secret.is_malformed());
            let name = named.map_or("", |secret| &secret.name);
            let text = format!("but every pull fails before it starts: the Secret `{name}` cannot be read");
            return (Tone::Fails, text);
        }
        let count = lookup.attempts().count();
        let Some(first) = lookup.attempts().next() else { return self.anonymous(lookup) };
        let source = match &first.source {
            Source::Secret { name, .. } => format!("the Secret `{name}`"),
            Source::NodeFile => "the node's file".to_owned(),
            Source::Provider { name, .. } => format!("the credential provider `{name}`"),
        };
        let key = &first.written;
        if lookup.attempts().all(|attempt| attempt.credential.is_empty()) {
            return (
                Tone::Look,
                format!("with the entry for `{key}` of {source}, which has neither user nor password"),
            );
        }
        match count {
            1 => (Tone::Fine, format!("with the credential for `{key}` of {source}")),
            _ => (Tone::Fine, format!("with {count} credentials in turn, first the one for `{key}` of {source}")),
        }
    }

    /// Why nothing matched: no credential was meant to, or one was and does not.
    fn anonymous(&self, lookup: &Lookup) -> (Tone, String) {
        let unused = self.pull_secrets.iter().find(|secret| !matches!(secret.state, SecretState::Used(_)));
        match (unused, lookup.cells.len()) {
            (Some(secret), 0) => {
                let why = match secret.state {
                    SecretState::Missing => "is not there",
                    SecretState::WrongType => "is of another type",
                    SecretState::NoData => "holds no credentials",
                    SecretState::Refused => "cannot be stored",
                    _ => "is passed over",
                };
                (Tone::Look, format!("without credentials: the pull secret `{}` {why}", secret.name))
            }
            (None, 0) if self.node_file_unread => {
                (Tone::Look, "without credentials: the node's file is there and not used".to_owned())
            }
            (None, 0) => (Tone::Fine, "without credentials".to_owned()),
            (_, 1) => (Tone::Look, "without credentials: the only key that is given does not match".to_owned()),
            (_, keys) => (Tone::Look, format!("without credentials: none of the {keys} keys that are given matches")),
        }
    }
}
