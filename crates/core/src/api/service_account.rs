//! ServiceAccounts as written.

use super::container::reference;
use super::pod::boolean;
use super::{Metadata, Object, objects};
use crate::trace::Written;
use podwhy_source::{Node, Span};

/// A service account.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceAccount {
    /// Its metadata.
    pub metadata: Metadata,
    /// `metadata.uid`, or `""`: only objects that came from a cluster have one.
    pub uid: String,
    /// Where it stands.
    pub span: Span,
    /// `imagePullSecrets`, with entries that have no name.
    pub image_pull_secrets: Vec<Written<String>>,
    /// The names under `secrets`.
    pub secrets: Vec<Written<String>>,
    /// `automountServiceAccountToken`.
    pub automount_service_account_token: Option<Written<bool>>,
}

impl ServiceAccount {
    /// Reads the object if it is a ServiceAccount.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        if object.api_version != "v1" || object.kind != "ServiceAccount" {
            return None;
        }
        let names = |key| objects(&object.node, key).map(|(_, node)| reference(node)).collect();
        Some(Self {
            metadata: object.metadata.clone(),
            uid: object.node.get_path(&["metadata", "uid"]).and_then(Node::as_text).unwrap_or_default().to_owned(),
            span: object.span(),
            image_pull_secrets: names("imagePullSecrets"),
            secrets: names("secrets"),
            automount_service_account_token: boolean(&object.node, "automountServiceAccountToken"),
        })
    }
}
