//! What names say: whether the value beside a name is a secret.

/// Parts of a name that say that its value is a secret, in capital letters and without separators.
const NAMES: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "CREDENTIAL",
    "AUTHORIZATION",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATEKEY",
    "ENCRYPTIONKEY",
    "SIGNINGKEY",
    "ACCOUNTKEY",
    "MASTERKEY",
    "LICENSEKEY",
    "SSHKEY",
    "AUTHKEY",
    "SHAREDKEY",
    "STORAGEKEY",
    "SESSIONKEY",
    "HMACKEY",
    "JWTKEY",
    "DEPLOYKEY",
];

/// What a name ends in whose value is a place and no secret, in capital letters.
const PLACES: &[&str] = &["FILE", "PATH", "DIR", "MOUNT"];

/// A name's letters and digits as capitals, without what stands between them.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a name, such as that of a variable, says that what it names is a secret.
#[must_use]
pub fn says_secret(name: &str) -> bool {
    let letters = letters(name);
    // A shell's own variables name folders.
    let password = letters.ends_with("PASS") || letters.ends_with("PWD") && !["PWD", "OLDPWD"].contains(&name);
    password || NAMES.iter().any(|part| letters.contains(part))
}

/// Whether a field with this very name holds a secret, in whatever object.
pub(super) fn is_called(name: &str) -> bool {
    const CALLED: &[&str] =
        &["AUTH", "PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "TOKEN", "APIKEY", "ACCESSKEY", "SECRETKEY", "PRIVATEKEY"];
    CALLED.contains(&letters(name).as_str())
}

/// Whether an annotation with this name holds a secret: `example.com/api-token`.
pub(super) fn annotates_secret(name: &str) -> bool {
    let last = letters(name.rsplit('/').next().unwrap_or_default());
    says_secret(&last) && NAMES.iter().chain(&["PASS", "PWD"]).any(|part| last.ends_with(part))
}

/// Whether the value beside a name that says secret is none after all: a reference to a variable, a switch, or the place
/// of a file.
pub(super) fn is_harmless(name: &str, value: &str) -> bool {
    let is_place = || value.starts_with(['/', '.', '~']) && PLACES.iter().any(|word| letters(name).ends_with(word));
    value.is_empty() || ["true", "false"].contains(&value) || is_reference(value) || is_place()
}

/// Whether a value is nothing but a reference to another variable.
fn is_reference(text: &str) -> bool {
    text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')).is_some_and(|name| !name.contains(['$', '(', ')']))
}

/// Whether a word in a script or a template only stands for a secret: `$PASS`, `{{ .password }}`, `<password>`.
pub(super) fn is_filled_in_later(word: &str) -> bool {
    let is_variable = word
        .strip_prefix('$')
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || "_({".contains(letter)));
    is_variable || word.starts_with("{{") || word.starts_with('<') && word.ends_with('>')
}
