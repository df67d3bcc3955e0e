//! A pod's own pull secrets keep those of its ServiceAccount out.

use super::{AdviceRule, Ask, Finding};
use crate::release::AdmissionPlugin;
use crate::rule::doc;
use crate::rule::pages::CONFIGURE_ACCOUNTS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "account-list-unused",
    title: "A pod lists pull secrets, and its ServiceAccount's are not added.",
    why: "The account's list is copied only into pods that list none. Something that adds one Secret to a pod thereby takes all of the account's away. List what both need.",
    severity: Severity::Warning,
    doc: doc(CONFIGURE_ACCOUNTS, "add-imagepullsecrets-to-a-service-account"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let text = |more| {
            let spec = format!(
                "imagePullSecrets:\n- name: own\n{more}containers:\n- name: main\n  image: reg.io/app:1\n- name: b\n  image: other.io/b:1"
            );
            let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: default\nimagePullSecrets:\n- name: reg\n";
            let own = pull_secret("own", "default", &["other.io"]);
            format!("{}{account}{own}{}", pod(&spec), pull_secret("reg", "default", &["reg.io"]))
        };
        super::example::Example::manifests(text(""), text("- name: reg\n"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    if !ask.cluster.admits_with(AdmissionPlugin::ServiceAccount) {
        return;
    }
    for asked in &ask.pods {
        let own = &asked.pod.image_pull_secrets;
        let Some(first) = own.first() else { continue };
        let Some(account) = ask.account_of(asked.pod) else { continue };
        let lacks = |name: &&str| !name.is_empty() && !own.iter().any(|one| one.value == *name);
        let names = account.image_pull_secrets.iter().map(|secret| secret.value.as_str());
        let missing: Vec<&str> = names.filter(lacks).collect();
        if missing.is_empty() {
            continue;
        }
        let list = ask.texts.above(first.span, 2);
        let element = |name: &&str| ask.texts.append(list?, &format!("{{\"name\": \"{name}\"}}"));
        let fix: Vec<_> = missing.iter().filter_map(element).collect();
        let message = format!(
            "The pull secrets of ServiceAccount `{}` are not added: `{}`.",
            account.metadata.name(),
            missing.join("`, `")
        );
        let path = format!("{}.imagePullSecrets", asked.pod.spec_path);
        found.push(Finding::new(first.span, message).path(path).fix("List them in the pod too", fix));
    }
}
