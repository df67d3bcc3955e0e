//! Leaving the data of Secrets out of a text that is kept.
//!
//! It works on the raw text, because what is being typed often does not parse. It keeps a document only when it is
//! sure: a document without a trace of credentials stays as it is; in a Secret that has the plain block form,
//! every value of `data`, `stringData` and the annotations is replaced; everything else keeps the whole text from being kept.

/// What stands in the place of a value: the base64 of `{}`, an empty file of credentials, which is still valid.
const DATA: &str = "e30= # left out when the page kept this text";
/// The same for `stringData`.
const STRING_DATA: &str = "'{}' # left out when the page kept this text";
/// The same for annotations, where `kubectl apply` keeps a copy of the whole object.
const ANNOTATION: &str = "'' # left out when the page kept this text";

/// Words that only credentials and the commands that make them contain.
const SUSPICIOUS: &[&str] = &[
    "dockerconfigjson",
    "dockercfg",
    "stringData",
    "docker-password",
    "docker-server",
    "\"auth",
    "'auth",
    "auths",
    "from-literal",
    "password:",
    "\"password\"",
    "BEGIN ",
    "\\u",
    "\\x",
];

/// Fields of a Secret whose value is a short name and no secret.
const PLAIN: &[&str] = &[
    "apiVersion",
    "kind",
    "name",
    "namespace",
    "generateName",
    "type",
    "immutable",
    "creationTimestamp",
    "resourceVersion",
    "uid",
    "selfLink",
    "generation",
];

/// `text` without the values of its Secrets, or `None` where it cannot be told what is a secret.
pub fn without_secret_data(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    for document in documents(text) {
        if holds_credentials(document) {
            redact(document, &mut kept)?;
        } else {
            kept.push_str(document);
        }
    }
    Some(kept)
}

/// The text cut before every line that begins with `---`.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let cut = current.find("\n---").map(|at| at + 1);
        rest = cut.and_then(|at| current.get(at..));
        Some(cut.and_then(|at| current.get(..at)).unwrap_or(current))
    })
}

fn holds_credentials(document: &str) -> bool {
    SUSPICIOUS.iter().any(|word| document.contains(word))
        || (document.contains("data") && has_data(document))
        || document.lines().any(|line| !line.trim_start().starts_with('#') && has_word(line, "Secret"))
}

/// Whether there is data of an object that is not clearly a ConfigMap: its kind may still be on its way.
fn has_data(document: &str) -> bool {
    let is_data = |line: &str| key_and_value(line.trim()).is_some_and(|(key, _)| unquoted(key) == "data");
    !document.lines().any(|line| line.trim_end() == "kind: ConfigMap")
        && (document.contains("\"data\"") || document.lines().any(is_data))
}

/// Whether `word` stands in `line` with no letter or digit on either side.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        ![before, after].into_iter().flatten().any(|letter| letter.is_ascii_alphanumeric())
    })
}

/// A block whose lines are treated alike: those that are indented more than its key.
struct Block {
    indent: usize,
    /// The indent of the block's own keys, once the first was seen.
    keys: Option<usize>,
    /// What replaces the values; `None` keeps them.
    replacement: Option<&'static str>,
}

/// Writes a Secret in block form without its values; `None` where a line is of any other form.
fn redact(document: &str, kept: &mut String) -> Option<()> {
    let mut block: Option<Block> = None;
    for line in document.split_inclusive('\n') {
        let content = line.trim();
        if content.is_empty() || content == "---" || content == "..." {
            kept.push_str(line);
            continue;
        }
        if content.starts_with('#') {
            // What was commented out may be a secret too.
            kept.push_str("#\n");
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        block = block.filter(|block| indent > block.indent);
        if let Some(block) = &mut block {
            let keys = *block.keys.get_or_insert(indent);
            if indent > keys && block.replacement.is_some() {
                continue; // A value's further lines.
            }
            let (key, value) = key_and_value(content).filter(|_| indent == keys)?;
            let value = match block.replacement {
                Some(_) if opens_flow(value) => return None,
                Some(replacement) => replacement,
                None => plain(value)?,
            };
            write(kept, &line[..indent], key, value);
            continue;
        }
        let (key, value) = key_and_value(content)?;
        let value = plain(value)?;
        let opened = match unquoted(key) {
            "data" => Some(Some(DATA)),
            "stringData" => Some(Some(STRING_DATA)),
            "annotations" => Some(Some(ANNOTATION)),
            "labels" => Some(None),
            "metadata" => None,
            name if PLAIN.contains(&name) && !value.is_empty() => {
                write(kept, &line[..indent], key, value);
                continue;
            }
            _ => return None,
        };
        if !matches!(value, "" | "null" | "~") {
            return None;
        }
        block = opened.map(|replacement| Block { indent, keys: None, replacement });
        write(kept, &line[..indent], key, value);
    }
    Some(())
}

fn write(kept: &mut String, indent: &str, key: &str, value: &str) {
    let separator = if value.is_empty() { "" } else { " " };
    for part in [indent, key, ":", separator, value, "\n"] {
        kept.push_str(part);
    }
}

/// `key: value` as written, of a key without spaces.
fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(": ").or_else(|| Some((content.strip_suffix(':')?, "")))?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    let name = unquoted(key);
    (!name.is_empty() && name.chars().all(is_name)).then_some((key, value.trim()))
}

