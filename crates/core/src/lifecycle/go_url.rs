//! URLs as Go's `net/url` reads and writes them: the kubelet's hooks go where this says, also for odd paths.

use crate::go_url::{Part, UrlError, check_bytes, may_stand_in_host, parse_host, parse_user, unescape};
use crate::quote::quote;
use std::fmt;

/// A URL taken apart. Path, fragment and host are decoded and may be any bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub scheme: String,
    pub opaque: String,
    user: Option<(Vec<u8>, Option<Vec<u8>>)>,
    pub host: Vec<u8>,
    omit_host: bool,
    pub path: Vec<u8>,
    /// The path as written, where encoding the decoded one would give something else.
    raw_path: String,
    force_query: bool,
    raw_query: String,
    fragment: Vec<u8>,
    raw_fragment: String,
}

impl Url {
    /// `url.Parse`. The error is its text, with `parse "...": ` in front.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let failed = |url: &str, reason: String| format!("parse {}: {reason}", quote(url));
        let mut url = Self::parse_without_fragment(before).map_err(|reason| failed(before, reason))?;
        if !fragment.is_empty() {
            let decoded = unescape(fragment.as_bytes(), Part::Fragment);
            url.fragment = decoded.map_err(|error| failed(text, words(&error)))?;
            if escape(&url.fragment, Part::Fragment) != fragment {
                fragment.clone_into(&mut url.raw_fragment);
            }
        }
        Ok(url)
    }

    fn parse_without_fragment(text: &str) -> Result<Self, String> {
        check_bytes(text.as_bytes()).map_err(|error| words(&error))?;
        let mut url = Self::default();
        if text == "*" {
            url.path = b"*".to_vec();
            return Ok(url);
        }
        let (scheme, mut rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        if let Some(bare) = rest.strip_suffix('?').filter(|bare| !bare.contains('?')) {
            url.force_query = true;
            rest = bare;
        } else if let Some((path, query)) = rest.split_once('?') {
            query.clone_into(&mut url.raw_query);
            rest = path;
        }
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                rest.clone_into(&mut url.opaque);
                return Ok(url);
            }
            if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let has_authority = !url.scheme.is_empty() || !rest.starts_with("///");
        if let Some(after) = rest.strip_prefix("//").filter(|_| has_authority) {
            let slash = after.find('/').unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(slash).unwrap_or_default();
            url.read_authority(authority).map_err(|error| words(&error))?;
            rest = path;
        } else if !url.scheme.is_empty() && rest.starts_with('/') {
            url.omit_host = true;
        }
        url.path = unescape(rest.as_bytes(), Part::Path).map_err(|error| words(&error))?;
        if escape(&url.path, Part::Path) != rest {
            rest.clone_into(&mut url.raw_path);
        }
        Ok(url)
    }

    fn read_authority(&mut self, authority: &str) -> Result<(), UrlError> {
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        self.host = parse_host(host.as_bytes())?;
        self.user = user.map(|user| parse_user(user.as_bytes())).transpose()?;
        Ok(())
    }

    /// The host with port that a request goes to.
    pub fn host_text(&self) -> String {
        String::from_utf8_lossy(&self.host).into_owned()
    }
}

impl fmt::Display for Url {
    /// `url.String`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.scheme.is_empty() {
            write!(f, "{}:", self.scheme)?;
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(f)?;
        } else {
            f.write_str(&self.opaque)?;
        }
        if self.force_query || !self.raw_query.is_empty() {
            write!(f, "?{}", self.raw_query)?;
        }
        if !self.fragment.is_empty() {
            write!(f, "#{}", written_or_escaped(&self.raw_fragment, &self.fragment, Part::Fragment))?;
        }
        Ok(())
    }
}

