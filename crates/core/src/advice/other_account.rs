//! The default ServiceAccount has pull secrets, and the pod runs as another one.

use super::{AdviceRule, Ask, Finding, account_secrets};
use crate::rule::doc;
use crate::rule::pages::CONFIGURE_ACCOUNTS;
use podwhy_source::Severity;

pub(super) static RULE: AdviceRule = AdviceRule {
    id: "other-account",
    title: "The ServiceAccount `default` has pull secrets, and the pod runs as another one that has none.",
    why: "Each account brings its own list; that of `default` counts only for pods that name no account.",
    severity: Severity::Warning,
    doc: doc(CONFIGURE_ACCOUNTS, "add-imagepullsecrets-to-a-service-account"),
    mends: &[],
    check,
    #[cfg(test)]
    example: || {
        use super::example::{pod, pull_secret};
        let text = |more: &str| {
            let account = |name: &str, more: &str| {
                format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n{more}")
            };
            let list = "imagePullSecrets:\n- name: reg\n";
            let spec = "serviceAccountName: builder\ncontainers:\n- name: main\n  image: reg.io/app:1";
            let accounts = format!("{}{}", account("default", list), account("builder", more));
            format!("{}{accounts}{}", pod(spec), pull_secret("reg", "default", &["reg.io"]))
        };
        super::example::Example::manifests(text(""), text("imagePullSecrets:\n- name: reg\n"))
    },
};

fn check(ask: &Ask, found: &mut Vec<Finding>) {
    for asked in &ask.pods {
        let pod = asked.pod;
        let Some(written) = pod.service_account().filter(|_| pod.image_pull_secrets.is_empty()) else { continue };
        let Some(own) = ask.account_of(pod).filter(|account| account.image_pull_secrets.is_empty()) else { continue };
        let default = ask.account("default", &pod.namespace);
        let names = default.map(|account| account.image_pull_secrets.as_slice()).unwrap_or_default();
        let [first, ..] = names else { continue };
        let message = format!("`{}` has no pull secrets; `{}` belongs to `default`.", written.value, first.value);
        let fix = if names.len() == 1 { account_secrets::give(ask, own, &first.value) } else { None };
        let path = format!("{}.serviceAccountName", pod.spec_path);
        found.push(
            Finding::new(written.span, message).path(path).fix(format!("Give it to `{}` too", written.value), fix),
        );
    }
}
