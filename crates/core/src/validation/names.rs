//! The names that Kubernetes accepts. Each function gives the complaints, none if the name is good. Lengths count bytes.
//! Upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go.

use crate::feature::Feature;
use crate::release::Cluster;
use crate::release::Release;
use crate::rule::validation::{LABEL_WITH_DOTS, PORT_NAME};

const LABEL_FORMAT: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const NAME_FORMAT: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const NAME_WORDS: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
/// What such a name or value may be at most, in bytes.
const LABEL_LENGTH: usize = 63;
const SUBDOMAIN_LENGTH: usize = 253;

/// What an empty name is told.
const EMPTY: &str = "must be non-empty";

fn too_long(length: usize) -> String {
    format!("must be no more than {length} characters")
}

fn format_error(words: &str, format: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{words} (e.g. {}regex used for validation is '{format}')", examples.join(" or "))
}

/// Begins and ends with a letter or digit and has only `inner` between; at least one character.
fn is_framed(text: &str, end: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| end(*byte))
        && bytes.last().is_some_and(|byte| end(*byte))
        && bytes.iter().all(|byte| inner(*byte))
}

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    is_framed(text, is_lower, |byte| is_lower(byte) || byte == b'-')
}

fn is_name(text: &str) -> bool {
    is_framed(text, |byte| byte.is_ascii_alphanumeric(), |byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A DNS label: lower-case letters, digits and inner hyphens. Upstream: IsDNS1123Label.
#[must_use]
pub fn dns_label(name: &str, release: Release) -> Vec<String> {
    let mut complaints = Vec::new();
    if name.len() > LABEL_LENGTH {
        complaints.push(too_long(LABEL_LENGTH));
    }
    if !is_label(name) {
        let names_the_dots = LABEL_WITH_DOTS.holds_in(release);
        if names_the_dots && name.split('.').all(is_label) {
            complaints.push("must not contain dots".to_owned());
        } else {
            let words = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
            complaints.push(format_error(words, LABEL_FORMAT, &["my-name", "123-abc"]));
        }
    }
    complaints
}

/// A DNS subdomain: DNS labels of any length joined by dots. Upstream: IsDNS1123Subdomain.
#[must_use]
pub fn dns_subdomain(name: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if name.len() > SUBDOMAIN_LENGTH {
        complaints.push(too_long(SUBDOMAIN_LENGTH));
    }
    if !name.split('.').all(is_label) {
        let words = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
        let format = format!(r"{LABEL_FORMAT}(\.{LABEL_FORMAT})*");
        complaints.push(format_error(words, &format, &["example.com"]));
    }
    complaints
}

/// A DNS subdomain to which something may be added: of one that ends with a hyphen, this and the byte before are looked
/// at as one letter. Upstream: NameIsDNSSubdomain, maskTrailingDash.
#[must_use]
pub fn dns_subdomain_prefix(name: &str) -> Vec<String> {
    let mut masked = name.strip_suffix('-').unwrap_or_default().to_owned();
    if masked.pop().is_some_and(|last| last.is_ascii()) {
        masked.push('a');
        return dns_subdomain(&masked);
    }
    dns_subdomain(name)
}

/// A name with an optional subdomain and slash in front: keys of labels, resources and taints. Upstream:
/// IsQualifiedName.
#[must_use]
pub fn qualified_name(text: &str) -> Vec<String> {
    let words =
        |start: &str| format_error(&format!("{start}{NAME_WORDS}"), NAME_FORMAT, &["MyName", "my.name", "123-abc"]);
    let mut complaints = Vec::new();
    let mut parts = text.split('/');
    let name = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), None, _) => name,
        (Some(prefix), Some(name), None) => {
            if prefix.is_empty() {
                complaints.push(format!("prefix part {EMPTY}"));
            } else {
                complaints
                    .extend(dns_subdomain(prefix).into_iter().map(|complaint| format!("prefix part {complaint}")));
            }
            name
        }
        _ => {
            let optional = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![format!("{} {optional}", words("a qualified name "))];
        }
    };
    if name.is_empty() {
        complaints.push(format!("name part {EMPTY}"));
    } else if name.len() > LABEL_LENGTH {
        complaints.push(format!("name part {}", too_long(LABEL_LENGTH)));
    }
    if !is_name(name) {
        complaints.push(words("name part "));
    }
    complaints
}

/// The value of a label. Upstream: IsValidLabelValue.
#[must_use]
pub fn label_value(value: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if value.len() > LABEL_LENGTH {
        complaints.push(too_long(LABEL_LENGTH));
    }
    if !value.is_empty() && !is_name(value) {
        let words = format!("a valid label must be an empty string or {}", NAME_WORDS.trim_start_matches("must "));
        complaints.push(format_error(&words, &format!("({NAME_FORMAT})?"), &["MyValue", "my_value", "12345"]));
    }
    complaints
}