impl Url {
    fn write_hierarchy(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing_before = self.scheme.is_empty() && self.host.is_empty() && self.user.is_none();
        let omitted = self.omit_host && self.host.is_empty() && self.user.is_none();
        if !nothing_before && !omitted {
            if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                f.write_str("//")?;
            }
            if let Some((name, password)) = &self.user {
                f.write_str(&escape(name, Part::UserPassword))?;
                if let Some(password) = password {
                    write!(f, ":{}", escape(password, Part::UserPassword))?;
                }
                f.write_str("@")?;
            }
            f.write_str(&escape(&self.host, Part::Host))?;
        }
        let path = if self.raw_path.is_empty() && self.path == b"*" {
            "*".to_owned()
        } else {
            written_or_escaped(&self.raw_path, &self.path, Part::Path)
        };
        if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
            f.write_str("/")?;
        }
        if nothing_before && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
            f.write_str("./")?;
        }
        f.write_str(&path)
    }
}

/// A URL with nothing but this path: what the kubelet falls back to for a path that is no URL.
pub(super) fn with_path(path: &str) -> Url {
    Url { path: path.as_bytes().to_vec(), ..Url::default() }
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok(text.split_once(':').unwrap_or(("", text))),
            _ => break,
        }
    }
    Ok(("", text))
}

/// The error as Go words it.
fn words(error: &UrlError) -> String {
    match error {
        UrlError::ControlCharacter => "net/url: invalid control character in URL".to_owned(),
        UrlError::BadEscape(escape) => format!("invalid URL escape {}", quote_bytes(escape)),
        UrlError::HostCharacter(character) => {
            format!("invalid character {} in host name", quote(&character.to_string()))
        }
        UrlError::UserInfo => "net/url: invalid userinfo".to_owned(),
        UrlError::MissingBracket => "missing ']' in host".to_owned(),
        UrlError::Port(port) => format!("invalid port {} after host", quote(port)),
    }
}

/// `strconv.Quote` of bytes that may end within a character.
fn quote_bytes(bytes: &[u8]) -> String {
    let Some(chunk) = bytes.utf8_chunks().next() else { return quote("") };
    let quoted = quote(chunk.valid());
    let cut = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    format!("{}{cut}\"", quoted.strip_suffix('"').unwrap_or(&quoted))
}

fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    match part {
        Part::Host | Part::Zone => !may_stand_in_host(byte),
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        Part::UserPassword => !b"$&+,;=".contains(&byte),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&byte),
    }
}

fn escape(bytes: &[u8], part: Part) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if must_escape(*byte, part) {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push(char::from(*byte));
        }
    }
    out
}

/// `EscapedPath` and `EscapedFragment`: as written if that is a valid encoding of the decoded bytes.
fn written_or_escaped(written: &str, decoded: &[u8], part: Part) -> String {
    let valid = |byte: u8| b"!$&'()*+,;=:@[]%".contains(&byte) || !must_escape(byte, part);
    let stands = !written.is_empty()
        && written.bytes().all(valid)
        && unescape(written.as_bytes(), part).is_ok_and(|bytes| bytes == decoded);
    if stands { written.to_owned() } else { escape(decoded, part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        Url::parse(text).unwrap().to_string()
    }

    #[test]
    fn what_is_written_in_a_valid_way_stays() {
        for text in ["http://h:80//a%2Fb", "http://h/a;b?c=d e", "http:b", "http://u:p@h/", "/a%41", "http://h/[x]"] {
            assert_eq!(again(text), text);
        }
    }

    #[test]
    fn the_rest_is_encoded() {
        assert_eq!(again("http://h:80/a b"), "http://h:80/a%20b");
        assert_eq!(again("http://h/é"), "http://h/%C3%A9");
        assert_eq!(again("http://h/&##a?x="), "http://h/&#%23a?x=");
        assert_eq!(again("HTTP://h?"), "http://h?");
    }

    #[test]
    fn errors_in_their_own_words() {
        let error = |text| Url::parse(text).unwrap_err();
        assert_eq!(error("http://h:-1/x"), r#"parse "http://h:-1/x": invalid port ":-1" after host"#);
        assert_eq!(error("http://a b/x"), r#"parse "http://a b/x": invalid character " " in host name"#);
        assert_eq!(error("http://h/%%"), r#"parse "http://h/%%": invalid URL escape "%%""#);
        assert_eq!(error(":bad"), r#"parse ":bad": missing protocol scheme"#);
        assert_eq!(error("a\n"), r#"parse "a\n": net/url: invalid control character in URL"#);
    }
}
