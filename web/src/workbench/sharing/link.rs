//! A workspace as the fragment of an address. Fragments are never sent: who opens a link tells nobody what is in it.

use super::browser::{Inflate, deflate, inflate};
use podwhy_core::session::workspace::{Workspace, WorkspaceError};

/// Why a fragment opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It was made by a newer version of the page.
    Newer,
    /// It is cut off or changed on its way.
    Broken,
    /// It holds more than is read.
    TooLarge,
    /// It holds something else than a workspace.
    Unreadable(String),
}

impl LinkError {
    /// What to tell who opened it.
    pub fn words(&self) -> String {
        match self {
            Self::Newer => "This link was made by a newer version of Podwhy. Reload the page; if that does not help, ask for the workspace as a file.".to_owned(),
            Self::Broken => "This link is broken: it was cut off or changed on its way. Ask for it again, or for the workspace as a file.".to_owned(),
            Self::TooLarge => format!("This link holds more than {} MB, which is all that is opened from a link.", MOST >> 20),
            Self::Unreadable(why) => format!("What this link holds cannot be opened. {why}"),
        }
    }
}

/// The form of the fragment; it grows when what follows it is made in another way. Older forms stay readable.
const V1: &str = "v1.";
/// How many bytes a link may stand for: a fragment of a few hundred letters can claim to be gigabytes.
const MOST: usize = 4 << 20;

/// What a fragment, without its `#`, asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Nothing of ours.
    Nothing,
    /// The example of this name.
    Example(&'a str),
    /// The workspace in it, in a form of this number.
    Workspace(&'a str),
    /// A workspace in a form that is not known yet.
    Newer,
}

/// Reads what a fragment asks for.
pub fn asked(fragment: &str) -> Asked<'_> {
    if let Some(name) = fragment.strip_prefix("ex=") {
        return Asked::Example(name);
    }
    if let Some(data) = fragment.strip_prefix(V1) {
        return Asked::Workspace(data);
    }
    let number = fragment.strip_prefix('v').and_then(|rest| rest.split_once('.')).map(|(number, _)| number);
    let is_number = |text: &str| !text.is_empty() && text.len() < 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if number.is_some_and(is_number) { Asked::Newer } else { Asked::Nothing }
}

/// The fragment, with its `#`; `None` in a browser that cannot compress.
pub async fn encode(workspace: &Workspace) -> Option<String> {
    let bytes = deflate(workspace.write().as_bytes()).await?;
    Some(format!("#{V1}{}", to_base64url(&bytes)))
}

/// The workspace of [`Asked::Workspace`].
pub async fn decode(data: &str) -> Result<Workspace, LinkError> {
    if data.len() > MOST {
        return Err(LinkError::TooLarge);
    }
    let bytes = from_base64url(data).ok_or(LinkError::Broken)?;
    let text = inflate(&bytes, MOST).await.map_err(|why| match why {
        Inflate::Broken => LinkError::Broken,
        Inflate::TooLarge => LinkError::TooLarge,
    })?;
    let text = String::from_utf8(text).map_err(|_| LinkError::Broken)?;
    Workspace::read(&text).map_err(|error| match error {
        WorkspaceError::Newer(_) => LinkError::Newer,
        error => LinkError::Unreadable(error.to_string()),
    })
}

fn to_base64url(bytes: &[u8]) -> String {
    let standard = podwhy_source::base64::encode(bytes);
    standard.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let standard = text.replace('-', "+").replace('_', "/");
    podwhy_source::base64::decode(&standard, podwhy_source::base64::Padding::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_say_what_they_ask_for() {
        assert_eq!(asked("ex=01-star"), Asked::Example("01-star"));
        assert_eq!(asked("v1.abc"), Asked::Workspace("abc"));
        for newer in ["v2.abc", "v17."] {
            assert_eq!(asked(newer), Asked::Newer, "{newer}");
        }
        for other in ["", "view-pulls", "version", "v.1", "vx.1", "v1", "v12345.x"] {
            assert_eq!(asked(other), Asked::Nothing, "{other}");
        }
    }

    #[test]
    fn every_byte_survives_an_address() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..bytes.len() {
            let text = to_base64url(&bytes[..length]);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            assert_eq!(from_base64url(&text).as_deref(), Some(&bytes[..length]));
        }
        assert_eq!(from_base64url("a b"), None);
    }
}
