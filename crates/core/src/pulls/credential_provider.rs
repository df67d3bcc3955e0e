//! The kubelet's CredentialProviderConfig: which plug-ins give credentials for which images.

use crate::api::list;
use crate::credentials::url_match::{Element, urls_match};
use crate::feature::Feature;
use crate::quote::quote;
use crate::release::{Cluster, Release};
use crate::rule::{Rule, pulls as rules};
use crate::time::Duration;
use crate::validation::names::qualified_name;
use podwhy_source::{Diagnostic, Node, Span};

/// A plug-in that the kubelet may ask for credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialProvider {
    /// `name`: the plug-in's file name.
    pub name: String,
    /// `matchImages`: the images that it is asked about.
    pub match_images: Vec<String>,
    /// `apiVersion` of the request, and of the response that is accepted.
    pub api_version: String,
    /// `defaultCacheDuration`: how long a response without a duration is kept.
    pub default_cache_duration: Option<Duration>,
    /// `tokenAttributes`: it is given a token of the pod's ServiceAccount.
    pub token: Option<TokenAttributes>,
    /// Where it stands.
    pub span: Span,
}

/// What a plug-in needs of the pod's ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAttributes {
    /// `serviceAccountTokenAudience`: for whom the token is meant.
    pub audience: String,
    /// `cacheType`: for whom the plug-in's answer is kept; v1.33 has no such field and keeps it for the ServiceAccount.
    pub cache_type: Option<CacheType>,
    /// `requireServiceAccount`: a pod without a ServiceAccount gets nothing.
    pub require_service_account: Option<bool>,
    /// `requiredServiceAccountAnnotationKeys`: without one of them the plug-in is not asked.
    pub required_annotations: Vec<String>,
    /// `optionalServiceAccountAnnotationKeys`: handed over where they are there.
    pub optional_annotations: Vec<String>,
    /// Where it stands.
    pub span: Span,
    /// `cacheType` as written.
    written_cache_type: String,
}

/// For whom an answer to a token is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheType {
    /// For every pod of the ServiceAccount.
    ServiceAccount,
    /// For this very token, and so for one pod.
    Token,
}

/// The providers, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CredentialProviderConfig {
    /// `providers`.
    pub providers: Vec<CredentialProvider>,
}

/// The kubelet does not start: the configuration cannot be decoded.
const UNDECODED: &str = "credential-provider-decode";
/// The kubelet does not start: a value is refused.
const INVALID: &str = "credential-provider-invalid";

/// The versions of both API groups, and since when there are.
static VERSIONS: [(&str, Option<&Rule>); 3] = [
    ("v1", Some(&rules::CREDENTIAL_PROVIDER_V1)),
    ("v1alpha1", None),
    ("v1beta1", Some(&rules::CREDENTIAL_PROVIDER_V1BETA1)),
];

/// The versions of a group that the kubelet of `release` reads.
fn versions(group: &str, release: Release) -> Vec<String> {
    let known = VERSIONS.iter().filter(|(_, since)| since.is_none_or(|rule| rule.holds_in(release)));
    known.map(|(version, _)| format!("{group}/{version}")).collect()
}

/// Reads a CredentialProviderConfig as the kubelet of `cluster` does. Unknown fields are passed over.
///
/// The diagnostics are the kubelet's own texts; with any of them it does not start.
///
/// # Errors
/// Kind, version or a type with which it cannot be decoded.
/// Source: pkg/credentialprovider/plugin/config.go decode, validateCredentialProviderConfig.
pub fn read(config: &Node, cluster: &Cluster) -> Result<(CredentialProviderConfig, Vec<Diagnostic>), Diagnostic> {
    let release = cluster.release;
    let word = |key| config.get(key).and_then(Node::as_text).unwrap_or_default();
    let (version, kind) = (word("apiVersion"), word("kind"));
    let known = versions("kubelet.config.k8s.io", release).iter().any(|known| known == version);
    if !known || kind != "CredentialProviderConfig" {
        let text = format!("no kind {} is registered for version {}", quote(kind), quote(version));
        return Err(Diagnostic::error(UNDECODED, text, config.span));
    }
    if let Some(other) = config.get("providers").filter(|providers| providers.as_list().is_none()) {
        return Err(wrong_type(other, "providers"));
    }
    let mut providers = list(config, "providers").map(provider).collect::<Result<Vec<_>, _>>()?;
    // Other versions, and older kubelets, do not know the field.
    if version != "kubelet.config.k8s.io/v1" || !rules::PROVIDER_TOKENS.holds_in(release) {
        providers.iter_mut().for_each(|provider| provider.token = None);
    }
    let decoded = CredentialProviderConfig { providers };
    let problems = validate(&decoded, config.span, cluster);
    Ok((decoded, problems))
}

