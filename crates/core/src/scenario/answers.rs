//! What the scenario's registries answer, with the assumptions behind it.

use super::{
    AnswerKind, Assumption, DEFAULT_BYTES_PER_SECOND, DEFAULT_SIZE, DEFAULT_TAKES, ImageFacts, RegistryAnswer,
    RegistryAnswers, Scenario,
};
use crate::credentials::docker_config::Credential;
use crate::credentials::keyring::Lookup;
use crate::image::Reference;
use crate::image::reference::{self, Grammar};
use crate::pulls::built_in;
use crate::release::Release;
use crate::rule::pulls as rules;
use crate::time::Duration;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How long a registry takes to refuse an image, where nobody says.
pub const REFUSAL_TAKES: Duration = Duration::from_secs(1);

/// The registries of a scenario, as the runtime of a node meets them.
#[derive(Clone, Debug)]
pub struct Registry<'a> {
    scenario: &'a Scenario,
    release: Release,
    /// What is known of images, by their full names.
    facts: Rc<BTreeMap<String, &'a ImageFacts>>,
    /// What a pasted status tells of pulls, by the images' full names.
    seen: Option<&'a BTreeMap<String, Seen>>,
}

/// A pull that failed already, as a pasted status tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The runtime's error text; `None` where the status holds only that the pull is waited with.
    pub text: Option<String>,
    /// The line on which the status says so.
    pub line: u32,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The image, or the runtime's error text.
    pub result: Result<(), String>,
    /// How long it takes.
    pub takes: Duration,
    /// What nobody said and was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// Whether the image was given without credentials on nobody's word, although keys were given: none of them matches,
    /// and a private image would have been denied.
    pub unsure: bool,
}

/// An image by everything that tells it from others: full name, tag, digest. `None` for what is no image name.
#[must_use]
pub fn full_name(image: &str, release: Release) -> Option<String> {
    reference::parse(image, Grammar::of(release)).ok().map(|image| full(&image))
}

/// The full name with the digest if there is one, else the tag.
pub(crate) fn full(image: &Reference) -> String {
    match (&image.digest, &image.tag) {
        (Some(digest), _) => format!("{}@{}", image.name(), digest.value),
        (None, Some(tag)) => format!("{}:{}", image.name(), tag.value),
        (None, None) => image.name(),
    }
}

/// Registries, and parts of them, whose images everyone may have.
const OPEN: &[&str] =
    &["docker.io/library/", "registry.k8s.io/", "mcr.microsoft.com/", "public.ecr.aws/", "gcr.io/distroless/"];

/// The registry of Amazon's cloud, which has no image for everyone.
const ECR: &str = "Amazon's ECR";

/// For an image of Amazon's ECR the release from which on the kubelet no longer logs in to it by itself.
fn ecr_login_gone(image: &Reference) -> Option<Release> {
    built_in::provider(&image.registry.value).filter(|(cloud, _)| *cloud == ECR).map(|(_, gone)| gone)
}

impl Scenario {
    /// Whether everyone may have an image: the scenario says so, or it is of one of the registries that are known to
    /// be open.
    #[must_use]
    pub fn is_open(&self, image: &Reference) -> bool {
        let said = self.registries_of(image).into_iter().find_map(|registry| registry.open);
        let name = image.name();
        said.unwrap_or_else(|| OPEN.iter().any(|open| name.starts_with(open)))
    }

    /// Why an image is taken to be private, where it is not said what its registry answers to who comes without
    /// credentials: the scenario says that it is not open, it is of Amazon's ECR, or a key was given that all but
    /// matches it.
    #[must_use]
    pub fn presumed_private(&self, image: &Reference, lookup: &Lookup, release: Release) -> Option<String> {
        if self.is_open(image) {
            return None;
        }
        if self.registries_of(image).into_iter().any(|registry| registry.open == Some(false)) {
            return Some("it is said not to be open".to_owned());
        }
        if ecr_login_gone(image).is_some_and(|gone| release >= gone) {
            return Some("Amazon's ECR gives nothing to whom it does not know".to_owned());
        }
        lookup.is_near_miss().then(|| "a key was given that all but matches it".to_owned())
    }