/// What keeps a name apart from the folders `.` and `..`. Upstream: hasChDirPrefix.
fn folder_complaint(name: &str) -> Option<String> {
    match name {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        _ if name.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._".contains(&byte)
}

/// The name of a variable by the strict rule. Upstream: IsEnvVarName.
#[must_use]
pub fn strict_env_name(name: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let starts_well = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if !starts_well || !name.bytes().all(is_key_byte) {
        let words = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
        let examples = ["my.env-name", "MY_ENV.NAME", "MyEnvName1"];
        complaints.push(format_error(words, "[-._a-zA-Z][-._a-zA-Z0-9]*", &examples));
    }
    complaints.extend(folder_complaint(name));
    complaints
}

/// The name of a variable as the API server of the cluster wants it: strict, or any printable ASCII but `=`. Upstream:
/// ValidateEnv, IsRelaxedEnvVarName.
#[must_use]
pub fn env_name(name: &str, cluster: &Cluster) -> Vec<String> {
    if !cluster.has(Feature::RelaxedEnvironmentVariableValidation) {
        return strict_env_name(name);
    }
    if name.is_empty() {
        return vec![format!("environment variable name {EMPTY}")];
    }
    let printable = |c: char| matches!(c, ' '..='~') && c != '=';
    if name.chars().all(printable) {
        return Vec::new();
    }
    let words = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    vec![words.to_owned()]
}

/// A key of a ConfigMap or a Secret. Upstream: IsConfigMapKey.
#[must_use]
pub fn config_map_key(key: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if key.len() > SUBDOMAIN_LENGTH {
        complaints.push(too_long(SUBDOMAIN_LENGTH));
    }
    if key.is_empty() || !key.bytes().all(is_key_byte) {
        let words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        complaints.push(format_error(words, "[-._a-zA-Z0-9]+", &["key.name", "KEY_NAME", "key-name"]));
    }
    complaints.extend(folder_complaint(key));
    complaints
}

/// The name of a port. Upstream: IsValidPortName.
#[must_use]
pub fn port_name(name: &str, release: Release) -> Vec<String> {
    let mut complaints = Vec::new();
    if name.len() > 15 {
        complaints.push(too_long(15));
    }
    let allowed = |byte: u8| is_lower(byte) || byte == b'-';
    if name.is_empty() || !name.bytes().all(allowed) {
        complaints.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        // The rule was always this one; only the words were wrong.
        let wanted = if PORT_NAME.holds_in(release) { "letter (a-z)" } else { "letter or number (a-z, 0-9)" };
        complaints.push(format!("must contain at least one {wanted}"));
    }
    if name.contains("--") {
        complaints.push("must not contain consecutive hyphens".to_owned());
    }
    if name.starts_with('-') || name.ends_with('-') {
        complaints.push("must not begin or end with a hyphen".to_owned());
    }
    complaints
}

/// The number of a port. Upstream: IsValidPortNum.
#[must_use]
pub fn port_number(number: i64) -> Option<&'static str> {
    (!(1..=65535).contains(&number)).then_some("must be between 1 and 65535, inclusive")
}

/// The name of an HTTP header. Upstream: IsHTTPHeaderName.
#[must_use]
pub fn http_header(name: &str) -> Vec<String> {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Vec::new();
    }
    let words = "a valid HTTP header must consist of alphanumeric characters or '-'";
    vec![format_error(words, "[-A-Za-z0-9]+", &["X-Header-Name"])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_documentation_pass() {
        let release = Release::default();
        for good in ["my-name", "123-abc", "a", "1"] {
            assert!(dns_label(good, release).is_empty(), "{good}");
        }
        for good in ["example.com/MyName", "my.name", "kubernetes.io/arch", "A_b.c"] {
            assert!(qualified_name(good).is_empty(), "{good}");
        }
        assert!(dns_subdomain("a.b-c.d1").is_empty());
        assert!(label_value("").is_empty());
    }

    #[test]
    fn a_hyphen_may_end_what_something_is_added_to() {
        // maskTrailingDash cuts two bytes and adds one letter, so the byte before the hyphen is never looked at.
        for good in ["a-", "a.b-", "A-", "a_-", "a.-", "a"] {
            assert!(dns_subdomain_prefix(good).is_empty(), "{good}");
        }
        for bad in ["-", "A", "Aa-", "a--b_", "é-", ""] {
            assert_eq!(dns_subdomain_prefix(bad).len(), 1, "{bad}");
        }
        assert!(dns_subdomain_prefix(&format!("{}-", "x".repeat(253))).is_empty());
    }

    #[test]
    fn bad_names_are_told_what_is_wrong() {
        assert_eq!(dns_label("a.b", Release::default()), ["must not contain dots"]);
        assert!(dns_label("a.b", Release::OLDEST)[0].starts_with("a lowercase RFC 1123 label"));
        assert_eq!(dns_label(&"x".repeat(64), Release::default()), ["must be no more than 63 characters"]);
        assert_eq!(qualified_name("/a"), ["prefix part must be non-empty"]);
        assert_eq!(qualified_name("").len(), 2);
        assert!(qualified_name("a/b/c")[0].ends_with("'/' (e.g. 'example.com/MyName')"));
        assert!(label_value("a ").len() == 1 && dns_subdomain("a..b").len() == 1 && dns_subdomain("").len() == 1);
    }
}
