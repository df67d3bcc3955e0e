//! Whether a pod may use an image that is on the node already: the kubelet's image pull manager.
//!
//! Read in Kubernetes v1.35's code. The allow-list is compared as v1.35.0 does it: an entry without a wildcard fits
//! only an image that the pod writes exactly so, without tag and digest, and a wildcard is a prefix of the image as
//! written. A later change compares the normalised name without tag and digest instead; that is the rule
//! [`rules::ALLOWLIST_BY_NAME`], which no release that can be chosen is known to have.

use crate::image::reference::{self, Grammar};
use crate::pulls::record::{PullSecretIdentity, PullServiceAccount, PulledRecord, PulledWith, recorded_name};
use crate::release::Release;
use crate::rule::pulls as rules;
use crate::trace::{Mark, Step};
use serde::Serialize;

/// From so many recorded Secrets on, a match is no longer written into the record.
const WRITE_LIMIT: usize = 100;

/// `imagePullCredentialsVerificationPolicy`, with `preloadedImagesVerificationAllowlist` where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerificationPolicy {
    /// No image is verified.
    NeverVerify,
    /// Images that the kubelet did not pull itself are not verified: the default.
    NeverVerifyPreloadedImages,
    /// Images in this list are not verified.
    NeverVerifyAllowlistedImages(Vec<AllowedImages>),
    /// Every image is verified.
    AlwaysVerify,
}

/// An entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedImages {
    /// One repository.
    Name(String),
    /// Everything that begins so; ends with a slash.
    Prefix(String),
}

impl VerificationPolicy {
    /// The names of the policies, in Kubernetes' order.
    pub const NAMES: [&str; 4] =
        ["NeverVerify", "NeverVerifyPreloadedImages", "NeverVerifyAllowlistedImages", "AlwaysVerify"];

    /// The policy of this name. The list is looked at only where the policy reads it.
    ///
    /// # Errors
    /// The kubelet's own text for an unknown policy or a bad entry of the list.
    /// Source: pkg/kubelet/images/pullmanager/image_pull_policies.go NewImagePullCredentialVerificationPolicy.
    pub fn new(name: &str, allowlist: &[String], release: Release) -> Result<Self, String> {
        match name {
            "NeverVerify" => Ok(Self::NeverVerify),
            "NeverVerifyPreloadedImages" => Ok(Self::NeverVerifyPreloadedImages),
            "AlwaysVerify" => Ok(Self::AlwaysVerify),
            "NeverVerifyAllowlistedImages" => {
                let entries = allowlist.iter().map(|entry| AllowedImages::read(entry, release));
                Ok(Self::NeverVerifyAllowlistedImages(entries.collect::<Result<_, _>>()?))
            }
            _ => Err(format!("unknown image pull credential verification policy: {name}")),
        }
    }

    /// Whether an image has to be verified. Source: RequireCredentialVerificationForImage.
    fn requires(&self, image: &str, pulled_by_kubelet: bool, release: Release) -> bool {
        match self {
            Self::NeverVerify => false,
            Self::NeverVerifyPreloadedImages => pulled_by_kubelet,
            Self::NeverVerifyAllowlistedImages(list) => {
                let by_name = rules::ALLOWLIST_BY_NAME.holds_in(release);
                let name = if by_name { recorded_name(image, release) } else { Some(image.to_owned()) };
                !name.is_some_and(|name| list.iter().any(|entry| entry.fits(&name)))
            }
            Self::AlwaysVerify => true,
        }
    }

    fn name(&self) -> &'static str {
        let [never, preloaded, allowlisted, always] = Self::NAMES;
        match self {
            Self::NeverVerify => never,
            Self::NeverVerifyPreloadedImages => preloaded,
            Self::NeverVerifyAllowlistedImages(_) => allowlisted,
            Self::AlwaysVerify => always,
        }
    }
}

