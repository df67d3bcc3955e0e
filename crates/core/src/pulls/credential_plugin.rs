//! Asking credential provider plug-ins, and the cache of their answers.

use crate::credentials::docker_config::{ConfigEntry, Credential, DockerConfig};
use crate::credentials::keyring::{Keyrings, Lookup};
use crate::credentials::url_match::urls_match;
use crate::feature::Feature;
use crate::pulls::credential_provider::{
    CacheType, CredentialProvider, CredentialProviderConfig, TokenAttributes, duration,
};
use crate::pulls::record::PullServiceAccount;
use crate::release::Cluster;
use crate::rule::pulls as rules;
use crate::time::Duration;
use crate::trace::{Mark, Step};
use podwhy_source::Node;
use std::collections::BTreeMap;

/// The providers of a node with what each has answered so far.
///
/// Source: pkg/credentialprovider/plugin/plugin.go pluginProvider.
pub struct Plugins<'a> {
    providers: Vec<(&'a CredentialProvider, Cache)>,
}

/// The answers of one plug-in, each under its own key and the key of the ServiceAccount that it is for.
type Cache = BTreeMap<(String, String), Cached>;

/// The pod that needs credentials, for plug-ins that work with tokens of its ServiceAccount.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The pod's UID.
    pub pod: &'a str,
    /// Its ServiceAccount; without a name if it has none, as pods of files on the node.
    pub account: &'a PullServiceAccount,
    /// The keys of the ServiceAccount's annotations; `None` if nothing is known of it.
    pub annotations: Option<&'a [String]>,
    /// The cluster.
    pub cluster: &'a Cluster,
}

impl Asker<'_> {
    /// The key that the plug-in's answers to this pod are kept under beside their own, and what it is given.
    ///
    /// # Errors
    /// Why the plug-in is not asked for this pod.
    /// Source: pkg/credentialprovider/plugin/plugin.go pluginProvider.provide, getServiceAccountData.
    fn given(&self, provider: &CredentialProvider, token: &TokenAttributes) -> Result<(String, Option<Step>), Step> {
        let (name, account) = (&provider.name, &self.account.name);
        let step = |mark, finding: String| Step::new(&rules::PROVIDER_TOKENS, mark, finding).at(token.span);
        if account.is_empty() {
            if token.require_service_account == Some(true) {
                let finding = format!("`{name}` requires a ServiceAccount, and the pod has none: it is not asked.");
                return Err(step(Mark::No, finding));
            }
            let finding = format!("The pod has no ServiceAccount, and `{name}` requires none: it gets no token.");
            return Ok((String::new(), Some(step(Mark::Note, finding))));
        }
        let has = |key: &&String| self.annotations.is_some_and(|keys| keys.contains(key));
        if let Some(lacking) = token.required_annotations.iter().find(|key| !has(key)) {
            let of = if self.annotations.is_some() { "which has none such" } else { "which was not given" };
            let finding = format!(
                "`{name}` wants the annotation `{lacking}` on the ServiceAccount `{account}`, {of}: it is not asked."
            );
            return Err(step(Mark::No, finding));
        }
        let handed = token.required_annotations.iter().chain(token.optional_annotations.iter().filter(has));
        let handed: Vec<&str> = handed.map(String::as_str).collect();
        let with = match handed.as_slice() {
            [] => String::new(),
            handed => format!(", with the annotations `{}`", handed.join("`, `")),
        };
        let kept = match token.cache_type {
            Some(CacheType::Token) => "What it answers is kept for this token only, so for this pod.",
            Some(CacheType::ServiceAccount) | None => "What it answers is kept for this ServiceAccount.",
        };
        let asked = if self.cluster.has(Feature::ServiceAccountNodeAudienceRestriction) {
            " The API server issues it only if the node may ask for this audience (verb request-serviceaccounts-token-audience)."
        } else {
            ""
        };
        let finding = format!(
            "`{name}` gets a token of ServiceAccount `{account}` for the audience `{}`{with}. {kept}{asked}",
            token.audience
        );
        let own = match token.cache_type {
            Some(CacheType::Token) => self.pod.to_owned(),
            Some(CacheType::ServiceAccount) | None => format!("{}/{account}", self.account.namespace),
        };
        Ok((own, Some(step(Mark::Note, finding))))
    }
}

