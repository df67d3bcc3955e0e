//! One pull of an image: an attempt for each credential, and what is left of the errors when all fail.

use crate::credentials::docker_config::Credential;
use crate::credentials::keyring::Lookup;
use crate::pulls::manager::PullError;
use crate::release::Release;
use crate::rule::pulls as rules;
use crate::trace::{Mark, Step};

/// One call to the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What the registry is given; `None` is an anonymous pull.
    pub credential: Option<Credential>,
    /// The runtime's answer; an error is its text.
    pub result: Result<(), String>,
}

/// What came of the attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// In order, up to the first that succeeded.
    pub attempts: Vec<Attempt>,
    /// The joined error, if none succeeded.
    pub result: Result<(), PullError>,
    /// Why.
    pub trace: Vec<Step>,
}

/// Tries what the look-up found, one after another, until the registry answers one with the image.
///
/// Without a credential that matches there is one anonymous attempt; with any there is none. A malformed pull secret
/// ends it before the first attempt, with the error of reading it.
/// Source: pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage.
pub fn pull(lookup: &Lookup, mut registry: impl FnMut(Option<&Credential>) -> Result<(), String>) -> Attempts {
    let mut trace = Vec::new();
    if let Some(blocked) = &lookup.blocked {
        return Attempts {
            attempts: Vec::new(),
            result: Err(PullError::of(blocked.finding.clone())),
            trace: vec![blocked.clone()],
        };
    }
    let mut credentials: Vec<Option<Credential>> =
        lookup.attempts().map(|attempt| Some(attempt.credential.clone())).collect();
    if credentials.is_empty() {
        let finding = format!("No credential matches `{}`, so the image is pulled anonymously.", lookup.repository);
        trace.push(Step::new(&rules::ANONYMOUS_PULL, Mark::Note, finding));
        credentials.push(None);
    }
    let mut attempts = Vec::new();
    let mut errors = Vec::new();
    for (number, credential) in credentials.into_iter().enumerate() {
        let result = registry(credential.as_ref());
        let who =
            credential.as_ref().map_or_else(|| "no user".to_owned(), |found| format!("user `{}`", found.username));
        let (mark, how) = match &result {
            Ok(()) => (Mark::Yes, "gives the image".to_owned()),
            Err(error) => (Mark::No, format!("answers: {error}")),
        };
        let finding = format!("Attempt {} with {who}: the registry {how}.", number + 1);
        trace.push(Step::new(&rules::ATTEMPTS_IN_ORDER, mark, finding));
        attempts.push(Attempt { credential, result: result.clone() });
        match result {
            Ok(()) => return Attempts { attempts, result: Ok(()), trace },
            Err(error) => errors.push(error),
        }
    }
    let joined = join_errors(&errors);
    if joined.starts_with('[') && errors.len() > 1 {
        let finding = "The registry gave different errors, which are printed in brackets as one.";
        trace.push(Step::new(&rules::ERRORS_JOINED, Mark::Note, finding));
    }
    Attempts { attempts, result: Err(PullError::of(joined)), trace }
}

/// The text of the warning FailedToRetrieveImagePullSecret about pull secrets that are not there; the pull is made all
/// the same. `None` without such secrets, and in old releases, which only write a line into the kubelet's log.
///
/// Source: pkg/kubelet/kubelet_pods.go getPullSecretsForPod.
#[must_use]
pub fn missing_secrets_message(names: &[&str], release: Release) -> Option<String> {
    let told = !names.is_empty() && rules::MISSING_SECRETS_TOLD.holds_in(release);
    told.then(|| {
        let names = names.join(", ");
        format!("Unable to retrieve some image pull secrets ({names}); attempting to pull the image may not succeed.")
    })
}

/// Several errors as one text: one distinct text alone, else all of them in brackets without repeats.
///
/// Source: k8s.io/apimachinery/pkg/util/errors/errors.go aggregate.Error.
#[must_use]
pub fn join_errors(errors: &[String]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for error in errors {
        if !distinct.contains(&error.as_str()) {
            distinct.push(error);
        }
    }
    match distinct.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("[{}]", several.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_secrets_are_told_in_newer_releases() {
        let told = |names: &[&str], release| missing_secrets_message(names, release);
        assert!(told(&["a", "b"], Release::DEFAULT).unwrap().contains("(a, b)"));
        assert_eq!((told(&["a"], Release::OLDEST), told(&[], Release::DEFAULT)), (None, None));
    }

    #[test]
    fn repeats_are_left_out_of_the_text() {
        let join = |errors: &[&str]| join_errors(&errors.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(join(&["denied"]), "denied");
        assert_eq!(join(&["denied", "denied"]), "denied");
        assert_eq!(join(&["b", "a", "b"]), "[b, a]");
    }
}
