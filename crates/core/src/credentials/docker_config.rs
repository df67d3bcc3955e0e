//! `config.json` and `.dockercfg`, read as the kubelet reads them: pkg/credentialprovider/config.go.
//!
//! The same reading serves the node's file and the text inside a Secret. It is Go's `encoding/json`: field names
//! match without case, of equal fields the last one counts, null changes nothing, and one wrong type anywhere fails
//! the whole text.

use podwhy_source::base64::{self, Padding};
use podwhy_source::json::{self, Place};
use podwhy_source::{Entry, Map, Names, Node, Span, Value};
use serde::{Serialize, Serializer};
use std::fmt;

/// The two forms of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Format {
    /// `config.json`: entries stand under `auths`.
    #[serde(rename = ".dockerconfigjson")]
    DockerConfigJson,
    /// `.dockercfg`: entries stand at the top.
    #[serde(rename = ".dockercfg")]
    DockerCfg,
}

impl Format {
    /// The type of the Secrets that hold this form.
    #[must_use]
    pub fn secret_type(self) -> &'static str {
        match self {
            Self::DockerConfigJson => "kubernetes.io/dockerconfigjson",
            Self::DockerCfg => "kubernetes.io/dockercfg",
        }
    }

    /// The key under which such a Secret holds the text.
    #[must_use]
    pub fn data_key(self) -> &'static str {
        match self {
            Self::DockerConfigJson => ".dockerconfigjson",
            Self::DockerCfg => ".dockercfg",
        }
    }

    /// The form that Secrets of this type hold.
    #[must_use]
    pub fn of_secret_type(name: &str) -> Option<Self> {
        [Self::DockerConfigJson, Self::DockerCfg].into_iter().find(|format| format.secret_type() == name)
    }
}

/// What a registry is given to let the kubelet in. Neither `Debug` nor serialising shows the password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential {
    /// The user's name.
    pub username: String,
    /// The password or token.
    pub password: String,
    /// The e-mail address; no registry asks for it.
    pub email: String,
}

impl Credential {
    /// Whether neither a user nor a password is there; such a credential is tried all the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.username.is_empty() && self.password.is_empty()
    }

    /// User and password as one text, by which two credentials are the same to a registry. Never to be shown.
    pub(super) fn name(&self) -> String {
        format!("{} {}{}", self.username.len(), self.username, self.password)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "username: {:?}, password: ••••", self.username)
    }
}

impl Serialize for Credential {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Credential", 3)?;
        fields.serialize_field("username", &self.username)?;
        fields.serialize_field("has_password", &!self.password.is_empty())?;
        fields.serialize_field("email", &self.email)?;
        fields.end()
    }
}

/// A field that the kubelet does not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IgnoredField {
    /// The field's name as written.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
}

/// A key for display: a password before its `@` is masked.
#[must_use]
pub fn masked_key(key: &str) -> String {
    let authority = key.split_once("://").map_or(key, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
        Some((_, password)) if !password.is_empty() => key.replacen(&format!(":{password}@"), ":••••@", 1),
        _ => key.to_owned(),
    }
}

/// One registry's entry.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ConfigEntry {
    /// The key as written; serialised and printed by [`masked_key`].
    #[serde(serialize_with = "serialize_masked_key")]
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// What is read of it.
    pub credential: Credential,
    /// Fields of the entry that are not read, such as `identitytoken`.
    pub ignored: Vec<IgnoredField>,
}

fn serialize_masked_key<S: Serializer>(key: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&masked_key(key))
}

impl fmt::Debug for ConfigEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", masked_key(&self.key), self.credential)
    }
}

/// The credentials of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DockerConfig {
    /// The entries that count, in written order; keys are unique.
    pub entries: Vec<ConfigEntry>,
    /// Entries that an equal key further down replaces as a whole, and those that a later `"auths": null` removes.
    pub replaced: Vec<ConfigEntry>,
    /// Fields beside the entries that are not read, such as `credsStore` and `credHelpers`.
    pub ignored: Vec<IgnoredField>,
}

/// Why a text is no usable configuration; the kubelet then takes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigError {
    /// What is wrong, as a plain sentence without the text itself.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether the text is no JSON at all, or no JSON object. The API server refuses a Secret with such a text.
    pub not_an_object: bool,
}

/// What the kubelet logs for every file that it cannot read.
pub const UNREADABLE: &str = "error occurred while trying to unmarshal json";