/// What the execution of a plug-in gives.
#[derive(Clone, Copy, Debug)]
pub enum Output<'n> {
    /// It prints this.
    Prints(&'n PluginResponse),
    /// It fails, or prints nothing that can be read.
    Fails,
    /// Nobody said.
    Unknown,
}

/// An answer that is kept.
#[derive(Clone, Debug)]
struct Cached {
    config: DockerConfig,
    expires_at: Duration,
}

/// What one provider did for one pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginUse {
    /// The provider's name.
    pub name: String,
    /// Whether one of its patterns fits the image.
    pub allowed: bool,
    /// Whether the plug-in was executed.
    pub called: bool,
    /// The answers that are stored now: each key, and how long it is still kept (negative if it has expired).
    pub stored: Vec<(String, Duration)>,
}

/// What all of them gave for one pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginPull {
    /// Each provider, by name.
    pub uses: Vec<PluginUse>,
    /// The credentials of each provider that gave any, by name.
    pub answers: Vec<(String, DockerConfig)>,
    /// What is tried with the registry.
    pub lookup: Lookup,
    /// Why.
    pub trace: Vec<Step>,
}

/// What a plug-in prints: a CredentialProviderResponse. What cannot be read in it makes the whole useless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginResponse {
    kind: String,
    api_version: String,
    cache_key_type: String,
    /// `cacheDuration`; an error for what is no duration.
    cache_duration: Result<Option<Duration>, ()>,
    /// `auth`; `None` for what cannot be read.
    auth: Option<DockerConfig>,
}

impl PluginResponse {
    /// Reads a response; what is wrong with it shows when it is used.
    #[must_use]
    pub fn read(response: &Node) -> Self {
        let word = |key| response.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        Self {
            kind: word("kind"),
            api_version: word("apiVersion"),
            cache_key_type: word("cacheKeyType"),
            cache_duration: duration(response, "cacheDuration").map_err(|_| ()),
            auth: read_auth(response.get("auth")),
        }
    }

    /// Under which key the answer is kept, and its credentials. `None` if it cannot be used.
    fn usable(&self, provider: &CredentialProvider, repository: &str) -> Option<(String, &DockerConfig)> {
        if self.kind != "CredentialProviderResponse" || self.api_version != provider.api_version {
            return None;
        }
        let key = match self.cache_key_type.as_str() {
            "Image" => repository,
            "Registry" => registry(repository),
            "Global" => GLOBAL,
            _ => return None,
        };
        Some((key.to_owned(), self.auth.as_ref()?))
    }
}

fn read_auth(auth: Option<&Node>) -> Option<DockerConfig> {
    let mut config = DockerConfig::default();
    let Some(auth) = auth else { return Some(config) };
    for entry in &auth.as_map()?.entries {
        let text = |key| match entry.value.get(key) {
            None => Some(String::new()),
            Some(value) => value.as_text().map(str::to_owned),
        };
        if !entry.value.is_null() && entry.value.as_map().is_none() {
            return None;
        }
        let credential =
            Credential { username: text("username")?, password: text("password")?, ..Credential::default() };
        config.entries.retain(|earlier| earlier.key != entry.key);
        config.entries.push(ConfigEntry {
            key: entry.key.clone(),
            key_span: entry.key_span,
            credential,
            ignored: Vec::new(),
        });
    }
    Some(config)
}

/// The key of an answer that fits every image.
const GLOBAL: &str = "global";

/// Host and port of a repository: what stands before the first slash.
fn registry(repository: &str) -> &str {
    repository.split('/').next().unwrap_or(repository)
}

