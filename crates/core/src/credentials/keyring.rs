//! The keyrings of a pull, and what they give for an image: pkg/credentialprovider/keyring.go.
//!
//! All pull secrets make one keyring, the node's file another. In each, keys are cut down to host and path, sorted in
//! reverse byte order and held against the image's repository; what matches is tried, secrets first.

use crate::credentials::advice;
use crate::credentials::docker_config::{Credential, DockerConfig};
use crate::credentials::secrets::PullSecret;
use crate::credentials::url_match::{self, Grid, KeyMatch, shown};
use crate::rule::{DocNote, credentials as rules};
use crate::trace::{Mark, Step};
use podwhy_source::{Names, Span};
use serde::Serialize;

pub use crate::credentials::key::{Key, Source};

/// Both keyrings of a pull. Built once for a pod, asked for each image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyrings {
    keys: Vec<Key>,
    /// Positions in `keys` of the valid keys, in the order in which they are tried: one list for each keyring.
    order: Vec<Vec<usize>>,
    /// A malformed secret: no image is pulled at all.
    blocked: Option<Step>,
}

/// What the keyrings give for an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// The repository that was looked up: registry and path, without tag and digest.
    pub repository: String,
    /// What is tried, in order; empty when the image is pulled without credentials, or not at all.
    pub attempts: Vec<AttemptGroup>,
    /// Whether the image is pulled without credentials.
    pub anonymous: bool,
    /// Why no pull is made at all.
    pub blocked: Option<Step>,
    /// One cell for each key, in the order of [`Keyrings::keys`].
    pub cells: Vec<Cell>,
    /// How the order came about.
    pub trace: Vec<Step>,
    /// Disagreements between documentation and code that bear on this look-up.
    pub notes: Vec<&'static DocNote>,
}

/// Attempts that follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttemptGroup {
    /// Whether their order is random.
    pub unordered: bool,
    /// The attempts; more than one only if the order is random.
    pub attempts: Vec<Attempt>,
}

/// One attempt to pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Its number, from 1; inside a random group the numbers may be exchanged.
    pub number: usize,
    /// The key, as a position in [`Keyrings::keys`].
    pub key: usize,
    /// Where the credential comes from.
    pub source: Source,
    /// The key as written, with a password before its `@` masked.
    pub written: String,
    /// Where the key stands.
    pub span: Span,
    /// What the registry is given.
    pub credential: Credential,
    /// The number of an earlier attempt with the same user and password.
    pub repeats: Option<usize>,
}

/// One key against one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The key, as a position in [`Keyrings::keys`].
    pub key: usize,
    /// What came of it.
    pub verdict: Verdict,
    /// The comparison; `None` for a key that was dropped. Its grid and the trace are left out beyond the first
    /// thousand keys.
    pub comparison: Option<KeyMatch>,
    /// Everything in words, from the written key to the verdict.
    pub trace: Vec<Step>,
}

/// What came of a key for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It matches and is tried.
    Tried {
        /// The attempt's number, from 1.
        attempt: usize,
    },
    /// It stands for Docker Hub, nothing else of its keyring matched, and it is tried.
    TriedForHub {
        /// The attempt's number, from 1.
        attempt: usize,
    },
    /// It stands for Docker Hub, but another key of its keyring matched and hides it.
    Hidden,
    /// It does not match.
    NoMatch,
    /// It is invalid and was dropped.
    Dropped,
    /// It would match, but a malformed pull secret prevents every pull.
    Blocked,
}

/// The key that stands for Docker Hub when nothing else matches: `defaultRegistryHost`.
const HUB: &[u8] = b"index.docker.io";

/// Only so many keys are explained: nobody reads more, and a hostile file has hundreds of thousands.
const EXPLAINED_KEYS: usize = 1000;

/// Only so many keys are named in one sentence.
const NAMED_KEYS: usize = 4;

