//! Host and path of a URL without scheme, as Go's `net/url` reads them (up to Go 1.24.10 and 1.25.1).

use crate::go_url::{Part, UrlError, check_bytes, parse_host, parse_user, unescape};
use std::net::Ipv6Addr;

/// What is left of a URL for the keyring. Both parts are bytes: percent escapes can stand for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    /// Host with port, escapes decoded.
    pub host: Vec<u8>,
    /// Path, escapes decoded; empty or beginning with `/`.
    pub path: Vec<u8>,
    /// Whether something before an `@` was dropped.
    pub had_user: bool,
    /// Whether something from a `?` or `#` on was dropped.
    pub had_query: bool,
    /// Whether a later Go refuses the host because of its brackets.
    pub refused_by_newer_go: bool,
}

/// Reads what follows the scheme and `//`: net/url `Parse`.
pub(super) fn parse(text: &[u8]) -> Result<Url, UrlError> {
    let (before, fragment) = cut(text, b'#');
    check_bytes(before)?;
    let (before, query) = cut(before, b'?');
    let slash = before.iter().position(|byte| *byte == b'/').unwrap_or(before.len());
    let (authority, path) = before.split_at_checked(slash).unwrap_or_default();
    let (user, host) = match authority.iter().rposition(|byte| *byte == b'@') {
        Some(at) => (authority.get(..at), authority.get(at + 1..).unwrap_or_default()),
        None => (None, authority),
    };
    let url = Url {
        refused_by_newer_go: refused_by_newer_go(host),
        host: parse_host(host)?,
        had_user: user.is_some(),
        had_query: query.is_some() || fragment.is_some(),
        path: {
            parse_user(user.unwrap_or_default())?;
            unescape(path, Part::Path)?
        },
    };
    unescape(fragment.unwrap_or_default(), Part::Fragment)?;
    Ok(url)
}

/// Splits host and port: `SplitURL`, and within it Go's `net.SplitHostPort`. What that refuses has no port.
pub(super) fn split_port(host: &[u8]) -> (&[u8], &[u8]) {
    let whole = (host, b"".as_slice());
    let Some(colon) = host.iter().rposition(|byte| *byte == b':') else { return whole };
    let (name, port) = (host.get(..colon).unwrap_or_default(), host.get(colon + 1..).unwrap_or_default());
    let inner = match name {
        [b'[', inner @ .., b']'] => inner,
        _ if name.contains(&b':') => return whole,
        _ => name,
    };
    if [inner, port].iter().any(|part| part.iter().any(|byte| matches!(byte, b'[' | b']'))) {
        return whole;
    }
    (inner, port)
}

/// Go 1.24.11, 1.25.2 and later want an IPv6 address between brackets, and brackets nowhere else.
fn refused_by_newer_go(host: &[u8]) -> bool {
    if !host.contains(&b'[') {
        return false;
    }
    let (name, _) = split_port(host);
    let name = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]")).unwrap_or(name);
    let address = std::str::from_utf8(name).unwrap_or_default();
    let address = address.split_once("%25").map_or(address, |(address, _)| address);
    !host.starts_with(b"[") || address.parse::<Ipv6Addr>().is_err()
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == at) {
        Some(found) => (text.get(..found).unwrap_or_default(), text.get(found + 1..)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_and_path(text: &str) -> (String, String) {
        let url = parse(text.as_bytes()).unwrap();
        (String::from_utf8(url.host).unwrap(), String::from_utf8(url.path).unwrap())
    }

    #[test]
    fn query_fragment_and_user_vanish() {
        assert_eq!(host_and_path("user:pw@reg.io:5000/a?b#c"), ("reg.io:5000".into(), "/a".into()));
        assert_eq!(host_and_path("re?.io"), ("re".into(), String::new()));
    }

    #[test]
    fn escapes_are_decoded_in_paths_and_refused_in_hosts() {
        assert_eq!(host_and_path("reg.io/%61pp").1, "/app");
        assert_eq!(parse(b"reg%2eio"), Err(UrlError::BadEscape(b"%2e".into())));
        assert_eq!(parse(b"reg.io/%z"), Err(UrlError::BadEscape(b"%z".into())));
        assert_eq!(host_and_path("m%C3%BCnchen.io").0, "münchen.io");
    }

    #[test]
    fn what_may_not_stand_in_a_host() {
        assert_eq!(parse(b"a\\b.io"), Err(UrlError::HostCharacter('\\')));
        assert_eq!(parse(b"reg.io:http"), Err(UrlError::Port(":http".into())));
        assert_eq!(parse(b"[a-c].io"), Err(UrlError::Port(".io".into())));
        assert_eq!(parse(b"[a.io"), Err(UrlError::MissingBracket));
        assert_eq!(parse(b"reg.io\n"), Err(UrlError::ControlCharacter));
    }

    #[test]
    fn brackets_that_a_newer_go_refuses() {
        let refused = |text: &[u8]| parse(text).unwrap().refused_by_newer_go;
        assert!(refused(b"r[0-9].io"));
        assert!(refused(b"[2001:db8::*]"));
        assert!(!refused(b"[2001:db8::1]:5000"));
        assert!(!refused(b"[fe80::1%25en0]"));
        assert!(!refused(b"a].io"));
    }

    #[test]
    fn ports_are_split_as_go_does() {
        assert_eq!(split_port(b"reg.io:5000"), (b"reg.io".as_slice(), b"5000".as_slice()));
        assert_eq!(split_port(b"[::1]:80"), (b"::1".as_slice(), b"80".as_slice()));
        assert_eq!(split_port(b"[::1]"), (b"[::1]".as_slice(), b"".as_slice()));
        assert_eq!(split_port(b"r[0-9].io:80"), (b"r[0-9].io:80".as_slice(), b"".as_slice()));
    }
}
