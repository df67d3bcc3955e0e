//! The old name of serviceAccountName.

use super::{AdviceRule, Ask, Finding};
use crate::rule::doc;
use crate::rule::pages::CONFIGURE_ACCOUNTS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "old-account-field",
    title: "The ServiceAccount stands in the old field `serviceAccount`.",
    why: "`serviceAccountName` is the field that counts; the old one is read only where that is empty.",
    severity: Severity::Info,
    doc: doc(CONFIGURE_ACCOUNTS, ""),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        let text = |field| {
            let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: builder\n";
            let spec = format!("{field}: builder\ncontainers:\n- name: main\n  image: app:1");
            format!("{}{account}", super::example::pod(&spec))
        };
        super::example::Example::manifests(text("serviceAccount"), text("serviceAccountName"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for pod in ask.pods.iter().map(|asked| asked.pod) {
        let Some(old) = pod.deprecated_service_account.as_ref().filter(|name| !name.value.is_empty()) else { continue };
        let path = format!("{}.serviceAccount", pod.spec_path);
        match &pod.service_account_name {
            Some(name) if name.value == old.value => {}
            Some(name) => {
                let message = format!("`{}` in the new field counts, not `{}`.", name.value, old.value);
                let fix = ask.texts.remove(old.span);
                found.push(Finding::new(old.span, message).path(path).fix("Leave the old field out", fix));
            }
            None => {
                let fix = ask.texts.rename(old.span, "serviceAccountName");
                let finding = Finding::new(old.span, "This is the field's old name.");
                found.push(finding.path(path).fix("Write serviceAccountName", fix));
            }
        }
    }
}
