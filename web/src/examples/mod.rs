//! Inputs to start from. The first one is loaded on the first visit.

use crate::state::View;
use podwhy_core::session::InputKind;

/// One set of texts that shows something worth knowing.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, as it stands in the menu.
    pub name: &'static str,
    /// The view to open with it.
    pub view: View,
    manifests: &'static str,
    node_config: &'static str,
    stored: &'static str,
}

impl Example {
    /// Its text of one kind.
    pub fn text(&self, kind: InputKind) -> &'static str {
        match kind {
            InputKind::Manifests => self.manifests,
            InputKind::NodeConfig => self.node_config,
            InputKind::Stored => self.stored,
            _ => "",
        }
    }
}

/// Every example, in the order of the menu.
pub static EXAMPLES: &[Example] = &[
    Example {
        name: "Private registry, key without the port",
        view: View::Credentials,
        manifests: include_str!("wrong-key.yaml"),
        node_config: "",
        stored: "",
    },
    Example {
        name: "Docker Hub, two pull secrets",
        view: View::Credentials,
        manifests: include_str!("docker-hub.yaml"),
        node_config: "",
        stored: "",
    },
    Example {
        name: "Wildcard keys on the node",
        view: View::Credentials,
        manifests: include_str!("wildcard.yaml"),
        node_config: include_str!("wildcard.json"),
        stored: "",
    },
    Example {
        name: "Update that changes only the tag",
        view: View::Image,
        manifests: include_str!("new-tag.yaml"),
        node_config: "",
        stored: include_str!("new-tag-stored.yaml"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_texts_are_there() {
        for (index, example) in EXAMPLES.iter().enumerate() {
            assert!(!example.manifests.trim().is_empty(), "{}", example.name);
            assert!(EXAMPLES[index + 1..].iter().all(|other| other.name != example.name));
        }
    }
}
