//! Taking the secrets out of texts that leave their owner's hands, or outlive the tab: links, exports, what a browser
//! keeps.
//!
//! What is replaced: every value of a Secret, its annotations and its comments; passwords and tokens of registries in
//! every form; values of variables, headers, options, annotations, settings and ConfigMaps whose name says that they are
//! secret; passwords in addresses and connection strings; private keys, JSON web tokens and the tokens of well-known
//! services wherever they stand. What stays: names, registries, user names, and everything else to the letter.
//!
//! The same secret gets the same placeholder in every text, an empty one stays empty, and what could not be decoded
//! still cannot: so the same credentials match in the same order, and the same things go wrong. A document that
//! cannot be read and may hold credentials is left out as a whole.

mod commands;
mod docker;
mod edits;
mod names;
mod plain;
mod shapes;

use super::InputKind;
use super::workspace::Workspace;
pub use names::says_secret;

use commands::arguments;
use edits::{Edits, commentless};
use names::is_harmless;
use podwhy_source::base64::{self, Padding};
use podwhy_source::{Budget, Document, Entry, Format, InputId, Node, Span, Value, document};
use std::collections::BTreeMap;

/// What begins a placeholder; a number follows.
const PLACEHOLDER: &str = "hidden-";
/// What stands in the place of a document that is left out.
const LEFT_OUT: &str = "# A document that cannot be read and may hold credentials was left out.\n";
/// Where `kubectl apply` keeps a copy of the whole object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Replaces secrets. One for all texts that go together.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Each secret met so far, with the number of its placeholder.
    known: BTreeMap<String, usize>,
    /// How many documents were left out.
    pub left_out: usize,
}

impl Mask {
    /// The workspace without its secrets.
    #[must_use]
    pub fn workspace(&mut self, workspace: &Workspace) -> Workspace {
        let mut masked = workspace.clone();
        for input in &mut masked.session.inputs {
            input.text = self.text(input.kind, &input.text);
        }
        masked
    }

    /// How many different secrets were replaced.
    #[must_use]
    pub fn replaced(&self) -> usize {
        self.known.len()
    }

    /// One text without its secrets.
    #[must_use]
    pub fn text(&mut self, kind: InputKind, text: &str) -> String {
        if kind == InputKind::RuntimeConfig {
            return plain::settings(text, self);
        }
        let read = document::read(InputId(0), text, &Budget::default());
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for document in &read.documents {
            let (start, end) = (document.span.start as usize, document.span.end as usize);
            // What stands between documents has no structure: separators, or the lines of a shell.
            masked.push_str(&plain::loose(text.get(at..start).unwrap_or_default(), self));
            masked.push_str(&self.document(kind, document, text));
            at = end.max(at);
        }
        masked.push_str(&plain::loose(text.get(at..).unwrap_or_default(), self));
        masked
    }

    /// The values of an object that is no Secret which [`Mask::text`] would replace, by their places, with what stands
    /// for each.
    #[must_use]
    pub fn values(&mut self, object: &Node) -> BTreeMap<Span, String> {
        let mut edits = Edits::new("", 0, Format::Json);
        self.object(object, "", &mut edits);
        let mut waiting = vec![object];
        while let Some(node) = waiting.pop() {
            match &node.value {
                Value::List(items) => waiting.extend(items),
                Value::Map(map) => waiting.extend(map.entries.iter().map(|entry| &entry.value)),
                Value::Text(text) => {
                    let masked = plain::loose(edits.values.get(&node.span).unwrap_or(text), self);
                    if masked != *text {
                        edits.values.insert(node.span, masked);
                    }
                }
                _ => {}
            }
        }
        edits.values
    }

    fn document(&mut self, kind: InputKind, document: &Document, text: &str) -> String {
        let piece = document.span.slice(text);
        let unsure = |mask: &mut Self| {
            if kind == InputKind::NodeConfig || plain::may_hold_credentials(piece) {
                mask.left_out += 1;
                LEFT_OUT.to_owned()
            } else {
                plain::loose(piece, mask)
            }
        };
        let Ok(node) = document.content.as_ref().map_err(|_| ()) else { return unsure(self) };
        if node.as_map().is_none() && node.as_list().is_none() {
            return unsure(self);
        }
        let mut edits = Edits::new(piece, document.span.start, document.format);
        if kind == InputKind::NodeConfig {
            docker::file(node, &mut edits, self);
        } else {
            self.objects(node, &mut edits);
        }
        let comments =
            |line: &str| line.split_once('#').is_some_and(|(_, said)| plain::comment_may_hold_credentials(said));
        edits.without_comments |= document.format == Format::Yaml && piece.lines().any(comments);
        let text = edits.apply();
        let text = if edits.without_comments { commentless(&text, document.format) } else { text };
        plain::loose(&text, self)
    }