fn provider(node: &Node) -> Result<CredentialProvider, Diagnostic> {
    // Go reads null as the empty value.
    if !node.is_null() && node.as_map().is_none() {
        return Err(wrong_type(node, "providers"));
    }
    let text = |key: &str| match node.get(key) {
        None => Ok(String::new()),
        Some(value) => value.as_text().map(str::to_owned).ok_or_else(|| wrong_type(value, key)),
    };
    let images = node.get("matchImages");
    if let Some(other) = images.filter(|images| images.as_list().is_none()) {
        return Err(wrong_type(other, "matchImages"));
    }
    let image = |image: &Node| match image.as_text() {
        Some(text) => Ok(text.to_owned()),
        None if image.is_null() => Ok(String::new()),
        None => Err(wrong_type(image, "matchImages")),
    };
    check_command(node)?;
    Ok(CredentialProvider {
        name: text("name")?,
        match_images: list(node, "matchImages").map(image).collect::<Result<_, _>>()?,
        api_version: text("apiVersion")?,
        default_cache_duration: duration(node, "defaultCacheDuration")?,
        token: node.get("tokenAttributes").map(token),
        span: node.span,
    })
}

/// `args` and `env`, which are only handed to the plug-in, have to be decoded all the same.
fn check_command(provider: &Node) -> Result<(), Diagnostic> {
    let is_text = |node: &Node| node.is_null() || node.as_text().is_some();
    let is_variable = |node: &Node| {
        let texts = || ["name", "value"].iter().all(|key| node.get(key).is_none_or(is_text));
        node.is_null() || node.as_map().is_some() && texts()
    };
    for (key, fits) in [("args", &is_text as &dyn Fn(&Node) -> bool), ("env", &is_variable)] {
        if let Some(other) = provider.get(key).filter(|value| value.as_list().is_none()) {
            return Err(wrong_type(other, key));
        }
        if let Some(other) = list(provider, key).find(|value| !fits(value)) {
            return Err(wrong_type(other, key));
        }
    }
    Ok(())
}

fn token(node: &Node) -> TokenAttributes {
    let text = |key| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
    let keys = |key| list(node, key).filter_map(Node::as_text).map(str::to_owned).collect();
    let written_cache_type = text("cacheType");
    TokenAttributes {
        audience: text("serviceAccountTokenAudience"),
        cache_type: match written_cache_type.as_str() {
            "ServiceAccount" => Some(CacheType::ServiceAccount),
            "Token" => Some(CacheType::Token),
            _ => None,
        },
        require_service_account: node.get("requireServiceAccount").and_then(Node::as_bool),
        required_annotations: keys("requiredServiceAccountAnnotationKeys"),
        optional_annotations: keys("optionalServiceAccountAnnotationKeys"),
        span: node.span,
        written_cache_type,
    }
}

/// A duration field that may be missing or null.
///
/// # Errors
/// What is no duration.
pub(super) fn duration(node: &Node, key: &str) -> Result<Option<Duration>, Diagnostic> {
    let Some(value) = node.get(key) else { return Ok(None) };
    let Some(text) = value.as_text() else { return Err(wrong_type(value, key)) };
    Duration::parse(text).map(Some).ok_or_else(|| {
        Diagnostic::error(UNDECODED, format!("time: invalid duration {}", quote(text)), value.span).at_path(key)
    })
}

fn wrong_type(value: &Node, field: &str) -> Diagnostic {
    Diagnostic::error(UNDECODED, format!("{field} cannot be {}", value.kind_name()), value.span).at_path(field)
}

