//! References to variables in texts: `$(NAME)`. Upstream: third_party/forked/golang/expansion/expand.go.

use super::value::{EnvValue, go_text};

/// A text with its references replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The result; secret if one of the variables is, and known only later if one is.
    pub value: EnvValue,
    /// The names that nothing defines, in order; their references stay as they are.
    pub unresolved: Vec<String>,
}

/// Replaces `$(NAME)` by what `lookup` gives for the name. `$$` becomes `$`, and what is no reference stays. What was
/// put in is not looked at again.
#[must_use]
pub fn expand<'v>(input: &str, lookup: impl Fn(&str) -> Option<&'v EnvValue>) -> Expanded {
    // Kubernetes works byte by byte, and takes a character apart that follows a lone `$`.
    let bytes = input.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let (mut secret, mut later, mut unresolved) = (false, false, Vec::new());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'$') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(before);
        rest = match from {
            [b'$', b'$', after @ ..] => {
                out.push(b'$');
                after
            }
            [b'$', b'(', after @ ..] => match after.iter().position(|byte| *byte == b')') {
                None => {
                    out.extend_from_slice(b"$(");
                    after
                }
                Some(end) => {
                    let (name, after) = after.split_at_checked(end).unwrap_or((after, &[]));
                    let name = go_text(name);
                    match lookup(&name) {
                        Some(value) => {
                            secret |= value.is_secret();
                            later |= value.is_later();
                            out.extend_from_slice(value.reveal().as_bytes());
                        }
                        None => {
                            out.extend_from_slice(format!("$({name})").as_bytes());
                            unresolved.push(name);
                        }
                    }
                    after.get(1..).unwrap_or_default()
                }
            },
            [b'$', other, after @ ..] => {
                out.push(b'$');
                out.extend_from_slice(char::from(*other).to_string().as_bytes());
                after
            }
            last => {
                out.extend_from_slice(last);
                &[]
            }
        };
    }
    out.extend_from_slice(rest);
    let value = EnvValue::new(go_text(&out), secret).or_later(later);
    Expanded { value, unresolved }
}