impl<'a> Plugins<'a> {
    /// The plug-ins of a configuration, none of them asked yet. They are asked in the order of their names.
    #[must_use]
    pub fn new(config: &'a CredentialProviderConfig) -> Self {
        let mut providers: Vec<_> = config.providers.iter().map(|provider| (provider, BTreeMap::new())).collect();
        providers.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        Self { providers }
    }

    /// Asks for the credentials of a repository (registry and path, no tag) at `now`. `asker` is the pod that needs
    /// them; `None` knows no tokens. `execute` runs the plug-in of that name.
    pub fn pull<'n>(
        &mut self,
        repository: &str,
        now: Duration,
        asker: Option<&Asker>,
        mut execute: impl FnMut(&str) -> Output<'n>,
    ) -> PluginPull {
        let (mut uses, mut answers, mut trace) = (Vec::new(), Vec::new(), Vec::new());
        for (provider, cache) in &mut self.providers {
            let fits = provider.fits(repository).map(str::to_owned);
            let allowed = fits.is_some();
            let mut called = false;
            let name = &provider.name;
            let given = asker.zip(provider.token.as_ref()).map(|(asker, token)| asker.given(provider, token));
            let (mark, finding, config) = match (fits, given.unwrap_or(Ok((String::new(), None)))) {
                (None, _) => {
                    (Mark::No, format!("No matchImages of `{name}` fits `{repository}`, so it is not asked."), None)
                }
                (Some(pattern), Err(refused)) => {
                    trace.push(refused);
                    (Mark::No, format!("`{name}` fits by `{pattern}`, and is not executed for this pod."), None)
                }
                (Some(pattern), Ok((own, token))) => {
                    trace.extend(token);
                    let mut cached = Keys { cache, repository, own: &own, now };
                    if let Some((key, config)) = cached.find() {
                        let finding = format!("`{name}` fits by `{pattern}`; its answer kept under `{key}` is used.");
                        (Mark::Yes, finding, Some(config))
                    } else {
                        called = true;
                        let output = execute(name);
                        let config = match output {
                            Output::Prints(response) => cached.take(provider, response),
                            Output::Fails | Output::Unknown => None,
                        };
                        let (mark, came) = match (&config, output) {
                            (Some(_), _) => (Mark::Yes, format!("is executed and answers{}", cached.kept())),
                            (None, Output::Unknown) => {
                                (Mark::Note, "is executed; what it answers is not known here".to_owned())
                            }
                            _ => (Mark::No, "is executed and gives nothing that can be used".to_owned()),
                        };
                        (mark, format!("`{name}` fits by `{pattern}`, {came}."), config)
                    }
                }
            };
            trace.push(Step::new(&rules::CREDENTIAL_PROVIDER_ASKED, mark, finding).at(provider.span));
            if !allowed {
                trace.extend(provider.match_images.iter().filter_map(|pattern| why_not(provider, pattern, repository)));
            }
            answers.extend(config.map(|config| (name.clone(), config)));
            let stored = cache.iter().map(|((key, _), cached)| (key.clone(), cached.expires_at - now)).collect();
            uses.push(PluginUse { name: name.clone(), allowed, called, stored });
        }
        let keyring = Keyrings::of_providers(answers.iter().map(|(name, config)| (name.as_str(), config)));
        PluginPull { uses, lookup: keyring.lookup(repository), answers, trace }
    }
}

/// The element of a pattern that keeps it from fitting.
fn why_not(provider: &CredentialProvider, pattern: &str, repository: &str) -> Option<Step> {
    let compared = urls_match(pattern, repository, Some(provider.span));
    compared.trace.into_iter().rev().find(|step| step.mark == Mark::No)
}

/// The kept answers of one plug-in, as they concern one repository and one pod.
struct Keys<'c> {
    cache: &'c mut Cache,
    repository: &'c str,
    /// The key of the pod's ServiceAccount; empty without tokens.
    own: &'c str,
    now: Duration,
}

