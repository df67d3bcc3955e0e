//! Which of a pod's pull secrets count: `getPullSecretsForPod` of pkg/kubelet/kubelet_pods.go, and
//! `MakeDockerKeyring` of pkg/credentialprovider/secrets/secrets.go.

use crate::api::Secret;
use crate::api::secret::SecretValue;
use crate::credentials::docker_config::{self, ConfigError, DockerConfig, Format};
use crate::rule::{DocNote, credentials as rules};
use crate::trace::{Mark, Step, Written};
use podwhy_source::Span;
use podwhy_source::json::Place;
use serde::Serialize;

/// One element of the pod's `imagePullSecrets`, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullSecret {
    /// The name in the list.
    pub name: String,
    /// The namespace in which it is looked for: the pod's.
    pub namespace: String,
    /// The place of the Secret itself, if it is there.
    pub secret: Option<Span>,
    /// What it gives.
    pub state: SecretState,
    /// Why.
    pub reason: Step,
}

/// What a pull secret gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretState {
    /// Its credentials count.
    Used(DockerConfig),
    /// It cannot be read, and so the kubelet pulls no image of this pod.
    Malformed(ConfigError),
    /// It is of another type.
    WrongType,
    /// It has no data under the key of its type.
    NoData,
    /// The API server would not have stored it.
    Refused,
    /// There is no such Secret in the pod's namespace.
    Missing,
    /// The element has no name.
    NoName,
}

impl PullSecret {
    /// Its credentials, if they count.
    #[must_use]
    pub fn config(&self) -> Option<&DockerConfig> {
        match &self.state {
            SecretState::Used(config) => Some(config),
            _ => None,
        }
    }

    /// The documentation's claim that does not hold for it.
    #[must_use]
    pub fn note(&self) -> Option<&'static DocNote> {
        let bears = matches!(self.state, SecretState::WrongType | SecretState::NoData | SecretState::Malformed(_));
        bears.then_some(&rules::NOTE_SECRET_TYPE)
    }

    /// Whether it fails every pull of the pod.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        matches!(self.state, SecretState::Malformed(_))
    }
}

/// Looks up the pull secrets of a pod in `namespace` among the Secrets that were given. Of two Secrets of one name
/// the later counts, as when the documents are applied in order.
#[must_use]
pub fn resolve(references: &[Written<String>], namespace: &str, secrets: &[Secret]) -> Vec<PullSecret> {
    references.iter().map(|reference| resolve_one(reference, namespace, secrets)).collect()
}

fn resolve_one(reference: &Written<String>, namespace: &str, secrets: &[Secret]) -> PullSecret {
    let name = &reference.value;
    let found = |state, reason: Step, secret| PullSecret {
        name: name.clone(),
        namespace: namespace.to_owned(),
        secret,
        state,
        reason: reason.at(reference.span),
    };
    if name.is_empty() {
        let finding = "This element of imagePullSecrets has no name, so the kubelet passes it over.";
        return found(SecretState::NoName, Step::new(&rules::SECRET_NAME_EMPTY, Mark::Note, finding), None);
    }
    let mut named = secrets.iter().rev().filter(|secret| secret.name == *name);
    if let Some(secret) = named.clone().find(|secret| secret.namespace == namespace) {
        let (state, reason) = read(secret);
        return found(state, reason.because(secret.span), Some(secret.span));
    }
    let elsewhere = named.next();
    let finding = match elsewhere {
        Some(secret) => format!(
            "The Secret `{name}` is in the namespace `{}`, the pod in `{namespace}`; the kubelet looks only there and pulls without it.",
            secret.namespace
        ),
        None => format!(
            "No Secret `{name}` of the namespace `{namespace}` is given; if it is missing in the cluster too, the kubelet pulls without it."
        ),
    };
    let reason = Step::new(&rules::SECRET_MISSING, Mark::No, finding).because(elsewhere.map(|secret| secret.span));
    found(SecretState::Missing, reason, None)
}

