//! Secrets in text without structure: options of commands, settings, headers, addresses, TOML.

use super::Mask;
use super::commands::{Shell, header, options};
use super::names::{is_called, is_filled_in_later, is_harmless, says_secret};
use super::shapes::shapes;

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

/// Where a value on a command line or in a line of a manifest ends.
pub(super) fn ends_value(letter: char) -> bool {
    letter.is_whitespace() || "\"',]}".contains(letter)
}

/// A text without the secrets that a name, a program or their own look gives away: values of options, settings such as
/// `Password=…`, headers, passwords in addresses, private keys, tokens.
pub(super) fn loose(text: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(text.len());
    let mut shell = Shell::default();
    for line in text.split_inclusive('\n') {
        let line = options(&addresses(line, mask), mask);
        out.push_str(&settings_within(&headers(&shell.line(&line, mask), mask), mask));
    }
    shapes(&out, mask)
}

/// A line without the values behind `password=` and `"password":`.
fn settings_within(line: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['=', ':']) {
        let (before, after) = rest.split_at(at);
        let is_pair = after.starts_with('=');
        let after = after.get(1..).unwrap_or_default();
        out.push_str(before);
        out.push_str(if is_pair { "=" } else { ":" });
        rest = after;
        // A field of JSON has its name between quotes.
        let named = before.trim_end_matches(['"', '\\']);
        let name = named.rsplit(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).next().unwrap_or_default();
        // The `auth` of a registry is base64, and was looked into.
        let is_field = || is_called(name) && before.ends_with('"') && !name.eq_ignore_ascii_case("auth");
        let is_called = if is_pair { says_secret(name) } else { is_field() };
        let value = after.trim_start_matches(if is_pair { &['"', '\'', '\\'][..] } else { &[' ', '"', '\\'][..] });
        let quotes = after.get(..after.len() - value.len()).unwrap_or_default();
        let quote = quotes.chars().next_back().filter(|letter| "\"'".contains(*letter));
        let end = match quote {
            Some(quote) => value.find([quote, '\\']).unwrap_or(value.trim_end().len()),
            None => value.find(|letter| ends_value(letter) || ";&".contains(letter)).unwrap_or(value.len()),
        };
        let (secret, behind) = value.split_at(end);
        if is_called && (is_pair || quote.is_some()) && !is_harmless(name, secret) && !is_filled_in_later(secret) {
            out.push_str(quotes);
            out.push_str(&mask.placeholder(secret));
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// A line without the values of headers: what stands behind `-H`, and every `Authorization:`.
fn headers(line: &str, mask: &mut Mask) -> String {
    const MARKS: [&str; 3] = ["-H ", "--header ", "--header="];
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    // In letters of one case the places stay the same.
    let place = |rest: &str| {
        let authorization = rest.to_ascii_lowercase().find("authorization:");
        let marks = MARKS.iter().filter_map(|mark| rest.find(mark).map(|at| at + mark.len()));
        marks.chain(authorization).min()
    };
    while let Some(at) = place(rest) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let text = after.trim_start_matches(['\\', '"', '\'']);
        out.push_str(after.get(..after.len() - text.len()).unwrap_or_default());
        let (said, behind) = text.split_at(text.find(['"', '\'', '\\', '\n', '\r']).unwrap_or(text.len()));
        let hidden = header(said, mask);
        // A header goes to its closing quote. Behind the name alone the search goes on.
        let done = if hidden.is_some() { said.len() } else { said.find(':').map_or(said.len(), |at| at + 1) };
        out.push_str(hidden.as_deref().or(said.get(..done)).unwrap_or_default());
        rest = if hidden.is_some() { behind } else { text.get(done..).unwrap_or_default() };
    }
    out.push_str(rest);
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