impl AllowedImages {
    /// Reads an entry of the allow-list.
    ///
    /// # Errors
    /// The kubelet's own text. Source: image_pull_policies.go getAllowlistImagePattern.
    pub fn read(pattern: &str, release: Release) -> Result<Self, String> {
        if pattern != pattern.trim() {
            return Err(format!("leading/trailing spaces are not allowed: {pattern}"));
        }
        let prefix = pattern.strip_suffix('*').filter(|prefix| prefix.ends_with('/'));
        let name = prefix.unwrap_or(pattern);
        if name.is_empty() {
            return Err(format!("the supplied pattern is too short: {pattern}"));
        }
        if name.contains('*') {
            return Err(format!("not a valid wildcard pattern, only patterns ending with '/*' are allowed: {pattern}"));
        }
        if let Some(prefix) = prefix {
            if prefix == "/" {
                return Err("at least registry hostname is required".to_owned());
            }
            return Ok(Self::Prefix(prefix.to_owned()));
        }
        match reference::parse(name, Grammar::of(release)) {
            Err(error) => Err(format!("failed to parse as an image name: {}", error.reference_error())),
            Ok(reference) if reference.name() != name => {
                Err(format!("neither tag nor digest is accepted in an image reference: {pattern}"))
            }
            Ok(_) => Ok(Self::Name(name.to_owned())),
        }
    }

    fn fits(&self, image: &str) -> bool {
        match self {
            Self::Name(name) => image == name,
            Self::Prefix(prefix) => image.starts_with(prefix),
        }
    }
}

/// What the node remembers of the image that is present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remembered {
    /// Nothing: it was put there by someone else.
    Nothing,
    /// That a pull of exactly this name was begun, but not how it ended.
    Intent,
    /// Who may use it.
    Record(PulledRecord),
    /// There is a record, and it cannot be read.
    Unreadable,
}

/// The credentials of the pod that match the image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodCredentials {
    /// From its pull secrets, in the order of the look-up.
    pub secrets: Vec<PullSecretIdentity>,
    /// Its ServiceAccount, if a plug-in gave a credential for a token of it.
    pub service_account: Option<PullServiceAccount>,
}

/// How a check ended, in the words of the kubelet's metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckResult {
    /// The policy lets every pod use the image.
    CredentialPolicyAllowed,
    /// The record lets this pod use it.
    CredentialRecordFound,
    /// The pod has to pull, so that the registry decides.
    MustAuthenticate,
    /// Something could not be read.
    Error,
}

impl CheckResult {
    /// The word of the metric.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CredentialPolicyAllowed => "credentialPolicyAllowed",
            Self::CredentialRecordFound => "credentialRecordFound",
            Self::MustAuthenticate => "mustAuthenticate",
            Self::Error => "error",
        }
    }
}

/// The pull manager's answer about an image that is present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it ended.
    pub result: CheckResult,
    /// Whether the pod's credentials had to be looked up.
    pub looked_up: bool,
    /// The look-up's error.
    pub error: Option<String>,
    /// The record after the check, where the check changed it.
    pub record_after: Option<PulledRecord>,
    /// Why.
    pub trace: Vec<Step>,
}

impl Check {
    /// Whether the pod has to pull although the image is there.
    #[must_use]
    pub fn must_pull(&self) -> bool {
        matches!(self.result, CheckResult::MustAuthenticate | CheckResult::Error)
    }

    fn ended(mut self, result: CheckResult, step: Step) -> Self {
        self.result = result;
        self.trace.push(step);
        self
    }
}