impl Keys<'_> {
    fn key(&self, key: &str) -> (String, String) {
        (key.to_owned(), self.own.to_owned())
    }

    /// The kept answer for the image, else for its registry, else for all; what has expired is thrown out on the way.
    ///
    /// Source: plugin.go getCachedCredentials.
    fn find(&mut self) -> Option<(String, DockerConfig)> {
        for word in [self.repository, registry(self.repository), GLOBAL] {
            let key = self.key(word);
            if self.cache.get(&key).is_some_and(|cached| cached.expires_at < self.now) {
                self.cache.remove(&key);
            }
            if let Some(cached) = self.cache.get(&key) {
                return Some((word.to_owned(), cached.config.clone()));
            }
        }
        None
    }

    /// Reads a response and keeps it as long as it says. Source: plugin.go Provide.
    fn take(&mut self, provider: &CredentialProvider, response: &PluginResponse) -> Option<DockerConfig> {
        let kept_for = response.cache_duration.ok()?.or(provider.default_cache_duration).unwrap_or_default();
        let (key, config) = response.usable(provider, self.repository)?;
        if kept_for != Duration::ZERO {
            let cached = Cached { config: config.clone(), expires_at: self.now + kept_for };
            self.cache.insert(self.key(&key), cached);
        }
        Some(config.clone())
    }

    /// How long a fresh answer is kept, and for which images.
    fn kept(&self) -> String {
        let host = registry(self.repository);
        let all = [(self.repository, "this image"), (host, "every image of this registry"), (GLOBAL, "every image")];
        let found = all.into_iter().find_map(|(key, images)| Some((self.cache.get(&self.key(key))?, images)));
        found.map_or_else(String::new, |(cached, images)| {
            format!("; that is kept for {images}, for {}", cached.expires_at - self.now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::json::{Place, parse};
    use podwhy_source::{InputId, Span};

    fn calls(response: &str, pulls: &[(&str, i64)]) -> Vec<bool> {
        let provider = CredentialProvider {
            name: "p".to_owned(),
            match_images: vec!["*.reg.io".to_owned()],
            api_version: "v".to_owned(),
            default_cache_duration: Some(Duration::from_secs(600)),
            token: None,
            span: Span::new(InputId(0), 0, 0),
        };
        let config = CredentialProviderConfig { providers: vec![provider] };
        let text = format!(r#"{{"apiVersion":"v","kind":"CredentialProviderResponse",{response}}}"#);
        let node = PluginResponse::read(&parse(&text, Place::Within(InputId(0), 0)).unwrap());
        let mut plugins = Plugins::new(&config);
        let mut pull = |(image, at): &(&str, i64)| {
            plugins.pull(image, Duration::from_secs(*at), None, |_| Output::Prints(&node)).uses[0].called
        };
        pulls.iter().map(&mut pull).collect()
    }

    #[test]
    fn answers_are_kept_by_image_registry_or_for_all() {
        let pulls = [("a.reg.io/x", 0), ("a.reg.io/y", 1), ("b.reg.io/x", 2), ("a.reg.io/x", 600), ("a.reg.io/x", 601)];
        assert_eq!(calls(r#""cacheKeyType":"Image""#, &pulls), [true, true, true, false, true]);
        assert_eq!(calls(r#""cacheKeyType":"Registry""#, &pulls), [true, false, true, false, true]);
        assert_eq!(calls(r#""cacheKeyType":"Global""#, &pulls), [true, false, false, false, true]);
    }

    #[test]
    fn other_answers_are_not_kept() {
        let pulls = [("a.reg.io/x", 0), ("a.reg.io/x", 1), ("other.io/x", 2)];
        for response in [
            r#""cacheKeyType":"image""#,
            r#""cacheKeyType":"Image","cacheDuration":"0s""#,
            r#""cacheKeyType":"Image","cacheDuration":"5x""#,
            r#""cacheKeyType":"Image","auth":"no""#,
        ] {
            assert_eq!(calls(response, &pulls), [true, true, false], "{response}");
        }
    }
}
