//! The parts of a URL as Go's `net/url` reads them (up to Go 1.24.10 and 1.25.1), for keys of credentials and for hooks.

use std::fmt;

/// Which part of a URL is encoded or decoded: `url.encoding`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Path,
    UserPassword,
    Host,
    Zone,
    Fragment,
}

/// Why a text is no URL. In words it is what a reader of a key is told; the kubelet's own words are those of
/// [`crate::lifecycle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UrlError {
    ControlCharacter,
    BadEscape(Vec<u8>),
    HostCharacter(char),
    UserInfo,
    MissingBracket,
    Port(String),
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ControlCharacter => write!(f, "it holds a control character"),
            Self::BadEscape(escape) => {
                write!(f, "`{}` is no escape that may stand here", String::from_utf8_lossy(escape))
            }
            Self::HostCharacter(' ') => write!(f, "a blank may not stand in a host"),
            Self::HostCharacter(c) => write!(f, "`{c}` may not stand in a host"),
            Self::UserInfo => write!(f, "the part before `@` holds a character that may not stand there"),
            Self::MissingBracket => {
                write!(f, "a host that begins with `[` is read as an IPv6 address, and its `]` is missing")
            }
            Self::Port(port) if port.starts_with(':') => write!(f, "the port `{port}` is no number"),
            Self::Port(rest) => {
                write!(f, "a host that begins with `[` is read as an IPv6 address, and `{rest}` may not follow it")
            }
        }
    }
}

/// Refuses control characters, which stand nowhere in a URL.
pub(crate) fn check_bytes(text: &[u8]) -> Result<(), UrlError> {
    let control = text.iter().any(|byte| *byte < b' ' || *byte == 0x7f);
    if control { Err(UrlError::ControlCharacter) } else { Ok(()) }
}

/// The host with its port, escapes decoded: `parseHost`.
pub(crate) fn parse_host(host: &[u8]) -> Result<Vec<u8>, UrlError> {
    if host.starts_with(b"[") {
        let close = host.iter().rposition(|byte| *byte == b']').ok_or(UrlError::MissingBracket)?;
        let (address, rest) = host.split_at_checked(close).unwrap_or_default();
        check_port(rest.get(1..).unwrap_or_default())?;
        // A zone follows `%25` and may hold more escapes than a host.
        if let Some(zone) = address.windows(3).position(|bytes| bytes == b"%25") {
            let (address, zone) = address.split_at_checked(zone).unwrap_or_default();
            let parts = [unescape(address, Part::Host)?, unescape(zone, Part::Zone)?, unescape(rest, Part::Host)?];
            return Ok(parts.concat());
        }
    } else if let Some(colon) = host.iter().rposition(|byte| *byte == b':') {
        check_port(host.get(colon..).unwrap_or_default())?;
    }
    unescape(host, Part::Host)
}

fn check_port(port: &[u8]) -> Result<(), UrlError> {
    match port {
        [] => Ok(()),
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(UrlError::Port(String::from_utf8_lossy(port).into_owned())),
    }
}

/// Name and password before an `@`, escapes decoded. A `:` cannot be part of an escape.
pub(crate) fn parse_user(user: &[u8]) -> Result<(Vec<u8>, Option<Vec<u8>>), UrlError> {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(allowed) {
        return Err(UrlError::UserInfo);
    }
    let mut parts = user.splitn(2, |byte| *byte == b':');
    let name = unescape(parts.next().unwrap_or_default(), Part::UserPassword)?;
    Ok((name, parts.next().map(|password| unescape(password, Part::UserPassword)).transpose()?))
}

/// The bytes that a part stands for: `unescape`.
pub(crate) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, UrlError> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if *byte != b'%' {
            if in_host && byte.is_ascii() && !may_stand_in_host(*byte) {
                return Err(UrlError::HostCharacter(char::from(*byte)));
            }
            out.push(*byte);
            rest = after;
            continue;
        }
        let written = rest.get(..3.min(rest.len())).unwrap_or_default();
        let refused = || UrlError::BadEscape(written.to_vec());
        let hex = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let [high, low, after @ ..] = after else { return Err(refused()) };
        let (Some(high), Some(low)) = (hex(*high), hex(*low)) else { return Err(refused()) };
        let value = high * 16 + low;
        let allowed = match part {
            // In a host only bytes beyond ASCII, and the percent sign of a zone.
            Part::Host => value >= 0x80 || value == b'%',
            Part::Zone => value == b'%' || value == b' ' || may_stand_in_host(value),
            Part::Path | Part::UserPassword | Part::Fragment => true,
        };
        if !allowed {
            return Err(refused());
        }
        out.push(value);
        rest = after;
    }
    Ok(out)
}

/// Whether a byte stands for itself in a host: `shouldEscape` of `encodeHost`, turned round.
pub(crate) fn may_stand_in_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte)
}
