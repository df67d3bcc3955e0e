//! Names that a text itself gives: of Secrets, ServiceAccounts, RuntimeClasses and the like, and of what is in them.

use super::place::{Place, Step};
use super::target::entry;
use podwhy_source::{Budget, InputId, Node, Span, document};

/// What a value has to be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An object of this kind.
    Object(&'static str),
    /// A key in the data of an object of this kind, whose name stands beside it.
    KeyOf(&'static str),
    /// A volume of the same pod.
    Volume,
}

/// Fields that hold a name, by their own name and, where that says too little, by the one around it.
const REFERENCES: &[(&str, &str, Wanted)] = &[
    ("imagePullSecrets", "name", Wanted::Object("Secret")),
    ("secrets", "name", Wanted::Object("Secret")),
    ("secretRef", "name", Wanted::Object("Secret")),
    ("secretKeyRef", "name", Wanted::Object("Secret")),
    ("secret", "name", Wanted::Object("Secret")),
    ("nodePublishSecretRef", "name", Wanted::Object("Secret")),
    ("volumeMounts", "name", Wanted::Volume),
    ("volumeDevices", "name", Wanted::Volume),
    ("", "secretName", Wanted::Object("Secret")),
    ("configMapRef", "name", Wanted::Object("ConfigMap")),
    ("configMapKeyRef", "name", Wanted::Object("ConfigMap")),
    ("configMap", "name", Wanted::Object("ConfigMap")),
    ("secretKeyRef", "key", Wanted::KeyOf("Secret")),
    ("configMapKeyRef", "key", Wanted::KeyOf("ConfigMap")),
    ("", "serviceAccountName", Wanted::Object("ServiceAccount")),
    ("", "serviceAccount", Wanted::Object("ServiceAccount")),
    ("", "runtimeClassName", Wanted::Object("RuntimeClass")),
    ("", "priorityClassName", Wanted::Object("PriorityClass")),
    ("", "nodeName", Wanted::Object("Node")),
    ("", "serviceName", Wanted::Object("Service")),
    ("metadata", "namespace", Wanted::Object("Namespace")),
];

/// What the value at a place has to name.
pub fn wanted(place: &Place) -> Option<Wanted> {
    let mut keys = place.steps.iter().rev().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item => None,
    });
    let (field, around) = (keys.next()?, keys.next().unwrap_or_default());
    let found = REFERENCES.iter().find(|(outer, inner, _)| *inner == field && (outer.is_empty() || *outer == around));
    found.map(|(.., wanted)| *wanted)
}

/// A name that can be written, and what to say beside it.
pub type Name = (String, String);

/// The names in `text` that fit. Documents that cannot be read are passed over.
pub fn names(text: &str, wanted: Wanted, place: &Place) -> Vec<Name> {
    let read = document::read(InputId(0), text, &Budget::default());
    let mut objects: Vec<&Node> = Vec::new();
    for node in read.documents.iter().filter_map(|document| document.content.as_ref().ok()) {
        match node.get("items").and_then(Node::as_list) {
            Some(items) => objects.extend(items),
            None => objects.push(node),
        }
    }
    let text_at =
        |node: &Node, path: &[&str]| node.get_path(path).and_then(Node::as_text).unwrap_or_default().to_owned();
    let of_kind =
        |kind: &'static str| objects.iter().filter(move |node| node.get("kind").and_then(Node::as_text) == Some(kind));
    let mut found: Vec<Name> = match wanted {
        Wanted::Object(kind) => of_kind(kind)
            .map(|node| {
                let namespace = text_at(node, &["metadata", "namespace"]);
                let beside = if namespace.is_empty() { kind.to_owned() } else { format!("{kind} in {namespace}") };
                (text_at(node, &["metadata", "name"]), beside)
            })
            .collect(),
        Wanted::KeyOf(kind) => {
            let siblings = place.levels.iter().rev().nth(1);
            let name = siblings.map_or("", |entries| entry(entries, "name"));
            let holders = of_kind(kind).filter(|node| text_at(node, &["metadata", "name"]) == name);
            let maps = holders.flat_map(|node| ["data", "stringData", "binaryData"].map(|field| node.get(field)));
            let keys = maps.flatten().filter_map(Node::as_map).flat_map(|map| map.entries.iter());
            keys.map(|entry| (entry.key.clone(), format!("key of {kind} {name}"))).collect()
        }
        Wanted::Volume => {
            let document = read.documents.iter().find(|document| holds(document.span, place.word.start));
            let volumes = document.and_then(|document| volumes(document.content.as_ref().ok()?, place));
            volumes.into_iter().flatten().map(|node| (text_at(node, &["name"]), "volume".to_owned())).collect()
        }
    };
    found.retain(|(name, _)| !name.is_empty());
    found.sort();
    found.dedup();
    found
}

fn holds(span: Span, offset: usize) -> bool {
    (span.start as usize..=span.end as usize).contains(&offset)
}

/// The volumes of the pod whose container the place is in.
fn volumes<'a>(document: &'a Node, place: &Place) -> Option<&'a [Node]> {
    let mut pod = document;
    for step in &place.steps {
        match step {
            Step::Key(key) if matches!(key.as_str(), "containers" | "initContainers" | "ephemeralContainers") => {
                return pod.get("volumes").and_then(Node::as_list);
            }
            Step::Key(key) => pod = pod.get(key)?,
            Step::Item => return None,
        }
    }
    None
}