impl Keyrings {
    /// Puts the keys of the pull secrets and of the node's file into their keyrings: `MakeDockerKeyring`.
    #[must_use]
    pub fn new(secrets: &[PullSecret], node: Option<&DockerConfig>) -> Self {
        let mut keys = Vec::new();
        for (position, secret) in secrets.iter().enumerate() {
            let source = Source::Secret { position, name: secret.name.clone() };
            let entries = secret.config().map(|config| config.entries.as_slice()).unwrap_or_default();
            keys.extend(entries.iter().map(|entry| Key::new(source.clone(), entry)));
        }
        let of_secrets = keys.len();
        let entries = node.map(|config| config.entries.as_slice()).unwrap_or_default();
        keys.extend(entries.iter().map(|entry| Key::new(Source::NodeFile, entry)));
        let order = vec![sorted(&keys, 0..of_secrets), sorted(&keys, of_secrets..keys.len())];
        let blocked = secrets.iter().find(|secret| secret.is_malformed()).map(|secret| secret.reason.clone());
        Self { keys, order, blocked }
    }

    /// The keyring of credential provider plug-ins: the answers of all of them together, in the order in which they
    /// are asked. Source: pkg/credentialprovider/provider.go providersDockerKeyring.Lookup.
    #[must_use]
    pub fn of_providers<'a>(answers: impl IntoIterator<Item = (&'a str, &'a DockerConfig)>) -> Self {
        let mut keys = Vec::new();
        for (position, (name, config)) in answers.into_iter().enumerate() {
            let source = Source::Provider { position, name: name.to_owned() };
            keys.extend(config.entries.iter().map(|entry| Key::new(source.clone(), entry)));
        }
        let order = vec![sorted(&keys, 0..keys.len())];
        Self { keys, order, blocked: None }
    }

    /// The same keyrings with what credential provider plug-ins answered: a keyring of their own behind the node's, or
    /// (`together`) one with the node's in which all keys are sorted.
    ///
    /// Source: pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage.
    #[must_use]
    pub fn and_providers<'a>(
        mut self,
        answers: impl IntoIterator<Item = (&'a str, &'a DockerConfig)>,
        together: bool,
    ) -> Self {
        let of_node = self.keys.iter().position(|key| key.source == Source::NodeFile).unwrap_or(self.keys.len());
        let before = self.keys.len();
        for (position, (name, config)) in answers.into_iter().enumerate() {
            let source = Source::Provider { position, name: name.to_owned() };
            self.keys.extend(config.entries.iter().map(|entry| Key::new(source.clone(), entry)));
        }
        if together {
            self.order.truncate(1);
            self.order.push(sorted(&self.keys, of_node..self.keys.len()));
        } else {
            self.order.push(sorted(&self.keys, before..self.keys.len()));
        }
        self
    }

    /// Every key of every source, in written order.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// What is tried for an image, and what became of each key. `repository` is the image's normalised name without
    /// tag and digest, such as `docker.io/library/nginx`: `UnionDockerKeyring.Lookup`.
    #[must_use]
    pub fn lookup(&self, repository: &str) -> Lookup {
        let mut lookup = Lookup {
            repository: repository.to_owned(),
            attempts: Vec::new(),
            anonymous: false,
            blocked: self.blocked.clone(),
            cells: self.keys.iter().enumerate().map(|(at, key)| Cell::new(at, key, repository)).collect(),
            trace: Vec::new(),
            notes: Vec::new(),
        };
        for order in &self.order {
            self.look_into(order, &mut lookup);
        }
        if let Some(step) = &self.blocked {
            lookup.attempts.clear();
            for cell in &mut lookup.cells {
                if !matches!(cell.verdict, Verdict::NoMatch | Verdict::Dropped) {
                    cell.verdict = Verdict::Blocked;
                }
            }
            lookup.trace = vec![step.clone()];
        } else {
            lookup.explain_order();
        }
        lookup.notes = advice::notes(&self.keys, &lookup);
        lookup
    }

    /// `BasicDockerKeyring.Lookup` for one of the keyrings.
    fn look_into(&self, order: &[usize], lookup: &mut Lookup) {
        let matches = |lookup: &Lookup, at: usize| {
            lookup.cells.get(at).and_then(|cell| cell.comparison.as_ref()).is_some_and(|found| found.matched)
        };
        let mut tried: Vec<usize> = order.iter().copied().filter(|at| matches(lookup, *at)).collect();
        let hub: Vec<usize> = if is_hub_image(&lookup.repository) {
            order.iter().copied().filter(|at| self.index(*at) == Some(HUB)).collect()
        } else {
            Vec::new()
        };
        let for_hub = tried.is_empty();
        if for_hub {
            tried = hub;
        } else {
            // A repository of that very host matches directly and hides nothing.
            for at in hub.iter().copied() {
                if matches(lookup, at) {
                    continue;
                }
                let finding = "This key stands for Docker Hub, but only if nothing else of its keyring matches; here another key does.";
                lookup.settle(
                    at,
                    Verdict::Hidden,
                    Step::new(&rules::HUB_FALLBACK, Mark::No, finding).at(self.span(at)),
                );
            }
        }
        let mut number = lookup.attempts().count();
        // Attempts are numbered from 1 without a gap: the first of each credential is where its name came first.
        let credentials: Vec<String> = (lookup.attempts().map(|attempt| &attempt.credential))
            .chain(tried.iter().filter_map(|at| Some(&self.keys.get(*at)?.credential)))
            .map(Credential::name)
            .collect();
        let mut names = Names::default();
        let mut firsts = Vec::new();
        for (at, name) in credentials.iter().enumerate() {
            if names.add(name).1 {
                firsts.push(at + 1);
            }
        }
        let mut group_of: Option<(&Source, Option<&[u8]>)> = None;
        for at in tried {
            let Some(key) = self.keys.get(at) else { continue };
            number += 1;
            let name = credentials.get(number - 1).and_then(|name| names.number(name));
            let first = name.and_then(|name| firsts.get(name)).copied();
            let attempt = Attempt {
                number,
                key: at,
                source: key.source.clone(),
                written: key.written.clone(),
                span: key.span,
                credential: key.credential.clone(),
                repeats: first.filter(|first| *first != number),
            };
            let this = (&key.source, key.index.as_deref());
            match lookup.attempts.last_mut() {
                Some(group) if group_of == Some(this) => {
                    group.attempts.push(attempt);
                    group.unordered = true;
                }
                _ => lookup.attempts.push(AttemptGroup { unordered: false, attempts: vec![attempt] }),
            }
            group_of = Some(this);
            let (verdict, step) = if for_hub {
                let finding = if lookup.repository.starts_with("docker.io/") {
                    "The image is from Docker Hub and nothing else of this keyring matches, so this key is used."
                } else {
                    "The kubelet takes a registry without a dot and a port, such as localhost, for Docker Hub here: nothing else matches, so Docker Hub's credential is offered to it."
                };
                (Verdict::TriedForHub { attempt: number }, Step::new(&rules::HUB_FALLBACK, Mark::Yes, finding))
            } else {
                let finding = format!("The key matches; its credential is attempt {number}.");
                (Verdict::Tried { attempt: number }, Step::new(&rules::KEY_ORDER, Mark::Yes, finding))
            };
            lookup.settle(at, verdict, step.at(key.span));
        }
    }

    fn index(&self, at: usize) -> Option<&[u8]> {
        self.keys.get(at).and_then(|key| key.index.as_deref())
    }

    fn span(&self, at: usize) -> Option<Span> {
        self.keys.get(at).map(|key| key.span)
    }
}