fn validate(config: &CredentialProviderConfig, whole: Span, cluster: &Cluster) -> Vec<Diagnostic> {
    let release = cluster.release;
    let mut problems = Vec::new();
    let mut tell = |place: Span, field: &str, text: String| {
        problems.push(Diagnostic::error(INVALID, format!("{field}: {text}"), place).at_path(field));
    };
    if config.providers.is_empty() {
        tell(whole, "providers", "Required value: at least 1 item in plugins is required".to_owned());
    }
    let accepted = versions("credentialprovider.kubelet.k8s.io", release);
    for (at, provider) in config.providers.iter().enumerate() {
        let mut add = |field: &str, text: String| tell(provider.span, &format!("providers.{field}"), text);
        let name = quote(&provider.name);
        let mut refuse_name = |refused: bool, why: &str| {
            if refused {
                add("name", format!("Invalid value: {name}: provider name cannot {why}"));
            }
        };
        refuse_name(provider.name.contains('/'), "contain '/'");
        refuse_name(provider.name.contains(' '), "contain spaces");
        refuse_name(provider.name == ".", "be '.'");
        refuse_name(provider.name == "..", "be '..'");
        if config.repeats(at) && rules::CREDENTIAL_PROVIDERS_DIFFER.holds_in(release) {
            add("name", format!("Duplicate value: {name}"));
        }
        if provider.api_version.is_empty() {
            add("apiVersion", "Required value: apiVersion is required".to_owned());
        } else if !accepted.contains(&provider.api_version) {
            let supported: Vec<String> = accepted.iter().map(|version| quote(version)).collect();
            let (version, supported) = (quote(&provider.api_version), supported.join(", "));
            add("apiVersion", format!("Unsupported value: {version}: supported values: {supported}"));
        }
        if provider.match_images.is_empty() {
            add("matchImages", "Required value: at least 1 item in matchImages is required".to_owned());
        }
        for image in provider.match_images.iter().filter(|image| !is_url(image)) {
            let why = "match image is invalid: it cannot be read as a host and a path";
            add("matchImages", format!("Invalid value: {}: {why}", quote(image)));
        }
        match provider.default_cache_duration {
            None => add("defaultCacheDuration", "Required value: defaultCacheDuration is required".to_owned()),
            Some(duration) if duration < Duration::ZERO => {
                let why = "defaultCacheDuration must be greater than or equal to 0";
                add("defaultCacheDuration", format!("Invalid value: {duration}: {why}"));
            }
            Some(_) => {}
        }
        if let Some(token) = &provider.token {
            for (field, text) in validate_token(token, &provider.api_version, cluster) {
                tell(token.span, &format!("providers.tokenAttributes{field}"), text);
            }
        }
    }
    problems
}

/// What the kubelet refuses in `tokenAttributes`: the field below it, and its text.
fn validate_token(token: &TokenAttributes, api_version: &str, cluster: &Cluster) -> Vec<(&'static str, String)> {
    let (audience, require) = (".serviceAccountTokenAudience", ".requireServiceAccount");
    let (required, optional) = (".requiredServiceAccountAnnotationKeys", ".optionalServiceAccountAnnotationKeys");
    let gate = Feature::KubeletServiceAccountTokenForCredentialProviders;
    let mut told = Vec::new();
    let mut tell = |field, text: String| told.push((field, text));
    if !cluster.has(gate) {
        let why = format!("tokenAttributes is not supported when {} feature gate is disabled", gate.name());
        tell("", format!("Forbidden: {why}"));
    }
    if token.audience.is_empty() {
        tell(audience, "Required value: serviceAccountTokenAudience is required".to_owned());
    }
    if token.require_service_account.is_none() {
        tell(require, "Required value: requireServiceAccount is required".to_owned());
    }
    const VERSION: &str = "credentialprovider.kubelet.k8s.io/v1";
    if api_version != VERSION {
        tell("", format!("Forbidden: tokenAttributes is only supported for {VERSION} API version"));
    }
    if token.require_service_account == Some(false) && !token.required_annotations.is_empty() {
        let why = "requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is set";
        tell(required, format!("Forbidden: {why}"));
    }
    for (field, keys) in [(required, &token.required_annotations), (optional, &token.optional_annotations)] {
        for (at, key) in keys.iter().enumerate() {
            for why in qualified_name(&key.to_lowercase()) {
                tell(field, format!("Invalid value: {}: {why}", quote(key)));
            }
            if keys.iter().take(at).any(|earlier| earlier == key) {
                tell(field, format!("Duplicate value: {}", quote(key)));
            }
        }
    }
    let mut both: Vec<&String> =
        token.required_annotations.iter().filter(|key| token.optional_annotations.contains(key)).collect();
    both.sort_unstable();
    both.dedup();
    if !both.is_empty() {
        let both: Vec<String> = both.into_iter().map(|key| quote(key)).collect();
        let why = "annotation keys cannot be both required and optional";
        tell("", format!("Invalid value: [{}]: {why}", both.join(",")));
    }
    if rules::PROVIDER_CACHE_TYPE.holds_in(cluster.release) && token.cache_type.is_none() {
        let text = if token.written_cache_type.is_empty() {
            "Required value: cacheType is required to be set when tokenAttributes is specified. Supported values are: ServiceAccount, Token".to_owned()
        } else {
            let written = quote(&token.written_cache_type);
            format!("Unsupported value: {written}: supported values: \"ServiceAccount\", \"Token\"")
        };
        tell(".cacheType", text);
    }
    told
}

/// Whether a pattern can be read at all, whatever it matches. Source: keyring.go ParseSchemelessURL.
fn is_url(pattern: &str) -> bool {
    urls_match(pattern, "host", None).failed_at != Some(Element::Key)
}

impl CredentialProviderConfig {
    /// The first provider whose name another one has before it. Old kubelets accept that here, and end when they start
    /// the plug-ins.
    #[must_use]
    pub fn duplicate(&self) -> Option<&CredentialProvider> {
        let at = (0..self.providers.len()).find(|at| self.repeats(*at))?;
        self.providers.get(at)
    }