    /// What is said about the registry of an image, or about a part of it; the longest part first.
    #[must_use]
    pub fn registries_of(&self, image: &Reference) -> Vec<&RegistryAnswers> {
        let name = image.name();
        let fits = |registry: &str| {
            name.strip_prefix(registry)
                .is_some_and(|rest| rest.is_empty() || registry.ends_with('/') || rest.starts_with('/'))
        };
        let mut registries: Vec<_> = self.registries.iter().filter(|given| fits(&given.registry)).collect();
        registries.sort_by_key(|given| std::cmp::Reverse(given.registry.len()));
        registries
    }
}

impl<'a> Registry<'a> {
    /// The registries of a scenario, for runtimes that work for kubelets of this release.
    #[must_use]
    pub fn new(scenario: &'a Scenario, release: Release) -> Self {
        let mut facts = BTreeMap::new();
        for image in &scenario.images {
            if let Some(name) = full_name(&image.image, release) {
                facts.entry(name).or_insert(image);
            }
        }
        Self { scenario, release, facts: Rc::new(facts), seen: None }
    }

    /// The same registries, of which a pasted status tells that pulls failed.
    #[must_use]
    pub fn with_seen(self, seen: &'a BTreeMap<String, Seen>) -> Self {
        Self { seen: Some(seen), ..self }
    }