/// Whether a pod may use an image that is present. `credentials` are the pod's, or the error of looking them up; they
/// are asked for only where a record has to be compared.
///
/// Source: pkg/kubelet/images/pullmanager/image_pull_manager.go MustAttemptImagePull.
#[must_use]
pub fn check(
    policy: &VerificationPolicy,
    image: &str,
    remembered: &Remembered,
    credentials: Result<&PodCredentials, &str>,
    release: Release,
) -> Check {
    let empty =
        Check { result: CheckResult::Error, looked_up: false, error: None, record_after: None, trace: Vec::new() };
    let step = |mark, finding: String| Step::new(&rules::VERIFIED_BY_POLICY, mark, finding);
    if *remembered == Remembered::Unreadable {
        let finding = format!("The node's record about `{image}` cannot be read, so the pod has to pull it.");
        return empty.ended(CheckResult::Error, step(Mark::No, finding));
    }
    let pulled_by_kubelet = *remembered != Remembered::Nothing;
    let whose = if pulled_by_kubelet { "was pulled by this kubelet" } else { "was put on the node by someone else" };
    if !policy.requires(image, pulled_by_kubelet, release) {
        let finding = format!("`{image}` {whose}, and under {} every pod may use it.", policy.name());
        return empty.ended(CheckResult::CredentialPolicyAllowed, step(Mark::Yes, finding));
    }
    let finding = format!("`{image}` {whose}, and under {} the pod has to show that it may use it.", policy.name());
    let mut checked = empty;
    checked.trace.push(step(Mark::Note, finding));
    let step = |mark, finding: &str| Step::new(&rules::VERIFIED_BY_RECORD, mark, finding);
    let Remembered::Record(record) = remembered else {
        let finding = "The node has no record of whose credentials pulled it, so the pod has to pull.";
        return checked.ended(CheckResult::MustAuthenticate, step(Mark::No, finding));
    };
    let Some(name) = recorded_name(image, release) else {
        return checked.ended(CheckResult::Error, step(Mark::No, "The image's name cannot be read."));
    };
    let Some(entry) = record.credentials.get(&name) else {
        let finding = format!("The image was pulled under other names than `{name}`, so the pod has to pull.");
        return checked.ended(CheckResult::MustAuthenticate, step(Mark::No, &finding));
    };
    if entry.node_pods_accessible {
        let finding = "It was pulled without credentials or with the node's own, so every pod may use it.";
        return checked.ended(CheckResult::CredentialRecordFound, step(Mark::Yes, finding));
    }
    if entry.secrets.is_empty() && entry.service_accounts.is_empty() {
        let finding = "The record names no credentials, so the pod has to pull.";
        return checked.ended(CheckResult::MustAuthenticate, step(Mark::No, finding));
    }
    checked.looked_up = true;
    let credentials = match credentials {
        Ok(credentials) => credentials,
        Err(error) => {
            checked.error = Some(error.to_owned());
            return checked.ended(CheckResult::Error, step(Mark::No, "The pod's credentials cannot be read."));
        }
    };
    let may_write = entry.secrets.len() < WRITE_LIMIT;
    for secret in &credentials.secrets {
        for recorded in &entry.secrets {
            let (same_object, same_credential) =
                (secret.is_same_object(recorded), secret.has_same_credential(recorded));
            if !(same_credential || same_object && may_write) {
                continue;
            }
            if may_write && same_object != same_credential {
                let mut after = record.clone();
                let changed = after.merge(&name, &PulledWith::Secret(secret.clone()));
                checked.record_after = changed.then_some(after);
            }
            let finding = match (same_credential, same_object) {
                (true, true) => format!("Its Secret `{}` is the one that pulled the image.", secret.name),
                (true, false) => {
                    format!("Its Secret `{}` holds a credential that has pulled the image before.", secret.name)
                }
                _ => format!(
                    "Its Secret `{}` has pulled the image before; its new content is believed without asking the registry.",
                    secret.name
                ),
            };
            return checked.ended(CheckResult::CredentialRecordFound, step(Mark::Yes, &finding));
        }
    }
    if credentials.service_account.as_ref().is_some_and(|account| entry.service_accounts.contains(account)) {
        let finding = "A token of its ServiceAccount has pulled the image before.";
        return checked.ended(CheckResult::CredentialRecordFound, step(Mark::Yes, finding));
    }
    let finding = "The pod has none of the credentials that pulled the image, so it has to pull it itself.";
    checked.ended(CheckResult::MustAuthenticate, step(Mark::No, finding))
}

