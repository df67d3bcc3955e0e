//! The kubelet's CredentialProviderConfig: which plug-ins give credentials for which images.

use crate::api::list;
use crate::credentials::url_match::{Element, urls_match};
use crate::quote::quote;
use crate::release::Release;
use crate::rule::{Rule, pulls as rules};
use crate::time::Duration;
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenAttributes {
    /// `requireServiceAccount`.
    pub require_service_account: bool,
    /// `requiredServiceAccountAnnotationKeys`: without one of them the plug-in is not asked.
    pub required_annotations: Vec<String>,
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

/// Reads a CredentialProviderConfig as the kubelet of `release` does. Unknown fields are passed over.
///
/// The diagnostics are the kubelet's own texts; with any of them it does not start.
///
/// # Errors
/// Kind, version or a type with which it cannot be decoded.
/// Source: pkg/credentialprovider/plugin/config.go decode, validateCredentialProviderConfig.
pub fn read(config: &Node, release: Release) -> Result<(CredentialProviderConfig, Vec<Diagnostic>), Diagnostic> {
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
    let providers = list(config, "providers").map(provider).collect::<Result<Vec<_>, _>>()?;
    let decoded = CredentialProviderConfig { providers };
    let problems = validate(&decoded, config.span, release);
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
    Ok(CredentialProvider {
        name: text("name")?,
        match_images: list(node, "matchImages").map(image).collect::<Result<_, _>>()?,
        api_version: text("apiVersion")?,
        default_cache_duration: duration(node, "defaultCacheDuration")?,
        token: node.get("tokenAttributes").map(|token| TokenAttributes {
            require_service_account: token.get("requireServiceAccount").and_then(Node::as_bool).unwrap_or_default(),
            required_annotations: list(token, "requiredServiceAccountAnnotationKeys")
                .filter_map(Node::as_text)
                .map(str::to_owned)
                .collect(),
        }),
        span: node.span,
    })
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

fn validate(config: &CredentialProviderConfig, whole: Span, release: Release) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut add = |place: Span, field: &str, text: String| {
        problems.push(Diagnostic::error(INVALID, format!("{field}: {text}"), place).at_path(field));
    };
    if config.providers.is_empty() {
        add(whole, "providers", "Required value: at least 1 item in plugins is required".to_owned());
    }
    let accepted = versions("credentialprovider.kubelet.k8s.io", release);
    for (at, provider) in config.providers.iter().enumerate() {
        let mut add = |field: &str, text: String| add(provider.span, &format!("providers.{field}"), text);
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
    }
    problems
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
        match read(&node, Release::minor_unchecked(minor)) {
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
    fn everything_that_is_wrong_is_told() {
        let found = errors(r#"[{"name":"a/ b","matchImages":["x%zz"]}]"#, "v1alpha1", 20);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(errors(r#"[{"defaultCacheDuration":"xyz"}]"#, "v1alpha1", 20)[0].starts_with("decode: "));
    }
}