impl Lookup {
    /// Whether nothing is tried although a key misses the image only by its port, its path or a single label of its
    /// host: whoever gave it meant this image's registry, or one beside it.
    #[must_use]
    pub fn is_near_miss(&self) -> bool {
        let near = |cell: &Cell| cell.comparison.as_ref()?.grid.as_ref().map(Grid::is_near);
        self.anonymous && self.cells.iter().any(|cell| near(cell) == Some(true))
    }

    /// Every attempt in order.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().flat_map(|group| &group.attempts)
    }

    fn settle(&mut self, at: usize, verdict: Verdict, step: Step) {
        if let Some(cell) = self.cells.get_mut(at) {
            cell.verdict = verdict;
            cell.trace.push(step);
        }
    }

    /// Says how the list of attempts came about.
    fn explain_order(&mut self) {
        let mut trace = Vec::new();
        let count = self.attempts().count();
        let of_node = self.attempts().filter(|attempt| attempt.source == Source::NodeFile).count();
        if count == 0 {
            self.anonymous = true;
            let finding =
                format!("No key matches `{}`, so the one attempt is made without credentials.", self.repository);
            trace.push(Step::new(&rules::ANONYMOUS, Mark::Note, finding));
        } else {
            let finding = match count {
                1 => {
                    "One credential matches. If it is refused, the pull fails: there is no attempt without credentials."
                        .to_owned()
                }
                _ => format!(
                    "{count} credentials match and are tried one after another until one succeeds. If all are refused, the pull fails: there is no attempt without credentials."
                ),
            };
            trace.push(Step::new(&rules::ANONYMOUS, Mark::Note, finding));
            if of_node > 0 && of_node < count {
                let finding = "The pull secrets' credentials come first, then those of the node's file.";
                trace.push(Step::new(&rules::SECRETS_BEFORE_NODE, Mark::Note, finding));
            }
            if self.attempts.len() > 1 {
                let finding =
                    "The keys are sorted in reverse byte order, so of two nested keys the longer comes first.";
                trace.push(Step::new(&rules::KEY_ORDER, Mark::Note, finding));
            }
            for group in self.attempts.iter().filter(|group| group.unordered) {
                let key = |attempt: &Attempt| format!("`{}`", shown(attempt.written.as_bytes()));
                let keys: Vec<_> = group.attempts.iter().take(NAMED_KEYS).map(key).collect();
                let more = match group.attempts.len().saturating_sub(NAMED_KEYS) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let finding = format!(
                    "{}{more} come to the same key; which of them is tried first changes from pull to pull.",
                    keys.join(" and ")
                );
                let step = Step::new(&rules::KEY_ORDER_RANDOM, Mark::Note, finding);
                trace.push(group.attempts.iter().fold(step, |step, attempt| step.because(attempt.span)));
            }
            for attempt in self.attempts() {
                if let Some(earlier) = attempt.repeats {
                    let finding =
                        format!("Attempt {} repeats the user and password of attempt {earlier}.", attempt.number);
                    trace.push(Step::new(&rules::REPEATED, Mark::Note, finding).at(attempt.span));
                }
            }
        }
        self.trace = trace;
    }
}