    /// Whether the provider at this place has the name of one before it.
    fn repeats(&self, at: usize) -> bool {
        let name = self.providers.get(at).map(|provider| &provider.name);
        self.providers.iter().take(at).any(|earlier| Some(&earlier.name) == name)
    }
}

impl CredentialProvider {
    /// The first of its patterns that fits the repository.
    #[must_use]
    pub fn fits(&self, repository: &str) -> Option<&str> {
        self.match_images.iter().map(String::as_str).find(|pattern| urls_match(pattern, repository, None).matched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;
    use podwhy_source::json::{Place, parse};

    fn errors(providers: &str, version: &str, minor: u8) -> Vec<String> {
        let text = format!(
            r#"{{"apiVersion":"kubelet.config.k8s.io/{version}","kind":"CredentialProviderConfig","providers":{providers}}}"#
        );
        let node = parse(&text, Place::Within(InputId(0), 0)).unwrap();
        match read(&node, &Cluster::of(Release::minor_unchecked(minor))) {
            Ok((_, problems)) => problems.into_iter().map(|problem| problem.message).collect(),
            Err(problem) => vec![format!("decode: {}", problem.message)],
        }
    }

    const PROVIDER: &str = r#"{"name":"p","matchImages":["*.io"],"apiVersion":"credentialprovider.kubelet.k8s.io/v1alpha1","defaultCacheDuration":"1m"}"#;

    #[test]
    fn versions_come_with_their_releases() {
        let one = format!("[{PROVIDER}]");
        assert!(errors(&one, "v1alpha1", 20).is_empty());
        assert!(errors(&one, "v1beta1", 23)[0].starts_with("decode: no kind"));
        assert!(errors(&one, "v1beta1", 24).is_empty());
        assert!(errors(&one, "v1", 26).is_empty());
    }

    #[test]
    fn newer_releases_refuse_a_name_that_stands_twice() {
        let two = format!("[{PROVIDER},{PROVIDER}]");
        assert!(errors(&two, "v1alpha1", 20).is_empty());
        assert_eq!(errors(&two, "v1alpha1", 33), ["providers.name: Duplicate value: \"p\""]);
    }

    #[test]
    fn what_a_plug_in_wants_of_a_service_account_is_checked() {
        let with = |token: &str, minor| {
            let one = r#"{"name":"p","matchImages":["*.io"],"apiVersion":"credentialprovider.kubelet.k8s.io/v1","defaultCacheDuration":"1m","tokenAttributes":"#;
            errors(&format!("[{one}{token}}}]"), "v1", minor)
        };
        let fine = r#"{"serviceAccountTokenAudience":"a","requireServiceAccount":true,"cacheType":"Token"}"#;
        assert_eq!(with(fine, 34), [""; 0]);
        assert_eq!(with(fine, 32), [""; 0], "the field is not known yet");
        assert!(with(fine, 33)[0].ends_with("feature gate is disabled"), "{:?}", with(fine, 33));
        let bad = r#"{"requireServiceAccount":false,"requiredServiceAccountAnnotationKeys":["a","a"],"optionalServiceAccountAnnotationKeys":["a","-"]}"#;
        let told = with(bad, 34).join("\n");
        for part in [
            "serviceAccountTokenAudience is required",
            "requireServiceAccount cannot be false",
            "Duplicate value: \"a\"",
            "optionalServiceAccountAnnotationKeys: Invalid value: \"-\"",
            "cannot be both required and optional",
            "cacheType is required to be set",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(with("{}", 33).len(), 3, "gate, audience and requireServiceAccount; no cacheType yet");
        let other = fine.replace("Token\"", "Pod\"");
        assert!(with(&other, 34)[0].contains("Unsupported value: \"Pod\""));
    }

    #[test]
    fn arguments_and_variables_are_decoded() {
        let with = |more: &str| errors(&format!("[{}{more}}}]", PROVIDER.trim_end_matches('}')), "v1alpha1", 20);
        assert_eq!(with(r#","args":["a",null],"env":[{"name":"A","value":"b"},null]"#), [""; 0]);
        for bad in
            [r#","args":"a""#, r#","args":[1]"#, r#","env":{"A":"b"}"#, r#","env":["A=b"]"#, r#","env":[{"value":1}]"#]
        {
            assert!(with(bad)[0].starts_with("decode: "), "{bad}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let found = errors(r#"[{"name":"a/ b","matchImages":["x%zz"]}]"#, "v1alpha1", 20);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(errors(r#"[{"defaultCacheDuration":"xyz"}]"#, "v1alpha1", 20)[0].starts_with("decode: "));
    }
}
