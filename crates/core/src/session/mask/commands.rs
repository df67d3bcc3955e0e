//! Secrets on command lines: values of options, in the lines of a shell and in the lists of a container.

use super::Mask;
use super::edits::Edits;
use super::names::{is_filled_in_later, is_harmless, says_secret};
use super::plain::ends_value;
use podwhy_source::{Node, Value};

/// Programs with the short option that takes a password, and whether the password may follow without a space.
const PROGRAMS: &[(&str, &str, bool)] = &[
    ("mysql", "-p", true),
    ("mariadb", "-p", true),
    ("mongo", "-p", false),
    ("sshpass", "-p", true),
    ("docker", "-p", false),
    ("podman", "-p", false),
    ("nerdctl", "-p", false),
    ("helm", "-p", false),
    ("skopeo", "-p", false),
    ("crane", "-p", false),
    ("oras", "-p", false),
    ("redis-cli", "-a", false),
    ("ldapsearch", "-w", false),
];

/// Programs whose `-p` asks for no password.
const OTHER_PROGRAMS: &[&str] = &["mkdir", "cp", "install", "ssh", "nc", "ps", "read", "test", "grep"];

/// A program of the list, by a word that may be its path, an image or one of its relatives such as `mysqldump`.
fn program(word: &str) -> Option<&'static (&'static str, &'static str, bool)> {
    let name = word.rsplit('/').next().unwrap_or_default();
    PROGRAMS.iter().find(|(program, ..)| name.starts_with(program))
}

/// What no password is: a port, ports, a path, another option.
fn is_no_password(value: &str) -> bool {
    let is_port = value.len() < 12 && value.bytes().all(|byte| byte.is_ascii_digit() || b":-".contains(&byte));
    is_port || value.starts_with(['-', '/']) || is_harmless("", value)
}

/// `name:password` with the password replaced; `None` for what is none, such as two numbers.
fn login(word: &str, mask: &mut Mask) -> Option<String> {
    let (user, password) = word.split_once(':')?;
    let is_number = password.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number && !is_harmless("", password) && !is_filled_in_later(password))
        .then(|| format!("{user}:{}", mask.placeholder(password)))
}

/// `Name: value` of a header whose name says secret, or `Name: Scheme value`, with the value replaced.
pub(super) fn header(text: &str, mask: &mut Mask) -> Option<String> {
    let (name, value) = text.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let secret = value.trim();
    let secret = secret.split_once(' ').map_or(secret, |(_, behind)| behind.trim());
    (is_name && says_secret(name) && !is_harmless(name, secret) && !is_filled_in_later(secret))
        .then(|| format!("{name}:{}", value.replacen(secret, &mask.placeholder(secret), 1)))
}

/// The items of a command, without passwords; `context` is what runs them: an image, or the command before arguments.
pub(super) fn arguments(items: &[Node], context: &[&str], edits: &mut Edits, mask: &mut Mask) {
    let words = || context.iter().copied().chain(items.iter().filter_map(Node::as_text));
    let runs = words().find_map(program);
    let other = words().any(|word| OTHER_PROGRAMS.contains(&word));
    let mut before = "";
    for item in items {
        let text = item.as_text().unwrap_or_default();
        let short = |option: &str| match runs {
            Some((_, known, _)) => option == *known,
            None => option == "-p" && !other,
        };
        let joined = runs.filter(|(.., joined)| *joined).and_then(|(_, option, _)| text.strip_prefix(option));
        let number = matches!(item.value, Value::Number(_)) && says_secret(before);
        let hidden = if before.starts_with("--") && !before.contains('=') && says_secret(before) {
            (!text.starts_with('-') && !is_harmless(before, text)).then(|| mask.placeholder(text))
        } else if short(before) {
            (!is_no_password(text)).then(|| mask.placeholder(text))
        } else if matches!(before, "-H" | "--header") {
            header(text, mask)
        } else if matches!(before, "-u" | "--user") {
            login(text, mask)
        } else if let Some((name, value)) = text.split_once('=').filter(|(name, _)| name.starts_with('-')) {
            let is_name = !name.contains(char::is_whitespace) && says_secret(name) && !is_harmless(name, value);
            is_name.then(|| format!("{name}={}", mask.placeholder(value)))
        } else if let Some(password) = joined.filter(|password| !is_no_password(password)) {
            runs.map(|(_, option, _)| format!("{option}{}", mask.placeholder(password)))
        } else {
            None
        };
        if number {
            edits.put_raw(item.span, "0");
        } else if let Some(hidden) = hidden.filter(|hidden| hidden != text) {
            edits.put(item.span, &hidden);
        }
        before = text;
    }
}

/// A line without the values of options such as `--docker-password=…`.
pub(super) fn options(line: &str, mask: &mut Mask) -> String {
    let mut out = String::with_capacity(line.len());
    let in_command = line.contains("kubectl ") || !line.trim_start().starts_with('#');
    let mut rest = line;
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
        let quote = value.len() - value.trim_start_matches(['\\', '"', '\'']).len();
        let key = match value.find('=') {
            Some(at) if name == "--from-literal" => at + 1,
            _ => quote,
        };
        let (kept, value) = value.split_at(key.max(quote));
        let (value, after) = value.split_at(value.find(ends_value).unwrap_or(value.len()));
        out.push(separator);
        out.push_str(kept);
        let stays = value.starts_with('-') || is_harmless(name, value) || is_filled_in_later(value);
        out.push_str(&if stays { value.to_owned() } else { mask.placeholder(value) });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The lines of a shell, read one after the other: a command may go on behind a `\`.
#[derive(Default)]
pub(super) struct Shell {
    runs: Option<&'static (&'static str, &'static str, bool)>,
}

impl Shell {
    /// A line without the passwords of short options: `mysql -psecret`, `curl -u name:secret`.
    pub fn line(&mut self, line: &str, mask: &mut Mask) -> String {
        let is_end = |letter: char| letter.is_whitespace() || "\"'[],".contains(letter);
        let mut out = String::with_capacity(line.len());
        let (mut rest, mut before) = (line, "");
        while let Some(from) = rest.find(|letter| !is_end(letter)) {
            let (gap, begun) = rest.split_at(from);
            let (word, after) = begun.split_at(begun.find(is_end).unwrap_or(begun.len()));
            out.push_str(gap);
            out.push_str(&self.word(word, before, mask).unwrap_or_else(|| word.to_owned()));
            (rest, before) = (after, word);
        }
        out.push_str(rest);
        if !line.trim_end().ends_with('\\') {
            self.runs = None;
        }
        out
    }

    fn word(&mut self, word: &str, before: &str, mask: &mut Mask) -> Option<String> {
        if matches!(word, "|" | "||" | "&&" | ";" | "&") {
            self.runs = None;
        }
        self.runs = self.runs.or_else(|| program(word));
        if matches!(before, "-u" | "--user") {
            return login(word, mask);
        }
        let (_, option, joined) = self.runs?;
        let is_password = |word: &str| !is_no_password(word) && !is_filled_in_later(word);
        if before == *option {
            return is_password(word).then(|| mask.placeholder(word));
        }
        let password = word.strip_prefix(option).filter(|password| *joined && is_password(password))?;
        Some(format!("{option}{}", mask.placeholder(password)))
    }
}