/// A value that is one short word, without its comment; a block, a flow collection, an anchor are none.
fn plain(value: &str) -> Option<&str> {
    let value = value.split_once('#').map_or(value, |(before, _)| before).trim();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/:+~".contains(letter);
    unquoted(value).chars().all(is_plain).then_some(value)
}

fn unquoted(text: &str) -> &str {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// Whether a value may go on in lines that are not indented more: a collection, or a quote that is not closed.
fn opens_flow(value: &str) -> bool {
    let closed = |quote: &str| value.len() > 1 && (value.ends_with(quote) || value.contains(&format!("{quote} #")));
    let open_quote = |quote: &str| value.starts_with(quote) && !closed(quote);
    value.starts_with(['{', '[', '&', '*', '!', '?']) || open_quote("\"") || open_quote("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str =
        "kind: Pod\nspec:\n  imagePullSecrets: [{name: a}]\n  volumes:\n  - secret: {secretName: Secrets}\n";

    fn secret(body: &str) -> String {
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n{body}")
    }

    #[test]
    fn texts_without_a_secret_stay_as_they_are() {
        for text in
            ["", "\n\n", POD, "kind: ConfigMap\ndata:\n  a: 1\n", "# a Secret is elsewhere\nkind: Pod\n", "- [ {"]
        {
            assert_eq!(without_secret_data(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn values_are_replaced_and_other_documents_kept() {
        let text = format!(
            "{POD}---\n{}---\n{POD}",
            secret("type: Opaque\ndata:\n  pass: c2VjcmV0\n  \"b\": |\n    aaa\n    bbb\n")
        );
        let kept = without_secret_data(&text).unwrap();
        assert!(kept.starts_with(POD) && kept.ends_with(POD) && kept.contains("type: Opaque"), "{kept}");
        assert!(kept.contains("  pass: e30= #") && kept.contains("  \"b\": e30= #"), "{kept}");
        for secret in ["c2VjcmV0", "aaa", "bbb"] {
            assert!(!kept.contains(secret), "{kept}");
        }
    }

    #[test]
    fn data_without_a_clear_kind_counts_as_a_secret() {
        for kind in ["", "kind: Se\n", "kind: secret\n", "kind: Secrett\n"] {
            let kept = without_secret_data(&format!("{kind}data:\n  p: c2VjcmV0\n")).unwrap();
            assert!(!kept.contains("c2VjcmV0"), "{kept}");
        }
    }

    #[test]
    fn what_is_kept_can_be_kept_again() {
        let once = without_secret_data(&secret("data:\n  pass: c2VjcmV0\nstringData:\n  word: hunter2\n")).unwrap();
        assert_eq!(without_secret_data(&once).unwrap(), once);
    }

    #[test]
    fn copies_in_annotations_and_comments_go_too() {
        let kept = without_secret_data(&secret(
            "  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"data\":{\"p\":\"hunter2\"}}\n  labels:\n    app: shop\n# was: hunter2\nstringData:\n  p: hunter2\n",
        ))
        .unwrap();
        assert!(!kept.contains("hunter2") && kept.contains("app: shop"), "{kept}");
    }

    #[test]
    fn what_cannot_be_told_is_not_kept() {
        for body in [
            "data: {p: c2VjcmV0}\n",
            "data:\np: c2VjcmV0\n",
            "data:\n  p: \"c2Vj\n cmV0\"\n",
            "data:\n\tp: c2VjcmV0\n",
            "data: &a\n  p: c2VjcmV0\n",
            "data:\n  p: [\n  c2VjcmV0]\n",
            "data:\n    p: c2VjcmV0\n  q: c2VjcmV0\n",
            "notes: hunter2 is the password\n",
            "dta:\n  p: c2VjcmV0\n",
            "type: |\n  c2VjcmV0\n",
            "hunter2\n",
        ] {
            assert_eq!(without_secret_data(&secret(body)), None, "{body}");
        }
        for text in [
            "{\"kind\":\"Secret\",\"data\":{\"p\":\"c2VjcmV0\"}}",
            "{\"kind\":\"\\u0053ecret\",\"data\":{\"p\":\"c2VjcmV0\"}}",
            "kind: List\nitems:\n- kind: Secret\n  data:\n    p: c2VjcmV0\n",
            "kind: Secrett\ndata: {p: c2VjcmV0}\n",
            "kubectl create secret docker-registry a --docker-password=hunter2\n",
            "{\"auths\":{\"a\":{\"auth\":\"YTpi\"}}}",
        ] {
            assert_eq!(without_secret_data(text), None, "{text}");
        }
    }

    #[test]
    fn no_prefix_of_a_secret_being_typed_is_kept_with_its_value() {
        let text = secret("type: Opaque\nstringData:\n  word: hunter2\n  other: |\n    hunter2\n");
        for end in 0..=text.len() {
            let kept = without_secret_data(&text[..end]).unwrap_or_default();
            assert!(!kept.contains("hunter"), "{kept}");
        }
    }
}
