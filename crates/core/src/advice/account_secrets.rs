//! A ServiceAccount that lists a pull secret in the wrong list.

use super::{AdviceRule, Ask, Edit, Finding};
use crate::api::ServiceAccount;
use crate::credentials::docker_config::Format;
use crate::rule::doc;
use crate::rule::pages::CONFIGURE_ACCOUNTS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "account-secrets",
    title: "A ServiceAccount names a pull secret under `secrets`.",
    why: "That list says which Secrets its pods may mount; only `imagePullSecrets` of the account is copied into pods, when they are created.",
    severity: Severity::Warning,
    doc: doc(CONFIGURE_ACCOUNTS, "add-imagepullsecrets-to-a-service-account"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{container, pull_secret};
        let text = |field| {
            let account = format!(
                "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\n{field}:\n- name: reg\n"
            );
            format!("{}{account}{}", container("image: reg.io/app:1"), pull_secret("reg", "default", &["reg.io"]))
        };
        super::example::Example::manifests(text("secrets"), text("imagePullSecrets"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for account in ask.accounts {
        let namespace = account.metadata.namespace();
        for listed in &account.secrets {
            let secret = ask.secrets.iter().find(|one| one.name == listed.value && one.namespace == namespace);
            let pulls = secret.is_some_and(|secret| Format::of_secret_type(secret.type_name()).is_some());
            if !pulls || account.image_pull_secrets.iter().any(|one| one.value == listed.value) {
                continue;
            }
            let message = format!("`{}` is a pull secret, and pods do not get it from this list.", listed.value);
            let fix = give(ask, account, &listed.value);
            found.push(Finding::new(listed.span, message).path("secrets").fix("Add it to imagePullSecrets", fix));
        }
    }
}

/// The change that gives an account one more pull secret.
pub(super) fn give(ask: &Ask, account: &ServiceAccount, name: &str) -> Option<Edit> {
    let element = format!("{{\"name\": \"{name}\"}}");
    match ask.texts.node(account.span)?.get("imagePullSecrets") {
        Some(list) => ask.texts.append(list.span, &element),
        None => ask.texts.insert(account.span, "metadata", "imagePullSecrets", &format!("[{element}]")),
    }
}