/// Reads a text: `readDockerConfigJSONFileFromBytes` and `readDockerConfigFileFromBytes`.
///
/// # Errors
/// The first thing that Go's reader would stumble over; the whole text then counts for nothing.
pub fn parse(text: &str, format: Format, place: Place) -> Result<DockerConfig, ConfigError> {
    let root = json::parse(text, place).map_err(|error| ConfigError {
        message: format!("The text is no JSON: {}.", error.message),
        span: error.span,
        not_an_object: true,
    })?;
    let mut config = DockerConfig::default();
    let Some(fields) = object(&root, "the text").map_err(|error| ConfigError { not_an_object: true, ..error })? else {
        return Ok(config);
    };
    match format {
        Format::DockerCfg => config.add(fields)?,
        Format::DockerConfigJson => {
            for field in &fields.entries {
                config.read_field(field)?;
            }
        }
    }
    Ok(config)
}

/// Reads the bytes of a Secret; what is not UTF-8 reads as U+FFFD.
///
/// # Errors
/// As [`parse`].
pub fn parse_bytes(bytes: &[u8], format: Format, place: Place) -> Result<DockerConfig, ConfigError> {
    parse(&text_of(bytes), format, place)
}

impl DockerConfig {
    fn read_field(&mut self, field: &Entry) -> Result<(), ConfigError> {
        if names(&field.key, "auths") {
            match object(&field.value, "`auths`")? {
                Some(entries) => self.add(entries)?,
                None => self.replaced.append(&mut self.entries),
            }
            return Ok(());
        }
        if names(&field.key, "HttpHeaders")
            && let Some(headers) = object(&field.value, "`HttpHeaders`")?
        {
            for header in &headers.entries {
                text(&header.value, "a header in `HttpHeaders`")?;
            }
        }
        self.ignored.push(IgnoredField { name: field.key.clone(), span: field.key_span });
        Ok(())
    }

    fn add(&mut self, entries: &Map) -> Result<(), ConfigError> {
        // Positions by key, so that a long file of equal keys stays linear.
        let before: Vec<String> = self.entries.iter().map(|entry| entry.key.clone()).collect();
        let mut known: Names = before.iter().map(String::as_str).collect();
        for written in &entries.entries {
            let entry = read_entry(written)?;
            match self.entries.get_mut(known.add(&written.key).0) {
                Some(earlier) => self.replaced.push(std::mem::replace(earlier, entry)),
                None => self.entries.push(entry),
            }
        }
        Ok(())
    }
}

fn read_entry(entry: &Entry) -> Result<ConfigEntry, ConfigError> {
    let mut read = ConfigEntry {
        key: entry.key.clone(),
        key_span: entry.key_span,
        credential: Credential::default(),
        ignored: Vec::new(),
    };
    let mut auth = None;
    let fields = object(&entry.value, &format!("the entry `{}`", masked_key(&entry.key)))?;
    for field in fields.map(|map| map.entries.as_slice()).unwrap_or_default() {
        let credential = &mut read.credential;
        let name = ["username", "password", "email", "auth"].into_iter().find(|name| names(&field.key, name));
        let Some(name) = name else {
            read.ignored.push(IgnoredField { name: field.key.clone(), span: field.key_span });
            continue;
        };
        let Some(value) = text(&field.value, &format!("`{name}` of `{}`", masked_key(&entry.key)))? else { continue };
        match name {
            "username" => credential.username = value.to_owned(),
            "password" => credential.password = value.to_owned(),
            "email" => credential.email = value.to_owned(),
            _ => auth = Some((value, field.value.span)),
        }
    }
    if let Some((auth, span)) = auth.filter(|(auth, _)| !auth.is_empty()) {
        let (username, password) = decode_auth(auth).map_err(|problem| ConfigError {
            message: format!("`auth` of `{}` {problem}.", masked_key(&entry.key)),
            span,
            not_an_object: false,
        })?;
        read.credential.username = username;
        read.credential.password = password;
    }
    Ok(read)
}

/// `decodeDockerConfigFieldAuth`: user and password from base64, padded or not.
fn decode_auth(auth: &str) -> Result<(String, String), &'static str> {
    let padding = if auth.trim().ends_with('=') { Padding::Required } else { Padding::Forbidden };
    let decoded = base64::decode(auth, padding).ok_or("is not base64")?;
    let decoded = text_of(&decoded);
    let (username, password) = decoded.split_once(':').ok_or("has no colon between user and password")?;
    Ok((username.to_owned(), password.to_owned()))
}