impl Cell {
    fn new(at: usize, key: &Key, repository: &str) -> Self {
        let mut comparison =
            key.index.as_deref().map(|index| url_match::match_bytes(index, repository.as_bytes(), Some(key.span)));
        let verdict = if comparison.is_some() { Verdict::NoMatch } else { Verdict::Dropped };
        let mut trace = Vec::new();
        if at < EXPLAINED_KEYS {
            trace.clone_from(&key.trace);
            trace.extend(comparison.iter().flat_map(|found| found.trace.clone()));
        } else if let Some(found) = &mut comparison {
            found.grid = None;
            found.trace = Vec::new();
        }
        Self { key: at, verdict, comparison, trace }
    }
}

/// The valid keys of one keyring, in reverse byte order, equal ones in the order of their sources.
fn sorted(keys: &[Key], range: std::ops::Range<usize>) -> Vec<usize> {
    let index = |at: &usize| keys.get(*at).and_then(|key| key.index.as_deref());
    let mut order: Vec<usize> = range.filter(|at| index(at).is_some()).collect();
    order.sort_by(|a, b| index(b).cmp(&index(a)));
    order
}

/// `isDefaultRegistryMatch`: whether the repository counts as one of Docker Hub. So does `localhost/…`.
fn is_hub_image(repository: &str) -> bool {
    match repository.split_once('/') {
        None => !repository.is_empty(),
        Some((host, _)) => {
            matches!(host, "docker.io" | "index.docker.io") || !host.is_empty() && !host.contains(['.', ':'])
        }
    }
}

#[cfg(test)]
mod tests;