    /// An object, or the items of a list of objects.
    fn objects(&mut self, root: &Node, edits: &mut Edits) {
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            let kind = node.get("kind").and_then(Node::as_text).unwrap_or_default();
            if let Some(items) = node.get("items").and_then(Node::as_list).filter(|_| kind.ends_with("List")) {
                waiting.extend(items);
            } else if is_secret(node, kind) {
                edits.without_comments = true;
                self.secret(node, edits);
            } else if kind == "CredentialProviderResponse" || node.get("auths").is_some() {
                edits.without_comments = true;
                docker::file(node, edits, self);
            } else {
                self.object(node, kind, edits);
            }
        }
    }

    fn secret(&mut self, secret: &Node, edits: &mut Edits) {
        for entry in secret.as_map().map(|map| map.entries.as_slice()).unwrap_or_default() {
            match entry.key.as_str() {
                key @ ("data" | "stringData") => self.data(&entry.value, key == "data", edits),
                "metadata" => self.secret_metadata(&entry.value, edits),
                "apiVersion" | "kind" | "type" | "immutable" => self.unless_a_word(&entry.value, edits),
                // What is misspelt, or stands too far to the left, may be data.
                _ => self.everything(&entry.value, edits),
            }
        }
    }

    /// The annotations of a Secret may hold a copy of it, and so may what no object has.
    fn secret_metadata(&mut self, metadata: &Node, edits: &mut Edits) {
        const WORDS: [&str; 8] = [
            "name",
            "namespace",
            "generateName",
            "creationTimestamp",
            "resourceVersion",
            "uid",
            "selfLink",
            "generation",
        ];
        let Some(map) = metadata.as_map() else { return self.everything(metadata, edits) };
        for entry in &map.entries {
            match (entry.key.as_str(), entry.value.as_map()) {
                ("labels", Some(labels)) => {
                    labels.entries.iter().for_each(|label| self.unless_a_word(&label.value, edits));
                }
                ("ownerReferences" | "finalizers" | "managedFields", _) => {}
                (key, _) if WORDS.contains(&key) => self.unless_a_word(&entry.value, edits),
                _ => self.everything(&entry.value, edits),
            }
        }
    }

    /// A value that is more than one word, as a name never is.
    fn unless_a_word(&mut self, value: &Node, edits: &mut Edits) {
        if !is_scalar(value) || value.as_text().is_some_and(|text| text.contains(char::is_whitespace)) {
            self.everything(value, edits);
        }
    }

    fn data(&mut self, data: &Node, encoded: bool, edits: &mut Edits) {
        let Some(map) = data.as_map() else { return self.everything(data, edits) };
        for entry in &map.entries {
            let Some(written) = entry.value.as_text() else {
                self.everything(&entry.value, edits);
                continue;
            };
            let decoded = if encoded { base64::decode(written, Padding::Required) } else { Some(written.into()) };
            let decoded = decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let legacy = entry.key == ".dockercfg";
            let hidden = match &decoded {
                Some(text) if legacy || entry.key == ".dockerconfigjson" => docker::text(text, legacy, self),
                Some(text) => self.placeholder(text),
                None => {
                    // A placeholder is no base64 either.
                    let placeholder = self.placeholder(written);
                    edits.put(entry.value.span, &placeholder);
                    continue;
                }
            };
            let hidden = if encoded { base64::encode(hidden) } else { hidden };
            if hidden != written {
                edits.put(entry.value.span, &hidden);
            }
        }
    }

    /// An object that is no Secret: only what its name calls a secret.
    fn object(&mut self, root: &Node, kind: &str, edits: &mut Edits) {
        if let Some(data) = root.get("data").and_then(Node::as_map).filter(|_| kind == "ConfigMap") {
            let text = |entry: &Entry| entry.value.as_text().unwrap_or_default().to_owned();
            let called = |entry: &Entry| says_secret(&entry.key) && !is_harmless(&entry.key, &text(entry));
            for entry in data.entries.iter().filter(|entry| called(entry) || plain::sets_secret(&text(entry))) {
                self.everything(&entry.value, edits);
            }
        }
        if let Some(data) = root.get("binaryData").and_then(Node::as_map) {
            for entry in &data.entries {
                let decoded = entry.value.as_text().and_then(|text| base64::decode(text, Padding::Required));
                let decoded = String::from_utf8_lossy(&decoded.unwrap_or_default()).into_owned();
                if says_secret(&entry.key) || plain::sets_secret(&decoded) || plain::loose(&decoded, self) != decoded {
                    let placeholder = base64::encode(self.placeholder(&decoded));
                    edits.put(entry.value.span, &placeholder);
                }
            }
        }
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            match &node.value {
                Value::List(items) => waiting.extend(items),
                Value::Map(map) => {
                    let name = node.get("name").and_then(Node::as_text).unwrap_or_default();
                    let text = |name| node.get(name).and_then(Node::as_text);
                    let command = node.get("command").and_then(Node::as_list).unwrap_or_default();
                    let context: Vec<&str> =
                        text("image").into_iter().chain(command.iter().filter_map(Node::as_text)).collect();
                    for entry in &map.entries {
                        match entry.key.as_str() {
                            "command" | "args" if entry.value.as_list().is_some() => {
                                arguments(entry.value.as_list().unwrap_or_default(), &context, edits, self);
                            }
                            "annotations" => self.annotations(&entry.value, edits),
                            "value" if says_secret(name) && !stays(name, &entry.value) => {
                                self.everything(&entry.value, edits);
                            }
                            key if names::is_called(key) && is_scalar(&entry.value) && !stays(key, &entry.value) => {
                                self.everything(&entry.value, edits);
                            }
                            "staticPodURLHeader" => self.everything(&entry.value, edits),
                            _ => waiting.push(&entry.value),
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn annotations(&mut self, annotations: &Node, edits: &mut Edits) {
        for entry in annotations.as_map().map(|map| map.entries.as_slice()).unwrap_or_default() {
            let (key, value) = (entry.key.as_str(), &entry.value);
            if key == LAST_APPLIED {
                self.copy(value, edits);
            } else if (names::annotates_secret(key) || names::is_called(key)) && !stays(key, value) {
                self.everything(value, edits);
            }
        }
    }

    /// The copy of an object as JSON in a text.
    fn copy(&mut self, node: &Node, edits: &mut Edits) {
        let Some(text) = node.as_text() else { return };
        let read = document::read(InputId(0), text, &Budget::default());
        let [document] = read.documents.as_slice() else { return self.everything(node, edits) };
        let Ok(object) = &document.content else { return self.everything(node, edits) };
        let kind = object.get("kind").and_then(Node::as_text).unwrap_or_default();
        let mut inner = Edits::new(document.span.slice(text), document.span.start, document.format);
        if is_secret(object, kind) {
            self.secret(object, &mut inner);
        } else if object.get_path(&["metadata", "annotations", LAST_APPLIED]).is_none() {
            self.object(object, kind, &mut inner);
        } else {
            // A copy within a copy is nobody's work but a riddle's.
            return self.everything(node, edits);
        }
        let hidden = inner.apply();
        if hidden != text {
            edits.put(node.span, &hidden);
        }
    }

    /// Every scalar below a value.
    fn everything(&mut self, root: &Node, edits: &mut Edits) {
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            match &node.value {
                Value::List(items) => waiting.extend(items),
                Value::Map(map) => waiting.extend(map.entries.iter().map(|entry| &entry.value)),
                Value::Text(text) if !text.is_empty() => {
                    let placeholder = self.placeholder(text);
                    edits.put(node.span, &placeholder);
                }
                // A number stays one, so that the same complaint about it is made.
                Value::Number(_) => edits.put_raw(node.span, "0"),
                _ => {}
            }
        }
    }

    /// What stands for a secret: the same for the same text, nothing for nothing, and itself for a placeholder.
    fn placeholder(&mut self, secret: &str) -> String {
        let number = secret.strip_prefix(PLACEHOLDER);
        if secret.is_empty() || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
            return secret.to_owned();
        }
        let next = self.known.len() + 1;
        format!("{PLACEHOLDER}{}", self.known.entry(secret.to_owned()).or_insert(next))
    }
}

/// Whether a text holds a secret by its own words: a password in an address, a setting that is called one, a token of a
/// well-known service.
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    plain::loose(text, &mut Mask::default()) != text
}

/// Which words of a command hold a secret; `context` is what runs them: an image, or the command before arguments.
#[must_use]
pub fn secret_words(words: &[&str], context: &[&str]) -> Vec<bool> {
    let place = |index: usize| Span::new(InputId(0), index, index);
    let node = |(index, word): (usize, &&str)| Node::new(place(index), Value::Text((*word).to_owned()));
    let nodes: Vec<Node> = words.iter().enumerate().map(node).collect();
    let mut edits = Edits::new("", 0, Format::Json);
    arguments(&nodes, context, &mut edits, &mut Mask::default());
    let holds = |(index, word): (usize, &&str)| edits.values.contains_key(&place(index)) || holds_secret(word);
    words.iter().enumerate().map(holds).collect()
}

/// A Secret, or data whose kind is still on its way.
fn is_secret(node: &Node, kind: &str) -> bool {
    const OTHERS_WITH_DATA: [&str; 2] = ["ConfigMap", "ControllerRevision"];
    let has_data = node.get("data").is_some() || node.get("stringData").is_some();
    kind == "Secret" || has_data && !OTHERS_WITH_DATA.contains(&kind)
}

fn is_scalar(value: &Node) -> bool {
    value.as_map().is_none() && value.as_list().is_none()
}

/// Whether a value stays although its name says secret.
fn stays(name: &str, value: &Node) -> bool {
    value.as_text().is_some_and(|text| is_harmless(name, text))
}

#[cfg(test)]
mod tests;