/// Bytes as text, each byte that is not UTF-8 as U+FFFD.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Whether Go's JSON reader takes `key` for the field `name`: equal under Unicode's simple case folding.
/// Two letters beyond ASCII fold into it: the long s and the Kelvin sign.
fn names(key: &str, name: &str) -> bool {
    let fold = |c: char| match c {
        'ſ' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(name.chars().map(fold))
}

fn object<'a>(node: &'a Node, what: &str) -> Result<Option<&'a Map>, ConfigError> {
    match &node.value {
        Value::Map(map) => Ok(Some(map)),
        Value::Null => Ok(None),
        _ => Err(wrong_type(node, what, "an object")),
    }
}

fn text<'a>(node: &'a Node, what: &str) -> Result<Option<&'a str>, ConfigError> {
    match &node.value {
        Value::Text(text) => Ok(Some(text)),
        Value::Null => Ok(None),
        _ => Err(wrong_type(node, what, "a text")),
    }
}

fn wrong_type(node: &Node, what: &str, wanted: &str) -> ConfigError {
    let mut message = format!("{what} must be {wanted}, not {}.", node.kind_name());
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    ConfigError { message, span: node.span, not_an_object: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podwhy_source::InputId;

    fn read(text: &str) -> Result<DockerConfig, ConfigError> {
        parse(text, Format::DockerConfigJson, Place::Within(InputId(0), 0))
    }

    #[test]
    fn auth_wins_over_user_and_password() {
        let config = read(r#"{"auths":{"r.io":{"username":"x","password":"y","auth":"YTpiOmM="}}}"#).unwrap();
        assert_eq!(config.entries[0].credential.username, "a");
        assert_eq!(config.entries[0].credential.password, "b:c");
    }

    #[test]
    fn keys_keep_their_place_and_the_last_of_equal_keys_wins() {
        let text = r#"{"auths":{"r.io":{"username":"x"},"r.io":{"email":"e"}}}"#;
        let config = read(text).unwrap();
        assert_eq!(config.entries.len(), 1);
        assert_eq!(config.entries[0].credential.username, "");
        assert_eq!(config.entries[0].key_span.start as usize, text.rfind("\"r.io\"").unwrap());
        assert_eq!(config.replaced.len(), 1);
    }

    #[test]
    fn what_is_not_read_is_named() {
        let text = r#"{"auths":{"r.io":{"identitytoken":"t"}},"credsStore":"desktop","credHelpers":{"a":"b"}}"#;
        let config = read(text).unwrap();
        let names: Vec<_> = config.ignored.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["credsStore", "credHelpers"]);
        assert_eq!(config.entries[0].ignored[0].name, "identitytoken");
        assert!(config.entries[0].credential.is_empty());
    }

    #[test]
    fn one_bad_entry_fails_the_whole_text() {
        let error = read(r#"{"auths":{"good.io":{"auth":"YTpi"},"bad.io":{"auth":"%%"}}}"#).unwrap_err();
        assert_eq!(error.message, "`auth` of `bad.io` is not base64.");
        let error = read(r#"{"auths":{"r.io":{"auth":"cGFudHM="}}}"#).unwrap_err();
        assert_eq!(error.message, "`auth` of `r.io` has no colon between user and password.");
        assert!(read(r#"{"auths":[]}"#).unwrap_err().message.starts_with("`auths` must be an object"));
        assert!(read(r#"{"auths":{}} x"#).unwrap_err().not_an_object);
    }

    #[test]
    fn a_password_inside_a_key_is_masked() {
        assert_eq!(masked_key("https://user:hidden@r.io/x"), "https://user:••••@r.io/x");
        assert_eq!(masked_key("user@r.io:5000"), "user@r.io:5000");
        let error = read(r#"{"auths":{"u:hidden@r.io":{"auth":"%"}}}"#).unwrap_err();
        assert!(!error.message.contains("hidden"), "{}", error.message);
    }

    #[test]
    fn the_password_is_never_printed() {
        let config = read(r#"{"auths":{"u:hidden@r.io":{"username":"alice","password":"hidden"}}}"#).unwrap();
        let printed = format!("{config:?}");
        assert!(printed.contains("alice") && printed.contains("••••") && !printed.contains("hidden"), "{printed}");
    }
}