    /// What is known of an image.
    #[must_use]
    pub fn facts(&self, image: &Reference) -> Option<&'a ImageFacts> {
        self.facts.get(&full(image)).copied()
    }

    /// The image's size in bytes.
    #[must_use]
    pub fn size(&self, image: &Reference) -> u64 {
        self.facts(image).and_then(|facts| facts.size).unwrap_or(DEFAULT_SIZE)
    }

    /// How long a pull of the image takes where the registry's answer does not say: as long as is said of the image, or
    /// as its size needs.
    #[must_use]
    pub fn usual_takes(&self, image: &Reference) -> (Duration, Option<Assumption>) {
        let facts = self.facts(image);
        match facts.map(|facts| (facts.takes, facts.size)) {
            Some((Some(takes), _)) => (takes, None),
            Some((None, Some(size))) => {
                let said = self.scenario.bytes_per_second;
                let each_second = said.unwrap_or(DEFAULT_BYTES_PER_SECOND).max(1);
                let millis = size.saturating_mul(1_000).div_ceil(each_second);
                let text = format!("A node gets {} MB of an image each second.", DEFAULT_BYTES_PER_SECOND / 1_000_000);
                let assumption = said.is_none().then(|| Assumption::new("bytesPerSecond", text));
                (Duration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)), assumption)
            }
            _ => (DEFAULT_TAKES, None),
        }
    }

    /// The digest that the image's name stands for at `at`, as far as it is known.
    #[must_use]
    pub fn digest_at(&self, image: &Reference, at: Duration) -> Option<String> {
        if let Some(digest) = &image.digest {
            return Some(digest.value.clone());
        }
        let facts = self.facts(image)?;
        let moved = facts.moves.iter().filter(|moved| moved.at <= at).max_by_key(|moved| moved.at);
        moved.map(|moved| moved.digest.clone()).or_else(|| facts.digest.clone())
    }

    /// What the registry answers at `at` to a node of this architecture that comes with this credential of `lookup`,
    /// or without any.
    #[must_use]
    pub fn answer(
        &self,
        image: &Reference,
        lookup: &Lookup,
        credential: Option<&Credential>,
        at: Duration,
        architecture: &str,
    ) -> Answered {
        let facts = self.facts(image);
        let (usual, by_size) = self.usual_takes(image);
        let Some(answer) = self.given(image, credential, at) else {
            if let Some(seen) = self.seen.and_then(|seen| seen.get(&full(image))) {
                let text =
                    format!("`{}` cannot be pulled: the pasted status says so on line {}.", image.image, seen.line);
                let failed = Assumption::new(format!("registries[{}]", image.registry.value), text);
                let result = Err(seen.text.clone().unwrap_or_else(|| self.usual_text(AnswerKind::Denied, image)));
                return Answered { result, takes: REFUSAL_TAKES, assumptions: vec![failed], unsure: false };
            }
            let private = self.scenario.presumed_private(image, lookup, self.release).filter(|_| credential.is_none());
            if let Some(why) = private {
                let text = format!(
                    "`{}` denies `{}` to whoever comes without credentials: {why}.",
                    image.registry.value, image.image
                );
                let closed = Assumption::new(format!("registries[{}]", image.registry.value), text);
                let result = Err(self.usual_text(AnswerKind::Denied, image));
                return Answered { result, takes: REFUSAL_TAKES, assumptions: vec![closed], unsure: false };
            }
            let who = credential.map_or_else(|| "without a user".to_owned(), |known| format!("`{}`", known.username));
            let text = format!(
                "`{}` gives `{}` to everyone who asks ({who} here), after {usual}.",
                image.registry.value, image.image
            );
            let by_itself = credential.is_none()
                && ecr_login_gone(image).is_some_and(|gone| self.release < gone)
                && !self.scenario.is_open(image);
            let text = if by_itself {
                format!(
                    "The kubelet of {} asks for credentials for `{}` by itself, on a machine of Amazon's cloud that may have them; without them `{}` is denied.",
                    self.release, image.registry.value, image.image
                )
            } else {
                text
            };
            let open = Assumption::new(format!("registries[{}]", image.registry.value), text);
            let assumptions = std::iter::once(open).chain(by_size).collect();
            let result = self.platform(image, facts, architecture);
            let unsure = by_itself || credential.is_none() && !lookup.cells.is_empty() && !self.scenario.is_open(image);
            return Answered { result, takes: usual, assumptions, unsure };
        };
        let takes = answer.takes.unwrap_or(if answer.answer == AnswerKind::Ok { usual } else { REFUSAL_TAKES });
        let result = match &answer.text {
            Some(text) => Err(text.clone()),
            None if answer.answer == AnswerKind::Ok => self.platform(image, facts, architecture),
            None => Err(self.usual_text(answer.answer, image)),
        };
        let needs_size = answer.takes.is_none() && answer.answer == AnswerKind::Ok;
        let assumptions = by_size.filter(|_| needs_size).into_iter().collect();
        Answered { result, takes, assumptions, unsure: false }
    }

    /// The answer that the scenario gives: of the registry whose name fits the longest part of the image's.
    fn given(&self, image: &Reference, credential: Option<&Credential>, at: Duration) -> Option<&'a RegistryAnswer> {
        let asks = |answer: &&RegistryAnswer| match (&answer.user, answer.anonymous) {
            (Some(user), _) => credential.is_some_and(|credential| credential.username == *user),
            (None, Some(anonymous)) => credential.is_none() == anonymous,
            (None, None) => true,
        };
        let holds = |answer: &&RegistryAnswer| {
            answer.from.is_none_or(|from| at >= from) && answer.until.is_none_or(|until| at < until)
        };
        let registries = self.scenario.registries_of(image).into_iter();
        registries.flat_map(|registry| &registry.answers).find(|answer| asks(answer) && holds(answer))
    }

    /// The runtime's choice from the image's index, or that it has none for the node.
    fn platform(&self, image: &Reference, facts: Option<&ImageFacts>, architecture: &str) -> Result<(), String> {
        let platforms = facts.map(|facts| facts.platforms.as_slice()).unwrap_or_default();
        if platforms.is_empty() || chosen_platform(platforms, architecture).is_some() {
            return Ok(());
        }
        let full = full(image);
        Err(format!(
            "rpc error: code = NotFound desc = failed to pull and unpack image \"{full}\": no match for platform in manifest: not found"
        ))
    }

    /// The error texts of containerd; the two that have a waiting reason of their own come from CRI-O.
    fn usual_text(&self, kind: AnswerKind, image: &Reference) -> String {
        let (full, host) = (full(image), &image.registry.value);
        let failed = format!("failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\"");
        let text = match kind {
            AnswerKind::NotFound => return format!("rpc error: code = NotFound desc = {failed}: {full}: not found"),
            AnswerKind::Unavailable => {
                format!("RegistryUnavailable: pinging container registry {host}: connection refused")
            }
            AnswerKind::SignatureRefused => {
                "SignatureValidationFailed: Source image rejected: A signature was required, but no signature exists"
                    .to_owned()
            }
            AnswerKind::Ok | AnswerKind::Denied => format!(
                "{failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
            ),
        };
        let stripped = rules::RUNTIME_ERROR_STRIPPED.holds_in(self.release);
        if stripped { text } else { format!("rpc error: code = Unknown desc = {text}") }
    }
}

/// The platform that a runtime on a Linux node of this architecture takes from an index.
#[must_use]
pub fn chosen_platform<'a>(platforms: &'a [String], architecture: &str) -> Option<&'a str> {
    let fits = |platform: &&String| {
        let mut parts = platform.split('/');
        parts.next() == Some("linux") && parts.next() == Some(architecture)
    };
    platforms.iter().find(fits).map(String::as_str)
}