/// Whether a Secret counts as a pull secret, and what it gives.
#[must_use]
pub fn read(secret: &Secret) -> (SecretState, Step) {
    let name = &secret.name;
    if let Some(value) = secret.data.iter().find(|value| value.bytes.is_none()) {
        let finding = format!(
            "The value of `{}` in the Secret `{name}` is not base64, so the API server does not store this Secret.",
            value.key
        );
        return (SecretState::Refused, Step::new(&rules::SECRET_REFUSED, Mark::No, finding).because(value.span));
    }
    let Some(format) = Format::of_secret_type(secret.type_name()) else {
        let finding = format!(
            "The Secret `{name}` is of type `{}`; only kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg count, so it is passed over silently.",
            secret.type_name()
        );
        let span = secret.kind.as_ref().map(|kind| kind.span);
        return (SecretState::WrongType, Step::new(&rules::SECRET_TYPE, Mark::No, finding).because(span));
    };
    let Some((value, bytes)) = data_of(secret, format) else {
        let finding = format!(
            "The Secret `{name}` of type `{}` has nothing under `{}`, so it is passed over silently{}.",
            secret.type_name(),
            format.data_key(),
            if secret.value(format.data_key()).is_none() { "; the API server does not even store it" } else { "" },
        );
        let span = secret.data.first().map(|value| value.key_span);
        return (SecretState::NoData, Step::new(&rules::SECRET_KEY, Mark::No, finding).because(span));
    };
    // Plain text under stringData begins somewhere inside a quoted or indented text: its value is the nearest place.
    match docker_config::parse_bytes(bytes, format, Place::Inside(value.span)) {
        Ok(config) => {
            let count = config.entries.len();
            let entries = if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
            let finding = format!("The Secret `{name}` counts: its `{}` has {entries}.", format.data_key());
            (SecretState::Used(config), Step::new(&rules::SECRET_USED, Mark::Yes, finding).because(value.span))
        }
        Err(error) => {
            let stored =
                if error.not_an_object { " The API server refuses such a Secret; one stored before" } else { " It" };
            let finding =
                format!("The Secret `{name}` cannot be read. {}{stored} fails every pull of the pod.", error.message);
            let step = Step::new(&rules::SECRET_MALFORMED, Mark::No, finding).because(error.span);
            (SecretState::Malformed(error), step)
        }
    }
}

/// The value that belongs to the format, unless it is missing or empty.
fn data_of(secret: &Secret, format: Format) -> Option<(&SecretValue, &[u8])> {
    let value = secret.value(format.data_key())?;
    Some((value, value.bytes.as_deref().filter(|bytes| !bytes.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Object;
    use podwhy_source::InputId;
    use podwhy_source::json::parse;

    fn secret(text: &str) -> Secret {
        Secret::read(&Object::read(parse(text, Place::Within(InputId(0), 0)).unwrap()))
    }

    fn reference(name: &str) -> Written<String> {
        Written { value: name.to_owned(), span: Span::new(InputId(0), 0, 1) }
    }

    fn check(name: &str, secrets: &[&str]) -> PullSecret {
        let secrets: Vec<_> = secrets.iter().map(|text| secret(text)).collect();
        resolve(&[reference(name)], "default", &secrets).remove(0)
    }

    const GOOD: &str = r#"{"metadata":{"name":"s"},"type":"kubernetes.io/dockerconfigjson","stringData":{".dockerconfigjson":"{\"auths\":{\"r.io\":{}}}"}}"#;

    #[test]
    fn a_secret_of_the_right_type_counts() {
        let used = check("s", &[GOOD]);
        assert_eq!(used.config().unwrap().entries[0].key, "r.io");
        assert_eq!(used.reason.finding, "The Secret `s` counts: its `.dockerconfigjson` has 1 entry.");
    }

    #[test]
    fn what_is_passed_over() {
        assert_eq!(check("", &[GOOD]).state, SecretState::NoName);
        assert_eq!(check("other", &[GOOD]).state, SecretState::Missing);
        let elsewhere = GOOD.replace("\"name\":\"s\"", "\"name\":\"s\",\"namespace\":\"team\"");
        let missing = check("s", &[&elsewhere]);
        assert_eq!(missing.state, SecretState::Missing);
        assert!(missing.reason.finding.contains("is in the namespace `team`, the pod in `default`"));
        assert_eq!(
            check("s", &[&GOOD.replace("kubernetes.io/dockerconfigjson", "Opaque")]).state,
            SecretState::WrongType
        );
        let crossed = GOOD.replace("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg");
        assert_eq!(check("s", &[&crossed]).state, SecretState::NoData);
        let refused = r#"{"metadata":{"name":"s"},"type":"kubernetes.io/dockercfg","data":{".dockercfg":"%"}}"#;
        assert_eq!(check("s", &[refused]).state, SecretState::Refused);
    }

    #[test]
    fn a_malformed_one_says_why_without_its_text() {
        let malformed = check("s", &[&GOOD.replace("{}", "{\\\"auth\\\":\\\"hidden%\\\"}")]);
        assert!(malformed.is_malformed());
        assert_eq!(
            malformed.reason.finding,
            "The Secret `s` cannot be read. `auth` of `r.io` is not base64. It fails every pull of the pod."
        );
    }

    #[test]
    fn of_two_secrets_of_one_name_the_later_counts() {
        let later = GOOD.replace("r.io", "later.io");
        assert_eq!(check("s", &[GOOD, &later]).config().unwrap().entries[0].key, "later.io");
    }
}
