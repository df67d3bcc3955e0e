//! Secrets in text without structure: options of commands, addresses, settings of TOML.

use super::Mask;

/// Words that only credentials and the commands that make them contain.
const SUSPICIOUS: &[&str] =
    &["dockerconfigjson", "dockercfg", "stringData", "\"auth", "'auth", "auths", "BEGIN ", "\\u", "\\x", "data"];

/// Parts of a name that say that its value is a secret, in capital letters and without separators.
const NAMES: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATEKEY",
    "CREDENTIAL",
    "AUTHORIZATION",
];

/// Whether a document that cannot be read may hold credentials.
pub(super) fn may_hold_credentials(text: &str) -> bool {
    SUSPICIOUS.iter().any(|word| text.contains(word)) || says_secret(text)
}

/// Whether a name, such as that of a variable, says that what it names is a secret.
#[must_use]
pub fn says_secret(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    NAMES.iter().any(|part| letters.contains(part)) || letters.ends_with("PASS")
}

/// Where a value on a command line or in a line of a manifest ends.
fn ends_value(letter: char) -> bool {
    letter.is_whitespace() || "\"',]}".contains(letter)
}

/// A text without the values of options such as `--docker-password=…`, and without passwords in addresses.
pub(super) fn options(text: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let line = addresses(line, mask);
        let in_command = line.contains("kubectl ") || line.trim_start().starts_with("--");
        let mut rest = line.as_str();
        while let Some(at) = rest.find("--") {
            let (before, option) = rest.split_at(at);
            out.push_str(before);
            let name = option.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).next().unwrap_or("");
            let (name, after) = option.split_at(name.len());
            out.push_str(name);
            rest = after;
            let separator = after.chars().next().filter(|c| *c == '=' || *c == ' ' && in_command);
            let (Some(separator), true) = (separator, says_secret(name) || name == "--from-literal") else { continue };
            let value = after.get(1..).unwrap_or_default();
            // A quote around the value stays outside.
            let quote = value.len() - value.trim_start_matches(['"', '\'']).len();
            let key = match value.find('=') {
                Some(at) if name == "--from-literal" => at + 1,
                _ => quote,
            };
            let (kept, value) = value.split_at(key.max(quote));
            let (value, after) = value.split_at(value.find(ends_value).unwrap_or(value.len()));
            out.push(separator);
            out.push_str(kept);
            out.push_str(&if value.starts_with('-') { value.to_owned() } else { mask.placeholder(value) });
            rest = after;
        }
        out.push_str(rest);
    }
    out
}

/// `https://user:password@host` without the password.
fn addresses(line: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        out.push_str(before);
        let authority = after.split(|c| ends_value(c) || "/?#".contains(c)).next().unwrap_or("");
        let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        rest = after;
        if let Some((name, password)) = user {
            out.push_str(&format!("{name}:{}", mask.placeholder(password)));
            rest = after.get(name.len() + 1 + password.len()..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// Settings of TOML, one a line, without the values of secrets.
pub(super) fn settings(text: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let secret = line.split_once('=').filter(|(key, value)| {
            let key = key.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
            (key == "auth" || says_secret(&key)) && value.trim_start().starts_with(['"', '\''])
        });
        let Some((key, value)) = secret else {
            out.push_str(&addresses(line, mask));
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        out.push_str(&format!("{key}= \"{}\"\n", mask.placeholder(value)));
    }
    out
}
