//! Secrets that show themselves, wherever they stand: private keys between their lines, JSON web tokens, and the tokens
//! of services that begin with letters of their own.

use super::Mask;

/// How tokens begin, each with how many letters follow at least. What could be a name in a cluster must also hold
/// what no such name has.
const BEGINNINGS: &[(&str, usize)] = &[
    ("ghp_", 6),
    ("gho_", 6),
    ("ghu_", 6),
    ("ghs_", 6),
    ("ghr_", 6),
    ("github_pat_", 6),
    ("glpat-", 8),
    ("gldt-", 8),
    ("glrt-", 8),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("xoxa-", 8),
    ("xoxs-", 8),
    ("xoxr-", 8),
    ("xapp-", 8),
    ("dckr_pat_", 6),
    ("npm_", 20),
    ("hf_", 20),
    ("sk_live_", 8),
    ("rk_live_", 8),
    ("sk-proj-", 16),
    ("sk-ant-", 16),
    ("hvs.", 16),
    ("AKIA", 12),
    ("ASIA", 12),
    ("AIza", 30),
    ("dop_v1_", 16),
    ("shpat_", 16),
];

/// A text without the secrets that show themselves in it.
pub(super) fn shapes(text: &str, mask: &mut Mask) -> String {
    tokens(&private_keys(text, mask), mask)
}

/// A text without what stands between the lines of a private key.
fn private_keys(text: &str, mask: &mut Mask) -> String {
    const MARK: &str = "PRIVATE KEY";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at + MARK.len());
        out.push_str(before);
        rest = after;
        let dashes = after.strip_prefix("-----").or_else(|| after.strip_prefix(" BLOCK-----"));
        let Some(body) = dashes.filter(|_| before.lines().next_back().is_some_and(|line| line.contains("-----BEGIN")))
        else {
            continue;
        };
        out.push_str(after.get(..after.len() - body.len()).unwrap_or_default());
        let end = body.find("-----").unwrap_or_else(|| unfinished(body));
        let (key, after) = body.split_at(end);
        let inner = trimmed(key);
        let (lead, tail) = key.split_once(inner).unwrap_or(("", ""));
        // The same key, however its lines are broken and indented.
        let letters: String = inner.replace("\\n", "").replace("\\r", "").split_whitespace().collect();
        out.push_str(&format!("{lead}{}{tail}", mask.placeholder(&letters)));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a key ends that has no last line (yet): before the first line that cannot be one of its own.
fn unfinished(body: &str) -> usize {
    let is_key = |line: &&str| {
        let line = line.trim();
        !line.starts_with('-') && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\\".contains(&byte))
    };
    body.split_inclusive('\n').take_while(is_key).map(str::len).sum()
}

/// A text without white space around it, written as such or as `\n`.
fn trimmed(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let less = text.trim_start_matches("\\n").trim_start_matches("\\r").trim_start();
        let less = less.trim_end_matches("\\n").trim_end_matches("\\r").trim_end();
        if less == text {
            return text;
        }
        text = less;
    }
}

/// A text without tokens.
fn tokens(text: &str, mask: &mut Mask) -> String {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(is_letter) {
        let (before, begun) = rest.split_at(from);
        let (word, after) = begun.split_at(begun.find(|letter| !is_letter(letter)).unwrap_or(begun.len()));
        out.push_str(before);
        out.push_str(&if is_token(word) { mask.placeholder(word) } else { word.to_owned() });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_token(word: &str) -> bool {
    let mut parts = word.split('.');
    let mut is_json = || parts.next().is_some_and(|part| part.len() > 5 && part.starts_with("eyJ"));
    is_json() && is_json()
        || BEGINNINGS.iter().any(|(beginning, least)| {
            word.strip_prefix(beginning).is_some_and(|rest| rest.len() >= *least && is_random(beginning, rest))
        })
}

/// Whether what follows a token's beginning is no word of a name.
fn is_random(beginning: &str, rest: &str) -> bool {
    let has = |is: fn(&u8) -> bool| rest.bytes().any(|byte| is(&byte));
    match beginning {
        "AKIA" | "ASIA" => rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
        _ if beginning.contains('_') || beginning.starts_with("AI") => true,
        _ => {
            has(u8::is_ascii_uppercase)
                || rest.contains('_')
                || rest.len() == 20 && has(u8::is_ascii_digit)
                || beginning.starts_with('x') && rest.starts_with(|letter: char| letter.is_ascii_digit())
        }
    }
}
