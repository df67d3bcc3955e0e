//! Secrets in text without structure: options of commands, addresses, settings of TOML.

use super::Mask;

/// Letters that only credentials have, or that hide what is written.
const SUSPICIOUS: &[&str] = &["dockerconfigjson", "dockercfg", "BEGIN ", "\\u", "\\x"];

/// Words of keys below which a Secret or a file of credentials has its values.
const HOLDERS: &[&str] = &["data", "stringData", "auth", "auths"];

/// Fields of the API that name a Secret, and hold none.
const FIELDS: &[&str] = &[
    "imagePullSecrets",
    "secret",
    "secrets",
    "secretName",
    "secretRef",
    "secretKeyRef",
    "serviceAccountToken",
    "automountServiceAccountToken",
];

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

/// Whether a document that cannot be read may hold credentials. What names a Secret as a pod does holds none.
pub(super) fn may_hold_credentials(text: &str) -> bool {
    let is_config_map = text.lines().any(|line| line.trim_end() == "kind: ConfigMap");
    let has_values = words(text).any(|word| word.text == "value" && word.is_key);
    let says = |word: Word<'_>| match word.text {
        "Secret" | "SecretList" => true,
        "data" if is_config_map => false,
        holder if HOLDERS.contains(&holder) => word.is_key,
        field if FIELDS.contains(&field) => false,
        // The name of a variable stands beside its value.
        name if word.is_key || has_values => says_secret(name),
        name => is_called(name),
    };
    SUSPICIOUS.iter().any(|letters| text.contains(letters)) || words(text).any(says)
}

/// Whether a comment may hold credentials: as what was a Secret before it was commented out.
pub(super) fn comment_may_hold_credentials(comment: &str) -> bool {
    words(comment).any(|word| word.is_key && (HOLDERS.contains(&word.text) || says_secret(word.text)))
        || comment.trim_start_matches(['#', ' ']).starts_with("kind: Secret")
}

/// Whether a field with this very name holds a secret, in whatever object.
pub(super) fn is_called(name: &str) -> bool {
    const CALLED: &[&str] =
        &["AUTH", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "APIKEY", "ACCESSKEY", "SECRETKEY", "PRIVATEKEY"];
    CALLED.contains(&letters(name).as_str())
}

/// Whether a text holds settings, one a line, of which one is named a secret: `password=…`.
pub(super) fn sets_secret(text: &str) -> bool {
    words(text).any(|word| word.is_key && says_secret(word.text))
}

/// A word of a text without structure.
struct Word<'t> {
    text: &'t str,
    /// Whether a `:` or `=` follows, behind a quote or not.
    is_key: bool,
}

/// Runs of letters, digits and what stands within names.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let mut rest = text;
    std::iter::from_fn(move || {
        let from = rest.find(is_letter)?;
        let begun = rest.get(from..)?;
        let end = begun.find(|letter| !is_letter(letter)).unwrap_or(begun.len());
        let (word, after) = begun.split_at(end);
        rest = after;
        let after = after.trim_start_matches(['"', '\'']).trim_start_matches(' ');
        Some(Word { text: word, is_key: after.starts_with([':', '=']) })
    })
}

/// A name's letters and digits as capitals, without what stands between them.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a name, such as that of a variable, says that what it names is a secret.
#[must_use]
pub fn says_secret(name: &str) -> bool {
    let letters = letters(name);
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