/// What the node remembers after a successful pull; `None` where nothing changed. The intent is removed either way, as
/// it is after a failed pull.
///
/// Source: image_pull_manager.go RecordImagePulled, writePulledRecordIfChanged.
#[must_use]
pub fn record_pull(before: &Remembered, image: &str, with: &PulledWith, release: Release) -> Option<PulledRecord> {
    let (mut record, known) = match before {
        Remembered::Record(record) => (record.clone(), true),
        _ => (PulledRecord::default(), false),
    };
    let changed = record.merge(&recorded_name(image, release)?, with);
    (changed || !known).then_some(record)
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::secret;
    use super::*;

    const RELEASE: Release = Release::minor_unchecked(35);
    const IMAGE: &str = "reg.io/team/app:v1";

    fn pulled_with(with: &PulledWith) -> Remembered {
        Remembered::Record(record_pull(&Remembered::Nothing, IMAGE, with, RELEASE).unwrap())
    }

    fn answers(remembered: &Remembered, own: &[PullSecretIdentity]) -> [bool; 4] {
        let credentials = PodCredentials { secrets: own.to_vec(), service_account: None };
        VerificationPolicy::NAMES.map(|name| {
            let policy = VerificationPolicy::new(name, &["reg.io/other".to_owned()], RELEASE).unwrap();
            !check(&policy, IMAGE, remembered, Ok(&credentials), RELEASE).must_pull()
        })
    }

    /// The four policies against the four ways in which an image may have come to the node.
    #[test]
    fn policies_and_origins() {
        let own = [secret("own", "h1")];
        let others = pulled_with(&PulledWith::Secret(secret("other", "h2")));
        assert_eq!(answers(&Remembered::Nothing, &own), [true, true, false, false], "preloaded");
        assert_eq!(answers(&pulled_with(&PulledWith::Node), &own), [true; 4], "pulled anonymously");
        assert_eq!(answers(&pulled_with(&PulledWith::Secret(own[0].clone())), &own), [true; 4], "its own Secret");
        assert_eq!(answers(&others, &own), [true, false, false, false], "another's Secret");
    }

    #[test]
    fn a_renewed_secret_is_believed_and_recorded() {
        let remembered = pulled_with(&PulledWith::Secret(secret("a", "old")));
        let credentials = PodCredentials { secrets: vec![secret("a", "new")], service_account: None };
        let checked = check(&VerificationPolicy::AlwaysVerify, IMAGE, &remembered, Ok(&credentials), RELEASE);
        assert!(!checked.must_pull());
        assert_eq!(checked.record_after.unwrap().credentials["reg.io/team/app"].secrets, [secret("a", "new")]);
    }

    #[test]
    fn beyond_the_limit_a_renewed_secret_is_not_believed() {
        let mut record = PulledRecord::default();
        for number in 0..WRITE_LIMIT {
            record.merge("reg.io/team/app", &PulledWith::Secret(secret(&format!("s{number}"), &format!("h{number}"))));
        }
        let must_pull = |own: PullSecretIdentity| {
            let credentials = PodCredentials { secrets: vec![own], service_account: None };
            let remembered = Remembered::Record(record.clone());
            let checked = check(&VerificationPolicy::AlwaysVerify, IMAGE, &remembered, Ok(&credentials), RELEASE);
            assert_eq!(checked.record_after, None);
            checked.must_pull()
        };
        assert!(must_pull(secret("s7", "new")));
        assert!(!must_pull(secret("elsewhere", "h7")));
    }

    #[test]
    fn the_allow_list_is_compared_with_the_image_as_written() {
        let policy = |entry: &str| {
            VerificationPolicy::new("NeverVerifyAllowlistedImages", &[entry.to_owned()], RELEASE).unwrap()
        };
        let free = |entry: &str, image: &str| !policy(entry).requires(image, true, RELEASE);
        assert!(free("reg.io/team/app", "reg.io/team/app"));
        assert!(!free("reg.io/team/app", "reg.io/team/app:v1"));
        assert!(free("reg.io/team/*", "reg.io/team/app:v1"));
        assert!(!free("docker.io/library/*", "nginx"));
    }
}
